"""An alert → one message: an object for programs, and in it a text for people, to be read at seven in the morning."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from alerts.notices import health_payload
from alerts.wording import (
    CHANGES,
    GROUPS,
    SUBJECTS,
    Language,
    evaluation_words,
    head_words,
    outcome_words,
    source_words,
)
from crawler.config import Subscription
from crawler.items import GROUPS as GROUP_ORDER
from crawler.items import Alert, Background, Change

__all__ = ["payload", "payload_bytes"]

NOTHING = Background()

MOST_ENTITIES = 12
"""Entities with a bare upper bound that are named in one line of the text; `data` always holds all."""


def payload(
    alert: Alert, *, subscription: Subscription | None = None, background: Background = NOTHING,  # noqa: ARG001 - used by the next step
    language: Language | None = None, now: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The message in the form of Standard Webhooks: type, timestamp, data. data holds the results by evaluation, group and
    entity, each with its outcome in words, outlet, link and exact words; data.text says the same to a person.

    The language is that of the subscription unless another is given. `now` stands in `timestamp`; None: the time at which the alert was created, so that the bytes do not depend on a clock.
    """
    language = language or (subscription.language if subscription else "zh")
    if alert.notices:
        return health_payload(alert, language=language, now=now)
    ordered = sorted(alert.changes, key=_reading_order)
    evaluations = [
        {
            "name": changes[0].evaluation.name,
            "series": changes[0].evaluation.series,
            "year": changes[0].evaluation.year,
            "edition": changes[0].evaluation.edition,
            "groups": _groups(changes, language),
        }
        for changes in _bundles(ordered, _evaluation_key)
    ]
    return {
        "type": "evalwatch.results",
        "timestamp": (now or alert.created).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {
            "alert": alert.id,
            "subscription": alert.subscription,
            "night": alert.night.isoformat(),
            "results": len(ordered),
            "text": _text(alert, ordered, language),
            "evaluations": evaluations,
        },
    }


def payload_bytes(
    alert: Alert, *, subscription: Subscription | None = None, background: Background = NOTHING,
    language: Language | None = None, now: datetime | None = None,
) -> bytes:  # fmt: skip
    """payload as the bytes that are frozen and signed: compact JSON in UTF-8."""
    message = payload(alert, subscription=subscription, background=background, language=language, now=now)
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _groups(changes: Sequence[Change], language: Language) -> list[dict[str, Any]]:
    return [
        {
            "group": bundle[0].result.group,
            "group_name": GROUPS[language][bundle[0].result.group],
            "entities": [
                {
                    "entity": entity[0].result.entity,
                    "code": entity[0].result.code,
                    "results": [_item(change, language) for change in entity],
                }
                for entity in _bundles(bundle, lambda change: change.result.entity)
            ],
        }
        for bundle in _bundles(changes, lambda change: change.result.group)
    ]


def _item(change: Change, language: Language) -> dict[str, Any]:
    result = change.result
    return {
        "change": change.kind,
        "change_name": CHANGES[language][change.kind],
        "outcome": outcome_words(result, language),
        "previous": change.previous,
        "subject": result.subject,
        "kind": result.kind,
        "rank": result.rank,
        "tied": result.tied,
        "top": result.top,
        "score": result.score,
        "grade": result.grade,
        "award": result.award,
        "work": result.work,
        "improved": result.improved,
        "places_gained": result.change,
        "indicator": result.indicator,
        "confidence": result.confidence,
        "outlet": change.outlet,
        "title": change.title,
        "url": change.url,
        "published": change.published.isoformat() if change.published else None,
        "words": result.evidence,
        "fact_key": change.fact_key,
    }


def _evaluation_key(change: Change) -> tuple[str, str, int]:
    evaluation = change.evaluation
    return evaluation.series, evaluation.name if evaluation.series == "other" else "", evaluation.year or 0


