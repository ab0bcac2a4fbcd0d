"""One's own places beside those of the competitors, in the same evaluation, group and subject."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from alerts.order import bundles, evaluation_key
from alerts.wording import CHANGES, Language, outcome_words, past_words, scope_words
from crawler.config import Subscription
from crawler.items import Change, Evaluation, Group, Standing, Subject

__all__ = ["comparisons"]


def comparisons(
    evaluation: Evaluation, changes: Sequence[Change], subscription: Subscription | None, standings: Sequence[Standing],
    night: date, language: Language,
) -> list[dict[str, Any]]:  # fmt: skip
    """A table for each group and subject of this evaluation in which one's own or a competitor's place changed tonight and something of
    both is known: the best first; those of whom nothing is known are left out, their names stand in `unknown`."""
    if subscription is None or not subscription.competitors:
        return []
    own = {*subscription.places, *subscription.entities} - set(subscription.competitors)
    touched = [
        change for change in changes
        if change.result.entity in own or change.result.entity in subscription.competitors
    ]  # fmt: skip
    tables = []
    for scope in bundles(touched, lambda change: (change.result.group, change.result.subject)):
        group, subject = scope[0].result.group, scope[0].result.subject
        here = [one for one in standings if _is_in(one, evaluation, group, subject)]
        if {one.result.entity in own for one in here} == {True, False}:
            tables.append(_table(here, scope[0], own, subscription.competitors, night, language))
    return tables


def _is_in(standing: Standing, evaluation: Evaluation, group: Group, subject: Subject) -> bool:
    return (
        evaluation_key(standing.evaluation) == evaluation_key(evaluation)
        and standing.result.group == group
        and standing.result.subject == subject
    )


def _table(
    standings: Sequence[Standing],
    scope: Change,
    own: set[str],
    competitors: Sequence[str],
    night: date,
    language: Language,
) -> dict[str, Any]:
    rows = sorted(standings, key=_best_first)
    known = {standing.result.entity for standing in rows}
    return {
        "group": scope.result.group,
        "subject": scope.result.subject,
        "scope": scope_words(scope.result, language),
        "rows": [
            {
                "entity": row.result.entity,
                "whose": "own" if row.result.entity in own else "competitor",
                "outcome": outcome_words(row.result, language),
                "rank": row.result.rank,
                "top": row.result.top,
                "score": row.result.score,
                "grade": row.result.grade,
                "disputed": row.disputed,
                "past": row.past and past_words(row.past, row.evaluation.year, night, language),
                "note": CHANGES[language]["disputed"] if row.disputed else None,
            }
            for row in rows
        ],
        "unknown": [name for name in competitors if name not in known],
    }


def _best_first(standing: Standing) -> tuple[object, ...]:
    result = standing.result
    return (
        result.rank is None, result.rank or 0, result.top is None, result.top or 0, -(result.score or 0), result.grade or "",
        result.entity,
    )  # fmt: skip
