"""A frozen payload → the message as a service takes it: short enough, and with the word that it demands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alerts.render import Form, Message, render

__all__ = ["write"]


def write(
    payload: Mapping[str, Any],
    form: Form,
    *,
    most_chars: int,
    most_bytes: int | None = None,
    keyword: str | None = None,
) -> Message:
    """The message in that form, of at most so many characters and bytes of UTF-8, and with the keyword in it."""
    tail = f"\n\n{keyword}" if keyword and form != "html" else ""
    message = render(
        payload, form, most_chars=most_chars - len(tail),
        most_bytes=None if most_bytes is None else most_bytes - len(tail.encode()),
    )  # fmt: skip
    if keyword is None or keyword in message.body:
        return message
    title = message.title if tail or keyword in message.title else f"{keyword} {message.title}"
    return Message(title, message.body + tail)
