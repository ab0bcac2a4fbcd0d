"""What comes over the wire, and what a list says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["Entry", "Look", "Page", "SeenPage"]


@dataclass(frozen=True, slots=True)
class Page:
    """What came over the wire for one address."""

    url: str
    """The address that answered, after redirects."""
    status: int
    """HTTP status code."""
    headers: Mapping[str, str]
    """Response headers by lower-case name; of repeated ones the last."""
    body: bytes
    """The entity body with its content coding undone."""
    fetched: datetime
    """When it was fetched (for a replayed page: WARC-Date). UTC."""


@dataclass(frozen=True, slots=True)
class SeenPage:
    """By what a page is known again, so that it need not be sent, or not be read, while it is the same."""

    url: str
    """Its address; of a list the one that was asked for, of an article's page the one that answered."""
    etag: str | None
    """Its header ETag (RFC 9110 §8.8.3). None: none came, or it is not believed."""
    last_modified: str | None
    """Its header Last-Modified (§8.8.2). None: as etag."""
    digest: str
    """Of a list's entries; of the bytes of an article's page."""


@dataclass(frozen=True, slots=True)
class Look:
    """A stored article that is to be looked at again."""

    article: str
    """Its id in the store."""
    url: str
    """Where it stands."""
    title: str
    """Its headline, empty where it has none."""
    published: date | None
    """As in Article.published."""
    pages: tuple[SeenPage, ...]
    """Its pages as they came when its text was stored. Empty: unknown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list, feed, sitemap or search answer."""

    url: str
    """Absolute address of the article."""
    title: str
    """The full title as far as the list gives it; empty for a sitemap without titles."""
    published: date | None = None
    """What the list says of its date: a datetime (+08:00) where it gives a time, else a date. None: nothing usable."""
