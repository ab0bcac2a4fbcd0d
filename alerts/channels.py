"""The way out: one message over one channel, once per call. Trying again is the outbox's business."""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import httpx

from crawler.config import Channel, JsonlChannel, WebhookChannel, environment_value
from crawler.errors import DeliveryError, SettingsError

__all__ = ["Refused", "deliver", "sign"]

GONE = 410
"""The receiver wants no more of these: Standard Webhooks, Responding to webhooks."""

USER_AGENT = "evalwatch"


class Refused(DeliveryError):
    """The receiver is gone for good (410): do not try again."""

    gone = True


def deliver(
    channel: Channel, *, alert_id: str, payload: bytes, settings_folder: Path, environment: Mapping[str, str], now: datetime
) -> None:  # fmt: skip
    """Hand one message to one channel; returns when it has taken it.

    Raises Refused where the receiver is gone, DeliveryError for every other failure, SettingsError where a secret is not
    set or is none. No message holds a secret or the address of a webhook.
    """
    if isinstance(channel, JsonlChannel):
        _append(settings_folder / channel.path, alert_id, payload, where=channel.id)
    else:
        _post(channel, alert_id, payload, environment, now)


def _append(path: Path, alert_id: str, payload: bytes, *, where: str) -> None:
    """Append one line, synced to disk. An id that stands in the file already is not written again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the kernel frees it with the handle
            _drop_torn_line(file.fileno())
            file.seek(0)
            if any(_line_id(line) == alert_id for line in file):
                return
            record = {"id": alert_id} | json.loads(payload)
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise DeliveryError(f"cannot be written ({error.strerror})", where=f"channel {where}: {path}") from error


def _drop_torn_line(handle: int) -> None:
    """Cut off a last line without line feed: a write that was killed. Its message is still owed."""
    size = os.fstat(handle).st_size
    keep = size
    while keep and os.pread(handle, 1, keep - 1) != b"\n":
        keep -= 1
    if keep < size:
        os.ftruncate(handle, keep)


def _line_id(line: bytes) -> str | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None  # a line of somebody else's
    return record.get("id") if isinstance(record, dict) else None


def _post(
    channel: WebhookChannel, alert_id: str, payload: bytes, environment: Mapping[str, str], now: datetime
) -> None:
    where = f"channel {channel.id}"
    key = _key(environment_value(channel.secret_env, environment), channel.secret_env)
    url = channel.url or environment_value(channel.url_env or "", environment)
    timestamp = str(int(now.timestamp()))
    headers = {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "webhook-id": alert_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": sign(key, alert_id, timestamp, payload),
    }
    try:
        # no redirects: the signature was meant for this receiver
        with httpx.Client(timeout=channel.timeout_s, follow_redirects=False) as client:
            status = client.post(url, content=payload, headers=headers).status_code
    except httpx.TimeoutException:
        raise DeliveryError(f"no answer within {channel.timeout_s:g} s", where=where) from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        # the text of the error may hold the address, which may be a secret
        raise DeliveryError(f"could not be reached ({type(error).__name__})", where=where) from None
    if status == GONE:
        raise Refused("the receiver is gone (410)", where=where, hint="Remove the channel or give its new address")
    if not 200 <= status < 300:
        raise DeliveryError(f"the receiver answered {status}", where=where)


def sign(key: bytes, alert_id: str, timestamp: str, body: bytes) -> str:
    """The header webhook-signature of Standard Webhooks: v1, HMAC-SHA256 over id.timestamp.body."""
    signed = hmac.new(key, b".".join((alert_id.encode(), timestamp.encode(), body)), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def _key(secret: str, name: str) -> bytes:
    """The key behind a secret `whsec_…`."""
    hint = "A secret is whsec_ and 24 to 64 bytes in base64"
    if not secret.startswith("whsec_"):
        raise SettingsError(f"the environment variable {name} holds no webhook secret", hint=hint)
    encoded = secret.removeprefix("whsec_")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        raise SettingsError(f"the environment variable {name} holds no base64 behind whsec_", hint=hint) from None
    if not key:
        raise SettingsError(f"the environment variable {name} holds an empty webhook secret", hint=hint)
    return key
