"""What a reader sees around the headline: the title itself, and the date, 来源, 作者 and 编辑 beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.read.boilerplate import is_breadcrumb
from crawler.read.byline import Byline, clean_name, parse_byline
from crawler.read.dom import HEADINGS, PageLine, class_and_id, text_of
from crawler.read.metadata import PageMeta
from crawler.read.script import normalise
from crawler.read.titles import clean_title, letters

__all__ = ["Headline", "byline_near", "cut_site_name", "find_headline", "title_of"]

_NAMED = re.compile(r"title|headline|biaoti|subject|(?:^|\s)(?:bt|tit|hd|arti?h1)(?:\s|$)", re.IGNORECASE)
_SUFFIX = re.compile(r"\s*(?:[_|]{1,3}|::|»|\s[-–—]{1,3}\s|(?<!\d)[-–—]{1,3}|[-–—]{1,3}(?!\d))\s*")
_SITE = re.compile(
    r"(?:网|网站|报|报社|社|台|在线|门户|政府|办公厅|委员会|[委局厅部办院处署会]|中心|公司|大学|学院|学校|集团|频道|栏目|客户端|新闻|资讯|"
    r"要闻|动态|公告|首页|平台|协会|学会|医院|杂志|周刊|晚报|日报|[A-Za-z.]{3,})$"
)
_SOURCE_NAMED = re.compile(
    r"(?:^|[\s_-])(?:source|laiyuan|copyfrom|comefrom|media-?name|from)(?:$|[\s_-])", re.IGNORECASE
)
_TELLING = re.compile(r"[:/|\d]|来源|稿源")
"""A byline has a label or a date."""
_BELOW = 25
"""Lines below the headline in which a byline may stand; portals put share bars and menus between."""
_ABOVE = 4


@dataclass(frozen=True, slots=True)
class Headline:
    """The visible title."""

    text: str
    """Normalised."""
    line: int
    """Index of the page line it begins on."""
    lines: int = 1
    """How many lines it takes."""


def find_headline(lines: Sequence[PageLine], meta: PageMeta, *, body: int) -> Headline | None:
    """The line that is the page's title, by tag, name, place and what the head says. `body` is the index of the first line
    of the body. None where no line is likely enough."""
    wanted = [letters(meta.title), letters(meta.document_title)]
    best, most = None, 2.4
    for number, line in enumerate(lines[: body + 6]):
        if not 2 <= len(line.text) <= 160:
            continue
        score = _score(line, letters(normalise(line.text)[0]), wanted) - min(max(body - number, 0), 40) / 40
        if score > most:
            best, most = number, score
    return None if best is None else _whole(lines, best)


def _score(line: PageLine, plain: str, wanted: Sequence[str]) -> float:
    if len(plain) < 2:
        return 0.0
    node = line.owner
    score = {"h1": 3.0, "h2": 2.0, "h3": 1.0}.get(node.tag, 0.0)
    if score == 0.0:
        outer = next(
            (up.tag for up, _ in zip(node.iterancestors(), range(2), strict=False) if up.tag in HEADINGS), None
        )
        score = {"h1": 2.5, "h2": 1.5}.get(outer or "", 0.0)
    if _NAMED.search(class_and_id(node)) or (
        node.getparent() is not None and _NAMED.search(class_and_id(node.getparent()))
    ):
        score += 1.5
    said, document = wanted
    if said and plain == said:
        score += 4
    if document and len(plain) >= 4 and plain in document:
        score += 3 + (2 if document.startswith(plain) else 0) + min(len(plain) / max(1, len(document)), 1.0)
    if line.links * 2 > len(line.text):
        score -= 2
    if is_breadcrumb(line.text):
        score -= 5
    return score + (0.5 if len(plain) >= 8 else -0.5)


def _whole(lines: Sequence[PageLine], number: int) -> Headline:
    """All lines of a heading that is broken by <br>."""
    owner = lines[number].owner
    first = last = number
    if owner.tag in HEADINGS:
        while first and lines[first - 1].owner is owner:
            first -= 1
        while last + 1 < len(lines) and lines[last + 1].owner is owner:
            last += 1
    text = " ".join(line.text for line in lines[first : last + 1])
    return Headline(clean_title(text) or "", first, last - first + 1)


def title_of(headline: Headline | None, meta: PageMeta) -> str | None:
    """The visible title; else that of the meta tags; else the title element without the name of the site."""
    if headline and headline.text:
        return (
            cut_site_name(headline.text, meta)
            if letters(headline.text) == letters(meta.document_title)
            else headline.text
        )
    if meta.title:
        return cut_site_name(clean_title(meta.title) or "", meta) or None
    if meta.document_title:
        return cut_site_name(clean_title(meta.document_title) or "", meta) or None
    return None


def cut_site_name(title: str, meta: PageMeta) -> str:
    """A title without the names of site and column behind it.

    >>> cut_site_name("多地公布建设进度_要闻_某某网", PageMeta())
    '多地公布建设进度'
    """
    parts = _SUFFIX.split(title)
    marks = _SUFFIX.findall(title)
    while (
        len(parts) > 1
        and len(letters("".join(parts[:-1]))) >= 4
        and _is_site_name(parts[-1], marks[len(parts) - 2], meta)
    ):
        parts.pop()
    if len(parts) == len(marks) + 1:
        return title
    return "".join(
        part + (marks[number] if number < len(parts) - 1 else "") for number, part in enumerate(parts)
    ).strip()


def _is_site_name(part: str, mark: str, meta: PageMeta) -> bool:
    if meta.site and letters(part) and (letters(part) in letters(meta.site) or letters(meta.site) in letters(part)):
        return True
    if mark.strip() in {"_", "__", "|", "||", "»", "::"}:
        return len(part) <= 24
    return len(part) <= 20 and bool(_SITE.search(part))


def byline_near(
    lines: Sequence[PageLine], headline: Headline | None, *, body: int, end: int, fetched: datetime | None
) -> Byline:
    """What the lines between headline and body say, then those just above the headline, then those at the body's ends."""
    said = Byline()
    if headline is not None and headline.line < body:
        below = headline.line + headline.lines
        said = _read(lines[below : min(body, below + _BELOW)], fetched)
        if said.published is None or said.source is None:
            said = said.joined(_read(lines[max(0, headline.line - _ABOVE) : headline.line], fetched))
    else:
        said = _read(lines[max(0, body - 8) : body], fetched)
    start = max(body, headline.line + headline.lines) if headline is not None else body
    said = said.joined(_read(lines[start : min(start + 4, end)], fetched))
    if said.published is None:
        said = said.joined(_read(lines[end : end + 6], fetched))
    if said.source is None and headline is not None:
        said = said.joined(Byline(source=_hinted(lines[headline.line : start])))
    return said


