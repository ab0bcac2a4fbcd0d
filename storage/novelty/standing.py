"""How official a page is for a fact that it states: the organiser's own page, the place's own, or somebody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.novelty.publishers import house_named

__all__ = ["GOVERNMENT", "ORGANIZER", "OTHER", "REPRINT", "Stage", "standing_of"]

OTHER, REPRINT, GOVERNMENT, ORGANIZER = range(4)
"""0: anybody; 1: it names the organiser or the place's government as its source; 2: the page of the government that the fact is
about; 3: the page of the organiser of the evaluation."""


LEAST_OF_NAME = 4
"""税务总局 is enough of 国家税务总局; 总局 is not."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a statement is made."""

    publisher: str | None
    """The house that published the page. None: unknown."""
    origin: str | None
    """The house that it names as its source. None: none."""
    place: str | None
    """The place whose government's site it stands on (湖北省/武汉市). None: none, or unknown."""


def standing_of(stage: Stage, entity: str, organizers: Sequence[str]) -> int:
    """How official a page is for a fact about this entity, in an evaluation by these organisers.

    >>> standing_of(Stage("中国软件评测中心", None, None), "湖北省", ("中国软件评测中心",))
    3
    >>> standing_of(Stage("湖北日报", "湖北省人民政府", None), "湖北省", ("中国软件评测中心",))
    1
    """
    if _is_one_of(stage.publisher, organizers):
        return ORGANIZER
    if stage.place == entity or _speaks_for(stage.publisher, entity, stage.place):
        return GOVERNMENT
    if _is_one_of(stage.origin, organizers) or _speaks_for(stage.origin, entity, None):
        return REPRINT
    return OTHER


def _is_one_of(house: str | None, organizers: Sequence[str]) -> bool:
    return house is not None and any(house == house_named(organizer) for organizer in organizers)


def _speaks_for(house: str | None, entity: str, place: str | None) -> bool:
    """Whether a house is the government of a place, or the ministry or organisation itself. 朝阳区人民政府 is that of another
    朝阳区 where its site belongs to another place."""
    if house is None:
        return False
    own = entity.rpartition("/")[2]
    if place is not None and not entity.startswith(place):
        return False
    return house in (f"{own}人民政府", own) or (len(house) >= LEAST_OF_NAME and own.endswith(house))
