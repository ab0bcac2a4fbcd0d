"""The element that holds a text → its paragraphs, tables and images in reading order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lxml import etree, html

from crawler.read.cells import RawCell, data_rows
from crawler.read.dom import BLOCKS, HEADINGS, SKIPPED, class_and_id, is_hidden

__all__ = ["Block", "blocks_of"]

_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_NOISE = re.compile(
    r"(?:^|[\s_-])(?:bd|j|social|art|article|news|post)?[_-]?(?:share|shares|sharing|bdshare|jiathis|qrcode|ewm|erweima|weixin|wechat"
    r"|related?|relate[ds]?|relevant|recommend\w*|tuijian|xiangguan|hot\w{0,4}|rank\w*"
    r"|comments?|pinglun|reply|copyright|disclaimer|statement|shengming|declare|mzsm|banquan"
    r"|pager?|pages?|paging|pagination|page-?nav|pagenum|autopage|div_currpage|fenye|prenext|prev-?next|pre_next|updown"
    r"|toolbar|tools|breadcrumb|crumbs?|location|ad|ads|adv|advert\w*|guanggao|banner|login|subscribe|keywords?|tags?|zebian|editor-?info"
    r"|bianji|print|fontsize-?set|user-?info|author-?info|lead-?in-?app|open-?app|download-?app|player|video)(?=$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"caption|img[_-]?(?:desc|info|text|title|note)|pic[_-]?(?:text|desc|info|note|title)|tushuo|tuzhu|zhushi",
    re.IGNORECASE,
)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")


MAX_BLOCKS = 6_000
MAX_TEXT = 300_000
"""What an article may hold; the longest real ones have 10,000 characters, a yearbook's chapter 100,000."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table or an image."""

    text: str = ""
    """Text of a paragraph; alt or title text of an image."""
    kind: Literal["text", "heading", "item", "lead", "caption", "table", "image"] = "text"
    """What it is by its markup."""
    links: int = 0
    """How many characters of the text stand in links."""
    url: str = ""
    """src of an image, as printed."""
    rows: tuple[tuple[RawCell, ...], ...] = ()
    """Of a table."""
    caption: str | None = None
    """Of a table."""


def blocks_of(
    container: html.HtmlElement,
    size_of: Callable[[html.HtmlElement], int],
    *,
    without: html.HtmlElement | None = None,
) -> list[Block]:
    """What stands in the container, in reading order, without share bars, pagers and the like. `size_of` gives the amount
    of text below an element: what holds most of the text is never taken for noise; `without` is another text in it."""
    return _Walk(container, size_of, without).blocks()


class _Walk:
    """One pass over a container."""

    def __init__(
        self,
        container: html.HtmlElement,
        size_of: Callable[[html.HtmlElement], int],
        without: html.HtmlElement | None,
    ) -> None:
        self.container = container
        self.without = without
        self.size_of = size_of
        self.limit = size_of(container) * 0.4
        self.found: list[Block] = []
        self.parts: list[str] = []
        self.length = 0
        self.links = 0
        self.in_link = 0
        self.in_pre = 0
        self.kinds: list[Literal["text", "heading", "item", "caption"]] = ["text"]

    def blocks(self) -> list[Block]:
        walk = etree.iterwalk(self.container, events=("start", "end"))
        skipped = None
        for event, element in walk:
            if event == "end":
                self._leave(element, skipped=element is skipped)
            elif self._is_passed_over(element) or self._took_table(element):
                skipped = element
                walk.skip_subtree()
            else:
                self._enter(element)
            if len(self.found) >= MAX_BLOCKS or self.length >= MAX_TEXT:
                break
        self._flush()
        return self.found

    def _is_passed_over(self, element: html.HtmlElement) -> bool:
        if not isinstance(element.tag, str) or element.tag in SKIPPED or element is self.without:
            return True
        if element is self.container:
            return False
        if is_hidden(element):
            return self.size_of(element) <= self.limit
        if element.tag not in BLOCKS:
            return False
        names = class_and_id(element)
        return len(names) > 1 and bool(_NOISE.search(names)) and self.size_of(element) <= self.limit

    def _took_table(self, element: html.HtmlElement) -> bool:
        if element.tag != "table" or element is self.container:
            return False
        if (rows := data_rows(element)) is None:
            return False
        self._flush()
        caption = element.find("caption")
        words = _SPACES.sub(" ", caption.text_content()).strip() if caption is not None else ""
        self.found.append(Block(kind="table", rows=rows, caption=words or None))
        return True

    def _enter(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._flush()
            self.kinds.append(self._kind(element))
        if tag == "img":
            self._image(element)
        self.in_link += tag == "a"
        self.in_pre += tag == "pre"
        self._add(element.text)

    def _leave(self, element: html.HtmlElement, *, skipped: bool) -> None:
        if not skipped:
            if element.tag in BLOCKS:
                self._flush()
                self.kinds.pop()
            self.in_link -= element.tag == "a"
            self.in_pre -= element.tag == "pre"
        if element is not self.container:
            self._add(element.tail)

    def _kind(self, element: html.HtmlElement) -> Literal["text", "heading", "item", "caption"]:
        if element.tag in HEADINGS:
            return "heading"
        if element.tag == "figcaption" or _CAPTION.search(element.get("class") or ""):
            return "caption"
        if element.tag == "li":
            return "item"
        return self.kinds[-1]

    def _image(self, element: html.HtmlElement) -> None:
        url = next((value for name in _SOURCES if (value := (element.get(name) or "").strip())), "")
        if url and not url.startswith("data:"):
            self._flush()
            self.found.append(Block((element.get("alt") or element.get("title") or "").strip(), "image", url=url))

    def _add(self, text: str | None) -> None:
        if text:
            *lines, text = text[:MAX_TEXT].split("\n") if self.in_pre else [text[:MAX_TEXT]]
            for line in lines:
                self.parts.append(line)
                self._flush()
            self.parts.append(text)
            self.length += len(text)
            if self.in_link:
                self.links += len(text.strip())

    def _flush(self) -> None:
        text = _SPACES.sub(" ", "".join(self.parts)).strip(" \u3000\u200b\ufeff")
        if text:
            self.found.append(Block(text, self.kinds[-1], min(self.links, len(text))))
        self.parts.clear()
        self.links = 0
