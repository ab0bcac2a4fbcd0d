"""Listed articles that were not there, or could not be read: asked for again after some nights, then given up.

Without them a dead link in a list would be asked for every night. What fails in passing (a site that is down) is none: the next
night reads the list again.
"""

from __future__ import annotations

from datetime import date, timedelta

from crawler.items import Entry
from storage.addresses import canonical_address
from storage.articles import touch_source
from storage.database import Store
from storage.rows import date_from_text, date_text

__all__ = ["MISS_DAYS", "due_misses", "note_miss"]

MISS_DAYS = (1, 3, 7, 30)
"""So many days after it was first missed an entry is asked for again."""


def due_misses(store: Store, source_id: str, night: date) -> list[Entry]:
    """The entries of a source that are asked for again this night."""
    rows = store.rows(
        "SELECT url, title, published FROM misses WHERE source = ? AND due <= ? ORDER BY due, address",
        source_id, night.isoformat(),
    )  # fmt: skip
    return [Entry(row["url"], row["title"], date_from_text(row["published"])) for row in rows]


def note_miss(store: Store, source_id: str, entry: Entry, night: date) -> None:
    """Write down that an entry was missing, and when it is asked for again, if ever."""
    address = canonical_address(entry.url)
    with store.writing():
        touch_source(store, source_id)
        first = store.value("SELECT first FROM misses WHERE address = ?", address)
        if first is None:
            store.insert("misses", {
                "address": address, "source": source_id, "url": entry.url, "title": entry.title,
                "published": date_text(entry.published), "first": night.isoformat(), "due": _next(night, night),
            })  # fmt: skip
        else:
            due = _next(date.fromisoformat(first), night)
            store.execute("UPDATE misses SET due = ? WHERE address = ?", due, address)


def _next(first: date, night: date) -> str | None:
    days = (first + timedelta(days=number) for number in MISS_DAYS)
    return next((day.isoformat() for day in days if day > night), None)
