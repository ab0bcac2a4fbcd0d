"""Conditional requests (RFC 9110 §13): a page that is as it was need not be sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.items import Page, SeenPage

__all__ = ["NOT_MODIFIED", "condition_headers", "seen_page"]

NOT_MODIFIED = 304

LONGEST = 1000
"""A longer ETag is none that we would send back."""


def condition_headers(known: SeenPage | None) -> dict[str, str]:
    """The headers that ask for a page only if it is not as we know it (§13.1.2, §13.1.3); none where it is not known.

    >>> condition_headers(SeenPage("http://a.cn/", '"x1"', None, "0"))
    {'If-None-Match': '"x1"'}
    """
    if known is None:
        return {}
    pairs = (("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified))
    return {name: value for name, value in pairs if value}


def seen_page(page: Page, digest: str, *, url: str | None = None) -> SeenPage:
    """By what a page is known again. `url` is the address that was asked for, where that counts."""
    etag = page.headers.get("etag", "").strip()
    return SeenPage(url or page.url, etag if 0 < len(etag) <= LONGEST else None, _last_modified(page), digest)


def _last_modified(page: Page) -> str | None:
    """The header, where the page was not changed in the second in which it was sent: it may have changed again in that second
    (§8.8.2.2)."""
    text = page.headers.get("last-modified", "").strip()
    changed, sent = _moment(text), _moment(page.headers.get("date", ""))
    if changed is None or (sent is not None and sent - changed < timedelta(seconds=1)):
        return None
    return text


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # a date without zone cannot be compared with one that has it
    return moment if moment.tzinfo else None
