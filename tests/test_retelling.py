"""What a later night tells: what was known before it, beside what is stated now."""

from __future__ import annotations

from itertools import permutations

import pytest

from crawler.items import ChangeKind, Result
from storage.novelty.reconcile import Statement
from storage.novelty.retelling import Known, retell
from tests.store_samples import result


def said(
    value: Result, article: str, published: str | None = None, cluster: str | None = None, *, standing: int = 0
) -> Statement:
    return Statement(value, article, cluster or article, published, publisher=f"{article}报", standing=standing)


FIFTH, SIXTH, TOP, WIDER = result(rank=5), result(rank=6), result(top=10), result(top=100)
DOUBTFUL = result(rank=7, confidence=0.3)
ONE, TWO = "2024-12-18", "2024-12-19"

Told = tuple[ChangeKind, str, str | None]
NIGHTS: list[tuple[str, Known, list[Statement], list[Told]]] = [
    ("nothing new", Known((said(FIFTH, "a"),)), [said(FIFTH, "a")], []),
    ("another source", Known((said(FIFTH, "a"),)), [said(FIFTH, "a"), said(FIFTH, "b")], [("corroborated", "b", None)]),
    ("a reprint", Known((said(FIFTH, "a"),)), [said(FIFTH, "a"), said(FIFTH, "b", None, "a")], []),
    ("more exactly, by two", Known((said(WIDER, "a"),)), [said(WIDER, "a"), said(TOP, "b", ONE), said(FIFTH, "c", TWO)],
     [("refined", "c", "前100")]),
    ("another value, by two", Known((said(FIFTH, "a"),)), [said(FIFTH, "a"), said(SIXTH, "b", ONE), said(SIXTH, "c", TWO)],
     [("disputed", "b", "第5名"), ("corroborated", "c", None)]),
    ("corrected", Known((said(FIFTH, "a"),)), [said(SIXTH, "a")], [("corrected", "a", "第5名")]),
    ("a text and its copy corrected", Known((said(FIFTH, "a"), said(FIFTH, "b", None, "a"))),
     [said(SIXTH, "a"), said(SIXTH, "b", None, "a")], [("corrected", "a", "第5名")]),
    ("one of two corrected", Known((said(FIFTH, "a"), said(FIFTH, "b"))), [said(SIXTH, "a"), said(FIFTH, "b")],
     [("disputed", "a", "第5名")]),
    ("corrected to what is said elsewhere since", Known((said(FIFTH, "a"),)), [said(SIXTH, "a"), said(SIXTH, "b")],
     [("corrected", "a", "第5名"), ("corroborated", "b", None)]),
    ("withdrawn", Known((said(FIFTH, "a"),)), [], [("withdrawn", "a", None)]),
    ("withdrawn by two", Known((said(FIFTH, "a", ONE), said(FIFTH, "b", TWO))), [], [("withdrawn", "a", None)]),
    ("one of two gone", Known((said(FIFTH, "a"), said(FIFTH, "b"))), [said(FIFTH, "b")], []),
    ("the wrong one gone", Known((said(FIFTH, "a"), said(SIXTH, "b"))), [said(SIXTH, "b")], [("corrected", "b", "第5名")]),
    ("its page gone, another says it the same night", Known((said(FIFTH, "a"),)), [said(FIFTH, "b")], []),
    ("its page gone, another says otherwise", Known((said(FIFTH, "a"),)), [said(SIXTH, "b")], [("corrected", "b", "第5名")]),
    ("its page gone, another says it more exactly", Known((said(TOP, "a"),)), [said(FIFTH, "b")], [("refined", "b", "前10")]),
    ("back after it was withdrawn", Known(past=FIFTH), [said(FIFTH, "a")], []),
    ("otherwise after it was withdrawn", Known(past=FIFTH), [said(SIXTH, "a")], [("corrected", "a", "第5名")]),
    ("a doubtful other value", Known((said(FIFTH, "a"),)), [said(FIFTH, "a"), said(DOUBTFUL, "b")], []),
    ("clear after doubtful", Known((said(DOUBTFUL, "a"),)), [said(DOUBTFUL, "a"), said(FIFTH, "b")], [("refined", "b", "第7名")]),
    ("an official page that agrees", Known((said(FIFTH, "a"),)), [said(FIFTH, "a"), said(FIFTH, "b", standing=2)],
     [("corroborated", "b", None)]),
    ("an official page that does not", Known((said(FIFTH, "a"),)), [said(FIFTH, "a"), said(SIXTH, "b", standing=2)],
     [("disputed", "b", "第5名")]),
    ("an official page among new ones", Known(), [said(FIFTH, "a", ONE), said(FIFTH, "b", TWO, standing=2)],
     [("new", "b", None), ("corroborated", "a", None)]),
    ("an official page against a new one", Known(), [said(FIFTH, "a", ONE), said(SIXTH, "b", TWO, standing=3)],
     [("new", "b", None), ("disputed", "a", "第6名")]),
]  # fmt: skip


@pytest.mark.parametrize(("known", "stated", "expected"), [row[1:] for row in NIGHTS], ids=[row[0] for row in NIGHTS])
def test_what_a_night_tells(known: Known, stated: list[Statement], expected: list[Told]) -> None:
    for order in permutations(stated):
        for before in permutations(known.statements):
            told = retell(order, Known(before, known.past))
            assert [(t.kind, t.statement.article, t.previous) for t in told] == expected
