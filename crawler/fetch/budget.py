"""What a night may spend on each source and on all: requests, bytes, time. And what its spiders must know of each other.

The spiders of a night run one behind the other, each with a Scrapy engine of its own; the book is what they share.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.http import Request

from crawler.config import Fetch
from crawler.fetch import clock
from crawler.fetch.guard import host_of
from crawler.fetch.pace import Stopped

__all__ = ["BOOK", "SOURCE", "Budget", "NightBook", "Spent"]

BOOK = "EVALWATCH_BOOK"
"""Scrapy setting: the NightBook."""

SOURCE = "evalwatch_source"
"""Key of Request.meta: the id of the source for which the request is made, robots.txt and redirects included."""


class Spent(Stopped):
    """A budget is used up; the next night goes on."""


class NightBook:
    """What has been spent so far, and when each host was last asked."""

    def __init__(self, limits: Fetch) -> None:
        self.last_asked: dict[str, float] = {}
        """Host → clock.seconds() of the last request to it."""
        self._limits = limits
        self._requests: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._paused: Counter[str] = Counter()
        self._began: float | None = None
        self._begins: dict[str, float] = {}

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """Itself: Scrapy copies its settings for every spider, and this is what they share."""
        return self

    def check(self, source: str, host: str) -> None:
        """Raises Spent where a request for the source to the host is beyond a budget."""
        limits = self._limits
        now_s = clock.seconds() - self._paused[host]
        for name, spent in (
            ("max_source_requests", self._requests[source]),
            ("max_source_bytes", self._bytes[source]),
            ("max_source_s", now_s - self._begins.get(source, now_s)),
            ("max_night_requests", self._requests.total()),
            ("max_night_bytes", self._bytes.total()),
            ("max_night_s", clock.seconds() - (clock.seconds() if self._began is None else self._began)),
        ):
            if spent >= getattr(limits, name):
                raise Spent(f"{name} ({getattr(limits, name)}) is used up; the next night goes on")

    def take(self, source: str, host: str) -> None:
        """Count a request that goes out now. Raises Spent instead where it is beyond a budget."""
        self.check(source, host)
        now_s = clock.seconds()
        self._began = now_s if self._began is None else self._began
        self._begins.setdefault(source, now_s - self._paused[host])
        self._requests[source] += 1
        self.last_asked[host] = now_s

    def add_bytes(self, source: str, number: int) -> None:
        """Count what came."""
        self._bytes[source] += number

    def pause(self, host: str, wait_s: float) -> None:
        """A pause that a host asks for is not the time of its sources."""
        self._paused[host] += int(wait_s)


class Budget:
    """Downloader middleware that lets nothing into the line of a host for which the budget is used up already."""

    def __init__(self, book: NightBook) -> None:
        self._book = book

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings[BOOK])

    def process_request(self, request: Request) -> None:
        """Raises Spent."""
        self._book.check(request.meta.get(SOURCE, ""), host_of(request.url))
