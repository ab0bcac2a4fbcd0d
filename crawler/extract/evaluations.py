"""Which evaluation and which year a claim belongs to (grammar.md §M, R5)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace

from crawler.extract.claims import Claim
from crawler.extract.naming import Naming
from crawler.extract.numerals import number_from
from crawler.extract.rulebook import Rulebook
from crawler.extract.scopes import in_company, namings_in
from crawler.extract.sentences import canonical
from crawler.items import SUBJECTS, Article, Subject

__all__ = ["LATE_SERIES", "Bound", "Evaluations"]

_LEADS_BACK = re.compile(r"这是|以上|根据|据|来自|摘自|见于")
_FOREIGN = re.compile(
    r"(?:营商环境|政商关系|高质量发展|法治政府|信用城市|综合竞争力)[^,。;\n]{0,10}(?:评价|评估|排名|指数|报告|测评|示范|榜|位列|第[一二三四五六七八九十\d])|百强县"
)
"""The ranking of another kind that an article is about."""
_ELSEWHERE = re.compile(r"政商关系|营商环境(?:指数|评价|排)|信用城市|百强县")
"""A headline of another kind of ranking, which names an evaluation of ours in passing."""
_YEARS = re.compile(r"(?<![与比较从由自至到\d])(20\d\d)年(?!\d{1,2}月)")
_CLAUSES = re.compile(r"[,。;:、]|[和与及暨]")
_LAST_YEAR = re.compile(r"去年|前年")
_PERIODICAL = re.compile(r"第\s*\d+\s*期|本期|[本上]周|周榜|月榜")
"""A list of every week or month is of the days before it comes out."""
_MONTHS = re.compile(r"(20\d\d)年(?:度)?(\d{1,2}(?=月))?")
_OWN_CHECK = re.compile(
    r"[在,](?:省里|市里|省内|全省|省委|省政府(?:办公厅)?)(?:组织|开展)?的?(?:历[年次届]|年度|各项|绩效|同类)*"
    r"(?:考核|考评|评比|测评|评估|评测|检查|抽查)(?:结果|工作)?[中里上]"
)
"""In which a place is one of a province's own: 在省里的考核中,苏州连续六年位居第一."""
_OF_YEAR = re.compile(r"(20\d\d)年(?:度)?的?(?:评估|评测|测评)")
_EDITION = re.compile(r"第([一二三四五六七八九十]{1,3}|\d{1,2})届(?:评估|评测|测评)")
LATE_SERIES = frozenset({"cass-transparency", "egov-research-service", "tsinghua-digital-gov"})
"""Series that are published in the year after the one they judge."""
_JOINT = frozenset({"cstc-website", "cstc-digital-gov", "ceirp-platform", "ceirp-foreign", "province-internal"})
"""Series that are published together with others: an edition without a year is that of its neighbours."""
_KIN: dict[Subject, tuple[Subject, ...]] = {
    "website": ("website",), "new_media": ("new_media", "website"), "service": ("service",),
    "transparency": ("transparency",), "open_data": ("open_data",), "foreign_language": ("foreign_language", "website"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """The evaluation of a claim."""

    series: str
    """Key of the series."""
    year: int | None
    """Evaluation year."""
    edition: int | None
    """N of 第N届, where the naming or the rule of the series gives it."""
    subject: Subject
    """What the evaluation judges."""
    name: str
    """As the text has it."""
    start: int
    """Where it is named first."""


def _subject(value: str) -> Subject:
    return next((subject for subject in SUBJECTS if subject == value), "other")


class Evaluations:
    """The evaluations of one article."""

    def __init__(self, article: Article, text: str, namings: list[Naming], book: Rulebook) -> None:
        self.article = article
        self.text = text
        self.book = book
        self.title = canonical(article.title or "")
        titles = namings_in(self.title, 0, len(self.title), book)
        self.namings, self.title_namings = in_company(text, namings, self.title, titles, book)
        self.starts = [naming.start for naming in self.namings]
        self._bounds: dict[tuple[Naming, int | None, int], Bound] = {}
        self.main = self._main()

    @property
    def any(self) -> bool:
        """Whether the article names one at all; what is named in passing by a ranking of another kind does not count."""
        named = [*self.namings, *self.title_namings]
        if not self.title_namings and _ELSEWHERE.search(self.title):
            return False
        if all(naming.series == "other" for naming in named) and _FOREIGN.search(self.title + self.text[:600]):
            return False
        return bool(named)

    def _main(self) -> Naming | None:
        """The evaluation that a statement belongs to which names none: with a year before without, first of those."""
        ranked = sorted(
            [*self.namings, *self.title_namings],
            key=lambda n: (n.year is None, n.edition is None and n.series == "cstc-website", self._weight(n)),
        )
        for naming in ranked:
            if naming.series == "cstc-digital-gov" and any(n.series == "cstc-website" for n in self.namings):
                continue
            return naming
        return ranked[0] if ranked else None

    def _weight(self, naming: Naming) -> int:
        return -sum(other.series == naming.series for other in self.namings)

    def bind(self, claim: Claim, sentence: tuple[int, int], paragraph: tuple[int, int]) -> Bound | None:
        """The evaluation of a claim, None where the article names none that it can be (M2, M3)."""
        naming = (
            self._of_title(claim)
            or self._of_case(claim, paragraph)
            or self._of_grade(claim, sentence)
            or self._nearest(claim, sentence, paragraph)
            or self.main
        )
        if naming is None or self._is_of_the_province(claim, sentence, naming):
            return None
        if claim.years_back and self._is_told_a_year_later(claim, sentence, naming):
            return None
        return self._known(naming, claim.year, claim.years_back)

    def _is_of_the_province(self, claim: Claim, sentence: tuple[int, int], naming: Naming) -> bool:
        """Whether the sentence says before the claim that a check of the province is spoken of, and names no other (K12)."""
        if self.book.series_by_key[naming.series].scope == "internal" or naming.series == "other":
            return False
        own = _OWN_CHECK.search(self.text, max(0, sentence[0] - 1), claim.at)
        return own is not None and not any(own.end() <= n.start < claim.at for n in self.namings)

    def _is_told_a_year_later(self, claim: Claim, sentence: tuple[int, int], naming: Naming) -> bool:
        """Whether 去年 may be the year of the evaluation itself, as in a report of March 2017 on that of 2016 (M11)."""
        if naming.year is None or not _LAST_YEAR.search(self.text, sentence[0], claim.at):
            return False
        return re.search(rf"{naming.year + 1}年[1-6]月", self.text[: claim.at]) is not None

    def bound_of(self, naming: Naming) -> Bound:
        """The evaluation that a naming names."""
        return self._known(naming, None, 0)

    def _known(self, naming: Naming, year: int | None, back: int) -> Bound:
        """What `_bound` says, which most claims of an article share."""
        key = (naming, year, back)
        if key not in self._bounds:
            self._bounds[key] = self._bound(*key)
        return self._bounds[key]

    def _of_title(self, claim: Claim) -> Naming | None:
        """The evaluation that the title of the award names with its year: 2014年度“中国政务网站领先奖”."""
        if claim.kind != "award":
            return None
        inside = self.namings[bisect_left(self.starts, claim.at) : bisect_left(self.starts, claim.end)]
        return next((n for n in inside if n.year is not None and n.series != "other"), None)

    def _of_case(self, claim: Claim, paragraph: tuple[int, int]) -> Naming | None:
        """A case of a joint event belongs to the website evaluation unless 数字政府 is said or spoken of alone."""
        if claim.subject != "innovation_case":
            return None
        two = [self._latest(series) for series in ("cstc-digital-gov", "cstc-website")]
        if two[0] is None or two[1] is None:
            return None
        here = {n.series for n in self.namings if paragraph[0] <= n.start < paragraph[1]}
        digital = "数字政府" in (claim.award or "") or here == {"cstc-digital-gov"}
        return two[0] if digital else two[1]

    def _of_grade(self, claim: Claim, sentence: tuple[int, int]) -> Naming | None:
        """优秀 and 卓越 of a joint event are given by the evaluation of services, places by that of websites."""
        if claim.kind != "grade" or claim.subject is not None or not re.match("优秀|卓越|良好|中等", claim.grade or ""):
            return None
        here = any(sentence[0] <= n.start < claim.at for n in self.namings)
        joint = self._latest("cstc-website") is not None and not here
        return self._latest("cstc-digital-gov") if joint else None

    def _latest(self, series: str) -> Naming | None:
        found = [naming for naming in self.namings if naming.series == series]
        return min(found, key=lambda naming: naming.year is None, default=None)

    def _nearest(self, claim: Claim, sentence: tuple[int, int], paragraph: tuple[int, int]) -> Naming | None:
        before = self.namings[bisect_left(self.starts, paragraph[0]) : bisect_left(self.starts, claim.at)]
        behind = self.namings[bisect_left(self.starts, claim.at) : bisect_left(self.starts, sentence[1])]
        if self.main is not None and self.main not in behind and behind:
            between = self.text[claim.at : behind[0].start]
            behind = behind if _LEADS_BACK.search(between) else []  # …第一,且在全国政府网站评估中: another one (M2)
        in_sentence = [naming for naming in before if naming.start >= sentence[0]]
        if in_sentence and not _CLAUSES.search(self.text, in_sentence[-1].end, claim.at) and claim.kind == "rank":
            return in_sentence[-1]  # 在开放数林指数中列第三: whatever the site is
        rest = [naming for naming in before if naming.start < sentence[0]]
        wanted = _KIN.get(claim.subject) if claim.subject else None
        for candidates in (in_sentence[::-1], rest[::-1], behind):
            fitting = [n for n in candidates if wanted is None or n.subject in wanted]
            if fitting:
                return fitting[0]
        if wanted is not None:
            others = [naming for naming in self.namings if naming.subject in wanted]
            if others:
                return min(others, key=lambda naming: (naming.year is None, abs(naming.start - claim.at)))
            if self.main is not None and self.main.subject not in wanted and claim.subject == "website":
                return (in_sentence or rest or [self.main])[-1]
        candidates = in_sentence or rest or behind
        return candidates[-1] if candidates else None

    def _bound(self, naming: Naming, year: int | None, back: int) -> Bound:
        rule = self.book.series_by_key[naming.series]
        own = naming.year if naming.year is not None else self._year_of(naming.series)
        if own is not None and not rule.years[0] <= own <= rule.years[1]:
            naming = replace(naming, series="other")  # before the series began another bore its name
        edition = naming.edition if own == naming.year else None
        if back and own is not None:
            own, edition = own - back, None
        if year is not None and year != own:
            own, edition = year, None
        if edition is None and rule.edition_offset is not None and own is not None:
            edition = self._edition(naming.series, own)
        name = self.text[naming.start : naming.end].strip('“”《》" ').lstrip("的暨·.(") or rule.name
        subject: Subject = naming.subject
        if naming.series == subject == "other":
            said = self.book["subjects"].first(name)
            subject = _subject(said.value) if said is not None else "other"
        if rule.subject == "website" and re.search(r"国际化|外文版|英文版", name):
            subject = "foreign_language"
        elif rule.scope == "internal" and re.search(r"政务公开|信息公开|网上公开|透明", name):
            subject = "transparency"
        return Bound(naming.series, own, edition, subject, name, naming.start)

    def _edition(self, series: str, year: int) -> int | None:
        """The ordinal that the text prints for that year anywhere, else the rule's where it is beyond doubt."""
        for naming in [*self.namings, *self.title_namings]:
            if naming.series == series and naming.year == year and naming.edition is not None:
                return naming.edition
        return None

    def _year_of(self, series: str) -> int | None:
        """The year of the series elsewhere in the article, else of its joint event, else from the date of the page."""
        if self.main is not None and self.main.series == series and self.main.year is not None:
            return self.main.year
        for naming in [*self.namings, *self.title_namings]:
            if naming.series == series and naming.year is not None:
                return naming.year
        others = [n.year for n in [*self.namings, *self.title_namings] if n.year is not None]
        if others and series in _JOINT:
            return max(others)
        first, last = self.book.series_by_key[series].years
        guessed = (
            self._year_of_edition(series), self._year_from_title(),
            self._year_of_a_bare_name(), self._year_from_body(), self._year_from_date(series), self._only_year(series),
        )  # fmt: skip
        known = [year for year in guessed if year is not None]
        return next((year for year in known if first <= year <= last), known[0] if known else None)

    def _year_of_edition(self, series: str) -> int | None:
        """The year of the one 第N届评估 that the body tells of without its name."""
        offset = self.book.series_by_key[series].edition_offset
        said = set(_EDITION.findall(self.text)) if offset is not None else set()
        number = number_from(said.pop()) if len(said) == 1 else None
        return offset + number if offset is not None and number is not None else None

    def _year_of_a_bare_name(self) -> int | None:
        """The latest of the years of which the body tells the 评估 without its name: 刚刚公布的2017年评估."""
        said = [int(year) for year in _OF_YEAR.findall(self.text)]
        return max(said, default=None)

    def _year_from_body(self) -> int | None:
        """The year that the body speaks of most, where it is that of the page's date or one of the two before."""
        published = self.article.published
        last = published.year if published is not None else 2040
        counted = Counter(int(year) for year in _YEARS.findall(self.text) if int(year) <= last)
        if not counted:
            return None
        (year, times), *others = counted.most_common(2)
        if others and others[0][1] == times and published is None:
            return None
        recent = published is None or year >= published.year - 2
        return year if recent and (times >= 2 or published is None) else None

    def _only_year(self, series: str) -> int | None:
        """The one year that the article names at all; with the months of spring only for lists of every month."""
        dates = {(int(year), int(month or 12)) for year, month in _MONTHS.findall(self.title + self.text)}
        years = {year for year, _ in dates}
        early = any(month <= 4 for _, month in dates)
        monthly = self.book.series_by_key[series].subject == "new_media" or series == "other"
        return years.pop() if len(years) == 1 and (monthly or not early) else None

    def _year_from_title(self) -> int | None:
        match = re.search(r"(20\d\d)\s*(?:年|年度)", self.title)
        return int(match[1]) if match else None

    def _year_from_date(self, series: str) -> int | None:
        published = self.article.published
        if published is None:
            return None
        rule = self.book.series_by_key[series]
        if rule.subject == "new_media" and published.month > 1 and _PERIODICAL.search(self.text):
            return published.year
        if series in LATE_SERIES or published.month <= 4:
            return published.year - 1
        return published.year
