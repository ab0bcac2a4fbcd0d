"""What the arrival of one article changes: the table of docs/novelty.md as one pure function.

Known is what the other articles state, what this article stated before, and, of a fact that nobody states any more, the value
that stood last. What came is what this article states now, or that it states it no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from crawler.items import ChangeKind, Result
from storage.novelty.reconcile import is_sure, relate

__all__ = ["Effect", "judge", "judge_newcomer"]

Effect = ChangeKind | Literal["restored"]
"""restored: a fact that was withdrawn stands again with the same value. Only those who were told that it was withdrawn are told."""


def judge(
    others: Sequence[Result], came: Result | None, *, before: Sequence[Result] = (), past: Result | None = None
) -> Effect | None:
    """What an article changes that stated `before` and states `came` now, given what others state. None: nothing.

    What is only implied, or doubtful, never disputes, corrects or withdraws anything that somebody states clearly.
    """
    if came is None:
        return _judge_loss(others, before)
    if not before:
        return judge_newcomer(others, came, past)
    if any(relate(old, came) == "same" and is_sure(old) >= is_sure(came) for old in before):
        return None
    own = [result for result in before if is_sure(result)]
    if not is_sure(came):
        # it still says so, with less certainty; or it says no more what it said
        still = any(relate(old, came) != "conflict" for old in own)
        return None if still or not own else _judge_loss(others, own)
    sure = [result for result in others if is_sure(result)]
    if not own:
        return judge_newcomer(sure, came) if sure else "refined"
    return _judge_change(sure, own, came)


def judge_newcomer(known: Sequence[Result], came: Result, past: Result | None = None) -> Effect | None:
    """What an article changes that said nothing of the fact before."""
    if not known:
        return "new" if past is None else _judge_return(past, came)
    sure = [result for result in known if is_sure(result)]
    relations = {relate(result, came) for result in sure or known}
    if not is_sure(came):
        return "corroborated" if "same" in relations or "conflict" not in relations else None
    if not sure:
        return "refined"
    if "same" in relations:
        return "corroborated"
    if "conflict" in relations:
        return "disputed"
    return "corroborated" if "coarser" in relations else "refined"


def _judge_return(past: Result, came: Result) -> Effect | None:
    """What states a fact again that was withdrawn."""
    relation = relate(past, came)
    if not is_sure(came):
        return None if relation == "conflict" else "restored"
    if relation == "finer" or is_sure(came) > is_sure(past):
        return "refined"
    return "corrected" if relation == "conflict" else "restored"


def _judge_loss(others: Sequence[Result], before: Sequence[Result]) -> Effect | None:
    """An article states the fact no more. Others may: then it is only corrected, where all of them contradict what it said."""
    if not before:
        return None
    sure = [result for result in others if is_sure(result)]
    own = [result for result in before if is_sure(result)]
    if not own:
        return None if others else "withdrawn"
    if not sure:
        return "withdrawn"
    return "corrected" if all(relate(o, s) == "conflict" for o in own for s in sure) else None


def _judge_change(others: Sequence[Result], own: Sequence[Result], came: Result) -> Effect | None:
    """The text of a page changed from one clear statement to another; all given are sure."""
    relations = {relate(old, came) for old in own}
    if relations == {"finer"}:
        return judge_newcomer(others, came) if others else "refined"
    if any(relate(old, other) == "same" for old in own for other in others):
        # somebody else holds on to the old value
        if "conflict" not in relations:
            return None
        return "corroborated" if any(relate(other, came) == "same" for other in others) else "disputed"
    contradicted = [other for other in others if relate(other, came) == "conflict"]
    if any(relate(old, other) != "conflict" for old in own for other in contradicted):
        return "disputed"
    return "corrected"
