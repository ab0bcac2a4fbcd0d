"""A night as plain data, for its report: what is new, what changed, what is disputed, and how the sources are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from crawler.errors import StorageError
from storage.background import pasts_of
from storage.database import Store
from storage.inspect.pages.facts import RESULT_COLUMNS, with_words
from storage.inspect.reader import Reader
from storage.results import RANK_ORDER

__all__ = ["night_report"]

Row = dict[str, Any]

PER_GROUP = 200
"""Results of one group of one evaluation that a report names."""
_MOST_OTHERS = 100
"""Of disputes, more exact values, corrections, changed articles, each."""
_MOST_ARTICLES = 2000

_OF_RUN = ("run", "night", "status", "replay", "started", "finished", "seconds", "requested", "articles")
_COUNTS = ("new", "corroborated", "refined", "disputed", "corrected", "withdrawn")
_NEW = "FROM results r JOIN evaluations e ON e.id = r.evaluation WHERE r.run = ? AND r.status <> 'withdrawn'"


def night_report(store: Store, run: int, *, most: int = 1000) -> Row:
    """All that a report of this run tells, with at most `most` new results in full: of the others it says how many there are.

    Raises StorageError for an unknown run.
    """
    with _one_state(store) as reader:
        own = reader.row(f"SELECT {', '.join((*_OF_RUN, *_COUNTS))} FROM runs_readable WHERE run = ?", run)  # noqa: S608
        if own is None:
            raise StorageError(f"has no run {run}", where=str(store.path))
        evaluations, left = _news(store, reader, run, most)
        changed = _changed(reader, run)
        counts = {name: own.pop(name) for name in _COUNTS}
        return own | {
            "counts": counts,
            "total": reader.value(f"SELECT count(*) {_NEW}", run),
            "evaluations": evaluations,
            "left": left,
            "refined": with_words(reader, [row for row in changed if row["status"] == "refined"]),
            "disputed": with_words(reader, _disputed(reader, run, changed), most=6),
            "corrected": _told(reader, run),
            "changed": _changed_articles(reader, run),
            "sources": _sources(reader, run),
            "overdue": reader.rows(_OVERDUE, own["night"]),
        }


@contextmanager
def _one_state(store: Store) -> Iterator[Reader]:
    """All queries of the block see one state of the database."""
    connection = store.database.conn
    if connection.in_transaction:
        yield Reader(connection)
        return
    connection.execute("BEGIN")
    try:
        yield Reader(connection)
    finally:
        connection.rollback()


def _news(store: Store, reader: Reader, run: int, most: int) -> tuple[list[Row], int]:
    """The evaluations with new results, the newest year first, and how many results are not among them."""
    counts = reader.rows(
        f'SELECT r.evaluation AS id, e.series, e.year, e.edition, e.name, e.organizers, e.released, r."group", count(*) AS total '
        f"{_NEW} GROUP BY r.evaluation, r.\"group\" ORDER BY e.year DESC, e.series = 'other', e.series, e.name, {RANK_ORDER['group']}",
        run,
    )
    found: dict[str, Row] = {}
    shown = 0
    for count in counts:
        room = min(PER_GROUP, most - shown)
        if room <= 0:
            break
        rows = with_words(reader, _of_group(reader, run, count, room))
        shown += len(rows)
        own = found.setdefault(count["id"], _evaluation(count))
        own["groups"].append({
            "group": count["group"], "total": count["total"], "shown": len(rows), "entities": _by_entity(store, rows),
        })  # fmt: skip
    return list(found.values()), sum(count["total"] for count in counts) - shown


def _evaluation(count: Row) -> Row:
    names = ("series", "year", "edition", "name", "released")
    own = {name: count[name] for name in names}
    return own | {"organizers": json.loads(count["organizers"]), "groups": []}


def _of_group(reader: Reader, run: int, count: Row, room: int) -> list[Row]:
    return reader.rows(
        f'SELECT {RESULT_COLUMNS} {_NEW} AND r.evaluation = ? AND r."group" = ? '
        f"ORDER BY {RANK_ORDER['within']} LIMIT ?",
        run, count["id"], count["group"], room,
    )  # fmt: skip


def _by_entity(store: Store, rows: Sequence[Row]) -> list[Row]:
    """Rows of one entity together, in the order in which the entities first come; each with its place in the edition before."""
    ranks = [
        row | {"fact": row["fact_key"]}
        for row in rows
        if row["kind"] == "rank" and row["series"] != "other" and row["year"] is not None
    ]
    pasts = pasts_of(store, ranks)
    entities: dict[str, Row] = {}
    for row in rows:
        past = pasts.get(row["fact_key"])
        row["past"] = asdict(past) if past else None
        own = entities.setdefault(row["entity"], {"entity": row["entity"], "code": row["code"], "results": []})
        own["results"].append(row)
    return list(entities.values())


def _changed(reader: Reader, run: int) -> list[Row]:
    """Results known before that articles of this night say more exactly or otherwise."""
    return reader.rows(
        f"SELECT {RESULT_COLUMNS} FROM (SELECT DISTINCT m.result FROM (SELECT id FROM articles WHERE run = ?1 LIMIT ?2) a "  # noqa: S608 - constants
        "JOIN mentions m ON m.article = a.id) c JOIN results r ON r.fact_key = c.result "
        "JOIN evaluations e ON e.id = r.evaluation WHERE r.run <> ?1 AND r.status IN ('refined', 'disputed') "
        "ORDER BY e.year DESC, e.series, r.entity LIMIT ?3",
        run, _MOST_ARTICLES, _MOST_OTHERS,
    )  # fmt: skip


def _disputed(reader: Reader, run: int, changed: Iterable[Row]) -> list[Row]:
    """What articles contradict each other about: results of this night, and older ones that it calls into question."""
    new = reader.rows(
        f"SELECT {RESULT_COLUMNS} {_NEW} AND r.status = 'disputed' ORDER BY e.year DESC, e.series, r.entity LIMIT ?",
        run, _MOST_OTHERS,
    )  # fmt: skip
    return [*new, *(row for row in changed if row["status"] == "disputed")]


def _told(reader: Reader, run: int) -> list[Row]:
    """What subscribers were told of this run as corrected or withdrawn: the change as it was then."""
    rows = reader.rows(
        "SELECT DISTINCT i.result, i.kind, i.change FROM alert_items i WHERE i.run = ? AND i.kind IN ('corrected', 'withdrawn') "
        "ORDER BY i.kind, i.result LIMIT ?",
        run, _MOST_OTHERS,
    )  # fmt: skip
    found = {(row["result"], row["kind"]): json.loads(row["change"]) for row in rows}
    return list(found.values())


def _changed_articles(reader: Reader, run: int) -> list[Row]:
    """Known articles whose text was another one this night."""
    return reader.rows(
        "SELECT id AS article, title, outlet, published, url FROM articles WHERE run = ? AND changed IS NOT NULL "
        "ORDER BY published DESC, id LIMIT ?",
        run, _MOST_OTHERS,
    )  # fmt: skip


def _sources(reader: Reader, run: int) -> Row:
    """How many sources were in which state, and those that were not well, with why and when they last were."""
    rows: list[Row] = reader.rows(
        "SELECT s.source, coalesce(h.state, iif(s.state = 'failed', 'broken', s.state)) AS state, h.symptoms FROM run_sources s "
        "LEFT JOIN source_health h ON h.source = s.source AND h.run = s.run WHERE s.run = ? ORDER BY s.source",
        run,
    )
    states: dict[str, int] = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + 1
    troubled = [row for row in rows if row["state"] not in ("healthy", "quiet")]
    for row in troubled:
        row["symptoms"] = json.loads(row["symptoms"] or "[]")
        row["last_success"] = reader.value(_LAST_SUCCESS, row["source"], run)
    return {"states": states, "troubled": troubled}


_OVERDUE = "SELECT series, name, year, week, due FROM expected_readable WHERE state = 'overdue' AND night = ? ORDER BY due, series"
"""What was overdue in that night, if none came after it; a replayed one says nothing of it."""
_LAST_SUCCESS = (
    "SELECT w.finished FROM run_sources w LEFT JOIN source_health v ON v.run = w.run AND v.source = w.source WHERE w.source = ? "
    "AND w.run <= ? AND coalesce(v.state, w.state) IN ('healthy', 'quiet') ORDER BY w.run DESC LIMIT 1"
)
