"""What a walk saw, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.fetch.verdict import Trouble
from crawler.health import Signs
from crawler.items import Entry, SeenPage
from crawler.spiders.ledger import Ending, Outcome

__all__ = ["NOTHING", "Sight", "outcome_of"]

NOTHING = Signs(title=False, date=False, outlet=False, letters=0, on_topic=False, facts=False)
"""An article page that came and from which nothing could be read."""


@dataclass(slots=True)
class Sight:
    """What a walk has seen so far."""

    asked: int = 0
    """Articles that were asked for and that count: those that robots.txt forbids, or that were missing before, do not."""
    lists: dict[str, SeenPage | None] = field(default_factory=dict)
    """The first pages of its lists, by entry. None: said to be unchanged, not sent."""
    rows: list[Entry] = field(default_factory=list)
    """The rows of those that were sent."""
    articles: list[Signs] = field(default_factory=list)
    """What each article page gave."""
    list_troubles: list[Trouble] = field(default_factory=list)
    """What went wrong with lists."""
    article_troubles: list[Trouble] = field(default_factory=list)
    """What went wrong with articles."""
    is_complete: bool = True
    """False where an article must be found through its list again: the list then does not count as known."""
    has_left_some: bool = False
    """True where articles were left for the next night, which must then read the lists to their end."""

    def ending(self, *, is_baseline: bool, lists_due: bool) -> Ending:
        """How the walk ended."""
        outcome = outcome_of(self.list_troubles, self.article_troubles, asked=self.asked, is_baseline=is_baseline)
        troubles = (*self.list_troubles, *self.article_troubles)
        sent = [page for page in self.lists.values() if page is not None]
        is_measured = len(sent) == len(self.lists)
        return Ending(
            outcome=outcome,
            lists=sent if outcome == "healthy" and self.is_complete and not self.has_left_some else (),
            has_left_some=self.has_left_some,
            lists_due=lists_due,
            is_whole=not any(trouble.stopped for trouble in troubles),
            items=len(self.rows) if is_measured else None,
            dated=sum(row.published is not None for row in self.rows) if is_measured else None,
            articles=tuple(self.articles),
            wall=next((str(t) for t in troubles if t.blocked), None) if outcome == "blocked" else None,
            failure=next((str(trouble) for trouble in self.list_troubles), None),
        )


def outcome_of(
    list_troubles: Sequence[Trouble], article_troubles: Sequence[Trouble], *, asked: int, is_baseline: bool
) -> Outcome:
    """How a walk ended.

    A dead article link does no harm to a source. An article that the next night may find well leaves the walk unfinished,
    so that the list is read to its end again; except on the baseline night, which one lame article must not repeat for ever.

    >>> outcome_of([], [Trouble("404", gone=True)], asked=20, is_baseline=False)
    'healthy'
    >>> outcome_of([], [Trouble("503", passing=True)], asked=20, is_baseline=False)
    'failed'
    """
    if any(trouble.stopped for trouble in (*list_troubles, *article_troubles)):
        return "failed"
    if any(trouble.blocked for trouble in list_troubles):
        return "blocked"
    if list_troubles:
        return "failed"
    if asked and len(article_troubles) >= asked:
        return "blocked" if all(trouble.blocked for trouble in article_troubles) else "failed"
    if not is_baseline and any(trouble.passing for trouble in article_troubles):
        return "failed"
    return "healthy"
