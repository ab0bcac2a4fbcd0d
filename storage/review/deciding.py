"""A decision of a person, written down with all that follows from it: the result settled anew, and the news that are owed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from crawler.errors import UsageError
from crawler.items import Change, ChangeKind, Result, value_words
from storage.database import Store
from storage.novelty.changes import change_of
from storage.novelty.facts import settle_result
from storage.novelty.reconcile import Settled, Statement, by_weight, relate, settle
from storage.novelty.statements import statements_of
from storage.outbox import owe, take_back
from storage.review.decisions import (
    Decision,
    DecisionKind,
    news_of,
    value_of,
    weigh,
    with_value,
    yielding_values,
)
from storage.review.judged import decisions_of, store_decision, undo_last
from storage.review.values import value_from_words

__all__ = ["Decided", "Deciding", "decide", "undo"]


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, and when."""

    by: str
    """Name of the person."""
    night: date
    """The night in whose message the news is told, as a date of the schedule's timezone."""
    now: datetime
    """When it is decided. UTC."""
    owed: Callable[[Change], Sequence[str]]
    """The subscriptions that want to hear of a change."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did."""

    before: Settled | None
    """What stood before. None: nothing."""
    after: Settled | None
    """What stands now. None: nothing does."""
    told: tuple[str, ...]
    """The subscriptions whose next message tells of it."""


def decide(
    store: Store, fact: str, kind: DecisionKind, given: str | None, *, reason: str | None, deciding: Deciding
) -> Decided:
    """Decide about a fact, in one transaction with what follows from it.

    `given` is the value in words or figures: of a correction the one that takes the others' place, else one of those that are
    stated; it may be None where only one can be meant. Raises UsageError for a value that nobody states, or that the person must
    choose, and for a missing reason.
    """
    reason = " ".join(reason.split()) if reason and reason.strip() else None
    if reason is None and kind != "accepted":
        raise UsageError(f"a value is not {kind} without a reason", hint="Say why: --reason TEXT")
    with store.writing():
        statements = statements_of(store, fact)
        if not statements:
            raise UsageError("no page states this any more", where=fact, hint="There is nothing to decide about")
        chosen = _chosen(store, fact, kind, given, statements)
        decision = Decision(kind, value_of(chosen), yielding_values(kind, chosen, (s.result for s in statements)))
        before = _settled(store, fact, statements)
        store_decision(store, fact, decision, chosen, reason=reason, by=deciding.by, now=deciding.now)
        return _followed(store, fact, statements, before, deciding, reason or "")


def undo(store: Store, fact: str, deciding: Deciding) -> Decided:
    """Take back the last decision about a fact. Raises UsageError where there is none."""
    with store.writing():
        statements = statements_of(store, fact)
        before = _settled(store, fact, statements)
        if not undo_last(store, fact, deciding.now):
            raise UsageError("nothing was decided about it that could be undone", where=fact)
        return _followed(store, fact, statements, before, deciding, "")


def _settled(store: Store, fact: str, statements: Sequence[Statement]) -> Settled | None:
    return settle(weigh(statements, decisions_of(store, fact)))


@dataclass(frozen=True, slots=True)
class _Case:
    """A fact before and after a decision."""

    fact: str
    """Its key."""
    statements: tuple[Statement, ...]
    """What pages state of it."""
    before: Settled | None
    """What stood."""
    after: Settled | None
    """What stands."""
    why: str
    """The reason that the person gave; empty for none."""


def _followed(
    store: Store, fact: str, statements: Sequence[Statement], before: Settled | None, deciding: Deciding, why: str
) -> Decided:
    """What follows from decisions that changed: the result, and who is told."""
    settle_result(store, fact)
    after = _settled(store, fact, statements)
    return Decided(before, after, _tell(store, _Case(fact, tuple(statements), before, after, why), deciding))


