"""The corpus of our own documents: what extract must and must not find, and a floor that only rises."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.extract import extract
from crawler.extract.rulebook import load_rulebook
from crawler.items import GROUPS, KINDS_OF_RESULT, Article, Extraction, Paragraph, Result
from crawler.read import article_from_file

FOLDER = Path(__file__).parent / "corpus"
FLOOR = tomllib.loads((FOLDER / "floor").read_text(encoding="utf-8"))
WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
GRAMMAR = Path(__file__).parents[2] / "shared" / "domain" / "grammar.md"
RULES = {
    "N": 11, "A": 16, "B": 15, "T": 7, "C": 12, "D": 10, "E": 8, "F": 11, "G": 9, "H": 6, "I": 6, "J": 12, "K": 16, "L": 10,
    "M": 11, "O": 11, "Q": 8, "R": 6,
}  # fmt: skip
"""The last number of every letter in grammar.md."""
Fact = tuple[str, int | None, str, str, str, str, str]


def documents() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob("*.toml")):
        found += tomllib.loads(path.read_text(encoding="utf-8"))["document"]
    return found


def article_of(document: dict[str, Any]) -> Article:
    """The article with every line a paragraph, or read as a file where signs are to be undone (N1-N4)."""
    if document.get("as_file"):
        return article_from_file("document.txt", str(document["text"]).encode())
    text = str(document["text"]).strip()
    paragraphs, start = [], 0
    for line in text.split("\n"):
        paragraphs.append(Paragraph(start, start + len(line)))
        start += len(line) + 1
    published: date | None = document.get("published")
    return Article(
        text=text, plain=text.translate(WIDE), offsets=range(len(text) + 1), paragraphs=tuple(paragraphs),
        title=document.get("title"), outlet=document.get("outlet"), published=published,
    )  # fmt: skip


def labelled(document: dict[str, Any]) -> Iterator[Fact]:
    for line in document["facts"]:
        head, _, rest = str(line).partition(": ")
        series, _, year = head.partition(" ")
        entity, subject, group, outcomes = rest.split(" ", 3)
        key = (series, int(year), entity, subject, group)
        award, _, work = outcomes.partition(" work=")
        if award.startswith("award="):
            yield (*key, "award", f"{award.removeprefix('award=')}/{work}")
            continue
        for outcome in outcomes.split(" "):
            kind, _, value = outcome.partition("=")
            yield (*key, kind, f"{float(value):g}" if kind == "score" else value)


def found_by(extraction: Extraction) -> Iterator[Fact]:
    for _, evaluation, result in extraction.facts():
        if not result.implied and result.indicator is None:
            kind, value = value_of(result)
            yield (evaluation.series, evaluation.year, result.entity, result.subject, result.group, kind, value)


def value_of(result: Result) -> tuple[str, str]:
    if result.kind == "rank":
        return ("rank", str(result.rank)) if result.rank is not None else ("top", str(result.top))
    if result.kind == "award":
        return "award", f"{result.award}/{result.work or ''}"
    if result.kind == "score":
        return "score", f"{result.score:g}"
    return result.kind, {"grade": result.grade or "", "improved": "", "change": str(result.change)}[result.kind]


@pytest.mark.parametrize("document", documents(), ids=lambda document: str(document["id"]))
def test_document_gives_its_facts_and_no_other(document: dict[str, Any]) -> None:
    extraction = extract(article_of(document))
    assert set(found_by(extraction)) == set(labelled(document))
    assert extraction.kind == document.get("kind", "results")


def test_ids_are_unique_and_rules_are_named() -> None:
    ids = [document["id"] for document in documents()]
    assert len(ids) == len(set(ids))
    assert all(document["rules"].split() for document in documents())


def named() -> set[str]:
    return {rule for document in documents() for rule in str(document["rules"]).split()}


def test_every_rule_of_the_grammar_is_named() -> None:
    """By a document of the corpus; the letters and numbers are those of grammar.md."""
    assert {f"{letter}{number}" for letter, last in RULES.items() for number in range(1, last + 1)} == named()


@pytest.mark.skipif(not GRAMMAR.is_file(), reason="the shared folder with grammar.md is not beside the repository")
def test_the_rules_are_those_of_the_grammar() -> None:
    text = GRAMMAR.read_text(encoding="utf-8")
    ids = re.findall(r"^\| ([A-Z]\d{1,2}) \||^- (R\d) ", text, re.MULTILINE)
    assert {table or counting for table, counting in ids} == named()


def test_every_series_year_and_group_is_there() -> None:
    facts = [fact for document in documents() for fact in labelled(document)]
    assert {rule.key for rule in load_rulebook().series} == {fact[0] for fact in facts}
    assert {fact[1] for fact in facts} >= set(range(2003, 2026))
    assert {fact[4] for fact in facts} == set(GROUPS)
    assert {fact[5] for fact in facts} == {"top", *KINDS_OF_RESULT}


def test_many_documents_give_nothing() -> None:
    assert sum(not document["facts"] for document in documents()) >= 45


def test_floor_is_kept() -> None:
    right = wrong = missing = 0
    for document in documents():
        gold, mine = set(labelled(document)), set(found_by(extract(article_of(document))))
        right, wrong, missing = right + len(gold & mine), wrong + len(mine - gold), missing + len(gold - mine)
    precision, recall = right / (right + wrong), right / (right + missing)
    assert len(documents()) >= FLOOR["documents"]
    assert precision >= FLOOR["precision"]
    assert recall >= FLOOR["recall"]
