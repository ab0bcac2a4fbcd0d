"""Scrapy's response → Page."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.http import Response

from crawler.items import Page

__all__ = ["page_from_response"]


def page_from_response(response: Response, now: datetime) -> Page:
    """The page of a response. `now` is when it came, unless it was replayed: then the time of the recording counts."""
    recorded = response.meta.get("cache_timestamp")
    headers = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    return Page(
        url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched=now if recorded is None else datetime.fromtimestamp(recorded, UTC),
    )
