"""The one way to the network: Scrapy's HTTP handler, with the night's budget and the guard at the moment of sending."""

from __future__ import annotations

from copy import copy
from typing import Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError
from scrapy.http import Request, Response

from crawler.fetch.budget import BOOK, SOURCE, NightBook
from crawler.fetch.guard import LOCAL_HOSTS, UNVERIFIED, GuardedResolver, NotAllowed, host_of

__all__ = ["Handler"]


class Handler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, which counts what goes out and comes in."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory = _verifying_but(self._contextFactory, frozenset(crawler.settings.getlist(UNVERIFIED)))
        self._local_hosts = frozenset(crawler.settings.getlist(LOCAL_HOSTS))
        self._book: NightBook = crawler.settings[BOOK]
        self._max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    async def download_request(self, request: Request) -> Response:
        """The answer of the host. Raises Spent where the budget is used up, NotAllowed where the resolver refused the host."""
        source, host = request.meta.get(SOURCE, ""), host_of(request.url)
        resolver = _resolver()
        resolver.allow(self._local_hosts)
        self._book.take(source, host)
        try:
            response = await super().download_request(request)
        except CannotResolveHostError as error:
            if address := resolver.refused.get(host):
                raise NotAllowed(f"{request.url} leads into the own network ({address})") from error
            raise
        except DownloadCancelledError:
            # too long; so much of it came
            self._book.add_bytes(source, self._max_bytes)
            raise
        self._book.add_bytes(source, len(response.body))
        return response


def _verifying_but(policy: Any, unverified_hosts: frozenset[str]) -> Any:
    """A policy for https that verifies certificates as the given one does, except those of some hosts.

    Scrapy has one setting for all hosts. Where its policy keeps it is no part of its interface; tests/test_guard_tls.py fails
    the day that changes.
    """
    lenient, chosen = copy(policy), copy(policy)
    lenient._verify_certificates = False  # noqa: SLF001 - see above

    def creator(hostname: bytes, port: int) -> Any:
        is_lenient = hostname.decode("ascii").lower().rstrip(".") in unverified_hosts
        return (lenient if is_lenient else policy).creatorForNetloc(hostname, port)

    chosen.creatorForNetloc = creator
    return chosen


def _resolver() -> GuardedResolver:
    """The resolver that all connections use. Without the guard there are none."""
    # Scrapy installs the reactor it wants; importing it before that would install another
    from twisted.internet import reactor

    resolver = getattr(reactor, "resolver", None)
    if not isinstance(resolver, GuardedResolver):
        raise NotAllowed("TWISTED_DNS_RESOLVER is not crawler.fetch.guard.GuardedResolver: nothing is connected to")
    return resolver
