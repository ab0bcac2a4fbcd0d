"""What people are told: changes of facts, and the state of sources and series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from crawler.items.results import Evaluation, Result

__all__ = ["CHANGE_KINDS", "Alert", "Change", "ChangeKind", "Notice", "NoticeKind", "Symptom"]

ChangeKind = Literal["new", "corroborated", "refined", "disputed", "corrected", "withdrawn"]
CHANGE_KINDS: tuple[ChangeKind, ...] = ("new", "corroborated", "refined", "disputed", "corrected", "withdrawn")
NoticeKind = Literal["broken", "blocked", "overdue"]


@dataclass(frozen=True, slots=True)
class Change:
    """What one article's statement did to what was known of one fact."""

    kind: ChangeKind
    """new: nobody said it before; corroborated: another article says the same; refined: the same more exactly (第四 after
    前十); disputed: another value, both are kept; corrected: the page that stated it states another value now, and nobody
    else states the old one; withdrawn: nobody states it any more."""
    fact_key: str
    """Identity of the result."""
    evaluation: Evaluation
    """As this article tells of it."""
    result: Result
    """As this article states it, with its exact words."""
    outlet: str | None
    """Who published the article. None: the page does not say."""
    url: str | None
    """Where the article stands. None for a file."""
    title: str | None
    """Headline of the article."""
    published: date | None
    """As in Article.published."""
    previous: str | None = None
    """What was known before, as people say it (前十); None where nothing was or nothing differs."""
    decided: str | None = None
    """Why, where not a page but a person changed it (evalwatch review); empty where they gave no reason. None: a page did."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """One sign that a source is not as it was."""

    what: Literal["no_page", "wall", "no_items", "field"]
    """no_page: its list did not come or could not be read; wall: robots.txt or a challenge stands before it; no_items: its list
    is empty; field: a field is missing that used to be there."""
    field: str | None = None
    """Which field: list_date (of the rows of the list), title, date, outlet, body (of articles). None: not about a field."""
    now: int | None = None
    """Of a hundred rows or articles so many have it now; of no_items: how many rows there are. None: not measured."""
    usual: int | None = None
    """The same in the nights before (median). None: unknown."""
    words: str | None = None
    """What went wrong, as the log has it. None: the figures say it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell of a source or of a series, not of a result."""

    kind: NoticeKind
    """broken: a source cannot be read as before; blocked: it keeps us out; overdue: results that are usually out by now were
    not seen."""
    subject: str
    """Id of the source, or key of the series."""
    name: str
    """What people call it."""
    symptoms: tuple[Symptom, ...] = ()
    """How a source shows it."""
    last_success: datetime | None = None
    """When the source was last read well. UTC. None: never, or no source."""
    year: int | None = None
    """The evaluation year that is overdue. None: not about a series."""
    week: int | None = None
    """The ISO week by which its results are usually out. None: not about a series."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One message owed to one subscription."""

    id: str
    """Stable for ever: the webhook-id of every attempt."""
    subscription: str
    """Id of the subscription."""
    night: date
    """The night it tells of, as a date of the schedule's timezone."""
    created: datetime
    """When the first of its changes was stored. UTC."""
    changes: tuple[Change, ...]
    """What it tells of results, in order of storing."""
    notices: tuple[Notice, ...] = ()
    """What it tells of sources and series. One alert holds changes or notices, never both."""
