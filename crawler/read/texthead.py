"""Where the headline and the byline stand in a page saved as text.

Lines are judged in their normalised form, which has the same lines as the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.read.boilerplate import image_name, is_breadcrumb, is_menu, kind_of_line
from crawler.read.byline import Byline, parse_byline
from crawler.read.dateline import is_outlet
from crawler.read.script import normalise
from crawler.read.titles import clean_title, same_title

__all__ = ["Head", "Line", "find_head", "head_below", "lines_of"]

HEAD_LINES = 30
"""How many lines that are not blank a byline may be away from the top."""
_BLANK = " \t\r\f\v\xa0\u2028\u2029\u2002\u2003\u2009\u3000\u200b\ufeff\u00ad"
_LABEL = 8
"""Characters under which a first line is the name of a column or site where the next line may be a title."""
_TITLE = 40
_LONGEST_TITLE = 120
_COLUMN = re.compile(
    r"[\u4e00-\u9fff]{2,4}(?:新闻|资讯|动态|要闻|公告|快讯)|.*(?:[上下]一[版期]|本期\d|当前[A-Z]?\d).*|第?[A-Z]?\d+版.{0,8}"
    r"|[一二三四五六七八九十]{1,3}月\s*(?:19|20)\d\d"
)
"""The name of a column, or the turning of a newspaper's pages: no headline."""
_PARTICULAR = re.compile(r"(?:名\s*称|标\s*题)\s*:\s*(.{8,100})$")
_OFFICE = re.compile(r"[\u4e00-\u9fff]{2,16}(?:人民政府|办公[厅室]|委员会|[厅局])(?:办公[厅室])?")
_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、")
_TRAILING_DAY = re.compile(r"\s+\(?(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\)?$")
SENTENCE = re.compile(r"[。!?;]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank."""

    plain: str
    """Its normalised text, trimmed."""
    start: int
    """Offset into the text as printed, behind its leading white space."""
    end: int
    """Offset just behind its last character that is no white space."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was found above the body."""

    title: str | None
    byline: Byline
    first: int
    """Index of the line with which the body may begin."""


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank."""
    lines: list[Line] = []
    start = 0
    for printed in text.split("\n"):
        stripped = printed.strip(_BLANK)
        if "|" not in (bare := stripped.strip(_BLANK + "|")):
            stripped = bare
        if stripped and (plain := normalise(stripped)[0].strip()) and re.search(r"\w", plain):
            begin = start + printed.index(stripped[0])
            lines.append(Line(plain, begin, begin + len(stripped)))
        start += len(printed) + 1
    return lines


def find_head(lines: Sequence[Line]) -> Head:
    """Headline and byline: the byline is the first line above the running text that says little else."""
    if (glued := _glued(lines)) is not None:
        return glued
    top = _top(lines)
    bylines = [number for number in range(top) if _may_be_byline(lines[number].plain)]
    if len(bylines) > 1 and _is_clock(lines[bylines[0]].plain) and _says_more(lines[bylines[1]].plain):
        bylines = bylines[1:]
    if bylines:
        head = _head_at(lines, bylines[0], top)
        return replace(head, title=_listed_title(lines) or head.title)
    title = _title_without_byline(lines, top)
    if title is None and lines and (headword := _NAMED.match(lines[0].plain)):
        return Head((headword["title"] or headword["head"]).strip(), Byline(), 1 if headword["title"] else 0)
    return Head(_title_text(lines, title), Byline(), 0 if title is None else title + 1)


def _head_at(lines: Sequence[Line], byline: int, top: int) -> Head:
    """The head whose byline stands in that line; more of it may follow, and the headline may stand below."""
    said = parse_byline(lines[byline].plain)
    title, first = _title_above(lines, byline), byline + 1
    while first < len(lines) and _is_byline(more := parse_byline(lines[first].plain), lines[first].plain):
        said, first = said.joined(more), first + 1
    if title is None and first < top and _may_be_title(lines[first]):
        title, first = first, first + 1
    return Head(_title_text(lines, title), said, first)


_NAMED = re.compile(r"【(?P<head>[^】]{4,40})】|(?:原标题|标题|题目)\s*:\s*(?P<title>[^。]{6,60})$")
_GLUED = re.compile(
    r"(?P<title>[^。;]{8,60}?)\s*(?P<said>(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?=\D).{0,80}来\s*源\s*:.{2,40})$"
)
_CLOCK = re.compile(r"[\s\d\-/.年月日:|]*(?:(?:星期|周)[一二三四五六日天])?\s*")


def _glued(lines: Sequence[Line]) -> Head | None:
    """A first line in which the byline stands directly behind the headline: …列全省前十2015-03-10 来源:某报."""
    match = _GLUED.match(lines[0].plain) if lines and len(lines[0].plain) <= 200 else None
    if match is None or not (said := parse_byline(match["said"])).published or not said.source:
        return None
    return Head(clean_title(_headline(match["title"])), said, 1)


def _may_be_byline(plain: str) -> bool:
    return _is_byline(parse_byline(plain), plain) and not is_breadcrumb(plain)


def _is_clock(plain: str) -> bool:
    """Is the line nothing but a day, as pages print that of the visit above their menu?"""
    return _CLOCK.fullmatch(plain) is not None


def _says_more(plain: str) -> bool:
    """Does a byline name its source or the time of day beside the date?"""
    said = parse_byline(plain)
    return said.published is not None and (said.source is not None or isinstance(said.published, datetime))


def _top(lines: Sequence[Line]) -> int:
    """How many lines stand above the first that is running text."""
    for number, line in enumerate(lines[:HEAD_LINES]):
        prose = len(line.plain) >= 30 and SENTENCE.search(line.plain) is not None and not _may_be_title(line)
        prose = prose or len(line.plain) > _LONGEST_TITLE
        if prose and kind_of_line(line.plain) == "text" and not _is_byline(parse_byline(line.plain), line.plain):
            return number
    return min(len(lines), HEAD_LINES)


def _title_above(lines: Sequence[Line], byline: int) -> int | None:
    """Of the lines above the byline the one most like a headline: near, long, printed twice."""
    best, most = None, 0.0
    for number in range(byline):
        if not _may_be_title(lines[number]) or (number and _SECTION.match(lines[number].plain)):
            continue
        near = lines[: byline + 4]
        again = sum(same_title(_headline(lines[number].plain), _headline(line.plain)) for line in near) > 1
        size = min(len(lines[number].plain), 24)
        value = size + 30 * again - 4 * min(byline - number - 1, 5) + (8 if number == 0 else 0)
        if value > most:
            best, most = number, value
    return best


def _title_without_byline(lines: Sequence[Line], top: int) -> int | None:
    """Without a byline: the line that a breadcrumb ends in, else the first above the running text that may be a title."""
    for line in lines[:top]:
        if is_breadcrumb(line.plain):
            tail = re.split(r"\s*(?:>+|»|›|→)\s*", line.plain)[-1]
            for number, other in enumerate(lines[:top]):
                if other is not line and len(tail) >= 6 and same_title(tail, other.plain):
                    return number
    likely = [number for number in range(top) if _may_be_title(lines[number]) and _stands_alone(lines[number])]
    likely = [number for number in likely if number == 0 or _SECTION.match(lines[number].plain) is None]
    if len(likely) > 1 and likely[1] == likely[0] + 1:
        short, long = (len(_headline(lines[number].plain)) for number in likely[:2])
        if short < _LABEL <= long:
            return likely[1]
    return likely[0] if likely else None


def _stands_alone(line: Line) -> bool:
    """Is the line a headline even with no byline below it? A first sentence is longer and has more clauses."""
    text = _headline(line.plain)
    clauses = len(re.findall(r"[,;]", text))
    return clauses <= 2 if len(text) <= _TITLE else clauses <= 1 and len(text) <= 2 * _TITLE


def _may_be_title(line: Line) -> bool:
    text = _headline(line.plain)
    if (
        not 4 <= len(text) <= _LONGEST_TITLE
        or text.count("|") > 2
        or is_breadcrumb(line.plain)
        or is_menu(line.plain)
        or image_name(line.plain)
    ):
        return False
    if (
        is_outlet(text)
        or _COLUMN.fullmatch(text)
        or kind_of_line(text) != "text"
        or re.match(r"[—\-–(]{2}", text)
        or not re.search(r"[\u4e00-\u9fff]{2}", text)
    ):
        return False
    return not re.search(r"。.{4,}|[。;,:]$|^\S{2,8}(?:记者|通讯员)|^[(【].*[)】]$", text)


def _headline(plain: str) -> str:
    """A line without what some pages print before a headline."""
    return re.sub(r"^(?:正在阅读|标题|题目|当前阅读)\s*:\s*", "", plain.lstrip("# •·●▪■◆"))


def _listed_title(lines: Sequence[Line]) -> str | None:
    """The 名称 of a document in a block of its particulars, where the page prints it as a headline too."""
    for line in lines[:HEAD_LINES]:
        if (named := _PARTICULAR.match(line.plain)) and any(same_title(named[1], other.plain) for other in lines):
            return clean_title(named[1])
    return None


def _title_text(lines: Sequence[Line], number: int | None) -> str | None:
    """The headline; an office alone in the line above 关于… begins it."""
    if number is None:
        return None
    text = _TRAILING_DAY.sub("", _headline(lines[number].plain))
    above = lines[number - 1].plain if number else ""
    below = lines[number + 1].plain if number + 1 < len(lines) else ""
    if _OFFICE.fullmatch(text) and below.startswith("关于"):
        return clean_title(text + below)
    return clean_title(above + text if text.startswith("关于") and _OFFICE.fullmatch(above) else text)


def head_below(lines: Sequence[Line], title: str) -> Head:
    """What may stand between a title known from elsewhere and the body."""
    said, first = Byline(), 0
    while first < min(len(lines), HEAD_LINES):
        plain = lines[first].plain
        more = parse_byline(plain)
        if _is_byline(more, plain):
            said = said.joined(more)
        elif not same_title(plain.lstrip("# "), title):
            break
        first += 1
    return Head(title, said, first)


def _is_byline(said: Byline, plain: str) -> bool:
    """Does the line say little beside what a byline says?"""
    if said.is_empty() or len(plain) > 200 or (len(plain) > 60 and SENTENCE.search(plain)):
        return False
    room = 24 if said.source and said.published else 8
    return len(said.rest) <= max(room, len(plain) // 4)
