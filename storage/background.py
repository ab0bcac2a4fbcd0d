"""What the store knows about the changes of one alert, for its message: last year's places, competitors, who else says what.

Each question is one query over all changes, in portions, and each is answered from an index: what it costs depends on the alert, not
on how much is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from crawler.items import Alert, Background, Change, Evaluation, Past, Result, Said, Standing, value_words
from storage.database import Store
from storage.novelty.reconcile import relate
from storage.novelty.standing import GOVERNMENT
from storage.rows import date_from_text, evaluation_id, json_text, result_from_row

__all__ = ["NamesOf", "background_of", "newest_past", "page_of", "pasts_of"]

NamesOf = Callable[[str], Sequence[str]]
"""An entity's names of all years, its own among them."""


def itself(entity: str) -> Sequence[str]:
    """The one name that is known without a table of names."""
    return (entity,)


_PORTION = 500
"""Changes that are asked for at once."""
_MOST_ASKED = 2_000
"""Changes that are asked for at all: more than a message ever shows."""
_MOST_SAID = 3
"""Other values of one fact that are told."""

_LIVE = "r.status <> 'withdrawn' AND r.implied = 0 AND r.decided IS NOT 'rejected'"

_PAST = (
    "WITH j AS MATERIALIZED (SELECT value->>'fact' AS fact, value->>'series' AS series, value->>'year' AS year, "  # noqa: S608 - constants
    "value->>'group' AS \"group\", value->>'subject' AS subject, value->>'entity' AS entity, value->>'indicator' AS indicator "
    "FROM json_each(?)) SELECT j.fact, e.year, r.rank, r.tied, r.top, r.status FROM j "
    "CROSS JOIN evaluations e ON e.series = j.series AND e.year < j.year "
    'CROSS JOIN results r ON r.entity = j.entity AND r.evaluation = e.id AND r."group" = j."group" '
    f"AND r.subject = j.subject AND r.kind = 'rank' AND r.indicator IS j.indicator AND {_LIVE}"
)
"""The ranks of the same entities in editions before."""

_STANDING = (
    "SELECT r.*, e.series, e.year FROM json_each(?) j CROSS JOIN results r ON r.entity = j.value "  # noqa: S608 - constants
    "JOIN evaluations e ON e.id = r.evaluation WHERE r.evaluation IN (SELECT value FROM json_each(?)) "
    f"AND r.kind IN ('rank', 'score', 'grade') AND r.indicator IS NULL AND {_LIVE}"
)


def background_of(
    store: Store,
    alert: Alert,
    *,
    own: Sequence[str] = (),
    competitors: Sequence[str] = (),
    address: str = "",
    names_of: NamesOf = itself,
) -> Background:
    """What is known about the changes of an alert. `own` are the places and entities of its subscription, `competitors` those it
    compares them with, `address` is where `evalwatch inspect` is reached, `names_of` gives the names that an entity had and has."""
    changes = list({change.fact_key: change for change in alert.changes}.values())[:_MOST_ASKED]
    said = _said(store, [change for change in alert.changes if change.kind == "disputed"][:_MOST_ASKED])
    return Background(
        past=pasts_of(store, [_asked(change) for change in changes if _has_past(change)], names_of),
        said=said,
        standings=_standings(store, changes, {*own, *competitors}, names_of) if competitors else (),
        sources=_sources(store, changes),
        official=_official(store, changes),
        pages={change.fact_key: page_of(change) for change in changes},
        night_page=_night_page(store, alert),
        address=address,
    )


def page_of(change: Change) -> str:
    """The page of its evaluation in `evalwatch inspect`.

    >>> from crawler.items import Evaluation
    >>> result = Result("e1", "湖北省", "website", "province", "rank", "第五", (0, 2), rank=5)
    >>> page_of(Change("new", "f", Evaluation("e1", "评估", "cstc-website", 2020), result, None, None, None, None))
    '/evaluation/cstc-website/2020'
    """
    evaluation = change.evaluation
    path = f"/evaluation/{quote(evaluation.series, safe='')}/{evaluation.year or 'unknown'}"
    return f"{path}?id={evaluation_id(evaluation)}" if evaluation.series == "other" else path


def _has_past(change: Change) -> bool:
    evaluation = change.evaluation
    return change.result.kind == "rank" and evaluation.series != "other" and evaluation.year is not None


def _asked(change: Change) -> dict[str, Any]:
    result, evaluation = change.result, change.evaluation
    return {
        "fact": change.fact_key, "series": evaluation.series, "year": evaluation.year, "group": result.group,
        "subject": result.subject, "entity": result.entity, "indicator": result.indicator,
    }  # fmt: skip


