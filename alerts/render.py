"""A frozen payload → what a channel sends: plain text, Markdown or HTML, as short as it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from alerts.harmless import clipped, markdown_words, plain_words
from alerts.lines import outline
from alerts.outline import Outline
from alerts.render_html import html_document
from alerts.render_markdown import markdown_of
from alerts.render_text import text_of

__all__ = ["MOST_LINES", "Form", "Message", "render"]

Form = Literal["text", "markdown", "html"]

MOST_LINES = 120
"""Lines of facts in a message, however long it may be; who wants more looks at the pages."""

_WRITERS: dict[Form, Callable[[Outline], str]] = {
    "text": text_of, "markdown": markdown_of, "html": html_document,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends."""

    title: str
    """One short line of plain text: subject of a mail, title of a push."""
    body: str
    """The whole message in the form asked for; plain text and Markdown begin with a line that is the title, HTML is a document."""

    @property
    def rest(self) -> str:
        """The body of plain text or Markdown without the title, for what shows a title of its own."""
        return self.body.partition("\n")[2].lstrip("\n")


def render(
    payload: Mapping[str, Any], form: Form, *, most_chars: int | None = None, most_bytes: int | None = None
) -> Message:
    """The message of a payload in that form. Its body has at most so many characters, and bytes in UTF-8: what is too long goes
    without the exact words of its last lines, but for one's own; then it is cut between facts, and says how many are left and where."""
    told = outline(payload).first(MOST_LINES)
    title = plain_words(told.title)
    write = _WRITERS[form]

    def fits(body: str) -> bool:
        return _is_within(body, most_chars, most_bytes)

    if fits(body := write(told)):
        return Message(title, body)
    # the words of as many lines as there is room for; then as many lines without them
    brief = told.brief()
    for shorten, most in (
        (told.brief, told.lines),
        (brief.first, told.lines),
        (_without_tables(brief).first, told.lines),
    ):
        if (found := _longest(shorten, most, write, fits)) is not None:
            return Message(title, found)
    if not fits(body := write(told.first(0))):
        body = "" if form == "html" else title if form == "text" else markdown_words(title)
        while body and not fits(body):
            body = clipped(body, len(body) - 1) if len(body) > 1 else ""
    return Message(title, body)


def _is_within(text: str, most_chars: int | None, most_bytes: int | None) -> bool:
    return (most_chars is None or len(text) <= most_chars) and (most_bytes is None or len(text.encode()) <= most_bytes)


def _without_tables(told: Outline) -> Outline:
    return told.first(told.lines, with_tables=False)


def _longest(
    shorten: Callable[[int], Outline], most: int, write: Callable[[Outline], str], fits: Callable[[str], bool]
) -> str | None:
    """The body as long as it fits, of at least one line; None where not even that does."""
    if fits(best := write(shorten(most))):
        return best
    found, low, high = None, 0, most
    while high - low > 1:  # with `low` lines it fits, with `high` it does not
        middle = (low + high) // 2
        if fits(body := write(shorten(middle))):
            low, found = middle, body
        else:
            high = middle
    return found
