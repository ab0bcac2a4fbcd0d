"""Atom feeds (RFC 4287): messages, or anything else that has an id, a title and a time, as entries.

Written with lxml, which is here anyway: what a feed needs is ten elements, and a feed must be read back to be added to, which
the libraries that write feeds cannot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from alerts.render import render

__all__ = ["Feed", "FeedEntry", "entry_of", "feed_bytes", "feed_of", "urn", "with_entry"]

ATOM = "http://www.w3.org/2005/Atom"
_NAMES = {"a": ATOM}

_NAMESPACE = UUID("6f1d8a0e-2a5b-5c7e-9d3b-5b8f0f6f8f11")
"""Ours: ids of feeds and entries are UUIDs (RFC 9562, version 5) of names in it."""

GENERATOR = "evalwatch"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry."""

    id: str
    """An IRI that never changes (RFC 4287 §4.2.6)."""
    title: str
    """Plain text."""
    updated: datetime
    """When it last changed in a way that matters."""
    html: str
    """Its content, as HTML."""
    link: str | None = None
    """Where it can be read on. None: nowhere."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it stands in a file."""

    id: str
    """An IRI that never changes."""
    title: str
    """Plain text."""
    entries: tuple[FeedEntry, ...]
    """The newest first."""


def urn(*names: str) -> str:
    """An id for what has these names: the same for ever.

    >>> urn("alert", "msg_1") == urn("alert", "msg_1"), urn("alert", "msg_1")[:9]
    (True, 'urn:uuid:')
    """
    return uuid5(_NAMESPACE, "\x1f".join(names)).urn


def entry_of(alert_id: str, payload: Mapping[str, Any], now: datetime) -> FeedEntry:
    """The entry of a message; its id depends on the alert's alone. It links to the first page that the message rests on."""
    message = render(payload, "html")
    data = payload["data"]
    link = next(iter(_urls(data)), None) or data.get("results_url")
    return FeedEntry(urn("alert", alert_id), message.title, now, _inside(message.body), link)


def _inside(document: str) -> str:
    """What stands in the body of an HTML document: content that can stand in another page (RFC 4287 §4.1.3.3)."""
    return re.sub(r"(?s)^.*?<body[^>]*>|</body>.*$", "", document).strip()


def _urls(data: Mapping[str, Any]) -> list[str]:
    """The addresses of the articles in a message, in its order."""
    return [
        item["url"]
        for evaluation in data.get("evaluations", ())
        for group in evaluation["groups"]
        for entity in group["entities"]
        for item in entity["results"]
        if str(item.get("url") or "").startswith(("http://", "https://"))
    ]


def with_entry(feed: Feed | None, entry: FeedEntry, subscription: str, *, most: int) -> bytes | None:
    """A feed with an entry in front, of at most so many; None where the entry is in it already.

    A feed that is new takes its id from its first entry, so that no other database's feed has it.
    """
    if feed is None:
        feed = Feed(urn("feed", subscription, entry.id), f"evalwatch: {subscription}", ())
    if any(known.id == entry.id for known in feed.entries):
        return None
    return feed_bytes(replace(feed, entries=(entry, *feed.entries)[:most]))


def feed_bytes(feed: Feed, *, updated: datetime | None = None, author: str = "evalwatch") -> bytes:
    """The feed as XML in UTF-8. `updated` None: that of its newest entry, which is also said where it has none."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs know no default namespace
    times = [entry.updated for entry in feed.entries]
    _put(root, "id", feed.id)
    _put(root, "title", feed.title)
    _put(root, "updated", _time(updated or max(times, default=datetime.fromtimestamp(0, UTC))))
    _put(etree.SubElement(root, f"{{{ATOM}}}author"), "name", author)
    _put(root, "generator", GENERATOR)
    for entry in feed.entries:
        _put_entry(root, entry)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _put_entry(root: etree._Element, entry: FeedEntry) -> None:
    element = etree.SubElement(root, f"{{{ATOM}}}entry")
    _put(element, "id", entry.id)
    _put(element, "title", entry.title)
    _put(element, "updated", _time(entry.updated))
    if link := _printable(entry.link or ""):
        etree.SubElement(element, f"{{{ATOM}}}link", rel="alternate", href=link)
    _put(element, "content", entry.html).set("type", "html")


def feed_of(written: bytes) -> Feed:
    """A feed that feed_bytes wrote. Raises ValueError for anything else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(written, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"no XML: {error.msg}") from error
    if root.tag != f"{{{ATOM}}}feed" or root.findtext("a:generator", namespaces=_NAMES) != GENERATOR:
        raise ValueError("not written by evalwatch")
    entries = tuple(_read_entry(entry) for entry in root.findall("a:entry", _NAMES))
    return Feed(_text(root, "id"), _text(root, "title"), entries)


def _read_entry(element: etree._Element) -> FeedEntry:
    link = element.find("a:link", _NAMES)
    updated = datetime.fromisoformat(_text(element, "updated"))
    return FeedEntry(
        _text(element, "id"), _text(element, "title"), updated, _text(element, "content"),
        None if link is None else link.get("href"),
    )  # fmt: skip


def _text(element: etree._Element, name: str) -> str:
    return element.findtext(f"a:{name}", "", _NAMES)


def _put(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = _printable(text)
    return element


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _printable(text: str) -> str:
    """Text without the characters that XML 1.0 §2.2 has no place for."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
