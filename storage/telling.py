"""Which changes go into an alert, so that it does not matter in which order the articles of a night came.

A night fetches many sources at once. Whether the government's own page or its reprint comes first is chance, and so is where
a night is killed and taken up again; what people are told must not be. What a night found out about a fact nobody knew before
is therefore written anew with every article that states it, as if the articles had come in the order of publication.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crawler.items import Change, ChangeKind, value_words
from storage.database import Store
from storage.decisions import ruling_of
from storage.judged import decisions_of
from storage.outbox import owe, take_back, was_told_before
from storage.reconcile import Statement, by_age, judge, relate
from storage.rows import date_from_text, evaluation_from_row, result_from_row
from storage.runs import last_finished_run

__all__ = ["Told", "retell", "tell"]

Owed = Callable[[Change], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What one statement is told as."""

    kind: ChangeKind
    """new, refined, disputed, corroborated."""
    statement: Statement
    """The statement."""
    previous: str | None
    """What was known before and differs, as people say it."""


def retell(statements: Iterable[Statement]) -> list[Told]:
    """What a night has to tell of a fact that nobody knew before: the earliest statement is new, unless a later one says it more
    exactly; then that one is. Reprints that only repeat are left out."""
    told: list[Told] = []
    known: list[Statement] = []
    for statement in sorted(statements, key=by_age):
        kind = judge([s.result for s in known], statement.result)
        if kind == "refined":
            told = [Told("new", statement, None) if t.kind == "new" else t for t in told]
        elif kind == "corroborated":
            if statement.cluster not in {s.cluster for s in known}:
                told.append(Told(kind, statement, None))
        elif kind is not None:
            told.append(Told(kind, statement, _previous(known, statement)))
        known.append(statement)
    return told


def _previous(known: Sequence[Statement], came: Statement) -> str | None:
    words = (value_words(s.result) for s in known if relate(s.result, came.result) != "same")
    return "、".join(dict.fromkeys(words)) or None


def tell(
    store: Store, changes: Sequence[Change], facts: Iterable[str], owed: Owed, *, article: str, night: date, now: datetime
) -> None:  # fmt: skip
    """Bring the open alerts up to date with what an article changed and with the facts it stated or states.

    To be called inside a transaction, with the article's statements stored.
    """
    finished = last_finished_run(store)
    events = {change.fact_key: change for change in changes}
    for fact in sorted(facts):
        is_young = store.value("SELECT run > ? FROM results WHERE fact_key = ?", finished, fact)
        if is_young:
            _rewrite(store, fact, owed, night, now)
        change = events.get(fact)
        if change is None or (change.kind == "corroborated" and is_reprint(store, fact, article)):
            continue
        wanted = [s for s in owed(change) if not is_young or was_told_before(store, s, fact)]
        owe(store, change, wanted, article=article, night=night, now=now)


def _rewrite(store: Store, fact: str, owed: Owed, night: date, now: datetime) -> None:
    """Write anew what the open alerts tell of a fact that no finished run knew."""
    take_back(store, fact)
    changes = _changes(store, fact)
    for told in retell(changes):
        change = changes[told.statement](told.kind, told.previous)
        wanted = [s for s in owed(change) if not was_told_before(store, s, fact)]
        owe(store, change, wanted, article=told.statement.article, night=night, now=now)


def _changes(store: Store, fact: str) -> dict[Statement, Callable[[ChangeKind, str | None], Change]]:
    """The statements of a fact that count as news, each with how to make a change of it. Those of a baseline do not."""
    rows = store.rows(
        'SELECT m.*, r.subject, r."group", r.kind, a.cluster, a.published, a.outlet, a.url, a.title FROM mentions m '
        "JOIN results r ON r.fact_key = m.result JOIN articles a ON a.id = m.article WHERE m.result = ? AND a.baseline = 0",
        fact,
    )
    given = {Statement(result_from_row(row), row["article"], row["cluster"], row["published"]): row for row in rows}
    # what a person decided is told as decided
    ruling = ruling_of(decisions_of(store, fact), [statement.result for statement in given])
    return {counted: _maker(store, fact, given[own], counted) for counted, own in ruling.weigh(list(given))}


def _maker(
    store: Store, fact: str, row: dict[str, str], statement: Statement
) -> Callable[[ChangeKind, str | None], Change]:
    def make(kind: ChangeKind, previous: str | None) -> Change:
        account = store.rows(
            "SELECT s.*, e.series, e.year FROM article_evaluations s JOIN evaluations e ON e.id = s.evaluation "
            "WHERE s.article = ? AND s.key = ?",
            statement.article, row["evaluation"],
        )[0]  # fmt: skip
        return Change(
            kind, fact, evaluation_from_row(account), statement.result, row["outlet"], row["url"], row["title"],
            date_from_text(row["published"]), previous,
        )  # fmt: skip

    return make


def is_reprint(store: Store, fact: str, article: str) -> bool:
    """Whether a copy of this article states the fact as well: then this one is no source of its own."""
    return bool(
        store.value(
            "SELECT 1 FROM articles own JOIN articles a ON a.cluster = own.cluster AND a.id <> own.id "
            "JOIN mentions m ON m.article = a.id WHERE own.id = ? AND m.result = ?",
            article, fact,
        )
    )  # fmt: skip
