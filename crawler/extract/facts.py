"""Claims → results: evaluation, entity, group, checks, one result per fact (grammar.md §M, §R)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crawler.extract.claims import Claim, Skipped
from crawler.extract.entities import Resolver
from crawler.extract.evaluations import Bound, Evaluations
from crawler.extract.levels import Entity, fits, group_of_level
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence
from crawler.items import Article, Group, Result, ResultKind, Subject

__all__ = ["Settled", "Settler", "results_of", "settle"]

_YEAR_IN = re.compile(r"(20\d\d)年")
_MOVED = re.compile(r"跃|升|前进|进步|退|降|滑|跌")
_YEAR = re.compile(r"20\d\d年?度?")
_SITE = re.compile(
    r"[”\"]?(?:市|省|县|区)?(?:委)?(?:人民)?(?:政府|政务)?(?:门户|官方)*(?:网站|网)?(?:政务)?(?P<media>微信|微博|客户端|APP|新媒体|公众号|小程序)?(?P<foreign>外文版|英文版)?"
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
        self.spun = sum(1 for _ in book["boilerplate"].find(text)) >= 2
        self.paragraphs: dict[int, tuple[int, int]] = {}
        for sentence in sentences:
            first, _ = self.paragraphs.get(sentence.paragraph, (sentence.start, 0))
            self.paragraphs[sentence.paragraph] = (first, sentence.end)

    def settle(self, claim: Claim) -> list[Settled] | str:
        """The claim with everything known, once for each of its groups; else why it cannot be."""
        hint = self._subject_at(claim)
        claim = replace(claim, subject=claim.subject or hint)
        bound = self.evaluations.bind(claim, *self.around(claim.at))
        if bound is None:
            return "R5 no evaluation"
        own = _YEAR_IN.search(claim.award) if claim.award else None
        if own is not None and bound.year is not None and int(own[1]) != bound.year:
            return "M4 an award of another event"
        first_group = claim.groups.values[0] if claim.groups.values else None
        entity = self.resolver.entity(claim.name, bound.year, _group(first_group), claim.parent, claim.company)
        if entity is None:
            return "L3 nobody known is meant"
        if (entity.level == "country") != (self._scope(bound) == "world" and entity.level == "country"):
            return "K15 a country in a national evaluation"
        groups = self._groups(claim, entity, bound)
        if isinstance(groups, str):
            return groups
        subject = self._subject(claim, bound, hint)
        confidence = claim.confidence * (1.0 if entity.sure else 0.45) * (0.45 if self.spun else 1.0)
        if self.spun and (claim.rank is None or not entity.sure):
            return "N5 a spun text"
        return [Settled(claim, bound, entity, group, subject, confidence) for group in groups]

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
        return bound.subject

    def _groups(self, claim: Claim, entity: Entity, bound: Bound) -> list[Group] | str:
        words = claim.groups
        internal = self._scope(bound) == "internal"
        if words.regional and not internal and claim.kind in ("rank", "change"):
            return ["other"]
        if entity.level == "country":
            return ["other"]
        if claim.kind == "award" and not words.values:
            return ["all"]
        values = [group for value in words.values if (group := _group(value)) is not None]
        if entity.level == "organisation":
            return ["other"] if "other" in values else ["all"]
        if entity.level == "account":
            return values[-1:] or ["all"]
        fitting = [group for group in values if fits(group, entity)]
        if fitting:
            return fitting
        if values and words.source == "said":
            if entity.level == "town" or not entity.sure:
                return values[-1:]
            return f"K16 {entity.own} is no {values[-1]}"
        return ["all"] if bound.series == "other" else [self._fallback(entity, bound)]

    def _fallback(self, entity: Entity, bound: Bound) -> Group:
        """The group in the name of the evaluation or the headline if it fits, else that of the entity's level (K14)."""
        for words in (bound.name, self.evaluations.title):
            for rule, _, _ in self.book["groups"].find(words):
                group = _group(rule.value)
                if group not in (None, "other") and group is not None and fits(group, entity):
                    return group
        return group_of_level(entity)


def _group(value: str | None) -> Group | None:
    groups: tuple[Group, ...] = (
        "ministry",
        "province",
        "subprovincial",
        "capital",
        "prefecture",
        "county",
        "city",
        "other",
        "all",
    )
    return next((group for group in groups if group == value), None)


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
    return _with_changes(settler, settled), skipped


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


