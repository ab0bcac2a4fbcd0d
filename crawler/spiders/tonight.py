"""What the walks of a night share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from crawler.config import Fetch, Search, Source
from crawler.fetch.recording import open_recording
from crawler.job import Job
from crawler.spiders.ledger import Ledger
from crawler.spiders.turns import is_due
from crawler.spiders.worker import Runner

__all__ = ["Tonight"]


@dataclass(frozen=True, slots=True)
class Tonight:
    """What the walks of a night share."""

    limits: Fetch
    """How much is fetched at most."""
    ledger: Ledger
    """The store."""
    runner: Runner
    """Where pages are read."""
    day: date
    """The day that stands in addresses which name one."""
    job: Job
    """What this night is to do."""
    search: Search = Search()  # noqa: RUF009  # it is frozen
    """What searches ask for."""
    claimed: set[str] = field(default_factory=set)
    """Articles that a walk has asked for; another source that lists them too leaves them to it."""

    def is_due(self, source: Source, visited: date | None) -> bool:
        """Are the lists of a source read, which last were in the night `visited`? Always where somebody asks for just that."""
        job = self.job
        if job.recordings or job.only or job.deep is not None:
            return True
        return is_due(source, job.settings.schedule, visited, job.night)

    def may_ask(self, url: str) -> bool:
        """False in a replay for what the recording does not hold: that it is missing there says nothing of the page."""
        return not self.job.recordings or open_recording(self.job.recordings).holds(url)
