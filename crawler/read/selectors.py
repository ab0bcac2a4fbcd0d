"""A source's own CSS selectors, in the dialect of Scrapy (::text, ::attr(name)), on a parsed page."""

from __future__ import annotations

from functools import lru_cache

import parsel
from lxml import etree, html

from crawler.read.dom import text_of

__all__ = ["select", "selected_elements", "selected_text"]


@lru_cache(maxsize=512)
def _compiled(css: str) -> etree.XPath:
    return etree.XPath(parsel.css2xpath(css))


def select(element: html.HtmlElement, css: str) -> list[html.HtmlElement | str]:
    """What a selector finds below an element, in document order: elements, or strings for ::text and ::attr()."""
    found = _compiled(css)(element)
    return list(found) if isinstance(found, list) else []


def selected_elements(root: html.HtmlElement, css: str | None) -> list[html.HtmlElement]:
    """The elements that a selector finds; none without a selector."""
    return [found for found in select(root, css) if isinstance(found, html.HtmlElement)] if css else []


def selected_text(root: html.HtmlElement, css: str | None) -> str | None:
    """The text of the first thing that a selector finds and that has any."""
    for found in select(root, css) if css else []:
        text = text_of(found) if isinstance(found, html.HtmlElement) else str(found).strip()
        if text:
            return text
    return None
