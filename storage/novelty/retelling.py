"""What a night has to tell of a fact: a pure function of what was known before the night and what is stated now.

A night fetches many pages at once, and in which order they come is chance. Telling is therefore no sum of what each arrival
changed: the pages that were known are compared with what they said, then the new ones are taken by weight (official pages,
then the earliest published).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.items import ChangeKind, Result, value_words
from storage.novelty.independence import sources_of
from storage.novelty.reconcile import PERSON, Statement, by_weight, is_sure, relate, settle, value_of
from storage.novelty.transitions import judge

__all__ = ["NOTHING", "Known", "Told", "previous_words", "retell"]


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a fact before the night."""

    statements: tuple[Statement, ...] = ()
    """What was stated."""
    past: Result | None = None
    """What stood last, where nobody stated it any more. None: it was stated, or never known."""


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Told:
    """What one statement is told as."""

    kind: ChangeKind
    """new, refined, disputed, corroborated, corrected; withdrawn: only to those who were told of the fact."""
    statement: Statement
    """The statement; of a withdrawal the one that stood."""
    previous: str | None
    """What was known before and differs, as people say it."""


def retell(statements: Iterable[Statement], known: Known = NOTHING) -> list[Told]:
    """What a night has to tell, the same for every order of arrival. Reprints that only repeat are left out.

    Of a fact that nobody knew the weightiest statement is new, unless another one says it more exactly; then that one is.
    """
    after = sorted(statements, key=by_weight)
    pages = _by_article(known.statements)
    carried = [s for s in after if s.article in pages]
    newcomers = [s for s in after if s.article not in pages]
    told = _told_of_known(pages, carried)
    past = known.past
    if pages and not carried:
        past = _standing(known.statements).result
        if newcomers:
            told = []
    return _told_of_newcomers(told, carried, newcomers, past)


def _by_article(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for statement in sorted(statements, key=by_weight):
        found.setdefault(statement.article, []).append(statement)
    return found


def _told_of_known(pages: Mapping[str, Sequence[Statement]], carried: Sequence[Statement]) -> list[Told]:
    """How the pages that were known say otherwise now, each beside the others as they are now. Copies that were corrected
    alike are told once."""
    told: list[Told] = []
    for article, own in pages.items():
        others = [s for s in carried if s.article != article]
        came = [s for s in carried if s.article == article]
        before = [s.result for s in own]
        if not came:
            effect = judge(list(_distinct(s.result for s in others).values()), None, before=before)
            if effect == "withdrawn":
                told.append(Told("withdrawn", own[0], None))
            elif effect is not None:
                stands = _standing(others)
                told.append(Told("corrected", stands, previous_words(before, stands.result)))
        for statement in came:
            effect = judge(list(_distinct(s.result for s in others).values()), statement.result, before=before)
            if effect in ("refined", "disputed", "corrected", "withdrawn"):
                told.append(Told(effect, statement, previous_words(before, statement.result)))
    kept: dict[tuple[object, ...], Told] = {}
    for one in sorted(told, key=lambda t: by_weight(t.statement)):
        value = None if one.kind == "withdrawn" else value_words(one.statement.result)
        kept.setdefault((one.kind, value), one)
    return list(kept.values())


def _standing(statements: Sequence[Statement]) -> Statement:
    """The statement whose words stand."""
    settled = settle(statements)
    if settled is None:
        raise ValueError("nothing is stated")
    value = settled.result
    return min(
        (s for s in statements if relate(value, s.result) == "same"),
        key=lambda s: (s.result.evidence != value.evidence, by_weight(s)),
    )


def _told_of_newcomers(
    told: list[Told], carried: Sequence[Statement], newcomers: Sequence[Statement], past: Result | None
) -> list[Told]:
    # by today's clusters throughout: those of yesterday are not known any more
    source_of = sources_of(s for s in (*carried, *newcomers) if s.cluster != PERSON)
    spoken = {source_of.get(s.cluster) for s in carried}
    results = _distinct(s.result for s in carried)
    for statement in newcomers:
        known = list(results.values())
        effect = judge(known, statement.result, past=None if known else past)
        known = known or ([past] if past else [])
        source = source_of.get(statement.cluster)
        if effect == "corroborated":
            if source not in spoken:
                told = [*told, Told(effect, statement, None)]
        elif effect == "refined":
            told = _refined(told, statement, previous_words(known, statement.result))
        elif effect is not None and effect != "restored":
            told = [*told, Told(effect, statement, previous_words(known, statement.result))]
        spoken.add(source)
        results |= _distinct([statement.result])
    return told


def _distinct(results: Iterable[Result]) -> dict[object, Result]:
    """One example of each value, in their order: hundreds of copies say the same."""
    return {(value_of(result), is_sure(result), result.implied): result for result in results}


def _refined(told: list[Told], statement: Statement, previous: str | None) -> list[Told]:
    """What was to be told less exactly the same night is told in these words; where nothing was, they refine what was known."""
    fitting = [t for t in told if t.kind in ("new", "refined", "corrected")]
    if not fitting:
        return [*told, Told("refined", statement, previous)]
    return [replace(t, statement=statement) if t in fitting else t for t in told]


def previous_words(known: Iterable[Result], came: Result) -> str | None:
    """What was known, as people say it; None where nothing was or nothing differs."""
    words = dict.fromkeys(value_words(result) for result in known if relate(result, came) != "same")
    return "、".join(words) or None
