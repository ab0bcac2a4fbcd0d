"""The three spiders of a night, one after another in one reactor."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Sequence
from typing import Any, TextIO, cast, get_args

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings
from twisted.internet.error import ReactorNotRunning

from crawler.config import Access
from crawler.events import Events
from crawler.fetch.budget import BOOK, NightBook
from crawler.fetch.pace import drop_waiting
from crawler.job import Job, require_contact, sources_of
from crawler.pipelines import StorePipeline
from crawler.settings import JOB
from crawler.spiders.feed import FeedSpider
from crawler.spiders.listing import ListingSpider
from crawler.spiders.search import SearchSpider
from crawler.spiders.worker import Runner

__all__ = ["crawl"]

log = logging.getLogger("evalwatch")

SPIDERS = (ListingSpider, FeedSpider, SearchSpider)

GRACE_S = 20
"""How long the answers that are under way are awaited when the night must end."""


def crawl(job: Job, stream: TextIO, runner: Runner) -> None:
    """Visit all sources of the job, their pages read by the runner. Raises what made it impossible: RecordingError,
    SettingsError, UsageError before it began, StorageError at any time."""
    if not job.recordings:
        require_contact(job.settings)
    spiders = [spider for spider in SPIDERS if sources_of(job, spider.accesses)]
    events = Events(stream)
    events.tell("start", night=job.night.isoformat(), sources=len(sources_of(job, get_args(Access))))
    settings = ScrapySettings()
    settings.setmodule("crawler.settings")
    settings.set(JOB, job, priority="cmdline")
    settings.set(BOOK, NightBook(job.settings.fetch), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    # Scrapy lets all levels in and drops most at its handler: two records per page for nobody
    logging.getLogger().setLevel(process.settings["LOG_LEVEL"])
    night = Night(process, spiders, events, runner)
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    night.task.result()
    events.tell("end", night=job.night.isoformat())


class Night:
    """The crawls of one night, and how it ends early.

    A first signal ends it in good order: what waits in line is dropped, what a host was asked for is awaited, read and stored.
    A second one, or GRACE_S after the first, gives up what is still awaited. Either way the walks are written down as cut off.
    """

    def __init__(
        self, process: AsyncCrawlerProcess, spiders: Sequence[type[Spider]], events: Events, runner: Runner
    ) -> None:
        self._process = process
        self._spiders = spiders
        self._arguments = {"events": events, "runner": runner}
        self._loop = asyncio.get_event_loop()
        self._given_up = self._loop.create_future()
        self._stopping: asyncio.Task[None] | None = None
        self.task = self._loop.create_task(self._one_after_another())
        self.task.add_done_callback(lambda _: _stop_reactor())
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._stop)

    def _stop(self) -> None:
        if self._stopping is not None:
            self._give_up()
            return
        log.warning("stopping before the end of the night")
        self._stopping = self._loop.create_task(self._process.stop())
        for crawler in self._process.crawlers:
            drop_waiting(crawler)
        self._loop.call_later(GRACE_S, self._give_up)

    def _give_up(self) -> None:
        if not self._given_up.done():
            self._given_up.set_result(None)

    async def _one_after_another(self) -> None:
        for spider in self._spiders:
            crawler = self._process.create_crawler(spider)
            crawl = self._process.crawl(crawler, **self._arguments)
            await asyncio.wait((crawl, self._given_up), return_when=asyncio.FIRST_COMPLETED)
            pipeline = crawler.get_item_pipeline(StorePipeline)
            if not crawl.done():
                log.warning("some hosts did not answer in time; they are given up")
                if pipeline is not None:
                    await pipeline.close_spider()
                return
            await crawl
            if pipeline is not None and pipeline.fatal is not None:
                raise pipeline.fatal
            if self._stopping is not None:
                return


def _stop_reactor() -> None:
    # Scrapy installs the reactor it wants; importing it before that would install another
    from twisted.internet import reactor

    with contextlib.suppress(ReactorNotRunning):
        # a signal has stopped it already
        cast("Any", reactor).stop()
