"""The three spiders of a night, one after another in one reactor."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any, TextIO, cast, get_args

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings
from twisted.internet.error import ReactorNotRunning

from crawler.config import Access
from crawler.events import Events
from crawler.job import Job, require_contact, sources_of
from crawler.pipelines import StorePipeline
from crawler.settings import JOB
from crawler.spiders.feed import FeedSpider
from crawler.spiders.listing import ListingSpider
from crawler.spiders.search import SearchSpider
from crawler.spiders.worker import Worker

__all__ = ["crawl"]

log = logging.getLogger("evalwatch")

SPIDERS = (ListingSpider, FeedSpider, SearchSpider)


def crawl(job: Job, stream: TextIO) -> None:
    """Visit all sources of the job. Raises what made it impossible: RecordingError, SettingsError, UsageError before it
    began, StorageError at any time."""
    if not job.recordings:
        require_contact(job.settings)
    spiders = [spider for spider in SPIDERS if sources_of(job, spider.accesses)]
    events = Events(stream)
    events.tell("start", night=job.night.isoformat(), sources=len(sources_of(job, get_args(Access))))
    settings = ScrapySettings()
    settings.setmodule("crawler.settings")
    settings.set(JOB, job, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    # Scrapy lets all levels in and drops most at its handler: two records per page for nobody
    logging.getLogger().setLevel(process.settings["LOG_LEVEL"])
    # a host whose robots.txt cannot be had is reported by the walk, in one line instead of a traceback
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    night = asyncio.get_event_loop().create_task(_one_after_another(process, spiders, events))
    night.add_done_callback(lambda _: _stop_reactor())
    process.start(stop_after_crawl=False)
    night.result()
    events.tell("end", night=job.night.isoformat())


def _stop_reactor() -> None:
    # Scrapy installs the reactor it wants; importing it before that would install another
    from twisted.internet import reactor

    with contextlib.suppress(ReactorNotRunning):
        # a signal has stopped it already
        cast("Any", reactor).stop()


async def _one_after_another(process: AsyncCrawlerProcess, spiders: Sequence[type[Spider]], events: Events) -> None:
    worker = Worker()
    try:
        for spider in spiders:
            crawler = process.create_crawler(spider)
            await process.crawl(crawler, runner=worker, events=events)
            pipeline = crawler.get_item_pipeline(StorePipeline)
            if pipeline is not None and pipeline.fatal is not None:
                raise pipeline.fatal
            if crawler.stats.get_value("finish_reason") == "shutdown":
                log.warning("stopped before the end of the night")
                return
    finally:
        worker.close()
