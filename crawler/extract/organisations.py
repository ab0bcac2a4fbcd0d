"""Ministries with the history of their names, and departments of a place (entities.md §5, grammar.md L9)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from crawler.extract.gazetteer import FormIndex
from crawler.extract.places import load_gazetteer

__all__ = [
    "Organisation",
    "OrganisationHit",
    "OrganisationName",
    "department_end",
    "departments_behind",
    "find_organisations",
    "organisation_named",
]


_WINDOW = 24
"""How far before a department its place may begin: 新疆维吾尔自治区巴音郭楞蒙古自治州 has 18 characters."""
# 省商务厅, 我市卫生局; not 城市管理局, 社区教育局, 各省教育厅.
_LEVEL = re.compile(
    r"(?:^|(?<![\u4e00-\u9fff])|(?<=[我本该由从在和与及对向于是为被将经据以予给括])|(?<=[门位关市县区\)]中))(自治区|省|市|区|县|州)$"
)


_GOES_ON = re.compile(r"、|和|与|及|以及")


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """A name and the evaluation years in which it held."""

    name: str
    """Official name."""
    first_year: int | None
    """First year. None: since ever."""
    last_year: int | None
    """Last year. None: it holds."""

    def holds_in(self, year: int) -> bool:
        return (self.first_year or year) <= year <= (self.last_year or year)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A central body, or a department of a place as printed."""

    names: tuple[OrganisationName, ...]
    """Its names from the oldest to the newest; of a department the printed one."""
    kind: Literal["ministry", "department"]
    """ministry: a central body; department: of a province, city or county."""
    successors: tuple[str, ...] = ()
    """Names of the bodies into which it was merged; empty where it goes on or its names lead to today."""

    @property
    def now(self) -> str:
        """Its last name."""
        return self.names[-1].name

    def name_in(self, year: int | None) -> str:
        """The name valid in the evaluation year; outside its years the nearest; for None the last."""
        if year is None:
            return self.now
        held = (known.name for known in self.names if known.holds_in(year))
        last = self.names[-1].last_year
        return next(held, self.now if last is not None and year > last else self.names[0].name)


@dataclass(frozen=True, slots=True)
class OrganisationHit:
    """A form of an organisation at a stretch of the text."""

    start: int
    """Offset of its first character; of a department that of its place."""
    end: int
    """Offset behind its last character."""
    form: str
    """text[start:end]."""
    organisation: Organisation
    """The central body, or the department."""
    weak: bool
    """True for a form that every province has too (林业局): a ministry only in the company of ministries."""
    local: bool
    """True for a department, and for a form with a place or 省, 市 … directly before it."""


class _Lexicon:
    """Forms of data/organisations.toml."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.strong: dict[str, Organisation] = {}
        self.weak: dict[str, Organisation] = {}
        for entry in data["ministries"]:
            names = tuple(map(_name, entry["names"]))
            body = Organisation(names, "ministry", tuple(entry.get("successors", ())))
            self.strong |= dict.fromkeys((*(known.name for known in names), *entry.get("strong", ())), body)
            self.weak |= dict.fromkeys(entry.get("weak", ()), body)
        words = data["departments"]
        fields, kinds, councils = (_alternation(words[name]) for name in ("fields", "kinds", "councils"))
        self.department = re.compile(f"(?:{councils}|(?:{fields})(?:[和与、]?(?:{fields}))*(?:{kinds}))")
        self.index = FormIndex((*self.strong, *self.weak, *words["fields"], *words["councils"]))
        self.not_before: dict[str, str] = words["not_before"]

    def ends(self, text: str, end: int) -> bool:
        """Whether a form that ends there is no part of another word (教育部|门)."""
        return text.startswith("门户", end) or text[end : end + 1] not in set(self.not_before.get(text[end - 1], ""))


def _name(text: str) -> OrganisationName:
    name, _, years = text.partition(" ")
    first, _, last = years.partition("-")
    return OrganisationName(name, int(first) if first else None, int(last) if last else None)


def _alternation(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon(tomllib.loads((files("crawler.extract") / "data" / "organisations.toml").read_text("utf-8")))


def organisation_named(name: str) -> Organisation | None:
    """The central body that has or had the name or the form. None: unknown."""
    lexicon = _lexicon()
    return lexicon.strong.get(name) or lexicon.weak.get(name)


def department_end(text: str, start: int) -> int:
    """Where the department without its place ends that begins at `start` (教育局); -1: none does."""
    found = _lexicon().department.match(text, start)
    return found.end() if found is not None and _lexicon().ends(text, found.end()) else -1


def departments_behind(text: str, hit: OrganisationHit) -> Iterator[OrganisationHit]:
    """The departments of the same place that go on behind one: 省发改委、教育厅和公安厅, each with the place in its form."""
    form = hit.form
    bare = next((at for at in range(1, len(form)) if department_end(form, at) == len(form)), 0)
    mark = _GOES_ON.match(text, hit.end) if bare else None
    while mark is not None and (end := department_end(text, mark.end())) > 0:
        found = _department_hit(text, mark.end(), end)
        yield replace(found, form=form[:bare] + found.form)
        mark = _GOES_ON.match(text, end)


def find_organisations(text: str) -> list[OrganisationHit]:
    """Central bodies and departments of places, leftmost and longest, without overlap.

    >>> [hit.form for hit in find_organisations("商务部、卫生计生委和厦门市建设与管理局网站")]
    ['商务部', '卫生计生委', '厦门市建设与管理局']
    """
    hits: list[OrganisationHit] = []
    lexicon, behind = _lexicon(), 0
    for start in lexicon.index.starts(text):
        hit = _found(lexicon, text, start) if start >= behind else None
        if hit is None:
            continue
        behind = hit.end
        if hits and hits[-1].end >= hit.start:
            before = hits.pop()  # 国家税务总局|青岛市税务局 is one department
            hit = _department_hit(text, before.start, hit.end) if hit.organisation.kind == "department" else hit
            if hit.organisation.kind == "ministry":
                hits.append(before)
        hits.append(hit)
    return hits


def _found(lexicon: _Lexicon, text: str, start: int) -> OrganisationHit | None:
    prefix = -1
    department = lexicon.department.match(text, start)
    if department is not None and lexicon.ends(text, department.end()):
        prefix = _place_before(text, start)
        if prefix >= 0:
            return _department_hit(text, prefix, department.end())
    for form in lexicon.index.slices(text, start):
        body = lexicon.strong.get(form) or lexicon.weak.get(form)
        if body is not None and lexicon.ends(text, start + len(form)):
            local = _place_before(text, start) >= 0
            return OrganisationHit(start, start + len(form), form, body, weak=form in lexicon.weak, local=local)
    return None


def _department_hit(text: str, start: int, end: int) -> OrganisationHit:
    form = text[start:end]
    department = Organisation((OrganisationName(form, None, None),), "department")
    return OrganisationHit(start, end, form, department, weak=False, local=True)


def _place_before(text: str, end: int) -> int:
    """Where the place or the level (省, 市 …) begins that stands directly before `end`; -1: none does."""
    start = end
    for hit in reversed(load_gazetteer().find(text[max(0, end - _WINDOW) : end])):
        length = hit.end - hit.start
        first = max(0, end - _WINDOW)
        if hit.end + first != start or (
            hit.short and hit.form[0] == "中" and text[first + hit.start - 1] in "门位关级)"
        ):
            break  # 市直部门[中市]财政局
        start -= length
    if start < end:
        return start
    level = _LEVEL.search(text, max(0, end - 5), end)
    return level.start(1) if level else -1
