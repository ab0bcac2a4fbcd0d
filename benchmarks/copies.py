"""Whether copies are found and only they, and what that costs as the store grows.

    python -m benchmarks copies

The accuracy is that of clusters: of all pairs of articles that share one, how many are copies of one story (precision), of all pairs
that are, how many share one (recall). Articles are pages that are read, extracted and stored as a night does it.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from html import escape
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import copies_texts
from benchmarks.copies_texts import Text
from crawler.extract import extract
from crawler.items import Article, Extraction, Page
from crawler.read import article_from_page
from storage.articles import Arrival, store_article
from storage.database import Store, open_store
from storage.likeness import letters_of
from storage.runs import start_run

if TYPE_CHECKING:
    from benchmarks.copies_growth import Window

__all__ = ["Accuracy", "accuracy", "body_letters", "few_results", "flood", "measure", "read", "stored", "texts"]

STORIES = 2000
FLOOD = (40, 125)
SIZES = (1_000, 10_000, 100_000)
NIGHT = date(2026, 11, 22)
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
    store: Store,
    articles: Iterable[Article],
    extracted: Callable[[Article], Extraction] = extract,
    told: tuple[str, ...] = (),
) -> list[str]:
    """Store the articles of one night in their order; returns their clusters. `told` are the subscriptions to every change."""
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    addresses = []
    with store.writing():
        for article in articles:
            store_article(
                store,
                Arrival("bench", run, NIGHT, article, extracted(article), baseline=False, now=NOW, owed=lambda _: told),
            )
            addresses.append(article.url)
    clusters = {row["url"]: row["cluster"] for row in store.rows("SELECT url, cluster FROM articles")}
    return [clusters[address] for address in addresses]


def flood(stories: int, each: int, *, seed: int = 5) -> list[Text]:
    """Stories with so many texts of each, in an order of chance: what a night brings after a ranking was announced."""
    found = []
    for _, text in copies_texts.articles(stories, seed):
        copies = (copy for again in count(seed) for copy in copies_texts.copies_of(text, 5, again))
        found += [text, *islice(copies, each - 1)]
    random.Random(seed).shuffle(found)
    return found


def few_results(article: Article) -> Extraction:
    """What an article says of the place in its headline: most articles state one or two results, those of the corpus ten."""
    said = extract(article)
    own = tuple(result for result in said.results if result.entity.rpartition("/")[2] in (article.title or ""))
    return replace(said, results=own)


def accuracy(found: Sequence[Text], clusters: Sequence[object]) -> Accuracy:
    """How well these clusters of these texts fit their stories."""
    both = Counter(zip((text.story for text in found), clusters, strict=True))
    by_story, by_cluster = Counter(text.story for text in found), Counter(clusters)
    right = _pairs(both.values())
    missed, merged = Counter[str](), Counter[str]()
    for text, cluster in zip(found, clusters, strict=True):
        missed[text.how] += 2 * both[text.story, cluster] <= by_story[text.story] and by_story[text.story] > 1
        merged[text.how] += 2 * both[text.story, cluster] <= by_cluster[cluster]
    precision, recall = (right / _pairs(sizes.values()) if right else 0.0 for sizes in (by_cluster, by_story))
    return Accuracy(precision, recall, +missed, +merged)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def measure() -> None:
    """Accuracy and cost, beside datasketch."""
    from benchmarks.copies_growth import by_datasketch, grow, grow_datasketch

    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    found = texts(STORIES)
    began = time.perf_counter()
    articles = [read(text, number) for number, text in enumerate(found)]
    print(
        f"{STORIES} articles, {4 * STORIES} copies, {STORIES} near misses; read in {time.perf_counter() - began:.0f} s"
    )
    print(f"\n{'':34}{'precision':>10}{'recall':>9}{'seconds':>9}  not with most of its story, with another story")
    for name, extracted in (("evalwatch", extract), ("evalwatch, no facts known", _nothing)):
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "t.db") as store:
            clusters: Sequence[object] = stored(store, articles, extracted)
        _tell(name, accuracy(found, clusters), time.perf_counter() - began)
    began = time.perf_counter()
    clusters = by_datasketch([body_letters(article) for article in articles])
    _tell("datasketch alone, defaults", accuracy(found, clusters), time.perf_counter() - began)
    _tell_growth(*grow(SIZES), grow_datasketch(SIZES))
    _tell_flood()


def _tell_flood() -> None:
    found = flood(*FLOOD)
    articles = [read(text, number) for number, text in enumerate(found)]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "t.db") as store:
        clusters = len(set(stored(store, articles, few_results, ("everybody",))))
        messages = store.value("SELECT count(*) FROM alerts")
    seconds = time.perf_counter() - began
    print(
        f"\n{len(found)} texts of {FLOOD[0]} stories in one night: {clusters} clusters, {messages} message, {seconds:.0f} s"
    )


def body_letters(article: Article) -> str:
    """What of an article is compared."""
    return letters_of("\n".join(article.plain[p.start : p.end] for p in article.paragraphs))


def _nothing(_article: Article) -> Extraction:
    return Extraction("related")


def _tell(name: str, found: Accuracy, seconds: float) -> None:
    print(
        f"{name:34}{found.precision:10.5f}{found.recall:9.4f}{seconds:9.0f}  {sum(found.missed.values())}, {sum(found.merged.values())}",
        flush=True,
    )
    for what, counted in (("missed", found.missed), ("merged", found.merged)):
        if counted:
            print(f"    {what}: " + ", ".join(f"{how} {number}" for how, number in counted.most_common(6)))


def _tell_growth(ours: Sequence[Window], bytes_each: int, theirs: Sequence[Window]) -> None:
    print(f"\n{'stored':>8}{'evalwatch':>12}{'(clock)':>9}{'datasketch':>12}{'(clock)':>9}   ms per article")
    for one, other in zip(ours, theirs, strict=True):
        print(f"{one.stored:8,}{one.cpu_ms:12.2f}{one.wall_ms:9.2f}{other.cpu_ms:12.2f}{other.wall_ms:9.2f}")
    ratios = (of[-1].cpu_ms / of[0].cpu_ms for of in (ours, theirs))
    print("{:8}{:12.2f}{:9}{:12.2f}".format("ratio", next(ratios), "", next(ratios)))
    print(f"the tables of copies take {bytes_each} bytes per article")
