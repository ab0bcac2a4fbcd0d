"""Which results are usually out by when, and which of them are overdue. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["Awaited", "Expected", "Overdue", "awaited_results", "overdue_results"]

OVERDUE_WEEKS = 12
"""For so long after the usual week a result counts as overdue; later nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """When the results of a series usually come out."""

    series: str
    """Key of the series."""
    name: str
    """Its name today."""
    week: int
    """ISO week at whose end they are usually out, 1 to 52."""
    years_later: int = 0
    """In which year after the evaluation year: 0 in the same, 1 in the next."""
    years: tuple[int, int] = (2002, 2040)
    """First and last evaluation year."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """One edition that somebody waits for, or waited for until now."""

    series: str
    """Key of the series."""
    name: str
    """Its name."""
    year: int
    """The evaluation year."""
    week: int
    """The week at whose end its results are usually out."""
    due: date
    """The last day of that week."""
    seen: bool
    """Whether results of it are known."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """Results that are usually out by now and were not seen."""

    series: str
    """Key of the series."""
    name: str
    """Its name."""
    year: int
    """The evaluation year."""
    week: int
    """The week at whose end they are usually out."""


def awaited_results(
    expected: Iterable[Expected], seen: Mapping[str, Collection[int]], night: date, *, named: Collection[str] = ()
) -> tuple[Awaited, ...]:
    """The editions that were due in the twelve weeks before a night, and of each series the next one, the earliest due first.

    `seen` are the evaluation years of which results are stored, by series. Of a series that was never seen nothing is
    awaited, unless it is `named`, as by a subscription.

    >>> series = [Expected("cstc-website", "中国政府网站绩效评估", week=51)]
    >>> [(one.year, one.due.isoformat(), one.seen)
    ...  for one in awaited_results(series, {"cstc-website": {2025}}, date(2026, 2, 1))]
    [(2025, '2025-12-21', True), (2026, '2026-12-20', False)]
    """
    found = []
    for one in expected:
        known = seen.get(one.series, ())
        if not known and one.series not in named:
            continue
        dues = [date.fromisocalendar(night.year + later, one.week, 7) for later in (-1, 0, 1)]
        coming = min(due for due in dues if due >= night)
        for due in dues:
            year = due.isocalendar().year - one.years_later
            is_awaited = due == coming or due < night <= due + timedelta(weeks=OVERDUE_WEEKS)
            if is_awaited and one.years[0] <= year <= one.years[1]:
                found.append(Awaited(one.series, one.name, year, one.week, due, year in known))
    return tuple(sorted(found, key=lambda awaited: (awaited.due, awaited.series)))


def overdue_results(
    expected: Iterable[Expected], seen: Mapping[str, Collection[int]], night: date, *, named: Collection[str] = ()
) -> tuple[Overdue, ...]:
    """Those of `awaited_results` that are due before the night and were not seen.

    >>> awaited = [Expected("cstc-website", "中国政府网站绩效评估", week=51)]
    >>> overdue_results(awaited, {"cstc-website": {2025}}, date(2026, 12, 21))
    (Overdue(series='cstc-website', name='中国政府网站绩效评估', year=2026, week=51),)
    >>> overdue_results(awaited, {"cstc-website": {2025}}, date(2026, 12, 20))
    ()
    """
    return tuple(
        Overdue(one.series, one.name, one.year, one.week)
        for one in awaited_results(expected, seen, night, named=named)
        if one.due < night and not one.seen
    )
