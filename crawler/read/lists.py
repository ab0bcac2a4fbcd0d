"""List pages → entries: with the selectors of a source, or by the shape of the page."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from urllib.parse import urldefrag, urljoin

from lxml import html

from crawler.config import ListSelectors
from crawler.errors import DocumentError
from crawler.items import Entry, Page
from crawler.read.charset import decode
from crawler.read.dates import from_list
from crawler.read.dom import class_and_id, parse_html, text_of
from crawler.read.hiddenrows import hidden_fragments, records_as_html
from crawler.read.rows import Row, best_rows
from crawler.read.script import normalise
from crawler.read.selectors import select, selected_elements, selected_text

__all__ = ["base_of", "entries_in", "entry_of", "list_entries", "tree_of"]

_NO_ADDRESS = ("#", "javascript:", "mailto:", "tel:", "data:")
_DATE_AT_END = re.compile(
    r"^[\s\[(]*(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?[\s\])]+(?=\S{4})|[\s\[(]+(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?(?:\s+\d\d:\d\d(?::\d\d)?)?[\s\])]*$"
)
_CALLED_TITLE = re.compile(r"(?:^|[\s_-])(?:title|tit|bt|biaoti|headline)(?:$|[\s_-])", re.IGNORECASE)
_CUT = re.compile(r"(?:\.{2,}|…+)\s*$")


def list_entries(page: Page, selectors: ListSelectors | None) -> tuple[Entry, ...]:
    """The entries of a list page in their order, each address once; none if it has none. Without a selector for items, the
    group of links that is largest and has dates. Raises DocumentError for a page that cannot be decoded."""
    root = tree_of(page)
    return entries_in(root, selectors, url=page.url, fetched=page.fetched) if root is not None else ()


def entries_in(
    root: html.HtmlElement, selectors: ListSelectors | None, *, url: str, fetched: datetime
) -> tuple[Entry, ...]:
    """The entries of a tree, as `list_entries` has them."""
    base = base_of(root, url)
    if selectors is not None and selectors.item is not None:
        found = [_selected(item, selectors, base, fetched) for item in _items(root, selectors)]
    else:
        pattern = re.compile(selectors.address) if selectors is not None and selectors.address else None
        rows = best_rows(
            _fragments(root), lambda href: pattern is None or bool(pattern.search(_join(base, href) or ""))
        )
        found = [entry_of(row, base, fetched) for row in rows]
    entries: dict[str, Entry] = {}
    for entry in found:
        if entry is not None and entry.title:
            entries.setdefault(entry.url, entry)
    return tuple(entries.values())


def _items(root: html.HtmlElement, selectors: ListSelectors) -> list[html.HtmlElement]:
    """What the selector finds on the page, else in its scripts and comments."""
    for fragment in _fragments(root):
        if items := selected_elements(fragment, selectors.item):
            for dropped in [part for item in items for part in selected_elements(item, selectors.drop)]:
                dropped.drop_tree()
            return items
    return []


def tree_of(page: Page) -> html.HtmlElement | None:
    """The tree of a list page, comments kept: entries may stand in them."""
    if not page.body.strip():
        raise DocumentError("is empty", where=page.url, hint="Fetch it again")
    decoded = decode(page.body, header=page.headers.get("content-type"), where=page.url)
    return parse_html(records_as_html(decoded.text), comments=True)


def base_of(root: html.HtmlElement, url: str) -> str:
    """What links are relative to."""
    base = root.find(".//base[@href]")
    return _join(url, base.get("href") or "") or url if base is not None else url


def _join(base: str, href: str) -> str | None:
    """The absolute address; None for one that cannot be followed."""
    href = "".join(href.split())
    if not href or href.lower().startswith(_NO_ADDRESS):
        return None
    try:
        url = urldefrag(urljoin(base, href)).url
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None


def _selected(item: html.HtmlElement, selectors: ListSelectors, base: str, fetched: datetime) -> Entry | None:
    link, href = _link(item, selectors)
    url = _join(base, href)
    if url is None:
        return None
    title = selected_text(item, selectors.title) if selectors.title else (_title(link) if link is not None else None)
    shown = selected_text(item, selectors.date) if selectors.date else _without(text_of(item), title)
    return Entry(url, _clean(title), from_list(normalise(shown or "")[0], fetched=fetched))


def _link(item: html.HtmlElement, selectors: ListSelectors) -> tuple[html.HtmlElement | None, str]:
    """The link of an item: of several the first with an address and words; the item itself may be it."""
    if item.tag == "a" and selectors.link == "a":
        return item, item.get("href") or ""
    first: tuple[html.HtmlElement | None, str] = (None, "")
    for found in select(item, selectors.link):
        if not isinstance(found, html.HtmlElement):
            return None, str(found)
        href = found.get("href") or ""
        if href and _title(found):
            return found, href
        first = (found, href) if href and not first[1] else first
    return first


def _title(link: html.HtmlElement) -> str:
    """The visible title, or the title attribute where the visible one is cut or missing."""
    shown = normalise(text_of(_headed(link)))[0].strip()
    full = normalise(re.sub(r"\s+", " ", link.get("title") or ""))[0].strip()
    cut = bool(_CUT.search(shown)) or not shown
    if full and (cut or full.startswith(_CUT.sub("", shown)) or (len(full) > len(shown) > 0 and shown[:6] == full[:6])):
        return full
    return shown or full


def _headed(link: html.HtmlElement) -> html.HtmlElement:
    """Where a link is a whole card, with a summary and a date: its heading, or what is called its title; else itself."""
    if not len(link):
        return link
    first = next(link.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)
    if first is None:
        first = next((part for part in islice(link.iterdescendants(), 30) if _CALLED_TITLE.search(_names(part))), None)
    return first if first is not None and len(text_of(first)) >= 4 else link


def _names(element: html.HtmlElement) -> str:
    return class_and_id(element) if isinstance(element.tag, str) else ""


def _clean(title: str | None) -> str:
    plain = normalise(entities.unescape(title or ""))[0]
    plain = _DATE_AT_END.sub("", re.sub(r"</?[a-zA-Z][^<>]{0,80}>", " ", plain))
    return re.sub(r"\s+", " ", plain).strip().lstrip("·•>»-■◆ ").strip()


def _without(text: str, title: str | None) -> str:
    """What an item says beside its title, so that a date within the title is not taken for its own."""
    return text.replace(title, " ", 1) if title and title in text else text


def entry_of(row: Row, base: str, fetched: datetime) -> Entry | None:
    """The entry of a row that was found by shape."""
    url = _join(base, row.link.get("href") or "")
    if url is None:
        return None
    return Entry(url, _clean(_title(row.link)), from_list(normalise(row.beside)[0], fetched=fetched))


def _fragments(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The page, then what stands in its comments and scripts."""
    yield root
    yield from hidden_fragments(root)
