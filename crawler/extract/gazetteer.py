"""The table of places: rows of data/places.tsv, their forms, and which unit is which in another year."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal, cast

__all__ = ["CORPS", "FIRST_YEAR", "LEVELS", "FormIndex", "Level", "Place", "PlaceTable", "is_below", "load_table"]

Level = Literal["province", "prefecture", "county", "zone"]
LEVELS: tuple[Level, ...] = ("province", "prefecture", "county", "zone")

CORPS = "新疆生产建设兵团"
FIRST_YEAR = 2002
"""The year of the oldest table; older years are answered as this one."""

_CONTRACTED = {"自治县": "县", "自治州": "州", "自治旗": "旗"}
_CODE_DIGITS = {"province": 2, "prefecture": 4}


@dataclass(frozen=True, slots=True)
class Place:
    """A unit under one name and one path, as long as both held."""

    code: str
    """Its GB/T 2260 code of these years; of a zone the statistics office's, or empty."""
    name: str
    """Official name (武汉市)."""
    short: str
    """The name without suffix and peoples (武汉, 恩施), of a zone what people say; empty where there is none."""
    level: Level
    """province includes 新疆生产建设兵团; zone: a development zone or new area that is no unit."""
    path: str
    """Official names from the province down, `/` between: 湖北省/武汉市/武昌区, 上海市/徐汇区, 湖北省/仙桃市."""
    first_year: int
    """First year at whose end it held; 2002 also for everything older."""
    last_year: int | None
    """Last year at whose end it held. None: it holds."""
    successors: tuple[str, ...]
    """Codes of the units of today that it became; empty where it holds."""
    parent: str | None
    """Code of the unit above it. None for a province."""

    def holds_in(self, year: int) -> bool:
        return self.first_year <= max(year, FIRST_YEAR) and (self.last_year is None or year <= self.last_year)


def is_below(place: Place, above: Place) -> bool:
    """Whether it belongs to the other at any depth; cities of 新疆生产建设兵团 belong to it and to 新疆."""
    if place.path.startswith(above.path + "/"):
        return True
    if above.path == CORPS:
        return place.code.startswith("6590")
    digits = _CODE_DIGITS.get(above.level)
    if digits is None or not place.code or LEVELS.index(place.level) <= LEVELS.index(above.level):
        return False
    return place.code[:digits] == above.code[:digits]


class FormIndex:
    """First two characters of the forms → their lengths, so that most positions of a text cost next to nothing."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._lengths: dict[str, tuple[int, ...]] = {}
        for form in forms:
            known = self._lengths.get(form[:2], ())
            if len(form) not in known:
                self._lengths[form[:2]] = tuple(sorted((*known, len(form)), reverse=True)) if known else (len(form),)
        first, second = (re.escape("".join({head[i] for head in self._lengths})) for i in range(2))
        self._heads = re.compile(f"[{first}](?=[{second}])")

    def starts(self, text: str) -> Iterator[int]:
        """Where a form may begin, from left to right: two classes of characters first, for a step of a Python loop at
        every character takes three times as long for places and fourteen times for portals."""
        for match in self._heads.finditer(text):
            start = match.start()
            if text[start : start + 2] in self._lengths:
                yield start

    def slices(self, text: str, start: int) -> Iterator[str]:
        """What may be a form at `start`, the longest first."""
        for length in self._lengths.get(text[start : start + 2], ()):
            if start + length <= len(text):
                yield text[start : start + length]


class PlaceTable:
    """All rows by form, path, code and lineage. A Place is made when it is first asked for."""

    def __init__(self, rows: list[list[str]], nicknames: Mapping[str, Any]) -> None:
        self._rows = rows
        self._places: list[Place | None] = [None] * len(rows)
        self._by_path: dict[str, list[int]] = {}
        self._by_code: dict[str, list[int]] = {}
        self._lineages: dict[str, list[int]] = {}
        self._never_short = frozenset(nicknames["lists"]["never_short"])
        self.full: dict[str, list[int]] = {}
        """Full names, contractions (恩施州) and full nicknames → rows."""
        self.short: dict[str, list[int]] = {}
        """Suffix-less forms → rows."""
        self.above_county: set[str] = set()
        """Suffix-less forms of at least one province or prefecture."""
        self.nicknames = nicknames
        """data/nicknames.toml as it is."""
        for i, row in enumerate(rows):
            self._enter(i, row)
        for kind, forms in (("full", self.full), ("short", self.short)):
            for form, target in nicknames[kind].items():
                units = self._by_path[target] if "/" in target else self.full[target]
                known = forms.setdefault(form, [])
                known.extend(i for i in units if i not in known)
                if any(self.level_at(i) != "county" for i in units):
                    self.above_county.add(form)

    def _enter(self, i: int, row: list[str]) -> None:
        code, name, short, level, path, _, _, successors = row
        self._by_path.setdefault(path, []).append(i)
        self._by_code.setdefault(code, []).append(i)
        self._lineages.setdefault(successors or code or path, []).append(i)
        self.full.setdefault(name, []).append(i)
        if not short:
            return
        if level == "zone" and short[-1] == "区":
            self.full.setdefault(short, []).append(i)
        elif level != "county":
            self.short.setdefault(short, []).append(i)
            self.above_county.add(short)
        elif short not in self._never_short:
            self.short.setdefault(short, []).append(i)
        if name[-3:] in _CONTRACTED:
            for contracted in (short + _CONTRACTED[name[-3:]], short + name[-3:]):
                if contracted != name:
                    self.full.setdefault(contracted, []).append(i)

    def at(self, i: int) -> Place:
        place = self._places[i]
        if place is None:
            code, name, short, level, path, first, last, successors = self._rows[i]
            above = path.rpartition("/")[0]
            place = self._places[i] = Place(
                code, name, short, cast("Level", level), path, int(first), int(last) if last else None,
                tuple(successors.split()), self._rows[self._by_path[above][-1]][0] if above else None,
            )  # fmt: skip
        return place

    def level_at(self, i: int) -> str:
        return self._rows[i][3]

    def with_path(self, path: str) -> Iterator[Place]:
        return map(self.at, self._by_path.get(path, ()))

    def with_code(self, code: str) -> Iterator[Place]:
        return map(self.at, self._by_code.get(code, ()) if code else ())

    def lineage(self, place: Place) -> list[Place]:
        """The rows of one unit through its names, oldest first, if it was one unit all along; else its own rows.

        郫县 and 郫都区 are one; 宣武区 and 西城区 are not, for both held in the same years.
        """
        rows = [place]
        if len(place.successors) < 2:
            key = place.successors[0] if place.successors else place.code or place.path
            rows = [self.at(i) for i in self._lineages[key] if self.level_at(i) == place.level]
            rows.sort(key=lambda row: row.first_year)
        for before, after in pairwise(rows):
            if before.last_year is None or before.last_year >= after.first_year:
                return [row for row in rows if row.name == place.name and row.code == place.code]
        return rows


def load_table() -> PlaceTable:
    """The table of the package's data. Reads two files; callers keep the result."""
    data = files("crawler.extract") / "data"
    lines = (data / "places.tsv").read_text("utf-8").splitlines()
    nicknames = tomllib.loads((data / "nicknames.toml").read_text("utf-8"))
    return PlaceTable([line.split("\t") for line in lines[1:]], nicknames)
