"""The title that a reader sees, and that of the head without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import html

from crawler.read.boilerplate import is_breadcrumb
from crawler.read.dom import HEADINGS, PageLine, class_and_id
from crawler.read.metadata import PageMeta
from crawler.read.script import normalise
from crawler.read.titles import clean_title, letters

__all__ = ["Headline", "HeadlineFinder", "cut_site_name", "parts_of_title", "title_of"]

_NAMED = re.compile(r"title|headline|biaoti|subject|(?:^|\s)(?:bt|tit|hd|arti?h1)(?:\s|$)", re.IGNORECASE)
_SUFFIX = re.compile(r"\s*(?:[_|]{1,3}|::|»|\s[-–—]{1,3}\s|(?<!\d)[-–—]{1,3}|[-–—]{1,3}(?!\d))\s*")
_PARTS = re.compile(r"\s*(?:[_|>»]+|::|-{1,2}|[–—]+|\s[·•]\s)\s*")
_SITE = re.compile(
    r"(?:网|网站|报|报社|社|台|在线|门户|政府|办公厅|委员会|[委局厅部办院处署会]|中心|公司|大学|学院|学校|集团|频道|栏目|客户端|新闻|资讯|"
    r"要闻|动态|公告|首页|平台|协会|学会|医院|杂志|周刊|晚报|日报|[A-Za-z.]{3,})$"
)
_FONT_SIZE = re.compile(r"font-size\s*:\s*(\d{1,3}(?:\.\d+)?)(px|pt)", re.IGNORECASE)
_TAGS = {"h1": 3.0, "h2": 2.0, "h3": 1.0}
_TAGS_ABOVE = {"h1": 2.5, "h2": 1.5}
_INLINE = frozenset({"font", "b", "strong", "span"})
_LARGE = 20
"""Pixels from which on a line is printed like a headline."""
_BROKEN = 4
"""Lines on either side that a title may be broken into."""
_SITE_ALONE = re.compile(r"(?:网站?|门户|在线|首页|平台|公开|频道|日报|晚报|客户端)$")
_SITE_LENGTH = 12
_SALUTATION = re.compile(r"[:：]\s*$")
"""Ends 各区县人民政府，市直各单位：, which is bold and centred on many a notice; no headline ends so."""
_DATED = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}")
_ENOUGH = 2.4
"""The score from which on a line is a title."""
_DATE_BEHIND = re.compile(
    r"\s*[(\[【]?(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?[)\]】]?$"
)


@dataclass(frozen=True, slots=True)
class Headline:
    """The visible title."""

    text: str
    """Normalised."""
    line: int
    """Index of the page line it begins on."""
    lines: int = 1
    """How many lines it takes."""


def parts_of_title(meta: PageMeta) -> frozenset[str]:
    """The letters of the parts of the title element, among them the names of column and site, and of the site's name."""
    parts = {letters(part) for part in _PARTS.split(meta.document_title or "")} | {letters(meta.site)}
    return frozenset(part for part in parts if part)


