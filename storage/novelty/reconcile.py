"""What all mentions of one fact say together: pure decisions, no database.

Nothing here depends on the order of arrival, so that the same articles give the same facts whichever came first. What the
arrival of one article changes is decided in storage/novelty/transitions.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crawler.items import Evaluation, Result
from storage.novelty.independence import sources_of
from storage.rows import json_text

__all__ = [
    "OFFICIAL",
    "PERSON",
    "Relation",
    "Settled",
    "Statement",
    "Status",
    "by_weight",
    "is_sure",
    "merge_evaluations",
    "relate",
    "settle",
    "value_of",
]

Relation = Literal["same", "finer", "coarser", "conflict"]
Status = Literal["single", "corroborated", "refined", "disputed", "withdrawn"]

PERSON = ""
"""The cluster of what a person says: no source, so it corroborates nothing. See storage/review/decisions.py."""

_QUOTES = str.maketrans("", "", " \t\n\r\u3000“”\"'‘’「」『』《》〈〉【】")


@dataclass(frozen=True, slots=True)
class Statement:
    """One mention of a fact, with what decides how much it counts."""

    result: Result
    """The outcome as that article states it."""
    article: str
    """Id of the article."""
    cluster: str
    """Id of the article's cluster: copies of one text are one source."""
    published: str | None
    """As the page states it, ISO 8601. None: not stated."""
    decided: bool = False
    """True where a person has accepted this value: it stands, however many say otherwise."""
    publisher: str | None = None
    """The house that published the page (storage/novelty/publishers.py). None: unknown."""
    origin: str | None = None
    """The house that the page names as its source. None: none."""
    standing: int = 0
    """How official the page is for this fact: see storage/novelty/standing.py."""
    baseline: bool = False
    """True where the article was stored on the first run of its source, of which nobody is told."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What all mentions of one fact say together."""

    result: Result
    """The value that stands, in the words of the weightiest mention that states it."""
    status: Status
    """single: one source; corroborated: two independent ones state this value; refined: one states it, others say the same
    less exactly; disputed: another value stands beside it."""
    sources: int
    """How many independent sources (storage/novelty/independence.py) state this value or one that it fits."""


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


OFFICIAL = 2
"""From this standing on a page is the organiser's or the government's own: its word counts before any number of others."""


def settle(statements: Iterable[Statement]) -> Settled | None:
    """The value that stands, and how well. None: nobody states it (any more)."""
    every = sorted(statements, key=by_weight)
    counted = [s for s in every if is_sure(s.result)] or [s for s in every if not s.result.implied] or every
    if not counted:
        return None
    source_of = sources_of(s for s in every if s.cluster != PERSON) | {PERSON: PERSON}
    best = _best(counted, source_of)
    relations = [(relate(best.result, s.result), s) for s in counted]
    fitting = {source_of[s.cluster] for relation, s in relations if relation != "conflict"} - {PERSON}
    exact = [s for relation, s in relations if relation == "same"]
    if any(relation == "conflict" for relation, _ in relations):
        status: Status = "disputed"
    elif len({source_of[s.cluster] for s in exact} - {PERSON}) > 1:
        status = "corroborated"
    else:
        status = "refined" if len(fitting) > 1 else "single"
    result = replace(
        best.result, tied=any(s.result.tied for s in exact), confidence=max(s.result.confidence for s in exact)
    )
    return Settled(result, status, len(fitting))


def _best(counted: Sequence[Statement], source_of: Mapping[str, str]) -> Statement:
    """A person's word, an official page's, then what most sources support; of those that agree with it the most exact."""

    # by distinct values: hundreds of copies say the same
    examples: dict[tuple[object, ...], Result] = {}
    sources: dict[tuple[object, ...], set[str]] = {}
    for statement in counted:
        examples.setdefault(value_of(statement.result), statement.result)
        sources.setdefault(value_of(statement.result), set()).add(source_of[statement.cluster])
    support = {
        value: len(set().union(*(sources[v] for v, o in examples.items() if relate(one, o) in ("same", "coarser"))))
        for value, one in examples.items()
    }

    def rank(s: Statement) -> tuple[object, ...]:
        official = -s.standing if s.standing >= OFFICIAL else 0
        return not s.decided, official, -support[value_of(s.result)], by_weight(s)

    best = min(counted, key=rank)
    for statement in counted:
        if relate(best.result, statement.result) == "finer":
            best = statement
    return best


def value_of(result: Result) -> tuple[object, ...]:
    """What distinguishes the values of one fact. Equal ones relate alike to every other."""
    return result.rank, result.top, result.score, result.grade, result.change


def by_weight(statement: Statement) -> tuple[int, bool, str, str, tuple[int, int]]:
    """Official pages first, then the earliest published; ties are broken by what does not depend on the order of arrival."""
    return (
        -statement.standing, statement.published is None, statement.published or "", statement.article,
        statement.result.span,
    )  # fmt: skip


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
