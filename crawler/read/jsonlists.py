"""JSON answers (lists, searches) → entries."""

from __future__ import annotations

import html as entities
import json
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

import jmespath

from crawler.config import JsonPaths
from crawler.errors import DocumentError
from crawler.items import Entry, Page
from crawler.read.charset import decode
from crawler.read.dates import first_date, from_epoch, from_list
from crawler.read.script import normalise

__all__ = ["json_entries"]

_WRAPPED = re.compile(r"^[\s;/*]*(?:(?:var|let|const)\s+)?[\w$.\[\]'\"]+\s*(?:=|\()\s*(?=[\[{])")
_MARKUP = re.compile(r"<[^<>]{0,200}>")


def json_entries(page: Page, paths: JsonPaths) -> tuple[Entry, ...]:
    """The entries of a JSON or JSONP answer in their order, each address once. Raises DocumentError where it is no JSON or the
    path of the rows leads to no array."""
    data = _loaded(decode(page.body, header=page.headers.get("content-type"), where=page.url).text, page.url)
    rows = jmespath.search(paths.rows, data)
    if not isinstance(rows, list):
        raise DocumentError(
            f"has no array at {paths.rows}", where=page.url, hint="Look at what the endpoint answers now"
        )
    entries: dict[str, Entry] = {}
    for row in rows:
        entry = _entry(row, paths, page)
        if entry is not None:
            entries.setdefault(entry.url, entry)
    return tuple(entries.values())


def _loaded(text: str, where: str) -> Any:
    """The value of a JSON text, also within a call or an assignment."""
    body = text.strip().lstrip("\ufeff")
    if match := _WRAPPED.match(body):
        body = body[match.end() :]
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(body)
    except (ValueError, RecursionError) as error:
        raise DocumentError("is no JSON", where=where, hint="Look at what the endpoint answers now") from error
    return value


def _entry(row: Any, paths: JsonPaths, page: Page) -> Entry | None:
    address = _found(paths.url, row)
    title = _found(paths.title, row)
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
    """Words without markup: search engines put <em> around what was searched."""
    text = _MARKUP.sub("", entities.unescape(value)) if isinstance(value, str) else ""
    return re.sub(r"\s+", " ", normalise(text)[0]).strip()


def _published(value: Any, fetched: datetime) -> date | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return from_epoch(value, fetched=fetched)
    if isinstance(value, str):
        return first_date(value, fetched=fetched) or from_list(value, fetched=fetched)
    return None
