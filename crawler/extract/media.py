"""Whether a list is of apps and accounts instead of websites (grammar.md D8; subjects of the contract)."""

from __future__ import annotations

import re

from crawler.extract.view import View

__all__ = ["heads_medium", "says_medium"]

_MEDIUM = re.compile(r"客户端|APP|微信|微博|新媒体|公众号|小程序|头条号|抖音")
_SITES = re.compile(r"网站|网页|门户")


def heads_medium(view: View) -> bool:
    """Whether a heading is of apps or accounts alone."""
    start, end = view.sentence.start, view.sentence.end
    return says_medium(view, start, end) and _SITES.search(view.text, start, end) is None


def says_medium(view: View, start: int, end: int) -> bool:
    """Whether the last word of the stretch that says what is judged says apps or accounts; names of evaluations are
    left out."""
    last = None
    for match in _MEDIUM.finditer(view.text, start, end):
        if not any(naming.start <= match.start() < naming.end for naming in view.namings):
            last = match
    return last is not None and _SITES.search(view.text, last.end(), end) is None
