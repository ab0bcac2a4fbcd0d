"""The goals of the benchmark of copies, on a part of its texts: see docs/benchmarks.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.copies import accuracy, few_results, flood, read, stored, texts
from crawler.extract import extract
from crawler.items import Article, Extraction
from storage.database import open_store


@pytest.mark.slow
def test_copies_are_found_and_near_misses_are_not_from_page_to_cluster(tmp_path: Path) -> None:
    """40 articles with 160 copies and 40 near misses. Where no fact is known the words alone must do it."""
    found = texts(40)
    articles = [read(text, number) for number, text in enumerate(found)]
    for name, extracted in (("facts", extract), ("words", _nothing)):
        with open_store(tmp_path / f"{name}.db") as store:
            reached = accuracy(found, stored(store, articles, extracted))
        assert reached.precision >= 0.999, (name, reached)
        assert reached.recall >= 0.98, (name, reached)


def _nothing(_article: Article) -> Extraction:
    return Extraction("related")


def test_the_gate_sees_what_is_merged_and_what_is_missed() -> None:
    found = texts(10)
    right = accuracy(found, [text.story for text in found])
    assert (right.precision, right.recall, right.merged, right.missed) == (1, 1, {}, {})
    assert accuracy(found, ["one"] * len(found)).precision < 0.1
    assert accuracy(found, range(len(found))).recall == 0


@pytest.mark.slow
def test_two_hundred_copies_of_forty_stories_are_forty_clusters_and_one_message(tmp_path: Path) -> None:
    """The benchmark stores 5,000 in one night; a test has time for 200."""
    found = flood(40, 5)
    with open_store(tmp_path / "t.db") as store:
        articles = (read(text, number) for number, text in enumerate(found))
        clusters = stored(store, articles, few_results, ("everybody",))
        assert len(found) == 200
        assert len(set(clusters)) == 40
        assert len(set(zip((text.story for text in found), clusters, strict=True))) == 40
        assert store.value("SELECT count(*) FROM alerts") == 1
        # every result is told once, in the one message
        told = store.rows("SELECT count(*) AS times FROM alert_items WHERE kind = 'new' GROUP BY result")
        assert len(told) == store.value("SELECT count(*) FROM results") >= 40
        assert {row["times"] for row in told} == {1}
