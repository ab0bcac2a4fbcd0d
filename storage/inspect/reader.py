"""Reading the database for one page: all its queries see one state of it, and none runs for ever."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from storage.rows import json_text

__all__ = ["Reader", "Row", "reading"]

Row = dict[str, Any]

_STEPS = 2000
"""Virtual machine steps between two looks at the clock: some 20 µs."""


class Reader:
    """One read transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows of a query, by column name."""
        cursor = self._connection.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        row = self._connection.execute(sql, values).fetchone()
        return row[0] if row else None

    def mentions(self, facts: Sequence[str]) -> dict[str, list[Row]]:
        """Who states these facts, by fact key: official pages first, then the earliest published; those that are gone last."""
        found: dict[str, list[Row]] = {fact: [] for fact in facts}
        rows = self.rows(
            "SELECT m.result, m.article, m.number, m.words, m.rank, m.tied, m.top, m.score, m.grade, m.award, m.work, m.change, "
            "m.improved, m.implied, m.confidence, m.rule, a.outlet, a.origin, a.title, a.published, a.url, a.cluster "
            "FROM json_each(?) j JOIN mentions m ON m.result = j.value JOIN articles a ON a.id = m.article "
            "ORDER BY a.gone IS NOT NULL, m.standing DESC, a.published IS NULL, a.published, a.first_seen, a.id, m.number",
            json_text(list(facts)),
        )
        for row in rows:
            found[row.pop("result")].append(row)
        return found


@contextmanager
def reading(connection: sqlite3.Connection, limit_ms: int) -> Iterator[Reader]:
    """A reader for the length of the block. A query that is still at work after `limit_ms` is interrupted:
    sqlite3.OperationalError."""
    ends = time.monotonic() + limit_ms / 1000
    connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    connection.execute("BEGIN")
    try:
        yield Reader(connection)
    finally:
        connection.set_progress_handler(None, 0)
        connection.rollback()
