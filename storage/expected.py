"""Which results usually come out when, as the newest live night saw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from storage.database import Store

__all__ = ["remember_expected"]


def remember_expected(store: Store, awaited: Sequence[Mapping[str, Any]], night: date) -> None:
    """Make these (series, year, name, week, due) what is expected, in place of what an earlier night wrote.

    Whether it was seen is not written: `expected_readable` looks. To be called inside a transaction.
    """
    store.execute("DELETE FROM expected")
    store.execute_many(
        "INSERT INTO expected (series, year, name, week, due, night) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (one["series"], one["year"], one["name"], one["week"], one["due"].isoformat(), night.isoformat())
            for one in awaited
        ],
    )
