"""The two clocks of fetch, in one place so that a test can let a month pass in seconds."""

from __future__ import annotations

import time
from datetime import UTC, datetime

__all__ = ["now", "seconds"]


def now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


def seconds() -> float:
    """A time that only rises, as Scrapy's downloader and asyncio count it."""
    return time.monotonic()
