"""What runs in the worker: list page → entries, article page → article and what it says. Pure; knows nothing of Scrapy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from crawler.config import Source
from crawler.errors import DocumentError
from crawler.extract import extract, is_on_topic
from crawler.items import Article, Entry, Extraction, Page
from crawler.read import article_from_page, feed_entries, join_pages, json_entries, list_entries, next_list_url

__all__ = ["Listed", "Reading", "read_article", "read_feed", "read_html_list", "read_json_list"]


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


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article page gave."""

    article: Article
    """This page, or all pages joined where it was the last."""
    extraction: Extraction | None
    """What the article says. None: there is a next page to read first."""


def read_html_list(page: Page, source: Source, entry: str, number: int) -> Listed:
    """An HTML list. Raises DocumentError."""
    entries = _required(list_entries(page, source.list), page)
    following = next_list_url(page, source.list, entry=entry, number=number)
    return _listed(entries, source, following)


def read_feed(page: Page, source: Source, _entry: str, _number: int) -> Listed:
    """A feed or sitemap; both end with their only page. Raises DocumentError."""
    return _listed(_required(feed_entries(page), page), source, None)


def read_json_list(page: Page, source: Source, _entry: str, _number: int) -> Listed:
    """A JSON list or search answer, which may well find nothing. Raises DocumentError."""
    # config sees to it that a json source has paths
    assert source.json is not None
    return _listed(json_entries(page, source.json), source, None)


def _required(entries: tuple[Entry, ...], page: Page) -> tuple[Entry, ...]:
    """A list without a single entry is a site that has changed, not a night without news."""
    if not entries:
        raise DocumentError("holds no entries", where=page.url, hint="Look whether its layout has changed")
    return entries


def _listed(entries: tuple[Entry, ...], source: Source, next_url: str | None) -> Listed:
    relevant = tuple(entry for entry in entries if source.follow == "all" or is_on_topic(entry.title))
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
    """One page of an article; with the last one, the whole article and what it says.

    `earlier` are its pages so far and `seen` their addresses: a next page that was seen is none (a loop). What the pages do
    not say of title and date is taken from the list. Raises DocumentError.
    """
    article = article_from_page(page, selectors=source.article, region=source.region)
    if article.next_url is not None and article.next_url not in seen and not is_last:
        return Reading(article, None)
    pages = (*earlier, article)
    whole = join_pages(pages) if earlier else article
    whole = replace(
        whole, title=whole.title or entry.title or None, published=whole.published or entry.published, next_url=None
    )
    return Reading(whole, extract(whole))
