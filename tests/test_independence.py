from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.novelty.independence import authors_of, roots_of, sources_of
from storage.novelty.reconcile import Statement
from tests.store_samples import result


def said(
    article: str, cluster: str, publisher: str | None = None, origin: str | None = None, day: int = 1
) -> Statement:
    return Statement(result(), article, cluster, f"2024-12-{day:02}", publisher=publisher, origin=origin)


SOURCES: list[tuple[str, list[Statement], int]] = [
    ("one", [said("a", "1", "甲")], 1),
    ("two texts of two houses", [said("a", "1", "甲"), said("b", "2", "乙")], 2),
    ("two texts of one house", [said("a", "1", "甲"), said("b", "2", "甲")], 1),
    ("copies in two houses", [said("a", "1", "甲"), said("b", "1", "乙", day=2)], 1),
    ("two texts that name one source", [said("a", "1", "甲", "丙"), said("b", "2", "乙", "丙")], 1),
    ("a text and one that names its house", [said("a", "1", "甲"), said("b", "2", "乙", "甲")], 1),
    ("a chain A ← B ← C", [said("a", "1", "A", "B"), said("b", "2", "B", "C"), said("c", "3", "C")], 1),
    ("a chain whose end is not stored", [said("a", "1", "A", "B"), said("b", "2", "B", "C"), said("d", "3", "D", "C")], 1),
    ("a house that also speaks for itself ends the chain",
     [said("a", "1", "A", "B"), said("b", "2", "B", "C"), said("b2", "3", "B"), said("c", "4", "C")], 2),
    ("a house that names itself speaks for itself", [said("a", "1", "A", "A"), said("b", "2", "B")], 2),
    ("a circle", [said("a", "1", "A", "B"), said("b", "2", "B", "A"), said("c", "3", "C")], 2),
    ("a portal does not join what it reprints silently",
     [said("a", "1", "A"), said("p", "1", "P", day=2), said("b", "2", "B"), said("p2", "2", "P", day=2)], 2),
    ("a portal that was first is the author for all we know", [said("p", "1", "P"), said("p2", "2", "P")], 1),
    ("copies that name the source tell it for the silent ones",
     [said("p", "1", "P"), said("q", "1", "Q", "新华社", day=2), said("x", "2", "新华社", day=3)], 1),
    ("nobody knows who speaks", [said("a", "1"), said("b", "2")], 2),
]  # fmt: skip


@pytest.mark.parametrize(("voices", "number"), [row[1:] for row in SOURCES], ids=[row[0] for row in SOURCES])
def test_sources(voices: list[Statement], number: int) -> None:
    for ordered in permutations(voices):
        assert len(set(sources_of(ordered).values())) == number
        assert sources_of(ordered) == sources_of(voices)


HOUSES = st.sampled_from([None, "A", "B", "C", "D"])
VOICES = st.lists(
    st.builds(said, st.sampled_from("abcdefgh"), st.sampled_from("1234"), HOUSES, HOUSES, st.integers(1, 3)),
    max_size=8, unique_by=lambda voice: voice.article,
)  # fmt: skip


@settings(deadline=None)
@given(VOICES, st.randoms())
def test_the_order_does_not_matter(voices: list[Statement], random: object) -> None:
    shuffled = list(voices)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert sources_of(shuffled) == sources_of(voices)


@settings(deadline=None)
@given(VOICES)
def test_a_copy_never_makes_more_sources_of_a_text(voices: list[Statement]) -> None:
    found = sources_of(voices)
    assert set(found) == {voice.cluster for voice in voices}
    # each source is named after one of its clusters
    assert all(found[source] == source for source in found.values())


@settings(deadline=None)
@given(VOICES)
def test_a_chain_ends(voices: list[Statement]) -> None:
    roots = roots_of(voices)
    assert all(roots.get(root, root) == root for root in roots.values())
    assert authors_of([], roots) == frozenset()
