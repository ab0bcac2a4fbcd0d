"""Which hosts a source may lead to: on its lists, in its articles, and through redirects of either.

Scrapy's own OffsiteMiddleware lets requests with dont_filter pass, and start addresses carry that mark, so their redirects
leave the site (reliability.md, trap 3). Ours asks each request for its source's domains and knows no exception.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from crawler.config import Source
from crawler.fetch.budget import SOURCE
from crawler.fetch.guard import LOCAL

__all__ = ["DOMAINS", "OtherHost", "SourceDomains", "domains_of", "is_within", "meta_of"]

DOMAINS = "evalwatch_domains"
"""Key of Request.meta: the domains of the source for which the request is made. robots.txt has none: RFC 9309 §2.3.1.2
follows its redirects to other hosts."""


EVERYWHERE = frozenset({b"accept", b"accept-language", b"accept-encoding", b"user-agent", b"content-type"})
"""Headers that every host may see."""


class OtherHost(IgnoreRequest):
    """A link or redirect led off the source's domains. Not asked."""


def domains_of(source: Source) -> tuple[str, ...]:
    """The domains of a source: the given ones, else the hosts of its entry addresses.

    >>> domains_of(Source(id="a", name="甲", kind="city", access="list", entry=("http://A.gov.cn:80/x/",)))
    ('a.gov.cn',)
    """
    return source.allowed_domains or tuple(dict.fromkeys(urlsplit(entry).hostname or "" for entry in source.entry))


def meta_of(source: Source) -> dict[str, Any]:
    """The Request.meta of every request for a source: by it fetch knows what the source may do.

    >>> meta_of(Source(id="a", name="甲", kind="city", access="list", entry=("http://a.gov.cn/",)))["evalwatch_domains"]
    ('a.gov.cn',)
    """
    return {
        SOURCE: source.id,
        DOMAINS: domains_of(source),
        LOCAL: source.local_hosts,
        "dont_merge_cookies": not source.cookies,
        "cookiejar": source.id,
    }


def is_within(url: str, domains: tuple[str, ...]) -> bool:
    """Is this an http or https address on one of the domains or below?

    >>> is_within("https://www.hubei.gov.cn/a", ("hubei.gov.cn",)), is_within("http://xhubei.gov.cn/", ("hubei.gov.cn",))
    (True, False)
    >>> is_within("javascript:void(0)", ("hubei.gov.cn",)), is_within("http://[", ("hubei.gov.cn",))
    (False, False)
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and any(host == one or host.endswith("." + one) for one in domains)


class SourceDomains:
    """Downloader middleware that refuses what leads off the domains of the request's source.

    A redirect to another origin takes none of the source's own headers along, which may hold a key: Scrapy looks after
    Cookie and Authorization only (GHSA-cw9j-q3vf-hrrv, GHSA-4qqq-9vqf-3h3f).
    """

    def process_request(self, request: Request) -> None:
        """Raises OtherHost."""
        domains = request.meta.get(DOMAINS)
        if redirected := request.meta.get("redirect_urls"):
            was, now = urlsplit(redirected[-1]), urlsplit(request.url)
            is_upgrade = (was.scheme, now.scheme, was.netloc) == ("http", "https", now.netloc)
            if (was.scheme, was.netloc) != (now.scheme, now.netloc) and not is_upgrade:
                for name in [name for name in request.headers if name.lower() not in EVERYWHERE]:
                    del request.headers[name]
        if domains is not None and not is_within(request.url, domains):
            raise OtherHost(f"{request.url} is on none of {', '.join(domains)}")
