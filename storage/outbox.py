"""What is owed to whom: alerts that commit with the results they tell of, and their deliveries.

An alert is one message for one subscription and night. While it is open, the night's changes are added to it; closing it
freezes its bytes. Every attempt then sends the same bytes under the same id, so that a receiver can drop repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from crawler.items import Alert, Change, Notice
from storage.database import Store
from storage.novelty.folding import Item, fold
from storage.rows import (
    change_from_json,
    change_to_json,
    digest,
    json_text,
    notice_from_json,
    result_columns,
    time_from_text,
    time_text,
)

__all__ = [
    "OpenAlert",
    "close_alert",
    "find_alerts",
    "frozen_payload",
    "gather",
    "list_alerts",
    "open_alert",
    "open_alerts",
    "owe",
    "pending",
    "take_back",
]


def owe(
    store: Store,
    change: Change,
    subscriptions: Sequence[str],
    *,
    article: str,
    night: date,
    now: datetime,
    run: int = 0,
) -> None:
    """Add a change, which that run found, to the open alert of each subscription for that night. To be called inside a transaction.

    A page that says again what it was told for (it was gone and came back) is not told again.
    """
    for subscription in dict.fromkeys(subscriptions):
        if _was_told(store, change, subscription, article):
            continue
        alert = open_alert(store, subscription, night, now)
        store.execute(
            "INSERT INTO alert_items (alert, result, article, kind, change, run) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET change = excluded.change, run = excluded.run",
            alert, change.fact_key, article, change.kind, change_to_json(change), run,
        )  # fmt: skip


def take_back(store: Store, fact: str, *, since: int = -1) -> None:
    """Take what runs after that one found of a fact out of all alerts that are still open. To be called inside a transaction."""
    store.execute(
        "DELETE FROM alert_items WHERE result = ? AND run > ? AND alert IN (SELECT id FROM alerts WHERE state = 'open')",
        fact, since,
    )  # fmt: skip


def _was_told(store: Store, change: Change, subscription: str, article: str) -> bool:
    """Whether the last that this subscription was told of this fact in this article is the very same."""
    last = store.value(
        "SELECT i.change FROM alert_items i JOIN alerts a ON a.id = i.alert WHERE i.result = ? AND i.article = ? "
        "AND a.subscription = ? ORDER BY a.created DESC, a.number DESC LIMIT 1",
        change.fact_key, article, subscription,
    )  # fmt: skip
    if last is None:
        return False
    told = change_from_json(last)
    return told.kind == change.kind and result_columns(told.result) == result_columns(change.result)


def open_alert(
    store: Store, subscription: str, night: date, now: datetime, *, about: Literal["results", "health"] = "results"
) -> str:
    """The id of the open alert about that, which is made where there is none. To be called inside a transaction.

    It depends on nothing but database, subscription, night and number: a night that was killed and repeated owes the same
    alerts, and no other database ever uses their ids.
    """
    night_text = night.isoformat()
    open_id = store.value(
        "SELECT id FROM alerts WHERE subscription = ? AND night = ? AND about = ? AND state = 'open'",
        subscription, night_text, about,
    )  # fmt: skip
    if open_id:
        return str(open_id)
    number = 1 + store.value(
        "SELECT coalesce(max(number), 0) FROM alerts WHERE subscription = ? AND night = ?", subscription, night_text
    )
    installation = store.value("SELECT id FROM installation")
    identity = f"msg_{digest('alert', installation, subscription, night, number)}"
    store.insert(
        "alerts",
        {
            "id": identity, "subscription": subscription, "night": night_text, "number": number, "state": "open",
            "created": time_text(now), "about": about,
        },
    )  # fmt: skip
    return identity


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that waits to be written, without what it tells."""

    id: str
    """As in Alert."""
    subscription: str
    """Id of the subscription."""
    night: date
    """The night it tells of."""
    created: datetime
    """When the first of its changes was stored. UTC."""
    about: str
    """results or health."""


def open_alerts(store: Store, now: datetime) -> list[OpenAlert]:
    """The open alerts that were created until now, the oldest night first."""
    rows = store.rows(
        "SELECT id, subscription, night, created, about FROM alerts_filled WHERE state = 'open' AND created <= ? "
        "ORDER BY night, created, subscription, id",
        time_text(now),
    )
    return [
        OpenAlert(
            row["id"], row["subscription"], date.fromisoformat(row["night"]), time_from_text(row["created"]), row["about"]
        )
        for row in rows
    ]  # fmt: skip


def pending(store: Store, now: datetime, *, only: str | None = None) -> list[Alert]:
    """The open alerts that were created until now, oldest first: each waits to be written and closed. `only` one of them."""
    alerts = store.rows(
        "SELECT * FROM alerts_filled WHERE state = 'open' AND created <= ? AND (? IS NULL OR id = ?) "
        "ORDER BY created, subscription",
        time_text(now),
        only,
        only,
    )
    return [
        Alert(
            id=row["id"], subscription=row["subscription"], night=date.fromisoformat(row["night"]),
            created=time_from_text(row["created"]), changes=_changes(store, row["id"]),
            notices=_notices(store, row["id"]),
        )
        for row in alerts
    ]  # fmt: skip


