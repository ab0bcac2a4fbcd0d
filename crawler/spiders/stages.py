"""What runs in the worker: list page → entries, article page → article and what it says. Pure; knows nothing of Scrapy.

Reading and extraction are imported where they are called: the process that downloads imports this module as well, to name
its functions, and starts half a second sooner without them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from crawler.asking import unwrapped, word_of
from crawler.config import Source
from crawler.errors import DocumentError
from crawler.health import Signs
from crawler.items import Article, Entry, Extraction, Page

__all__ = [
    "Listed",
    "Reading",
    "prepare",
    "read_article",
    "read_attachment",
    "read_feed",
    "read_html_list",
    "read_json_list",
    "read_search",
    "reread_article",
    "said_by",
    "without_attachment",
]

DOCUMENTS = frozenset({"pdf", "docx", "xlsx", "file"})
"""Kinds of attachments that may be read; an address that does not tell its kind may lead to one."""
MOST_DOCUMENTS = 5
"""Attachments of one article that are fetched at most."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list page holds."""

    relevant: tuple[Entry, ...]
    """Entries worth fetching, in their order."""
    others: tuple[Entry, ...]
    """Entries off the topic."""
    next_url: str | None
    """The next list page. None: it is the last or only one."""
    digest: str
    """Changes when an entry does."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, those on the topic first."""
        return (*self.relevant, *self.others)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article page gave."""

    article: Article
    """This page, or all pages joined where it was the last."""
    extraction: Extraction | None
    """What the article says. None: there is a next page to read first."""
    signs: Signs | None = None
    """What its pages themselves gave. None: not the whole article, or one that is looked at again."""

    def documents(self) -> tuple[str, ...]:
        """Addresses of attachments that are still to be read: of articles on the topic, and a few only."""
        if self.extraction is None or self.extraction.kind == "unrelated":
            return ()
        readable = [file for file in self.article.attachments if file.kind in DOCUMENTS][:MOST_DOCUMENTS]
        return tuple(file.url for file in readable if file.outcome is None)


def prepare() -> None:
    """Import what the other functions call, so that the first page need not wait for it."""
    import crawler.extract
    import crawler.read  # noqa: F401


def read_html_list(page: Page, source: Source, entry: str, number: int) -> Listed:
    """An HTML list. Raises DocumentError."""
    from crawler.read import list_entries, next_list_url

    entries = list_entries(page, source.list)
    if not entries and number == 1:
        # a site that has changed, not a night without news; pages behind the first may be stubs
        raise DocumentError("holds no entries", where=page.url, hint="Look whether its layout has changed")
    following = next_list_url(page, source.list, entry=entry, number=number)
    return _listed(entries, source, following)


def read_feed(page: Page, source: Source, _entry: str, _number: int) -> Listed:
    """A feed or sitemap; both end with their only page. One that is well-formed may be empty. Raises DocumentError."""
    from crawler.read import feed_entries

    return _listed(feed_entries(page), source, None)


def read_json_list(page: Page, source: Source, _entry: str, _number: int) -> Listed:
    """A JSON list, which may well be empty. Raises DocumentError."""
    from crawler.read import json_entries

    # config sees to it that a json source has paths
    assert source.json is not None
    return _listed(json_entries(page, source.json, source.list), source, None)


def read_search(page: Page, source: Source, entry: str, number: int) -> Listed:
    """The answer to a keyword search, which may well find nothing, or a JSON list. Raises DocumentError, also where the answer
    has nothing to do with the keyword: an empty shell answers every query alike."""
    if source.access != "search":
        return read_json_list(page, source, entry, number)
    listed = _read_answer(page, source, entry, number)
    word = word_of(entry)
    entries = (*listed.relevant, *listed.others)
    if word and entries and not any(_shares_words(one.title, word) for one in entries):
        raise DocumentError(
            f"answers something else than {word!r}", where=page.url, hint="An empty shell answers every query alike"
        )
    return replace(listed, next_url=None)


def _read_answer(page: Page, source: Source, entry: str, number: int) -> Listed:
    from crawler.read import list_entries

    if source.answer == "json":
        return read_json_list(page, source, entry, number)
    if source.answer == "feed":
        return read_feed(page, source, entry, number)
    entries = list_entries(page, source.list)
    if not entries and not _says_nothing_found(page):
        raise DocumentError("holds no entries", where=page.url, hint="Look whether its layout has changed")
    return _listed(entries, source, None)


_NOTHING_FOUND = re.compile(
    r"(?:没有|未能?|无法)(?:找到|搜索到|查询到|检索到)|找不到|无相关|暂无|(?<![0-9])0\s*[条个篇]"
)


def _says_nothing_found(page: Page) -> bool:
    """Does an answer in HTML say that it has no rows?"""
    from crawler.read import decode

    text = decode(page.body, header=page.headers.get("content-type"), where=page.url).text
    return bool(_NOTHING_FOUND.search(re.sub(r"<[^<>]*>", "", text)))


def _shares_words(title: str, word: str) -> bool:
    """Has a title two neighbouring characters of the keyword? Search engines take words apart."""
    return any(word[at : at + 2] in title for at in range(max(1, len(word) - 1)))


def _listed(entries: tuple[Entry, ...], source: Source, next_url: str | None) -> Listed:
    from crawler.extract import is_on_topic

    entries = tuple(replace(entry, url=unwrapped(entry.url, source.unwrap)) for entry in entries)
    words = () if source.access == "search" else source.keywords
    relevant = tuple(
        entry
        for entry in entries
        if source.follow == "all" or is_on_topic(entry.title) or any(word in entry.title for word in words)
    )
    chosen = set(relevant)
    text = "\n".join(f"{entry.url}\t{entry.title}\t{entry.published}" for entry in entries)
    return Listed(
        relevant=relevant,
        others=tuple(entry for entry in entries if entry not in chosen),
        next_url=next_url,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def read_article(
    page: Page, source: Source, entry: Entry, earlier: tuple[Article, ...], seen: tuple[str, ...], *, is_last: bool
) -> Reading:
    """One page of an article; with the last one, the whole article and what it says. See reread_article."""
    article, is_whole = _joined(page, source, entry, earlier, seen, is_last=is_last)
    if not is_whole:
        return Reading(article, None)
    whole = _completed(article, entry)
    extraction = said_by(whole)
    return Reading(whole, extraction, _signs(article, extraction))


def reread_article(
    page: Page, source: Source, entry: Entry, earlier: tuple[Article, ...], seen: tuple[str, ...], *, is_last: bool
) -> tuple[Article, bool]:
    """One page of an article, and whether it was the last: then it is the whole article.

    `earlier` are its pages so far and `seen` their addresses: a next page that was seen is none (a loop). What the pages do
    not say of title and date is taken from the list. Raises DocumentError.
    """
    article, is_whole = _joined(page, source, entry, earlier, seen, is_last=is_last)
    return (_completed(article, entry) if is_whole else article), is_whole


def said_by(article: Article) -> Extraction:
    """What a whole article says."""
    from crawler.extract import extract

    return extract(article)


def _joined(
    page: Page, source: Source, entry: Entry, earlier: tuple[Article, ...], seen: tuple[str, ...], *, is_last: bool
) -> tuple[Article, bool]:
    from crawler.read import article_from_page, join_pages

    article = article_from_page(page, selectors=source.article, region=source.region, listed=entry.published)
    if article.next_url is not None and article.next_url not in seen and not is_last:
        return article, False
    return (join_pages((*earlier, article)) if earlier else article), True


def _completed(article: Article, entry: Entry) -> Article:
    """The article with what only the list says of it."""
    return replace(
        article,
        title=article.title or entry.title or None,
        published=article.published or entry.published,
        next_url=None,
    )


def _signs(article: Article, extraction: Extraction) -> Signs:
    return Signs(
        title=article.title is not None,
        date=article.published is not None,
        outlet=(article.outlet or article.origin) is not None,
        letters=sum(p.end - p.start for p in article.paragraphs) + sum(t.end - t.start for t in article.tables),
        on_topic=extraction.kind != "unrelated",
        facts=bool(extraction.results),
    )


def read_attachment(page: Page, reading: Reading, url: str) -> Reading:
    """The article with the text of the document that it links to at `url`, and what both say. What cannot be read, such as a
    PDF without text, is recorded as the attachment's outcome."""
    from crawler.extract import extract
    from crawler.read import article_from_document, is_document, with_document

    if not is_document(page.body):
        return without_attachment(reading, url, "is no document")
    try:
        document = article_from_document(page.body, where=url)
    except DocumentError as error:
        return without_attachment(reading, url, error.what)
    whole = with_document(reading.article, url, document)
    return Reading(whole, extract(whole))


def without_attachment(reading: Reading, url: str, outcome: str) -> Reading:
    """The reading with the reason why the document at `url` is not part of it."""
    return replace(reading, article=reading.article.with_outcome(url, outcome))
