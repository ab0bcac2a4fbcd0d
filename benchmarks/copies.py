"""Whether copies are found and only they, and what that costs as the store grows.

    python -m benchmarks copies

The accuracy is that of clusters: of all pairs of articles that share one, how many are copies of one story (precision), of all pairs
that are, how many share one (recall). Articles are pages that are read, extracted and stored as a night does it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape

from benchmarks import copies_texts
from benchmarks.copies_texts import Text
from crawler.extract import extract
from crawler.items import Article, Extraction, Page
from crawler.read import article_from_page
from storage.articles import Arrival, store_article
from storage.database import Store
from storage.runs import start_run

__all__ = ["Accuracy", "accuracy", "read", "stored", "texts"]

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well clusters fit the stories."""

    precision: float
    """Share of the pairs within clusters that are of one story."""
    recall: float
    """Share of the pairs within stories that are in one cluster."""
    missed: Counter[str]
    """Texts that are in no cluster with most of their story, by how they were made."""
    merged: Counter[str]
    """Texts that are in one cluster with another story, by how they were made."""


def texts(number: int, *, seed: int = 1) -> list[Text]:
    """So many articles, four copies of each and one near miss of each, in an order of chance."""
    plans = list(copies_texts.articles(number, seed))
    found = [text for _, text in plans]
    found += [copy for text in tuple(found) for copy in copies_texts.copies_of(text, 4, seed)]
    found += copies_texts.near_misses(plans, seed)
    random.Random(seed).shuffle(found)
    return found


def read(text: Text, number: int) -> Article:
    """The article as it comes from a page that holds it."""
    body = "".join(f"<p>　　{escape(line)}</p>\n" for line in text.lines)
    html = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(text.title)}</title></head><body><h1>{escape(text.title)}</h1>'
        f'<div class="info">发布时间：2026-01-20 09:00</div><div class="content">\n{body}</div></body></html>'
    )
    return article_from_page(Page(f"http://host{number % 97}.example.cn/a/{number}.html", 200, {}, html.encode(), NOW))


def stored(
    store: Store, articles: Iterable[Article], extracted: Callable[[Article], Extraction] = extract
) -> list[str]:
    """Store the articles in their order; returns their clusters."""
    run = start_run(store, night=date(2026, 11, 22), now=NOW, replay=True)
    addresses = []
    with store.writing():
        for article in articles:
            store_article(
                store,
                Arrival("bench", run, date(2026, 11, 22), article, extracted(article), False, NOW, lambda _change: ()),  # noqa: FBT003
            )
            addresses.append(article.url)
    clusters = {row["url"]: row["cluster"] for row in store.rows("SELECT url, cluster FROM articles")}
    return [clusters[address] for address in addresses]


def accuracy(found: Sequence[Text], clusters: Sequence[str]) -> Accuracy:
    """How well these clusters of these texts fit their stories."""
    both = Counter(zip((text.story for text in found), clusters, strict=True))
    by_story, by_cluster = Counter(text.story for text in found), Counter(clusters)
    right = _pairs(both.values())
    missed, merged = Counter[str](), Counter[str]()
    for text, cluster in zip(found, clusters, strict=True):
        missed[text.how] += 2 * both[text.story, cluster] <= by_story[text.story] and by_story[text.story] > 1
        merged[text.how] += 2 * both[text.story, cluster] < by_cluster[cluster] or (
            2 * both[text.story, cluster] == by_cluster[cluster]
        )
    return Accuracy(right / _pairs(by_cluster.values()), right / _pairs(by_story.values()), +missed, +merged)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
