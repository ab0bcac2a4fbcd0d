"""An alert → one message: an object for programs, in which all stands that its forms for people are made of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from alerts.comparison import comparisons
from alerts.harmless import MOST_LINK, clipped
from alerts.headlines import nights_of, summary_words, title_words
from alerts.notices import health_payload
from alerts.order import bundles, evaluation_key, headline, in_reading_order, most_telling, whose
from alerts.render import render
from alerts.wording import CHANGES, GROUPS, Language, evaluation_words, note_words, outcome_words, past_words
from crawler.config import Subscription
from crawler.items import Alert, Background, Change, Said

__all__ = ["MOST_BYTES", "MOST_RESULTS", "payload", "payload_bytes"]

MOST_RESULTS = 250
"""Changes that a message holds; how many there are it always says."""
MOST_BYTES = 200_000
"""Bytes of data.evaluations. With its text a message is then below the 256 kB that queues and gateways take."""
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
    evaluations, held = _held_evaluations(ordered, frame)
    return {
        "alert": alert.id,
        "subscription": alert.subscription,
        "night": alert.night.isoformat(),
        "language": frame.language,
        "title": title_words(ordered, headline(ordered, frame.subscription), frame.background, alert.night, frame.language),
        "summary": summary_words(ordered, nights_of(alert, frame.subscription), frame.language),
        "results": len({change.fact_key for change in ordered}),
        "truncated": held < len(ordered),
        "results_url": frame.page(frame.background.night_page),
        "text": "",
        "evaluations": evaluations,
    }  # fmt: skip


def _held_evaluations(ordered: Sequence[Change], frame: _Frame) -> tuple[list[dict[str, Any]], int]:
    """The evaluations with the changes that a message has room for, and how many changes these are."""
    whole = bundles(ordered, lambda change: evaluation_key(change.evaluation))
    most = MOST_RESULTS
    while True:
        items = {id(change): _item(change, frame) for change in most_telling(ordered, frame.subscription, most)}
        held = [
            _evaluation(changes, items, frame) for changes in whole if any(id(change) in items for change in changes)
        ]
        if most == 1 or len(json.dumps(held, ensure_ascii=False).encode()) <= MOST_BYTES:
            return held, len(items)
        most = max(most * 2 // 3, 1)


def _evaluation(changes: Sequence[Change], items: dict[int, dict[str, Any]], frame: _Frame) -> dict[str, Any]:
    first = changes[0]
    path = frame.background.pages.get(first.fact_key)
    return {
        "name": _clipped(first.evaluation.name),
        "title": _clipped(evaluation_words(first.evaluation, frame.language)),
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
                "entity": _clipped(entity[0].result.entity),
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
        "outcome": _clipped(outcome_words(result, language)),
        "note": _clipped(note_words(change, said, sources, language)),
        "previous": _clipped(change.previous),
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
        "grade": _clipped(result.grade),
        "award": _clipped(result.award),
        "work": _clipped(result.work),
        "improved": result.improved,
        "places_gained": result.change,
        "indicator": _clipped(result.indicator),
        "confidence": result.confidence,
        "outlet": _clipped(change.outlet),
        "official": change.url in frame.background.official,
        "title": _clipped(change.title),
        "url": _short_address(change.url),
        "published": change.published.isoformat() if change.published else None,
        "words": _clipped(result.evidence),
        "sources": sources,
        "said_elsewhere": [_said(one, frame) for one in said],
        "fact_key": change.fact_key,
    }  # fmt: skip


def _said(one: Said, frame: _Frame) -> dict[str, Any]:
    """Another value of what is disputed."""
    return {
        "outcome": _clipped(outcome_words(one.result, frame.language)),
        "outlet": _clipped(one.outlet),
        "official": one.url in frame.background.official,
        "url": _short_address(one.url),
        "published": one.published.isoformat() if one.published else None,
        "words": _clipped(one.result.evidence),
    }


def _clipped(words: str | None) -> str | None:
    """Words of the web, of which nobody knows how long they are."""
    return words and clipped(words, _MOST_WORDS)


def _short_address(url: str | None) -> str | None:
    """An address, if it is none that is as long as a page."""
    return url if url is None or len(url) <= MOST_LINK else None