def _hinted(lines: Sequence[PageLine]) -> str | None:
    """The outlet in an element whose name says that it holds it (<span class="a_source">), the innermost of several."""
    for line in lines:
        if len(line.text) > 200:
            continue
        named = [
            node for node in line.owner.iter() if isinstance(node.tag, str) and _SOURCE_NAMED.search(class_and_id(node))
        ]
        for element in reversed(named):
            text = normalise(text_of(element))[0]
            said = parse_byline(text)
            name = clean_name(said.source or (said.rest if said.published else text))
            if name and len(name) <= 30 and not re.search(r"\d{4}-|[。!?]", name):
                return name
    return None


def _read(lines: Sequence[PageLine], fetched: datetime | None) -> Byline:
    """Lines that are bylines, joined; a label at the end of a line takes the next line as its value."""
    said = Byline()
    number = 0
    while number < len(lines):
        text = normalise(lines[number].text)[0]
        if len(text) <= 40 and text.rstrip().endswith(":") and number + 1 < len(lines):
            number += 1
            text += normalise(lines[number].text)[0]
        number += 1
        if len(text) > 300 or not _TELLING.search(text) or is_breadcrumb(text):
            continue
        found = parse_byline(text, fetched=fetched)
        if not found.is_empty() and len(found.rest) <= max(12, len(text) // 3):
            said = said.joined(found)
    return said
