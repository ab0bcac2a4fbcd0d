"""What a list page is built with, and by which selectors it can be read: for `evalwatch sources add`. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import html

from crawler.config import Family, JsonPaths, ListSelectors, families
from crawler.config.families import with_family
from crawler.errors import DocumentError
from crawler.items import Entry, Page
from crawler.read.charset import decode
from crawler.read.dom import text_of
from crawler.read.feeds import feed_entries
from crawler.read.jsonlists import json_entries, loaded_json
from crawler.read.lists import entries_in, list_entries, tree_of
from crawler.read.rows import Row, best_rows
from crawler.read.selectors import selected_elements

__all__ = ["Proposal", "proposals"]

_FEED = re.compile(rb"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex)\b", re.IGNORECASE)
_TITLE = re.compile(r"title|topic|headline|^name$", re.IGNORECASE)
_ADDRESS = re.compile(r"url|link|href", re.IGNORECASE)
_DATE = re.compile(r"time|date|rq$", re.IGNORECASE)
_ABOVE = 3
_NAME = re.compile(r"^[A-Za-z_][\w-]*$")
MARK = 2
"""A word in the source of a page counts as much as so many links of the family's shape."""
LEAST = 2
"""Entries that make a list."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to read a list page."""

    access: str
    """list, feed, sitemap or json."""
    family: Family | None
    """What it is built with. None: not recognised, or no matter."""
    keys: Mapping[str, Mapping[str, str]]
    """Tables that a source must write besides its family: list or json. Empty: none."""
    entries: tuple[Entry, ...]
    """What it yields."""
    why: tuple[str, ...] = field(default=())
    """By what the family was recognised, in words."""

    @property
    def dated(self) -> int:
        """How many entries have a date."""
        return sum(entry.published is not None for entry in self.entries)


def proposals(page: Page) -> tuple[Proposal, ...]:
    """The ways to read a list page, the best first; none for a page that is no list. Raises DocumentError for one that cannot be
    decoded."""
    if match := _FEED.search(page.body[:2000]):
        access = "sitemap" if match[1].lower() in (b"urlset", b"sitemapindex") else "feed"
        entries = feed_entries(page)
        return (Proposal(access, _family_of(entries), {}, entries),)
    found = [*_of_json(page)] if page.body.lstrip()[:1] != b"<" else [*_of_families(page), *_of_rows(page)]
    return tuple(sorted((one for one in found if len(one.entries) >= LEAST), key=_worth, reverse=True))


def _worth(proposal: Proposal) -> tuple[float, int]:
    """Entries with dates first; of equals what the family alone says, then what it says with a selector, then no family."""
    value = len(proposal.entries) + 2 * proposal.dated
    return value * (1.2 if proposal.family else 1.0), -len(proposal.keys)


def _family_of(entries: tuple[Entry, ...]) -> Family | None:
    """The family whose addresses most entries have."""
    best, most = None, 0
    for family in families().values():
        count = sum(_is_article(family, entry.url) for entry in entries)
        if count > most and count * 2 >= len(entries):
            best, most = family, count
    return best


def _is_article(family: Family, url: str) -> bool:
    return any(re.search(pattern, url) for pattern in family.addresses)


def _of_families(page: Page) -> Iterator[Proposal]:
    """Each family of which the page has links, with what its presets find, or a selector of the page's own beside them."""
    text = decode(page.body, header=page.headers.get("content-type"), where=page.url).text
    root = tree_of(page)
    if root is None:
        return
    own = _selectors_of(root)
    scored: list[tuple[int, Proposal]] = []
    for family in families().values():
        marks = [mark for mark in family.marks if re.search(mark, text)]
        if family.source.get("access") != "list" or not family.addresses:
            continue
        linked = entries_in(root, ListSelectors(address="|".join(family.addresses)), url=page.url, fetched=page.fetched)
        if len(linked) < LEAST:
            continue
        why = (f"{len(linked)} addresses of its articles", *(f"the word {mark}" for mark in marks))
        preset = ListSelectors(**(with_family({"family": family.id}).get("list") or {}))
        entries = list_entries(page, preset)
        keys: dict[str, Mapping[str, str]] = {}
        if own and sum(_is_article(family, one.url) for one in entries) < len(linked):
            keys, entries = {"list": own}, list_entries(page, _list_of(own))
        scored.append((len(linked) + MARK * len(marks), Proposal("list", family, keys, entries, why)))
    if scored:
        # one page is built with one family
        yield max(scored, key=lambda pair: pair[0])[1]


