"""Places in text: found by the longest form with a two-character index (entities.md §7), joined from parent to child."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain

from crawler.extract.gazetteer import CORPS, FormIndex, Level, Place, PlaceTable, is_below, load_table
from crawler.extract.resolve import (
    is_autonomous_region,
    is_capital,
    is_municipality,
    is_participant,
    is_planned_city,
    is_subprovincial,
    resolve,
)

__all__ = [
    "Gazetteer",
    "Level",
    "Place",
    "PlaceChain",
    "PlaceHit",
    "is_autonomous_region",
    "is_capital",
    "is_municipality",
    "is_participant",
    "is_planned_city",
    "is_subprovincial",
    "load_gazetteer",
]

# A name of two characters (沛县, 新县) is one only at a boundary: 创新县级, 示范县, 公开县 are none.
_MAY_PRECEDE = frozenset("和与及或从在由到是对向的有被让给即于含")
_AFTER_SYLLABLE = frozenset("级域区市乡镇里内外城份")
_AREA = frozenset("域块间")
# Behind a form without suffix these make another name: 南京路, 湖北日报, 武汉大学, 长阳镇.
_OTHER_NAME = (
    "路", "大街", "大道", "大学", "日报", "晚报", "晨报", "早报", "都市报", "商报", "银行", "证券", "东路", "西路", "南路",
    "北路", "中路",
)  # fmt: skip
_VILLAGE = ("镇", "乡", "村", "街道", "新区")
_TOWN = re.compile(
    r"(?!各|全|所有|特色|重点|中心|乡|城|村|集)([\u4e00-\u9fff]{2,4}?(?:小镇|镇|乡|街道)(?![化村级镇])"
    r"|(?:国家级?)?(?:高新技术产业|高新技术|经济技术|经济)?(?:开发区|高新区|经开区)|(?!推进|打造|建设|设立|加快|国家|多个|两个)[\u4e00-\u9fff]{2,3}新区)"
)
_NOT_IN_TOWN = re.compile(r"[的和与及在是为各等区县市政网](?!$)")
_DIVISION = re.compile(r"第?[一二三四五六七八九十\d]{1,3}师")
_WITH_TOWNS = frozenset({"东莞市", "中山市", "儋州市", "嘉峪关市", "北京市", "上海市", "天津市", "重庆市"})
_COMMON_LETTERS = frozenset("云黑新吉甘贵青宁川秦")


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A form of a place at a stretch of the text."""

    start: int
    """Offset of its first character."""
    end: int
    """Offset behind its last character."""
    form: str
    """text[start:end]."""
    short: bool
    """True for a form without suffix, or a generic name (郊区): a county of that form needs other support."""
    places: tuple[Place, ...]
    """All units of that form in any year."""


@dataclass(frozen=True, slots=True)
class PlaceChain:
    """Hits from a parent down to a child, and the name of a town or zone behind them: 海口市秀英区石山镇."""

    start: int
    """Offset of its first character."""
    end: int
    """Offset behind its last character, the tail's included."""
    hits: tuple[PlaceHit, ...]
    """From the highest to the lowest."""
    tail: str
    """Name of a town, street office or zone behind the last hit that is in no table; empty: none."""
    gazetteer: Gazetteer = field(repr=False, compare=False)
    """Where the hits are resolved."""

    def place(self, year: int | None, near: Place | None = None, levels: Collection[str] | None = None) -> Place | None:
        """The unit of the last hit, each hit being the parent of the next. None: ambiguous."""
        above: Place | None = None
        for hit in self.hits[:-1]:
            above = self.gazetteer.resolve(hit, year=year, parent=above, near=near) or above
        return self.gazetteer.resolve(self.hits[-1], year=year, parent=above, near=near, levels=levels)

    def path(self, year: int | None, near: Place | None = None, levels: Collection[str] | None = None) -> str | None:
        """Canonical path in that year, with the tail at its end. None: ambiguous."""
        place = self.place(year, near, levels)
        if place is None:
            return None
        return self.gazetteer.path_of_town(place, self.tail) if self.tail else place.path


