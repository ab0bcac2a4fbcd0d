"""Claims → settled facts: evaluation, entity, group, subject, checks (grammar.md §K, §M, §R)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.extract.claims import Claim, Skipped
from crawler.extract.dimensions import is_the_whole
from crawler.extract.entities import Resolver
from crawler.extract.evaluations import Bound, Evaluations
from crawler.extract.levels import Entity, fits, group_of_level
from crawler.extract.mixed import is_mixed, is_of_great_cities, widened
from crawler.extract.names import Name
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence
from crawler.extract.trust import of_nobody, trust_in
from crawler.items import GROUPS, Article, Group, Subject

__all__ = ["Settled", "Settler", "settle"]

_YEAR_IN = re.compile(r"(20\d\d)年")
_MOVED = re.compile(r"[再又]进|跃|升|前进|进步|退|降|滑|跌")
_GROUPS: dict[str, Group] = {group: group for group in GROUPS}
_ZONE = re.compile(r"(?:/\w+(?:镇|乡|街道)|示范区|开发区|高新区|经开区|园区|管委会)$")
"""Who is ranked with the places around, though no table knows it as one."""
_BOARD = re.compile(r"[”》\"]*\s*(?:城市|省域|省级|地级市|地市|区县|县域)榜")
_OF_PROVINCE = re.compile(r"全省|全自治区|\w{2}省")
_OF_CITY = re.compile(r"(?:[居列排第为名]|排名)(?:全市|全州|我市|本市)[^,。;]{0,12}$")
_OF_BOTH = re.compile(
    r"网站(?:和|与|及|、)(?:政务)?新媒体(?:工作|建设|管理|运维|年度|绩效)*(?:考核|考评|检查|评估|评议|监测)"
)
"""The name of an evaluation that judges accounts as well as websites: 政府网站与政务新媒体考核."""
_MIXED = re.compile(r"计划单列|省会|副省级|首府")
_COUNTIES = re.compile(r"县域|县市|县区|区县")
_SITE = re.compile(
    r"[”\"]?(?:市|省|县|区)?(?:委)?(?:人民)?(?:政府|政务)?(?:门户|官方)*(?:网站|网)?的?(?:官方|政务|移动)*"
    r"(?P<media>微信|微博|客户端|APP|新媒体|公众号|小程序|抖音|头条)?(?P<foreign>外文版|英文版|外文网站|英文网站)?"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A claim of which evaluation, entity and group are known."""

    claim: Claim
    bound: Bound
    entity: Entity
    group: Group
    subject: Subject
    confidence: float


