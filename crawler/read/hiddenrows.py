"""Rows of a list that no reader of the plain page sees: in comments, XML records, printing scripts and inline JSON."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import html

from crawler.read.dom import parse_html

__all__ = ["hidden_fragments", "next_group", "records_as_html"]

_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.DOTALL | re.IGNORECASE)
_DATASTORE = re.compile(r"\s*(?:<\?xml[^>]*>)?\s*<datastore\b", re.IGNORECASE)
_NEXT_GROUP = re.compile(
    rb"<nextgroup>\s*(?:<!\[CDATA\[)?\s*<a\b[^>]{0,200}?href=[\"']([^\"'\s]{1,600})", re.IGNORECASE
)
_STRING = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_OPERAND = rf"(?:{_STRING}|\w+)"
_STATEMENT = re.compile(
    rf"document\.write(?:ln)?\(\s*(?P<printed>{_OPERAND}(?:\s*\+\s*{_OPERAND})*)\s*\)"
    rf"|(?<![\w.'\"])(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>{_STRING})"
)
_PART = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|(?P<name>[A-Za-z_]\w*)")
_ARRAY = re.compile(r"\[\s*\{\s*\"")
_TITLE = re.compile(r"^(?:doc|article|news|info|show)?_?(?:title|name)$", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:doc|article|news|info|page|publish)?_?(?:url|link|href|linkurl|puburl)$", re.IGNORECASE)
_DATE = re.compile(r"date|time|rq$", re.IGNORECASE)
MAX_ARRAYS = 40
MAX_SCRIPT = 600_000


def records_as_html(text: str) -> str:
    """What Hanweb's dataproxy.jsp answers, records of HTML within XML, as a page; any other text as it is."""
    if not _DATASTORE.match(text):
        return text
    return f"<html><body><ul>{''.join(_RECORD.findall(text))}</ul></body></html>"


def next_group(body: bytes) -> str | None:
    """Where the records of a Hanweb column go on: the address in <nextgroup>. None: nowhere, or it is no such column."""
    match = _NEXT_GROUP.search(body)
    return entities.unescape(match[1].decode("ascii", "ignore")) if match else None


def hidden_fragments(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The rows of each such place as a tree of their own; places without rows are left out."""
    for text in (*_commented(root), *_scripted(root)):
        if (fragment := parse_html(f"<div>{text}</div>")) is not None:
            yield fragment


def _commented(root: html.HtmlElement) -> Iterator[str]:
    for note in root.iter(html.etree.Comment):
        if note.text and "href" in note.text and "<" in note.text:
            yield note.text


def _scripted(root: html.HtmlElement) -> Iterator[str]:
    """XML records of Hanweb columns, rows that scripts print (joined, for there is one script to a row), and JSON."""
    written: list[str] = []
    for script in root.iter("script"):
        text = script.text
        if not text or len(text) > MAX_SCRIPT:
            continue
        if "xml" in (script.get("type") or ""):
            yield "".join(_RECORD.findall(text))
        elif "document.write" in text and "href" in text:
            written += _printed(text)
        else:
            yield from _listed(text)
    if written:
        yield f"<ul>{''.join(written)}</ul>"


def _printed(script: str) -> Iterator[str]:
    """What a script prints, strings and variables put together; the script is read, not run."""
    values: dict[str, str] = {}
    for match in _STATEMENT.finditer(script):
        words = _joined(match["printed"] or match["value"], values)
        if match["name"]:
            values[match["name"]] = words
        else:
            yield words


def _joined(expression: str, values: Mapping[str, str]) -> str:
    """The value of strings and variables joined by +; what is anything else counts as empty."""
    return "".join(
        values.get(part["name"], "") if part["name"] else _unescaped(part[1] or part[2] or "")
        for part in _PART.finditer(expression)
    )


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _listed(text: str) -> Iterator[str]:
    """Arrays of objects with a title and an address, as a list of links."""
    decoder = json.JSONDecoder(strict=False)
    done = 0
    for count, match in enumerate(_ARRAY.finditer(text)):
        if count >= MAX_ARRAYS or match.start() < done:
            continue
        try:
            value, done = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        rows = [row for item in value if isinstance(item, dict) and (row := _row(item))]
        if len(rows) >= 2:
            yield f"<ul>{''.join(rows)}</ul>"


def _row(item: Mapping[str, Any]) -> str:
    """One object as a row; empty where it names no title or no address."""
    title = _found(item, _TITLE)
    address = _found(item, _ADDRESS)
    if not title or not address or not re.search(r"[/.]", address):
        return ""
    shown = re.sub(r"<[^<>]{0,200}>", "", entities.unescape(title))
    date = _found(item, _DATE)
    return f'<li><a href="{entities.escape(address)}">{entities.escape(shown)}</a><span>{entities.escape(date)}</span></li>'


def _found(item: Mapping[str, Any], name: re.Pattern[str]) -> str:
    values = (value for key, value in item.items() if name.search(key) and isinstance(value, (str, int)) and value)
    return str(next(values, ""))
