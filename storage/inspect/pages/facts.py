"""Results as all pages show them: the outcome, and who says so in which words."""

from __future__ import annotations

from crawler.items import GROUPS, KINDS_OF_RESULT
from storage.inspect.reader import Reader, Row

__all__ = ["RESULT_COLUMNS", "group_order", "reading_order", "with_words"]

RESULT_COLUMNS = (
    'e.series, e.year, e.name AS evaluation, e.id AS evaluation_id, r.fact_key, r.entity, r.code, r.subject, r."group", r.kind, '
    "r.rank, r.tied, r.top, r.score, r.grade, r.award, r.work, r.improved, r.change, r.indicator, r.implied, r.confidence, "
    "r.status, r.decided, r.sources, r.run, r.first_seen"
)
"""Of results r and evaluations e."""


def with_words(reader: Reader, rows: list[Row], most: int = 3) -> list[Row]:
    """The same rows, each with its first mentions (of copies of one text only the earliest), and `says`: how many texts say so."""
    mentions = reader.mentions([row["fact_key"] for row in rows])
    for row in rows:
        texts: dict[str, Row] = {}
        for mention in mentions[row["fact_key"]]:
            first = texts.setdefault(mention["cluster"] or mention["article"], {**mention, "outlets": 0})
            first["outlets"] += 1
        row["says"] = len(texts)
        row["mentions"] = list(texts.values())[:most]
    return rows


def group_order(row: Row) -> int:
    """Where a row's group stands among the groups: ministries, provinces, then ever lower."""
    return GROUPS.index(row["group"]) if row["group"] in GROUPS else len(GROUPS)


def reading_order(row: Row) -> tuple[object, ...]:
    """As a person reads results: the newest year first, then by evaluation, group, and place; ranks before awards."""
    place = row["rank"] or row["top"] or 10_000
    return (
        -(row["year"] or 0), row["series"], group_order(row), row["indicator"] is not None, KINDS_OF_RESULT.index(row["kind"]),
        place, row["entity"],
    )  # fmt: skip