class Settler:
    """Settles the claims of one article."""

    def __init__(
        self, article: Article, text: str, sentences: Sequence[Sentence], evaluations: Evaluations, book: Rulebook
    ) -> None:
        self.text = text
        self.sentences = sentences
        self.starts = [sentence.start for sentence in sentences]
        self.evaluations = evaluations
        self.resolver = Resolver(article, text)
        self.book = book
        self.trust = trust_in(text, book)
        self.trust_in_others = self.trust if self.trust.reason else of_nobody(text)
        self.paragraphs: dict[int, tuple[int, int]] = {}
        for sentence in sentences:
            first, _ = self.paragraphs.get(sentence.paragraph, (sentence.start, 0))
            self.paragraphs[sentence.paragraph] = (first, sentence.end)

    def settle(self, claim: Claim) -> list[Settled] | str:
        """The claim with everything known, once for each of its groups; else why it cannot be."""
        hint = self._subject_at(claim)
        if claim.subject is None and hint is not None:
            claim = replace(claim, subject=hint)
        bound = self.evaluations.bind(claim, *self.around(claim.at))
        if bound is None:
            return "R5 no evaluation"
        if claim.rule == "B13" and self.book.series_by_key[bound.series].list_order == "unordered":
            return "B13 a list without order"
        if claim.indicator and is_the_whole(claim.indicator, bound.subject, self._scope(bound)):
            claim = replace(claim, indicator=None)
        own = _YEAR_IN.search(claim.award) if claim.award else None
        if own is not None and bound.year is not None and int(own[1]) != bound.year:
            return "M4 an award of another event"
        first_group = claim.groups.values[0] if claim.groups.values else None
        entity = self.resolver.entity(claim.name, bound.year, _group(first_group), claim.parent, claim.company)
        if entity is None:
            return "L3 nobody known is meant"
        if entity.level == "town" and entity.path.endswith("小镇"):
            return "L7 a 小镇 is no administrative unit"
        if entity.level == "country" and self._scope(bound) != "world":
            return "K15 a country in a national evaluation"
        groups = self._groups(claim, entity, bound)
        if isinstance(groups, str):
            return groups
        subject = self._subject(claim, bound, hint)
        if entity.level == "account" and not entity.path.endswith("网"):
            if self._is_in_passing(bound):
                return "L9 an account in passing"
            subject = "new_media"
        trust = self.trust_in_others if bound.series == "other" else self.trust
        if not trust.admits(claim):
            return trust.reason
        confidence = claim.confidence * trust.factor * (1.0 if entity.sure else 0.45)
        unsure = "" if entity.sure else "the name is not resolved"
        if trust.reason or unsure:
            claim = replace(claim, checks=", ".join(filter(None, (claim.checks, trust.reason, unsure))))
        return [Settled(claim, bound, entity, group, subject, confidence) for group in groups]

    def _is_in_passing(self, bound: Bound) -> bool:
        """Whether an article on websites tells an account's honours too."""
        if self._scope(bound) == "internal" and _OF_BOTH.search(self.evaluations.title + "\n" + self.text) is not None:
            return False
        main = self.evaluations.main
        websites = main is not None and self.evaluations.bound_of(main).subject == "website"
        return websites and bound.series != "ceirp-platform"

    def around(self, at: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The sentence and the paragraph in which, or behind which, a claim stands."""
        if not self.sentences:
            return (at, at + 1), (at, at + 1)
        sentence = self.sentences[max(0, bisect_right(self.starts, at) - 1)]
        return (sentence.start, sentence.end), self.paragraphs[sentence.paragraph]

    def _scope(self, bound: Bound) -> str:
        return self.book.series_by_key[bound.series].scope

    def _subject_at(self, claim: Claim) -> Subject | None:
        match = _SITE.match(self.text, claim.name.end)
        if match is None:
            return None
        if match["media"]:
            return "new_media"
        if match["foreign"]:
            return "foreign_language"
        said = self.text[claim.start : claim.end]
        return "website" if "网站" in match[0] or "网站" in said else None

    def _subject(self, claim: Claim, bound: Bound, hint: Subject | None) -> Subject:
        if claim.kind == "award" and claim.subject is not None and claim.subject != "website":
            return claim.subject
        if hint in ("new_media", "foreign_language"):
            return hint
        if claim.subject == "new_media":
            return claim.subject
        return bound.subject

    def _groups(self, claim: Claim, entity: Entity, bound: Bound) -> list[Group] | str:
        words = claim.groups
        internal = self._scope(bound) == "internal"
        if words.regional and claim.kind in ("rank", "change") and (not internal or self._is_within(claim, bound)):
            return ["other"]
        if entity.level == "country":
            return ["other"]
        if entity.level == "province" and bound.series == "province-internal" and claim.kind == "rank":
            return "K12 provinces are ranked by nobody's own evaluation"
        if claim.kind == "award" and not words.values:
            return ["all"]
        values = [group for value in words.values if (group := _group(value)) is not None]
        if entity.level in ("organisation", "account"):
            return self._of_body(claim, entity, bound, values)
        if (
            claim.kind == "award"
            and claim.work is None
            and values == ["city"]
            and _MIXED.search(self.text, claim.start, claim.end)
        ):
            return ["other"]
        if "city" in values and entity.level == "county" and _COUNTIES.search(bound.name):
            values = ["county"]  # 城市 is said of the other list: 城市与县域网络形象排行榜
        if words.source != "carried":
            values = widened(values, claim.company)
        fitting = [group for group in values if fits(group, entity)]
        if fitting:
            return fitting
        if values and words.source == "said":
            if entity.level == "town" or not entity.sure:
                return values[-1:]
            return f"K16 {entity.own} is no {values[-1]}"
        if bound.series == "other" and bound.subject == "smart_city" and fits("city", entity):
            return ["city"]
        return ["all"] if bound.series == "other" else [self._fallback(entity, bound, claim.company)]

    def _of_body(self, claim: Claim, entity: Entity, bound: Bound, values: list[Group]) -> list[Group]:
        """The group of a department, a zone's board or an account."""
        words = claim.groups
        if entity.level == "account":
            if entity.path.endswith("网"):
                return ["all"]
            return values[-1:] if values and words.source != "carried" else ["other"]
        if _ZONE.search(entity.path):
            return values[-1:] or ["other"]
        named = self.book["groups"].find(bound.name) if words.source != "said" else []
        usual = self.book.series_by_key[bound.series].group
        return ["other"] if "other" in (*values, *(rule.value for rule, _, _ in named), usual) else ["all"]

    def _board(self, bound: Bound) -> str:
        """Which list of the evaluation its name leads to: 中国开放数林指数”城市榜."""
        end = self.text.find(bound.name, bound.start) + len(bound.name)
        board = _BOARD.match(self.text, end)
        return board[0] if board is not None else ""

    def _is_within(self, claim: Claim, bound: Bound) -> bool:
        """Whether the place counts in a city only, of an evaluation of its whole province (K12)."""
        near = self.text[max(claim.start, claim.at - 16) : claim.at]
        return _OF_PROVINCE.search(bound.name) is not None and _OF_CITY.search(near) is not None

    def _fallback(self, entity: Entity, bound: Bound, company: Sequence[Name]) -> Group:
        """The group in the name of the evaluation or the headline if it fits, else that of the entity's level (K14)."""
        own = group_of_level(entity)
        for words in (bound.name + self._board(bound), self.evaluations.title):
            named = [_group(rule.value) for rule, _, _ in self.book["groups"].find(words)]
            fitting = [group for group in named if group is not None and group != "other" and fits(group, entity)]
            if fitting:
                return own if own in fitting else fitting[0]  # 城市与县域网络形象: each in its own
        usual = self.book.series_by_key[bound.series].group
        if usual is None and (is_mixed(company) or is_of_great_cities(company)):
            usual = "city"
        return usual if usual is not None and fits(usual, entity) else group_of_level(entity)


def _group(value: str | None) -> Group | None:
    return _GROUPS.get(value) if value is not None else None


def settle(settler: Settler, claims: Sequence[Claim]) -> tuple[list[Settled], list[Skipped]]:
    """All claims settled, and those that could not be."""
    settled: list[Settled] = []
    skipped: list[Skipped] = []
    for claim in claims:
        result = settler.settle(claim)
        if isinstance(result, str):
            skipped.append(Skipped(claim.start, claim.end, result))
        else:
            settled += result
    return _with_changes(settler, _as_said_elsewhere(settled)), skipped


def _as_said_elsewhere(settled: list[Settled]) -> list[Settled]:
    """A place whose group nothing says has that in which the text gives the same place once more (M5), else the one
    group in which it gives a place of another year."""
    said: dict[tuple[object, ...], set[Group]] = {}
    for fact in settled:
        if fact.claim.rank is not None and fact.claim.groups.values and fact.group != "other":
            for place in (_placed(fact), _listed(fact)):
                said.setdefault(place, set()).add(fact.group)
    told = []
    for fact in settled:
        groups: set[Group] = set()
        if fact.claim.rank is not None and not fact.claim.groups.values:
            elsewhere = said.get(_listed(fact)) if fact.group != "other" else None  # 全省第一 is no place in that list
            groups = said.get(_placed(fact)) or elsewhere or set()
        told.append(replace(fact, group=next(iter(groups))) if len(groups) == 1 else fact)
    return told


def _placed(fact: Settled) -> tuple[object, ...]:
    return *_listed(fact), fact.bound.year, fact.claim.rank


def _listed(fact: Settled) -> tuple[object, ...]:
    return fact.entity.path, fact.bound.series, fact.subject, fact.claim.indicator


def _with_changes(settler: Settler, settled: list[Settled]) -> list[Settled]:
    """A rise or fall between the places of two years that one sentence tells (G5)."""
    ranked: dict[tuple[object, ...], list[int]] = {}
    for number, fact in enumerate(settled):
        if fact.claim.rank is not None and fact.bound.year is not None and fact.claim.indicator is None:
            sentence, _ = settler.around(fact.claim.at)
            ranked.setdefault((sentence, fact.entity.path, fact.bound.series, fact.subject), []).append(number)
    changed = list(settled)
    for numbers in ranked.values():
        for new in numbers:
            for old in numbers:
                changed[new] = _changed(settler.text, settled[old], changed[new])
    return changed


def _changed(text: str, old: Settled, new: Settled) -> Settled:
    if old.bound.year is None or new.bound.year != old.bound.year + 1 or new.claim.change is not None:
        return new
    between = text[min(old.claim.at, new.claim.at) : max(old.claim.at, new.claim.at)]
    if old.claim.rank is None or new.claim.rank is None or not _MOVED.search(between):
        return new
    change = old.claim.rank - new.claim.rank
    return replace(new, claim=replace(new.claim, change=change)) if change else new
