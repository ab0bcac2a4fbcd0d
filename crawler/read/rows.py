"""The rows of a list found by shape: links that stand alike, with dates beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lxml import html

from crawler.read.dom import text_of

__all__ = ["Row", "best_rows"]

_DATED = re.compile(
    r"(?:19|20)\d\d\s*[-./年]\s*\d{1,2}|(?<!\d)(?:1[0-2]|0?[1-9])(?:-|/|月)(?:3[01]|[12]\d|0?[1-9])(?!\d)|\d+\s*(?:分钟|小时|天)前"
)
_FURNITURE = re.compile(
    r"nav|menu|foot|breadcrumb|crumb|pager?|link|friend|header|top|copyright|sidebar|hot|rank|recommend|tuijian",
    re.IGNORECASE,
)
_DATED_WHOLE = re.compile(r"(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}")
_SHORT_ROW = 300
_HIDDEN = 0.7
"""What rows count that stand in a script or comment: those that are seen come first."""
_CLIMB = 4
MAX_LINKS = 5000


@dataclass(frozen=True, slots=True)
class Row:
    """One link that may be an entry."""

    link: html.HtmlElement
    """The link."""
    title: str
    """Its words, or its title attribute."""
    beside: str
    """What stands in its row beside the link; holds the date if there is one."""
    parent: html.HtmlElement | None
    """What the row hangs in."""
    group: tuple[object, ...]
    """What rows of one list have in common."""


def best_rows(
    fragments: Iterable[html.HtmlElement], is_wanted: Callable[[str], bool] = lambda _href: True
) -> Sequence[Row]:
    """The rows of the group that looks most like the page's list: many long titles, with dates; none if no group has two.
    Links whose href is not wanted are no rows."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for number, fragment in enumerate(fragments):
        for row in _rows(fragment, number, is_wanted):
            groups[row.group].append(row)
    best: list[Row] = []
    most = 0.0
    for rows in groups.values():
        if (value := _worth(rows)) > most:
            best, most = rows, value
    return _dated_lists(best)


def _dated_lists(rows: Sequence[Row]) -> Sequence[Row]:
    """Where some of the lists that make up a group have dates, only those: a menu may hang beside the list."""
    dated = {row.parent for row in rows if _DATED.search(row.beside)}
    return [row for row in rows if row.parent in dated] if dated else rows


def _worth(rows: Sequence[Row]) -> float:
    """Long titles count, those with a date three times; a single link is a list only with a date, in a list's markup."""
    if len({row.link.get("href") for row in rows}) < 2 and not (
        _DATED.search(rows[0].beside) and rows[0].group[1] in {"li", "dl", "tr"}
    ):
        return 0.0
    value = sum(min(len(row.title), 40) * (3 if _DATED.search(row.beside) else 0.4) for row in rows)
    names = " ".join(str(part) for part in rows[0].group if isinstance(part, str))
    hidden = rows[0].group[0] != 0
    return value * (0.3 if _FURNITURE.search(names) else 1) * (_HIDDEN if hidden else 1)


def _rows(fragment: html.HtmlElement, number: int, is_wanted: Callable[[str], bool]) -> Iterable[Row]:
    links = [link for link in fragment.iter("a") if (href := link.get("href")) and is_wanted(href)][:MAX_LINKS]
    for link in links:
        title = text_of(link) or (link.get("title") or "").strip()
        if len(title) < 4:
            continue
        row, beside = _row_of(link, title)
        yield Row(link, title, beside, row.getparent(), (number, *_shape(link, row)))


def _row_of(link: html.HtmlElement, title: str) -> tuple[html.HtmlElement, str]:
    """The outermost element around a link that holds no other title: its row, and what it says beside the link."""
    row = link
    beside = _rest(text_of(link), title, link)
    for _ in range(_CLIMB):
        parent = row.getparent()
        if (
            parent is None
            or parent.tag in {"body", "html", "ul", "ol", "tbody", "table"}
            or _other_titles(parent, link)
        ):
            break
        row = parent
        if row.tag in {"li", "tr", "dl"}:
            break
    text = text_of(row)
    beside = _rest(text, title, link) if row is not link else beside
    if len(text) < _SHORT_ROW and not _DATED_WHOLE.search(beside):
        beside += " " + _apart(row, title)
    return row, beside if len(beside) < 600 else beside[:300] + beside[-300:]


def _apart(row: html.HtmlElement, title: str) -> str:
    """A row's words parted where its elements end: a day and its month may stand in two of them, 08 and 2022-03."""
    return " ".join(part.strip() for part in row.itertext() if part.strip() and part.strip() != title)


def _rest(text: str, title: str, link: html.HtmlElement) -> str:
    """A row without its title; where the link holds all, the date may stand in the link itself."""
    if text == title:
        inner = [text_of(child) for child in link.iter("span", "em", "i", "time", "b", "p", "div", "font")]
        return " ".join(part for part in inner if part != title and len(part) < 40)
    return text.replace(title, " ", 1)


def _other_titles(element: html.HtmlElement, link: html.HtmlElement) -> bool:
    """Does an element hold the title of another entry?"""
    for seen, other in enumerate(element.iter("a")):
        if seen > 12:
            return True
        if other is not link and other.get("href") not in {link.get("href"), None} and len(text_of(other)) >= 8:
            return True
    return False


def _shape(link: html.HtmlElement, row: html.HtmlElement) -> tuple[object, ...]:
    """What tells one list of a page from another: the elements above the row, by tag and class, and where they hang."""
    above = row.getparent()
    outer = (
        above.getparent()
        if above is not None and above.tag in {"ul", "ol", "tbody", "dl"} and _is_one_of_many(above)
        else above
    )
    path = [f"{node.tag}.{(node.get('class') or '').strip()}" for node in _ancestors(above)]
    return (row.tag, _place(outer), *path, "/".join(node.tag for node in _between(link, row)))


def _is_one_of_many(element: html.HtmlElement) -> bool:
    """Does the list go on in the next sibling of the same kind? Portals put every five rows into a list of their own."""
    return any(
        other is not None and other.tag == element.tag and (other.get("class") or "") == (element.get("class") or "")
        for other in (element.getnext(), element.getprevious())
    )


def _place(element: html.HtmlElement | None) -> object:
    return None if element is None else (element.tag, element.sourceline, element.get("class"), element.get("id"))


def _ancestors(element: html.HtmlElement | None) -> Iterable[html.HtmlElement]:
    for _ in range(3):
        if element is None:
            return
        yield element
        element = element.getparent()


def _between(link: html.HtmlElement, row: html.HtmlElement) -> Iterable[html.HtmlElement]:
    node: html.HtmlElement | None = link
    while node is not None and node is not row:
        yield node
        node = node.getparent()
