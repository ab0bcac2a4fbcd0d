"""The Scrapy end: what a spider found goes into the store, and what the spider asks of the store comes from here.

All statements run in one thread of their own: a write waits for the disk, and up to 30 s for another writer, and neither
may hold up the reactor.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from alerts.match import subscriptions_for
from crawler.bookkeeping import finish_walk
from crawler.config import Source
from crawler.errors import StorageError
from crawler.events import Events
from crawler.items import Article, Change, Entry, Look, SeenPage
from crawler.job import Job
from crawler.settings import JOB
from crawler.spiders.ledger import Ending, Found, Sight, Standing, Tally
from storage import articles, looks, misses, runs
from storage.database import Store, open_store
from storage.novelty import absence
from storage.novelty.telling import Tonight
from storage.runs import SourceCounts

__all__ = ["StorePipeline"]

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("evalwatch")

GATHER_S = 0.05
"""How long an article waits for company. A commit waits for the disk, whether it holds one article or ten."""


class StorePipeline:
    """Stores each article in one transaction, counts per source, and is the Ledger of the walks."""

    def __init__(self, crawler: Crawler, job: Job) -> None:
        self.fatal: StorageError | None = None
        """What made the store unusable. None: nothing did."""
        self._crawler = crawler
        self._job = job
        self._events: Events = getattr(crawler.spider, "events", None) or Events()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._store: Store | None = None
        self._arrived: list[tuple[articles.Arrival, asyncio.Future[tuple[Change, ...]]]] = []
        self._writing = False
        self._walking: dict[str, Tally] = {}
        self._standings: dict[str, Standing] = {}
        self._stored: dict[str, SourceCounts] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.settings[JOB])

    async def open_spider(self) -> None:
        """Open the store. Raises CloseSpider where it cannot be opened: nothing is asked for then."""
        try:
            self._store = await self._in_thread(open_store, self._job.database)
        except StorageError as error:
            raise CloseSpider("database") from error
        run_id, replay = self._job.run_id, bool(self._job.recordings)
        if run_id is None:
            run_id = await self._ask(runs.start_run, night=self._job.night, now=_now(), replay=replay)
        self._run_id = run_id
        spider: Any = self._crawler.spider
        spider.ledger = self

    async def process_item(self, item: Found) -> Found:
        """Store an article with what it says and the alerts it owes, all or nothing. Raises StorageError."""
        standing = self._standings[item.source_id]
        arrival = articles.Arrival(
            source_id=item.source_id, run_id=self._run_id, night=self._job.night, article=item.article,
            extraction=item.extraction, baseline=not standing.baseline_done, now=_now(), owed=self._owed,
            addresses=(item.entry.url,), pages=item.pages,
        )  # fmt: skip
        changes = await self._write(arrival)
        if item.look is not None:
            await self.looked(item.look)
        counts = self._stored[item.source_id] = _counted(self._stored[item.source_id], item, changes)
        self._events.tell(
            "article", source=item.source_id, url=item.article.url, title=item.article.title,
            results=len(item.extraction.results), new=sum(change.kind == "new" for change in changes),
            articles=counts.articles,
        )  # fmt: skip
        return item

    async def _write(self, arrival: articles.Arrival) -> tuple[Change, ...]:
        """Store an article together with those that arrive within GATHER_S or while the disk is busy: one commit for all."""
        answer: asyncio.Future[tuple[Change, ...]] = asyncio.get_running_loop().create_future()
        self._arrived.append((arrival, answer))
        if len(self._arrived) == 1 and not self._writing:
            self._writing = True
            try:
                while self._arrived:
                    await asyncio.sleep(GATHER_S)
                    batch, self._arrived = self._arrived, []
                    await self._write_batch(batch)
            finally:
                self._writing = False
        return await answer

    async def _write_batch(self, batch: Sequence[tuple[articles.Arrival, asyncio.Future[tuple[Change, ...]]]]) -> None:
        try:
            outcomes = await self._ask(_store_all, [arrival for arrival, _ in batch])
        except Exception as error:  # noqa: BLE001 - each is raised where its article was given
            outcomes = [error] * len(batch)
        for (_, answer), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

    async def close_spider(self) -> None:
        """Write down the walks that were cut off, and close the store."""
        if self.fatal is None and self._store is not None:  # a signal may come before it is open
            for source_id in list(self._walking):
                await self.finish(source_id, Ending("failed", is_whole=False))
            if self._job.run_id is None:
                await self._ask(runs.finish_run, self._run_id, "ok", _now())
        if self._store is not None:
            await self._ask(Store.close)
        self._thread.shutdown()

    async def begin(self, source_id: str, tally: Tally) -> Standing:
        state = await self._ask(runs.source_state, source_id)
        standing = Standing(state.baseline_done, state.complete, state.visited)
        self._walking[source_id] = tally
        self._standings[source_id] = standing
        self._stored[source_id] = SourceCounts()
        return standing

    async def unknown(self, urls: Iterable[str]) -> set[str]:
        asked = set(urls)
        return asked - await self._ask(articles.known_urls, asked)

    async def remember(self, source_id: str, entries: Iterable[Entry]) -> None:
        seen = tuple(entries)
        if seen:
            await self._ask(articles.remember_entries, source_id, seen, _now())

    async def known_list(self, url: str) -> SeenPage | None:
        return await self._ask(runs.known_list, url, self._job.night)

    async def due_misses(self, source_id: str) -> list[Entry]:
        return await self._ask(misses.due_misses, source_id, self._job.night)

    async def missed(self, source_id: str, entry: Entry) -> None:
        await self._ask(misses.note_miss, source_id, entry, self._job.night)

    async def due_looks(self, source_id: str) -> list[Look]:
        return await self._ask(looks.due_looks, source_id, self._job.night)

    async def looked(self, article: str, sight: Sight = "unclear") -> None:
        source_id, changes = await self._ask(_note_sight, article, sight, self._tonight())
        if changes and source_id in self._stored:
            self._stored[source_id] = _with_changes(self._stored[source_id], changes)

    async def has_text(self, article: Article) -> bool:
        return await self._ask(articles.has_text, article)

    async def finish(self, source_id: str, ending: Ending) -> None:
        tally = self._walking.pop(source_id)
        if self.fatal is not None:
            return
        counts = replace(self._stored[source_id], **asdict(tally))
        verdict = await self._ask(
            finish_walk, self._source(source_id), counts, ending, run_id=self._run_id, night=self._job.night, now=_now(),
            subscriptions=self._job.settings.subscriptions,
        )  # fmt: skip
        health = verdict.state if verdict else None
        self._events.tell("source", id=source_id, state=ending.outcome, health=health, **asdict(counts))

    async def rest(self, source_id: str) -> None:
        del self._walking[source_id]
        self._events.tell("source", id=source_id, state="resting")

    def _source(self, source_id: str) -> Source:
        source = self._job.settings.source(source_id)
        assert source is not None
        return source

    def _tonight(self) -> Tonight:
        return Tonight(self._run_id, self._job.night, _now(), self._owed)

    def _owed(self, change: Change) -> tuple[str, ...]:
        return subscriptions_for(change, self._job.settings.subscriptions)

    async def _ask(self, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run it on the store."""
        assert self._store is not None
        return await self._in_thread(function, self._store, *args, **kwargs)

    async def _in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run it where the store lives. A store that cannot be used ends the crawl: nothing more could be kept."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: function(*args, **kwargs))
        except StorageError as error:
            if self.fatal is None:
                self.fatal = error
                log.error("%s", error)
                self._stopping = asyncio.ensure_future(self._crawler.stop_async())
            raise


