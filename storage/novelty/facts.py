"""What one article states, written down: evaluations, mentions, and the results they amount to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce

from crawler.items import Article, Change, ChangeKind, Evaluation, Extraction, Result, region_of
from storage.database import Store
from storage.novelty.changes import change_of
from storage.novelty.publishers import house_named
from storage.novelty.reconcile import PERSON, Statement, by_weight, merge_evaluations, settle
from storage.novelty.retelling import previous_words
from storage.novelty.statements import (
    keep_past,
    known_before,
    past_value,
    remember_before,
    results_of_article,
    statements_of,
)
from storage.novelty.transitions import judge
from storage.review.decisions import ruling_of, weigh
from storage.review.judged import decisions_of, last_decision
from storage.rows import (
    digest,
    evaluation_columns,
    evaluation_from_row,
    evaluation_id,
    json_text,
    result_columns,
    time_text,
)
from storage.runs import last_finished_run

__all__ = ["replace_statements", "settle_articles", "settle_result", "statements_of"]


def remember_facts(store: Store, article_id: str, extraction: Extraction, *, run: int) -> None:
    """Keep what is known of the facts that an article states or is about to state. To be called inside a transaction, before
    anything of the article changes."""
    facts = {fact for fact, _, _ in extraction.facts()} | set(results_of_article(store, article_id))
    remember_before(store, facts, run=run, finished=last_finished_run(store))


def replace_statements(
    store: Store, article_id: str, extraction: Extraction, article: Article, *, run: int, now: datetime,
    is_reread: bool = False,
) -> tuple[tuple[Change, ...], frozenset[str]]:  # fmt: skip
    """Make these the statements of the article, in place of the ones it made before.

    Returns what that changed, and the keys of all facts whose telling may change.

    A fact that nobody states any more stays as a result with status withdrawn, its words as past mentions. What each change is
    called is decided in storage/novelty/transitions.py. `is_reread`: the page is the same, our rules are others; what was read wrongly is no
    past mention. To be called inside a transaction.
    """
    remember_facts(store, article_id, extraction, run=run)
    before = results_of_article(store, article_id)
    said = list(extraction.facts())
    past = {fact: past_value(store, fact) for fact, _, _ in said}
    organizers = _organizers(store, article_id, extraction)
    _forget(store, article_id)
    _store_evaluations(store, article_id, extraction.evaluations)
    for number, (fact, evaluation, result) in enumerate(said):
        _ensure_result(store, fact, evaluation, result, run, now)
        _store_mention(store, article_id, number, fact, result, now)
    came: dict[str, list[Result]] = {}
    for fact, _, result in said:
        came.setdefault(fact, []).append(result)
    stated = {fact: statements_of(store, fact) for fact in {*before, *past}}
    others = {fact: [s for s in every if s.article != article_id] for fact, every in stated.items()}
    keep_past(store, article_id, {} if is_reread else before, came, now)
    changes = []
    for fact, evaluation, result in said:
        kind, previous = _news(store, fact, others[fact], before.get(fact, []), result, past[fact])
        if kind is not None:
            where = (article.outlet, article.url, article.title, article.published)
            changes.append(Change(kind, fact, evaluation, result, *where, previous))
    for fact in sorted(before.keys() - came.keys()):
        changes += news_of_loss(store, fact, others[fact], article_id, before[fact])
    touched = {*before, *came, *_restaged(store, organizers)}
    for fact in sorted(touched):
        settle_result(store, fact, stated.get(fact))
    return tuple(changes), frozenset(touched)


def _news(
    store: Store, fact: str, others: list[Statement], before: list[Result], came: Result, past: Result | None
) -> tuple[ChangeKind | None, str | None]:
    """What a statement changes, and what was known before. Values that a person rejected do not count."""
    ruling = ruling_of(decisions_of(store, fact), [*(s.result for s in others), came])
    known = [weighed.result for weighed, _ in ruling.weigh(others)]
    own = [result for old in before if (result := ruling.counted(old)) is not None]
    counted = ruling.counted(came)
    if counted is None:
        return None, None
    effect = judge(known, counted, before=own, past=past)
    if effect is None or effect == "restored":
        return None, None
    return effect, previous_words(own or known or ([past] if past else []), came)


def news_of_loss(
    store: Store, fact: str, others: Sequence[Statement], article_id: str, before: Sequence[Result]
) -> list[Change]:
    """What it changes that an article states a fact no more: nothing, or that it is withdrawn, or that another value stands."""
    known = weigh(others, decisions_of(store, fact))
    effect = judge([s.result for s in known], None, before=before)
    lost = Statement(before[0], article_id, article_id, None)
    if effect == "withdrawn":
        return [change_of(store, fact, "withdrawn", lost, None)]
    stands = settle(known) if effect == "corrected" else None
    if stands is None:
        return []
    says = min(known, key=lambda s: (s.cluster == PERSON, s.result.evidence != stands.result.evidence, by_weight(s)))
    return [change_of(store, fact, "corrected", says, previous_words(before, says.result))]


def _organizers(store: Store, article_id: str, extraction: Extraction) -> dict[str, str]:
    """Who organises the evaluations of an article, before and after its text changes; by evaluation."""
    rows = store.rows(
        "SELECT id, organizers FROM evaluations WHERE id IN (SELECT evaluation FROM article_evaluations WHERE article = ?) "
        "OR id IN (SELECT value FROM json_each(?))",
        article_id, json_text([evaluation_id(evaluation) for evaluation in extraction.evaluations]),
    )  # fmt: skip
    return {row["id"]: row["organizers"] for row in rows}


def _restaged(store: Store, before: Mapping[str, str]) -> set[str]:
    """Facts that a page states which has become, or is no more, that of an organiser, because others tell who that is."""
    found: set[str] = set()
    for evaluation, organizers in before.items():
        now = store.value("SELECT organizers FROM evaluations WHERE id = ?", evaluation)
        if now == organizers:
            continue
        houses = {house_named(name) for text in (organizers, now) for name in json.loads(text)} - {None}
        rows = store.rows(
            "SELECT DISTINCT m.result FROM results r JOIN mentions m ON m.result = r.fact_key JOIN articles a ON a.id = m.article "
            "JOIN json_each(?) j ON j.value IN (a.publisher, a.origin_publisher) WHERE r.evaluation = ?",
            json_text(sorted(filter(None, houses))), evaluation,
        )  # fmt: skip
        found.update(row["result"] for row in rows)
    return found


def settle_articles(store: Store, articles: Sequence[str]) -> frozenset[str]:
    """Weigh again what these articles state, because they are grouped otherwise than before. Returns the facts."""
    facts = store.rows(
        "SELECT DISTINCT m.result FROM json_each(?) j JOIN mentions m ON m.article = j.value", json_text(articles)
    )
    for row in facts:
        settle_result(store, row["result"])
    return frozenset(row["result"] for row in facts)


def settle_result(store: Store, fact: str, stated: Sequence[Statement] | None = None) -> None:
    """Write down what all mentions of a fact say together, and how official each page is. `stated` is all that pages state, where
    it is at hand."""
    decided = last_decision(store, fact)
    stated = statements_of(store, fact) if stated is None else stated
    _note_standings(store, fact, stated)
    settled = settle(weigh(stated, decisions_of(store, fact) if decided else ()))
    columns: dict[str, object] = {"decided": decided}
    if settled is None:
        past = _past_value(store, fact, stated)
        columns |= {"status": "withdrawn", "sources": 0} | ({} if past is None else result_columns(past))
    else:
        columns |= result_columns(settled.result)
        columns |= {
            "entity": settled.result.entity, "code": settled.result.code, "status": settled.status,
            "sources": settled.sources,
        }  # fmt: skip
    assignments = ", ".join(f"{name} = ?" for name in columns)
    store.execute(f"UPDATE results SET {assignments} WHERE fact_key = ?", *columns.values(), fact)  # noqa: S608 - constants


def _past_value(store: Store, fact: str, stated: Sequence[Statement]) -> Result | None:
    """The value of a fact that stands no more: of what a person rejected the one that would stand, else the one that stood before
    this night; which page went last is chance."""
    rejected = settle(stated)
    if rejected is not None:
        return rejected.result
    known = known_before(store, fact, last_finished_run(store))
    stood = settle(weigh(known.statements, decisions_of(store, fact)))
    return stood.result if stood is not None else known.past


def _note_standings(store: Store, fact: str, stated: Sequence[Statement]) -> None:
    known = {
        (row["article"], row["standing"])
        for row in store.rows("SELECT article, standing FROM mentions WHERE result = ?", fact)
    }
    store.execute_many(
        "UPDATE mentions SET standing = ? WHERE result = ? AND article = ?",
        [(s.standing, fact, s.article) for s in stated if (s.article, s.standing) not in known],
    )


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
            "region": region_of(result) or None,
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
