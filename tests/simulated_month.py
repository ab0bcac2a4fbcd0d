"""A month of nights against forty invented hosts, in virtual time: Scrapy's engine and all of fetch are real, only the clock
and the last step, the network, are not. `python -m tests.simulated_month FOLDER SETTING=VALUE…` prints what the hosts saw as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import selectors
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scrapy.core.downloader
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy.settings import Settings as ScrapySettings

from crawler.config import Fetch, Settings, Source
from crawler.fetch import clock
from crawler.fetch.budget import BOOK, SOURCE, NightBook
from crawler.fetch.domains import meta_of
from crawler.job import Job
from crawler.settings import JOB

NIGHTS, HOSTS, PER_SPIDER = 30, 40, 6
DAWN = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that does not wait: where nothing is to be done, its clock moves on to what is next."""

    def __init__(self) -> None:
        self.virtual = 1000.0
        super().__init__(_Impatient(self))

    def time(self) -> float:
        return self.virtual


class _Impatient(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        events = super().select(0)
        if not events and timeout:
            self._loop.virtual += timeout
        return events


@dataclass(slots=True)
class Host:
    """What a host wants, and what it saw."""

    crawl_delay_s: float = 0.0
    robots: int = 200
    """Status of its robots.txt; 0: no answer."""
    active: int = 0
    last: float = -1e9
    closed_until: float = -1e9
    robots_seen: float = -1e9
    """When its robots.txt was last handed out, and whether there was one."""
    has_rules: bool = False


class Web:
    """All hosts. Counts every breach of what a host asked for."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self.chance = random.Random(7)
        self.seen: Counter[str] = Counter()
        self.smallest_margin_s = 1e9
        self.hosts = {f"h{n}.example": Host(crawl_delay_s=(0, 0, 5, 1000)[n % 4]) for n in range(HOSTS)}

    def dawn(self) -> None:
        """A new night: a few hosts have lost their robots.txt, or hide it."""
        for host in self.hosts.values():
            host.robots = self.chance.choice([200] * 12 + [404, 503, 500, 403, 0])

    async def answer(self, request: Request) -> Response:
        """What the host says after a while."""
        parts = urlsplit(request.url)
        host, began = self.hosts[parts.hostname or ""], self.loop.time()
        self._judge(host, parts.path, began)
        host.active += 1
        host.last = began
        self.seen["peak"] = max(self.seen["peak"], host.active)
        try:
            await asyncio.sleep(self.chance.uniform(0.02, 1.5))
            return self._say(host, request, parts.path)
        finally:
            host.active -= 1

    def _judge(self, host: Host, path: str, began: float) -> None:
        self.seen["requests"] += 1
        if host.closed_until > 0:
            self.smallest_margin_s = min(self.smallest_margin_s, began - host.closed_until)
        self.seen["undercut"] += began < host.closed_until
        least_s = max(1.0, min(host.crawl_delay_s, 60.0) if host.has_rules and path != "/robots.txt" else 0)
        self.seen["too soon"] += began - host.last < least_s - 1e-6
        if path == "/robots.txt":
            self.seen["robots.txt"] += 1
            return
        # a copy of any age may count, but only where robots.txt cannot be had
        is_old = began - host.robots_seen > 28 * 3600 and (host.robots_seen < 0 or host.robots in (200, 403, 404))
        self.seen["robots violations"] += is_old or (path.startswith("/secret") and host.has_rules)

    def _say(self, host: Host, request: Request, path: str) -> Response:
        if path == "/robots.txt":
            return self._robots(host, request)
        dice = self.chance.random()
        if dice < 0.05:
            wait_s = self.chance.choice([3, 20, 90, 600, 5000, 7200, 130_000])
            host.closed_until = self.loop.time() + wait_s
            value = str(wait_s)
            if dice < 0.025:
                then = clock.now() + timedelta(seconds=wait_s)
                # a date has whole seconds: the host means the next one
                host.closed_until -= then.microsecond / 1e6
                value = format_datetime(then.replace(microsecond=0), usegmt=True)
            self.seen["asked to wait"] += 1
            return Response(request.url, 429 if dice < 0.02 else 503, headers={"Retry-After": value})
        return Response(request.url, 200 if dice < 0.95 else 500, body=b"<p>page</p>")

    def _robots(self, host: Host, request: Request) -> Response:
        if host.robots == 0:
            raise DownloadTimeoutError(request.url)
        if host.robots in (200, 404):
            host.robots_seen, host.has_rules = self.loop.time(), host.robots == 200
        rules = f"User-agent: *\nDisallow: /secret\nCrawl-delay: {host.crawl_delay_s}\n"
        return Response(request.url, host.robots, body=rules.encode() if host.robots == 200 else b"")


class Wire:
    """Scrapy download handler in place of crawler.fetch.handler.Handler: the same book-keeping, and the invented web."""

    lazy = False
    web: Web

    def __init__(self, crawler: Crawler) -> None:
        self._book: NightBook = crawler.settings[BOOK]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Wire:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        self._book.take(request.meta.get(SOURCE, ""), urlsplit(request.url).hostname or "")
        began = self.web.loop.time()
        response = await self.web.answer(request)
        request.meta["download_latency"] = self.web.loop.time() - began
        return response

    async def close(self) -> None:
        """Nothing to close."""


class Walker(Spider):
    """Asks every host for some pages, forbidden ones among them."""

    name = "walker"
    sources: tuple[Source, ...] = ()

    async def start(self) -> AsyncIterator[Any]:
        for number in range(PER_SPIDER):
            for source in self.sources:
                path = "secret" if number == 3 else f"page{number}"
                yield Request(
                    f"{source.entry[0]}{path}/{self.web.seen['requests']}",
                    self.parse,
                    errback=self.lost,
                    meta=meta_of(source),
                )

    web: Web

    def parse(self, response: Response, **_: Any) -> None:
        self.web.seen["answers"] += 1

    def lost(self, failure: Any) -> None:
        self.web.seen[type(failure.value).__name__] += 1


async def _month(loop: VirtualLoop, folder: Path) -> Web:
    web = Wire.web = Walker.web = Web(loop)
    clock.now = lambda: DAWN + timedelta(seconds=loop.virtual)
    clock.seconds = vars(scrapy.core.downloader)["monotonic"] = loop.time
    sources = tuple(
        Source(id=name.partition(".")[0], name="站", kind="city", access="list", entry=(f"http://{name}/",))
        for name in web.hosts
    )
    Walker.sources = sources
    settings = Settings(fetch=Fetch(contact="mailto:test@localhost"), sources=sources)
    for night in range(NIGHTS):
        loop.virtual = max(loop.virtual, night * 86400 + web.chance.uniform(0, 2400))
        web.dawn()
        job = Job(settings=settings, database=folder / "month.db", night=date(2026, 3, 1) + timedelta(days=night))
        book = NightBook(settings.fetch)
        for _ in range(2):
            await _spider(job, book)
    return web


async def _spider(job: Job, book: NightBook) -> None:
    settings = ScrapySettings()
    settings.setmodule("crawler.settings")
    settings.setdict({
        JOB: job, BOOK: book, "ITEM_PIPELINES": {}, "TWISTED_REACTOR_ENABLED": False, "HTTPCACHE_ENABLED": False,
        "LOG_LEVEL": "CRITICAL", "CONCURRENT_REQUESTS": 200, "MEMUSAGE_ENABLED": False, "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "DOWNLOAD_HANDLERS": {"http": Wire, "https": None, "data": None, "file": None, "ftp": None, "s3": None},
    }, priority="cmdline")  # fmt: skip
    await AsyncCrawlerRunner(settings).crawl(Walker)


def main() -> None:
    random.seed(7)
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    web = loop.run_until_complete(_month(loop, Path(sys.argv[1])))
    print(json.dumps(dict(web.seen) | {"smallest_margin_s": web.smallest_margin_s}))


if __name__ == "__main__":
    main()
