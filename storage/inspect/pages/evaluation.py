"""An evaluation: its ranking tables, what of them is known, and who reported it."""

from __future__ import annotations

import json

from storage.inspect.pages.facts import RESULT_COLUMNS, group_order, with_words
from storage.inspect.reader import Reader, Row

__all__ = ["evaluation"]

PER_GROUP = 40
PER_PAGE = 200
_REPORTERS = 25
_NAMES = 200

_ORDER = (
    "r.indicator IS NOT NULL, CASE r.kind WHEN 'rank' THEN 0 WHEN 'score' THEN 1 WHEN 'grade' THEN 2 WHEN 'award' THEN 3 ELSE 4 "
    "END, coalesce(r.rank, 10000 + r.top), r.score DESC, r.grade, r.award, r.entity, r.fact_key"
)


def evaluation(
    reader: Reader, series: str, year: int | None, identity: str | None = None, group: str | None = None, page: int = 1
) -> Row | None:
    """The evaluation of that series and year. Several evaluations of a year may belong to no series: without `identity` these are
    listed by name. With a group only that one's results are given, a page of them at a time."""
    found = reader.rows(
        "SELECT id, series, year, name, edition, organizers, released, sample, indicators FROM evaluations "
        "WHERE series = ? AND year IS ? AND (?3 IS NULL OR id = ?3) ORDER BY name LIMIT ?4",
        series, year, identity, _NAMES,
    )  # fmt: skip
    if not found:
        return None
    if len(found) > 1:
        return {"series": series, "year": year, "several": [{"id": row["id"], "name": row["name"]} for row in found]}
    own = found[0]
    for name in ("organizers", "sample", "indicators"):
        own[name] = json.loads(own[name])
    coverage = _coverage(reader, own["id"])
    totals: dict[str, int] = {}
    for row in coverage:
        totals[row["group"]] = totals.get(row["group"], 0) + row["results"]
    return {
        **own,
        "several": [],
        "coverage": coverage,
        "only": group,
        "page": page,
        "groups": [
            _group(reader, own["id"], name, total, page if group else 0)
            for name, total in totals.items()
            if group in (None, name)
        ],
        "reporters": _reporters(reader, own["id"]),
        "years": [
            row["year"] for row in reader.rows("SELECT DISTINCT year FROM evaluations WHERE series = ? ORDER BY year", series)
        ],
    }  # fmt: skip


def _coverage(reader: Reader, identity: str) -> list[Row]:
    """Per group, subject and indicator: how many places are known, and which of those that were announced are not."""
    rows = reader.rows("SELECT * FROM coverage_readable WHERE evaluation_id = ?", identity)
    rows.sort(key=lambda row: (group_order(row), row["indicator"] is not None, row["subject"], row["indicator"] or ""))
    return rows


def _group(reader: Reader, identity: str, group: str, total: int, page: int) -> Row:
    """The results of one group: the first of them, or one page."""
    limit, offset = (PER_PAGE, (page - 1) * PER_PAGE) if page else (PER_GROUP, 0)
    rows = reader.rows(
        f"SELECT {RESULT_COLUMNS} FROM results r JOIN evaluations e ON e.id = r.evaluation WHERE r.evaluation = ? "  # noqa: S608 - constants
        f"AND r.\"group\" = ? AND r.status <> 'withdrawn' ORDER BY {_ORDER} LIMIT ? OFFSET ?",
        identity, group, limit, offset,
    )  # fmt: skip
    return {
        "group": group,
        "total": total,
        "more": offset + len(rows) < total,
        "results": with_words(reader, rows, most=1),
    }


def _reporters(reader: Reader, identity: str) -> list[Row]:
    """The articles that tell of it, the earliest published first."""
    return reader.rows(
        "SELECT a.id AS article, a.title, a.outlet, a.origin, a.published, a.url, a.cluster, "
        "(SELECT count(*) FROM mentions m WHERE m.article = a.id AND m.evaluation = s.key) AS says "
        "FROM article_evaluations s JOIN articles a ON a.id = s.article WHERE s.evaluation = ? "
        "ORDER BY a.published IS NULL, a.published, a.id LIMIT ?",
        identity, _REPORTERS,
    )  # fmt: skip