def pasts_of(store: Store, asked: Sequence[Mapping[str, Any]], names_of: NamesOf = itself) -> dict[str, Past]:
    """By fact key: the place in the newest edition before, under whatever name."""
    found: dict[str, list[Past]] = {}
    named = [{**one, "entity": name} for one in asked for name in names_of(one["entity"])]
    for portion in _portions(named):
        rows = store.rows(_PAST, json_text(list(portion)))
        for row in rows:
            past = Past(row["year"], row["rank"], bool(row["tied"]), row["top"], row["status"] == "disputed")
            found.setdefault(row["fact"], []).append(past)
    return {fact: newest_past(pasts) for fact, pasts in found.items()}


def newest_past(pasts: Iterable[Past]) -> Past:
    """Of the places in editions before, that of the newest; of several in one year the exact one.

    >>> newest_past([Past(2018, rank=3), Past(2019, top=10), Past(2019, rank=8)])
    Past(year=2019, rank=8, tied=False, top=None, disputed=False)
    """
    return min(pasts, key=lambda past: (-past.year, past.rank is None, past.rank or 0, past.top or 0))


def _said(store: Store, changes: Sequence[Change]) -> dict[str, tuple[Said, ...]]:
    """By fact key: the other values that articles state, each as the earliest of them has it."""
    own = {change.fact_key: change for change in changes}
    found: dict[str, dict[str, Said]] = {}
    for portion in _portions(list(own)):
        rows = store.rows(
            'SELECT m.*, r.subject, r."group", r.kind, a.outlet, a.url, a.published FROM json_each(?) j '
            "CROSS JOIN mentions m ON m.result = j.value JOIN results r ON r.fact_key = m.result "
            "JOIN articles a ON a.id = m.article WHERE m.implied = 0 AND a.gone IS NULL "
            "ORDER BY m.standing DESC, a.published IS NULL, a.published, a.id, m.number",
            json_text(list(portion)),
        )
        for row in rows:
            said = Said(result_from_row(row), row["outlet"], row["url"], date_from_text(row["published"]))
            if relate(said.result, own[row["result"]].result) == "conflict":
                found.setdefault(row["result"], {}).setdefault(value_words(said.result), said)
    return {fact: tuple(said.values())[:_MOST_SAID] for fact, said in found.items()}


def _standings(store: Store, changes: Sequence[Change], entities: set[str], names_of: NamesOf) -> tuple[Standing, ...]:
    """How these entities stand in the evaluations, groups and subjects in which one of them changed."""
    scopes: dict[tuple[str, ...], Evaluation] = {
        (evaluation_id(change.evaluation), change.result.group, change.result.subject): change.evaluation
        for change in changes
        if change.result.entity in entities
    }
    rows = store.rows(
        _STANDING,
        json_text(sorted(entities)), json_text(sorted({scope[0] for scope in scopes})),
    )  # fmt: skip
    best: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (("rank", "score", "grade").index(row["kind"]), row["fact_key"])):
        if (row["evaluation"], row["group"], row["subject"]) in scopes:
            best.setdefault((row["evaluation"], row["group"], row["subject"], row["entity"]), row)
    pasts = pasts_of(
        store,
        [
            row | {"fact": row["fact_key"]}
            for row in best.values()
            if row["kind"] == "rank" and row["series"] != "other" and row["year"] is not None
        ],
        names_of,
    )
    return tuple(
        Standing(scopes[scope[:3]], _result(row), pasts.get(row["fact_key"]), row["status"] == "disputed")
        for scope, row in sorted(best.items())
    )


def _result(row: Mapping[str, Any]) -> Result:
    """What all mentions of a fact amount to; it is in nobody's words."""
    words = {"evaluation": "", "words": "", "start": 0, "end": 0, "rule": ""}
    return result_from_row({**row, **words})


def _sources(store: Store, changes: Sequence[Change]) -> dict[str, int]:
    found: dict[str, int] = {}
    for portion in _portions([change.fact_key for change in changes]):
        rows = store.rows(
            "SELECT r.fact_key, r.sources FROM json_each(?) j CROSS JOIN results r ON r.fact_key = j.value",
            json_text(list(portion)),
        )
        found |= {row["fact_key"]: row["sources"] for row in rows}
    return found


def _official(store: Store, changes: Sequence[Change]) -> frozenset[str]:
    """The pages of the place itself or of the organiser that state one of these facts."""
    found: set[str] = set()
    for portion in _portions([change.fact_key for change in changes]):
        rows = store.rows(
            "SELECT DISTINCT a.url FROM json_each(?) j CROSS JOIN mentions m ON m.result = j.value "
            "JOIN articles a ON a.id = m.article WHERE m.standing >= ?",
            json_text(list(portion)), GOVERNMENT,
        )  # fmt: skip
        found |= {row["url"] for row in rows}
    return frozenset(found)


def _night_page(store: Store, alert: Alert) -> str:
    """The page of the run that found what the alert tells; / where there were several."""
    runs = store.rows("SELECT DISTINCT run FROM alert_items WHERE alert = ? LIMIT 2", alert.id)
    return f"/run/{runs[0]['run']}" if len(runs) == 1 and runs[0]["run"] else "/"


def _portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _PORTION):
        yield items[start : start + _PORTION]
