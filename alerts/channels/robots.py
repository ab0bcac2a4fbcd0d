"""The robots of 钉钉, 企业微信 and 飞书 groups, spoken to directly.

Apprise reads their URLs. Their messages are sent from here, because these services refuse with status 200 and a code in the
body (a keyword is missing, too many messages), which Apprise takes for success; and because it sends 企业微信 plain text only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from alerts.channels.outcomes import Busy
from alerts.channels.posting import post
from alerts.render import Form, Message
from crawler.errors import DeliveryError

if TYPE_CHECKING:
    from apprise import NotifyBase

__all__ = ["is_robot", "refusal", "send_to_robot"]

ROBOTS = ("dingtalk", "wecombot", "feishu", "lark")
"""Apprise's schemes for them."""

TOO_MANY = {"130101": 600.0, "410100": 600.0, "45009": 60.0, "45033": 60.0, "11232": 60.0}
"""Codes that mean too many messages, and the seconds until more are taken: 钉钉 is silent for ten minutes."""

REASONS = {
    "310000": "the text lacks the robot's keyword, or its signature or address is not accepted",
    "19024": "the text lacks the robot's keyword",
    "19021": "the robot's signature is not accepted: look at its secret, and at this machine's clock",
    "19022": "the robot does not accept this machine's address",
    "93000": "there is no robot of this key",
    "300005": "there is no robot of this token",
}
"""What the codes mean that a person can act on."""


def is_robot(service: NotifyBase) -> bool:
    """Whether the service is one of these robots."""
    return service.secure_protocol in ROBOTS


def send_to_robot(
    service: NotifyBase, message: Message, form: Form, *, timeout_s: float, where: str, hide: Callable[[str], str],
    now: Callable[[], float] = time.time,
) -> None:  # fmt: skip
    """Post one message. Raises as `post` does, Busy where there were too many, DeliveryError for every other refusal."""
    url, params, body = _request(service, message, form, now())
    content = json.dumps(body, ensure_ascii=False).encode()
    answer = post(
        url, content, {"content-type": "application/json; charset=utf-8"}, params=params, timeout_s=timeout_s, where=where
    )  # fmt: skip
    refused = refusal(answer)
    if refused is None:
        return
    code, words = refused
    reason = f"the robot refused it ({code}): {REASONS.get(code) or hide(words)}"
    if code in TOO_MANY:
        raise Busy(reason, where=where, wait_s=TOO_MANY[code])
    raise DeliveryError(reason, where=where)


def refusal(answer: bytes) -> tuple[str, str] | None:
    """Code and words of a robot that did not take a message; None where it did.

    >>> refusal(b'{"errcode":0,"errmsg":"ok"}'), refusal(b'{"code":19024,"msg":"Key Words Not Found"}')
    (None, ('19024', 'Key Words Not Found'))
    """
    try:
        said = json.loads(answer)
    except ValueError:
        return "no code", "its answer is no JSON"
    if not isinstance(said, dict):
        return "no code", "its answer is no object"
    code = next((said[name] for name in ("errcode", "code", "StatusCode") if name in said), None)
    if code == 0:
        return None
    words = said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or "no reason was given"
    return ("no code" if code is None else str(code)), str(words)


def _request(
    service: Any, message: Message, form: Form, now: float
) -> tuple[str, dict[str, str] | None, dict[str, Any]]:
    """Address, parameters and body of the request."""
    if service.secure_protocol == "dingtalk":
        params = {"access_token": service.token} | (_dingtalk_signature(service.secret, now) if service.secret else {})
        return service.notify_url.split("?")[0], params, _dingtalk_body(service, message, form)
    if service.secure_protocol == "wecombot":
        kind = "markdown" if form == "markdown" else "text"
        return service.api_url, None, {"msgtype": kind, kind: {"content": message.body}}
    address = (
        service.webhook_url if service.secure_protocol == "lark" else service.notify_url.format(token=service.token)
    )
    signed = _feishu_signature(service.user, now) if service.user else {}
    return address.rstrip("/"), None, signed | _feishu_body(message, form)


def _dingtalk_body(service: Any, message: Message, form: Form) -> dict[str, Any]:
    at = {"atMobiles": service.targets, "isAtAll": False}
    if form == "markdown":
        # the title is what the list of chats shows
        return {"msgtype": "markdown", "markdown": {"title": message.title, "text": message.body}, "at": at}
    return {"msgtype": "text", "text": {"content": message.body}, "at": at}


def _dingtalk_signature(secret: str, now: float) -> dict[str, str]:
    timestamp = str(round(now * 1000))
    signed = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(signed).decode()}


def _feishu_body(message: Message, form: Form) -> dict[str, Any]:
    if form == "markdown":
        card = {
            "header": {"title": {"tag": "plain_text", "content": message.title}},
            "elements": [{"tag": "markdown", "content": message.rest or message.body}],
        }
        return {"msg_type": "interactive", "card": card}
    return {"msg_type": "text", "content": {"text": message.body}}


def _feishu_signature(secret: str, now: float) -> dict[str, str]:
    timestamp = str(int(now))
    signed = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(signed).decode()}
