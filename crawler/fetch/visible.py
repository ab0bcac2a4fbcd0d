"""What shows of a page, as far as telling walls and dead ends from articles needs it. Reading proper is crawler/read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.items import Page

__all__ = ["is_html", "markup_of", "segments", "text_start", "title_of"]

_PIECE = re.compile(
    r"<(script|style|noscript)\b[^<]*(?:<(?!/\1\s*>)[^<]*)*|<title\b[^<]*</title\s*>|<!--.*?(?:-->|\Z)"
    r"|<(?P<close>/?)(?P<tag>[a-z][a-z0-9]*)[^>]*>|<[^>]*>|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
"""A piece of markup: what does not show, a tag, or text."""

_TITLE = re.compile(r"<title\b[^>]*>([^<]*)", re.IGNORECASE)
_LINKS = frozenset({"a", "option", "button"})


def is_html(page: Page) -> bool:
    """Is the page HTML, by what it says and by how it begins?"""
    declared = page.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    return declared in ("text/html", "application/xhtml+xml", "") and not page.body.lstrip().startswith(
        (b"<?xml", b"{", b"[")
    )


def markup_of(body: bytes) -> str:
    """The markup as text. Wrong letters do little harm here: lengths and a few fixed words are looked at."""
    if b"charset=gb" in body[:2000].lower().replace(b'"', b""):
        return body.decode("gb18030", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        # no declaration within reach: the other charset of our sites, unless it is cut or mixed UTF-8
        return body.decode(
            "gb18030" if body[:4000].decode("utf-8", "replace").count("\ufffd") > 3 else "utf-8", "replace"
        )


def title_of(markup: str) -> str:
    """What stands in <title>, its white space folded."""
    found = _TITLE.search(markup)
    return " ".join(found[1].split()) if found else ""


def segments(markup: str) -> Iterator[tuple[str, bool]]:
    """The texts between tags, their white space folded, and whether each is that of a link or button.

    >>> list(segments("<title>t</title><p>一 <a href=x>二</a>三<script>四</script>"))
    [('一', False), ('二', True), ('三', False)]
    """
    in_link = False
    for piece in _PIECE.finditer(markup):
        if words := (piece["text"] or "").replace("&nbsp;", " ").split():
            yield " ".join(words), in_link
        elif (piece["tag"] or "").lower() in _LINKS:
            in_link = not piece["close"]


def text_start(markup: str, length: int) -> str:
    """The text that shows; no further than is needed to see that it is longer than length."""
    text = ""
    for words, _ in segments(markup):
        text = f"{text} {words}".strip()
        if len(text) > length:
            break
    return text
