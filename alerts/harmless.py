"""Text and addresses of the web, made harmless for each form of a message: never markup, never a mention, never a hidden letter."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

__all__ = ["MOST_LINK", "clipped", "html_words", "markdown_words", "plain_words", "safe_link"]

_FULL_WIDTH = {ord(letter): ord(letter) + 0xFEE0 for letter in "\\`*_[]<>#|~@&$!{}^"}
"""What means something in one of the dialects of Markdown → the same letter in full width. A backslash before it, as CommonMark has
it, is printed by 企业微信 and 钉钉, and some let the letter work all the same."""

_WIDE_SPACE = "\u3000"
_SPACES = re.compile(" {2,}")
_SCHEME = re.compile(r"(?<=[A-Za-z])://")
_DOMAIN_DOT = re.compile(r"(?<=[A-Za-z0-9-])\.(?=[A-Za-z])")
_KEPT_IN_LINK = "/:?=&%#;,+@~.-_$!*"
MOST_LINK = 2000
"""Characters of an address that is a link; longer ones are left out."""


def plain_words(words: str, most: int = 400) -> str:
    """Words of the web as one line of plain text: without control, direction and other letters that do not show.

    >>> plain_words("湖北\\u202e省\\n第五\\x1b[31m")
    '湖北 省 第五 [31m'
    """
    line = "".join(letter if letter.isprintable() or letter == _WIDE_SPACE else " " for letter in words)
    return clipped(_SPACES.sub(" ", line).strip(), most)


def markdown_words(words: str, most: int = 400) -> str:
    """Words of the web inside a line of Markdown: they are no markup, no mention, no link, in whatever dialect.

    >>> markdown_words("[点此](http://a.cn) @all www.b.cn 91.5")
    '［点此］(http：//a．cn) ＠all www．b．cn 91.5'
    """
    line = plain_words(words, most).translate(_FULL_WIDTH)
    return _DOMAIN_DOT.sub("．", _SCHEME.sub("：//", line))


def html_words(words: str, most: int = 400) -> Markup:
    """Words of the web inside an element or an attribute of HTML.

    >>> html_words("<img src=x onerror=alert(1)>")
    Markup('&lt;img src=x onerror=alert(1)&gt;')
    """
    return escape(plain_words(words, most))


def safe_link(url: str | None) -> str | None:
    """An address to link to, which ends neither a Markdown link nor an attribute; None for what is neither http nor https.

    >>> safe_link("https://a.cn/湖北(1).html?a=1&b=2"), safe_link("javascript:alert(1)"), safe_link("http://a.cn/ )x")
    ('https://a.cn/%E6%B9%96%E5%8C%97%281%29.html?a=1&b=2', None, 'http://a.cn/%20%29x')
    """
    if not url or len(url) > MOST_LINK:
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return None
    return quote(parts.geturl(), safe=_KEPT_IN_LINK)


def clipped(words: str, most: int) -> str:
    """Words of at most so many characters; where some were cut off, the last one says so.

    >>> clipped("湖北省", 3), clipped("湖北省", 2)
    ('湖北省', '湖…')
    """
    return words if len(words) <= most else f"{words[: most - 1]}…"
