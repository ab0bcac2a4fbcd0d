"""Which results are asked for: one filter for the terminal, for exports and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from storage.rows import time_text

__all__ = ["EVERYTHING", "Wanted", "condition"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a result must be to be wanted; of several values of one field any will do, an empty field lets everything pass."""

    places: tuple[str, ...] = ()
    """Full names: these and what lies below them."""
    entities: tuple[str, ...] = ()
    """Full names: exactly these."""
    series: tuple[str, ...] = ()
    """Keys of series."""
    groups: tuple[str, ...] = ()
    """Among whom."""
    subjects: tuple[str, ...] = ()
    """What is judged."""
    kinds: tuple[str, ...] = ()
    """Which kind of outcome."""
    statuses: tuple[str, ...] = ()
    """Empty: all but withdrawn."""
    first_year: int | None = None
    """Evaluation year, from here on. None: any, also an unknown one."""
    last_year: int | None = None
    """Evaluation year, up to here."""
    since: date | str | None = None
    """First seen by us on or after: a date (its midnight is UTC), a datetime, or ISO text."""
    run: int | None = None
    """Found in this run, or refined or disputed by it."""


EVERYTHING = Wanted()
"""All that anybody states."""

_OF_RUN = (
    "(r.run = ? OR (r.status IN ('refined', 'disputed') AND EXISTS (SELECT 1 FROM mentions m JOIN articles a "
    "ON a.id = m.article WHERE m.result = r.fact_key AND a.run = ?)))"
)
_BELOW = "(r.entity = ? OR (r.entity >= ? AND r.entity < ?))"
"""A place or what begins with its name and a slash; 0 follows the slash, so that the index serves."""


def condition(wanted: Wanted) -> tuple[str, tuple[Any, ...]]:
    """The condition on `results r JOIN evaluations e`, and the values that are bound to it.

    >>> condition(Wanted(places=("湖北省",), groups=("province", "capital")))[1]
    ('湖北省', '湖北省/', '湖北省0', 'province', 'capital')
    """
    parts: list[tuple[str, tuple[Any, ...]]] = []
    if wanted.places:
        bounds = tuple(value for place in wanted.places for value in (place, f"{place}/", f"{place}0"))
        parts.append((f"({' OR '.join([_BELOW] * len(wanted.places))})", bounds))
    for column, values in (
        ("r.entity", wanted.entities), ("e.series", wanted.series), ('r."group"', wanted.groups),
        ("r.subject", wanted.subjects), ("r.kind", wanted.kinds), ("r.status", wanted.statuses),
    ):  # fmt: skip
        if values:
            parts.append((f"{column} IN ({', '.join('?' * len(values))})", values))
    if not wanted.statuses:
        parts.append(("r.status <> 'withdrawn'", ()))
    if wanted.first_year is not None:
        parts.append(("e.year >= ?", (wanted.first_year,)))
    if wanted.last_year is not None:
        parts.append(("e.year <= ?", (wanted.last_year,)))
    if wanted.since is not None:
        parts.append(("r.first_seen >= ?", (_since_text(wanted.since),)))
    if wanted.run is not None:
        parts.append((_OF_RUN, (wanted.run, wanted.run)))
    return " AND ".join(part for part, _ in parts) or "1", tuple(value for _, values in parts for value in values)


def _since_text(since: date | str) -> str:
    if isinstance(since, str):
        return since
    return time_text(since if isinstance(since, datetime) else datetime(since.year, since.month, since.day, tzinfo=UTC))
