"""The tables of docs/novelty.md are what the function does, and the function keeps its promises on every combination."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import pytest

from crawler.items import Result
from storage.novelty.reconcile import is_sure
from storage.novelty.transitions import Effect, judge
from tests.store_samples import result

DOCUMENTED = Path(__file__).parents[1] / "docs" / "novelty.md"
NOTHING = "–"

Row = tuple[str, str, str, str]
"""What the page stated before, what others state, what it states now, and the kind of change."""


def value(words: str) -> Result:
    """第5名, 前10; with ? doubtful, with * implied."""
    bare = words.rstrip("?*")
    said = result(rank=int(bare[1:-1])) if bare.startswith("第") else result(top=int(bare[1:]))
    return replace(said, confidence=0.4 if words.endswith("?") else 1.0, implied=words.endswith("*"))


def documented() -> Iterator[Row]:
    """Every cell of the tables of transitions."""
    text = DOCUMENTED.read_text(encoding="utf-8").partition("## All transitions")[2].partition("\n## ")[0]
    for section in text.split("\n### ")[1:]:
        stated = re.match(r"A page that stated (\S+)", section)
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in section.splitlines()
            if line.startswith("| ")
        ]
        for known, *cells in rows[1:]:
            for came, kind in zip(rows[0][1:], cells, strict=True):
                yield stated[1] if stated else NOTHING, known, came, kind


ROWS = list(documented())


def test_the_tables_hold_every_status_and_arrival() -> None:
    assert len(ROWS) == 16 * 9 + 4 * 11 * 9
    assert {kind for *_, kind in ROWS} == {
        "new", "corroborated", "refined", "disputed", "corrected", "withdrawn", "restored", NOTHING,
    }  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[" ".join(row) for row in ROWS])
def test_a_transition_is_as_documented(row: Row) -> None:
    before, known, came, kind = row
    past = value(known.removeprefix("was ")) if known.startswith("was ") else None
    others = [] if past is not None or known == NOTHING else [value(words) for words in known.split("、")]
    expected = None if kind == NOTHING else kind
    for ordered in permutations(others):
        assert (
            judge(
                ordered,
                None if came == NOTHING else value(came),
                before=() if before == NOTHING else (value(before),),
                past=past,
            )
            == expected
        )


VALUES = [value(words + mark) for words in ("第4名", "第5名", "前3", "前10") for mark in ("", "?", "*")]


def _all() -> Iterator[tuple[tuple[Result, ...], tuple[Result, ...], Result | None, Effect | None]]:
    groups: list[tuple[Result, ...]] = [(), *((v,) for v in VALUES), *product(VALUES, VALUES)]
    for others, before, came in product(groups, ((), *((v,) for v in VALUES)), (None, *VALUES)):
        yield others, before, came, judge(others, came, before=before)


def test_what_is_not_sure_disputes_and_refines_nothing_that_is() -> None:
    for others, before, came, effect in _all():
        if came is not None and not is_sure(came) and any(map(is_sure, others)):
            assert effect in ("corroborated", "corrected", None)
            if effect == "corrected":
                assert any(map(is_sure, before)), "only a page that takes its own clear word back"


def test_new_is_only_what_nobody_said_and_withdrawn_what_nobody_says() -> None:
    for others, before, came, effect in _all():
        if effect == "new":
            assert not others
            assert not before
        if effect == "withdrawn":
            assert before
            assert not any(map(is_sure, others))
        if not before and came is None:
            assert effect is None


def test_saying_the_same_again_changes_nothing() -> None:
    for others, before, came, effect in _all():
        if before and came == before[0]:
            assert effect is None, (others, before)
