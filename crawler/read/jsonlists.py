"""JSON answers (lists, searches) → entries."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

import jmespath

from crawler.config import JsonPaths, ListSelectors
from crawler.errors import DocumentError
from crawler.items import Entry, Page
from crawler.read.charset import decode
from crawler.read.dates import first_date, from_epoch, from_list
from crawler.read.dom import parse_html
from crawler.read.lists import entries_in
from crawler.read.script import normalise

__all__ = ["json_entries", "loaded_json"]

_WRAPPED = re.compile(r"^[\s;/*]*(?:(?:var|let|const)\s+)?[\w$.\[\]'\"]+\s*(?:=|\()\s*(?=[\[{])")
_MARKUP = re.compile(r"<[^<>]{0,200}>")


def json_entries(page: Page, paths: JsonPaths, selectors: ListSelectors | None = None) -> tuple[Entry, ...]:
    """The entries of a JSON or JSONP answer in their order, each address once. Where the paths name no title, its rows are
    HTML that the selectors read. Raises DocumentError where it is no JSON, the path of the rows leads to no array, or its rows
    have neither title nor address."""
    data = loaded_json(decode(page.body, header=page.headers.get("content-type"), where=page.url).text, page.url)
    rows = jmespath.search(paths.rows, data)
    if not isinstance(rows, list):
        raise DocumentError(
            f"has no array at {paths.rows}", where=page.url, hint="Look at what the endpoint answers now"
        )
    found = [_entry(row, paths, page) for row in rows] if paths.url else _html_entries(rows, selectors, page)
    entries: dict[str, Entry] = {}
    for entry in found:
        if entry is not None:
            entries.setdefault(entry.url, entry)
    if rows and not any(entry.title for entry in entries.values()):
        raise DocumentError("has rows without title and address", where=page.url, hint="Look at what they hold now")
    return tuple(entries.values())


def _html_entries(rows: Sequence[Any], selectors: ListSelectors | None, page: Page) -> Sequence[Entry]:
    """The entries of rows that are strings of HTML."""
    root = parse_html(f"<div>{''.join(row for row in rows if isinstance(row, str))}</div>") if rows else None
    return entries_in(root, selectors, url=page.url, fetched=page.fetched) if root is not None else ()


def loaded_json(text: str, where: str) -> Any:
    """The value of a JSON text, also within a call or an assignment. Raises DocumentError."""
    body = text.strip().lstrip("\ufeff")
    if match := _WRAPPED.match(body):
        body = body[match.end() :]
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(body)
    except (ValueError, RecursionError) as error:
        raise DocumentError("is no JSON", where=where, hint="Look at what the endpoint answers now") from error
    return value


def _entry(row: Any, paths: JsonPaths, page: Page) -> Entry | None:
    address = _found(paths.url or "@", row)
    title = _found(paths.title or "@", row)
    if not isinstance(address, str) or not address.strip():
        return None
    try:
        url = urljoin(page.url, address.strip())
    except ValueError:
        return None
    if not url.startswith(("http://", "https://")):
        return None
    shown = _found(paths.date, row) if paths.date else None
    return Entry(url, _title(title), _published(shown, page.fetched))


def _found(path: str, row: Any) -> Any:
    return jmespath.search(path, row)


def _title(value: Any) -> str:
    """Words without markup: search engines put <em> around what was searched, editors break a title by <br/>."""
    text = (
        _MARKUP.sub(lambda tag: " " if tag[0][:3].lower() == "<br" else "", entities.unescape(value))
        if isinstance(value, str)
        else ""
    )
    return re.sub(r"\s+", " ", normalise(text)[0]).strip()


def _published(value: Any, fetched: datetime) -> date | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return from_epoch(value, fetched=fetched)
    if isinstance(value, str):
        return first_date(value, fetched=fetched) or from_list(value, fetched=fetched)
    return None
