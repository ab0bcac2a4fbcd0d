"""What each source yielded against its own past. Pure.

A source is broken in the first night in which its list is empty or a field is missing in 30 of a hundred rows or articles more
than usual (FieldCoverage of Spidermon; reliability.md, layout change). A night without news is quiet, which is no fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, get_args

from crawler.items import Symptom

__all__ = ["Field", "Signs", "State", "Verdict", "Yield", "judge", "measure"]

State = Literal["healthy", "broken", "blocked", "quiet", "new"]
"""quiet: read well, nothing new; new: never visited."""

Field = Literal["list_date", "title", "date", "outlet", "body"]

LOST_POINTS = 30
"""A field that so many of a hundred have less often than usual is lost."""

SURE_ARTICLES = 5
"""One article alone shows a loss only where so many before it had the field without exception."""

SHORT = 1 / 3
"""A body of less than this part of the source's usual length counts as none: a remark, a summary, an error message."""

LEAST_LETTERS = 30
"""A shorter body counts as none whatever is usual."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What one article page itself gave, before the list filled gaps."""

    title: bool
    """Whether it has a headline."""
    date: bool
    """Whether it says when it was published."""
    outlet: bool
    """Whether it says who published it or whom it reprints."""
    letters: int
    """Length of its body."""
    on_topic: bool
    """Whether it is about an evaluation."""
    facts: bool
    """Whether it states a result."""


@dataclass(frozen=True, slots=True)
class Yield:
    """What a source yielded in one night."""

    items: int | None
    """Rows on the first page of its lists. None: not all were read, because some were unchanged and not sent."""
    dated: int | None
    """How many of them have a date. None: as items."""
    articles: int = 0
    """Article pages that came, read or not."""
    titles: int = 0
    """How many of them have a headline; the next three alike."""
    dates: int = 0
    outlets: int = 0
    bodies: int = 0
    letters: int | None = None
    """Median length of their bodies. None: no article."""
    on_topic: int = 0
    """How many are about an evaluation."""
    without_facts: int = 0
    """How many of these state no result."""

    def share(self, field: Field) -> tuple[int, int]:
        """How many have the field, of how many."""
        if field == "list_date":
            return self.dated or 0, self.items or 0
        return {"title": self.titles, "date": self.dates, "outlet": self.outlets, "body": self.bodies}[
            field
        ], self.articles


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a source is."""

    state: State
    """Its state."""
    symptoms: tuple[Symptom, ...] = ()
    """Why it is broken or blocked; empty otherwise."""


def measure(items: int | None, dated: int | None, articles: Sequence[Signs], past: Sequence[Yield]) -> Yield:
    """The figures of a night. `past` says how long the bodies of this source usually are."""
    usual = [night.letters for night in past if night.letters]
    least = max(LEAST_LETTERS, median(usual) * SHORT if usual else 0)
    return Yield(
        items=items,
        dated=dated,
        articles=len(articles),
        titles=sum(a.title for a in articles),
        dates=sum(a.date for a in articles),
        outlets=sum(a.outlet for a in articles),
        bodies=sum(a.letters >= least for a in articles),
        letters=round(median(a.letters for a in articles)) if articles else None,
        on_topic=sum(a.on_topic for a in articles),
        without_facts=sum(a.on_topic and not a.facts for a in articles),
    )


def judge(
    tonight: Yield,
    past: Sequence[Yield],
    *,
    before: Verdict | None = None,
    wall: str | None = None,
    failure: str | None = None,
    may_be_empty: bool = False,
) -> Verdict:
    """How a source is after a night.

    `past` are its nights in which it was well, `before` is how it was last: a field that was lost and could not be measured
    tonight is lost still. `wall` and `failure` say why its list could not be read; `may_be_empty` is true for a search.

    >>> well = Yield(items=20, dated=20)
    >>> judge(Yield(items=20, dated=2), [well]).symptoms
    (Symptom(what='field', field='list_date', now=10, usual=100, words=None),)
    >>> judge(well, [well]).state, judge(Yield(items=0, dated=0), [well], may_be_empty=True).state
    ('quiet', 'broken')
    """
    if wall is not None:
        return Verdict("blocked", (Symptom("wall", words=wall),))
    if failure is not None:
        return Verdict("broken", (Symptom("no_page", words=failure),))
    symptoms = (
        *_emptiness(tonight, past, may_be_empty=may_be_empty),
        *_losses(tonight, past),
        *_still(before, tonight),
    )
    if symptoms:
        return Verdict("broken", symptoms)
    return Verdict("healthy" if tonight.articles else "quiet")


def _emptiness(tonight: Yield, past: Sequence[Yield], *, may_be_empty: bool) -> Iterable[Symptom]:
    if tonight.items != 0:
        return
    known = [night.items for night in past if night.items is not None]
    usual = round(median(known)) if known else None
    if usual or not may_be_empty:
        yield Symptom("no_items", now=0, usual=usual)


def _losses(tonight: Yield, past: Sequence[Yield]) -> Iterable[Symptom]:
    for field in get_args(Field):
        have, of = tonight.share(field)
        before = [share for night in past if (share := night.share(field))[1]]
        if not of:
            continue
        if not before:
            if field == "body" and not have and of > 1:
                # a first night has no past, but articles have text
                yield Symptom("field", field, 0)
            continue
        now, usual = round(100 * have / of), round(median(100 * had / all_ for had, all_ in before))
        never_missed = all(had == all_ for had, all_ in before) and sum(all_ for _, all_ in before) >= SURE_ARTICLES
        if usual - now >= LOST_POINTS and (of - have > 1 or never_missed):
            yield Symptom("field", field, now, usual)


def _still(before: Verdict | None, tonight: Yield) -> Iterable[Symptom]:
    """What was lost and could not be looked at tonight."""
    if before is None or before.state != "broken":
        return
    for symptom in before.symptoms:
        for field in get_args(Field):
            if symptom.what == "field" and symptom.field == field and not tonight.share(field)[1]:
                yield symptom
