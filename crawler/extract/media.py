"""Whether a list is of apps and accounts instead of websites (grammar.md D8; subjects of the contract)."""

from __future__ import annotations

import re

from crawler.extract.view import View

__all__ = ["heads_medium", "is_of_medium", "says_medium"]

_MEDIUM = re.compile(r"客户端|APP|微信|微博|新媒体|公众号|小程序|头条号|抖音")
_SITES = re.compile(r"网站|网页|门户")


_INDEX = re.compile(
    r"(?:新媒体|微博|微信|客户端|APP)[”\"]?(?:服务能力|服务|影响力|传播力|竞争力|发展|综合)*指数[^,。;]{0,4},?[^,。;]{0,4}$"
)


def _is_index_of_medium(view: View, start: int, end: int) -> bool:
    """Whether the place is one in the index of a medium: 北京的新媒体服务能力指数位列第一."""
    return start < end and _INDEX.search(view.text, start, end) is not None


def is_of_medium(view: View, between: tuple[int, int], stop: int, *, headed: bool) -> bool:
    """Whether a place is one of apps or accounts: by the words up to `stop` and those between list and place; where
    nothing is said, by the heading's (B11)."""
    first = view.sentence.start
    if says_medium(view, first, stop) or _is_index_of_medium(view, *between):
        return True
    return headed and "网站" not in view.text[first:stop]


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
