"""robots.txt as RFC 9309 has it. Scrapy crawls on where it answers 5xx or cannot be reached (reliability.md, trap 1)."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser

__all__ = ["DisallowedByRobots", "Robots", "RobotsRefused", "RobotsUnreachable"]

REFUSALS = frozenset({401, 403, 429})
"""Answers to robots.txt that we take for a refusal, stricter than §2.3.1.3: a host that shuts even this file means it."""


class DisallowedByRobots(IgnoreRequest):
    """A rule of robots.txt disallows the address: so it will tomorrow."""


class RobotsRefused(IgnoreRequest):
    """The host refuses to show robots.txt: everything on it counts as disallowed."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be had: everything on that host counts as disallowed (§2.3.1.4)."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware with the answers of RFC 9309 §2.3.1: 2xx obey, 4xx unavailable, 5xx and no answer disallow.

    Too many redirects count as unavailable (§2.3.1.2), as Scrapy has it.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._closed: dict[str, IgnoreRequest] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises DisallowedByRobots, RobotsRefused or RobotsUnreachable."""
        if closed := self._closed.get(urlsplit(request.url).netloc):
            raise type(closed)(str(closed))
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise DisallowedByRobots(f"robots.txt disallows {request.url}") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._close(netloc, RobotsUnreachable(f"{response.url} answers {response.status}"))
        elif response.status in REFUSALS:
            self._close(netloc, RobotsRefused(f"{response.url} answers {response.status}"))
        else:
            # what a 404 page says is no rule
            rules = response if response.status < 400 else response.replace(body=b"")
            await super()._parse_robots(rules, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, IgnoreRequest):
            super()._robots_error(exc, netloc)
        else:
            self._close(netloc, RobotsUnreachable(f"robots.txt of {netloc} cannot be had ({type(exc).__name__})"))

    def _close(self, netloc: str, error: IgnoreRequest) -> None:
        self._closed[netloc] = error
        super()._robots_error(error, netloc)
