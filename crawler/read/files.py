"""A file or standard input → Article: HTML, Markdown with front matter, plain text, PDF, DOCX or XLSX."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.errors import DocumentError
from crawler.items import Article
from crawler.read.charset import decode
from crawler.read.documents import article_from_document, is_document
from crawler.read.markdown import article_from_markdown, has_front_matter
from crawler.read.page import Reading, reading_of_html
from crawler.read.textfile import article_from_text

__all__ = ["article_from_file", "reading_from_file"]

_HTML = re.compile(r"^\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype|html|head|body|meta|\?xml)\b", re.IGNORECASE | re.DOTALL)


def article_from_file(name: str, data: bytes) -> Article:
    """The article of a saved page, text or document. Raises DocumentError for an empty or binary file, or one without text."""
    return reading_from_file(name, data).article


def reading_from_file(name: str, data: bytes, *, url: str | None = None) -> Reading:
    """As article_from_file(), with what every place of a page said of its fields. `url` is the address that the page was saved
    from, if it is known."""
    if not data.strip():
        raise DocumentError(
            "is empty", where=name, hint="Give a page or text with at least a headline and one paragraph"
        )
    if is_document(data):
        return Reading(replace(article_from_document(data, where=name), url=url))
    decoded = decode(data, header=None, where=name)
    text = decoded.text.lstrip("\ufeff")
    suffix = name.rpartition(".")[2].lower()
    if suffix in {"html", "htm", "shtml", "xhtml"} or _HTML.match(text[:2000]):
        return reading_of_html(decoded, url=url, fetched=None, where=name)
    article = article_from_markdown(text) if has_front_matter(text) else article_from_text(text)
    if not article.paragraphs and not article.tables and not article.images:
        raise DocumentError("holds no text", where=name, hint="Give a page or text with at least one paragraph")
    damage = (f"decoded as {decoded.charset}: {decoded.reason}",) if "damaged" in decoded.reason else ()
    return Reading(replace(article, url=url, charset=decoded.charset, notes=(*article.notes, *damage)))
