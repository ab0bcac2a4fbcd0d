"""Which group an entity can be ranked in (grammar.md §K, entities.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crawler.items import Group

__all__ = [
    "CAPITALS",
    "MUNICIPALITIES",
    "SUBPROVINCIAL",
    "Entity",
    "EntityLevel",
    "fits",
    "group_of_level",
    "levels_of_group",
]

EntityLevel = Literal[
    "province", "prefecture", "county", "zone", "town", "ministry", "organisation", "country", "account"
]

MUNICIPALITIES = frozenset({"北京市", "上海市", "天津市", "重庆市"})
SUBPROVINCIAL = frozenset({
    "广州市", "武汉市", "哈尔滨市", "沈阳市", "成都市", "南京市", "西安市", "长春市", "济南市", "杭州市", "大连市", "青岛市",
    "深圳市", "厦门市", "宁波市",
})  # fmt: skip
CAPITALS = frozenset({
    "石家庄市", "太原市", "呼和浩特市", "沈阳市", "长春市", "哈尔滨市", "南京市", "杭州市", "合肥市", "福州市", "南昌市", "济南市",
    "郑州市", "武汉市", "长沙市", "广州市", "南宁市", "海口市", "成都市", "贵阳市", "昆明市", "拉萨市", "西安市", "兰州市", "西宁市",
    "银川市", "乌鲁木齐市",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entity:
    """What a statement is about."""

    path: str
    """As Result.entity."""
    code: str | None
    """As Result.code."""
    level: EntityLevel
    """What it is."""
    sure: bool = True
    """False where the name was not resolved and stands as printed."""

    @property
    def own(self) -> str:
        """The last part of its path."""
        return self.path.rsplit("/", 1)[-1]


def group_of_level(entity: Entity) -> Group:
    """The group of entities of its own level, where the text says none (K14)."""
    groups: dict[EntityLevel, Group] = {
        "province": "province", "prefecture": "prefecture", "county": "county", "zone": "other", "town": "other",
        "ministry": "ministry", "organisation": "all", "country": "other", "account": "all",
    }  # fmt: skip
    return groups[entity.level]


def levels_of_group(group: Group | None) -> tuple[str, ...] | None:
    """The levels of places that such a group holds; None where it holds any."""
    return {
        "province": ("province",), "subprovincial": ("prefecture",), "capital": ("prefecture",),
        "prefecture": ("prefecture",), "county": ("county", "zone"), "city": ("prefecture", "province"),
    }.get(group or "")  # fmt: skip


def fits(group: Group, entity: Entity) -> bool:
    """Whether the entity can be a member of the group.

    >>> fits("capital", Entity("山东省/青岛市", "370200", "prefecture"))
    False
    """
    if group in ("all", "other"):
        return True
    if entity.level in ("organisation", "account", "zone", "town"):
        return entity.level == "zone" and group == "county"
    if group == "subprovincial":
        return entity.own in SUBPROVINCIAL
    if group == "capital":
        return entity.own in CAPITALS
    if group == "city":
        return entity.level in ("prefecture", "county") or entity.own in (
            *MUNICIPALITIES,
            "香港特别行政区",
            "澳门特别行政区",
        )
    if group == "prefecture":
        return entity.level == "prefecture" or (entity.level == "county" and entity.path.count("/") == 1)
    return entity.level == group
