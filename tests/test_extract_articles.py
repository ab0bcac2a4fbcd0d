"""The benchmark of extraction measures what it says: articles of three kinds, as long and as dense as real ones."""

from __future__ import annotations

import pytest
from lxml import html

from benchmarks.extract_articles import CHARACTERS, KINDS, Measured, Rate, articles, page_of, table_lines
from crawler.extract import extract
from crawler.items import Article


@pytest.fixture(scope="module")
def found() -> dict[str, list[Article]]:
    return articles()


@pytest.mark.parametrize("kind", KINDS)
def test_articles_are_what_their_kind_says(kind: str, found: dict[str, list[Article]]) -> None:
    kinds = [str(extract(article).kind) for article in found[kind]]
    assert kinds.count(kind) >= 0.9 * len(kinds)  # a neutral paragraph may give 我市 of a corpus text its place


def test_articles_have_the_length_and_density_of_real_ones(found: dict[str, list[Article]]) -> None:
    for chosen in found.values():
        assert all(CHARACTERS <= len(article.plain) <= 1.2 * CHARACTERS for article in chosen)
    results = [len(extract(article).results) for article in found["results"]]
    assert 15 <= sum(results) / len(results) <= 30


def test_the_page_holds_the_article(found: dict[str, list[Article]]) -> None:
    article = found["related"][0]
    page = page_of(article).decode()
    assert all(article.text[p.start : p.end] in page for p in article.paragraphs)
    assert html.document_fromstring(page.encode()).findtext(".//title") == "新闻"


def test_the_table_has_a_line_for_each_kind() -> None:
    rate = Rate("results", articles_per_s=400.0, characters_per_s=800_000.0, lxml_pages_per_s=2000.0)
    lines = list(table_lines(Measured((rate,), start_s=0.2, start_mb=27.0, peak_mb=33.0, page_kb=75.0)))
    assert lines[1].split() == ["results", "400", "800,000", "2,000", "5.00"]
    assert lines[-1] == "start-up 0.20 s and 27 MB; peak memory 33 MB"
