"""What is written down when a walk has ended: its counts, by what its lists are known again, how the source is, who is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from alerts.match import subscriptions_told
from crawler.config import Settings, Source, Subscription
from crawler.expected import Expected, Overdue, awaited_results, overdue_results
from crawler.health import Verdict, Yield, judge, measure
from crawler.items import Notice, NoticeKind
from crawler.spiders.ledger import Ending
from storage import health, runs
from storage.database import Store
from storage.expected import remember_expected
from storage.notices import owe_notice
from storage.runs import SourceCounts

__all__ = ["finish_walk", "tell_overdue"]


def finish_walk(
    store: Store, source: Source, counts: SourceCounts, ending: Ending, *, run_id: int, night: date, now: datetime,
    subscriptions: Sequence[Subscription],
) -> Verdict | None:  # fmt: skip
    """Write down how a walk ended, in one transaction; returns how the source is. None: the walk cannot say."""
    with store.writing():
        runs.finish_source(
            store, run_id, source.id, counts, now=now, state=ending.outcome, lists_read=ending.lists_due,
            complete=not ending.has_left_some,
        )  # fmt: skip
        for page in ending.lists:
            runs.remember_list(store, page, night)
        if not ending.lists_due or not ending.is_whole:
            return None
        verdict, before = _judge(store, source, ending, run_id, night)
        if verdict.state in ("broken", "blocked") and (before is None or before.state != verdict.state):
            kind: NoticeKind = "blocked" if verdict.state == "blocked" else "broken"
            last = health.last_success(store, source.id)
            notice = Notice(kind, source.id, source.name, verdict.symptoms, last)
            owe_notice(store, notice, subscriptions_told(notice, subscriptions), night=night, now=now)
        return verdict


def tell_overdue(store: Store, settings: Settings, night: date, now: datetime) -> tuple[Overdue, ...]:
    """What is overdue this night; each subscription that asked for it is owed a notice of it once. What is expected is written
    down for those who look."""
    from crawler.extract import usual_releases  # 0.2 s that a refused night need not wait for

    named = {series for one in settings.subscriptions if "overdue" in one.changes for series in one.series}
    usual, seen = [Expected(*series) for series in usual_releases()], health.seen_years(store)
    overdue = overdue_results(usual, seen, night, named=named)
    with store.writing():
        remember_expected(store, [asdict(one) for one in awaited_results(usual, seen, night, named=named)], night)
        for late in overdue:
            notice = Notice("overdue", late.series, late.name, year=late.year, week=late.week)
            owe_notice(store, notice, subscriptions_told(notice, settings.subscriptions), night=night, now=now)
    return overdue


def _judge(store: Store, source: Source, ending: Ending, run_id: int, night: date) -> tuple[Verdict, Verdict | None]:
    """How the source is, written down, and how it was in the run before."""
    last = health.last_state(store, source.id, before_run=run_id)
    before = Verdict(*last) if last else None
    past = [Yield(**figures) for figures in health.good_nights(store, source.id, night, before_run=run_id)]
    tonight = measure(ending.items, ending.dated, ending.articles, past)
    verdict = judge(
        tonight, past, before=before, wall=ending.wall, failure=ending.failure, may_be_empty=source.access != "list"
    )
    health.remember_health(
        store, run_id, source.id, state=verdict.state, symptoms=verdict.symptoms, figures=asdict(tonight)
    )
    return verdict, before
