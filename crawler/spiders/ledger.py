"""What a spider needs to know from the store and to tell it; pipelines.py is where the two meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from crawler.health import Signs
from crawler.items import Article, Entry, Extraction, Look, SeenPage

__all__ = ["Ending", "Found", "Ledger", "Outcome", "Sight", "Standing", "Tally"]

Outcome = Literal["healthy", "failed", "blocked"]
Sight = Literal["there", "gone", "unclear"]
"""there: the page as we know it; gone: the server says that there is no such page; unclear: anything else."""


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
    pages: tuple[SeenPage, ...] = ()
    """How its pages came."""
    look: str | None = None
    """Its id in the store, where a stored article was looked at again and its text is another now. None: it is new."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What earlier nights left of a source."""

    baseline_done: bool
    """Whether a walk of it has succeeded before."""
    complete: bool
    """False when the last walk was cut off: all its list pages are read again, whatever is known of them."""
    visited: date | None = None
    """The last night in which its lists were read well. None: never."""


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
    looked: int = 0
    """Articles that were looked at again."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a walk ended and what it saw."""

    outcome: Outcome
    """healthy: all went well; blocked: a wall; failed: anything else."""
    lists: Sequence[SeenPage] = ()
    """The first pages of its lists that were sent, to be remembered. Empty unless all went well."""
    has_left_some: bool = False
    """True where articles beyond the budget were left for the next night."""
    lists_due: bool = True
    """False where the lists were not due and only articles were looked at again."""
    is_whole: bool = True
    """False where the night ended before the walk did: nothing is to be concluded from what is missing."""
    items: int | None = None
    """Rows on these first pages. None: not all were sent, because some are unchanged."""
    dated: int | None = None
    """How many of the rows have a date."""
    articles: tuple[Signs, ...] = ()
    """What each article page gave."""
    wall: str | None = None
    """What stands before the source, as the log has it. None: nothing."""
    failure: str | None = None
    """Why a list could not be read, as the log has it. None: all could."""


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

    async def known_list(self, url: str) -> SeenPage | None:
        """By what a list page is known again, as it was when a walk last completed."""
        ...

    async def due_misses(self, source_id: str) -> Sequence[Entry]:
        """Entries that were missing in an earlier night and are asked for again in this one."""
        ...

    async def missed(self, source_id: str, entry: Entry) -> None:
        """Write down that an entry led to nothing: it is asked for again after some nights, then given up."""
        ...

    async def due_looks(self, source_id: str) -> Sequence[Look]:
        """Stored articles that are to be looked at again in this night."""
        ...

    async def looked(self, article: str, sight: Sight = "unclear") -> None:
        """Write down that a stored article was looked at again, and what was seen."""
        ...

    async def has_text(self, article: Article) -> bool:
        """Is this very text stored for the article's address?"""
        ...

    async def finish(self, source_id: str, ending: Ending) -> None:
        """Write down how the walk ended, what it yielded, and by what its list pages are known again."""
        ...

    async def rest(self, source_id: str) -> None:
        """Nothing of the source was due in this night."""
        ...
