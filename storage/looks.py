"""Stored articles that are looked at again, because pages are corrected after they were published.

An article with results is looked at 1, 3, 7 and 30 days after it was first read. What is known of its pages lets the site
answer that nothing changed (RFC 9110 §13), and us see it where the site sends them all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from crawler.items import Look, SeenPage
from storage.database import Store
from storage.rows import date_from_text, time_text

__all__ = ["LOOK_DAYS", "due_looks", "keep_pages", "note_look", "plan_looks", "seen_pages"]

LOOK_DAYS = (1, 3, 7, 30)
"""So many days after an article was first read it is looked at again."""

GRACE = timedelta(days=10)
"""A last look that cannot be made (the site is down) is given up after this."""


def due_looks(store: Store, source_id: str, night: date) -> list[Look]:
    """The articles of a source that are to be looked at this night, the longest due first."""
    rows = store.rows(
        "SELECT a.id, a.url, a.title, a.published FROM looks l JOIN articles a ON a.id = l.article "
        "WHERE l.due <= ? AND l.first >= ? AND a.source = ? ORDER BY l.due, a.id",
        night.isoformat(), (night - timedelta(days=LOOK_DAYS[-1]) - GRACE).isoformat(), source_id,
    )  # fmt: skip
    return [
        Look(row["id"], row["url"], row["title"] or "", date_from_text(row["published"]), seen_pages(store, row["id"]))
        for row in rows
    ]


def seen_pages(store: Store, article: str) -> tuple[SeenPage, ...]:
    """The pages of a stored article in order, as they came."""
    rows = store.rows(
        "SELECT url, etag, last_modified, digest FROM article_pages WHERE article = ? ORDER BY number", article
    )
    return tuple(SeenPage(**row) for row in rows)


def note_look(store: Store, article: str, night: date, now: datetime) -> None:
    """Write down that an article was looked at, and when that is due again."""
    with store.writing():
        row = store.row(
            "SELECT l.first, l.missing, a.gone FROM looks l JOIN articles a ON a.id = l.article WHERE l.article = ?",
            article,
        )
        if row is not None:
            # a page that is missing, or cut, is looked at every night until that is sure
            is_doubted = row["missing"] is not None and row["gone"] is None
            due = (
                (night + timedelta(days=1)).isoformat()
                if is_doubted
                else _next_look(date.fromisoformat(row["first"]), night)
            )
            store.execute("UPDATE looks SET due = ?, looked = ? WHERE article = ?", due, time_text(now), article)


def _next_look(first: date, night: date) -> str | None:
    """The first look that lies behind the night; several that were missed became one.

    >>> _next_look(date(2026, 1, 1), date(2026, 1, 2)), _next_look(date(2026, 1, 1), date(2026, 1, 31))
    ('2026-01-04', None)
    """
    days = (first + timedelta(days=number) for number in LOOK_DAYS)
    return next((day.isoformat() for day in days if day > night), None)


def plan_looks(store: Store, article: str, night: date) -> None:
    """See to it that an article with results is looked at again. One that is planned already stays so. To be called inside a
    transaction."""
    store.execute(
        "INSERT OR IGNORE INTO looks (article, first, due) VALUES (?, ?, ?)",
        article, night.isoformat(), _next_look(night, night),
    )  # fmt: skip


def keep_pages(store: Store, article: str, pages: Sequence[SeenPage]) -> None:
    """Remember how the pages of an article came. To be called inside a transaction."""
    store.execute("DELETE FROM article_pages WHERE article = ?", article)
    store.execute_many(
        "INSERT INTO article_pages (article, number, url, etag, last_modified, digest) VALUES (?, ?, ?, ?, ?, ?)",
        [(article, n, page.url, page.etag, page.last_modified, page.digest) for n, page in enumerate(pages)],
    )
