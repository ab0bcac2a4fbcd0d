"""What a message says beside the changes themselves: how it was before, how others stand, who else says what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from crawler.items.results import Evaluation, Result

__all__ = ["Background", "Past", "Said", "Standing"]


@dataclass(frozen=True, slots=True)
class Past:
    """The place of an entity in an earlier edition of the same series, group, subject and indicator."""

    year: int
    """The evaluation year of that edition."""
    rank: int | None = None
    """The exact place. None: only a bound is known."""
    tied: bool = False
    """True where it was shared."""
    top: int | None = None
    """Upper bound only. None where the rank is known."""
    disputed: bool = False
    """True where articles contradict each other about it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an article states of a fact, beside the one that a change comes from."""

    result: Result
    """As that article states it, with its exact words."""
    outlet: str | None
    """Who published it. None: the page does not say."""
    url: str | None
    """Where it stands."""
    published: date | None
    """As in Article.published."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an entity stands in one group of an evaluation, as far as is known: its overall place, or bound, or score."""

    evaluation: Evaluation
    """The evaluation."""
    result: Result
    """What all its mentions amount to."""
    past: Past | None = None
    """Its place in the edition before. None: unknown."""
    disputed: bool = False
    """True where articles contradict each other about it."""


@dataclass(frozen=True, slots=True)
class Background:
    """What is known in the store about the changes of one alert. Empty: nothing; the message then says nothing of it."""

    past: Mapping[str, Past] = field(default_factory=dict)
    """By fact key: the place in the newest edition before."""
    said: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    """By fact key, for what is disputed: what the other articles state, one for each value, the earliest."""
    standings: tuple[Standing, ...] = ()
    """One's own and the competitors' places in the evaluations and groups of the alert, whenever they came."""
    sources: Mapping[str, int] = field(default_factory=dict)
    """By fact key: how many independent sources state what it amounts to."""
    official: frozenset[str] = frozenset()
    """Addresses of those of its articles that the government or the organiser published itself."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """By fact key: the page of its evaluation in `evalwatch inspect`, as a path (/evaluation/cstc-website/2020)."""
    night_page: str = "/"
    """The page of the night in `evalwatch inspect`: /run/12, or / where there are several."""
    address: str = ""
    """Where `evalwatch inspect` is reached. Empty: unknown; the message then links to none of its pages."""
