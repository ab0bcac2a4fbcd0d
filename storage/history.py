"""How an entity stood over the years, from the tables: `evalwatch history` and the page of a place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from crawler.items import Result, value_words
from storage.lines import Known, Line, Scope, Stated, Year, lines_of
from storage.rows import json_text

__all__ = ["Rows", "entities_like", "entity_history", "history_as_json", "is_stored"]

Row = dict[str, Any]

MOST_NAMES = 40
"""So many candidates are named for a name that several have."""


class Rows(Protocol):
    """Whatever answers a query with rows by column name: a Store, or the reader of one page."""

    def rows(self, sql: str, /, *values: object) -> list[Row]: ...


def entity_history(
    store: Rows,
    names: Sequence[str],
    *,
    series: str | None = None,
    group: str | None = None,
    subject: str | None = None,
    since_year: int | None = None,
    brief: bool = False,
) -> tuple[Line, ...]:
    """The lines of the entity that has, or had, these names.

    A change is computed against the place before even where `since_year` leaves that one out. What nobody states any more counts
    for nothing. `brief` leaves out what takes long: sub-indices and evaluations of no series, other outcomes than places, outlets, and
    to which place a group is known in which the entity is not named.
    """
    rows = _results(store, names, series, group, subject, brief=brief)
    if not brief:
        _count_outlets(store, rows)
    lines = lines_of(rows, _stated(store, rows), _known(store, rows, _ANY if brief else _MOST))
    return lines if since_year is None else _since(lines, since_year)


def _since(lines: Sequence[Line], first: int) -> tuple[Line, ...]:
    cut = (Line(line.scope, tuple(s for s in line.years if s.year and s.year >= first)) for line in lines)
    return tuple(line for line in cut if any(standing.entity for standing in line.years))


def _results(
    store: Rows, names: Sequence[str], series: str | None, group: str | None, subject: str | None, *, brief: bool
) -> list[Row]:
    return store.rows(
        'SELECT e.series, e.year, e.name AS evaluation, r.fact_key, r.entity, r."group", r.subject, r.kind, r.rank, r.tied, '
        "r.top, r.score, r.grade, r.award, r.work, r.improved, r.change, coalesce(r.indicator, r.region) AS indicator, r.status, r.sources, 0 AS outlets "
        "FROM json_each(?1) n JOIN results r ON r.entity = n.value JOIN evaluations e ON e.id = r.evaluation "
        "WHERE r.status <> 'withdrawn' AND (?2 IS NULL OR e.series = ?2) AND (?3 IS NULL OR r.\"group\" = ?3) "
        "AND (?4 IS NULL OR r.subject = ?4) AND (NOT ?5 OR (r.kind = 'rank' AND r.indicator IS NULL AND e.series <> 'other')) "
        "ORDER BY r.fact_key",
        json_text(list(dict.fromkeys(names))), series, group, subject, brief,
    )  # fmt: skip


def _count_outlets(store: Rows, rows: Sequence[Row]) -> None:
    """Tell each result how many outlets state it; pages that name none count one by one."""
    found = store.rows(
        "SELECT m.result, count(DISTINCT coalesce(a.outlet, a.id)) AS outlets FROM json_each(?) j "
        "JOIN mentions m ON m.result = j.value JOIN articles a ON a.id = m.article GROUP BY m.result",
        json_text([row["fact_key"] for row in rows]),
    )
    outlets = {row["result"]: row["outlets"] for row in found}
    for row in rows:
        row["outlets"] = outlets.get(row["fact_key"], 0)


def _stated(store: Rows, rows: Sequence[Row]) -> Mapping[str, tuple[Stated, ...]]:
    """The values of the disputed places, the one that most outlets state first."""
    found = store.rows(
        "SELECT m.result, m.rank, m.top, max(m.tied) AS tied, json_group_array(DISTINCT coalesce(a.outlet, a.url)) AS outlets, "
        "count(DISTINCT coalesce(a.outlet, a.id)) AS many "
        "FROM json_each(?) j JOIN mentions m ON m.result = j.value JOIN articles a ON a.id = m.article "
        "GROUP BY m.result, m.rank, m.top ORDER BY m.result, many DESC, m.rank IS NULL, m.rank, m.top",
        json_text([row["fact_key"] for row in rows if row["status"] == "disputed" and row["kind"] == "rank"]),
    )
    stated: dict[str, list[Stated]] = {}
    for row in found:
        value = Result(
            "", "", "other", "other", "rank", "", (0, 0), rank=row["rank"], tied=bool(row["tied"]), top=row["top"]
        )
        outlets = tuple(sorted(name for name in json.loads(row["outlets"]) if name))
        stated.setdefault(row["result"], []).append(Stated(value_words(value), outlets))
    return {fact: tuple(values) for fact, values in stated.items()}


def _known(store: Rows, rows: Sequence[Row], most: str) -> Mapping[str, Known]:
    """What is known of each series of these results in the years in which the entity has none."""
    scopes = {
        Scope(row["series"], None, row["group"], row["subject"], row["indicator"]): None
        for row in rows
        if row["series"] != "other"
    }
    first: dict[str, int] = {}
    for row in rows:
        if row["year"] is not None:
            first[row["series"]] = min(row["year"], first.get(row["series"], row["year"]))
    years: dict[str, set[int]] = {}
    for row in store.rows(
        "SELECT e.series, e.year FROM json_each(?) j JOIN evaluations e ON e.series = j.value WHERE e.year IS NOT NULL "
        "AND EXISTS (SELECT 1 FROM results r WHERE r.evaluation = e.id AND r.status <> 'withdrawn')",
        json_text(sorted({scope.series for scope in scopes})),
    ):
        years.setdefault(row["series"], set()).add(row["year"])
    announced: dict[Scope, dict[int, int | None]] = {}
    for scope in scopes:
        if scope.series in first:
            announced[scope] = _announced(store, scope, first[scope.series], most)
    return {
        series: Known(
            frozenset(of),
            {(s.group, s.subject, s.indicator): told for s, told in announced.items() if s.series == series},
        )
        for series, of in years.items()
    }


_OF_SCOPE = (
    'FROM results r WHERE r.evaluation = e.id AND r."group" = ?3 AND r.subject = ?4 AND r.indicator IS ?5 '
    "AND r.status <> 'withdrawn'"
)
_MOST = f"(SELECT max(coalesce(r.rank, r.top, 0)) {_OF_SCOPE})"
_ANY = f"(SELECT 0 {_OF_SCOPE} LIMIT 1)"
"""The first result found will do."""


def _announced(store: Rows, scope: Scope, first: int, most: str) -> dict[int, int | None]:
    """The years, from the first on, of which results are known in this scope, each with its greatest place."""
    rows = store.rows(
        f"SELECT e.year, {most} AS most FROM evaluations e WHERE e.series = ?1 AND e.year >= ?2",  # noqa: S608 - constants
        scope.series, first, scope.group, scope.subject, scope.indicator,
    )  # fmt: skip
    return {row["year"]: row["most"] or None for row in rows if row["most"] is not None}


def is_stored(store: Rows, names: Sequence[str]) -> bool:
    """Whether any result of the entity with these names is known."""
    return bool(
        store.rows(
            "SELECT 1 FROM json_each(?) n JOIN results r ON r.entity = n.value WHERE r.status <> 'withdrawn' LIMIT 1",
            json_text(list(names)),
        )
    )


def entities_like(store: Rows, words: str) -> list[str]:
    """The entities with results whose name is these words, else those that end with them, else those that hold them; the shortest
    names first, at most 40. For bodies and works that no table of places knows."""
    found = store.rows(
        "WITH RECURSIVE n(entity) AS (SELECT min(entity) FROM results UNION ALL "
        "SELECT (SELECT min(entity) FROM results WHERE entity > n.entity) FROM n WHERE n.entity IS NOT NULL) "
        "SELECT n.entity, CASE WHEN n.entity = ?1 THEN 0 WHEN substr(n.entity, -length(?1)) = ?1 THEN 1 ELSE 2 END AS fit FROM n "
        "WHERE instr(n.entity, ?1) AND EXISTS (SELECT 1 FROM results r WHERE r.entity = n.entity AND r.status <> 'withdrawn') "
        "ORDER BY fit, length(n.entity), n.entity LIMIT ?2",
        words, MOST_NAMES,
    )  # fmt: skip
    return [row["entity"] for row in found if row["fit"] == found[0]["fit"]] if words else []


def history_as_json(lines: Sequence[Line]) -> list[Row]:
    """The lines for programs: each with its scope and its years."""
    return [{**_fields(line.scope), "years": [_year(year) for year in line.years]} for line in lines]


def _year(year: Year) -> Row:
    stated = [{"words": value.words, "outlets": list(value.outlets)} for value in year.stated]
    return _fields(year) | {"stated": stated, "also": list(year.also), "fact_keys": list(year.fact_keys)}


def _fields(record: Scope | Year) -> Row:
    """A record as a dict, its values as they are (dataclasses.asdict copies every one: 20 µs a year)."""
    return {field: getattr(record, field) for field in record.__slots__}
