"""Which evaluation and which year a claim belongs to (grammar.md §M, R5)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.extract.claims import Claim
from crawler.extract.naming import Naming, find_namings
from crawler.extract.places import load_gazetteer
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence, canonical
from crawler.items import SUBJECTS, Article, Subject

__all__ = ["Bound", "Evaluations", "namings_of"]

_PREDICATE = re.compile(
    r"(?:结果)?(?:中|里|上)?[,]?(?:的)?(?:再|又|均|也|首次|连续[^,。;]{1,4})*(?:位列|位居|排名|排|名列|列|居|获|第|跻身|荣|夺|摘|进入|成绩|表现|前)"
)
_YEAR_BEFORE = re.compile(r"(20\d\d)\s*(?:年度|年)?(?:度)?[^,。;]{0,10}$")
_NATIONAL = re.compile(r"全国|中国|我国")
_YEARS = re.compile(r"(20\d\d)年(?!\d{1,2}月)")
_LATE_SERIES = frozenset({"cass-transparency", "egov-research-service", "tsinghua-digital-gov"})
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


def namings_of(text: str, sentences: Sequence[Sentence], book: Rulebook) -> list[Naming]:
    """All namings of the body, those of a province's own evaluations told from national ones."""
    found: list[Naming] = []
    for first, last in _stretches(sentences):
        found += _namings(text, first, last, book)
    return _blue_books(sorted(found, key=lambda naming: naming.start), text)


def _namings(text: str, first: int, last: int, book: Rulebook) -> list[Naming]:
    here = [_with_scope(text, naming) for naming in find_namings(text, first, last, book)]
    return sorted(here + _of_places(text, first, last, here, book), key=lambda naming: naming.start)


def _blue_books(namings: list[Naming], text: str) -> list[Naming]:
    """A report that bears the year of its blue book tells of the year before: 2012年《法治蓝皮书》, 2012年透明度报告."""
    printed = {n.year + 1 for n in namings if n.year is not None and "蓝皮书" in text[n.start : n.end]}
    return [
        replace(n, year=n.year - 1)
        if n.series == "cass-transparency" and n.year in printed and "蓝皮书" not in text[n.start : n.end] and n.year is not None
        and not text[n.start : n.end].endswith(")")
        else n
        for n in namings
    ]  # fmt: skip


def _stretches(sentences: Sequence[Sentence]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for sentence in sentences:
        if merged and sentence.start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], sentence.end)
        else:
            merged.append((sentence.start, sentence.end))
    return merged


def _of_places(text: str, first: int, last: int, taken: list[Naming], book: Rulebook) -> list[Naming]:
    """Evaluations that a place directly before their name makes known (2012年新疆政府网站发展评估)."""
    found = []
    for rule in book.series:
        for match in re.finditer("|".join(rule.after_place), text[first:last]) if rule.after_place else ():
            core, end = first + match.start(), first + match.end()
            if any(n.start < end and core < n.end for n in taken):
                continue
            window = text[max(first, core - 24) : core]
            chains = load_gazetteer().chains(window)
            if chains and re.fullmatch(_BETWEEN, window[chains[-1].end :]) and not _PREDICATE.match(text, end):
                begin = max(first, core - 24)
                year = _YEAR_BEFORE.search(window[: chains[-1].start])
                start = begin + (year.start() if year else chains[-1].start)
                found.append(Naming(start, end, rule.key, rule.subject, int(year[1]) if year else None, None, core))
    return found


_BETWEEN = r"(?:各级|全?省|自治区|市级|级|辖区)?"


def _with_scope(text: str, naming: Naming) -> Naming:
    """A place directly before 政府网站绩效评估 makes it that place's own, unless a result follows (K12)."""
    if naming.series != "cstc-website" or naming.edition is not None:
        return naming
    if _NATIONAL.search(text, naming.start, naming.end):
        return naming
    first = max(0, naming.start - 24)
    window = text[first : naming.core]
    chains = load_gazetteer().chains(window)
    if not chains or not re.fullmatch(_BETWEEN, window[chains[-1].end :]):
        return naming
    if _PREDICATE.match(text, naming.end):
        return naming
    year = _YEAR_BEFORE.search(window[: chains[-1].start] if not naming.year else window)
    stated = naming.year or (int(year[1]) if year else None)
    start = first + (year.start() if year else chains[-1].start)
    return replace(naming, series="province-internal", year=stated, start=start)


def _subject(value: str) -> Subject:
    return next((subject for subject in SUBJECTS if subject == value), "other")


