"""Search: places, evaluations and articles that hold the words."""

from __future__ import annotations

from storage.inspect.reader import Reader, Row
from storage.rows import json_text
from storage.search import match_expression

__all__ = ["search"]

PER_PAGE = 20
_BATCH = 60
_MOST_LOOKED_AT = 600
_PLACES = 12
_AROUND = 36
_MOST_COUNTED = 10_000


def search(reader: Reader, words: str, page: int = 1) -> Row:
    """What holds every one of these simplified words: articles by publication, the newest first."""
    wanted = words.lower().split()
    articles: list[Row] = []
    expression = match_expression(words)
    if wanted and expression:
        articles = _articles(reader, expression, wanted, page * PER_PAGE + 1)
    here = articles[(page - 1) * PER_PAGE : page * PER_PAGE]
    for row in here:
        row["snippet"] = _snippet(reader, row["article"], wanted)
    return {
        "words": words,
        "places": _places(reader, wanted) if wanted and page == 1 else [],
        "evaluations": _evaluations(reader, wanted) if wanted and page == 1 else [],
        "articles": here,
        "page": page,
        "more": len(articles) > page * PER_PAGE,
        "about": _count(reader, expression) if expression and wanted else 0,
    }


def _articles(reader: Reader, expression: str, wanted: list[str], enough: int) -> list[Row]:
    """The first articles that really hold the words: the index knows only pairs of characters."""
    found: list[Row] = []
    last = 1 << 62
    for _ in range(_MOST_LOOKED_AT // _BATCH):
        numbers = [
            row["number"]
            for row in reader.rows(
                "SELECT rowid AS number FROM text_terms WHERE text_terms MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
                expression, last, _BATCH,
            )
        ]  # fmt: skip
        found += _holding(reader, numbers, wanted)
        if len(numbers) < _BATCH or len(found) >= enough:
            break
        last = numbers[-1]
    return found


def _holding(reader: Reader, numbers: list[int], wanted: list[str]) -> list[Row]:
    condition = " AND ".join(
        "(instr(lower(coalesce(a.title, '')), ?) OR instr(coalesce(a.outlet, ''), ?) OR EXISTS (SELECT 1 FROM paragraphs p "
        "WHERE p.article = a.id AND instr(lower(p.plain), ?)))"
        for _ in wanted
    )
    # nothing but the constant above, once per word; the words are bound
    return reader.rows(
        "SELECT a.id AS article, a.title, a.outlet, a.origin, a.published, a.url, a.kind, a.cluster, "  # noqa: S608
        "(SELECT count(*) FROM mentions m WHERE m.article = a.id) AS says FROM json_each(?) j "
        f"JOIN text_numbers n ON n.number = j.value JOIN articles a ON a.id = n.article WHERE {condition} ORDER BY j.key",
        json_text(numbers), *(value for word in wanted for value in (word, word, word)),
    )  # fmt: skip


def _snippet(reader: Reader, article: str, wanted: list[str]) -> list[list[object]]:
    """The words in their surroundings, as pieces [text, is it a word looked for]."""
    plain = reader.value(
        "SELECT plain FROM paragraphs WHERE article = ? AND instr(lower(plain), ?) ORDER BY number LIMIT 1",
        article,
        wanted[0],
    ) or reader.value("SELECT plain FROM paragraphs WHERE article = ? ORDER BY number LIMIT 1", article)
    if plain is None:
        return []
    text = " ".join(plain.split())
    at = max(text.lower().find(wanted[0]), 0)
    start, end = max(at - _AROUND, 0), at + len(wanted[0]) + 2 * _AROUND
    cut = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return _pieces(cut, wanted)


def _pieces(text: str, wanted: list[str]) -> list[list[object]]:
    lower = text.lower()
    marks = bytearray(len(text))
    for word in wanted:
        at = lower.find(word)
        while at >= 0:
            marks[at : at + len(word)] = b"\1" * len(word)
            at = lower.find(word, at + len(word))
    pieces: list[list[object]] = []
    for character, mark in zip(text, marks, strict=False):
        if pieces and pieces[-1][1] == bool(mark):
            pieces[-1][0] = str(pieces[-1][0]) + character
        else:
            pieces.append([character, bool(mark)])
    return pieces


def _places(reader: Reader, wanted: list[str]) -> list[Row]:
    """Entities whose name holds the words, the highest level first. Their names are found by jumping through the index."""
    condition = " AND ".join("instr(n.entity, ?)" for _ in wanted)
    return reader.rows(
        "WITH RECURSIVE n(entity) AS (SELECT min(entity) FROM results UNION ALL "  # noqa: S608 - constants
        "SELECT (SELECT min(entity) FROM results WHERE entity > n.entity) FROM n WHERE n.entity IS NOT NULL) "
        "SELECT n.entity, (SELECT code FROM results WHERE entity = n.entity LIMIT 1) AS code FROM n "
        f"WHERE n.entity IS NOT NULL AND {condition} "
        "ORDER BY length(n.entity) - length(replace(n.entity, '/', '')), length(n.entity), n.entity LIMIT ?",
        *wanted, _PLACES,
    )  # fmt: skip


def _evaluations(reader: Reader, wanted: list[str]) -> list[Row]:
    condition = " AND ".join("instr(lower(name), ?)" for _ in wanted)
    return reader.rows(
        f"SELECT id, series, year, name FROM evaluations WHERE {condition} ORDER BY year DESC, series LIMIT ?",  # noqa: S608 - constants
        *wanted, _PLACES,
    )  # fmt: skip


def _count(reader: Reader, expression: str) -> int:
    """How many articles the index names, at most so many as anybody wants to know."""
    return int(
        reader.value(
            "SELECT count(*) FROM (SELECT 1 FROM text_terms WHERE text_terms MATCH ? LIMIT ?)",
            expression,
            _MOST_COUNTED,
        )
    )
