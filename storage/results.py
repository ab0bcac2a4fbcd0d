"""What the store knows, as objects for programs: results with their mentions, documents with what they state."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from storage.database import Store
from storage.reconcile import Status
from storage.rows import VALUE_COLUMNS, json_text, time_text

__all__ = ["query_documents", "query_results"]

_FLAGS = ("tied", "improved", "implied")


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
    """One object per result, the last found first, with its mentions in order of publication.

    `place` takes what lies below it in (湖北省 finds 湖北省/武汉市); `since` is when we first saw it, `run` the run that found it
    or that refined or disputed it. What nobody states any more is left out unless `status` asks for it.
    """
    wanted: list[tuple[str, tuple[object, ...]]] = [
        ("(r.entity = ? OR substr(r.entity, 1, ?) = ?)", (place, len(place or "") + 1, f"{place}/")) if place else _ANY,
        ("e.series = ?", (series,)) if series else _ANY,
        ("e.year = ?", (year,)) if year is not None else _ANY,
        ('r."group" = ?', (group,)) if group else _ANY,
        ("r.first_seen >= ?", (_since_text(since),)) if since else _ANY,
        ("r.status = ?", (status,)) if status else ("r.status <> 'withdrawn'", ()),
        (_OF_RUN, (run, run)) if run is not None else _ANY,
    ]
    # the conditions are the constants above, values are bound
    sql = f"{_RESULTS} WHERE {' AND '.join(condition for condition, _ in wanted)} {_LAST_FOUND_FIRST} LIMIT ?"
    rows = store.rows(sql, *(value for _, values in wanted for value in values), -1 if limit is None else limit)
    mentions = _mentions(store, [row["fact_key"] for row in rows])
    for row in rows:
        _read_flags(row)
        row["mentions"] = mentions.get(row["fact_key"], [])
    return rows


_RESULTS = (
    'SELECT e.series, e.year, e.edition, e.name AS evaluation, r.entity, r.code, r.subject, r."group", r.kind, r.rank, '
    "r.tied, r.top, r.score, r.grade, r.award, r.work, r.improved, r.change, r.indicator, r.implied, r.confidence, "
    "r.status, r.sources, r.first_seen, r.fact_key FROM results r JOIN evaluations e ON e.id = r.evaluation"
)
_LAST_FOUND_FIRST = 'ORDER BY r.first_seen DESC, e.series, e.year DESC, r."group", r.kind, r.rank, r.entity, r.fact_key'
_OF_RUN = (
    "(r.run = ? OR (r.status IN ('refined', 'disputed') AND EXISTS (SELECT 1 FROM mentions m JOIN articles a "
    "ON a.id = m.article WHERE m.result = r.fact_key AND a.run = ?)))"
)
_ANY: tuple[str, tuple[object, ...]] = ("1", ())


def _since_text(since: date | str) -> str:
    if isinstance(since, str):
        return since
    return time_text(since if isinstance(since, datetime) else datetime(since.year, since.month, since.day, tzinfo=UTC))


def _read_flags(row: dict[str, Any]) -> None:
    for name in _FLAGS:
        row[name] = bool(row[name])


def _mentions(store: Store, facts: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The mentions of these facts, by fact key: earliest published first, those without date last."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = store.rows(
        "SELECT m.result, a.url, a.outlet, a.origin, a.title, a.published, m.words, m.start, m.end, a.id AS article, "
        "a.cluster FROM json_each(?) j JOIN mentions m ON m.result = j.value JOIN articles a ON a.id = m.article "
        "ORDER BY a.published IS NULL, a.published, a.first_seen, a.id, m.number",
        json_text(facts),
    )
    for row in rows:
        row["span"] = [row.pop("start"), row.pop("end")]
        found.setdefault(row.pop("result"), []).append(row)
    return found


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
