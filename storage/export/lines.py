"""The lines of an export, read from the database as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from storage.database import Store
from storage.export.columns import TABLES, TEXT, Column, What
from storage.wanted import EVERYTHING, Wanted, condition

__all__ = ["Lines", "export_lines", "statement"]

_AT_A_TIME = 2000


@dataclass(frozen=True, slots=True)
class Lines:
    """An export on its way."""

    columns: tuple[Column, ...]
    """Of every line, in order."""
    batches: Iterator[list[tuple[Any, ...]]]
    """The lines, some thousand at a time. To be read once, while the store is open."""


def export_lines(
    store: Store, what: What, wanted: Wanted = EVERYTHING, *, limit: int | None = None, text: bool = False
) -> Lines:
    """All that is wanted, in the order of storing: results, their mentions, or the articles that state one of them (without a
    filter every article). One statement reads it all, so it is one state of the database. `text`: articles with their text."""
    columns = (*TABLES[what].columns, TEXT) if text and what == "articles" else TABLES[what].columns
    sql, values = statement(what, wanted, columns, limit=limit)
    return Lines(columns, store.tuples(sql, *values, size=20 if text else _AT_A_TIME))


def statement(
    what: What, wanted: Wanted, columns: Sequence[Column], *, limit: int | None = None
) -> tuple[str, tuple[Any, ...]]:
    """The SELECT of an export, and the values that are bound to it."""
    where, values = condition(wanted)
    if what == "articles":
        where, values = _of_articles(wanted, where, values)
    chosen = ", ".join(f'{column.sql} AS "{column.name}"' for column in columns)
    # names and the condition are constants of ours, values are bound
    sql = f"SELECT {chosen} FROM {TABLES[what].source} WHERE {where} ORDER BY {TABLES[what].order} LIMIT ?"  # noqa: S608
    return sql, (*values, -1 if limit is None else limit)


def _of_articles(wanted: Wanted, where: str, values: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    if wanted == EVERYTHING:
        return "1", ()
    stating = "SELECT m.article FROM results r JOIN evaluations e ON e.id = r.evaluation JOIN mentions m ON m.result = r.fact_key"
    return f"a.id IN ({stating} WHERE {where})", values
