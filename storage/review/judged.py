"""The decisions of people as they are stored. What they mean is decided in storage/review/decisions.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crawler.items import Result, value_words
from storage.database import Store
from storage.review.decisions import Decision, DecisionKind, value_of
from storage.rows import json_text, time_text

__all__ = ["decisions_of", "last_decision", "store_decision", "undo_last"]


def decisions_of(store: Store, fact: str) -> list[Decision]:
    """The decisions about a fact that are in force, the oldest first."""
    rows = store.rows("SELECT * FROM decisions WHERE fact_key = ? AND undone IS NULL ORDER BY number", fact)
    return [_decision(row) for row in rows]


def last_decision(store: Store, fact: str) -> DecisionKind | None:
    """The kind of the last one in force; None where there is none."""
    kind: DecisionKind | None = store.value(
        "SELECT kind FROM decisions WHERE fact_key = ? AND undone IS NULL ORDER BY number DESC LIMIT 1", fact
    )
    return kind


def store_decision(
    store: Store, fact: str, decision: Decision, chosen: Result, *, reason: str | None, by: str, now: datetime
) -> int:
    """Write a decision down; returns its number. To be called inside a transaction."""
    return store.insert(
        "decisions",
        {
            "fact_key": fact, "kind": decision.kind, "outcome": value_words(chosen),
            "value": json_text(value_of(chosen)), "instead": json_text([dict(value) for value in decision.instead]),
            "reason": reason, "by": by, "decided": time_text(now),
        },
    )  # fmt: skip


def undo_last(store: Store, fact: str, now: datetime) -> bool:
    """Take back the last decision about a fact that is in force; False where there is none. To be called inside a transaction."""
    undone = store.execute(
        "UPDATE decisions SET undone = ? WHERE number = (SELECT max(number) FROM decisions WHERE fact_key = ? AND undone IS NULL)",
        time_text(now), fact,
    )  # fmt: skip
    return undone > 0


def _decision(row: Mapping[str, Any]) -> Decision:
    return Decision(row["kind"], json.loads(row["value"]), tuple(json.loads(row["instead"])))
