"""Statements of facts as they are stored: what pages state now, what they stated before, and what was known before a night."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from crawler.items import Result, value_words
from storage.database import Store
from storage.novelty.reconcile import Statement, relate
from storage.novelty.retelling import NOTHING, Known
from storage.novelty.standing import Stage, standing_of
from storage.rows import json_text, result_from_row, time_text

__all__ = ["keep_past", "known_before", "past_value", "remember_before", "results_of_article", "statements_of"]

_STATEMENTS = (
    'SELECT m.*, r.subject, r."group", r.kind, a.cluster, a.published, a.publisher, a.origin_publisher, a.place, a.baseline, '
    "e.organizers FROM mentions m JOIN results r ON r.fact_key = m.result JOIN articles a ON a.id = m.article "
    "JOIN evaluations e ON e.id = r.evaluation WHERE m.result = ? AND a.gone IS NULL"
)


def statements_of(store: Store, fact: str) -> list[Statement]:
    """All that pages state of a fact now. Pages that are gone state nothing."""
    rows = store.rows(_STATEMENTS, fact)
    organizers = json.loads(rows[0]["organizers"]) if rows else ()
    return [_statement(row, organizers) for row in rows]


def _statement(row: Mapping[str, Any], organizers: Sequence[str]) -> Statement:
    stage = Stage(row["publisher"], row["origin_publisher"], row["place"])
    return Statement(
        result_from_row(row), row["article"], row["cluster"], row["published"], publisher=row["publisher"],
        origin=row["origin_publisher"], standing=standing_of(stage, row["entity"], organizers),
        baseline=bool(row["baseline"]),
    )  # fmt: skip


def results_of_article(store: Store, article: str) -> dict[str, list[Result]]:
    """What the article stated until now, by fact key."""
    rows = store.rows(
        'SELECT m.*, r.subject, r."group", r.kind FROM mentions m JOIN results r ON r.fact_key = m.result WHERE m.article = ?',
        article,
    )
    found: dict[str, list[Result]] = {}
    for row in rows:
        found.setdefault(row["result"], []).append(result_from_row(row))
    return found


def past_value(store: Store, fact: str) -> Result | None:
    """The value that stood last of a fact that nobody states any more. None: somebody does, or nobody ever did."""
    row = store.row("SELECT * FROM results WHERE fact_key = ? AND status = 'withdrawn'", fact)
    return None if row is None else result_from_row(row | {"words": "", "start": 0, "end": 0, "rule": ""})


def keep_past(
    store: Store, article: str, before: Mapping[str, list[Result]], now: Mapping[str, list[Result]], moment: datetime
) -> None:
    """Keep the words of what an article stated and states no more; what it states again is past no more. To be called inside
    a transaction."""
    for fact, came in now.items():
        store.execute_many(
            "DELETE FROM past_mentions WHERE result = ? AND article = ? AND outcome = ?",
            [(fact, article, value_words(result)) for result in came],
        )
    lost = [
        (fact, article, value_words(old), old.evidence, time_text(moment))
        for fact, own in before.items()
        for old in own
        if not any(relate(old, result) == "same" for result in now.get(fact, ()))
    ]
    store.execute_many(
        "INSERT OR REPLACE INTO past_mentions (result, article, outcome, words, ended) VALUES (?, ?, ?, ?, ?)", lost
    )


def remember_before(store: Store, facts: Iterable[str], *, run: int, finished: int) -> None:
    """Keep what is known of these facts before a run changes it for the first time: the night is told by comparison with it.

    `finished` is the last run that ended: what it knew is what people were told of. Facts that only this night found need
    nothing. To be called inside a transaction, before the change.
    """
    for row in store.rows(
        "SELECT r.fact_key FROM json_each(?) j JOIN results r ON r.fact_key = j.value LEFT JOIN facts_before b "
        "ON b.result = r.fact_key WHERE r.run <= ? AND (b.run IS NULL OR b.run <= ?)",
        json_text(sorted(facts)), finished, finished,
    ):  # fmt: skip
        fact = row["fact_key"]
        past = past_value(store, fact)
        store.execute(
            "INSERT OR REPLACE INTO facts_before (result, run, statements, past) VALUES (?, ?, ?, ?)",
            fact, run, json_text([_fields(s) | {"result": _fields(s.result)} for s in statements_of(store, fact)]),
            None if past is None else json_text(_fields(past)),
        )  # fmt: skip


def known_before(store: Store, fact: str, finished: int) -> Known:
    """What was known of a fact when the last run ended."""
    row = store.row("SELECT statements, past FROM facts_before WHERE result = ? AND run > ?", fact, finished)
    if row is not None:
        statements = tuple(_statement_from(data) for data in json.loads(row["statements"]))
        return Known(statements, _result_from(json.loads(row["past"])) if row["past"] else None)
    if store.value("SELECT run > ? FROM results WHERE fact_key = ?", finished, fact):
        return NOTHING
    return Known(tuple(statements_of(store, fact)), past_value(store, fact))


def _fields(record: Statement | Result) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _statement_from(data: dict[str, Any]) -> Statement:
    return Statement(**(data | {"result": _result_from(data["result"])}))


def _result_from(data: dict[str, Any]) -> Result:
    return Result(**(data | {"span": tuple(data["span"])}))
