"""What a page says of itself in its head: the standard government meta tags (国办发〔2017〕47号), OpenGraph, JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lxml import html

from crawler.read.byline import own_name
from crawler.read.dates import first_date
from crawler.read.script import normalise
from crawler.read.scripted import scripted_head

__all__ = ["PageMeta", "read_meta"]

_TITLES = ("articletitle", "og:title", "twitter:title", "parsely-title", "headline")
_DATES = (
    "pubdate", "firstpublishedtime", "article:published_time", "publishdate", "og:published_time", "og:release_date",
    "weibo:article:create_at", "datepublished", "publish-date", "publish_time", "publishtime", "apub:time", "releasedate", "date",
    "dc.date", "dc.date.issued", "dcterms.created", "_pubtime", "createdate", "bytedance:published_time", "dateupdate",
)  # fmt: skip
_CHANGED = (
    "lastmodifiedtime",
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "weibo:article:update_at",
    "bytedance:updated_time",
    "bytedance:lrdate_time",
)
_SOURCES = ("contentsource", "source", "mediaid", "article:publisher", "copyrightholder")
_AUTHORS = ("author", "article:author", "og:article:author", "dc.creator")
_SITES = ("sitename", "og:site_name", "application-name")
_NO_PERSON = re.compile(
    r"^(?:[\d\W_]+|[a-z]{1,12}\d*|网易|新浪|搜狐|腾讯|凤凰|今日头条|.{0,6}(?:网|站|频道|客户端|公众平台))$",
    re.IGNORECASE,
)
_ARTICLE_TYPES = re.compile(r"Article|NewsArticle|BlogPosting|Report|WebPage", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageMeta:
    """The fields of a page's head; None where it has none."""

    document_title: str | None = None
    """The title element."""
    title: str | None = None
    """The headline by meta tags or JSON-LD."""
    published: date | None = None
    """As in Article."""
    modified: date | None = None
    """As in Article."""
    source: str | None = None
    """ContentSource or the like; never 本站, which means the site."""
    author: str | None = None
    """As printed."""
    site: str | None = None
    """Name of the site."""


def read_meta(root: html.HtmlElement, *, fetched: datetime | None) -> PageMeta:
    """The page's own fields, wherever in the document its meta tags stand: of each name the first that is not empty."""
    tags = _tags(root)
    linked = _linked_data(root)
    scripted = scripted_head(root)
    site = _first(tags, _SITES) or _name_of(linked.get("publisher"))
    source = scripted.source or _first(tags, _SOURCES)
    title = next(root.iter("title"), None)
    return PageMeta(
        document_title=_plain(title.text_content() if title is not None else None),
        title=_plain(_first(tags, _TITLES) or _text(linked.get("headline"))),
        published=_date(tags, _DATES, fetched)
        or first_date(_text(linked.get("datePublished")) or scripted.published, fetched=fetched)
        or _date(tags, ("<time>",), fetched),
        modified=_date(tags, _CHANGED, fetched) or first_date(_text(linked.get("dateModified")), fetched=fetched),
        source=own_name(_plain(source)),
        author=_person(_plain(_first(tags, _AUTHORS) or _name_of(linked.get("author")))),
        site=own_name(_plain(site)),
    )


def _tags(root: html.HtmlElement) -> Mapping[str, list[str]]:
    """Contents by lower-case name, in document order; those of <time datetime> by the name <time>."""
    tags: dict[str, list[str]] = {}
    for element in root.iter("meta", "time"):
        if element.tag == "time":
            content, name = (element.get("datetime") or "").strip(), element.get("itemprop") or "<time>"
        else:
            content = (element.get("content") or "").strip()
            name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        if content and name:
            tags.setdefault(name.strip().lower(), []).append(content)
    return tags


def _first(tags: Mapping[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next((tags[name][0] for name in names if tags.get(name)), None)


def _date(tags: Mapping[str, list[str]], names: tuple[str, ...], fetched: datetime | None) -> date | None:
    for name in names:
        for content in tags.get(name, ()):
            if (value := first_date(content, fetched=fetched)) is not None:
                return value
    return None


def _linked_data(root: html.HtmlElement) -> Mapping[str, Any]:
    """The JSON-LD object that describes an article; empty where there is none or it is broken."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            if _ARTICLE_TYPES.search(str(item.get("@type"))) or "headline" in item or "pubDate" in item:
                return {
                    **item,
                    "datePublished": item.get("datePublished") or item.get("pubDate"),
                    "dateModified": item.get("dateModified") or item.get("upDate"),
                }
    return {}


def _objects(data: Any) -> Iterator[Mapping[str, Any]]:
    waiting = [data]
    for _ in range(200):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            yield item
            waiting.append(item.get("@graph"))


def _name_of(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _person(name: str | None) -> str | None:
    """A name; None for a login, a number and a portal's own name."""
    return None if name is None or _NO_PERSON.match(name) else name


def _plain(value: str | None) -> str | None:
    return (re.sub(r"\s+", " ", normalise(value)[0]).strip() or None) if value else None
