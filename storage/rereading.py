"""Stored articles against how they are read today: what differs, and writing the new reading down.

Nothing here is news. What was only read better was said long ago, so nobody is alerted of it; results that are found count as
found by the run that fetched their page. Decisions of people stand above it: they are about facts and values, not about mentions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from crawler.items import Article, Evaluation, Extraction, Result, SeenPage, fact_key, value_words
from storage.articles import article_columns
from storage.database import Store
from storage.looks import seen_pages
from storage.review.judged import last_decision
from storage.rows import evaluation_from_row, json_text, result_from_row
from storage.structure import Normalise, is_whole, rebuilt_article

__all__ = ["Difference", "FactChange", "ReadAs", "Stored", "difference", "find_articles", "stored_article"]

FIELDS = ("kind", "title", "outlet", "origin", "author", "published", "modified")
"""Of an article, that a difference names; its text is told by length."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as the store has it."""

    id: str
    """Its id."""
    row: Mapping[str, Any]
    """Its row of `articles`."""
    pages: tuple[SeenPage, ...]
    """How its pages came. Empty: unknown."""
    article: Article | None
    """Put together again. None: parts of it were not kept."""
    outcomes: Mapping[str, str | None]
    """What came of each document that it attaches, by address."""


@dataclass(frozen=True, slots=True)
class ReadAs:
    """A statement as rules read it."""

    outcome: str
    """The value in words."""
    words: str
    """The exact words."""
    confidence: float
    """How sure the rules were."""
    implied: bool
    """True where it only follows."""
    rule: str
    """Which rules, and the checks behind a colon."""


@dataclass(frozen=True, slots=True)
class FactChange:
    """What another reading does to one statement of an article."""

    what: Literal["added", "lost", "changed"]
    """changed: the same fact with another value, in other words, or with another confidence."""
    fact_key: str
    """The fact."""
    series: str
    """Of the evaluation."""
    year: int | None
    """Of the evaluation."""
    group: str
    """Among whom."""
    entity: str
    """Of whom it is told."""
    before: ReadAs | None
    """How it was read. None: added."""
    after: ReadAs | None
    """How it is read. None: lost."""
    decided: str | None = None
    """What a person decided about the result: accepted, rejected, corrected. None: nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What another reading does to one article."""

    article: str
    """Its id."""
    url: str
    """Where it stands."""
    title: str | None
    """Its headline, as stored."""
    facts: tuple[FactChange, ...] = ()
    """What it states otherwise."""
    fields: Mapping[str, tuple[Any, Any]] | None = None
    """Fields that are read otherwise, then and now; `text` by its length."""
    is_same: bool = True
    """Whether nothing at all would be written."""


def find_articles(
    store: Store, *, article: str | None = None, source: str | None = None, since: date | None = None, series: str | None = None
) -> list[str]:  # fmt: skip
    """The ids of the stored articles that all of this fits, by night, so that those of one archive come together."""
    rows = store.rows(
        "SELECT a.id FROM articles a WHERE (? IS NULL OR a.id = ?) AND (? IS NULL OR a.source = ?) AND (? IS NULL OR a.night >= ?) "
        "AND (? IS NULL OR EXISTS (SELECT 1 FROM article_evaluations s JOIN evaluations e ON e.id = s.evaluation "
        "WHERE s.article = a.id AND e.series = ?)) ORDER BY a.night, a.id",
        article, article, source, source, *[since.isoformat() if since else None] * 2, series, series,
    )  # fmt: skip
    return [row["id"] for row in rows]


def stored_article(store: Store, identity: str, normalise: Normalise) -> Stored:
    """An article as it is stored."""
    row = store.rows("SELECT * FROM articles WHERE id = ?", identity)[0]
    paragraphs = store.rows("SELECT kind, start, end FROM paragraphs WHERE article = ? ORDER BY number", identity)
    attachments = store.rows(
        "SELECT url, title, kind, outcome FROM attachments WHERE article = ? ORDER BY number", identity
    )
    whole = rebuilt_article(row, paragraphs, attachments, normalise) if is_whole(row, paragraphs) else None
    outcomes = {file["url"]: file["outcome"] for file in attachments}
    return Stored(identity, row, seen_pages(store, identity), whole, outcomes)


