"""A stored article read again from its kept pages, step by step as a night does it. Pure; runs in any process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.config import Source
from crawler.errors import DocumentError
from crawler.items import Article, Entry, Extraction, Page
from crawler.spiders.stages import Reading, read_attachment, reread_article, said_by, without_attachment

__all__ = ["Kept", "Reread", "read_again"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of an article."""

    article: str
    """Its id in the store."""
    entry: Entry
    """Address, headline and date as stored: what the list said where the page says nothing."""
    stored: Article | None
    """The article as it was stored. None: it cannot be put together again without its pages."""
    source: Source | None
    """In whose list it stood, as the settings have it today. None: they have it no more."""
    pages: tuple[Page, ...] = ()
    """Its pages in order, as they were sent. Empty: not all of them are kept."""
    documents: Mapping[str, Page] | None = None
    """The kept ones of the documents that it attaches, by address."""
    outcomes: Mapping[str, str | None] | None = None
    """What came of each of its documents when it was stored, by address."""


@dataclass(frozen=True, slots=True)
class Reread:
    """What was kept, as it is read today."""

    article: Article
    """The whole article."""
    extraction: Extraction
    """What it says."""
    is_from_pages: bool
    """True where its pages were read; False where only the stored text was."""


def read_again(kept: Kept) -> Reread:
    """The article as today's rules read it: from its pages, else from the stored text.

    Raises DocumentError where neither can be read.
    """
    if kept.pages and kept.source is not None:
        reading = _with_documents(_article_of(kept.pages, kept.source, kept.entry), kept)
        if reading is not None:
            assert reading.extraction is not None
            return Reread(reading.article, reading.extraction, is_from_pages=True)
    if kept.stored is None:
        raise DocumentError(
            "is not kept, and it was stored before its tables were", where=kept.entry.url, hint="It stays as it is"
        )
    return Reread(kept.stored, said_by(kept.stored), is_from_pages=False)


def _article_of(pages: Sequence[Page], source: Source, entry: Entry) -> Article:
    """The article of its pages, joined. Today's rules may find that it ended before the last of them."""
    earlier: tuple[Article, ...] = ()
    seen: tuple[str, ...] = ()
    for number, page in enumerate(pages, 1):
        seen = (*seen, page.url)
        article, is_whole = reread_article(page, source, entry, earlier, seen, is_last=number == len(pages))
        if is_whole:
            return article
        earlier, seen = (*earlier, article), (*seen, article.next_url or "")
    raise AssertionError("the last page is always the end")


def _with_documents(article: Article, kept: Kept) -> Reading | None:
    """The reading with what the article attaches; None where a document was read that is not kept: it would be lost."""
    documents, outcomes = kept.documents or {}, kept.outcomes or {}
    if any(outcome == "read" and url not in documents for url, outcome in outcomes.items()):
        return None
    reading = Reading(article, said_by(article))
    for url in reading.documents():
        if url in documents:
            reading = read_attachment(documents[url], reading, url)
        else:
            reading = without_attachment(reading, url, outcomes.get(url) or "is not kept")
    return replace(reading, signs=None)
