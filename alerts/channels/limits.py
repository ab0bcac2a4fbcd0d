"""What services take: how long a message may be, how many in a minute, and in which form it looks best.

Apprise counts characters; most services that speak Chinese count bytes of UTF-8, of which a Chinese character has three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from alerts.render import Form

__all__ = ["LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one service."""

    form: Form | None = None
    """In which form a message is sent. None: the first that Apprise has for the service."""
    per_minute: int | None = None
    """No more messages in a minute. None: no limit known."""
    most_chars: int | None = None
    """Characters of a message. None: as Apprise has it."""
    most_bytes: Mapping[Form, int] = field(default_factory=dict)
    """Bytes of a message in UTF-8, by form. Not there: not limited in bytes."""


_NTFY = Limits("text", per_minute=12, most_bytes={"text": 3600, "markdown": 3600})
"""4,096 bytes; and what is longer than 8,000 bytes as ASCII JSON, six for a Chinese character, Apprise turns into an attachment."""

_MAIL = Limits("html", most_chars=200_000)
_FEISHU = Limits("text", per_minute=100, most_bytes={"text": 18_000, "markdown": 18_000})
"""100 a minute, 5 a second; a request has at most 20 KB, of which some is not message."""

LIMITS: Mapping[str, Limits] = {
    # 20 a minute, else silence for ten minutes; a request has at most 20,000 bytes
    "dingtalk": Limits("markdown", per_minute=20, most_bytes={"text": 18_000, "markdown": 18_000}),
    # 20 a minute; 4,096 bytes of markdown, 2,048 of text
    "wecombot": Limits("markdown", per_minute=20, most_bytes={"text": 2048, "markdown": 4096}),
    # 30 a minute to one person; 2,048 bytes
    "wechat": Limits("text", per_minute=30, most_bytes={"text": 2048, "markdown": 2048}),
    "feishu": _FEISHU,
    "lark": _FEISHU,
    # 20 a minute to one group; 4,096 characters. Of HTML it knows a few tags only, of Markdown a dialect of its own
    "tgram": Limits("text", per_minute=20, most_chars=4096),
    # a push to an iPhone has at most 4,096 bytes, title and address included
    "bark": Limits("text", most_bytes={"text": 3000, "markdown": 3000}),
    "barks": Limits("text", most_bytes={"text": 3000, "markdown": 3000}),
    # 60 at once, then one every five seconds
    "ntfy": _NTFY,
    "ntfys": _NTFY,
    "mailto": _MAIL,
    "mailtos": _MAIL,
    "discord": Limits("markdown", per_minute=30, most_chars=2000),
    # its Markdown is a dialect of its own
    "slack": Limits("text", per_minute=60),
}
"""By the scheme of the Apprise URL; what is not here has the limits that Apprise knows."""
