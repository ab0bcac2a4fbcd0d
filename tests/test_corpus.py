"""The corpus of our own documents: what extract must and must not find, and a floor that only rises."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.extract import extract
from crawler.items import Article, Extraction, Paragraph, Result

FOLDER = Path(__file__).parent / "corpus"
FLOOR = tomllib.loads((FOLDER / "floor").read_text(encoding="utf-8"))
WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
Fact = tuple[str, int | None, str, str, str, str, str]


def documents() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob("*.toml")):
        found += tomllib.loads(path.read_text(encoding="utf-8"))["document"]
    return found


def article_of(document: dict[str, Any]) -> Article:
    """The article with every line a paragraph; the reading stage has tests of its own."""
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


def test_floor_is_kept() -> None:
    right = wrong = missing = 0
    for document in documents():
        gold, mine = set(labelled(document)), set(found_by(extract(article_of(document))))
        right, wrong, missing = right + len(gold & mine), wrong + len(mine - gold), missing + len(gold - mine)
    precision, recall = right / (right + wrong), right / (right + missing)
    assert len(documents()) >= FLOOR["documents"]
    assert precision >= FLOOR["precision"]
    assert recall >= FLOOR["recall"]
