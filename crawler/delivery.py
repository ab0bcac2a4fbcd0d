"""What is owed goes out: messages are written when their time has come, then sent over their channels side by side.

A message is written (its bytes are frozen) in one transaction, without any channel; sending comes after, so that no channel
can hold up another, or a night. Only one process sends at a time, which a lock that the kernel frees sees to.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from alerts import digest
from alerts.channels import address_mark, faults, most_per_minute
from crawler.attaching import reports_of
from crawler.config import Channel, Settings, Subscription, channel_mistake
from crawler.items import Alert
from crawler.sending import Budget, Outcome, send_side_by_side
from crawler.subscribing import names_of
from storage import deliveries, outbox
from storage.background import background_of
from storage.database import Store
from storage.deliveries import Delivery
from storage.outbox import OpenAlert
from storage.rows import time_text

__all__ = ["Moment", "Sent", "deliver", "is_ripe", "message_of", "require_channels", "split_by_rate", "write_ripe"]

log = logging.getLogger("evalwatch")

Moment = Literal["article", "night", "between"]
"""When messages are sent: after an article, at the end of a night, between nights."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of what was due."""

    sent: int = 0
    """Messages that a channel took."""
    failed: int = 0
    """Messages that a channel did not take: they stay owed, or are given up."""
    waiting: int = 0
    """Messages that were left for later: their channel takes no more for now, or took too long over others."""
    is_whole: bool = True
    """False where another process was sending."""


@dataclass(frozen=True, slots=True)
class Sender:
    """With what is sent. Tests give another clock and environment."""

    settings: Settings
    """All of settings.toml."""
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    """Where the secrets are."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The time."""
    budget: Budget = field(default_factory=Budget)
    """How long a channel may take."""

    def today(self) -> date:
        """The date in the schedule's timezone, which names a night."""
        return self.clock().astimezone(ZoneInfo(self.settings.schedule.timezone)).date()


def require_channels(settings: Settings, path: Path, environment: Mapping[str, str] = os.environ) -> None:
    """Raises SettingsError, with file and line, where the URL of a channel names no service."""
    for channel, key, what, hint in faults(settings.channels, environment):
        raise channel_mistake(path, channel, key, what, hint)


def deliver(store: Store, sender: Sender, moment: Moment, *, night: date | None = None, wait_s: float = 0) -> Sent:
    """Write the messages whose time has come and send all that is due; `night` is the one that has ended, with "night".

    Waits so long for another process that is sending; after that what is due is left to it.
    """
    write_ripe(store, sender, moment, night or sender.today())
    try:
        with FileLock(f"{store.path}.sending.lock", timeout=wait_s):
            return _send_due(store, sender)
    except Timeout:
        return Sent(is_whole=False)


def is_ripe(subscription: Subscription, night: date, today: date, moment: Moment) -> bool:
    """Whether the message of a night is to be written now. A week ends with the night of its day.

    >>> weekly = Subscription(id="w", channels=(), digest="week", week_day="mon")
    >>> [is_ripe(weekly, date(2026, 11, 19), date(2026, 11, day), "night") for day in (22, 23)]
    [False, True]
    """
    if subscription.digest == "at_once":
        return True
    end = night
    if subscription.digest == "week":
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        end = night + timedelta(days=(days.index(subscription.week_day) - night.weekday()) % 7)
    return today >= end if moment == "night" else moment == "between" and today > end


def write_ripe(store: Store, sender: Sender, moment: Moment, today: date) -> None:
    """Write and close every open alert whose time has come. What several nights owe to one subscription is one message.

    While a night is running, or was killed and may be repeated, only what is told at once is written before its end.
    """
    subscriptions = {one.id: one for one in sender.settings.subscriptions}
    running = _running(store, sender) if moment == "between" else None
    bundles: dict[tuple[str, str], list[OpenAlert]] = {}
    for alert in outbox.open_alerts(store, now=sender.clock()):
        subscription = subscriptions.get(alert.subscription)
        if subscription is None:
            outbox.close_alert(store, alert.id, channels=(), payload="", now=sender.clock())
        elif is_ripe(subscription, alert.night, today, moment) and not _is_unfinished(subscription, alert, running):
            bundles.setdefault((alert.subscription, alert.about), []).append(alert)
    for (name, _), alerts in bundles.items():
        _write(store, sender, subscriptions[name], alerts)


def _running(store: Store, sender: Sender) -> str | None:
    """The night that is running. One that says so for longer than a night may last was killed."""
    since = sender.clock() - timedelta(seconds=sender.settings.fetch.max_night_s) - HOUR
    night = store.value("SELECT max(night) FROM runs WHERE status = 'running' AND started >= ?", time_text(since))
    return night and str(night)


def _is_unfinished(subscription: Subscription, alert: OpenAlert, running: str | None) -> bool:
    return subscription.digest != "at_once" and running is not None and alert.night.isoformat() >= running


