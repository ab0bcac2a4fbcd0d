"""A webhook, signed as Standard Webhooks says."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from alerts.channels.posting import post
from crawler.config import WebhookChannel, environment_value
from crawler.errors import SettingsError

__all__ = ["post_signed", "sign"]


def post_signed(
    channel: WebhookChannel, alert_id: str, payload: bytes, environment: Mapping[str, str], now: datetime
) -> None:
    """Post the very bytes, signed. Raises as `post` does, and SettingsError where the secret is none."""
    key = _key(environment_value(channel.secret_env, environment), channel.secret_env)
    url = channel.url or environment_value(channel.url_env or "", environment)
    timestamp = str(int(now.timestamp()))
    headers = {
        "content-type": "application/json",
        "webhook-id": alert_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": sign(key, alert_id, timestamp, payload),
    }
    post(url, payload, headers, timeout_s=channel.timeout_s, where=f"channel {channel.id}")


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
