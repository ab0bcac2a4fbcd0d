"""All walks of one spider: which sources it visits, when they begin, and how they hear of what became of their articles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from scrapy import Request, Spider, signals
from twisted.python.failure import Failure

from crawler.config import Access
from crawler.job import Job, day_of, sources_of
from crawler.settings import JOB
from crawler.spiders import stages
from crawler.spiders.ledger import Found, Ledger
from crawler.spiders.tonight import Tonight
from crawler.spiders.walk import ListReader, Walk
from crawler.spiders.worker import Inline, Runner, Worker

__all__ = ["Round"]


class Round:
    """The walks of one spider. Must live as long as the spider: Scrapy's signals hold their receivers weakly."""

    def __init__(
        self, spider: Spider, accesses: tuple[Access, ...], read_list: ListReader, ledger: Ledger, shared: Runner | None
    ) -> None:
        job: Job = spider.settings[JOB]
        if only := getattr(spider, "source", None):
            # scrapy crawl listing -a source=hubei
            job = replace(job, only=(only,))
        self._own: Runner | None = None
        if shared is None:
            self._own = Worker(stages.prepare) if spider.settings.getbool("EVALWATCH_WORKER") else Inline()
        runner = shared or self._own or Inline()
        tonight = Tonight(job.settings.fetch, ledger, runner, day_of(job), job, job.settings.search)
        self._walks = {source.id: Walk(source, read_list, tonight) for source in sources_of(job, accesses)}
        self._one_by_one = bool(job.recordings)
        connect = spider.crawler.signals.connect
        connect(self._stored, signals.item_scraped)
        connect(self._lost, signals.item_error)
        connect(self._closed, signals.spider_closed)

    async def requests(self) -> AsyncIterator[Request]:
        """The first requests of every walk.

        In a replay one walk ends before the next begins: things are then stored in the same order every time, so that a
        night that was killed and run again ends as an undisturbed one does.
        """
        for walk in self._walks.values():
            for request in await walk.begin():
                yield request
            if self._one_by_one:
                await walk.done.wait()

    async def _stored(self, item: Found) -> None:
        await self._walks[item.source_id].on_stored(item.entry)

    async def _lost(self, item: Found, failure: Failure) -> None:
        await self._walks[item.source_id].on_stored(item.entry, failure.value)

    def _closed(self) -> None:
        if self._own is not None:
            self._own.close()
