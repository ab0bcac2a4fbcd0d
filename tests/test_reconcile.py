from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import ChangeKind, Evaluation, Result, value_words
from storage.novelty.reconcile import Statement, Status, merge_evaluations, relate, settle
from storage.novelty.transitions import judge
from tests.store_samples import evaluation, result


def rank(n: int, **changes: Any) -> Result:
    return result(rank=n, **changes)


def top(n: int) -> Result:
    return result(top=n)


def score(points: float) -> Result:
    return result(kind="score", score=points)


def grade(words: str) -> Result:
    return result(kind="grade", grade=words)


def award(title: str, work: str | None = None) -> Result:
    return result(kind="award", award=title, work=work)


def moved(places: int) -> Result:
    return result(kind="change", change=places)


def implied(of: Result) -> Result:
    return replace(of, implied=True)


PROGRESS = result(kind="improved", improved=True)

TRANSITIONS: list[tuple[str, list[Result], Result, ChangeKind | None]] = [
    ("nobody said it", [], rank(5), "new"),
    ("nobody said it, and it only follows", [], implied(rank(5)), "new"),
    ("same place", [rank(5)], rank(5), "corroborated"),
    ("same place, shared", [rank(5)], rank(5, tied=True), "corroborated"),
    ("another place", [rank(5)], rank(6), "disputed"),
    ("one of two disputed places", [rank(5), rank(6)], rank(6), "corroborated"),
    ("a third place", [rank(5), rank(6)], rank(7), "disputed"),
    ("a place within the bound", [top(10)], rank(4), "refined"),
    ("a place at the bound", [top(10)], rank(10), "refined"),
    ("a place beyond the bound", [top(10)], rank(11), "disputed"),
    ("a bound beside a fitting place", [rank(4)], top(10), "corroborated"),
    ("a bound beside a place that breaks it", [rank(40)], top(10), "disputed"),
    ("same bound", [top(10)], top(10), "corroborated"),
    ("a narrower bound", [top(100)], top(10), "refined"),
    ("a wider bound", [top(10)], top(100), "corroborated"),
    ("a bound between two", [top(100), top(3)], top(10), "corroborated"),
    ("a place beside a bound and its breach", [top(10), rank(12)], rank(4), "disputed"),
    ("same score", [score(91.5)], score(91.5), "corroborated"),
    ("another score", [score(91.5)], score(91.4), "disputed"),
    ("a score with more digits", [score(91.5)], score(91.52), "refined"),
    ("a rounded score", [score(91.52)], score(91.5), "corroborated"),
    ("a wrongly rounded score", [score(91.52)], score(91.6), "disputed"),
    ("same grade", [grade("优秀")], grade("优秀"), "corroborated"),
    ("same grade in more words", [grade("优秀")], grade("“优秀”等次"), "corroborated"),
    ("another grade", [grade("优秀")], grade("良好"), "disputed"),
    ("same award, dressed otherwise", [award("“十佳”案例")], award("十佳案例"), "corroborated"),
    ("named for progress again", [PROGRESS], PROGRESS, "corroborated"),
    ("same move", [moved(2)], moved(2), "corroborated"),
    ("another move", [moved(2)], moved(-2), "disputed"),
    ("stated after it was implied", [implied(rank(5))], rank(5), "refined"),
    ("stated otherwise than implied", [implied(rank(5))], rank(6), "refined"),
    ("implied after it was stated", [rank(5)], implied(rank(5)), "corroborated"),
    ("implied otherwise than stated", [rank(5)], implied(rank(6)), None),
    ("implied twice, differently", [implied(rank(5))], implied(rank(6)), None),
    ("clear after it was doubtful", [rank(5, confidence=0.4)], rank(5), "refined"),
    ("clear, other than the doubtful", [rank(5, confidence=0.4)], rank(6), "refined"),
    ("doubtful, other than the clear", [rank(5)], rank(6, confidence=0.4), None),
    ("doubtful, like the clear", [rank(5)], rank(5, confidence=0.4), "corroborated"),
    ("stated, beside another implication", [rank(5), implied(rank(6))], rank(5), "corroborated"),
]


@pytest.mark.parametrize(
    ("known", "came", "expected"), [row[1:] for row in TRANSITIONS], ids=[r[0] for r in TRANSITIONS]
)
def test_transitions(known: list[Result], came: Result, expected: ChangeKind | None) -> None:
    assert judge(known, came) == expected


def said(of: Result, article: str, cluster: str | None = None, published: str | None = "2024-12-20") -> Statement:
    return Statement(of, article, cluster or article, published)