def _reading_order(change: Change) -> tuple[Any, ...]:
    """By evaluation, the newest year first; within it from ministries down, the best place first, then by name. Nothing
    here depends on the order in which the articles came."""
    series, name, year = _evaluation_key(change)
    result = change.result
    place = result.rank or result.top or 10_000
    return (
        -year, series, name, GROUP_ORDER.index(result.group), result.rank is None, place, result.entity, result.kind,
        change.fact_key, change.kind, change.url or "",
    )  # fmt: skip


def _bundles(changes: Iterable[Change], key: Any) -> list[list[Change]]:
    """Changes of one key together, in the order in which the keys first appear."""
    found: dict[Any, list[Change]] = {}
    for change in changes:
        found.setdefault(key(change), []).append(change)
    return list(found.values())


def _text(alert: Alert, ordered: Sequence[Change], language: Language) -> str:
    """The message for a person: what, then who says so, one block per evaluation."""
    evaluations = _bundles(ordered, _evaluation_key)
    facts = len({change.fact_key for change in ordered})
    lines = [head_words(facts, len(evaluations), alert.night, language)]
    for changes in evaluations:
        lines += ["", f"■ {evaluation_words(changes[0].evaluation, language)}"]
        for bundle in _bundles(changes, lambda change: change.result.group):
            lines.append(GROUPS[language][bundle[0].result.group])
            lines += _entity_lines(bundle, language)
        lines += _source_lines(changes, language)
    return "\n".join(lines)


def _entity_lines(changes: Sequence[Change], language: Language) -> list[str]:
    """One line per entity, in which those that achieved the same share a line."""
    entities = _bundles(changes, lambda change: change.result.entity)
    by_outcome: dict[str, list[str]] = {}
    for entity in entities:
        by_outcome.setdefault(_outcomes(entity, language), []).append(entity[0].result.entity)
    between = "　" if language == "zh" else ": "
    return [f"· {_names(names, language)}{between}{words}" for words, names in by_outcome.items()]


def _names(names: Sequence[str], language: Language) -> str:
    """Places one after another, each without what it shares with the one before: 湖北省 十堰市、荆州市."""
    shown: list[str] = []
    before: list[str] = []
    for name in names[:MOST_ENTITIES]:
        parts = name.split("/")
        shown.append(parts[-1] if parts[:-1] == before[:-1] else " ".join(parts))
        before = parts
    listed = ("、" if language == "zh" else ", ").join(shown)
    rest = len(names) - MOST_ENTITIES
    if rest <= 0:
        return listed
    return f"{listed} 等{len(names)}个" if language == "zh" else f"{listed} and {rest} more"


def _outcomes(changes: Sequence[Change], language: Language) -> str:
    """All that is told of one entity in one group, in a few words."""
    comma = "，" if language == "zh" else ", "
    return comma.join(dict.fromkeys(_outcome(change, language) for change in changes))


def _outcome(change: Change, language: Language) -> str:
    words = outcome_words(change.result, language)
    if subject := SUBJECTS[language][change.result.subject]:
        words = f"{subject} {words}"
    if change.kind == "new":
        return words
    note = CHANGES[language][change.kind]
    if change.previous:
        note += f"，此前{change.previous}" if language == "zh" else f", before: {change.previous}"
    return f"{words}（{note}）" if language == "zh" else f"{words} ({note})"


def _source_lines(changes: Sequence[Change], language: Language) -> list[str]:
    """Who says so, with the link; the earliest first."""
    articles = _bundles(
        sorted(changes, key=lambda c: (c.published is None, str(c.published or ""), c.url or "")), lambda c: c.url
    )
    label = "来源：" if language == "zh" else "source: "
    return [
        f"  {label}{source_words(bundle[0], language)} {bundle[0].url or ''}\n  “{_quoted(bundle[0].result.evidence)}”"
        for bundle in articles
    ]


def _quoted(words: str) -> str:
    """Words of a page as one line of plain text: no control character of theirs breaks the message."""
    line = "".join(character if character.isprintable() else " " for character in words)
    line = " ".join(line.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
