"""The way out: one message over one channel, once per call. Trying again is the outbox's business.

webhook (Standard Webhooks), every service that Apprise has a URL for, an Atom feed per subscription, a file of JSON lines.
httpx and apprise are used nowhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from alerts.channels.files import add_to_feed, append_line
from alerts.channels.outcomes import Busy, Refused
from alerts.channels.services import Attached, BadUrl, limits_of, send, service_of
from alerts.channels.webhook import post_signed, sign
from crawler.config import AppriseChannel, AtomChannel, Channel, JsonlChannel, WebhookChannel

__all__ = ["Attached", "Busy", "Refused", "address_mark", "deliver", "faults", "most_per_minute", "sign"]


def deliver(
    channel: Channel, *, alert_id: str, payload: bytes, settings_folder: Path, environment: Mapping[str, str], now: datetime,
    report: Attached | None = None,
) -> None:  # fmt: skip
    """Hand one message to one channel; returns when it has taken it. A `report` goes with it where the service takes files.

    Raises Refused where the receiver is gone, Busy where it asks to wait, DeliveryError for every other failure, SettingsError
    where a secret is not set or is none. No message holds a secret or the address of a receiver.
    """
    if isinstance(channel, JsonlChannel):
        append_line(channel, settings_folder, alert_id, payload)
    elif isinstance(channel, WebhookChannel):
        post_signed(channel, alert_id, payload, environment, now)
    elif isinstance(channel, AppriseChannel):
        send(channel, json.loads(payload), environment, report)
    else:
        message = json.loads(payload)
        add_to_feed(channel, settings_folder, alert_id, message, now, str(message["data"]["subscription"]))


def most_per_minute(channel: Channel, environment: Mapping[str, str]) -> int | None:
    """How many messages the channel takes in a minute: what the settings say, else what its service is known to take. None: any
    number."""
    if isinstance(channel, JsonlChannel | AtomChannel):
        return None
    if channel.per_minute is not None or isinstance(channel, WebhookChannel):
        return channel.per_minute
    return limits_of(_address(channel, environment)).per_minute


def address_mark(channel: Channel, environment: Mapping[str, str]) -> str:
    """A mark of where the channel leads, from which nobody learns the address: it changes when the address does."""
    if isinstance(channel, JsonlChannel):
        address = channel.path
    elif isinstance(channel, AtomChannel):
        address = channel.folder
    else:
        address = _address(channel, environment)
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def faults(channels: Sequence[Channel], environment: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Channel, key, what is wrong and what would be right, of every URL that names no service. A variable that is not set is no
    such fault: its messages wait for it. Apprise is imported only where a channel needs it."""
    for channel in channels:
        if not isinstance(channel, AppriseChannel):
            continue
        address = _address(channel, environment)
        if not address:
            continue
        try:
            service_of(address)
        except BadUrl as error:
            if channel.url is not None:
                yield channel.id, "url", error.what, error.hint
            else:
                yield channel.id, "url_env", f"= {channel.url_env!r}: its value {error.what}", error.hint


def _address(channel: WebhookChannel | AppriseChannel, environment: Mapping[str, str]) -> str:
    return channel.url or environment.get(channel.url_env or "", "")