def _note_sight(store: Store, article: str, sight: Sight, tonight: Tonight) -> tuple[str | None, tuple[Change, ...]]:
    """Write down what was seen of a stored article; its source, and what that changed."""
    with store.writing():
        changes: tuple[Change, ...] = ()
        if sight != "unclear":
            changes = (absence.note_found if sight == "there" else absence.note_lost)(store, article, tonight)
        looks.note_look(store, article, tonight.night, tonight.now)
        return store.value("SELECT source FROM articles WHERE id = ?", article), changes


def _store_all(store: Store, arrivals: Sequence[articles.Arrival]) -> list[tuple[Change, ...] | Exception]:
    """Store articles in one transaction; where one of them breaks, each in its own. Raises StorageError."""
    try:
        with store.writing():
            return [articles.store_article(store, arrival) for arrival in arrivals]
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001 - raised where its article was given
        if len(arrivals) == 1:
            return [error]
        return [outcome for arrival in arrivals for outcome in _store_all(store, [arrival])]


def _counted(counts: SourceCounts, item: Found, changes: tuple[Change, ...]) -> SourceCounts:
    is_new = item.look is None
    counts = replace(
        counts,
        articles=counts.articles + is_new,
        changed=counts.changed + (not is_new),
        results=counts.results + len(item.extraction.results) * is_new,
    )
    return _with_changes(counts, changes)


def _with_changes(counts: SourceCounts, changes: Sequence[Change]) -> SourceCounts:
    kinds = [change.kind for change in changes]
    return replace(
        counts,
        new=counts.new + kinds.count("new"),
        corroborated=counts.corroborated + kinds.count("corroborated"),
        refined=counts.refined + kinds.count("refined"),
        disputed=counts.disputed + kinds.count("disputed"),
        corrected=counts.corrected + kinds.count("corrected"),
        withdrawn=counts.withdrawn + kinds.count("withdrawn"),
    )


def _now() -> datetime:
    return datetime.now(UTC)
