"""Which hosts may be connected to: those of public addresses, and those that a source names as local.

The address is checked where the connection is made: Twisted asks the resolver for every host, literal addresses in all their
spellings included, and connects to the very address it gets; so a name that answers differently a second time gains nothing
(CVE-2026-27696, miniflux fe2bfb27). A redirect, a meta refresh and robots.txt are connections like any other.

Behind a proxy (http_proxy in the environment) the proxy connects, and the check for names must sit there; addresses that are
written out are refused here all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.fetch import addresses

__all__ = ["LOCAL", "LOCAL_HOSTS", "UNVERIFIED", "Guard", "GuardedResolver", "NotAllowed", "host_of"]

LOCAL = "evalwatch_local_hosts"
"""Key of Request.meta: the hosts that the source of the request names as local."""

LOCAL_HOSTS = "EVALWATCH_LOCAL_HOSTS"
"""Scrapy setting: the local hosts of all sources."""

UNVERIFIED = "EVALWATCH_UNVERIFIED_HOSTS"
"""Scrapy setting: hosts whose certificate is not verified."""


class NotAllowed(IgnoreRequest):
    """The address leads to where no page of a source is: another scheme, or the network that we run in. Not connected to."""


def host_of(url: str) -> str:
    """The host of an address as it is compared: lower case, no port, no brackets, no dot at its end; empty where it has none.

    >>> host_of("http://WWW.Hubei.gov.cn.:80/a"), host_of("http://[::1]/"), host_of("http://[")
    ('www.hubei.gov.cn', '::1', '')
    """
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver (IPv4), which gives no address that is not public, except for local hosts and the proxy."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.local: frozenset[str] = _proxies()
        """Hosts that may be anywhere. One resolver serves all spiders, and only they know their settings."""
        self.refused: dict[str, str] = {}
        """Host → the address that was refused, for the message."""

    def allow(self, local_hosts: frozenset[str]) -> None:
        """Let these hosts be anywhere, and the proxy."""
        self.local = local_hosts | _proxies()

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        """The address of a host. Fails with DNSLookupError where it has none that may be connected to."""
        found = super().getHostByName(name, timeout)
        if name.lower().rstrip(".") not in self.local:
            found.addCallback(self._checked, name)
        return found

    def _checked(self, address: str, name: str) -> str:
        if addresses.is_public(address):
            return address
        self.refused[name.lower().rstrip(".")] = address
        raise DNSLookupError(f"{name} is {address}, no public address")


def _proxies() -> frozenset[str]:
    return frozenset(host_of(proxy if "://" in proxy else f"http://{proxy}") for proxy in getproxies().values()) - {""}


class Guard:
    """Downloader middleware that refuses what can be seen in an address itself, before anything is looked up."""

    def __init__(self, crawler: Crawler) -> None:
        self._local = frozenset(crawler.settings.getlist(LOCAL_HOSTS))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises NotAllowed for schemes other than http and https, for written-out addresses that are not public, and for
        hosts that another source has named as local."""
        host = host_of(request.url)
        if urlsplit(request.url).scheme not in ("http", "https") or not host:
            raise NotAllowed(f"{request.url} is no http or https address")
        if host in request.meta.get(LOCAL, ()):
            return
        if host in self._local or (_is_written_out(host) and not addresses.is_public(host)):
            raise NotAllowed(f"{request.url} leads into the own network")


def _is_written_out(host: str) -> bool:
    """Is this host an address rather than a name? No top-level domain is a number (RFC 3696 §2), so its last part tells.

    >>> [_is_written_out(host) for host in ("10.0.0.1", "0x7f.1", "2130706433", "::1", "127.0.0.1.example", "4399.com")]
    [True, True, True, True, False, False]
    """
    last = host.rpartition(".")[2]
    return ":" in host or last.isdecimal() or last.startswith("0x")