def _write(store: Store, sender: Sender, subscription: Subscription, alerts: Sequence[OpenAlert]) -> None:
    """Close alerts as one message, under the id of the first, of the night of the last."""
    first, *others = alerts
    with store.writing():
        outbox.gather(store, first.id, [alert.id for alert in others])
        # read inside the transaction: what is closed counts as told
        for whole in outbox.pending(store, now=sender.clock(), only=first.id):
            told = replace(whole, night=alerts[-1].night)
            message = message_of(store, sender, subscription, told)
            outbox.close_alert(store, first.id, channels=subscription.channels, payload=message, now=sender.clock())


def message_of(store: Store, sender: Sender, subscription: Subscription, alert: Alert) -> bytes:
    """The message of an alert as it is sent."""
    background = background_of(
        store, alert, own=(*subscription.places, *subscription.entities), competitors=subscription.competitors,
        address=sender.settings.inspect.address, names_of=names_of,
    )  # fmt: skip
    return digest.payload_bytes(alert, subscription=subscription, background=background)


def _send_due(store: Store, sender: Sender) -> Sent:
    known = {channel.id: channel for channel in sender.settings.channels}
    by_channel: dict[str, list[Delivery]] = {}
    for due in deliveries.due_deliveries(store, now=sender.clock()):
        by_channel.setdefault(due.channel, []).append(due)
    failed = waiting = 0
    work: list[tuple[Channel, list[Delivery]]] = []
    for name, due_here in by_channel.items():
        channel = known.get(name)
        if channel is None:
            failed += _fail_all(store, sender, due_here)
        elif _is_closed(store, sender, channel):
            failed += len(due_here)
        else:
            now, later = _within_rate(store, sender, channel, due_here)
            waiting += later
            work.append((channel, now))
    sent = 0
    reports = reports_of(store, sender.settings, work)
    for outcome in send_side_by_side(work, sender.settings, sender.environment, sender.clock, sender.budget, reports):
        if outcome.error is None:
            sent += 1
        elif outcome.was_tried:
            failed += 1
        else:
            waiting += 1
        _record(store, sender, outcome)
    return Sent(sent, failed, waiting)


def _fail_all(store: Store, sender: Sender, due: Sequence[Delivery]) -> int:
    for one in due:
        error = "the settings define no such channel"
        log.warning("alert %s is owed over channel %s: %s", one.alert_id, one.channel, error)
        deliveries.record_delivery(store, one.alert_id, one.channel, ok=False, error=error, now=sender.clock())
    return len(due)


def _is_closed(store: Store, sender: Sender, channel: Channel) -> bool:
    """Whether the channel's receiver was gone before; what is owed over it is then given up. Another address opens it."""
    closed = deliveries.closed_channels(store).get(channel.id)
    if closed is None:
        return False
    if closed.address != address_mark(channel, sender.environment):
        deliveries.open_channel(store, channel.id)
        return False
    deliveries.give_up(store, channel.id, f"its receiver is gone since {closed.closed}", sender.clock())
    log.warning(
        "channel %s: its receiver is gone since %s; `evalwatch alerts` says what to do", channel.id, closed.closed
    )
    return True


def _within_rate(store: Store, sender: Sender, channel: Channel, due: list[Delivery]) -> tuple[list[Delivery], int]:
    """What the channel may take now; how many wait."""
    now = sender.clock()
    most = most_per_minute(channel, sender.environment)
    tried = deliveries.tried_since(store, channel.id, now - MINUTE) if most else []
    go, until = split_by_rate(len(due), tried, most, now)
    if go < len(due):
        deliveries.postpone(store, due[go:], until)
    return due[:go], len(due) - go


def split_by_rate(number: int, tried: Sequence[datetime], most: int | None, now: datetime) -> tuple[int, datetime]:
    """How many of so many messages may go now, and when the others may, of which the times of the last minute are known."""
    if most is None:
        return number, now
    go = max(min(number, most - len(tried)), 0)
    # where more go now, they fill the minute from now on
    return go, (tried[0] if tried and not go else now) + MINUTE


def _record(store: Store, sender: Sender, outcome: Outcome) -> None:
    due, error = outcome.delivery, outcome.error
    if error is None:
        deliveries.record_delivery(store, due.alert_id, due.channel, ok=True, error=None, now=sender.clock())
        return
    if not outcome.was_tried:
        return
    log.warning("alert %s not delivered: %s", due.alert_id, error)
    gone = bool(getattr(error, "gone", False))
    with store.writing():
        deliveries.record_delivery(
            store, due.alert_id, due.channel, ok=False, error=str(error), now=sender.clock(), gone=gone,
            wait_s=float(getattr(error, "wait_s", 0)),
        )  # fmt: skip
        if gone:
            channel = next(one for one in sender.settings.channels if one.id == due.channel)
            mark = address_mark(channel, sender.environment)
            deliveries.close_channel(store, due.channel, mark, str(error), sender.clock())
