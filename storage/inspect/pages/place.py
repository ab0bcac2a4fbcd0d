"""A place, a ministry or an organisation over the years."""

from __future__ import annotations

from collections.abc import Sequence

from storage.history import entity_history, history_as_json
from storage.inspect.pages.facts import RESULT_COLUMNS, with_words
from storage.inspect.reader import Reader, Row
from storage.rows import json_text

__all__ = ["place"]

PER_PAGE = 60
_CODE_LENGTH = 6
_MOST_BELOW = 300


def place(reader: Reader, key: str, known: Sequence[str] = (), page: int = 1) -> Row | None:
    """What is known of the place with this code or name, the newest year first; its places over the years for the chart, all of them.
    `known` are all names that it has or had, if somebody knows them: they count as one."""
    names = _names(reader, key, known)
    code = names[0]["code"] if names else key if key.isdigit() else None
    below = _below(reader, code)
    if not names and not below:
        return None
    own = [row["entity"] for row in names]
    rows = reader.rows(
        f"SELECT {RESULT_COLUMNS} FROM json_each(?) n JOIN results r ON r.entity = n.value JOIN evaluations e ON e.id = r.evaluation "  # noqa: S608
        "WHERE r.status <> 'withdrawn' ORDER BY e.year DESC, r.kind <> 'rank', r.indicator IS NOT NULL, e.series, r.\"group\", "
        "r.kind, r.fact_key LIMIT ? OFFSET ?",
        json_text(own), PER_PAGE + 1, (page - 1) * PER_PAGE,
    )  # fmt: skip
    entity = own[0] if own else below[0]["entity"].rpartition("/")[0]
    return {
        "entity": entity,
        "code": code,
        "other_names": own[1:],
        "above": _above(reader, entity),
        "below": below,
        "total": sum(row["results"] for row in names),
        "page": page,
        "more": len(rows) > PER_PAGE,
        "charts": _charts(reader, own),
        "results": with_words(reader, rows[:PER_PAGE]),
    }


def _names(reader: Reader, key: str, known: Sequence[str]) -> list[Row]:
    """The names with results: of those that are known the newest first, else those of the code or name, the most used first."""
    known = (key, *known) if known and key not in known else known
    rows = reader.rows(
        "SELECT r.entity, max(r.code) AS code, count(*) AS results FROM json_each(?) n JOIN results r ON r.entity = n.value "
        "WHERE r.status <> 'withdrawn' GROUP BY r.entity",
        json_text(list(known)),
    )
    if rows:
        return sorted(rows, key=lambda row: -known.index(row["entity"]))
    condition = "r.code = ?" if key.isdigit() and len(key) == _CODE_LENGTH else "r.entity = ?"
    return reader.rows(
        f"SELECT r.entity, r.code, count(*) AS results FROM results r WHERE {condition} AND r.status <> 'withdrawn' "  # noqa: S608
        "GROUP BY r.entity ORDER BY results DESC",
        key,
    )


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


def _charts(reader: Reader, names: Sequence[str]) -> list[Row]:
    """Per series with a place: its points (one per year, group and subject), and the same years with their gaps and changes."""
    charts: dict[str, Row] = {}
    for line in history_as_json(entity_history(reader, names, brief=True)):
        points = [
            {"series": line["series"], "group": line["group"], "subject": line["subject"], "year": year["year"],
             "rank": year["rank"], "tied": year["tied"], "status": year["status"], "fact_key": year["fact_keys"][0]}
            for year in line["years"] if year["rank"] is not None and year["year"] is not None
        ]  # fmt: skip
        if points:
            chart = charts.setdefault(line["series"], {"series": line["series"], "points": [], "lines": []})
            chart["points"] += points
            chart["lines"].append(line)
    return sorted(charts.values(), key=lambda chart: -len(chart["points"]))
