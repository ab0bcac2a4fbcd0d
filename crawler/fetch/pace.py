"""Requests that wait in line for their host: held for as long as it asks for, dropped when the night must end.

Retry-After: a host that asks us to wait is not asked again before, by any request of the night (RFC 9110 §10.2.3).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

__all__ = ["AskedToWait", "RetryAfter", "Stopped", "drop_waiting", "wait_seconds"]

STATUSES = frozenset({429, 503})
LONGEST_WAIT_S = 600
"""A host that asks for more gets it: it is left alone for the rest of the night, and the next night tries again."""


class AskedToWait(IgnoreRequest):
    """The host asked for a longer pause than a night has."""


class Stopped(IgnoreRequest):
    """The night ended before it was asked for."""


def drop_waiting(crawler: Crawler) -> None:
    """Fail all requests that no host has been asked for yet."""
    if crawler.engine is not None:
        for slot in crawler.engine.downloader.slots.values():
            _drop(slot, Stopped("the night ended before it was asked for"))


def _drop(slot: Slot, why: IgnoreRequest) -> None:
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(why)


def wait_seconds(value: str, now: datetime) -> float | None:
    """How long a Retry-After header asks to wait from now; None where it says nothing.

    >>> wait_seconds("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    >>> wait_seconds("Thu, 01 Jan 2026 00:00:30 GMT", datetime(2026, 1, 1, tzinfo=UTC)), wait_seconds("soon", datetime.now(UTC))
    (30.0, None)
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    # a date without zone is GMT (RFC 9110 §5.6.7)
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())


class RetryAfter:
    """Downloader middleware that holds all requests to a host for as long as the host asked for.

    Requests wait in Scrapy's slot of their host, behind this middleware's process_request; so the slot itself is held, in
    the moment in which the answer has come and the next request has not gone out.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._closed: dict[str, AskedToWait] = {}
        crawler.signals.connect(self._hold, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises AskedToWait for a host that wants a longer pause than a night has."""
        if closed := self._closed.get(urlsplit(request.url).hostname or ""):
            raise AskedToWait(str(closed))

    def _hold(self, response: Response, request: Request) -> None:
        header = response.headers.get("Retry-After")
        if response.status not in STATUSES or header is None:
            return
        wait_s = wait_seconds(header.decode("latin-1"), datetime.now(UTC))
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if not wait_s or slot is None:
            return
        if wait_s <= LONGEST_WAIT_S:
            # a slot waits until its pause has passed since it was last seen
            slot.lastseen = max(slot.lastseen, time.monotonic() + wait_s)
            return
        host = urlsplit(request.url).hostname or ""
        self._closed[host] = AskedToWait(f"{host} asks for a pause of {wait_s:.0f} s")
        _drop(slot, self._closed[host])
