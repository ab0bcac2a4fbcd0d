"""The date, 来源, 作者 and 编辑 that stand beside a headline, above it, or behind the body."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from lxml import html

from crawler.read.boilerplate import is_breadcrumb
from crawler.read.byline import Byline, clean_name, is_office, parse_byline
from crawler.read.dom import PageLine, class_and_id, text_of
from crawler.read.headline import Headline
from crawler.read.script import normalise
from crawler.read.titles import letters

__all__ = ["byline_near"]

_SOURCE_NAMED = re.compile(
    r"(?:^|[\s_-])(?:source|laiyuan|copyfrom|comefrom|media-?name|from)(?:$|[\s_-])", re.IGNORECASE
)
_TELLING = re.compile(r"[:/|\d]|来源|稿源|记者|通讯员")
"""A byline has a label or a date."""
_GREETING = re.compile(r"(?:今天|今日|现在)(?:是|为|:)|欢迎(?:您|你|访问|光临)")
"""The date in a greeting is that of the visit."""
_LABELLED = re.compile(r"(?:来源|稿源|编辑|责编|作者|记者|时间|日期)\s*[:：]")
_BELOW = 25
"""Lines below the headline in which a byline may stand; portals put share bars and menus between."""
_ABOVE, _FAR_ABOVE = 4, 30
_REGISTER = re.compile(r"索\s*引\s*号|信息索引|发文(?:机关|字号)|公文种类")
_CELL_LABEL = re.compile(
    r"\s*(?:[【\[]\s*)?(?:(?:发\s*布|公\s*开|制\s*发|发\s*文)\s*(?:机\s*构|单\s*位|机\s*关|部\s*门|主\s*体|日\s*期|时\s*间)|(?:生\s*成|成\s*文)\s*日\s*期|(?:信\s*息)?\s*来\s*源)\s*(?:[】\]]\s*)?$"
)
"""A cell of a register that names the next one."""
_CLOSE = 6
_BEHIND = 8
"""Lines behind the body in which its editor may be named."""
_PARTS_OF_LINE = 80


def byline_near(
    lines: Sequence[PageLine],
    headline: Headline | None,
    *,
    body: int,
    end: int,
    fetched: datetime | None,
    known: Collection[str] = (),
) -> Byline:
    """What the lines between headline and body say, then those just above the headline, then those at the body's ends. `known`
    are the letters of names that the page calls itself or its column by."""
    said = Byline()
    if headline is not None and headline.line < body:
        below = headline.line + headline.lines
        said = _read(lines[below : min(body, below + _BELOW)], fetched)
        if said.published is None or said.source is None:
            said = said.joined(_read(lines[max(0, headline.line - _ABOVE) : headline.line], fetched))
            said = said.joined(_register(lines[max(0, headline.line - _FAR_ABOVE) : headline.line], fetched))
    else:
        said = _read(lines[max(0, body - 8) : body], fetched)
        said = said.joined(_register(lines[max(0, body - _FAR_ABOVE) : body], fetched))
    start = max(body, headline.line + headline.lines) if headline is not None else body
    said = said.joined(_read(lines[start : min(start + 4, end)], fetched))
    behind = _read([line for line in lines[end : end + _BEHIND] if _may_belong(line)], fetched)
    if said.published is None:
        said = said.joined(behind)
    said = replace(said, editor=said.editor or behind.editor, author=said.author or behind.author)
    if said.source is None and headline is not None:
        near = lines[headline.line + headline.lines : max(start, headline.line + _CLOSE)]
        said = said.joined(Byline(source=_hinted(lines[headline.line : start]) or _beside_date(near, known, fetched)))
    return said


def _beside_date(lines: Sequence[PageLine], known: Collection[str], fetched: datetime | None) -> str | None:
    """The outlet in an element of its own on the line of the date, or on a line of its own before or behind one that holds
    nothing else."""
    texts = [normalise(line.text)[0].strip() for line in lines[:_BELOW]]
    for number, text in enumerate(texts):
        said = parse_byline(text, fetched=fetched) if 4 <= len(text) <= 60 else Byline()
        if said.published is None:
            continue
        around = texts[max(0, number - 1) : number] + texts[number + 1 : number + 2] if len(said.rest) <= 4 else []
        for name in (*_parts(lines[number].owner), *around):
            if (
                2 <= len(name) <= 20
                and ":" not in name
                and (letters(name) in known or is_office(name))
                and parse_byline(name).is_empty()
            ):
                return clean_name(name)
    return None


def _parts(owner: html.HtmlElement) -> Sequence[str]:
    """What stands in the elements of a line, each for itself."""
    parts = [part.strip() for part in islice(owner.itertext(), _PARTS_OF_LINE) if part.strip()] if len(owner) else []
    return [normalise(part)[0] for part in parts]


def _register(lines: Sequence[PageLine], fetched: datetime | None) -> Byline:
    """What the table of identifiers above a document says of who published it and when (索引号, 发布机构, 发布日期)."""
    first = next((number for number, line in enumerate(lines) if _REGISTER.search(line.text)), None)
    return Byline() if first is None else _read(_paired(lines[first:]), fetched)


def _paired(lines: Sequence[PageLine]) -> Sequence[PageLine]:
    """The lines of a register, with a label that has no colon put before the cell that it names."""
    paired: list[PageLine] = []
    label = ""
    for line in lines:
        if label:
            paired.append(replace(line, text=f"{label}:{line.text}"))
            label = ""
        elif _CELL_LABEL.match(line.text):
            label = re.sub(r"\s", "", line.text)
        else:
            paired.append(line)
    return paired


def _may_belong(line: PageLine) -> bool:
    """May a line behind the body be a byline, not an entry of a list of neighbours? An entry is a link with a date."""
    return line.links * 3 < len(line.text) or bool(_LABELLED.search(line.text))


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
        parts = lines[number].owner if len(text) <= 300 else None
        if len(text) <= 40 and text.rstrip().endswith(":") and number + 1 < len(lines):
            number += 1
            text += normalise(lines[number].text)[0]
            parts = None
        number += 1
        if len(text) > 300 or not _TELLING.search(text) or _GREETING.search(text) or is_breadcrumb(text):
            continue
        found = parse_byline(text, fetched=fetched)
        if not found.is_empty() and len(found.rest) <= max(12, len(text) // 3):
            said = said.joined(_parted(found, text, parts, fetched))
    return said


def _parted(found: Byline, text: str, owner: html.HtmlElement | None, fetched: datetime | None) -> Byline:
    """The names of a byline, ended where the elements end that they stand in: 来源: <a>某报</a>湖北 <a>举报</a>."""
    if owner is None or not len(owner):
        return found
    spaced = "  ".join(_parts(owner))
    is_whole = (found.source is None or found.source in spaced.split("  ")) and (found.author or "作者" not in text)
    if is_whole or re.sub(r"\s", "", spaced) != re.sub(r"\s", "", text):
        return found
    other = parse_byline(spaced, fetched=fetched)
    shorter = found.source and other.source and len(other.source) < len(found.source)
    return replace(found, source=other.source if shorter else found.source, author=other.author or found.author)
