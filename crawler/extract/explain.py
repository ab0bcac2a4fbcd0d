"""Why the engine read a text as it did: the mentions it saw, the rules of each fact, and what it passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extract.rulebook import load_rulebook
from crawler.extract.scopes import namings_of
from crawler.extract.sentences import canonical, sentences_of
from crawler.extract.view import View, view_of
from crawler.items import Article, Extraction, Result, Span, value_words

__all__ = ["Explanation", "FactReason", "Mark", "explain"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mention."""

    span: Span
    """Where it stands in Article.text."""
    kind: str
    """name, group, evaluation, rank, top, range, bottom, or the table of the rule."""
    value: str
    """What it means: the group, the numbers, the series …"""
    words: str
    """Its words."""


@dataclass(frozen=True, slots=True)
class FactReason:
    """One fact, the rules it rests on and its words."""

    fact: str
    """In one line, as people say it."""
    rule: str
    """Rule ids of grammar.md and the checks."""
    confidence: float
    """As in Result."""
    span: Span
    """Where its words stand in Article.text."""
    words: str
    """Its words."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that `evalwatch extract --explain` shows."""

    marks: tuple[Mark, ...]
    """In order of their places; they may lie inside each other."""
    facts: tuple[FactReason, ...]
    """In order of appearance."""
    passed_over: tuple[tuple[Span, str, str], ...]
    """Span, words and reason of what was seen and not made a fact."""


def explain(article: Article, extraction: Extraction) -> Explanation:
    """The mentions of the body, why each fact is one, and why other words are none."""
    text = canonical(article.plain)
    book = load_rulebook()
    sentences = sentences_of(article, text)
    namings = namings_of(text, sentences, book)
    views = [view_of(text, sentence, namings, book) for sentence in sentences]
    marks = [mark for view in views for mark in _marks(article, view)]
    return Explanation(
        marks=tuple(sorted(marks, key=lambda mark: (mark.span[0], -mark.span[1]))),
        facts=tuple(_reason(extraction, result) for result in extraction.results),
        passed_over=tuple((seen.span, seen.words, seen.reason) for seen in extraction.passed_over),
    )


def _marks(article: Article, view: View) -> Iterator[Mark]:
    for name in view.names:
        what: str = "organisation" if name.organisation else "portal" if name.portal else name.person or "place"
        yield _mark(article, name.start, name.end, "name", what)
    for word in view.groups:
        yield _mark(article, word.start, word.end, "group", word.value)
    for naming in view.namings:
        year = str(naming.year) if naming.year is not None else "?"
        yield _mark(article, naming.start, naming.end, "evaluation", f"{naming.series} {year}")
    for ordinal in view.ordinals:
        read_as: str = "rank" if ordinal.kind == "exact" else ordinal.kind
        yield _mark(article, ordinal.start, ordinal.end, read_as, " ".join(map(str, ordinal.numbers)))
    for table in ("grades", "awards", "changes", "negations"):
        for word in view.tables[table]:
            yield _mark(article, word.start, word.end, table, word.value)


def _mark(article: Article, start: int, end: int, kind: str, value: str) -> Mark:
    first, last = article.span(start, end)
    return Mark((first, last), kind, value, article.text[first:last])


def _reason(extraction: Extraction, result: Result) -> FactReason:
    evaluation = extraction.evaluation(result.evaluation)
    year = str(evaluation.year) if evaluation.year is not None else "?"
    fact = f"{evaluation.series} {year}: {result.entity} · {result.subject} · {result.group} · {_outcome(result)}"
    return FactReason(fact, result.rule, result.confidence, result.span, result.evidence)


def _outcome(result: Result) -> str:
    said = value_words(result) + (f" [{result.indicator}]" if result.indicator else "")
    return f"{said} (implied)" if result.implied else said
