"""How a list is asked for: the addresses of a source with its keywords and dates filled in, and the body of a POST.

Pure: the day and the environment are given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urldefrag, urlencode, urlsplit
from zoneinfo import ZoneInfo

from crawler.config import Search, Source, environment_value

__all__ = ["Asked", "asked_of", "entries_of", "unwrapped", "word_of"]

_DATE = re.compile(r"\{date:([^{}]+)\}")
_MILLISECONDS = re.compile(r"\{ms:(-?\d{1,4})\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a list page, as HTTP has it."""

    url: str
    """The address, without fragment."""
    method: str = "GET"
    """GET, or POST where there is a body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Besides those that every request has."""
    body: bytes = b""
    """Empty for GET."""


def entries_of(source: Source, search: Search, day: date) -> tuple[str, ...]:
    """The entries of a source, each once: dates filled in, and of a search one for each keyword, which stands behind # too,
    so that requests that differ only in their body have different names.

    >>> wide = Source(id="a", name="甲", kind="search", access="search", entry=("http://a.cn/rss?q={word}",), keywords=("评估",))
    >>> entries_of(wide, Search(), date(2024, 12, 20))
    ('http://a.cn/rss?q=%E8%AF%84%E4%BC%B0#%E8%AF%84%E4%BC%B0',)
    """
    words: tuple[str | None, ...] = (source.keywords or search.keywords) if source.access == "search" else (None,)
    filled = (_filled(entry, word, day) for entry in source.entry for word in words)
    return tuple(dict.fromkeys(filled))


def _filled(entry: str, word: str | None, day: date) -> str:
    entry = _DATE.sub(lambda match: day.strftime(match[1]), entry)
    return entry if word is None else f"{entry.replace('{word}', quote(word, safe=''))}#{quote(word, safe='')}"


def word_of(entry: str) -> str | None:
    """The keyword that an entry of `entries_of` asks for; None for a list.

    >>> word_of("http://a.cn/s#%E8%AF%84%E4%BC%B0"), word_of("http://a.cn/list.html")
    ('评估', None)
    """
    return unquote(urldefrag(entry).fragment) or None


def asked_of(source: Source, url: str, entry: str, day: date, environment: Mapping[str, str]) -> Asked:
    """The request for a list page of an entry. Raises SettingsError where a header should stand in the environment and does
    not."""
    address = urldefrag(url).url
    asking = source.request
    if asking is None:
        return Asked(address)
    headers = dict(asking.headers)
    headers |= {name: environment_value(variable, environment) for name, variable in asking.headers_env.items()}
    word = word_of(entry) or ""
    if asking.form is not None:
        fields = {name: str(_value(text, word, day)) for name, text in asking.form.items()}
        kind = "application/x-www-form-urlencoded; charset=UTF-8"
        return Asked(address, "POST", {"Content-Type": kind, **headers}, urlencode(fields).encode())
    if asking.json is not None:
        body = json.dumps(_value(asking.json, word, day), ensure_ascii=False).encode()
        return Asked(address, "POST", {"Content-Type": "application/json", **headers}, body)
    return Asked(address, headers=headers)


def _value(value: Any, word: str, day: date) -> Any:
    """A value of a form or of JSON with word and dates filled in."""
    if isinstance(value, Mapping):
        return {key: _value(inner, word, day) for key, inner in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_value(inner, word, day) for inner in value]
    if not isinstance(value, str):
        return value
    if match := _MILLISECONDS.fullmatch(value):
        morning = datetime.combine(day + timedelta(days=int(match[1])), time(), ZoneInfo("Asia/Shanghai"))
        return int(morning.timestamp()) * 1000
    return _DATE.sub(lambda match: day.strftime(match[1]), value).replace("{word}", word)


def unwrapped(url: str, parameter: str | None) -> str:
    """The address that a search engine has wrapped in one of its own; the address itself where it is not wrapped.

    >>> unwrapped("http://so.a.cn/visit/link.do?url=http%3A%2F%2Fb.cn%2F1.html&q=x", "url")
    'http://b.cn/1.html'
    """
    if parameter is None:
        return url
    try:
        inner = parse_qs(urlsplit(url).query).get(parameter, [""])[0]
    except ValueError:
        return url
    return inner if inner.startswith(("http://", "https://")) else url
