from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import ChangeKind, Result, value_words
from storage.novelty.reconcile import Statement, Status, settle
from storage.review.decisions import (
    Decision,
    DecisionKind,
    Value,
    news_of,
    ruling_of,
    value_of,
    weigh,
    with_value,
    yielding_values,
)
from tests.store_samples import result


def rank(n: int, sure: float = 1.0) -> Result:
    return result(rank=n, confidence=sure)


def top(n: int) -> Result:
    return result(top=n)


def said(of: Result, article: str) -> Statement:
    return Statement(of, article, article, "2024-12-20")


def accepted(n: int, *instead: int) -> Decision:
    return Decision("accepted", {"rank": n}, tuple({"rank": other} for other in instead))


def rejected(n: int) -> Decision:
    return Decision("rejected", {"rank": n})


def corrected(n: int, *instead: int) -> Decision:
    return Decision("corrected", {"rank": n}, tuple({"rank": other} for other in instead))


FIVE, SIX, ALSO_SIX, SEVEN = said(rank(5), "a"), said(rank(6), "b"), said(rank(6), "c"), said(rank(7), "d")
DOUBTFUL = said(rank(5, 0.4), "a")

Row = tuple[str, list[Statement], list[Decision], tuple[str, Status, int, float] | None]
TABLE: list[Row] = [
    ("no decision", [FIVE, SIX, ALSO_SIX], [], ("第6名", "disputed", 2, 1.0)),
    ("doubtful, accepted: sure", [DOUBTFUL], [accepted(5)], ("第5名", "single", 1, 1.0)),
    ("implied, accepted: sure", [said(replace(rank(5), implied=True), "a")], [accepted(5)], ("第5名", "single", 1, 1.0)),
    ("one of a dispute, accepted", [FIVE, SIX, ALSO_SIX], [accepted(5, 6)], ("第5名", "single", 1, 1.0)),
    ("one of a dispute, rejected", [FIVE, SIX, ALSO_SIX], [rejected(6)], ("第5名", "single", 1, 1.0)),
    ("one of three, rejected", [FIVE, SIX, SEVEN], [rejected(7)], ("第5名", "disputed", 1, 1.0)),
    ("all there is, rejected", [DOUBTFUL], [rejected(5)], None),
    ("all of a dispute, rejected", [FIVE, SIX], [rejected(6), rejected(5)], None),
    ("yet another value: disputed again, the accepted stands", [FIVE, SIX, SEVEN], [accepted(5, 6)],
     ("第5名", "disputed", 1, 1.0)),
    ("many with another value: the accepted stands", [DOUBTFUL, SIX, ALSO_SIX], [accepted(5)],
     ("第5名", "disputed", 1, 1.0)),
    ("another source of the accepted value", [DOUBTFUL, said(rank(5), "b")], [accepted(5)], ("第5名", "corroborated", 2, 1.0)),
    ("corrected: no source says it", [FIVE], [corrected(8, 5)], ("第8名", "single", 0, 1.0)),
    ("corrected, and a page says so now", [FIVE, said(rank(8), "b")], [corrected(8, 5)], ("第8名", "single", 1, 1.0)),
    ("corrected, yet another value comes", [FIVE, SIX, ALSO_SIX], [corrected(8, 5)], ("第8名", "disputed", 0, 1.0)),
    ("corrected, the page is read otherwise now", [SIX], [corrected(8, 5)], ("第8名", "disputed", 0, 1.0)),
    ("corrected: what fits still counts", [FIVE, said(top(10), "b")], [corrected(8, 5)], ("第8名", "single", 1, 1.0)),
    ("corrected twice: the later", [FIVE], [corrected(8, 5), corrected(9, 5)], ("第9名", "single", 0, 1.0)),
    ("accepted one, later the other", [FIVE, SIX], [accepted(5, 6), accepted(6, 5)], ("第6名", "single", 1, 1.0)),
    ("rejected, later accepted", [FIVE, SIX], [rejected(5), accepted(5, 6)], ("第5名", "single", 1, 1.0)),
    ("accepted, later rejected", [FIVE], [accepted(5), rejected(5)], None),
    ("corrected, later what was stated accepted", [FIVE], [corrected(8, 5), accepted(5)], ("第5名", "single", 1, 1.0)),
    ("accepted, but no page says so any more: the person against the pages", [SIX], [accepted(5, 6)],
     ("第5名", "disputed", 0, 1.0)),
    ("rejected, and stated by another page too", [SIX, ALSO_SIX, FIVE], [rejected(6)], ("第5名", "single", 1, 1.0)),
    ("nobody states anything any more", [], [accepted(5)], None),
    ("nobody states anything any more, corrected", [], [corrected(8, 5)], None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("statements", "decisions", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_stands_after_decisions(
    statements: list[Statement], decisions: list[Decision], expected: tuple[str, Status, int, float] | None
) -> None:
    for ordered in permutations(statements):
        settled = settle(weigh(ordered, decisions))
        stands = settled and (
            value_words(settled.result), settled.status, settled.sources, settled.result.confidence,
        )  # fmt: skip
        assert stands == expected


def test_a_grade_is_the_same_in_any_dress() -> None:
    quoted = said(result(kind="grade", grade="“优秀”等次"), "a")
    assert weigh([quoted], [Decision("rejected", {"grade": "优秀"})]) == []


def test_a_person_is_quoted_with_the_words_decided_on() -> None:
    (weighed,) = weigh([FIVE], [corrected(8, 5)])
    assert (weighed.result.evidence, weighed.result.rule, weighed.article) == ("湖北省排名第五", "review", "a")


def test_what_arrives_counts_as_decided() -> None:
    ruling = ruling_of([accepted(5, 6)], [rank(5), rank(6)])
    assert ruling.counted(rank(6)) is None
    assert ruling.counted(rank(7)) == rank(7)
    counted = ruling.counted(rank(5, 0.3))
    assert counted is not None
    assert counted.confidence == 1.0


YIELDING: list[tuple[DecisionKind, Result, list[Result], list[Value]]] = [
    ("accepted", rank(5), [rank(5), rank(6), rank(6), rank(7)], [{"rank": 6}, {"rank": 7}]),
    ("accepted", top(10), [top(10), rank(5)], []),
    ("accepted", rank(5), [rank(5), top(10)], []),
    ("corrected", top(10), [rank(5)], [{"rank": 5}]),
    ("corrected", rank(8), [rank(5), top(10), top(3)], [{"rank": 5}, {"top": 3}]),
    ("rejected", rank(5), [rank(5), rank(6)], []),
]


@pytest.mark.parametrize(("kind", "chosen", "stated", "expected"), YIELDING)
def test_what_yields(kind: DecisionKind, chosen: Result, stated: list[Result], expected: list[Value]) -> None:
    assert list(yielding_values(kind, chosen, stated)) == expected


NEWS: list[tuple[str, list[Statement], list[Decision], ChangeKind | None]] = [
    ("doubtful, accepted", [DOUBTFUL], [accepted(5)], "new"),
    ("doubtful, corrected", [DOUBTFUL], [corrected(8, 5)], "new"),
    ("doubtful, rejected: nobody was told", [DOUBTFUL], [rejected(5)], None),
    ("sure, accepted", [FIVE], [accepted(5)], None),
    ("sure, rejected", [FIVE], [rejected(5)], "withdrawn"),
    ("sure, corrected", [FIVE], [corrected(8, 5)], "corrected"),
    ("a dispute, for what stood", [SIX, ALSO_SIX, FIVE], [accepted(6, 5)], None),
    ("a dispute, against what stood", [SIX, ALSO_SIX, FIVE], [accepted(5, 6)], "corrected"),
    ("a bound, given exactly", [said(top(10), "a")], [corrected(8)], "refined"),
]


@pytest.mark.parametrize(
    ("statements", "decisions", "expected"), [row[1:] for row in NEWS], ids=[row[0] for row in NEWS]
)
def test_what_a_decision_is_news_of(
    statements: list[Statement], decisions: list[Decision], expected: ChangeKind | None
) -> None:
    assert news_of(settle(statements), settle(weigh(statements, decisions))) == expected


values = st.one_of(
    st.builds(rank, st.integers(1, 4), st.sampled_from([0.4, 1.0])), st.builds(top, st.sampled_from([2, 10]))
)
statements = st.lists(st.builds(said, values, st.sampled_from("abcdef")), min_size=1, max_size=5, unique_by=lambda s: s.article)  # fmt: skip
acts = st.lists(st.tuples(st.sampled_from(["accepted", "rejected", "corrected"]), st.integers(1, 9)), max_size=4)


def decided(stated: Sequence[Statement], made: Sequence[tuple[DecisionKind, int]]) -> list[Decision]:
    results = [s.result for s in stated]
    return [
        Decision(kind, value_of(rank(n)), yielding_values(kind, rank(n), results)) for kind, n in made
    ]  # fmt: skip


@settings(deadline=None)
@given(statements, acts, st.randoms())
def test_what_was_decided_does_not_depend_on_the_order_of_pages(
    stated: list[Statement], made: list[tuple[DecisionKind, int]], random: object
) -> None:
    decisions = decided(stated, made)
    shuffled = list(stated)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert settle(weigh(shuffled, decisions)) == settle(weigh(stated, decisions))


@settings(deadline=None)
@given(statements, acts, st.integers(1, 9))
def test_a_value_that_was_corrected_stands(
    stated: list[Statement], made: list[tuple[DecisionKind, int]], n: int
) -> None:
    settled = settle(weigh(stated, decided(stated, [*made, ("corrected", n)])))
    assert settled is not None
    assert (value_words(settled.result), settled.status != "disputed") == (f"第{n}名", True)


@given(values)
def test_a_value_comes_back_as_it_was_stored(of: Result) -> None:
    assert value_words(with_value(rank(1), value_of(of))) == value_words(of)
