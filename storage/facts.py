"""What one article states, written down: evaluations, mentions, and the results they amount to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce

from crawler.items import Article, Change, Evaluation, Extraction, Result, value_words
from storage.database import Store
from storage.decisions import ruling_of, weigh
from storage.judged import decisions_of, last_decision
from storage.reconcile import Statement, judge, merge_evaluations, relate, settle
from storage.rows import (
    digest,
    evaluation_columns,
    evaluation_from_row,
    evaluation_id,
    json_text,
    result_columns,
    result_from_row,
    time_text,
)

__all__ = ["replace_statements", "settle_articles", "settle_result", "statements_of"]


def replace_statements(
    store: Store, article_id: str, extraction: Extraction, article: Article, *, run: int, now: datetime
) -> tuple[tuple[Change, ...], frozenset[str]]:
    """Make these the statements of the article, in place of the ones it made before.

    Returns what that changed, and the keys of all facts that it stated or states.

    A fact that nobody states any more stays as a result with status withdrawn. A value that the article itself stated
    otherwise before counts as refined, with the old value as `previous`. To be called inside a transaction.
    """
    before = _own_results(store, article_id)
    touched = set(before)
    _forget(store, article_id)
    _store_evaluations(store, article_id, extraction.evaluations)
    changes = []
    for number, (fact, evaluation, result) in enumerate(extraction.facts()):
        others = statements_of(store, fact)
        _ensure_result(store, fact, evaluation, result, run, now)
        _store_mention(store, article_id, number, fact, result, now)
        touched.add(fact)
        own = before.get(fact, [])
        if any(relate(old, result) == "same" for old in own):
            continue
        ruling = ruling_of(decisions_of(store, fact), [*(s.result for s in others), result])
        known, came = [weighed.result for weighed, _ in ruling.weigh(others)], ruling.counted(result)
        kind = judge(known, came) if came is not None else None
        if kind == "new" and own:
            kind = "refined"
        if kind is not None:
            previous = _previous(own or known, result)
            where = (article.outlet, article.url, article.title, article.published)
            changes.append(Change(kind, fact, evaluation, result, *where, previous))
    for fact in sorted(touched):
        settle_result(store, fact)
    return tuple(changes), frozenset(touched)


def settle_articles(store: Store, articles: Sequence[str]) -> None:
    """Weigh again what these articles state, because they are grouped otherwise than before."""
    facts = store.rows(
        "SELECT DISTINCT m.result FROM json_each(?) j JOIN mentions m ON m.article = j.value", json_text(articles)
    )
    for row in facts:
        settle_result(store, row["result"])


def settle_result(store: Store, fact: str) -> None:
    """Write down what all mentions of a fact say together."""
    decided = last_decision(store, fact)
    settled = settle(weigh(statements_of(store, fact), decisions_of(store, fact) if decided else ()))
    if settled is None:
        store.execute(
            "UPDATE results SET status = 'withdrawn', sources = 0, decided = ? WHERE fact_key = ?", decided, fact
        )
        return
    columns = result_columns(settled.result) | {
        "entity": settled.result.entity,
        "code": settled.result.code,
        "status": settled.status,
        "sources": settled.sources,
        "decided": decided,
    }
    assignments = ", ".join(f"{name} = ?" for name in columns)
    store.execute(f"UPDATE results SET {assignments} WHERE fact_key = ?", *columns.values(), fact)  # noqa: S608 - constants


def statements_of(store: Store, fact: str) -> list[Statement]:
    """All live mentions of a fact, as pages state it, whatever a person decided."""
    rows = store.rows(
        'SELECT m.*, r.subject, r."group", r.kind, a.cluster, a.published FROM mentions m '
        "JOIN results r ON r.fact_key = m.result JOIN articles a ON a.id = m.article WHERE m.result = ?",
        fact,
    )
    return [Statement(result_from_row(row), row["article"], row["cluster"], row["published"]) for row in rows]


def _own_results(store: Store, article_id: str) -> dict[str, list[Result]]:
    """What the article stated until now, by fact key."""
    rows = store.rows(
        'SELECT m.*, r.subject, r."group", r.kind FROM mentions m JOIN results r ON r.fact_key = m.result WHERE m.article = ?',
        article_id,
    )
    found: dict[str, list[Result]] = {}
    for row in rows:
        found.setdefault(row["result"], []).append(result_from_row(row))
    return found


def _forget(store: Store, article_id: str) -> None:
    """Delete what the article stated; what it told of evaluations is merged anew from the others."""
    evaluations = store.rows("SELECT evaluation FROM article_evaluations WHERE article = ?", article_id)
    store.execute("DELETE FROM mentions WHERE article = ?", article_id)
    store.execute("DELETE FROM article_evaluations WHERE article = ?", article_id)
    for row in evaluations:
        rest = store.rows(
            "SELECT s.*, e.series, e.year FROM article_evaluations s JOIN evaluations e ON e.id = s.evaluation "
            "WHERE s.evaluation = ?",
            row["evaluation"],
        )
        if rest:
            _update_evaluation(store, row["evaluation"], reduce(merge_evaluations, map(evaluation_from_row, rest)))


def _store_evaluations(store: Store, article_id: str, evaluations: Iterable[Evaluation]) -> None:
    for number, evaluation in enumerate(evaluations):
        identity = evaluation_id(evaluation)
        columns = evaluation_columns(evaluation)
        known = store.row("SELECT * FROM evaluations WHERE id = ?", identity)
        if known is None:
            store.insert(
                "evaluations", {"id": identity, "series": evaluation.series, "year": evaluation.year} | columns
            )
        else:
            merged = merge_evaluations(evaluation_from_row(known, key=evaluation.key), evaluation)
            _update_evaluation(store, identity, merged)
        store.insert(
            "article_evaluations",
            {"article": article_id, "key": evaluation.key, "evaluation": identity, "number": number} | columns,
        )


def _update_evaluation(store: Store, identity: str, evaluation: Evaluation) -> None:
    columns = evaluation_columns(evaluation)
    assignments = ", ".join(f"{name} = ?" for name in columns)
    store.execute(f"UPDATE evaluations SET {assignments} WHERE id = ?", *columns.values(), identity)  # noqa: S608 - constants


def _ensure_result(store: Store, fact: str, evaluation: Evaluation, result: Result, run: int, now: datetime) -> None:
    """Make sure that the fact has its row; its value is settled afterwards."""
    store.insert(
        "results",
        {
            "fact_key": fact, "evaluation": evaluation_id(evaluation), "entity": result.entity, "code": result.code,
            "subject": result.subject, "group": result.group, "kind": result.kind, "status": "single", "sources": 1,
            "run": run, "first_seen": time_text(now),
        } | result_columns(result),
        conflict="ON CONFLICT (fact_key) DO NOTHING",
    )  # fmt: skip


def _store_mention(store: Store, article_id: str, number: int, fact: str, result: Result, now: datetime) -> None:
    columns = result_columns(result)
    start, end = result.span
    store.insert(
        "mentions",
        {
            # what identifies a mention is what it says, so that reading a page again does not make another one
            "id": digest(article_id, fact, result.evidence, json_text(columns)),
            "result": fact, "article": article_id, "evaluation": result.evaluation, "number": number,
            "start": start, "end": end, "words": result.evidence, "entity": result.entity, "code": result.code,
            "rule": result.rule, "first_seen": time_text(now),
        } | columns,
        conflict="ON CONFLICT (id) DO NOTHING",
    )  # fmt: skip


def _previous(known: list[Result], came: Result) -> str | None:
    """What was known, as people say it; None where nothing was or nothing differs."""
    words = list(dict.fromkeys(value_words(result) for result in known if relate(result, came) != "same"))
    return "、".join(words) or None
