"""robots.txt as RFC 9309 has it. Scrapy crawls on where it answers 5xx or cannot be reached (reliability.md, trap 1).

| robots.txt | what we do |
|---|---|
| 2xx | obey; of a long one its first 512 KiB (§2.5) |
| up to 5 redirects | follow, to other hosts as well; more count as 4xx (§2.3.1.2) |
| 401, 403, 429 | nothing of the host is asked for; stricter than §2.3.1.3 |
| other 4xx, 3xx without address | there are no rules (§2.3.1.3) |
| 5xx, no answer | the last copy if there is one, else nothing of the host is asked for (§2.3.1.4) |

What was had is kept for a day (§2.4).
"""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import timedelta
from typing import Self
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.fetch import clock
from crawler.fetch.budget import SOURCE
from crawler.fetch.guard import LOCAL
from crawler.fetch.hosts import HOSTS, HostMemory, RobotsCopy

__all__ = ["DisallowedByRobots", "Robots", "RobotsRefused", "RobotsUnreachable", "origin_of"]

REFUSALS = frozenset({401, 403, 429})
"""Answers to robots.txt that we take for a refusal: a host that shuts even this file means it."""

FRESH = timedelta(hours=24)
LONGEST = 512 * 1024
"""Bytes of robots.txt that are read; RFC 9309 §2.5 asks for 500 KiB at least. Parsing as much takes 0.6 s."""

FIRST = 1000
"""Priority of robots.txt in the line of its host."""

RECEIVED = "evalwatch_robots_bytes"
"""Key of Request.meta that marks a request for robots.txt, redirects included: bytes received so far."""

_VERSION = re.compile(r"^(\s*user-agent\s*:\s*[a-z_-]+)/\S*", re.IGNORECASE | re.MULTILINE)

log = logging.getLogger("evalwatch")


class DisallowedByRobots(IgnoreRequest):
    """A rule of robots.txt disallows the address: so it will tomorrow."""


class RobotsRefused(IgnoreRequest):
    """The host refuses to show robots.txt: everything on it counts as disallowed."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be had: everything on that host counts as disallowed (§2.3.1.4)."""


def origin_of(url: str) -> str:
    """Whose robots.txt counts for an address: scheme, host and port, §2.3.

    >>> origin_of("http://me@A.gov.cn:8080/x"), origin_of("https://a.gov.cn:443/"), origin_of("http://[::1]/")
    ('http://a.gov.cn:8080', 'https://a.gov.cn', 'http://[::1]')
    """
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port and parts.port != usual else "")


class Robots:
    """Downloader middleware that asks each origin for its robots.txt before anything else, and obeys it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"])
        self._memory = HostMemory(crawler.settings.get(HOSTS))
        self._rules: dict[str, asyncio.Future[RobotParser | IgnoreRequest]] = {}
        crawler.signals.connect(self._stop_long_one, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises DisallowedByRobots, RobotsRefused or RobotsUnreachable, or why robots.txt was not asked for."""
        if RECEIVED in request.meta:
            return
        origin = origin_of(request.url)
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._rules_of(origin, request))
        rules = await self._rules[origin]
        if isinstance(rules, IgnoreRequest):
            raise type(rules)(str(rules))
        if not rules.allowed(request.url, self._agent):
            raise DisallowedByRobots(f"robots.txt disallows {request.url}")

    async def _rules_of(self, origin: str, request: Request) -> RobotParser | IgnoreRequest:
        copy = self._memory.robots(origin)
        if copy is not None and timedelta(0) <= clock.now() - copy.fetched < FRESH:
            return await self._parsed(copy.rules, request)
        found = await self._asked(origin, request)
        if isinstance(found, str):
            self._memory.keep_robots(origin, RobotsCopy(clock.now(), found))
            return await self._parsed(found, request)
        if isinstance(found, RobotsUnreachable) and copy is not None:
            log.warning("%s; its copy of %s counts", found, copy.fetched.isoformat(timespec="minutes"))
            return await self._parsed(copy.rules, request)
        return found

    async def _asked(self, origin: str, request: Request) -> str | IgnoreRequest:
        """The rules of an origin, or why nothing may be asked of it."""
        engine, url = self._crawler.engine, f"{origin}/robots.txt"
        assert engine is not None
        meta = {key: request.meta[key] for key in (LOCAL, SOURCE) if key in request.meta}
        # not compressed, so that a long one can be stopped; it goes out before what waits for it
        question = Request(
            url, headers={"Accept-Encoding": "identity"}, callback=NO_CALLBACK, priority=FIRST,
            meta=meta | {RECEIVED: 0, "dont_merge_cookies": True},
        )  # fmt: skip
        try:
            response = await engine.download_async(question)
        except IgnoreRequest as error:
            if str(error) == "max redirections reached":
                return ""
            # not allowed to ask, or no longer: whoever raised it says so of the page as well
            return RobotsUnreachable(f"{url}: {error}") if type(error) is IgnoreRequest else error
        except Exception as error:  # noqa: BLE001 - whatever it was, there is no answer
            return RobotsUnreachable(f"{url} cannot be had ({str(error) or type(error).__name__})")
        return _rules_in(response)

    async def _parsed(self, rules: str, request: Request) -> RobotParser:
        body = _VERSION.sub(r"\1", rules).encode()
        implementation = load_object(self._crawler.settings["ROBOTSTXT_PARSER"])
        parser: RobotParser = build_from_crawler(implementation, self._crawler, body)
        await self._crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=parser, request=request)
        return parser

    @staticmethod
    def _stop_long_one(data: bytes, request: Request) -> None:
        if RECEIVED in request.meta:
            request.meta[RECEIVED] += len(data)
            if request.meta[RECEIVED] > LONGEST:
                raise StopDownload(fail=False)


def _rules_in(response: Response) -> str | IgnoreRequest:
    if 200 <= response.status < 300:
        body = response.body
        # a rule that is cut would disallow more than it says
        whole = body if len(body) <= LONGEST else body[: LONGEST + 1].rpartition(b"\n")[0]
        return whole.decode("utf-8-sig", "ignore")
    if response.status in REFUSALS:
        return RobotsRefused(f"{response.url} answers {response.status}")
    if response.status >= 500:
        return RobotsUnreachable(f"{response.url} answers {response.status}")
    return ""
