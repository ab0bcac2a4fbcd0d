"""How much of what an evaluation announced is known: the view coverage_readable, for programs."""

from __future__ import annotations

from typing import Any

from crawler.items import GROUPS
from storage.history import Rows

__all__ = ["missing_runs", "query_coverage"]


def query_coverage(store: Rows, *, series: str | None = None, year: int | None = None) -> list[dict[str, Any]]:
    """One object per evaluation, group, subject and indicator, the newest year first, `missing` as pairs of first and last."""
    rows = store.rows(
        "SELECT * FROM coverage_readable WHERE (?1 IS NULL OR series = ?1) AND (?2 IS NULL OR year = ?2)", series, year
    )
    for row in rows:
        row["missing"] = missing_runs(row["missing"])
        row["clashing"] = [first for first, _ in missing_runs(row["clashing"])]
    return sorted(
        rows,
        key=lambda row: (
            -(row["year"] or 0), row["series"] == "other", row["series"], row["evaluation"], row["evaluation_id"],
            row["indicator"] is not None, GROUPS.index(row["group"]), row["subject"], row["indicator"] or "",
        ),
    )  # fmt: skip


def missing_runs(words: str | None) -> list[tuple[int, int]]:
    """What the view says in words, as pairs of the first and the last place.

    >>> missing_runs("3, 6, 9–12"), missing_runs(None)
    ([(3, 3), (6, 6), (9, 12)], [])
    """
    runs = []
    for run in words.split(", ") if words else ():
        first, _, last = run.partition("–")
        runs.append((int(first), int(last or first)))
    return runs
