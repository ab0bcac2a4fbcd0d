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
_CLASSES = etree.ElementDefaultClassLookup(element=html.HtmlElement, comment=html.HtmlComment)
"""lxml.html looks the class of every element up in Python, which costs as much as walking the tree."""
SHOWN_LATER = 200
"""Characters from which on an invisible element is taken for one that a script shows when the page is ready. The text of a
WeChat article always is one."""


@dataclass(slots=True)
class PageLine:
    """One line of visible text. Never changed; a frozen record would take three times as long to make, and pages have many."""

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
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=not comments, remove_pis=True, huge_tree=True)
    parser.set_element_class_lookup(_CLASSES)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    if root is None:
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
        return element.get("id") != "js_content" and len(text_of(element)) < SHOWN_LATER
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

    def read(self) -> list[PageLine]:
        """The lines. This loop sees every element twice: what it asks for, it asks for once, and in place."""
        skipped, in_link, seen = None, 0, 0
        parts, owners, lines = self.parts, self.owners, self.lines
        walk = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                seen += 1
                if (
                    tag in SKIPPED
                    or not isinstance(tag, str)
                    or element.get("hidden") is not None
                    or (element.get("style") and is_hidden(element))
                ):
                    skipped = element
                    walk.skip_subtree()
                    continue
                if tag in BLOCKS:
                    if parts:
                        self._flush()
                    owners.append(element)
                elif tag == "a":
                    in_link += 1
                text = element.text
            else:
                if element is not skipped:
                    if tag in BLOCKS:
                        if parts:
                            self._flush()
                        owners.pop()
                    elif tag == "a":
                        in_link -= 1
                text = element.tail
                if seen > MAX_ELEMENTS or len(lines) >= MAX_LINES:
                    break
            if text and (parts or not text.isspace()):
                parts.append(text)
                if in_link:
                    self.links += len(text.strip())
        self._flush()
        return lines

    def _flush(self) -> None:
        text = "".join(self.parts)
        self.parts.clear()
        if not text.isspace():
            text = _SPACES.sub(" ", text).strip()
            if text:
                self.lines.append(PageLine(text, min(self.links, len(text)), self.owners[-1]))
        self.links = 0
