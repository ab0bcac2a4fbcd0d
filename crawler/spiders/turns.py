"""Whether a source's lists are due in a night. Pure."""

from __future__ import annotations

from datetime import date

from crawler.config import Interval, Schedule, Source

__all__ = ["is_due"]

DAYS: dict[Interval, int] = {"nightly": 1, "weekly": 7, "monthly": 30}


def is_due(source: Source, schedule: Schedule, visited: date | None, night: date) -> bool:
    """Whether a source whose lists were last read in the night `visited` is due: when its interval has passed, or in the season
    the shorter one of that.

    >>> rare = Source(id="a", name="甲", kind="city", access="list", entry=("http://a.cn/",), interval="weekly")
    >>> is_due(rare, Schedule(), date(2026, 6, 1), date(2026, 6, 7)), is_due(rare, Schedule(), date(2026, 6, 1), date(2026, 6, 8))
    (False, True)
    >>> is_due(rare, Schedule(), date(2026, 12, 1), date(2026, 12, 2))
    True
    """
    if visited is None:
        return True
    days = DAYS[source.interval]
    if night.month in schedule.season_months:
        days = min(days, DAYS[schedule.season_interval])
    # a second run in one night visits what is read nightly again
    return days == 1 or (night - visited).days >= days