STANDINGS: list[tuple[str, list[Statement], str, Status, int]] = [
    ("one source", [said(rank(5), "a")], "第5名", "single", 1),
    ("a copy is no second source", [said(rank(5), "a"), said(rank(5), "b", "a")], "第5名", "single", 1),
    ("two sources", [said(rank(5), "a"), said(rank(5), "b")], "第5名", "corroborated", 2),
    ("a bound and a place", [said(top(10), "a"), said(rank(5), "b")], "第5名", "refined", 2),
    ("a bound and, in a later copy, a place", [said(top(10), "a", None, "2024-12-19"), said(rank(5), "b", "a")], "第5名",
     "single", 1),
    ("two bounds", [said(top(10), "a"), said(top(100), "b")], "前10", "refined", 2),
    ("a dispute, one against one: the older", [said(rank(6), "b"), said(rank(5), "a", None, "2024-12-19")], "第5名",
     "disputed", 1),
    ("a dispute, two against one", [said(rank(5), "a"), said(rank(6), "b"), said(rank(6), "c")], "第6名", "disputed", 2),
    ("a dispute inside one cluster", [said(rank(5), "a"), said(rank(6), "b", "a")], "第5名", "disputed", 1),
    ("without date comes last", [said(rank(5), "a", None, None), said(rank(6), "b")], "第6名", "disputed", 1),
    ("an implication yields", [said(implied(rank(5)), "a"), said(implied(rank(5)), "c"), said(rank(6), "b")], "第6名",
     "single", 1),
    ("a doubtful reading yields", [said(rank(5, confidence=0.4), "a"), said(rank(6), "b")], "第6名", "single", 1),
    ("doubtful readings beside an implication", [said(rank(5, confidence=0.4), "b"), said(implied(rank(6)), "a")], "第5名",
     "single", 1),
    ("an implication alone", [said(implied(rank(5)), "a")], "第5名", "single", 1),
    ("shared, says one of two", [said(rank(5), "a"), said(rank(5, tied=True), "b")], "第5名（并列）", "corroborated", 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("statements", "words", "status", "sources"), [r[1:] for r in STANDINGS], ids=[r[0] for r in STANDINGS]
)
def test_standings(statements: list[Statement], words: str, status: Status, sources: int) -> None:
    for ordered in permutations(statements):
        settled = settle(ordered)
        assert settled is not None
        assert (value_words(settled.result), settled.status, settled.sources) == (words, status, sources)


def test_nothing_stated_settles_nothing() -> None:
    assert settle([]) is None


def test_the_surest_reading_counts() -> None:
    settled = settle([said(rank(5, confidence=0.4), "a"), said(rank(5, confidence=0.9), "b")])
    assert settled is not None
    assert settled.result.confidence == 0.9


values = st.one_of(
    st.builds(rank, st.integers(1, 5)),
    st.builds(top, st.sampled_from([3, 10])),
    st.builds(implied, st.builds(rank, st.integers(1, 3))),
)
statements = st.lists(
    st.builds(said, values, st.sampled_from("abcdef"), st.sampled_from("xyz"), st.sampled_from([None, "2024-12-19", "2024-12-20"])),
    min_size=1, max_size=6, unique_by=lambda s: s.article,
)  # fmt: skip


@settings(deadline=None)
@given(statements, st.randoms())
def test_what_stands_does_not_depend_on_the_order(said_so: list[Statement], random: object) -> None:
    shuffled = list(said_so)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert settle(shuffled) == settle(said_so)


@settings(deadline=None)
@given(values, values)
def test_relations_mirror_each_other(one: Result, other: Result) -> None:
    mirror = {"same": "same", "conflict": "conflict", "finer": "coarser", "coarser": "finer"}
    assert relate(other, one) == mirror[relate(one, other)]


accounts = st.builds(
    evaluation, name=st.sampled_from(["评估", "第二十三届评估", "第二十三次评估"]), edition=st.sampled_from([None, 22, 23]),
    released=st.sampled_from([None, date(2024, 12, 19), date(2024, 12, 20)]),
    organizers=st.sampled_from([(), ("甲",), ("甲", "乙")]), sample=st.sampled_from([{}, {"total": 3}, {"total": 3, "county": 1}]),
)  # fmt: skip


@settings(deadline=None)
@given(accounts, accounts, accounts)
def test_accounts_of_an_evaluation_merge_alike_in_every_order(
    one: Evaluation, two: Evaluation, three: Evaluation
) -> None:
    merged = {repr(merge_evaluations(merge_evaluations(a, b), c)) for a, b, c in permutations((one, two, three))}
    assert len(merged) == 1
