"""The ledger: which message was owed over which channel, how often it was tried, and what became of it.

Every attempt sends the same bytes under the same id, and is written down when it has ended. Whoever is killed between the two
sends once more: at least once, never not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Store
from storage.rows import time_from_text, time_text

__all__ = [
    "ClosedChannel",
    "Delivery",
    "close_channel",
    "closed_channels",
    "due_deliveries",
    "give_up",
    "next_due",
    "open_channel",
    "postpone",
    "record_delivery",
    "send_again",
    "tried_since",
]

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=7)
"""Deliveries are tried again after 1, 2, 4 … 60 minutes, for a week; then they are dead."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that is due over one channel."""

    alert_id: str
    """The id under which every attempt is sent."""
    subscription: str
    """Id of the subscription."""
    channel: str
    """Id of the channel."""
    payload: str
    """The frozen message; every attempt sends its UTF-8 bytes."""
    attempts: int
    """How often it was tried."""


@dataclass(frozen=True, slots=True)
class ClosedChannel:
    """A channel whose receiver said that it wants no more."""

    channel: str
    """Its id."""
    address: str
    """A mark of where it led then; another address opens it again."""
    closed: str
    """When that was. UTC."""
    reason: str
    """What the receiver said."""


def due_deliveries(store: Store, now: datetime) -> list[Delivery]:
    """What is to be tried now; what has waited longest for its turn comes first, so that one that always fails holds up none."""
    rows = store.rows(
        "SELECT d.*, a.subscription, a.payload FROM deliveries d JOIN alerts a ON a.id = d.alert "
        "WHERE d.state = 'owed' AND d.due <= ? ORDER BY d.due, d.created, d.alert, d.channel",
        time_text(now),
    )
    return [Delivery(r["alert"], r["subscription"], r["channel"], r["payload"], r["attempts"]) for r in rows]


def next_due(store: Store) -> datetime | None:
    """When the next message is due; None: nothing is owed."""
    text = store.value("SELECT min(due) FROM deliveries WHERE state = 'owed'")
    return time_from_text(text) if text else None


def record_delivery(
    store: Store, alert_id: str, channel: str, *, ok: bool, error: str | None, now: datetime, gone: bool = False,
    wait_s: float = 0,
) -> None:  # fmt: skip
    """Write down how an attempt went. A failed one is due again later (not before `wait_s`, where the receiver asked for that),
    until it is dead; `gone` ends it at once. What is sent already stays so."""
    with store.writing():
        row = store.row("SELECT * FROM deliveries WHERE alert = ? AND channel = ?", alert_id, channel)
        if row is None or row["state"] != "owed":
            return
        attempts = row["attempts"] + 1
        state, due = "sent" if ok else "gone" if gone else "owed", now
        if state == "owed":
            pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
            due = now + max(pause, timedelta(seconds=wait_s))
            if due - time_from_text(row["created"]) > GIVE_UP_AFTER:
                state, due = "dead", now
        finished = None if state == "owed" else time_text(now)
        run = finished and store.value("SELECT max(id) FROM runs WHERE status = 'running'")
        store.execute(
            "UPDATE deliveries SET state = ?, attempts = ?, due = ?, tried = ?, finished = ?, run = ?, last_error = ? "
            "WHERE alert = ? AND channel = ?",
            state, attempts, time_text(due), time_text(now), finished, run, None if ok else error, alert_id, channel,
        )  # fmt: skip


def postpone(store: Store, deliveries: Sequence[Delivery], until: datetime) -> None:
    """Make these due later, without counting an attempt: their channel takes no more for now."""
    with store.writing():
        store.execute_many(
            "UPDATE deliveries SET due = ? WHERE alert = ? AND channel = ? AND state = 'owed'",
            [(time_text(until), one.alert_id, one.channel) for one in deliveries],
        )


def tried_since(store: Store, channel: str, since: datetime) -> list[datetime]:
    """When messages were tried over the channel after that moment, the earliest first."""
    rows = store.rows(
        "SELECT tried FROM deliveries WHERE channel = ? AND tried > ? ORDER BY tried", channel, time_text(since)
    )
    return [time_from_text(row["tried"]) for row in rows]


def send_again(store: Store, now: datetime, alert_id: str | None = None) -> int:
    """Owe again what is dead or gone, of one alert or of all, as if it were owed since now; returns how many messages that is.

    Channels over which they go are open again.
    """
    with store.writing():
        store.execute(
            "DELETE FROM closed_channels WHERE channel IN "
            "(SELECT channel FROM deliveries WHERE state IN ('dead', 'gone') AND (? IS NULL OR alert = ?))",
            alert_id, alert_id,
        )  # fmt: skip
        moment = time_text(now)
        return store.execute(
            "UPDATE deliveries SET state = 'owed', attempts = 0, created = ?, due = ?, finished = NULL, run = NULL "
            "WHERE state IN ('dead', 'gone') AND (? IS NULL OR alert = ?)",
            moment, moment, alert_id, alert_id,
        )  # fmt: skip


def close_channel(store: Store, channel: str, address: str, reason: str, now: datetime) -> None:
    """Note that the receiver at that address is gone."""
    store.execute(
        "INSERT INTO closed_channels (channel, address, closed, reason) VALUES (?, ?, ?, ?) ON CONFLICT (channel) "
        "DO UPDATE SET address = excluded.address, closed = excluded.closed, reason = excluded.reason",
        channel, address, time_text(now), reason,
    )  # fmt: skip


def open_channel(store: Store, channel: str) -> None:
    """Forget that the channel's receiver was gone."""
    store.execute("DELETE FROM closed_channels WHERE channel = ?", channel)


def closed_channels(store: Store) -> dict[str, ClosedChannel]:
    """The channels whose receivers are gone, by id."""
    rows = store.rows("SELECT channel, address, closed, reason FROM closed_channels ORDER BY channel")
    return {row["channel"]: ClosedChannel(**row) for row in rows}


def give_up(store: Store, channel: str, reason: str, now: datetime) -> int:
    """End all that is owed over a channel that is gone, without trying; returns how many messages that is."""
    with store.writing():
        return store.execute(
            "UPDATE deliveries SET state = 'gone', finished = ?, last_error = ?, "
            "run = (SELECT max(id) FROM runs WHERE status = 'running') WHERE channel = ? AND state = 'owed'",
            time_text(now), reason, channel,
        )  # fmt: skip
