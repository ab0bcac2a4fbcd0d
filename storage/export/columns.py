"""What an export holds: its columns in order, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from storage.schema.looking import STATED, outcome_sql

__all__ = ["TABLES", "Column", "Kind", "Table", "What"]

What = Literal["results", "mentions", "articles"]
Kind = Literal["text", "integer", "real", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    """Of the header, and the key in JSON."""
    kind: Kind
    """What its values are; any may be missing."""
    sql: str
    """Where it comes from."""


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of export."""

    columns: tuple[Column, ...]
    """From left to right."""
    source: str
    """The FROM clause, with results `r` and evaluations `e`, or articles `a`."""
    order: str
    """The ORDER BY clause: as they were stored."""


def _columns(kind: Kind, alias: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind, f'{alias}."{name}"') for name in names)


def _outcome(alias: str) -> tuple[Column, ...]:
    return (
        Column("outcome", "text", outcome_sql(alias)),
        *_columns("integer", alias, "rank"),
        *_columns("flag", alias, "tied"),
        *_columns("integer", alias, "top"),
        *_columns("real", alias, "score"),
        *_columns("text", alias, "grade", "award", "work"),
        *_columns("flag", alias, "improved"),
        *_columns("integer", alias, "change"),
        *_columns("text", alias, "indicator"),
        *_columns("flag", alias, "implied"),
        *_columns("real", alias, "confidence"),
    )


_EVALUATION = (
    *_columns("text", "e", "series"),
    *_columns("integer", "e", "year", "edition"),
    Column("evaluation", "text", "e.name"),
)
_ENTITY = (*_columns("text", "r", "entity", "code", "group", "subject", "kind"),)
_WORDS = (
    *_columns("text", "m", "words"),
    *_columns("integer", "m", "standing"),
    *_columns("text", "a", "outlet", "origin", "title", "published", "url", "gone"),
    Column("article", "text", "a.id"),
    *_columns("integer", "m", "start", "end"),
)
_SAYING = """(SELECT x.id FROM mentions x JOIN articles y ON y.id = x.article,
        (SELECT r.rank, r.top, r.score, r.grade, r.award, r.change) v WHERE x.result = r.fact_key
    ORDER BY (x.rank IS v.rank AND x.top IS v.top AND x.score IS v.score AND x.grade IS v.grade AND x.award IS v.award
        AND x.change IS v.change) DESC, y.gone IS NOT NULL, x.standing DESC, y.published IS NULL, y.published, y.first_seen, y.id, x.number LIMIT 1)"""
"""The mention that a line of a result quotes: of those that state its very value an official page, else the earliest."""
_RUN = Column("run", "integer", "r.run")

TABLES: Mapping[What, Table] = {
    "results": Table(
        (
            *_EVALUATION, *_ENTITY, *_outcome("r"), *_columns("text", "r", "status", "decided"), Column("stated", "text", f"CASE r.status WHEN 'disputed' THEN {STATED} END"),
            *_columns("integer", "r", "sources"),
            Column("mentions", "integer", "(SELECT count(*) FROM mentions x WHERE x.result = r.fact_key)"),
            *_WORDS, _RUN, *_columns("text", "r", "first_seen", "fact_key"),
        ),
        f"results r JOIN evaluations e ON e.id = r.evaluation LEFT JOIN mentions m ON m.id = {_SAYING} "
        "LEFT JOIN articles a ON a.id = m.article",
        "r.rowid",
    ),
    "mentions": Table(
        (
            *_EVALUATION, *_ENTITY, *_outcome("m"), *_columns("text", "r", "status"), *_WORDS,
            *_columns("text", "a", "cluster"), *_columns("text", "m", "rule", "first_seen"),
            Column("mention", "text", "m.id"), *_columns("text", "r", "fact_key"),
        ),
        "mentions m JOIN results r ON r.fact_key = m.result JOIN evaluations e ON e.id = r.evaluation "
        "JOIN articles a ON a.id = m.article",
        "m.rowid",
    ),
    "articles": Table(
        (
            Column("article", "text", "a.id"),
            *_columns("text", "a", "title", "outlet", "origin", "author", "editor", "published", "modified", "url", "kind"),
            Column("results", "integer", "(SELECT count(DISTINCT x.result) FROM mentions x WHERE x.article = a.id)"),
            *_columns("text", "a", "cluster", "source"), *_columns("integer", "a", "run"), *_columns("text", "a", "night"),
            *_columns("flag", "a", "baseline"),
            *_columns("text", "a", "region", "charset", "notes", "sha256", "fetched", "first_seen", "changed", "gone"),
        ),
        "articles a",
        "a.rowid",
    ),
}  # fmt: skip

TEXT = Column("text", "text", "a.text")
"""The text of an article, where it is asked for: offsets count its characters."""
