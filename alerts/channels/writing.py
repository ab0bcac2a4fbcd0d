"""A frozen payload → the message as a service takes it: short enough, and with the word that it demands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from alerts.render import Form, Message, render

__all__ = ["write"]

LEAST_CHARS = 100
"""Below, what is too long is cut off instead of written shorter."""


def write(
    payload: Mapping[str, Any],
    form: Form,
    *,
    most_chars: int,
    most_bytes: int | None = None,
    keyword: str | None = None,
) -> Message:
    """The message in that form, of at most so many characters and bytes of UTF-8, and with the keyword in it."""
    room = len(keyword) + 2 if keyword else 0
    chars = most_chars
    while True:
        message = _with_keyword(render(payload, form, most_chars=max(chars - room, 1)), form, keyword)
        length, size = len(message.body), len(message.body.encode())
        if length <= most_chars and (most_bytes is None or size <= most_bytes):
            return message
        if chars <= LEAST_CHARS:
            return replace(message, body=_cut(message.body, most_chars, most_bytes))
        share = min(most_chars / length, (most_bytes or size) / size)
        chars = max(min(chars - 1, int(min(length, chars) * share)), LEAST_CHARS)


def _with_keyword(message: Message, form: Form, keyword: str | None) -> Message:
    if keyword is None or keyword in message.body:
        return message
    title = message.title if keyword in message.title else f"{keyword} {message.title}"
    return Message(title, message.body if form == "html" else f"{keyword}\n\n{message.body}")


def _cut(body: str, most_chars: int, most_bytes: int | None) -> str:
    cut = body[:most_chars]
    return cut if most_bytes is None else cut.encode()[:most_bytes].decode(errors="ignore")
