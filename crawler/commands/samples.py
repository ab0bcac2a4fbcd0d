"""What `evalwatch alerts test` sends, and what `evalwatch alerts show` prints."""

from __future__ import annotations

import difflib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, cast
from zoneinfo import ZoneInfo

from crawler.config import Channel, Settings, Subscription
from crawler.errors import EvalwatchError, UsageError

__all__ = ["show_alert", "test_channels"]


def test_channels(settings: Settings, database: Path, name: str) -> list[dict[str, Any]]:
    """Send a sample over the channels of that name; for each its channel, and the error or None. Raises UsageError for a name
    that is neither a channel's nor a subscription's."""
    from alerts.channels import deliver
    from alerts.sample import sample_message

    subscription, channels = _named(settings, name)
    now = datetime.now(UTC)
    night = now.astimezone(ZoneInfo(settings.schedule.timezone)).date()
    outcomes: list[dict[str, Any]] = []
    for channel in channels:
        alert_id = f"msg_test_{token_hex(8)}"
        payload = sample_message(subscription, alert_id, night=night, now=now, address=settings.inspect.address)
        error: str | None = None
        try:
            deliver(
                channel, alert_id=alert_id, payload=payload, settings_folder=Path(settings.folder), environment=os.environ,
                now=now,
            )  # fmt: skip
        except EvalwatchError as failure:
            error = str(failure)
        outcomes.append({"channel": channel.id, "kind": channel.kind, "id": alert_id, "error": error})
    _open_channels(database, [one["channel"] for one in outcomes if one["error"] is None])
    return outcomes


def _named(settings: Settings, name: str) -> tuple[Subscription, list[Channel]]:
    """The subscription of that name with its channels, or a channel with a subscription to everything."""
    by_id = {channel.id: channel for channel in settings.channels}
    for subscription in settings.subscriptions:
        if subscription.id == name:
            if not subscription.channels:
                raise UsageError(f"subscription {name!r} has no channel", hint="Give it one in the settings")
            return subscription, [by_id[channel] for channel in subscription.channels]
    if name in by_id:
        return Subscription(id="test", channels=(name,)), [by_id[name]]
    known = [*by_id, *(subscription.id for subscription in settings.subscriptions)]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(dict.fromkeys(known)) or 'none'}"
    raise UsageError(f"no channel or subscription {name!r}", hint=hint)


def _open_channels(database: Path, names: list[str]) -> None:
    """Channels that took a message are closed no more."""
    from storage.database import open_store
    from storage.deliveries import closed_channels, open_channel

    if not database.is_file() or not names:
        return
    with open_store(database) as store:
        closed = [name for name in names if name in closed_channels(store)]
        with store.writing():
            for name in closed:
                open_channel(store, name)


def show_alert(settings: Settings, database: Path, alert_id: str, form: str | None) -> str:
    """The message of an alert in that form; None: as JSON. Raises UsageError for an id that no alert has, or several begin with."""
    from alerts.render import Form, render
    from storage.database import open_store
    from storage.outbox import find_alerts, frozen_payload

    with open_store(database, readonly=True, checked=False) as store:
        found = find_alerts(store, alert_id)
        if len(found) != 1:
            what = f"{len(found)} alerts begin with" if found else "there is no alert"
            raise UsageError(f"{what} {alert_id!r}", hint="evalwatch alerts lists them with their ids")
        text = frozen_payload(store, found[0]) or _unwritten(settings, store, found[0])
    payload = json.loads(text)
    if form is None:
        return json.dumps(payload, ensure_ascii=False, indent=2)
    return render(payload, cast("Form", form)).body


def _unwritten(settings: Settings, store: Any, alert_id: str) -> str:
    """What an alert that is still open would say now."""
    from crawler.delivery import Sender, message_of
    from storage.outbox import pending

    for alert in pending(store, datetime.now(UTC), only=alert_id):
        for subscription in settings.subscriptions:
            if subscription.id == alert.subscription:
                return message_of(store, Sender(settings), subscription, alert).decode()
    raise UsageError(f"{alert_id} has no message", hint="Its subscription is not in the settings any more")
