"""A file or standard input → Article: HTML, Markdown with front matter, or plain text."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.errors import DocumentError
from crawler.items import Article
from crawler.read.charset import decode
from crawler.read.markdown import article_from_markdown, has_front_matter
from crawler.read.page import article_from_html
from crawler.read.textfile import article_from_text

__all__ = ["article_from_file"]

_HTML = re.compile(r"^\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype|html|head|body|meta|\?xml)\b", re.IGNORECASE | re.DOTALL)


def article_from_file(name: str, data: bytes) -> Article:
    """The article of a saved page or text. Raises DocumentError for an empty or binary file, or one without text."""
    if not data.strip():
        raise DocumentError(
            "is empty", where=name, hint="Give a page or text with at least a headline and one paragraph"
        )
    decoded = decode(data, header=None, where=name)
    text = decoded.text.lstrip("\ufeff")
    suffix = name.rpartition(".")[2].lower()
    if suffix in {"html", "htm", "shtml", "xhtml"} or _HTML.match(text[:2000]):
        return article_from_html(decoded, url=None, fetched=None, where=name)
    article = article_from_markdown(text) if has_front_matter(text) else article_from_text(text)
    if not article.paragraphs and not article.tables and not article.images:
        raise DocumentError("holds no text", where=name, hint="Give a page or text with at least one paragraph")
    damage = (f"decoded as {decoded.charset}: {decoded.reason}",) if "damaged" in decoded.reason else ()
    return replace(article, charset=decoded.charset, notes=(*article.notes, *damage))
