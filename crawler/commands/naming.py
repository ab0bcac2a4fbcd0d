"""What a name that a user types stands for, and what to say where it stands for nothing or for several."""

from __future__ import annotations

from collections.abc import Sequence

import click

from crawler.commands.screen import printable
from crawler.errors import UsageError
from crawler.extract import lineages_of
from crawler.extract.suggest import close_names
from crawler.items import Lineage
from storage.database import Store
from storage.results import count_results
from storage.wanted import Wanted

__all__ = ["Known", "entity_names", "place_paths", "series_key"]

_MOST = 8
"""Candidates that are named."""


class Known:
    """What the database knows of names; asked only as far as needed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def below(self, path: str) -> int:
        """How many results the place has, with what lies below it."""
        return count_results(self._store, Wanted(places=(path,)))

    def has(self, entity: str, *, below: bool) -> bool:
        """Whether there is anything of it, withdrawn or not."""
        if self._store.value("SELECT 1 FROM results WHERE entity = ? LIMIT 1", entity):
            return True
        bounds = (f"{entity}/", f"{entity}0")
        found = self._store.value("SELECT 1 FROM results WHERE entity >= ? AND entity < ? LIMIT 1", *bounds)
        return below and found is not None

    def entities(self) -> list[str]:
        """The names of all entities."""
        return [row["entity"] for row in self._store.rows("SELECT DISTINCT entity FROM results ORDER BY entity")]

    def has_series(self, key: str) -> bool:
        return self._store.value("SELECT 1 FROM evaluations WHERE series = ? LIMIT 1", key) is not None


def place_paths(known: Known, given: str) -> tuple[str, ...]:
    """The full names of the place that is meant, through the years. Raises UsageError where it is none or one of several."""
    name, lineages = _lineages(given)
    if meant := _one_of(known, given, lineages, below=True):
        return meant.names
    if known.has(name, below=True):  # a name that no table holds
        return (name,)
    return (_only(given, "place", _holding(known, name, "/"), known),)


def entity_names(known: Known, given: str) -> tuple[str, ...]:
    """The names of the entity that is meant: a place, a ministry, or the only one of the database whose name holds what was typed."""
    name, lineages = _lineages(given)
    if meant := _one_of(known, given, lineages, below=False):
        return meant.names
    if known.has(name, below=False):
        return (name,)
    return (_only(given, "entity", _holding(known, name, ""), known),)


def series_key(known: Known, given: str) -> str:
    """The key of the series that is meant by a key or by its name."""
    from crawler.extract.rulebook import load_rulebook  # 0.2 s that a key of the database does not need

    if known.has_series(given):
        return given
    names = {rule.key: rule.name for rule in load_rulebook().series}
    if given in names:
        return given
    by_name = {name: key for key, name in names.items()}
    holding = [key for key, name in names.items() if given in name]
    if found := by_name.get(given) or (holding[0] if len(holding) == 1 else None):
        return found
    close = holding or [by_name.get(name, name) for name in close_names(given, [*names, *by_name])]
    told = [key for key in close if key in names][:_MOST]
    hint = f"Did you mean {' or '.join(told)}?" if told else f"There are: {', '.join(sorted(names))}"
    raise UsageError(f"no series {given!r}", hint=hint)


def _lineages(given: str) -> tuple[str, tuple[Lineage, ...]]:
    """What was typed, and the places and bodies that it names; in simplified characters where it names none as it is."""
    name = given.strip().strip("/")
    if lineages := lineages_of(name):
        return name, lineages
    from crawler.read.script import simplify

    plain = simplify(name)
    return (plain, lineages) if (lineages := lineages_of(plain)) else (name, ())


def _one_of(known: Known, given: str, lineages: Sequence[Lineage], *, below: bool) -> Lineage | None:
    """The one with results, or that stands highest; the others are told. None: there is none. Raises UsageError for several."""
    if not lineages:
        return None
    stored = [one for one in lineages if any(known.has(name, below=below) for name in one.names)] or list(lineages)
    highest = [one for one in stored if one.name.count("/") == min(other.name.count("/") for other in stored)]
    if len(highest) > 1:
        told = [f"{one.name} ({known.below(one.name)} results)" for one in highest[:_MOST]]
        more = f" and {len(highest) - _MOST} more" if len(highest) > _MOST else ""
        raise UsageError(f"{len(highest)} places are called {given}", hint=f"Say which: {', '.join(told)}{more}")
    if others := [one.name for one in lineages if one is not highest[0]]:
        click.echo(f"{given} is taken for {highest[0].name}; there is also {', '.join(others[:3])}", err=True)
    return highest[0]


def _holding(known: Known, name: str, end: str) -> list[str]:
    """The entities of the database whose name holds what was typed; their part up to `end` behind it."""
    found: dict[str, None] = {}
    for entity in known.entities():
        at = entity.find(name) if name else -1
        if at >= 0:
            found[entity if not end else (entity[: at + len(name)] + entity[at + len(name) :].partition(end)[0])] = None
    return list(found)


def _only(given: str, what: str, found: Sequence[str], known: Known) -> str:
    if len(found) == 1:
        return found[0]
    if found:
        more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
        raise UsageError(
            f"{len(found)} names hold {given!r}", hint=f"Say which: {printable(', '.join(found[:_MOST]))}{more}"
        )
    lasts = {entity.rpartition("/")[2]: entity for entity in known.entities()}
    close = close_names(given.strip(), lasts)
    hint = (
        printable(f"Did you mean {' or '.join(close)}?") if close else "Give its official name: 湖北省, 湖北省/武汉市"
    )
    raise UsageError(f"no {what} is called {given!r}", hint=hint)
