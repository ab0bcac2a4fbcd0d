"""A place, a ministry or an organisation over the years."""

from __future__ import annotations

from typing import Any

from storage.inspect.pages.facts import RESULT_COLUMNS, with_words
from storage.inspect.reader import Reader, Row

__all__ = ["place"]

PER_PAGE = 60
_CODE_LENGTH = 6
_MOST_BELOW = 300


def place(reader: Reader, key: str, page: int = 1) -> Row | None:
    """What is known of the place with this code or name, the newest year first; its ranks for the chart, all of them."""
    condition = "r.code = ?" if key.isdigit() and len(key) == _CODE_LENGTH else "r.entity = ?"
    # the condition is one of the constants above; so is the rest
    names = reader.rows(
        f"SELECT r.entity, r.code, count(*) AS results FROM results r WHERE {condition} AND r.status <> 'withdrawn' "  # noqa: S608
        "GROUP BY r.entity, r.code ORDER BY results DESC",
        key,
    )
    code = names[0]["code"] if names else key if key.isdigit() else None
    below = _below(reader, code)
    if not names and not below:
        return None
    entity = names[0]["entity"] if names else below[0]["entity"].rpartition("/")[0]
    rows = reader.rows(
        f"SELECT {RESULT_COLUMNS} FROM results r JOIN evaluations e ON e.id = r.evaluation WHERE {condition} "  # noqa: S608
        'AND r.status <> \'withdrawn\' ORDER BY e.year DESC, r.kind <> \'rank\', r.indicator IS NOT NULL, e.series, r."group", r.kind, r.fact_key '
        "LIMIT ? OFFSET ?",
        key, PER_PAGE + 1, (page - 1) * PER_PAGE,
    )  # fmt: skip
    return {
        "entity": entity,
        "code": code,
        "other_names": [row["entity"] for row in names[1:]],
        "above": _above(reader, entity),
        "below": below,
        "total": sum(row["results"] for row in names),
        "page": page,
        "more": len(rows) > PER_PAGE,
        "charts": _charts(reader, condition, key),
        "results": with_words(reader, rows[:PER_PAGE]),
    }


def _above(reader: Reader, entity: str) -> list[Row]:
    """The places that it lies in, from the province down."""
    parts = entity.split("/")
    names = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    return [
        {"entity": name, "code": reader.value("SELECT code FROM results WHERE entity = ? LIMIT 1", name)}
        for name in names
    ]


def _below(reader: Reader, code: str | None) -> list[Row]:
    """The places of the next level below it of which anything is known: found by jumping from code to code in the index."""
    if code is None or not code.endswith("00"):
        return []
    is_province = code.endswith("0000")
    stem = code[:2] if is_province else code[:4]
    rows = reader.rows(
        "WITH RECURSIVE c(code) AS (SELECT min(code) FROM results WHERE code > ?1 AND code < ?2 UNION ALL "
        "SELECT (SELECT min(code) FROM results WHERE code > c.code AND code < ?2) FROM c WHERE c.code IS NOT NULL LIMIT ?3) "
        "SELECT c.code, (SELECT entity FROM results WHERE code = c.code LIMIT 1) AS entity FROM c WHERE c.code IS NOT NULL",
        code, f"{int(stem) + 1}", _MOST_BELOW,
    )  # fmt: skip
    depth = rows[0]["entity"].count("/") if rows else 0
    return [row for row in rows if row["entity"] and (not is_province or row["code"].endswith("00") or depth == 0)]


def _charts(reader: Reader, condition: str, key: str) -> list[Row]:
    """Per series: its overall ranks, one point per year, group and subject."""
    rows = reader.rows(
        'SELECT e.series, e.year, r."group", r.subject, r.rank, r.tied, r.status, r.fact_key FROM results r '  # noqa: S608
        f"JOIN evaluations e ON e.id = r.evaluation WHERE {condition} AND r.kind = 'rank' AND r.rank IS NOT NULL "
        "AND r.indicator IS NULL AND e.year IS NOT NULL AND e.series <> 'other' AND r.status <> 'withdrawn' "
        'ORDER BY e.series, r."group", r.subject, e.year',
        key,
    )
    charts: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        charts.setdefault(row.pop("series"), []).append(row)
    found = [{"series": series, "points": points} for series, points in charts.items()]
    return sorted(found, key=lambda chart: -len(chart["points"]))
