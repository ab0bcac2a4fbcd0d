"""A page saved as text → Article: its fields, and where its body stands.

The text is kept as it is; only spans are found. Lines are judged in their normalised form, which has the same lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.items import Article, Image, Paragraph
from crawler.read.boilerplate import image_name, is_menu, kind_of_line
from crawler.read.byline import Byline, is_office, own_name, parse_byline
from crawler.read.dateline import is_outlet, outlet_in_dateline
from crawler.read.script import normalise
from crawler.read.texthead import Head, Line, find_head, head_below, lines_of
from crawler.read.texttable import tables_in_text
from crawler.read.titles import kind_of_paragraph, same_title

__all__ = ["article_from_text"]

MAX_TEXT = 300_000
"""Characters of a file that are read."""
_OF_PATH = re.compile(
    r"(?:您?(?:现在|目前|当前)?(?:所)?在?的?位置(?:是)?:)?\s*([\u4e00-\u9fff]{2,8}(?:网|报|在线|日报))\s*>[^>]{1,20}>"
)
"""A site's name at the beginning of the path to a page: 某某网 > 新闻 > 本地."""
_SITE = re.compile(r"[\u4e00-\u9fff]{2,14}(?:门户网站|政府网|新闻网|网站)(?=\s|$)")
_PLACEHOLDER = re.compile(r"#FormatImgID_\d+#\s*")
"""What a CMS leaves where an image stood."""


def article_from_text(
    text: str, *, region: str | None = None, title: str | None = None, said: Byline | None = None
) -> Article:
    """The article of a text. `published` only where a byline states it; never from the body. A `title` or byline that is
    known already is not looked for."""
    text, whole = text[:MAX_TEXT], len(text)
    lines = lines_of(text)
    head = find_head(lines) if title is None else head_below(lines, title)
    if said is not None:
        head = replace(head, byline=said.joined(head.byline))
    last = _end(lines, head.first)
    plain, offsets = normalise(text)
    article = Article(text=text, plain=plain, offsets=offsets, paragraphs=(), title=head.title, region=region)
    article = _with_fields(_with_body(article, lines, head, last), lines, head, last)
    if whole > MAX_TEXT:
        article = replace(article, notes=(*article.notes, f"only the first {MAX_TEXT} of {whole} characters were read"))
    return article


def _end(lines: Sequence[Line], first: int) -> int:
    """Index behind the last body line: the first line that ends a text, unless most of the text is still to come."""
    sizes = [_weight(line) for line in lines]
    total = sum(sizes[first:])
    seen = 0
    end = len(lines)
    for number in range(first, len(lines)):
        if kind_of_line(lines[number].plain) == "end" and seen * 3 >= total - seen:
            end = number
            break
        seen += sizes[number]
    while end > first and (is_menu(lines[end - 1].plain) or _weight(lines[end - 1]) == 0):
        end -= 1
    return end


def _weight(line: Line) -> int:
    """How much of a body a line is: nothing if it is furniture."""
    return len(line.plain) if kind_of_line(line.plain) == "text" else 0


def _with_body(article: Article, lines: Sequence[Line], head: Head, last: int) -> Article:
    """Paragraphs, tables and images of the lines from the head to the end."""
    body = list(lines[head.first : last])
    tables = tables_in_text(article.text, [(line.start, line.end) for line in body])
    covered = {place for table in tables for place in range(table.start, table.end + 1)}
    paragraphs: list[Paragraph] = []
    images: list[Image] = []
    dropped = 0
    for number, line in enumerate(body):
        if line.start in covered:
            continue
        kind = kind_of_line(line.plain)
        if name := image_name(line.plain):
            images.append(Image(name, line.start))
        elif mark := _PLACEHOLDER.match(article.text, line.start, line.end):
            images.append(Image(mark.group().strip(), line.start, article.text[mark.end() : line.end] or None))
            paragraphs += [Paragraph(mark.end(), line.end, "caption")] if mark.end() < line.end else []
        elif kind in {"drop", "end"} or is_menu(line.plain) or (number < 4 and same_title(line.plain, article.title)):
            dropped += 1
        else:
            shape = "lead" if kind == "lead" else kind_of_paragraph(line.plain)
            paragraphs.append(Paragraph(line.start, line.end, shape))
    return replace(
        article,
        paragraphs=tuple(paragraphs),
        tables=tables,
        images=tuple(images),
        notes=_notes(dropped, len(lines) - last, images),
    )


def _notes(dropped: int, below: int, images: Sequence[Image]) -> tuple[str, ...]:
    notes = []
    if dropped:
        notes.append(f"dropped {dropped} lines within the body")
    if below:
        notes.append(f"cut {below} lines below the body")
    if images:
        notes.append(f"{len(images)} images stand in the body")
    return tuple(notes)


def _with_fields(article: Article, lines: Sequence[Line], head: Head, last: int) -> Article:
    """Outlet, origin, author, editor and date: the byline first, then what stands at the end of the body."""
    said = head.byline
    tail = Byline()
    for line in lines[head.first :]:
        if kind_of_line(line.plain) == "drop" and len(line.plain) <= 80 and line.start < _limit(lines, last):
            tail = tail.joined(parse_byline(line.plain.strip("()（）[]【】")))
    site = _site_of(lines, head)
    source = own_name(said.source) or own_name(tail.source)
    outlet = site or source or _outlet_in(lines, head.first)
    if outlet is None and is_office(said.publisher):
        outlet = own_name(said.publisher)
    origin = own_name(tail.source) or source
    return replace(
        article,
        outlet=outlet,
        origin=origin if origin != outlet else None,
        author=said.author or tail.author,
        editor=said.editor or tail.editor,
        published=said.published or tail.published,
        modified=said.modified or tail.modified,
    )


def _site_of(lines: Sequence[Line], head: Head) -> str | None:
    """The site that a page names beside the source it reprints: at the head of its path, or in the byline itself."""
    for line in lines[: head.first + 3]:
        if found := _OF_PATH.match(line.plain):
            return found[1]
    named = _SITE.search(head.byline.rest) if head.byline.source else None
    return named[0] if named else None


def _outlet_in(lines: Sequence[Line], first: int) -> str | None:
    """Whom the opening names, a line near the end that is nothing but the name of an outlet, or the path above."""
    for line in [*lines[first : first + 3], *lines[:first]]:
        if (name := outlet_in_dateline(line.plain)) is not None:
            return name
    around = [*lines[:first], *lines[first : first + 2], *lines[first:][-8:]]
    return next((name for line in around if is_outlet(name := line.plain.lstrip("•·●▪◆ "))), None)


def _limit(lines: Sequence[Line], last: int) -> int:
    """Up to where a line may still belong to the article: a few lines below the body."""
    return lines[min(last + 3, len(lines)) - 1].end if lines else 0
