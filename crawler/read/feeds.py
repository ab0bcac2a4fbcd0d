"""Feeds (RSS 2.0, Atom) and sitemaps → entries."""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml import etree

from crawler.errors import DocumentError
from crawler.items import Entry, Page
from crawler.read.dates import BEIJING, first_date, in_range
from crawler.read.script import normalise

__all__ = ["feed_entries"]

_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_CHINESE_MAIL_DATE = re.compile(r"\s*(?:周|星期)[一二三四五六日天],\s*(\d{1,2})\s+(1[0-2]|0?[1-9])月\s+(.*)")
_MARKUP = re.compile(r"<[^<>]{0,200}>")


def feed_entries(page: Page) -> tuple[Entry, ...]:
    """The entries of a feed or sitemap in their order, each address once; of a sitemap index, the sitemaps, without titles.
    Raises DocumentError for what is neither."""
    if not page.body.strip():
        raise DocumentError("is empty", where=page.url, hint="Fetch it again")
    found = _sitemap(page) if _SITEMAP.search(page.body[:5000]) else _feed(page)
    entries: dict[str, Entry] = {}
    for entry in found:
        if entry.url.startswith(("http://", "https://")):
            entries.setdefault(entry.url, entry)
    return tuple(entries.values())


def _feed(page: Page) -> Iterator[Entry]:
    """RSS and Atom of all versions. A file object is passed: bytes could be taken for the name of a file."""
    headers = {"content-type": page.headers.get("content-type", "application/xml"), "content-location": page.url}
    feed = feedparser.parse(io.BytesIO(page.body), response_headers=headers)
    if not feed.entries and not (feed.version and _FEED.search(page.body[:5000])):
        raise DocumentError("is no feed and no sitemap", where=page.url, hint="Check the address of the source")
    for item in feed.entries:
        if link := (item.get("link") or "").strip():
            yield Entry(urljoin(page.url, link), _title(item.get("title")), _published(item, page.fetched))


def _title(text: str | None) -> str:
    plain = normalise(_MARKUP.sub("", text or ""))[0]
    return re.sub(r"\s+", " ", plain).strip()


def _published(item: Any, fetched: datetime) -> date | None:
    """published, else updated; dates that feedparser does not know are read as a page prints them."""
    for name in ("published", "updated", "created"):
        parsed = item.get(f"{name}_parsed")
        if parsed is not None:
            value = datetime.fromtimestamp(calendar.timegm(parsed), UTC).astimezone(BEIJING)
            if in_range(value, fetched=fetched):
                return value
        if (shown := first_date(_in_english(item.get(name)), fetched=fetched)) is not None:
            return shown
    return None


def _in_english(text: str | None) -> str | None:
    """An RFC 822 date whose day and month are written in Chinese (Bing in China), with the names that the standard has.

    >>> _in_english("周二, 31 12月 2024 02:20:00 GMT")
    '31 Dec 2024 02:20:00 GMT'
    """
    match = _CHINESE_MAIL_DATE.match(text or "")
    return f"{match[1]} {calendar.month_abbr[int(match[2])]} {match[3]}" if match else text


def _sitemap(page: Page) -> Iterator[Entry]:
    """Sitemaps 0.9 with the news extension. Entities are not resolved and nothing is loaded."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, remove_comments=True, load_dtd=False
    )
    root = etree.fromstring(page.body, parser)
    if root is None:
        raise DocumentError("is no feed and no sitemap", where=page.url, hint="Check the address of the source")
    for element in root.iterchildren("{*}url", "{*}sitemap"):
        address = (element.findtext("{*}loc") or "").strip()
        if address:
            title = element.findtext("{*}news/{*}title")
            shown = element.findtext("{*}news/{*}publication_date") or element.findtext("{*}lastmod")
            yield Entry(urljoin(page.url, address), _title(title), first_date(shown, fetched=page.fetched))
