"""One visit to each source that stores nothing: a list page, an article, and what they say of the source."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO, get_args

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings as ScrapySettings
from twisted.python.failure import Failure

from crawler.asking import asked_of, entries_of
from crawler.checking import Checked, as_json, checked_article, checked_list, without_page
from crawler.config import Access, Source
from crawler.errors import EvalwatchError
from crawler.events import Events
from crawler.fetch.budget import BOOK, NightBook
from crawler.fetch.domains import domains_of, is_within, meta_of
from crawler.fetch.page import page_from_response
from crawler.fetch.verdict import Trouble, trouble_of_failure, trouble_of_page
from crawler.items import Entry, Page
from crawler.job import Job, day_of, environment_of, require_contact, sources_of
from crawler.settings import JOB
from crawler.spiders.stages import read_article, read_feed, read_html_list, read_search
from crawler.spiders.worker import Inline, Runner

__all__ = ["CheckSpider", "check", "run_alone"]

READERS = {"list": read_html_list, "feed": read_feed, "sitemap": read_feed, "json": read_search, "search": read_search}
TRIES = 3
"""Articles that are tried where the first is gone or forbidden."""

STORES_NOTHING: dict[str, Any] = {"ITEM_PIPELINES": {}, "SPIDER_MODULES": []}


def check(job: Job, stream: TextIO, runner: Runner) -> None:
    """Visit all sources of the job once; tells one event `checked` for each. Raises SettingsError for a live job without a
    contact, UsageError for an unknown id, RecordingError."""
    sources = sources_of(job, get_args(Access))
    events = Events(stream)
    events.tell("start", sources=len(sources))

    def tell(found: Checked, took_s: float) -> None:
        events.tell("checked", **as_json(found), seconds=round(took_s, 2))

    run_alone(job, CheckSpider, sources=sources, tell=tell, runner=runner)
    events.tell("end")


def run_alone(job: Job, spider: type[Spider], **arguments: Any) -> None:
    """Run a spider that stores nothing, as politely as a night: same guard, robots.txt, pauses and budgets."""
    if not job.recordings:
        require_contact(job.settings)
    settings = ScrapySettings()
    settings.setmodule("crawler.settings")
    settings.set(JOB, job, priority="cmdline")
    settings.set(BOOK, NightBook(job.settings.fetch), priority="cmdline")
    settings.setdict(STORES_NOTHING, priority="cmdline")
    if not job.recordings:
        # no archive: this is no night
        settings.set("HTTPCACHE_ENABLED", value=False, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    logging.getLogger().setLevel(process.settings["LOG_LEVEL"])
    process.crawl(spider, **arguments)
    process.start()


class CheckSpider(Spider):
    """Visits each of its sources once."""

    name = "check"

    def __init__(
        self, sources: Sequence[Source] = (), tell: Callable[[Checked, float], None] | None = None,
        runner: Runner | None = None, **arguments: Any,
    ) -> None:  # fmt: skip
        super().__init__(**arguments)
        self._sources = sources
        self._tell = tell or (lambda found, _: self.logger.warning("%s", found))
        self._runner = runner or Inline()

    async def start(self) -> AsyncIterator[Any]:
        job: Job = self.settings[JOB]
        for source in self._sources:
            visit = Visit(source, job, self._tell, self._runner)
            for request in visit.begin():
                yield request
            if job.recordings:
                # one after another, so that the time told is that of the source alone
                await visit.done.wait()


class Visit:
    """One source's visit. Its public methods are Scrapy's callbacks."""

    def __init__(self, source: Source, job: Job, tell: Callable[[Checked, float], None], runner: Runner) -> None:
        self._source = source
        self._day = day_of(job)
        self._entry = entries_of(source, job.settings.search, self._day)[0]
        self._environment = environment_of(job)
        self._tell = tell
        self._runner = runner
        self.done = asyncio.Event()
        self._began = time.monotonic()
        self._found = Checked(source.id, "broken")
        self._candidates: Iterator[Entry] = iter(())

    def begin(self) -> Iterable[Request]:
        """The request for the list page."""
        try:
            asked = asked_of(self._source, self._entry, self._entry, self._day, self._environment)
        except EvalwatchError as error:
            self._end(without_page(self._found, str(error), blocked=False))
            return
        yield Request(
            asked.url, self.on_list, asked.method, dict(asked.headers), asked.body,
            errback=self.on_failure, meta=meta_of(self._source),
        )  # fmt: skip

    async def on_list(self, response: Response) -> Sequence[Request]:
        """Callback for the list page: a request for an article, or the end."""
        self._began = time.monotonic() - response.meta.get("download_latency", 0.0)
        try:
            page = _page(response, may_find_nothing=self._source.access == "search")
            read = READERS[self._source.access]
            listed = await self._runner.run(read, page, self._source, self._entry, 1)
        except (EvalwatchError, Trouble) as error:
            return self._end_by(error)
        entries = (*listed.relevant, *listed.others)
        self._found = checked_list(self._source, entries)
        domains = domains_of(self._source)
        self._candidates = iter([entry for entry in entries if is_within(entry.url, domains)][:TRIES])
        return self._next_article()

    async def on_article(self, response: Response, entry: Entry) -> Sequence[Request]:
        """Callback for an article: the end, or another one where it is gone."""
        try:
            page = _page(response)
            reading = await self._runner.run(read_article, page, self._source, entry, (), (page.url,), is_last=True)
        except Trouble as trouble:
            return self._next_article(trouble) if trouble.gone else self._end_by(trouble)
        except EvalwatchError as error:
            return self._end_by(error)
        return self._end(checked_article(self._source, self._found, reading.article))

    async def on_failure(self, failure: Failure) -> Sequence[Request]:
        """Errback: no page came."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        trouble = trouble_of_failure(request.url, failure.value or TimeoutError("no answer"))
        if trouble.disallowed and request.callback == self.on_article:
            return self._next_article(trouble)
        return self._end_by(trouble)

    def _next_article(self, trouble: Trouble | None = None) -> Sequence[Request]:
        entry = next(self._candidates, None)
        if entry is not None:
            # before the lists of other sources, so that the time told is its own
            return [
                Request(
                    entry.url, self.on_article, cb_kwargs={"entry": entry}, errback=self.on_failure,
                    meta=meta_of(self._source), priority=1,
                )
            ]  # fmt: skip
        if trouble is not None:
            return self._end_by(trouble)
        if self._found.items and self._found.state == "healthy":
            return self._end(without_page(self._found, "all items lead to other hosts", blocked=False))
        return self._end(self._found)

    def _end_by(self, error: Trouble | EvalwatchError) -> Sequence[Request]:
        return self._end(without_page(self._found, str(error), blocked=isinstance(error, Trouble) and error.blocked))

    def _end(self, found: Checked) -> Sequence[Request]:
        self._tell(found, time.monotonic() - self._began)
        self.done.set()
        return ()


def _page(response: Response, *, may_find_nothing: bool = False) -> Page:
    """The page of a response. Raises Trouble."""
    page = page_from_response(response, datetime.now(UTC))
    if trouble := trouble_of_page(page, may_find_nothing=may_find_nothing):
        raise trouble
    return page
