"""Which unit a form means: by year, parent, level and neighbourhood, never by guess; and the fixed lists of units."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from crawler.extract.gazetteer import LEVELS, Place, PlaceTable, is_below

__all__ = [
    "is_autonomous_region",
    "is_capital",
    "is_municipality",
    "is_participant",
    "is_planned_city",
    "is_subprovincial",
    "resolve",
]

_PLANNED = frozenset({"大连市", "青岛市", "宁波市", "厦门市", "深圳市"})
_SUBPROVINCIAL = _PLANNED | {
    "广州市", "武汉市", "哈尔滨市", "沈阳市", "成都市", "南京市", "西安市", "长春市", "济南市", "杭州市",
}  # fmt: skip
_CAPITALS = frozenset({
    "石家庄市", "太原市", "呼和浩特市", "沈阳市", "长春市", "哈尔滨市", "南京市", "杭州市", "合肥市", "福州市", "南昌市",
    "济南市", "郑州市", "武汉市", "长沙市", "广州市", "南宁市", "海口市", "成都市", "贵阳市", "昆明市", "拉萨市", "西安市",
    "兰州市", "西宁市", "银川市", "乌鲁木齐市",
})  # fmt: skip
_MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})
_ELSEWHERE = frozenset({"香港特别行政区", "澳门特别行政区", "台湾省"})


def is_subprovincial(place: Place) -> bool:
    """One of the 15 副省级城市."""
    return place.level == "prefecture" and place.name in _SUBPROVINCIAL


def is_planned_city(place: Place) -> bool:
    """One of the 5 计划单列市; they are subprovincial too."""
    return place.level == "prefecture" and place.name in _PLANNED


def is_capital(place: Place) -> bool:
    """One of the 27 capitals of provinces and autonomous regions."""
    return place.level == "prefecture" and place.name in _CAPITALS


def is_municipality(place: Place) -> bool:
    """One of the 4 直辖市."""
    return place.level == "province" and place.name in _MUNICIPALITIES


def is_autonomous_region(place: Place) -> bool:
    """One of the 5 自治区."""
    return place.level == "province" and place.name.endswith("自治区")


def is_participant(place: Place) -> bool:
    """Takes part in evaluations of provinces: the 31 and 新疆生产建设兵团."""
    return place.level == "province" and place.name not in _ELSEWHERE


def resolve(
    table: PlaceTable,
    candidates: Sequence[Place],
    *,
    year: int | None,
    parent: Place | None,
    levels: Collection[str] | None,
    near: Place | None,
) -> Place | None:
    """The one unit meant. None: nothing or more than one remains; never a guess.

    The order is that of entities.md §7, but for parent and level, which go before the year: 邢台市桥东区 in 2021 must
    not become the 桥东区 that still held. Below the parent if any candidate is; of one of the levels; of the year;
    nearest to `near`, unless a province has the form; highest level.
    """
    places = list(candidates)
    if parent is not None:
        places = [place for place in places if is_below(place, parent)] or places
    if levels is not None:
        places = [place for place in places if place.level in levels]
    places = _of_year(table, places, year)
    if near is not None and len(places) > 1 and not any(place.level == "province" for place in places):
        places = _nearest(places, near)
    if len(places) > 1:
        highest = min(LEVELS.index(place.level) for place in places)
        places = [place for place in places if LEVELS.index(place.level) == highest]
    return places[0] if len(places) == 1 else None


def _of_year(table: PlaceTable, candidates: Sequence[Place], year: int | None) -> list[Place]:
    """Those that held in the year; else what the same units were called then; else the units as printed.

    襄阳 in 2009 is 襄樊市/襄阳区, for that held; 襄阳市 in 2009 is 襄樊市; 宣武区 in 2015 stays 宣武区.
    """
    if len(candidates) == 1 and (year is None or candidates[0].holds_in(year)):
        return list(candidates)  # nine of ten forms in a text mean one place
    if year is not None:
        if held := [place for place in candidates if place.holds_in(year)]:
            return held
        renamed = {row.path: row for place in candidates for row in table.lineage(place) if row.holds_in(year)}
        if renamed:
            return list(renamed.values())
    last: dict[str, Place] = {}
    for place in candidates:
        unit = table.lineage(place)[-1].path
        if unit not in last or place.first_year > last[unit].first_year:
            last[unit] = place
    return list(last.values())


def _nearest(places: list[Place], near: Place) -> list[Place]:
    """Those in or above `near`, else those that share the longest path with it; all if none shares any."""

    def shared(place: Place) -> int:
        if place.path == near.path or is_below(place, near) or is_below(near, place):
            return len(LEVELS)
        pairs = zip(place.path.split("/"), near.path.split("/"), strict=False)
        return next((depth for depth, (one, other) in enumerate(pairs) if one != other), 0)

    most = max(map(shared, places))
    return [place for place in places if shared(place) == most]
