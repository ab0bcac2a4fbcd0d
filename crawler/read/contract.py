"""What `evalwatch read --json` prints: articles and entries as plain values."""

from __future__ import annotations

from datetime import date
from typing import Any

from crawler.items import Article, Entry

__all__ = ["article_as_json", "entry_as_json"]


def article_as_json(name: str, article: Article) -> dict[str, Any]:
    """An article by the names of the contract: `media` is who published it, `origin` whom it reprints, `next` the address of
    its next page; dates as ISO 8601, tables as rows of texts."""
    return {
        "id": name,
        "title": article.title,
        "published": _iso(article.published),
        "modified": _iso(article.modified),
        "media": article.outlet,
        "origin": article.origin,
        "author": article.author,
        "editor": article.editor,
        "text": article.text,
        "tables": [
            {
                "caption": table.caption,
                "rows": [[cell.text for cell in row] for row in table.rows],
                "header_rows": sum(all(cell.header for cell in row) for row in table.rows),
                "span": [table.start, table.end],
            }
            for table in article.tables
        ],
        "images": [{"url": image.url, "caption": image.caption, "at": image.start} for image in article.images],
        "attachments": [{"url": file.url, "title": file.title, "kind": file.kind} for file in article.attachments],
        "next": article.next_url,
        "charset": article.charset,
        "notes": list(article.notes),
    }


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """One line of a list."""
    return {"url": entry.url, "title": entry.title, "date": _iso(entry.published)}


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None
