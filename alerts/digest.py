"""An alert → one message: an object for programs, in which all stands that its forms for people are made of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from alerts.comparison import comparisons
from alerts.harmless import clipped
from alerts.headlines import nights_of, summary_words, title_words
from alerts.notices import health_payload
from alerts.order import bundles, evaluation_key, headline, in_reading_order, most_telling, whose
from alerts.render import render
from alerts.wording import CHANGES, GROUPS, Language, evaluation_words, note_words, outcome_words, past_words
from crawler.config import Subscription
from crawler.items import Alert, Background, Change

__all__ = ["MOST_BYTES", "MOST_RESULTS", "payload", "payload_bytes"]

MOST_RESULTS = 250
"""Changes that a message holds; how many there are it always says."""
MOST_BYTES = 170_000
"""Bytes of all of them together. With its text a message is then below the 256 kB that queues and gateways take."""
MOST_TEXT = 12_000
"""Characters of data.text."""
_MOST_WORDS = 1_000

NOTHING = Background()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every part of a message is written with."""

    subscription: Subscription | None
    background: Background
    language: Language
    night: date

    def page(self, path: str) -> str | None:
        """The address of a page of `evalwatch inspect`."""
        return self.background.address.rstrip("/") + path if self.background.address else None


def payload(
    alert: Alert, *, subscription: Subscription | None = None, background: Background = NOTHING,
    language: Language | None = None, now: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The message in the form of Standard Webhooks: type, timestamp, data. data holds the results by evaluation, group and entity,
    each with its outcome in words, what was known before, outlet, link and exact words; data.text says the same to a person.

    The language is that of the subscription unless another is given. `now` stands in `timestamp`; None: the time at which the alert
    was created, so that the bytes do not depend on a clock. Of a night with very many results the first are held, see MOST_RESULTS.
    """
    frame = _Frame(subscription, background, language or (subscription.language if subscription else "zh"), alert.night)
    moment = (now or alert.created).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if alert.notices:
        message = health_payload(
            alert, subscription=subscription, language=frame.language, moment=moment, page=frame.page("/")
        )
    else:
        message = {"type": "evalwatch.results", "timestamp": moment, "data": _data(alert, frame)}
    message["data"]["text"] = render(message, "text", most_chars=MOST_TEXT).body
    return message


def payload_bytes(
    alert: Alert, *, subscription: Subscription | None = None, background: Background = NOTHING,
    language: Language | None = None, now: datetime | None = None,
) -> bytes:  # fmt: skip
    """payload as the bytes that are frozen and signed: compact JSON in UTF-8."""
    message = payload(alert, subscription=subscription, background=background, language=language, now=now)
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _data(alert: Alert, frame: _Frame) -> dict[str, Any]:
    ordered = in_reading_order(alert.changes, frame.subscription)
    items = _held_items(ordered, frame)
    facts = len({change.fact_key for change in ordered})
    return {
        "alert": alert.id,
        "subscription": alert.subscription,
        "night": alert.night.isoformat(),
        "language": frame.language,
        "title": title_words(ordered, headline(ordered, frame.subscription), frame.background, alert.night, frame.language),
        "summary": summary_words(ordered, nights_of(alert, frame.subscription), frame.language),
        "results": facts,
        "truncated": len(items) < len(ordered),
        "results_url": frame.page(frame.background.night_page),
        "text": "",
        "evaluations": [
            _evaluation(changes, items, frame)
            for changes in bundles(ordered, lambda change: evaluation_key(change.evaluation))
        ],
    }  # fmt: skip


def _held_items(ordered: Sequence[Change], frame: _Frame) -> dict[int, dict[str, Any]]:
    """The changes that a message holds as objects, by the identity of the change: at least one."""
    most = MOST_RESULTS
    while True:
        held = {id(change): _item(change, frame) for change in most_telling(ordered, frame.subscription, most)}
        size = sum(len(json.dumps(item, ensure_ascii=False).encode()) for item in held.values())
        if size <= MOST_BYTES or most == 1:
            return held
        most = max(most * 2 // 3, 1)


def _evaluation(changes: Sequence[Change], items: dict[int, dict[str, Any]], frame: _Frame) -> dict[str, Any]:
    first = changes[0]
    path = frame.background.pages.get(first.fact_key)
    return {
        "name": clipped(first.evaluation.name, _MOST_WORDS),
        "title": clipped(evaluation_words(first.evaluation, frame.language), _MOST_WORDS),
        "series": first.evaluation.series,
        "year": first.evaluation.year,
        "edition": first.evaluation.edition,
        "results": len({change.fact_key for change in changes}),
        "url": frame.page(path) if path else None,
        "comparisons": comparisons(
            first.evaluation, changes, frame.subscription, frame.background.standings, frame.night, frame.language
        ),
        "groups": [
            _group(bundle, items, frame) for bundle in bundles(changes, lambda change: change.result.group)
        ],
    }  # fmt: skip


def _group(changes: Sequence[Change], items: dict[int, dict[str, Any]], frame: _Frame) -> dict[str, Any]:
    group = changes[0].result.group
    held = [change for change in changes if id(change) in items]
    return {
        "group": group,
        "group_name": GROUPS[frame.language][group],
        "results": len({change.fact_key for change in changes}),
        "entities": [
            {
                "entity": entity[0].result.entity,
                "code": entity[0].result.code,
                "whose": whose(frame.subscription, entity[0].result.entity),
                "results": [items[id(change)] for change in entity],
            }
            for entity in bundles(held, lambda change: change.result.entity)
        ],
    }


def _item(change: Change, frame: _Frame) -> dict[str, Any]:
    result, language = change.result, frame.language
    past = frame.background.past.get(change.fact_key)
    said = frame.background.said.get(change.fact_key, ())
    sources = frame.background.sources.get(change.fact_key)
    return {
        "change": change.kind,
        "change_name": CHANGES[language][change.kind],
        "outcome": clipped(outcome_words(result, language), _MOST_WORDS),
        "note": note_words(change, said, sources, language),
        "previous": change.previous,
        "decided": change.decided and clipped(change.decided, _MOST_WORDS),
        "past": past and {
            "year": past.year, "rank": past.rank, "tied": past.tied, "top": past.top, "disputed": past.disputed,
            "words": past_words(past, change.evaluation.year, frame.night, language),
        },
        "subject": result.subject,
        "kind": result.kind,
        "rank": result.rank,
        "tied": result.tied,
        "top": result.top,
        "score": result.score,
        "grade": result.grade,
        "award": result.award and clipped(result.award, _MOST_WORDS),
        "work": result.work and clipped(result.work, _MOST_WORDS),
        "improved": result.improved,
        "places_gained": result.change,
        "indicator": result.indicator,
        "confidence": result.confidence,
        "outlet": change.outlet,
        "official": change.url in frame.background.official,
        "title": change.title and clipped(change.title, _MOST_WORDS),
        "url": change.url,
        "published": change.published.isoformat() if change.published else None,
        "words": clipped(result.evidence, _MOST_WORDS),
        "sources": sources,
        "said_elsewhere": [
            {
                "outcome": clipped(outcome_words(one.result, language), _MOST_WORDS), "outlet": one.outlet,
                "official": one.url in frame.background.official, "url": one.url,
                "published": one.published.isoformat() if one.published else None,
                "words": clipped(one.result.evidence, _MOST_WORDS),
            }
            for one in said
        ],
        "fact_key": change.fact_key,
    }  # fmt: skip