def _chosen(store: Store, fact: str, kind: DecisionKind, given: str | None, statements: Sequence[Statement]) -> Result:
    """The value that is decided on, in the words of a statement."""
    stated = [statement.result for statement in sorted(statements, key=by_weight)]
    if kind == "corrected":
        return _correction(given, stated)
    distinct: list[Result] = []
    for result in stated:
        if not any(relate(known, result) == "same" for known in distinct):
            distinct.append(result)
    names = ", ".join(value_words(result) for result in distinct)
    if given is not None:
        asked = with_value(stated[0], value_from_words(given, stated[0]))
        found = next((result for result in distinct if relate(asked, result) == "same"), None)
        if found is None:
            raise UsageError(
                f"nobody states {value_words(asked)}",
                hint=f"There are: {names}. Your own: --correct VALUE --reason TEXT",
            )
        return found
    standing = settle(weigh(statements, decisions_of(store, fact)))
    if len(distinct) > 1 and (standing is None or standing.status == "disputed"):
        raise UsageError("several values are stated", hint=f"Say which one: --value VALUE. There are: {names}")
    return next((r for r in distinct if standing is not None and relate(standing.result, r) == "same"), distinct[0])


def _correction(given: str | None, stated: Sequence[Result]) -> Result:
    if given is None:
        raise UsageError("a correction needs the value that is right", hint="--correct VALUE --reason TEXT")
    value = with_value(stated[0], value_from_words(given, stated[0]))
    if all(relate(value, result) == "same" for result in stated):
        raise UsageError(f"that is what is stated: {value_words(value)}", hint="Accept it: --accept")
    return replace(value, confidence=1.0, implied=False)


def _tell(store: Store, case: _Case, deciding: Deciding) -> tuple[str, ...]:
    """Owe the news of a decision: new to those who never heard of the fact, its correction or withdrawal to those who did.

    What waits in a message that is not yet written is taken back first. A baseline is told to nobody, as ever.
    """
    kind = news_of(case.before, case.after)
    if kind is None:
        return ()
    take_back(store, case.fact)
    quoted = _quoted(case, kind)
    if quoted is None:
        return ()
    told: list[str] = []
    for news in dict.fromkeys(("new", kind)) if kind != "withdrawn" else (kind,):
        previous = None if news == "new" else _previous(case, quoted)
        change = replace(change_of(store, case.fact, news, quoted, previous), decided=case.why)
        wanted = [s for s in deciding.owed(change) if _knows(store, s, case.fact) == (news != "new")]
        owe(store, change, wanted, article=quoted.article, night=deciding.night, now=deciding.now)
        told += wanted
    return tuple(dict.fromkeys(told))


def _knows(store: Store, subscription: str, fact: str) -> bool:
    """Whether the last that a written message told this subscription of the fact is that it is so."""
    last = store.value(
        "SELECT i.kind FROM alert_items i JOIN alerts a ON a.id = i.alert WHERE i.result = ? AND a.subscription = ? "
        "AND a.state = 'closed' ORDER BY a.closed DESC, a.number DESC LIMIT 1",
        fact, subscription,
    )  # fmt: skip
    return last is not None and last != "withdrawn"


def _quoted(case: _Case, kind: ChangeKind) -> Statement | None:
    """What is told: the value that stands (of a withdrawal: that stood), in the words of a page. None: only a baseline states it."""
    stands = case.before if kind == "withdrawn" else case.after
    pages = sorted((s for s in case.statements if not s.baseline), key=by_weight)
    if stands is None or not pages:
        return None
    page = next((s for s in pages if relate(stands.result, s.result) == "same"), pages[0])
    value = with_value(page.result, value_of(stands.result))
    return replace(page, result=replace(value, confidence=stands.result.confidence, implied=stands.result.implied))


def _previous(case: _Case, quoted: Statement) -> str | None:
    """What stood before, as people say it; None where it is the same. What is withdrawn is itself what stood."""
    if case.before is None or relate(case.before.result, quoted.result) == "same":
        return None
    return value_words(case.before.result)
