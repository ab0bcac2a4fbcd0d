"""Whom a person means: a name, a form of it or a code, to the entities that it may be, each through all its names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.extract.gazetteer import Place
from crawler.extract.organisations import organisation_named
from crawler.extract.places import PlaceChain, load_gazetteer
from crawler.items import Lineage

__all__ = ["lineages_of"]

_CODE = re.compile(r"\d{6}", re.ASCII)
_BETWEEN = re.compile(r"[/\s]+")


def lineages_of(words: str) -> tuple[Lineage, ...]:
    """The entities of that name, the highest places first; empty where none is known.

    Takes full names (湖北省/武汉市, 湖北省武汉市), short ones (武汉, 湖北武汉), former ones (郫县), codes of any year (420100), and
    ministries by their short forms (发改委).

    >>> [lineage.names for lineage in lineages_of("郫县")]
    [('四川省/成都市/郫县', '四川省/成都市/郫都区')]
    >>> [lineage.name for lineage in lineages_of("吉林")], lineages_of("发改委")[0].name
    (['吉林省', '吉林省/吉林市'], '国家发展和改革委员会')
    """
    text = _BETWEEN.sub("", words)
    if _CODE.fullmatch(text):
        places = load_gazetteer().with_code(text)
        return _distinct(map(_of_place, [place for place in places if place.last_year is None] or places))
    found = _distinct(_places_named(text))
    if "/" in words:
        # a full path is meant as it stands, or by a name that its unit had
        exact = tuple(lineage for lineage in found if words.strip() in lineage.names)
        return exact or found
    return found or _bodies_named(text)


def _places_named(text: str) -> Iterator[Lineage]:
    chains = load_gazetteer().chains(text)
    if len(chains) != 1 or (chains[0].start, chains[0].end) != (0, len(text)):
        return
    for place in sorted(_last_places(chains[0]), key=lambda place: (place.path.count("/"), place.code, place.path)):
        if chains[0].tail:
            path = load_gazetteer().path_of_town(place, chains[0].tail)
            yield Lineage(path, None, (path,))
        else:
            yield _of_place(place)


def _last_places(chain: PlaceChain) -> list[Place]:
    """The units of the last hit that lie below one of each hit before it."""
    above: list[Place] = []
    for hit in chain.hits:
        above = [
            place
            for place in hit.places
            if not above or any(load_gazetteer().is_below(place, parent) for parent in above)
        ]
    return above


def _of_place(place: Place) -> Lineage:
    gazetteer = load_gazetteer()
    rows = gazetteer.lineage(place)
    last = rows[-1]
    names = tuple(dict.fromkeys(row.path for row in rows))
    heirs: Iterable[Place | None] = ()
    if last.last_year is not None:
        heirs = (gazetteer.by_code(code, None) for code in last.successors)
    became = tuple(dict.fromkeys(heir.path for heir in heirs if heir is not None and heir.path not in names))
    return Lineage(last.path, last.code or None, names, became)


def _bodies_named(text: str) -> tuple[Lineage, ...]:
    body = organisation_named(text)
    if body is None:
        return ()
    return (Lineage(body.now, None, tuple(known.name for known in body.names), body.successors),)


def _distinct(lineages: Iterable[Lineage]) -> tuple[Lineage, ...]:
    """One per last name: a unit whose rows are apart under one name (香坊区 before and after it grew) is one all the same."""
    found: dict[str, Lineage] = {}
    for lineage in lineages:
        known = found.get(lineage.name)
        names = tuple(dict.fromkeys((*(known.names if known else ()), *lineage.names)))
        kept = known if known and not known.became else lineage
        code = kept.code or lineage.code or (known.code if known else None)
        found[lineage.name] = Lineage(kept.name, code, names, kept.became)
    return tuple(found.values())
