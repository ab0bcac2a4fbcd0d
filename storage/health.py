"""How each source was in each run, and how it used to be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from crawler.items import Symptom
from storage.database import Store
from storage.rows import json_text, time_from_text

__all__ = ["FIGURES", "UNJUDGED", "good_nights", "last_state", "last_success", "remember_health", "run_health", "seen_years", "source_states"]  # fmt: skip

FIGURES = (
    "items", "dated", "articles", "titles", "dates", "outlets", "bodies", "letters", "on_topic", "without_facts",
)  # fmt: skip
"""The columns of source_health that hold what a night yielded."""

MOST_NIGHTS = 20
OLDEST = timedelta(days=60)
"""A source is measured by at most so many good nights, none older than this: what has changed for good is then usual."""


def remember_health(
    store: Store, run_id: int, source_id: str, *, state: str, symptoms: Sequence[Symptom], figures: Mapping[str, int | None]
) -> None:  # fmt: skip
    """Write down how a source was in a run; done twice, the second takes the place of the first. To be called inside a
    transaction."""
    store.execute("DELETE FROM source_health WHERE source = ? AND run = ?", source_id, run_id)
    told = json_text([asdict(symptom) for symptom in symptoms])
    store.insert("source_health", {"source": source_id, "run": run_id, "state": state, "symptoms": told, **figures})


def good_nights(store: Store, source_id: str, night: date, *, before_run: int) -> list[dict[str, Any]]:
    """What the source yielded in the runs before this one in which it was well, the newest first."""
    columns = ", ".join(f"h.{name}" for name in FIGURES)
    return store.rows(
        f"SELECT {columns} FROM source_health h JOIN runs r ON r.id = h.run WHERE h.source = ? "  # noqa: S608 - constants
        "AND h.state IN ('healthy', 'quiet') AND (h.items IS NOT NULL OR h.articles > 0) AND r.night >= ? AND h.run < ? "
        "ORDER BY h.run DESC LIMIT ?",
        source_id, (night - OLDEST).isoformat(), before_run, MOST_NIGHTS,
    )  # fmt: skip


def last_state(store: Store, source_id: str, *, before_run: int) -> tuple[Any, tuple[Symptom, ...]] | None:
    """How a source was in the newest run before this one, and why. None: it was in none."""
    row = store.row(
        "SELECT state, symptoms FROM source_health WHERE source = ? AND run < ? ORDER BY run DESC LIMIT 1",
        source_id, before_run,
    )  # fmt: skip
    return (row["state"], _symptoms(row["symptoms"])) if row else None


def _symptoms(text: str) -> tuple[Symptom, ...]:
    return tuple(Symptom(**symptom) for symptom in json.loads(text))


def last_success(store: Store, source_id: str) -> datetime | None:
    """When the source was last read well, or None."""
    text = store.value("SELECT last_success FROM sources_readable WHERE source = ?", source_id)
    return time_from_text(text) if text else None


def source_states(store: Store) -> dict[str, dict[str, Any]]:
    """By source id: how it is (state: healthy, broken, blocked or quiet), why (symptoms), and when it was last read well
    (last_success, None: never). A source that is missing here is new. `evalwatch sources` prints this."""
    rows = store.rows("SELECT source, state, symptoms, last_success FROM sources_readable WHERE state <> 'new'")
    states = {
        row["source"]: {
            "state": row["state"],
            "last_success": row["last_success"],
            "symptoms": json.loads(row["symptoms"]),
        }
        for row in rows
    }
    # what a version without health left
    old = store.rows(
        "SELECT source, state, max(run), (SELECT max(w.finished) FROM run_sources w WHERE w.source = r.source "
        "AND w.state = 'healthy') AS last_success FROM run_sources r GROUP BY source"
    )
    for row in old:
        state = "broken" if row["state"] == "failed" else row["state"]
        states.setdefault(row["source"], {"state": state, "last_success": row["last_success"], "symptoms": []})
    return states


UNJUDGED: Mapping[str, Any] = {"health": None, "symptoms": [], "on_topic": 0, "without_facts": 0}
"""What run_health would say of a source that a run did not judge."""


def run_health(store: Store, run_id: int) -> dict[str, dict[str, Any]]:
    """By source id: state (health) and symptoms in that run, how many of its new articles are on the topic, and how many of these
    state no result."""
    rows = store.rows(
        "SELECT source, state AS health, symptoms, on_topic, without_facts FROM source_health WHERE run = ?", run_id
    )
    return {row.pop("source"): row | {"symptoms": json.loads(row["symptoms"])} for row in rows}


def seen_years(store: Store) -> dict[str, set[int]]:
    """The evaluation years of which results are stored, by series."""
    found: dict[str, set[int]] = {}
    for row in store.rows(
        "SELECT DISTINCT e.series, e.year FROM evaluations e JOIN results r ON r.evaluation = e.id "
        "WHERE e.year IS NOT NULL AND r.status <> 'withdrawn'"
    ):
        found.setdefault(row["series"], set()).add(row["year"])
    return found
