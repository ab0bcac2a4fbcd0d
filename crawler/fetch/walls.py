"""Pages that are no content: challenges, captchas, shells that only a browser fills. Recorded, never solved or evaded."""

from __future__ import annotations

import re
from typing import Literal

from crawler.items import Page

__all__ = ["Wall", "wall_of"]

Wall = Literal["challenge", "captcha", "shell", "forbidden"]
"""challenge: a script must be solved first (加速乐 521, 瑞数 412, WZWS); captcha: a person must; shell: the page has no text
without a browser; forbidden: the site refuses us by status."""

MAX_BYTES = 80_000
"""Walls seen so far have 0.2 to 65 KB (sites.md §2, trap 1); what is longer is a page."""

MAX_TEXT = 200
"""A wall shows a sentence or two. An article that merely contains such a sentence has more."""

_CHALLENGE = re.compile(rb"__jsl_clearance|\$_ts\s*=|\$_ts\[|wzwschallenge|WZWS-", re.IGNORECASE)
_ASKS_FOR_SCRIPT = re.compile("开启JavaScript|启用JavaScript|enable JavaScript", re.IGNORECASE)
_ASKS_FOR_PERSON = re.compile("安全验证|输入验证码|滑动验证|人机验证|antispider|访问过于频繁|captcha", re.IGNORECASE)
_SCRIPT = re.compile(rb"<(?:no)?script", re.IGNORECASE)
_PIECE = re.compile(
    r"<(script|style|noscript)\b[^<]*(?:<(?!/\1\s*>)[^<]*)*|<title\b[^<]*</title\s*>|<!--.*?(?:-->|\Z)|<[^>]*>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
"""A piece of markup: what does not show, a tag, or text."""


def wall_of(page: Page) -> Wall | None:
    """The kind of wall a page is, or None for a page that can be read (or failed in another way).

    >>> from datetime import UTC, datetime
    >>> wall_of(Page(url="http://a.cn/", status=521, headers={}, body=b"", fetched=datetime.now(UTC)))
    'challenge'
    """
    if page.status in (412, 512, 521):
        return "challenge"
    if page.status in (401, 403, 405):
        return "forbidden"
    if not 200 <= page.status < 300 or len(page.body) > MAX_BYTES or not _is_html(page):
        return None
    return _wall_in(page.body)


def _is_html(page: Page) -> bool:
    declared = page.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    return declared in ("text/html", "application/xhtml+xml", "") and not page.body.lstrip().startswith(
        (b"<?xml", b"{", b"[")
    )


def _wall_in(body: bytes) -> Wall | None:
    if not _SCRIPT.search(body):
        # every wall seen runs a script or asks for one
        return None
    # wrong letters do no harm here: lengths and a few fixed words are looked at
    markup = body.decode("gb18030" if b"charset=gb" in body[:2000].lower() else "utf-8", "replace")
    text = _first_text(markup)
    if len(text) > MAX_TEXT:
        return None
    if _CHALLENGE.search(body) or _ASKS_FOR_SCRIPT.search(markup):
        return "challenge"
    if _ASKS_FOR_PERSON.search(text):
        return "captcha"
    return None if text else "shell"


def _first_text(markup: str) -> str:
    """The text that shows, its white space folded; no further than is needed to see that it is longer than MAX_TEXT."""
    text = ""
    for piece in _PIECE.finditer(markup):
        if words := (piece["text"] or "").split():
            text = f"{text} {' '.join(words)}".strip()
            if len(text) > MAX_TEXT:
                break
    return text
