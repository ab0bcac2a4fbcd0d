"""Which changes go into an alert, so that it does not matter in which order the articles of a night came.

A night fetches many sources at once. Whether the government's own page or its reprint comes first is chance, and so is where
a night is killed and taken up again; what people are told must not be. What a night has to tell of a fact is therefore
written anew with every article that states it, from what was known before the night and what is stated now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from crawler.items import Change
from storage.database import Store
from storage.novelty.changes import change_of
from storage.novelty.folding import GONE_WORDS
from storage.novelty.independence import sources_of
from storage.novelty.reconcile import PERSON, Statement, by_weight, settle
from storage.novelty.retelling import Known, Told, retell
from storage.novelty.statements import known_before, statements_of
from storage.outbox import owe, take_back
from storage.review.decisions import weigh
from storage.review.judged import decisions_of
from storage.runs import last_finished_run

__all__ = ["Tonight", "tell"]

Owed = Callable[[Change], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Tonight:
    """The run that found something to tell."""

    run: int
    """Its number."""
    night: date
    """The night that it belongs to."""
    now: datetime
    """When this happens."""
    owed: Owed
    """The subscriptions that want to hear of a change."""


def tell(store: Store, changes: Sequence[Change], facts: Iterable[str], tonight: Tonight, *, article: str) -> None:
    """Bring the open alerts up to date with what an article changed and with the facts it stated or states.

    To be called inside a transaction, with the article's statements stored and settled. Who was told of a fact in this very
    night already (at once) hears of each further change by itself.
    """
    finished = last_finished_run(store)
    events: dict[str, list[Change]] = {}
    for change in changes:
        events.setdefault(change.fact_key, []).append(change)
    for fact in sorted(facts):
        take_back(store, fact, since=finished)
        stated = statements_of(store, fact)
        heard = _rewrite(store, fact, stated, tonight, finished)
        for change in events.get(fact, ()):
            if change.kind == "corroborated" and not _is_independent(stated, article):
                continue
            wanted = [s for s in tonight.owed(change) if _told_since(store, s, fact, finished)]
            _owe(store, change, wanted, article, tonight)
            heard.update(wanted)
        if stated:
            _tell_restored(store, fact, stated, tonight, heard)


def _rewrite(store: Store, fact: str, stated: Sequence[Statement], tonight: Tonight, finished: int) -> set[str]:
    """Write anew what the open alerts tell of a fact. Returns whom."""
    known = known_before(store, fact, finished)
    carried = {s.article for s in known.statements}
    decisions = decisions_of(store, fact)
    # what a baseline states is no news, whoever repeats it; but it was known once its night has ended
    news = [s for s in stated if not s.baseline or s.article in carried]
    before = Known(tuple(map(_apart, weigh(known.statements, decisions))), known.past)
    heard: set[str] = set()
    for told in retell(map(_apart, weigh(news, decisions)), before):
        if told.statement.cluster == PERSON:
            continue
        change = change_of(store, fact, told.kind, told.statement, told.previous)
        wanted = [s for s in tonight.owed(change) if _is_for(store, told, s, fact, finished)]
        _owe(store, change, wanted, told.statement.article, tonight)
        heard.update(wanted)
    return heard


def _apart(statement: Statement) -> Statement:
    """What a person says is on no page."""
    return replace(statement, article=PERSON) if statement.cluster == PERSON else statement


def _is_for(store: Store, told: Told, subscription: str, fact: str, finished: int) -> bool:
    if _told_since(store, subscription, fact, finished):
        return False
    return told.kind != "withdrawn" or _last_told(store, subscription, fact) not in (None, "withdrawn")


def _tell_restored(
    store: Store, fact: str, stated: Sequence[Statement], tonight: Tonight, heard: Iterable[str]
) -> None:
    """Tell those who were last told that a fact is withdrawn that it stands again; nobody else heard that it did not."""
    if not store.value("SELECT 1 FROM alert_items WHERE result = ? AND kind = 'withdrawn'", fact):
        return
    settled = settle(weigh(stated, decisions_of(store, fact)))
    if settled is None:
        return
    says = min(stated, key=lambda s: (s.result.evidence != settled.result.evidence, by_weight(s)))
    change = change_of(store, fact, "corrected", says, GONE_WORDS)
    wanted = [s for s in tonight.owed(change) if s not in set(heard) and _last_told(store, s, fact) == "withdrawn"]
    _owe(store, change, wanted, says.article, tonight)


def _owe(store: Store, change: Change, wanted: Sequence[str], article: str, tonight: Tonight) -> None:
    owe(store, change, wanted, article=article, night=tonight.night, now=tonight.now, run=tonight.run)


def _told_since(store: Store, subscription: str, fact: str, finished: int) -> bool:
    """Whether a message that is written already told this subscription of what this night found of the fact."""
    return bool(
        store.value(
            "SELECT 1 FROM alert_items i JOIN alerts a ON a.id = i.alert WHERE i.result = ? AND a.subscription = ? "
            "AND a.state = 'closed' AND i.run > ?",
            fact, subscription, finished,
        )
    )  # fmt: skip


def _last_told(store: Store, subscription: str, fact: str) -> str | None:
    """The kind of the last change of the fact that this subscription was told of. None: it was told of none."""
    kind: str | None = store.value(
        "SELECT i.kind FROM alert_items i JOIN alerts a ON a.id = i.alert WHERE i.result = ? AND a.subscription = ? "
        "ORDER BY a.created DESC, a.number DESC, i.run DESC LIMIT 1",
        fact, subscription,
    )  # fmt: skip
    return kind


def _is_independent(stated: Sequence[Statement], article: str) -> bool:
    """Whether an article is a source of its own beside all others that state the fact."""
    source_of = sources_of(stated)
    own = {source_of[s.cluster] for s in stated if s.article == article}
    return not own & {source_of[s.cluster] for s in stated if s.article != article}