def difference(store: Store, identity: str, article: Article, extraction: Extraction) -> Difference:
    """What writing this reading down would change of what is stored of the article."""
    row = store.rows("SELECT * FROM articles WHERE id = ?", identity)[0]
    before = {fact: (evaluation, result) for fact, evaluation, result in _stated(store, identity)}
    after = {fact: (evaluation, result) for fact, evaluation, result in extraction.facts()}
    facts = tuple(replace(f, decided=last_decision(store, f.fact_key)) for f in _fact_changes(before, after))
    columns = article_columns(article, extraction)
    fields = {name: (row[name], columns[name]) for name in FIELDS if row[name] != columns[name]}
    if row["text"] != columns["text"]:
        fields["text"] = (len(row["text"]), len(columns["text"]))
    is_same = (
        not facts
        and all(row[name] == value for name, value in columns.items())
        and [_said(*both) for both in before.values()] == [_said(*both) for both in after.values()]
        and _told_evaluations(store, identity) == [_evaluation_said(one) for one in extraction.evaluations]
        and _attachments(store, identity) == [(a.url, a.title, a.kind, a.outcome) for a in article.attachments]
        and _spans(store, identity) == sorted(
            [(p.start, p.end, str(p.kind)) for p in article.paragraphs] + [(t.start, t.end, "table") for t in article.tables]
        )
    )  # fmt: skip
    return Difference(identity, row["url"], row["title"], facts, fields, is_same)


def _stated(store: Store, identity: str) -> Iterator[tuple[str, Evaluation, Result]]:
    """What the article states until now, in its order."""
    told = {row["key"]: evaluation_from_row(row) for row in _account(store, identity)}
    rows = store.rows(
        'SELECT m.*, r.subject, r."group", r.kind FROM mentions m JOIN results r ON r.fact_key = m.result '
        "WHERE m.article = ? ORDER BY m.number, m.id",
        identity,
    )
    for row in rows:
        yield row["result"], told[row["evaluation"]], result_from_row(row)


def _account(store: Store, identity: str) -> list[dict[str, Any]]:
    return store.rows(
        "SELECT s.*, e.series, e.year FROM article_evaluations s JOIN evaluations e ON e.id = s.evaluation "
        "WHERE s.article = ? ORDER BY s.number",
        identity,
    )


Both = tuple[Evaluation, Result]


def _fact_changes(before: Mapping[str, Both], after: Mapping[str, Both]) -> Iterator[FactChange]:
    """In the order of the new reading, what is lost at the end."""
    for fact, both in after.items():
        old = before.get(fact)
        if old is None:
            yield _change("added", fact, None, both)
        elif _counts(old[1]) != _counts(both[1]):
            yield _change("changed", fact, old, both)
    for fact, both in before.items():
        if fact not in after:
            yield _change("lost", fact, both, None)


def _counts(result: Result) -> tuple[object, ...]:
    """What of a statement a person would call another one."""
    return replace(_reading(result), rule=""), result.tied


def _change(what: Literal["added", "lost", "changed"], fact: str, old: Both | None, new: Both | None) -> FactChange:
    evaluation, result = _either(old, new)
    return FactChange(
        what, fact, evaluation.series, evaluation.year, result.group, result.entity,
        None if old is None else _reading(old[1]), None if new is None else _reading(new[1]),
    )  # fmt: skip


def _either(old: Both | None, new: Both | None) -> Both:
    both = new or old
    assert both is not None
    return both


def _reading(result: Result) -> ReadAs:
    return ReadAs(value_words(result), result.evidence, result.confidence, result.implied, result.rule)


def _said(evaluation: Evaluation, result: Result) -> tuple[object, ...]:
    return fact_key(evaluation, result), result


def _evaluation_said(evaluation: Evaluation) -> str:
    released = evaluation.released.isoformat() if evaluation.released else None
    return json_text(asdict(evaluation) | {"released": released})


def _told_evaluations(store: Store, identity: str) -> list[str]:
    return [_evaluation_said(evaluation_from_row(row)) for row in _account(store, identity)]


def _attachments(store: Store, identity: str) -> list[tuple[Any, ...]]:
    rows = store.rows("SELECT url, title, kind, outcome FROM attachments WHERE article = ? ORDER BY number", identity)
    return [tuple(row.values()) for row in rows]


def _spans(store: Store, identity: str) -> list[tuple[int, int, str]]:
    rows = store.rows("SELECT start, end, kind FROM paragraphs WHERE article = ?", identity)
    return sorted((row["start"], row["end"], row["kind"]) for row in rows)