class Gazetteer:
    """Finds and resolves places. Made once; keeps the hits of the last few texts, for a sentence is asked more than once."""

    def __init__(self, table: PlaceTable) -> None:
        self._table = table
        self._generic = frozenset(table.nicknames["lists"]["generic"])
        self._guards = {
            form: (tuple(guard.get("before", ())), tuple(guard.get("after", ())), guard.get("listed", False))
            for form, guard in table.nicknames["guards"].items()
        }
        letters = table.nicknames["letters"]
        self._letters = {letter: next(table.with_path(path)) for letter, path in letters.items()}
        self._run = re.compile(f"[{''.join(letters)}]{{2,}}")
        self._index = FormIndex(chain(table.full, table.short))
        self._found = lru_cache(maxsize=64)(self._scan)
        self._meanings: dict[str, tuple[bool, tuple[Place, ...]]] = {}

    def find(self, text: str) -> list[PlaceHit]:
        """All forms of places, leftmost and longest, without overlap."""
        return list(self._found(text))

    def _scan(self, text: str) -> tuple[PlaceHit, ...]:
        hits: list[PlaceHit] = []
        behind = -1
        for start in self._index.starts(text):
            if start < behind:
                continue
            end = self._match(text, start, behind)
            if end > 0:
                hits.append(self._hit(start, text[start:end]))
                behind = end
        return tuple(hits)

    def _match(self, text: str, start: int, behind: int) -> int:
        """End of the longest form at `start`, 0 for none; `behind` is the end of the hit before."""
        for form in self._index.slices(text, start):
            if form in self._table.full:
                if not self._full_blocked(text, start, form, behind):
                    return start + len(form)
            elif form in self._table.short and not self._short_blocked(text, start, form, behind):
                return start + len(form)
        return 0

    def _full_blocked(self, text: str, start: int, form: str, behind: int) -> bool:
        end = start + len(form)
        after = text[end : end + 1]
        if form[-1] == "市":
            # 上海市场 is 上海; 青岛市南区 is 青岛 and its 市南区.
            return after == "场" or text[end - 1 : end + 2] in {"市南区", "市北区", "市中区"}
        if form[-1] == "区":
            return after in _AREA
        if len(form) == 2 and form[-1] in "县州旗":
            before = text[start - 1 : start]
            free = start == behind or not _is_chinese(before) or before in _MAY_PRECEDE
            return not free or after in _AFTER_SYLLABLE
        return False

    def _short_blocked(self, text: str, start: int, form: str, behind: int) -> bool:
        end = start + len(form)
        if text.startswith(_OTHER_NAME, end):
            return True
        if form not in self._table.above_county:
            if text.startswith(_VILLAGE, end):
                return True
            if start != behind and any(self._is_strong(text, i) for i in range(start + 1, end)):
                return True
        before, after, listed = self._guards.get(form, ((), (), False))
        if listed and start != behind:
            around = (text[start - 1 : start], text[end : end + 1])
            if "、" not in around and any(map(_is_chinese, around)):
                return True
        return bool(before and text.endswith(before, 0, start)) or bool(after and text.startswith(after, end))

    def _is_strong(self, text: str, start: int) -> bool:
        """Whether a form other than a county's stem begins there: 公开|平江县 holds no 开平."""
        end = self._match(text, start, -1)
        form = text[start:end]
        return end > 0 and (form in self._table.full or form in self._table.above_county)

    def _hit(self, start: int, form: str) -> PlaceHit:
        known = self._meanings.get(form)
        if known is None:
            rows = self._table.full.get(form)
            short = rows is None or form in self._generic
            known = self._meanings[form] = short, tuple(map(self._table.at, rows or self._table.short[form]))
        return PlaceHit(start, start + len(form), form, *known)

    def chains(self, text: str) -> list[PlaceChain]:
        """The hits of `find`, each joined with its children and the town or zone that follow it directly."""
        chains: list[PlaceChain] = []
        run: list[PlaceHit] = []
        for hit in self.find(text):
            if run and not self._continues(text, run[-1], hit):
                chains.append(self._chain(text, run))
                run = []
            if not chains or hit.start >= chains[-1].end:  # else a part of a town's name
                run.append(hit)
        return [*chains, self._chain(text, run)] if run else chains

    def _continues(self, text: str, above: PlaceHit, hit: PlaceHit) -> bool:
        between = text[above.end : hit.start]
        if between and not (_DIVISION.fullmatch(between) and any(p.path == CORPS for p in above.places)):
            return False
        return any(is_below(child, parent) for child in hit.places for parent in above.places)

    def _chain(self, text: str, run: Sequence[PlaceHit]) -> PlaceChain:
        end, tail = run[-1].end, ""
        town = _TOWN.match(text, end)
        if town and not _NOT_IN_TOWN.search(town[1]):
            lowest = run[-1].places
            street = town[1][-1] in "镇乡道"
            if not street or any(p.level == "county" or p.name in _WITH_TOWNS for p in lowest):
                end, tail = town.end(1), town[1]
        return PlaceChain(run[0].start, end, tuple(run), tail, self)

    def abbreviations(self, title: str) -> list[PlaceHit]:
        """One-character forms of provinces (京沪皖粤), which stand only in runs of two or more; for titles only."""
        taken = {i for hit in self.find(title) for i in range(hit.start, hit.end)}
        hits: list[PlaceHit] = []
        for run in self._run.finditer(title):
            span = range(run.start(), run.end())
            if taken.isdisjoint(span) and not _COMMON_LETTERS.issuperset(run[0]):
                hits += [PlaceHit(i, i + 1, title[i], short=True, places=(self._letters[title[i]],)) for i in span]
        return hits

    def resolve(
        self,
        hit: PlaceHit,
        *,
        year: int | None,
        parent: Place | None = None,
        levels: Collection[str] | None = None,
        near: Place | None = None,
    ) -> Place | None:
        """The one unit that is meant. None: none or several are possible; never a guess.

        In this order: below the parent if any is, of one of the levels, valid in the year (a renamed unit under its
        name of that year), nearest to `near` unless a province has the name, highest level.
        """
        return resolve(self._table, hit.places, year=year, parent=parent, levels=levels, near=near)

    def in_year(self, place: Place, year: int) -> Place | None:
        """The same unit under its name and path of that year. None: it was none then, or was merged or divided."""
        return next((row for row in self._table.lineage(place) if row.holds_in(year)), None)

    def place(self, path: str, year: int | None = None) -> Place | None:
        """The unit of that canonical path; without a year the latest that had it."""
        return _latest(self._table.with_path(path), year)

    def by_code(self, code: str, year: int | None) -> Place | None:
        """The unit that had the code in the year; for None that which has it or had it last."""
        return _latest(self._table.with_code(code), year)

    def lineage(self, place: Place) -> list[Place]:
        """The same unit under all its names, paths and codes, oldest first."""
        return self._table.lineage(place)

    def with_code(self, code: str) -> list[Place]:
        """All units that have or had the code."""
        return list(self._table.with_code(code))

    def is_below(self, place: Place, above: Place) -> bool:
        """Whether it belongs to the other at any depth; cities of 新疆生产建设兵团 belong to it and to 新疆."""
        return is_below(place, above)

    def path_of_town(self, place: Place, town: str) -> str:
        """Path of a town below a unit; through its county where data/nicknames.toml knows it."""
        path = f"{place.path}/{town}"
        towns: dict[str, str] = self._table.nicknames["towns"]
        return towns.get(path, path)


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _latest(rows: Iterator[Place], year: int | None) -> Place | None:
    held = [row for row in rows if year is None or row.holds_in(year)]
    return max(held, key=lambda row: row.first_year, default=None)


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer of the package's data, built once."""
    return Gazetteer(load_table())
