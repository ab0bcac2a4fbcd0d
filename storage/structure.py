"""What of an article its columns, paragraphs and attachments do not tell, and the article put together again from all of them.

Text and spans stand in the tables that people query. Cells, headers and captions of tables, and images, are kept only so that the
article can be read again without its page; they stand in one compact column.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crawler.items import Article, Attachment, Cell, Image, Paragraph, Table
from storage.rows import date_from_text, time_from_text

__all__ = ["is_whole", "rebuilt_article", "structure_text"]

Normalise = Callable[[str], tuple[str, Sequence[int]]]
"""Text → what rules are matched on, with offsets. What it does is reading, which storage does not know."""

_HEADER = "h"


def structure_text(article: Article) -> str:
    """The column `structure`. An article without tables and images has `{}`.

    A table is {"c": caption, "r": rows}. A row lists its cells; "h" before them makes them headers. A cell that follows the one before
    by one character is its length; any other is [characters in between, length, 1 for a header, its text where it is not that of the span].
    """
    parts: dict[str, Any] = {}
    if article.tables:
        parts["t"] = [_table_as_json(table, article.text) for table in article.tables]
    if article.images:
        parts["i"] = [[image.start, image.url, image.caption] for image in article.images]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _table_as_json(table: Table, text: str) -> dict[str, Any]:
    rows, at = [], table.start
    for row in table.rows:
        is_head = bool(row) and all(cell.header for cell in row)
        cells: list[Any] = [_HEADER] if is_head else []
        for cell in row:
            own = [] if cell.text == text[cell.start : cell.end] else [cell.text]
            gap, length = cell.start - at, cell.end - cell.start
            is_plain = not gap and not own and cell.header == is_head
            cells.append(length if is_plain else [gap, length, int(cell.header), *own])
            at = cell.end + 1
        rows.append(cells)
    return ({} if table.caption is None else {"c": table.caption}) | {"r": rows}


def _table_from_json(told: Mapping[str, Any], start: int, end: int, text: str) -> Table:
    rows, at = [], start
    for row in told["r"]:
        is_head, cells = row[:1] == [_HEADER], []
        for given in row[1:] if is_head else row:
            gap, length, header, *own = given if isinstance(given, list) else (0, given, is_head)
            first = at + gap
            at = first + length + 1
            cells.append(Cell(own[0] if own else text[first : at - 1], first, at - 1, bool(header)))
        rows.append(tuple(cells))
    return Table(start, end, tuple(rows), told.get("c"))


def is_whole(row: Mapping[str, Any], paragraphs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a stored article can be put together again with all that results are read from; one that was stored before
    `structure` was kept can where it has no table."""
    return row["structure"] is not None or all(part["kind"] != "table" for part in paragraphs)


def rebuilt_article(
    row: Mapping[str, Any], paragraphs: Sequence[Mapping[str, Any]], attachments: Sequence[Mapping[str, Any]], normalise: Normalise
) -> Article:  # fmt: skip
    """The article of a row of `articles`, in every field as it was stored (`fetched` to the second)."""
    told = json.loads(row["structure"] or "{}")
    text = row["text"]
    plain, offsets = normalise(text)
    spans = [(part["start"], part["end"]) for part in paragraphs if part["kind"] == "table"]
    return Article(
        text=text,
        plain=plain,
        offsets=offsets,
        paragraphs=tuple(
            Paragraph(part["start"], part["end"], part["kind"]) for part in paragraphs if part["kind"] != "table"
        ),
        tables=tuple(
            _table_from_json(table, *span, text) for table, span in zip(told.get("t", ()), spans, strict=False)
        ),
        images=tuple(Image(url, start, caption) for start, url, caption in told.get("i", ())),
        attachments=tuple(Attachment(a["url"], a["title"], a["kind"], a["outcome"]) for a in attachments),
        published=date_from_text(row["published"]),
        modified=date_from_text(row["modified"]),
        fetched=time_from_text(row["fetched"]) if row["fetched"] else None,
        notes=tuple(json.loads(row["notes"])),
        **{name: row[name] for name in ("url", "title", "outlet", "origin", "author", "editor", "region", "charset")},
    )