def results_of(article: Article, settled: Sequence[Settled], keys: dict[tuple[str, int | None], str]) -> list[Result]:
    """One result per fact: the most exact value wins, of equals the surest, then the first (R1, R2, M5, M7)."""
    best: dict[tuple[object, ...], Result] = {}
    for fact in settled:
        for result in _atoms(article, fact, keys):
            key = (
                result.evaluation, result.entity, result.subject, result.group, result.kind, result.indicator,
                _squash(result.award), _squash(result.work),
            )  # fmt: skip
            known = best.get(key)
            if known is None or _better(result, known):
                best[key] = result
    return sorted(_without_echoes(list(best.values())), key=lambda result: result.span)


def _without_echoes(results: list[Result]) -> list[Result]:
    """Without awards told once more in a wider group or with a shorter title (F9, M5)."""
    of_entity: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        of_entity.setdefault((result.evaluation, result.entity), []).append(result)
    return [
        result
        for result in results
        if not any(
            _echoes(result, other) or _repeats(result, other)
            for other in of_entity[result.evaluation, result.entity]
            if other is not result
        )
    ]


def _repeats(result: Result, other: Result) -> bool:
    """An award of the words of a grade, and a place within a region that the list of its evaluation gives too."""
    if result.kind == "award" and other.kind == "grade" and result.subject == other.subject:
        return (
            _squash(other.grade) in _squash(result.award)
            and len(_squash(result.award)) <= len(_squash(other.grade)) + 2
        )
    regional = result.kind == other.kind == "rank" and result.group == "other" != other.group
    return regional and result.rank is not None and result.rank == other.rank


def _echoes(result: Result, other: Result) -> bool:
    if result.kind != "award" or other.kind != "award" or result.subject != other.subject:
        return False
    if result.work is None and other.work is not None and _squash(result.award) in _squash(other.award):
        return True  # the same award told once more with the work that won it
    if _squash(result.work) != _squash(other.work):
        return False
    mine, theirs = (_YEAR.sub("", _squash(r.award)) for r in (result, other))
    if result.group == "all" and other.group != "all":
        return mine in theirs or theirs in mine
    if result.group != other.group:
        return False
    return (mine in theirs and mine != theirs) or (mine == theirs and result.span > other.span)


def _squash(words: str | None) -> str:
    return re.sub(r"[\s“”\"']", "", words or "")


def _better(result: Result, known: Result) -> bool:
    def order(r: Result) -> tuple[bool, bool, float, int]:
        exact = r.rank is not None or r.kind != "rank"
        return (not r.implied, exact, r.confidence + (0.05 if r.tied else 0.0), -(r.top or 0))

    return order(result) > order(known)


def _atoms(article: Article, fact: Settled, keys: dict[tuple[str, int | None], str]) -> Iterator[Result]:
    claim = fact.claim
    first, last = article.span(claim.start, claim.end)
    base = Result(
        evaluation=keys[fact.bound.series, fact.bound.year], entity=fact.entity.path, subject=fact.subject, group=fact.group,
        kind="rank", evidence=article.text[first:last], span=(first, last), code=fact.entity.code, indicator=claim.indicator,
        implied=claim.implied, confidence=round(fact.confidence, 2),
        rule=claim.rule + (f": {claim.checks}" if claim.checks else ""),
    )  # fmt: skip
    if claim.rank is not None or claim.top is not None:
        yield replace(base, rank=claim.rank, tied=claim.tied, top=None if claim.rank is not None else claim.top)
    if claim.score is not None:
        yield _atom(base, "score", score=claim.score)
    if claim.grade is not None:
        yield _atom(base, "grade", grade=claim.grade)
    if claim.award is not None:
        yield _atom(base, "award", award=claim.award, work=claim.work)
    if claim.improved:
        yield _atom(base, "improved", improved=True)
    if claim.change is not None:
        yield _atom(base, "change", change=claim.change)


def _atom(
    base: Result, kind: ResultKind, *, score: float | None = None, grade: str | None = None, award: str | None = None,
    work: str | None = None, improved: bool = False, change: int | None = None,
) -> Result:  # fmt: skip
    return replace(base, kind=kind, score=score, grade=grade, award=award, work=work, improved=improved, change=change)
