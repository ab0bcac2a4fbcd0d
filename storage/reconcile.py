"""What a statement does to what is known: pure decisions, no database.

Two questions, kept apart. `judge`: what did the arrival of one article change (new, corroborated, refined, disputed)?
`settle`: what do all mentions of one fact say together? The second does not depend on their order, so that the same
articles give the same facts whichever came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crawler.items import ChangeKind, Evaluation, Result
from storage.rows import json_text

__all__ = [
    "PERSON",
    "Relation",
    "Settled",
    "Statement",
    "Status",
    "by_age",
    "is_sure",
    "judge",
    "merge_evaluations",
    "relate",
    "settle",
]

Relation = Literal["same", "finer", "coarser", "conflict"]
Status = Literal["single", "corroborated", "refined", "disputed", "withdrawn"]

PERSON = ""
"""The cluster of what a person says: no source, so it corroborates nothing. See storage/decisions.py."""

_QUOTES = str.maketrans("", "", " \t\n\r\u3000“”\"'‘’「」『』《》〈〉【】")


@dataclass(frozen=True, slots=True)
class Statement:
    """One mention of a fact, with what decides how much it counts."""

    result: Result
    """The outcome as that article states it."""
    article: str
    """Id of the article."""
    cluster: str
    """Id of the article's cluster: statements of one cluster are one source."""
    published: str | None
    """As the page states it, ISO 8601. None: not stated."""
    decided: bool = False
    """True where a person has accepted this value: it stands, however many say otherwise."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What all mentions of one fact say together."""

    result: Result
    """The value that stands, in the words of the mention that states it first."""
    status: Status
    """single: one source; corroborated: two independent ones state this value; refined: one states it, others say the same
    less exactly; disputed: another value stands beside it."""
    sources: int
    """How many independent sources (clusters) state this value or one that it fits."""


def relate(known: Result, came: Result) -> Relation:
    """How a value that came stands to a known one of the same fact. Dress of awards and grades is no difference."""
    if known.kind == "rank":
        return _relate_ranks(known, came)
    if known.kind == "score":
        return _relate_scores(known.score or 0.0, came.score or 0.0)
    if known.kind == "grade":
        one, other = (grade.translate(_QUOTES) for grade in (known.grade or "", came.grade or ""))
        return "same" if one in other or other in one else "conflict"
    if known.kind == "change":
        return "same" if known.change == came.change else "conflict"
    return "same"  # an award is identified by its name, 进步 has no value


def _relate_ranks(known: Result, came: Result) -> Relation:
    if known.rank is not None and came.rank is not None:
        return "same" if known.rank == came.rank else "conflict"
    if known.rank is not None:
        return "coarser" if known.rank <= (came.top or 0) else "conflict"
    if came.rank is not None:
        return "finer" if came.rank <= (known.top or 0) else "conflict"
    if known.top == came.top:
        return "same"
    return "finer" if (came.top or 0) < (known.top or 0) else "coarser"


def _relate_scores(known: float, came: float) -> Relation:
    if known == came:
        return "same"
    digits = min(_decimals(known), _decimals(came))
    if abs(known - came) > 0.5 * 10.0**-digits + 1e-9:
        return "conflict"
    if _decimals(known) == _decimals(came):
        return "conflict"
    return "finer" if _decimals(came) > _decimals(known) else "coarser"


def _decimals(value: float) -> int:
    return len(f"{value:f}".rstrip("0").partition(".")[2])


SURE = 0.5
"""A statement of less confidence waits for review: it neither makes nor disputes what is known."""


def is_sure(result: Result) -> bool:
    """Whether a statement counts: somebody says so, and it was read with confidence."""
    return not result.implied and result.confidence >= SURE


def judge(known: Sequence[Result], came: Result) -> ChangeKind | None:
    """What a statement changes, given what other articles say of the same fact.

    What is only implied, or doubtful, never disputes anything: None then, the mention is kept. What was known only so becomes
    refined when somebody states it clearly.
    """
    if not known:
        return "new"
    sure = [result for result in known if is_sure(result)]
    relations = {relate(result, came) for result in sure or known}
    if not is_sure(came):
        return None if relations == {"conflict"} else "corroborated"
    if not sure:
        return "refined"
    if "same" in relations:
        return "corroborated"
    if "conflict" in relations:
        return "disputed"
    return "corroborated" if "coarser" in relations else "refined"


def settle(statements: Iterable[Statement]) -> Settled | None:
    """The value that stands, and how well. None: nobody states it (any more)."""
    every = sorted(statements, key=by_age)
    counted = [s for s in every if is_sure(s.result)] or [s for s in every if not s.result.implied] or every
    if not counted:
        return None
    best = min(counted, key=lambda s: (not s.decided, -_support(s, counted), by_age(s)))
    # of the mentions that agree with the best supported one, the most exact
    for statement in counted:
        if relate(best.result, statement.result) == "finer":
            best = statement
    relations = [(relate(best.result, s.result), s) for s in counted]
    fitting = {s.cluster for relation, s in relations if relation != "conflict"} - {PERSON}
    exact = [s for relation, s in relations if relation == "same"]
    if any(relation == "conflict" for relation, _ in relations):
        status: Status = "disputed"
    elif len({s.cluster for s in exact} - {PERSON}) > 1:
        status = "corroborated"
    else:
        status = "refined" if len(fitting) > 1 else "single"
    result = replace(
        best.result, tied=any(s.result.tied for s in exact), confidence=max(s.result.confidence for s in exact)
    )
    return Settled(result, status, len(fitting))


def by_age(statement: Statement) -> tuple[bool, str, str, tuple[int, int]]:
    """The earliest published first; ties broken by what does not depend on the order of arrival."""
    return statement.published is None, statement.published or "", statement.article, statement.result.span


def _support(statement: Statement, others: Sequence[Statement]) -> int:
    """How many sources say what this one says, or less exactly the same."""
    return len({o.cluster for o in others if relate(statement.result, o.result) in ("same", "coarser")})


def merge_evaluations(one: Evaluation, other: Evaluation) -> Evaluation:
    """What two articles tell of one evaluation, together: the fuller account of each detail, whichever came first."""
    return replace(
        one,
        name=max(one.name, other.name, key=_tells_edition),
        edition=min(filter(None, (one.edition, other.edition)), default=None),
        organizers=max(one.organizers, other.organizers, key=lambda names: (len(names), names)),
        released=min(filter(None, (one.released, other.released)), default=None),
        sample=max(one.sample, other.sample, key=lambda sizes: (len(sizes), json_text(dict(sizes)))),
        indicators=max(one.indicators, other.indicators, key=lambda sizes: (len(sizes), json_text(dict(sizes)))),
    )


def _tells_edition(name: str) -> tuple[bool, int, str]:
    """第十九届政府网站绩效评估 before 2020年中国政府网站绩效评估 before 网站评估: an ordinal names it best, then length."""
    return "第" in name and "届" in name, len(name), name
