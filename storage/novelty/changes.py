"""A statement as the change that people are told of."""

from __future__ import annotations

from crawler.items import Change, ChangeKind
from storage.database import Store
from storage.novelty.reconcile import Statement
from storage.rows import date_from_text, evaluation_from_row

__all__ = ["change_of"]


def change_of(store: Store, fact: str, kind: ChangeKind, statement: Statement, previous: str | None) -> Change:
    """The change that this statement makes, with the page it stands on and the evaluation as that page tells of it; where it tells
    of it no more, as all tell of it together."""
    page = store.rows("SELECT outlet, url, title, published FROM articles WHERE id = ?", statement.article)[0]
    accounts = store.rows(
        "SELECT s.*, e.series, e.year FROM results r JOIN evaluations e ON e.id = r.evaluation "
        "JOIN article_evaluations s ON s.evaluation = e.id AND s.article = ? WHERE r.fact_key = ? ORDER BY s.number",
        statement.article, fact,
    ) or store.rows("SELECT e.* FROM results r JOIN evaluations e ON e.id = r.evaluation WHERE r.fact_key = ?", fact)  # fmt: skip
    return Change(
        kind, fact, evaluation_from_row(accounts[0]), statement.result, page["outlet"], page["url"], page["title"],
        date_from_text(page["published"]), previous,
    )  # fmt: skip