class Evaluations:
    """The evaluations of one article."""

    def __init__(self, article: Article, text: str, namings: list[Naming], book: Rulebook) -> None:
        self.article = article
        self.text = text
        self.book = book
        self.title = canonical(article.title or "")
        self.title_namings = _namings(self.title, 0, len(self.title), book)
        self.namings = namings
        self.namings = namings = self._as_internal(namings)
        self.starts = [naming.start for naming in namings]
        self.main = self._main()

    @property
    def any(self) -> bool:
        """Whether the article names one at all."""
        return bool(self.namings or self.title_namings)

    def _as_internal(self, namings: list[Naming]) -> list[Naming]:
        """政府网站绩效考评 without 全国 or ordinal is the internal evaluation that headline or body names."""
        everywhere = [*namings, *self.title_namings]
        internal = [n for n in everywhere if self.book.series_by_key[n.series].scope == "internal"]
        plain = [n for n in namings if n.series == "cstc-website" and n.edition is None]
        if not internal or any(n.series == "cstc-website" and n not in plain for n in everywhere):
            return namings
        if any(_NATIONAL.search(self.text, n.start, n.end) for n in plain):
            return namings
        series = internal[0].series
        return [replace(n, series=series) if n in plain else n for n in namings]

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
        naming = self._of_case(claim, paragraph) or self._nearest(claim, sentence, paragraph) or self.main
        if naming is None:
            return None
        return self._bound(naming, claim.year, claim.years_back)

    def bound_of(self, naming: Naming) -> Bound:
        """The evaluation that a naming names."""
        return self._bound(naming, None, 0)

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

    def _latest(self, series: str) -> Naming | None:
        found = [naming for naming in self.namings if naming.series == series]
        return min(found, key=lambda naming: naming.year is None, default=None)

    def _nearest(self, claim: Claim, sentence: tuple[int, int], paragraph: tuple[int, int]) -> Naming | None:
        before = self.namings[bisect_left(self.starts, paragraph[0]) : bisect_left(self.starts, claim.at)]
        behind = self.namings[bisect_left(self.starts, claim.at) : bisect_left(self.starts, sentence[1])]
        in_sentence = [naming for naming in before if naming.start >= sentence[0]]
        rest = [naming for naming in before if naming.start < sentence[0]]
        wanted = _KIN.get(claim.subject) if claim.subject else None
        for candidates in (in_sentence[::-1], behind, rest[::-1]):
            fitting = [n for n in candidates if wanted is None or n.subject in wanted]
            if fitting:
                return fitting[0]
        if wanted is not None:
            others = [naming for naming in self.namings if naming.subject in wanted]
            if others:
                return min(others, key=lambda naming: (naming.year is None, abs(naming.start - claim.at)))
            if self.main is not None and self.main.subject not in wanted and claim.subject == "website":
                return (in_sentence or rest or [self.main])[-1]
        candidates = in_sentence or behind or rest
        return candidates[-1] if candidates else None

    def _bound(self, naming: Naming, year: int | None, back: int) -> Bound:
        rule = self.book.series_by_key[naming.series]
        own = naming.year if naming.year is not None else self._year_of(naming.series)
        edition = naming.edition if own == naming.year else None
        if back and own is not None:
            own, edition = own - back, None
        if year is not None and year != own:
            own, edition = year, None
        if edition is None and rule.edition_offset is not None and own is not None:
            edition = self._edition(naming.series, own)
        name = self.text[naming.start : naming.end].strip('“”《》" ') or rule.name
        subject: Subject = naming.subject
        if naming.series == "other":
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
        for naming in [*self.namings, *self.title_namings]:
            if naming.series == series and naming.year is not None:
                return naming.year
        others = [n.year for n in [*self.namings, *self.title_namings] if n.year is not None]
        if others and series in (
            "cstc-website",
            "cstc-digital-gov",
            "ceirp-platform",
            "ceirp-foreign",
            "province-internal",
        ):
            return max(others)
        return self._year_from_title() or self._year_from_body() or self._year_from_date(series)

    def _year_from_body(self) -> int | None:
        """The year that the body speaks of most, where it is that of the page's date or one of the two before."""
        published = self.article.published
        last = published.year if published is not None else 2040
        counted = Counter(int(year) for year in _YEARS.findall(self.text) if int(year) <= last)
        if not counted:
            return None
        year, times = counted.most_common(1)[0]
        recent = published is None or year >= published.year - 2
        return year if recent and (times >= 2 or published is None) else None

    def _year_from_title(self) -> int | None:
        match = re.search(r"(20\d\d)\s*(?:年|年度)", self.title)
        return int(match[1]) if match else None

    def _year_from_date(self, series: str) -> int | None:
        published = self.article.published
        if published is None:
            return None
        if series in _LATE_SERIES or published.month <= 4:
            return published.year - 1
        return published.year
