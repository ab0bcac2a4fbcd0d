"""Retry-After: a host that asks us to wait is not asked again before, by any request of any night (RFC 9110 §10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.fetch import clock
from crawler.fetch.budget import BOOK, NightBook
from crawler.fetch.guard import host_of
from crawler.fetch.hosts import HOSTS, HostMemory
from crawler.fetch.pace import drop

__all__ = ["AskedToWait", "RetryAfter", "wait_seconds"]

BUSY = frozenset({429, 503})
LONGEST_WAIT_S = 3600
"""A host that asks for more gets it: it is left alone for the rest of the night."""
LONGEST_KEPT_S = 30 * 86400
"""What asks for more than a month is a mistake, and counts as this."""
BUSY_PAUSES = 15
"""How many usual pauses a host gets that says it is busy, but not for how long: 30 s where the pause is 2 s."""


class AskedToWait(IgnoreRequest):
    """The host asked for a longer pause than a night has."""


def wait_seconds(value: str, now: datetime) -> float | None:
    """How long a Retry-After header asks to wait from now; None where it says nothing.

    >>> wait_seconds("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    >>> wait_seconds("Thu, 01 Jan 2026 00:00:30 GMT", datetime(2026, 1, 1, tzinfo=UTC)), wait_seconds("soon", datetime.now(UTC))
    (30.0, None)
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:12]), LONGEST_KEPT_S))
    then = _date(text)
    return None if then is None else min(max(0.0, (then - now).total_seconds()), float(LONGEST_KEPT_S))


def _date(text: str) -> datetime | None:
    """A date in any of the three forms of RFC 9110 §5.6.7; without zone it is GMT."""
    try:
        then = parsedate_to_datetime(text)
        return then.replace(tzinfo=then.tzinfo or UTC)
    except (ValueError, OverflowError):
        return None


class RetryAfter:
    """Downloader middleware that holds all requests to a host for as long as the host asked for.

    Requests wait in Scrapy's slot of their host, behind this middleware's process_request; so the slot itself is held: in the
    moment in which the answer has come and the next request has not gone out, and when a slot is new.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._memory = HostMemory(crawler.settings.get(HOSTS))
        self._book: NightBook = crawler.settings[BOOK]
        self._until: dict[str, datetime | None] = {}
        crawler.signals.connect(self._hold, signals.response_downloaded)
        crawler.signals.connect(self._hold_new, signals.request_reached_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises AskedToWait for a host that wants a longer pause than a night has."""
        host = host_of(request.url)
        left_s = self._left_s(host)
        if left_s > LONGEST_WAIT_S:
            raise _asked(host, left_s)

    def _left_s(self, host: str) -> float:
        if host not in self._until:
            # what an earlier spider or night was told
            self._until[host] = self._memory.wait_until(host)
        until = self._until[host]
        return 0.0 if until is None else min((until - clock.now()).total_seconds(), LONGEST_KEPT_S)

    def _hold_new(self, request: Request) -> None:
        """A request has come to its slot. A new slot knows nothing of what was before it."""
        slot, host = self._slot(request), host_of(request.url)
        if slot is None:
            return
        slot.lastseen = max(slot.lastseen, self._book.last_asked.get(host, 0.0))
        if (left_s := self._left_s(host)) > 0:
            slot.lastseen = max(slot.lastseen, clock.seconds() + left_s)

    def _hold(self, response: Response, request: Request) -> None:
        wait_s = self._wait_s(response)
        slot, host = self._slot(request), host_of(request.url)
        if not wait_s or slot is None:
            return
        until = clock.now() + timedelta(seconds=wait_s)
        self._until[host] = max(until, self._until.get(host) or until)
        self._memory.keep_wait(host, self._until[host] or until)
        if wait_s > LONGEST_WAIT_S:
            drop(slot, _asked(host, wait_s))
            return
        self._book.pause(host, wait_s)
        # a slot waits until its pause has passed since it was last seen
        slot.lastseen = max(slot.lastseen, clock.seconds() + wait_s)

    def _wait_s(self, response: Response) -> float | None:
        """How long an answer asks to wait. By the clock that asks for more, where ours and the server's differ."""
        value = (response.headers.get("Retry-After") or b"").decode("latin-1")
        if response.status < 300:
            return None
        theirs = _date((response.headers.get("Date") or b"").decode("latin-1"))
        nows = [clock.now(), *([theirs] if theirs else [])]
        waits = [wait_s for now in nows if (wait_s := wait_seconds(value, now)) is not None]
        if waits or response.status not in BUSY:
            return max(waits, default=None)
        return BUSY_PAUSES * self._crawler.settings.getfloat("DOWNLOAD_DELAY")

    def _slot(self, request: Request) -> Slot | None:
        engine = self._crawler.engine
        assert engine is not None
        return engine.downloader.slots.get(request.meta.get("download_slot", ""))


def _asked(host: str, wait_s: float) -> AskedToWait:
    return AskedToWait(f"{host} asks for a pause of {wait_s:.0f} s")