class HeadlineFinder:
    """Finds the line that is a page's title. Every line is scored once, however often it is asked."""

    def __init__(self, lines: Sequence[PageLine], meta: PageMeta) -> None:
        self._lines = lines
        self._said = letters(clean_title(meta.title or ""))
        self._document = letters(meta.document_title)
        parts = [letters(part) for part in _PARTS.split(meta.document_title or "")]
        longest = max(map(len, parts))
        self._sites = {part for part in parts if _SITE.search(part) and len(part) < longest} | {letters(meta.site)}
        self._longest = max(len(self._said), len(self._document), 8)
        self._scores: dict[int, float] = {}
        self._named: dict[html.HtmlElement, bool] = {}

    def best(self, body: int) -> Headline | None:
        """The title by tag, name, place and what the head says. `body` is the index of the first line of the body. None where
        no line is likely enough."""
        best, most = None, _ENOUGH
        for number in range(min(body + 6, len(self._lines))):
            if number not in self._scores:
                self._scores[number] = self._score(number)
            score = self._scores[number] - min(max(body - number, 0), 40) / 40
            if score > most:
                best, most = number, score
        return None if best is None else self._whole(best)

    def _below(self, number: int) -> float:
        """What it says for a line that a dated one, which is no link, stands just below it: a byline."""
        for line in self._lines[number + 1 : number + 3]:
            if len(line.text) <= 160 and line.links * 2 < len(line.text) and _DATED.search(line.text):
                return 1.0
        return 0.0

    def _score(self, number: int) -> float:
        score = self._by_itself(self._lines[number])
        return score + self._below(number) if score > 0 else score

    def _by_itself(self, line: PageLine) -> float:
        if not 2 <= len(line.text) <= 160 or _SALUTATION.search(line.text):
            return 0.0
        linked = line.links * 2 > len(line.text)
        score = self._by_markup(line.owner)
        if linked and not score:
            return 0.0
        if score < 2 and _is_large(line.owner):
            score = 2.5
        if not score and len(line.text) > 2 * self._longest:
            # longer than all that the head says
            return 0.0
        plain = letters(normalise(line.text)[0])
        if len(plain) < 2:
            return 0.0
        if self._said and plain == self._said:
            score += 4
        if len(plain) >= 4 and plain in self._document:
            score += 3 + (2 if self._document.startswith(plain) else 0) + min(len(plain) / len(self._document), 1.0)
        score += (0.5 if len(plain) >= 8 else -0.5) - 2 * linked
        if score > _ENOUGH and (plain in self._sites or self._is_site(plain) or is_breadcrumb(line.text)):
            score -= 5
        return score

    def _is_site(self, plain: str) -> bool:
        """Is this the site's name, of which alone the title element consists?"""
        return plain == self._document and len(plain) <= _SITE_LENGTH and bool(_SITE_ALONE.search(plain))

    def _by_markup(self, node: html.HtmlElement) -> float:
        """How an element's tag and name speak for a headline."""
        score = _TAGS.get(node.tag, 0.0)
        parent = node.getparent()
        if not score and parent is not None:
            outer = parent.tag if parent.tag in HEADINGS else getattr(parent.getparent(), "tag", "")
            score = _TAGS_ABOVE.get(outer, 0.0)
        if _is_named(class_and_id(node)) or (parent is not None and self._is_named_above(parent)):
            score += 1.5
        return score

    def _is_named_above(self, parent: html.HtmlElement) -> bool:
        """The rows of a list hang in one element, which is looked at once."""
        if parent not in self._named:
            self._named[parent] = _is_named(class_and_id(parent))
        return self._named[parent]

    def _whole(self, number: int) -> Headline:
        """All lines of a heading, or of a title that the head knows whole, which is broken by <br>."""
        lines, owner = self._lines, self._lines[number].owner
        first = last = number
        while first and lines[first - 1].owner is owner and number - first < _BROKEN:
            first -= 1
        while last + 1 < len(lines) and lines[last + 1].owner is owner and last - number < _BROKEN:
            last += 1
        text = clean_title(" ".join(line.text for line in lines[first : last + 1])) or ""
        if owner.tag in HEADINGS or (self._said and letters(text) == self._said):
            return Headline(text, first, last - first + 1)
        return Headline(clean_title(lines[number].text) or "", number)


@lru_cache(maxsize=4096)
def _is_named(names: str) -> bool:
    """Does a class or id say that a title stands here?"""
    return bool(_NAMED.search(names))


def _is_large(node: html.HtmlElement) -> bool:
    """Is a line without a heading's tag printed as one: in large letters, or bold and centred?"""
    strong = centred = False
    for up in (
        node,
        *(inner for inner in islice(node.iter(), 8) if inner.tag in _INLINE),
        *islice(node.iterancestors(), 2),
    ):
        style = up.get("style") or ""
        if (size := _FONT_SIZE.search(style)) and float(size[1]) * (4 / 3 if size[2] == "pt" else 1) >= _LARGE:
            return True
        if up.tag == "font" and (up.get("size") or "") in {"4", "5", "6", "7", "+1", "+2", "+3"}:
            return True
        strong = strong or up.tag in {"b", "strong"}
        centred = centred or up.tag == "center" or up.get("align") == "center" or "center" in style
    return strong and centred


def title_of(headline: Headline | None, meta: PageMeta) -> str | None:
    """The visible title; else that of the meta tags; else the title element without the name of the site."""
    if headline and headline.text:
        same = letters(headline.text) == letters(meta.document_title)
        return cut_site_name(headline.text, meta) if same else _without_date(headline.text, meta)
    if meta.title:
        return cut_site_name(clean_title(meta.title) or "", meta) or None
    if meta.document_title:
        return cut_site_name(clean_title(meta.document_title) or "", meta) or None
    return None


def _without_date(title: str, meta: PageMeta) -> str:
    """A headline without the date that stands beside it in the same element."""
    cut = _DATE_BEHIND.sub("", title)
    return cut if len(cut) >= 4 and letters(title) not in letters(meta.document_title) else title


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
