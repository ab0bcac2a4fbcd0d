"""What the store knows, as objects for programs: results with their mentions, documents with what they state."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from crawler.items import GROUPS, KINDS_OF_RESULT
from storage.database import Store
from storage.novelty.reconcile import Status
from storage.rows import VALUE_COLUMNS, json_text
from storage.wanted import Wanted, condition

__all__ = ["RANK_ORDER", "Order", "count_results", "find_results", "query_documents", "query_results", "value_times"]

_FLAGS = ("tied", "improved", "implied")


Order = Literal["found", "rank"]
"""found: the last found first; rank: as a ranking table is read, the newest year first, the best place first."""


def query_results(
    store: Store,
    *,
    place: str | None = None,
    series: str | None = None,
    year: int | None = None,
    group: str | None = None,
    since: date | str | None = None,
    status: Status | None = None,
    run: int | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """What `find_results` gives for one value of each filter, in a list."""
    wanted = Wanted(
        places=_one(place), series=_one(series), groups=_one(group), statuses=_one(status),
        first_year=year, last_year=year, since=since, run=run,
    )  # fmt: skip
    return list(find_results(store, wanted, limit=limit))


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def find_results(
    store: Store, wanted: Wanted, *, order: Order = "found", limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """One object per result, with its mentions: official pages first, then in order of publication. Read as it is asked for, some
    hundred at a time.

    What nobody states any more has the words that were, each with `ended`: since when the page says so no more, or is gone.
    """
    where, values = condition(wanted)
    # the condition is made of constants, values are bound
    sql = f"{_RESULTS} WHERE {where} {_ORDERS[order]} LIMIT ?"
    for rows in store.batches(sql, *values, -1 if limit is None else limit, size=_AT_A_TIME):
        mentions = _mentions(store, [row["fact_key"] for row in rows])
        for row in rows:
            _read_flags(row)
            row["mentions"] = mentions.get(row["fact_key"]) or _past_mentions(store, row["fact_key"])
            yield row


def count_results(store: Store, wanted: Wanted) -> int:
    """How many results are wanted."""
    where, values = condition(wanted)
    sql = f"SELECT count(*) FROM results r JOIN evaluations e ON e.id = r.evaluation WHERE {where}"  # noqa: S608 - constants
    return int(store.value(sql, *values))


_AT_A_TIME = 500
_RESULTS = (
    'SELECT e.series, e.year, e.edition, e.name AS evaluation, r.entity, r.code, r.subject, r."group", r.kind, r.rank, '
    "r.tied, r.top, r.score, r.grade, r.award, r.work, r.improved, r.change, r.indicator, r.implied, r.confidence, "
    "r.status, r.decided, r.sources, r.first_seen, r.fact_key FROM results r JOIN evaluations e ON e.id = r.evaluation"
)
_GROUPS = " ".join(f"WHEN '{group}' THEN {number}" for number, group in enumerate(GROUPS))
_KINDS = " ".join(f"WHEN '{kind}' THEN {number}" for number, kind in enumerate(KINDS_OF_RESULT))
RANK_ORDER = {
    "group": f'CASE r."group" {_GROUPS} END',
    "within": f"r.subject, r.indicator IS NOT NULL, r.indicator, CASE r.kind {_KINDS} END, coalesce(r.rank, 10000 + r.top), "
    "r.score DESC, r.grade, r.award, r.change DESC, r.entity, r.fact_key",
}
"""As a ranking table is read: groups from ministries down, and what stands in one of them with the best place first."""
_ORDERS: Mapping[Order, str] = {
    "found": 'ORDER BY r.first_seen DESC, e.series, e.year DESC, r."group", r.kind, r.rank, r.entity, r.fact_key',
    "rank": f"ORDER BY e.year DESC, e.series, e.id, {RANK_ORDER['group']}, {RANK_ORDER['within']}",
}


def _read_flags(row: dict[str, Any]) -> None:
    for name in _FLAGS:
        row[name] = bool(row[name])


def _mentions(store: Store, facts: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The mentions of these facts, by fact key: official pages first, then the earliest published; those without date, and those
    on pages that are gone, last."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = store.rows(
        "SELECT m.result, a.url, a.outlet, a.origin, a.title, a.published, m.words, m.start, m.end, a.id AS article, "
        "a.cluster, m.standing, a.gone AS ended FROM json_each(?) j JOIN mentions m ON m.result = j.value JOIN articles a ON a.id = m.article "
        "ORDER BY a.gone IS NOT NULL, m.standing DESC, a.published IS NULL, a.published, a.first_seen, a.id, m.number",
        json_text(facts),
    )
    for row in rows:
        row["span"] = [row.pop("start"), row.pop("end")]
        found.setdefault(row.pop("result"), []).append(row)
    return found


def _past_mentions(store: Store, fact: str) -> list[dict[str, Any]]:
    """What pages said of a fact that none states any more, the last first; they have no span in what the page says now."""
    rows = store.rows(
        "SELECT a.url, a.outlet, a.origin, a.title, a.published, p.words, a.id AS article, a.cluster, 0 AS standing, p.ended "
        "FROM past_mentions p JOIN articles a ON a.id = p.article WHERE p.result = ? ORDER BY p.ended DESC, a.id, p.outcome",
        fact,
    )
    return [row | {"span": None} for row in rows]


def query_documents(store: Store) -> list[dict[str, Any]]:
    """One object per stored article, as `evalwatch extract --json` prints it, rebuilt from the tables: what that article
    itself states, whatever others say. In order of publication."""
    documents = store.rows(
        "SELECT id, url, title, published, outlet AS media, origin, kind FROM articles "
        "ORDER BY published IS NULL, published, first_seen, id"
    )
    for document in documents:
        document["evaluations"] = _evaluations(store, document["id"])
        document["results"] = _results(store, document["id"])
    return documents


def _evaluations(store: Store, article: str) -> list[dict[str, Any]]:
    rows = store.rows(
        "SELECT s.key, s.name, e.series, e.year, s.edition, s.organizers, s.released, s.sample, s.indicators "
        "FROM article_evaluations s JOIN evaluations e ON e.id = s.evaluation WHERE s.article = ? ORDER BY s.number",
        article,
    )
    for row in rows:
        for name in ("organizers", "sample", "indicators"):
            row[name] = json.loads(row[name])
    return rows


def _results(store: Store, article: str) -> list[dict[str, Any]]:
    values = ", ".join(f'm."{name}"' for name in VALUE_COLUMNS)
    rows = store.rows(
        f'SELECT m.evaluation, m.entity, m.code, r.subject, r."group", r.kind, {values}, m.words AS evidence, m.start, '  # noqa: S608 - constants
        "m.end, m.rule FROM mentions m JOIN results r ON r.fact_key = m.result WHERE m.article = ? ORDER BY m.number, m.id",
        article,
    )
    for row in rows:
        _read_flags(row)
        row["span"] = [row.pop("start"), row.pop("end")]
    return rows


def value_times(store: Store, facts: Sequence[str]) -> dict[str, str]:
    """By fact key: when the value that stands was first stated by an article that we know, or, of a disputed fact, the last of its
    values. Another article that says the same moves nothing."""
    rows = store.rows(
        "SELECT fact, max(first) AS time FROM (SELECT r.fact_key AS fact, min(m.first_seen) AS first FROM json_each(?) j "
        "CROSS JOIN results r ON r.fact_key = j.value JOIN mentions m ON m.result = r.fact_key WHERE r.status = 'disputed' OR "
        "(m.rank IS r.rank AND m.top IS r.top AND m.score IS r.score AND m.grade IS r.grade AND m.award IS r.award "
        "AND m.change IS r.change) GROUP BY r.fact_key, m.rank, m.top, m.score, m.grade, m.change) GROUP BY fact",
        json_text(list(facts)),
    )
    return {row["fact"]: row["time"] for row in rows}
