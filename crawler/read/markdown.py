"""Markdown with front matter (Jekyll) → Article. The body may hold HTML."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.items import Article, Image
from crawler.read.byline import Byline, clean_name
from crawler.read.dates import first_date
from crawler.read.textfile import article_from_text
from crawler.read.titles import clean_title

__all__ = ["article_from_markdown", "has_front_matter"]

_COVER = "\u200b"
_FRONT = re.compile(r"\A\s*---[ \t]*\r?\n(?P<fields>.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(?P<name>[A-Za-z_]+)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)
_IMAGE = re.compile(
    r"<img\b[^>]*?\bsrc\s*=\s*[\"']?(?P<html>[^\"'\s>]+)[^>]*>|!\[[^\]]*\]\((?P<markdown>[^)\s]+)[^)]*\)", re.IGNORECASE
)
_MARKUP = re.compile(
    r"<!--.*?-->|</?[a-zA-Z][^<>]*>|!\[[^\]\n]{0,200}\]\([^)\n]*\)|(?<!!)\[(?=[^\]\n]{1,200}\]\()|\]\([^)\n]*\)|\*\*|__|&nbsp;",
    re.DOTALL,
)
_BLOCK_END = re.compile(r"</(?:p|div|center|li|h[1-6]|tr|td|th|section|blockquote)\s*>|<br\s*/?>", re.IGNORECASE)


def has_front_matter(text: str) -> bool:
    """Does the text begin with a block of fields between two lines of ---?"""
    match = _FRONT.match(text)
    return bool(match and _FIELD.search(match["fields"]))


def article_from_markdown(text: str, *, region: str | None = None) -> Article:
    """The article of a text with front matter: title and date of its fields, the body without its markup."""
    match = _FRONT.match(text)
    fields: dict[str, str] = {}
    if match:
        fields = {m["name"].lower(): _unquoted(m["value"]) for m in _FIELD.finditer(match["fields"])}
    begin = match.end() if match else 0
    visible = _blank(text[:begin]) + _without_markup(text[begin:])
    said = Byline(
        source=clean_name(fields.get("source") or fields.get("media")),
        author=fields.get("author") or None,
        published=first_date(fields.get("date")),
    )
    article = article_from_text(visible, region=region, title=clean_title(fields.get("title", "")), said=said)
    images = [Image(m["html"] or m["markdown"], m.start()) for m in _IMAGE.finditer(text, begin)]
    merged = tuple(sorted((*article.images, *images), key=lambda image: image.start))
    return replace(article, text=text, images=merged)


def _unquoted(value: str) -> str:
    """A scalar of YAML as front matter has them: quotes around it go."""
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].replace('\\"', '"')
    return value


def _without_markup(text: str) -> str:
    """The text with each tag covered by as many zero-width characters, which normalising drops: offsets stay."""
    text = _BLOCK_END.sub(lambda m: "\n" + _COVER * (len(m.group()) - 1), text)
    return _MARKUP.sub(lambda m: _blank(m.group()), text)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", _COVER, text)
