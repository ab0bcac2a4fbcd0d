"""Requests that wait in line for their host: how long between two of them, and what becomes of them when the night must end.

Scrapy keeps one slot per host. It forgets a slot that was idle for a minute, and every spider of a night has slots of its own;
so what holds for a host is put into its slot anew.
"""

from __future__ import annotations

from typing import Self

from scrapy import Spider, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser

from crawler.fetch.guard import host_of

__all__ = ["CrawlDelay", "Stopped", "Throttle", "drop", "drop_waiting"]

LONGEST_CRAWL_DELAY_S = 60.0
"""A Crawl-delay beyond this counts as this: it is no standard, and some mean milliseconds."""

JITTER = 0.2
"""How much the pause varies where a Crawl-delay is its lower bound: from that to one and a half of it."""


class Stopped(IgnoreRequest):
    """The night ended before it was asked for."""


def drop_waiting(crawler: Crawler) -> None:
    """Fail all requests that no host has been asked for yet."""
    if crawler.engine is not None:
        for slot in crawler.engine.downloader.slots.values():
            drop(slot, Stopped("the night ended before it was asked for"))


def drop(slot: Slot, why: IgnoreRequest) -> None:
    """Fail all requests that wait in a slot."""
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(why)


class CrawlDelay:
    """Scrapy extension: a Crawl-delay in robots.txt is the least pause between two requests to its host.

    It is no part of RFC 9309, and Scrapy reads it without heeding it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"])
        crawler.signals.connect(self._heed, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _heed(self, robotparser: RobotParser, request: Request) -> None:
        asked_s = min(robotparser.crawl_delay(self._agent) or 0.0, LONGEST_CRAWL_DELAY_S)
        settings = self._crawler.settings
        # with Scrapy's own jitter of a half, a delay of 2 s is at times 1 s
        if asked_s <= settings.getfloat("DOWNLOAD_DELAY") * (1 - settings.getfloat("DOWNLOAD_DELAY_JITTER")):
            return
        engine, host = self._crawler.engine, host_of(request.url)
        assert engine is not None
        delay_s = max(asked_s / (1 - JITTER), settings.getfloat("DOWNLOAD_DELAY"))
        # for the slot that is, and for those that will be
        engine.downloader.per_slot_settings[host] = {"delay": delay_s, "jitter": JITTER}
        if slot := engine.downloader.slots.get(host):
            slot.delay, slot.jitter = max(slot.delay, delay_s), JITTER


class Throttle(AutoThrottle):
    """Scrapy's AutoThrottle, which does not go below the pause that a host asks for."""

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        engine = self.crawler.engine
        if key is not None and slot is not None and engine is not None:
            slot.delay = max(slot.delay, engine.downloader.per_slot_settings.get(key, {}).get("delay", 0.0))