def _changes(store: Store, alert_id: str) -> tuple[Change, ...]:
    rows = store.rows("SELECT change FROM alert_items WHERE alert = ? ORDER BY result, article, kind", alert_id)
    return tuple(change_from_json(row["change"]) for row in rows)


def _notices(store: Store, alert_id: str) -> tuple[Notice, ...]:
    rows = store.rows("SELECT notice FROM alert_notices WHERE alert = ? ORDER BY kind, subject, year", alert_id)
    return tuple(notice_from_json(row["notice"]) for row in rows)


def close_alert(
    store: Store, alert_id: str, channels: Sequence[str], payload: bytes | str, now: datetime | None = None
) -> None:
    """Freeze the message and owe it over each channel from now on (None: from when the alert was created).

    Closing a closed alert changes nothing: its bytes stay.
    """
    text = payload if isinstance(payload, str) else payload.decode()
    with store.writing():
        moment = time_text(now) if now else store.value("SELECT created FROM alerts WHERE id = ?", alert_id)
        closed = store.execute(
            "UPDATE alerts SET state = 'closed', closed = ?, payload = ? WHERE id = ? AND state = 'open'",
            moment, text, alert_id,
        )  # fmt: skip
        if closed:
            store.execute_many(
                "INSERT INTO deliveries (alert, channel, state, created, due) VALUES (?, ?, 'owed', ?, ?)",
                [(alert_id, channel, moment, moment) for channel in dict.fromkeys(channels)],
            )


def gather(store: Store, into: str, others: Sequence[str]) -> None:
    """Move what other open alerts of the same subscription tell into one of them; they are empty then. Of a fact that several
    tell of, only where it ended is kept. To be called inside a transaction, with the others in order of their nights."""
    for fact, items in _told_by_several(store, [into, *others]).items():
        store.execute(
            "DELETE FROM alert_items WHERE result = ? AND alert IN (SELECT value FROM json_each(?))",
            fact, json_text([into, *others]),
        )  # fmt: skip
        store.execute_many(
            "INSERT OR REPLACE INTO alert_items (alert, result, article, kind, change, run) VALUES (?, ?, ?, ?, ?, ?)",
            [(into, fact, i.article, i.change.kind, change_to_json(i.change), i.run) for i in fold(items)],
        )
    for other in others:
        for table in ("alert_items", "alert_notices"):
            store.execute(f"UPDATE OR REPLACE {table} SET alert = ? WHERE alert = ?", into, other)  # noqa: S608 - constants


def _told_by_several(store: Store, alerts: Sequence[str]) -> dict[str, list[Item]]:
    """What is told of facts that more than one of these alerts tell of, by fact, in the order of the alerts."""
    rows = store.rows(
        "SELECT i.*, j.key AS night FROM json_each(?) j JOIN alert_items i ON i.alert = j.value ORDER BY j.key, i.run, i.article, i.kind",
        json_text(list(alerts)),
    )
    nights: dict[str, set[int]] = {}
    items: dict[str, list[Item]] = {}
    for row in rows:
        nights.setdefault(row["result"], set()).add(row["night"])
        items.setdefault(row["result"], []).append(Item(change_from_json(row["change"]), row["article"], row["run"]))
    return {fact: found for fact, found in items.items() if len(nights[fact]) > 1}


def find_alerts(store: Store, beginning: str) -> list[str]:
    """The ids of the alerts that begin so."""
    rows = store.rows("SELECT id FROM alerts_filled WHERE substr(id, 1, ?) = ? ORDER BY id", len(beginning), beginning)
    return [str(row["id"]) for row in rows]


def frozen_payload(store: Store, alert_id: str) -> str | None:
    """The message of a closed alert as it was frozen. None: it is open, or closed without one."""
    return store.value("SELECT payload FROM alerts WHERE id = ?", alert_id) or None


def list_alerts(store: Store) -> list[dict[str, Any]]:
    """One object per alert and channel, oldest first. State is owed, sent, dead (given up after a week) or gone (the
    receiver wants no more). An alert that is not yet written has channel None."""
    rows = store.rows(
        "SELECT a.id, a.subscription, d.channel, coalesce(d.state, iif(a.state = 'open', 'owed', 'dead')) AS state, coalesce(d.attempts, 0) AS attempts, "
        "a.created, a.night, d.due, d.last_error, a.about FROM alerts_filled a "
        "LEFT JOIN deliveries d ON d.alert = a.id ORDER BY a.created, a.id, d.channel"
    )
    for row in rows:
        items = store.rows("SELECT DISTINCT result FROM alert_items WHERE alert = ? ORDER BY result", row["id"])
        row["results"] = [item["result"] for item in items]
        row["notices"] = [f"{notice.kind} {notice.subject}" for notice in _notices(store, row["id"])]
    return rows
