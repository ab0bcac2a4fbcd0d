"""Lists that hold more kinds of cities than one (grammar.md K5, K7)."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.levels import CAPITALS, MUNICIPALITIES, SUBPROVINCIAL
from crawler.extract.names import Name
from crawler.items import Group

__all__ = ["is_mixed", "is_of_great_cities", "widened"]


def widened(values: list[Group], company: Sequence[Name]) -> list[Group]:
    """A list under 省会 or 副省级 that also holds other cities is one of cities: nobody is dropped from it (K5)."""
    if len(values) != 1 or len(company) < 3 or values[0] not in ("subprovincial", "capital"):
        return values
    known = SUBPROVINCIAL if values[0] == "subprovincial" else CAPITALS
    others = [
        name
        for name in company
        if name.chain is not None
        and all(place.level == "prefecture" and place.name not in known for place in name.chain.hits[-1].places)
    ]
    return ["city"] if others else values


def is_mixed(company: Sequence[Name]) -> bool:
    """Whether municipalities stand in one list with at least two other cities (K7)."""
    levels = [name.chain.hits[-1].places[0] for name in company if name.chain is not None]
    cities = sum(place.level == "prefecture" for place in levels)
    return (
        cities >= 2
        and any(place.name in MUNICIPALITIES for place in levels)
        and all(place.level == "prefecture" or place.name in MUNICIPALITIES for place in levels)
    )


def is_of_great_cities(company: Sequence[Name]) -> bool:
    """Whether a list holds at least three cities and nothing but capitals and subprovincial ones."""
    places = [name.chain.hits[-1].places[0].name if name.chain is not None else "" for name in company]
    return len(places) >= 3 and all(place in CAPITALS or place in SUBPROVINCIAL for place in places)
