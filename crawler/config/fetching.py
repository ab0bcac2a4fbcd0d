"""[fetch] of settings.toml: how politely pages are fetched, and how many."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from crawler.config.checks import Host, Seconds, strict

__all__ = ["PLACEHOLDER_CONTACT", "Fetch"]

PLACEHOLDER_CONTACT = "https://example.org/evalwatch; mailto:you@example.org"
"""What the shipped settings.toml has as contact: a live run with it is refused."""

Count = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True, config=strict)
class Fetch:
    """How politely and how much."""

    contact: str = PLACEHOLDER_CONTACT
    """Who runs this: an address or mailbox that stands in the User-Agent. A live run needs your own."""
    delay_s: Seconds = 2.0
    """Pause between two requests to one host; it varies by half of itself either way. A longer Crawl-delay of the host's
    robots.txt counts instead, up to 60 s."""
    timeout_s: Annotated[float, Field(gt=0)] = 30.0
    """For one page, from connecting to the last byte."""
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """How often a failed page is tried again within a night."""
    max_page_bytes: Annotated[int, Field(ge=1024)] = 8 * 1024 * 1024
    """A longer page is dropped, counted after its content coding is undone."""
    max_articles_per_source: Count = 200
    """Articles fetched from one source in a night at most."""
    max_article_pages: Annotated[int, Field(ge=1, le=100)] = 20
    """Pages of one article at most."""
    max_source_requests: Count = 300
    """Requests for one source in a night at most: lists, articles, redirects, second tries and robots.txt."""
    max_source_bytes: Count = 64 * 1024 * 1024
    """Bytes of answers for one source in a night at most, as they came over the wire."""
    max_source_s: Count = 900
    """Seconds from the first request for one source to its last at most; pauses that a host asks for do not count."""
    max_night_requests: Count = 10_000
    """Requests in a night at most."""
    max_night_bytes: Count = 1024 * 1024 * 1024
    """Bytes of answers in a night at most."""
    max_night_s: Count = 4 * 3600
    """A night that takes longer is stopped; what it stored stays."""
    unverified_hosts: tuple[Host, ...] = ()
    """Hosts whose certificate is not verified: those whose chain is broken and that have no other address. Empty: none."""
