"""What a person decided about a fact, and what its statements count for since: pure decisions, no database.

A decision is about stated values, not about mentions: a page that is read anew or changes keeps it, and so does a night. It
does not reach what nobody had said when it was made: yet another value disputes the result again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from crawler.items import ChangeKind, Result
from storage.novelty.reconcile import PERSON, Settled, Statement, by_weight, is_sure, relate

__all__ = [
    "Decision",
    "DecisionKind",
    "Ruling",
    "Value",
    "news_of",
    "ruling_of",
    "value_of",
    "weigh",
    "with_value",
    "yielding_values",
]

DecisionKind = Literal["accepted", "rejected", "corrected"]
Value = Mapping[str, Any]
"""What distinguishes the values of one fact: rank and tied, top, score, grade or change; nothing for an award."""

_EMPTY: dict[str, Any] = {"rank": None, "tied": False, "top": None, "score": None, "grade": None, "change": None}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a person about one fact."""

    kind: DecisionKind
    """accepted: this stated value stands; rejected: it does not count; corrected: another one takes its place."""
    value: Value
    """The value that is accepted or rejected; of a correction the one that the person gives."""
    instead: tuple[Value, ...] = ()
    """The values that were stated then and yield to it. Empty for a rejection."""


def value_of(result: Result) -> dict[str, Any]:
    """The value of a result, without what its fact key says already.

    >>> value_of(Result("e1", "湖北省", "website", "province", "rank", "第五", (0, 2), rank=5))
    {'rank': 5}
    """
    return {name: getattr(result, name) for name, empty in _EMPTY.items() if getattr(result, name) != empty}


def with_value(result: Result, value: Value) -> Result:
    """The result with another value."""
    return replace(result, **(_EMPTY | dict(value)))


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the decisions about a fact amount to, given what is stated of it."""

    stands: Result | None = None
    """The value that a person has accepted or given. None: no decision says so."""
    is_persons: bool = False
    """True where a person must be quoted for it: it is a correction, or no page states any more what was accepted."""
    out: tuple[Result, ...] = ()
    """Values that do not count."""

    def counted(self, result: Result) -> Result | None:
        """A stated result as it counts: sure, where a person accepted its value. None: it does not count."""
        if any(relate(value, result) == "same" for value in self.out):
            return None
        if self._is_accepted(result):
            return replace(result, confidence=1.0, implied=False)
        return result

    def weigh(self, statements: Sequence[Statement]) -> list[tuple[Statement, Statement]]:
        """The statements that count, as they count, each with the one that it rests on; among them what a person says."""
        pairs = []
        for statement in statements:
            result = self.counted(statement.result)
            if result is not None:
                weighed = replace(statement, result=result, decided=self._is_accepted(result))
                pairs.append((weighed, statement))
        if self.stands is not None and self.is_persons and statements:
            base = min(statements, key=by_weight)
            value = replace(
                with_value(base.result, value_of(self.stands)), confidence=1.0, implied=False, rule="review"
            )
            pairs.append((replace(base, result=value, cluster=PERSON, decided=True), base))
        return pairs

    def _is_accepted(self, result: Result) -> bool:
        return self.stands is not None and not self.is_persons and relate(self.stands, result) == "same"


def ruling_of(decisions: Iterable[Decision], stated: Sequence[Result]) -> Ruling:
    """What decisions, the oldest first, say of what is stated now. A later one takes the place of what it speaks of too.

    What yields to an accepted value does so while some page states that value: if none does any more, the decision has lost
    its ground, and the others dispute it.
    """
    if not stated:
        return Ruling()
    stands, last, rejected = None, None, list[Result]()
    for decision in decisions:
        value = with_value(stated[0], decision.value)
        if decision.kind == "rejected":
            rejected.append(value)
            if stands is not None and relate(stands, value) == "same":
                stands = last = None
            continue
        stands, last = value, decision
        rejected = [old for old in rejected if relate(old, value) != "same"]
    if stands is None or last is None:
        return Ruling(out=tuple(rejected))
    is_stated = any(relate(stands, result) == "same" for result in stated)
    yielding = last.instead if is_stated or last.kind == "corrected" else ()
    out = (*rejected, *(with_value(stands, value) for value in yielding))
    return Ruling(stands, is_persons=not is_stated, out=out)


def weigh(statements: Iterable[Statement], decisions: Sequence[Decision]) -> list[Statement]:
    """The statements of a fact as they count after these decisions, the oldest first."""
    every = list(statements)
    if not decisions:
        return every
    ruling = ruling_of(decisions, [statement.result for statement in every])
    return [weighed for weighed, _ in ruling.weigh(every)]


def yielding_values(kind: DecisionKind, chosen: Result, stated: Iterable[Result]) -> tuple[Value, ...]:
    """Of the values that are stated, those that a decision for `chosen` overrules: what contradicts it; of a correction also what
    is more exact, because the person knows it and says less."""
    if kind == "rejected":
        return ()
    wrong = ("conflict", "finer") if kind == "corrected" else ("conflict",)
    found: list[Value] = []
    for result in stated:
        value = value_of(with_value(result, value_of(result) | {"tied": False}))
        if relate(chosen, result) in wrong and value not in found:
            found.append(value)
    return tuple(found)


def news_of(before: Settled | None, after: Settled | None) -> ChangeKind | None:
    """What a decision is news of, by what stood before it and stands since.

    What only waited for review is new once it counts. What people may have been told and a person found wrong is corrected, or
    withdrawn. A dispute settled for the value that stood tells nobody anything new.
    """
    was_known = before is not None and is_sure(before.result)
    if after is None or not is_sure(after.result):
        return "withdrawn" if was_known else None
    if before is None or not was_known:
        return "new"
    relation = relate(before.result, after.result)
    if relation == "same":
        return None
    return "refined" if relation == "finer" else "corrected"
