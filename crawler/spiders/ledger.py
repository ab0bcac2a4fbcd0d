"""What a spider needs to know from the store and to tell it; pipelines.py is where the two meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from crawler.items import Article, Entry, Extraction

__all__ = ["Found", "Ledger", "Outcome", "Standing", "Tally"]

Outcome = Literal["healthy", "failed", "blocked"]


@dataclass(frozen=True, slots=True)
class Found:
    """Scrapy's item: an article that was read, on its way to the store."""

    source_id: str
    """The source in whose list it stood."""
    entry: Entry
    """Its line in that list."""
    article: Article
    """All its pages."""
    extraction: Extraction
    """What it says."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What earlier nights left of a source."""

    baseline_done: bool
    """Whether a walk of it has succeeded before."""
    complete: bool
    """False when the last walk was cut off: all its list pages are read again, whatever is known of them."""


@dataclass(slots=True)
class Tally:
    """What a walk has counted so far. Articles, results and changes are counted where they are stored."""

    requested: int = 0
    """Pages asked for, redirects and second tries not counted."""
    fetched: int = 0
    """Pages that came complete."""
    unchanged: int = 0
    """List pages that were the same as the last time."""
    blocked: int = 0
    """Pages that robots.txt disallows or a wall stands before."""
    failed: int = 0
    """Pages that did not come or could not be read."""


class Ledger(Protocol):
    """The store as a spider sees it."""

    async def begin(self, source_id: str, tally: Tally) -> Standing:
        """What earlier nights left of the source. The tally is kept for the case that the walk is cut off."""
        ...

    async def unknown(self, urls: Iterable[str]) -> set[str]:
        """Those that neither are stored nor remembered."""
        ...

    async def remember(self, source_id: str, entries: Iterable[Entry]) -> None:
        """Remember entries that no night need look at again: off the topic, or forbidden by robots.txt."""
        ...

    async def is_unchanged(self, url: str, digest: str) -> bool:
        """Did the list page have that digest when a walk last completed?"""
        ...

    async def finish(self, source_id: str, outcome: Outcome, digests: Mapping[str, str]) -> None:
        """Write down how the walk ended, and the digests by which its list pages are known again."""
        ...
