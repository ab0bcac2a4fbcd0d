"""An article: its text with every mention marked, and the facts beside it."""

from __future__ import annotations

import json
from dataclasses import asdict

from storage.inspect.marked import blocks
from storage.inspect.reader import Reader, Row

__all__ = ["article"]

_COPIES = 30


def article(reader: Reader, identity: str) -> Row | None:
    """The article with that id."""
    own = reader.row(
        "SELECT id, url, source, run, night, baseline, cluster, kind, title, outlet, origin, author, editor, published, modified, "
        "fetched, region, notes, text, first_seen, changed FROM articles WHERE id = ?",
        identity,
    )
    if own is None:
        return None
    own["notes"] = json.loads(own["notes"])
    mentions = reader.rows(
        'SELECT m.number, m.start, m.end, m.words, m.result AS fact_key, m.entity, m.code, r.subject, r."group", r.kind, r.status, '
        "r.decided, "
        "r.sources, m.rank, m.tied, m.top, m.score, m.grade, m.award, m.work, m.improved, m.change, m.indicator, m.implied, "
        "m.confidence, m.rule, e.series, e.year, e.name AS evaluation, e.id AS evaluation_id FROM mentions m "
        "JOIN results r ON r.fact_key = m.result JOIN evaluations e ON e.id = r.evaluation WHERE m.article = ? ORDER BY m.number",
        identity,
    )
    parts = reader.rows("SELECT kind, start, end FROM paragraphs WHERE article = ? ORDER BY number", identity)
    found = blocks(
        own["text"],
        [(part["kind"], part["start"], part["end"]) for part in parts],
        [(mention["start"], mention["end"], mention["number"]) for mention in mentions],
    )
    return own | {"mentions": mentions, "blocks": [asdict(block) for block in found], "copies": _copies(reader, own)}


def _copies(reader: Reader, own: Row) -> list[Row]:
    """The other articles with the same text."""
    return reader.rows(
        "SELECT id AS article, title, outlet, published FROM articles WHERE cluster = ? AND id <> ? ORDER BY published, id LIMIT ?",
        own["cluster"], own["id"], _COPIES,
    )  # fmt: skip
