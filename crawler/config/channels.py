"""The ways over which alerts leave: records of [[channels]]."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from crawler.config.checks import Address, EnvironmentName, Identifier, strict

__all__ = ["KINDS_OF_CHANNEL", "AppriseChannel", "AtomChannel", "Channel", "JsonlChannel", "WebhookChannel"]


@dataclass(frozen=True, slots=True, config=strict)
class JsonlChannel:
    """Alerts are appended to a file, one JSON object per line."""

    id: Identifier
    """Unique among channels."""
    kind: Literal["jsonl"]
    """jsonl"""
    path: str
    """The file, relative to the settings file."""


@dataclass(frozen=True, slots=True, config=strict)
class WebhookChannel:
    """Alerts are posted, signed as Standard Webhooks says."""

    id: Identifier
    """Unique among channels."""
    kind: Literal["webhook"]
    """webhook"""
    secret_env: EnvironmentName
    """Environment variable that holds the secret (whsec_…)."""
    url: Address | None = None
    """Where to post. None: see url_env."""
    url_env: EnvironmentName | None = None
    """Environment variable that holds the address, where the address itself is a secret. None: see url."""
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 20.0
    """For one attempt."""
    per_minute: Annotated[int, Field(ge=1)] | None = None
    """No more messages in a minute than this; the others wait. None: no limit."""


@dataclass(frozen=True, slots=True, config=strict)
class AppriseChannel:
    """Alerts go to a service by its Apprise URL: 企业微信, 钉钉, 飞书, e-mail, Bark, ntfy, Telegram … (docs/alerts.md)."""

    id: Identifier
    """Unique among channels."""
    kind: Literal["apprise"]
    """apprise"""
    url: Annotated[str, Field(min_length=1)] | None = None
    """The URL, where it holds no secret. None: see url_env."""
    url_env: EnvironmentName | None = None
    """Environment variable that holds the URL; most URLs are secrets. None: see url."""
    form: Literal["text", "markdown", "html"] | None = None
    """How the message is written. None: the richest form that the service shows well."""
    keyword: Annotated[str, Field(min_length=1)] | None = None
    """A word that the service demands in each message (钉钉, 飞书). It is added where the message lacks it. None: none."""
    per_minute: Annotated[int, Field(ge=1)] | None = None
    """No more messages in a minute than this; the others wait. None: what the service is known to take."""
    most_chars: Annotated[int, Field(ge=100)] | None = None
    """Longest message; what is beyond is folded to a link. None: what the service is known to take."""
    attach_report: bool = False
    """Attach the report of the whole night (one HTML page, as `evalwatch report` writes it) to messages of results. For mail, and
    services that take files; others send the message alone."""
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 20.0
    """For one attempt."""


@dataclass(frozen=True, slots=True, config=strict)
class AtomChannel:
    """Alerts become entries of an Atom feed: one file for each subscription."""

    id: Identifier
    """Unique among channels."""
    kind: Literal["atom"]
    """atom"""
    folder: str
    """Where the files lie, relative to the settings file; each is named <subscription>.xml."""
    entries: Annotated[int, Field(ge=1, le=5000)] = 200
    """The newest so many are kept in a feed."""


Channel = Annotated[
    JsonlChannel | WebhookChannel | AppriseChannel | AtomChannel,
    Field(discriminator="kind"),
]

KINDS_OF_CHANNEL = ("jsonl", "webhook", "apprise", "atom")
"""What stands in `kind`."""