def _of_rows(page: Page) -> Iterator[Proposal]:
    """The page by a selector of its own; where its rows stand in a script or comment, without one."""
    root = tree_of(page)
    if root is None:
        return
    if own := _selectors_of(root):
        yield Proposal("list", None, {"list": own}, list_entries(page, _list_of(own)))
    elif entries := list_entries(page, None):
        yield Proposal("list", _family_of(entries), {}, entries)


def _list_of(keys: Mapping[str, str]) -> ListSelectors:
    return ListSelectors(item=keys["item"], date=keys.get("date"))


def _selectors_of(root: html.HtmlElement) -> dict[str, str]:
    """Selectors for the rows that look most like a list: by a class or id above them that leads to them and nothing else, or
    to the fewest besides. Empty where none stands out."""
    rows = best_rows([root])
    if not rows:
        return {}
    item, wanted = _row_element(rows[0]), {row.link for row in rows}
    names = _name_of(item)
    row = f"{item.tag}{names if all(_name_of(_row_element(other)) == names for other in rows) else ''}"
    date = _date_of(item, rows[0])
    paths = [
        f"{above} {path}" for path in (row, f"{row}:has({date})" if date else "") if path for above in _above(item)
    ]
    if not paths:
        return {}
    best = min(paths, key=lambda path: _misses(root, path, wanted))
    return {"item": best} | ({"date": date} if date else {})


def _above(item: html.HtmlElement) -> Iterator[str]:
    """The named elements around an item, as CSS, the nearest first."""
    found = 0
    for element in item.iterancestors():
        named = _name_of(element)
        if named and element.tag not in {"body", "html"} and found < _ABOVE:
            found += 1
            yield f"{element.tag}{named}{' >' if element is item.getparent() else ''}"


def _misses(root: html.HtmlElement, css: str, wanted: set[html.HtmlElement]) -> int:
    """How many links a selector leads to that are none of the rows', and how many of theirs it does not lead to."""
    items = selected_elements(root, css)
    links = {link for item in items for link in ([item] if item.tag == "a" else item.iter("a"))}
    held = sum(any(link in wanted for link in item.iter("a")) for item in items)
    return len(wanted - links) * 2 + len(items) - held


def _row_element(row: Row) -> html.HtmlElement:
    """The element of a row: what hangs in its parent and holds the link."""
    node = row.link
    while (parent := node.getparent()) is not None and parent is not row.parent:
        node = parent
    return node


def _name_of(element: html.HtmlElement) -> str:
    """An element's first plain class or its id, as CSS; empty where it has none. Names with digits are made by machines."""
    for name in (element.get("class") or "").split():
        if _NAME.match(name) and not re.search(r"\d{3}", name):
            return f".{name}"
    identity = element.get("id") or ""
    return f"#{identity}" if _NAME.match(identity) and not re.search(r"\d{2}", identity) else ""


def _date_of(item: html.HtmlElement, row: Row) -> str | None:
    """The element of an item that holds its date and little else."""
    for element in item.iter("span", "em", "i", "time", "td", "dd", "p", "div", "b", "small"):
        text = text_of(element)
        if element is not row.link and len(text) < 30 and re.search(r"\d{1,4}\s*[-./年月]\s*\d{1,2}", text):
            return f"{element.tag}{_name_of(element)}"
    return None


def _of_json(page: Page) -> Iterator[Proposal]:
    """Each array of objects that have a title and an address."""
    text = decode(page.body, header=page.headers.get("content-type"), where=page.url).text
    for path, row in _arrays(loaded_json(text, page.url)):
        title, url, shown = (_key(row, pattern) for pattern in (_TITLE, _ADDRESS, _DATE))
        if title is None or url is None:
            continue
        keys = {"rows": path, "title": title, "url": url} | ({"date": shown} if shown else {})
        try:
            entries = json_entries(page, JsonPaths(**keys))
        except DocumentError:
            continue
        family = _family_of(entries)
        said = family is not None and family.source.get("json") == keys
        yield Proposal("json", family, {} if said else {"json": keys}, entries)


def _key(row: Mapping[str, Any], pattern: re.Pattern[str]) -> str | None:
    """The first key of that meaning with a value."""
    for key, value in row.items():
        if pattern.search(key) and isinstance(value, str | int) and value:
            return str(key) if _NAME.match(key) else json.dumps(key)
    return None


def _arrays(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The path of every array of objects, and its first object."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield path or "@", value[0]
        for key, inner in value[0].items():
            if isinstance(inner, dict) and _NAME.match(key):
                yield f"{path}[].{key}", inner
    elif isinstance(value, dict) and depth < 6:
        for key, inner in value.items():
            name = key if _NAME.match(key) else json.dumps(key)
            yield from _arrays(inner, f"{path}.{name}" if path else name, depth + 1)
