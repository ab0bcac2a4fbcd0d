"""HTML text → tree, parsed once; and the page as the lines a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree, html

__all__ = [
    "BLOCKS",
    "HEADINGS",
    "SKIPPED",
    "PageLine",
    "class_and_id",
    "is_hidden",
    "page_lines",
    "parse_html",
    "text_of",
]

MAX_CHARS = 2_000_000
"""Of a longer page the rest is not looked at: no article is so long, and a page must not take over a second."""
MAX_LINES = 12_000
MAX_ELEMENTS = 80_000
"""Pages of real sites have 1,000 to 10,000."""
SKIPPED = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "audio", "video", "select",
    "option", "textarea", "button", "input", "head", "link", "meta", "map", "math", "datalist",
})  # fmt: skip
"""Elements without text a reader sees."""
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul", "ucapcontent", "ucaptitle",
})  # fmt: skip
"""Elements that begin a new line."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOXES = re.compile(
    r"(?:</?(?:div|section|article|center|ul|ol|li|blockquote|table|tbody|tr|td|font|span|b|i|em|strong)\b[^<>]*>\s*)+",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_TEXTS = etree.XPath(".//text()[not(parent::script or parent::style)]", smart_strings=False)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_INVISIBLE = re.compile(r"visibility\s*:\s*hidden", re.IGNORECASE)
SHOWN_LATER = 200
"""Characters from which on an invisible element is taken for one that a script shows when the page is ready (WeChat)."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of visible text."""

    text: str
    """White space folded."""
    links: int
    """How many of its characters stand in links."""
    owner: html.HtmlElement
    """The innermost block it stands in."""


def parse_html(text: str, *, comments: bool = False) -> html.HtmlElement | None:
    """The tree of a page; None where there is no element at all. A page that nests so deep that the parser drops what is
    inside (2,048 levels; real pages have under 100) is parsed once more without its boxes."""
    text = text[:MAX_CHARS].replace("\0", "")
    root, is_whole = _parsed(text, comments=comments)
    return root if is_whole else _parsed(_BOXES.sub("<br>", text), comments=comments)[0]


def _parsed(text: str, *, comments: bool) -> tuple[html.HtmlElement | None, bool]:
    """The tree, and whether the parser stopped at no limit of its own."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=not comments, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None, True
    last = parser.error_log.last_error
    return root, last is None or last.type_name != "ERR_RESOURCE_LIMIT"


def is_hidden(element: html.HtmlElement) -> bool:
    """Does the element's own style hide it?"""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    if not style:
        return False
    if _INVISIBLE.search(style):
        return len(text_of(element)) < SHOWN_LATER
    return bool(_HIDDEN.search(style))


def class_and_id(element: html.HtmlElement) -> str:
    """What patterns on names are matched against."""
    return f"{(element.get('class') or '')[:300]} {(element.get('id') or '')[:100]}"


def text_of(element: html.HtmlElement) -> str:
    """All text in an element but that of scripts and styles, white space folded."""
    return _SPACES.sub(" ", "".join(_TEXTS(element))).strip()  # type: ignore[arg-type]  # this expression gives strings only


def page_lines(root: html.HtmlElement) -> list[PageLine]:
    """The visible text of a page, one line per block or line break, in document order."""
    return _Lines(root).read()


class _Lines:
    """One pass over a page."""

    def __init__(self, root: html.HtmlElement) -> None:
        self.root = root
        self.lines: list[PageLine] = []
        self.owners = [root]
        self.parts: list[str] = []
        self.links = 0
        self.in_link = 0

    def read(self) -> list[PageLine]:
        skipped = None
        seen = 0
        walk = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                seen += 1
                if not isinstance(element.tag, str) or element.tag in SKIPPED or is_hidden(element):
                    skipped = element
                    walk.skip_subtree()
                else:
                    self._enter(element)
            else:
                if element is not skipped:
                    self._leave(element)
                if element.tail:
                    self._add(element.tail)
            if seen > MAX_ELEMENTS or len(self.lines) >= MAX_LINES:
                break
        self._flush()
        return self.lines

    def _enter(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._flush()
            self.owners.append(element)
        elif tag == "a":
            self.in_link += 1
        if element.text:
            self._add(element.text)

    def _leave(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._flush()
            self.owners.pop()
        elif tag == "a":
            self.in_link -= 1

    def _add(self, text: str) -> None:
        self.parts.append(text)
        if self.in_link:
            self.links += len(text.strip())

    def _flush(self) -> None:
        if not self.parts:
            return
        text = _SPACES.sub(" ", "".join(self.parts)).strip()
        if text:
            self.lines.append(PageLine(text, min(self.links, len(text)), self.owners[-1]))
        self.parts.clear()
        self.links = 0
