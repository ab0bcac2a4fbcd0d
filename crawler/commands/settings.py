"""`evalwatch settings`: whether settings.toml holds, and what it means."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import click

from alerts.wording import CHANGES, GROUPS, SUBJECTS
from crawler.commands.options import json_option, load, settings_option
from crawler.commands.screen import printable
from crawler.config import Settings, Subscription, channel_mistake

__all__ = ["settings"]

_DAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip


@click.command("check", epilog="Example:  evalwatch settings check --settings /etc/evalwatch/settings.toml")
@settings_option
@json_option
def check(settings_file: str | None, *, as_json: bool) -> int:
    """Check the settings file, and say in words what it watches and who is told what.

    A mistake is one line with file, key and line number (exit code 2). What is no mistake but tells nobody is named: a channel that
    nobody uses, a secret that is not set.
    """
    from alerts.channels import faults  # Apprise: only here and where something is sent

    found, path = load(settings_file)
    for channel, key, what, hint in faults(found.channels, os.environ):
        raise channel_mistake(path, channel, key, what, hint)
    doubts = list(_doubts(found))
    if as_json:
        told = {"settings": str(path), **_summary(found), "doubts": doubts}
        click.echo(json.dumps(told, ensure_ascii=False))
        return 0
    summary = _summary(found)
    click.echo(f"{path} holds: {summary['sources']} of {summary['known_sources']} sources are visited")
    for subscription in summary["subscriptions"]:
        click.echo(
            printable(f"\n{subscription['id']} is told over {', '.join(subscription['channels']) or 'no channel'}")
        )
        for line in subscription["words"]:
            click.echo(printable(f"  {line}"))
    for number, doubt in enumerate(doubts):
        click.echo(printable(("" if number else "\n") + f"Note: {doubt}"))
    return 0


def _summary(found: Settings) -> dict[str, Any]:
    return {
        "sources": sum(source.enabled for source in found.sources),
        "known_sources": len(found.sources),
        "channels": [{"id": channel.id, "kind": channel.kind} for channel in found.channels],
        "subscriptions": [
            {"id": one.id, "channels": list(one.channels), "words": list(_words(one))} for one in found.subscriptions
        ],
    }


def _words(subscription: Subscription) -> Iterator[str]:
    """What a subscription asks for, a line for each filter."""
    names = [*(f"{place} and below" if subscription.below else place for place in subscription.places)]
    yield "whose:    " + (", ".join([*names, *subscription.entities]) or "everybody's")
    if subscription.series:
        yield "series:   " + ", ".join(subscription.series)
    if subscription.groups:
        yield "groups:   " + ", ".join(GROUPS["en"][group] for group in subscription.groups)
    if subscription.subjects:
        yield "subjects: " + ", ".join(SUBJECTS["en"][subject] or "website" for subject in subscription.subjects)
    if subscription.top is not None:
        yield f"ranks:    {subscription.top} or better"
    changes = [CHANGES["en"].get(kind, kind) for kind in subscription.changes]
    yield "changes:  " + ", ".join(changes) + f"; confidence {subscription.min_confidence:g} or more"
    if subscription.competitors:
        yield "compared: with " + ", ".join(subscription.competitors)
    weekly = f"once a week, in the night of {_DAYS[subscription.week_day]}"
    when = {"at_once": "at once", "night": "once a night", "week": weekly}[subscription.digest]
    yield f"when:     {when}, in {'Chinese' if subscription.language == 'zh' else 'English'}"


def _doubts(found: Settings) -> Iterator[str]:
    """What is no mistake but may not be meant."""
    from crawler.extract import lineages_of

    used = {channel for subscription in found.subscriptions for channel in subscription.channels}
    for channel in found.channels:
        if channel.id not in used:
            yield f"nobody is told over the channel {channel.id}"
        for name in (getattr(channel, "secret_env", None), getattr(channel, "url_env", None)):
            if name and channel.id in used and not os.environ.get(name):
                yield f"the channel {channel.id} needs the environment variable {name}, which is not set here"
    for one in found.subscriptions:
        if not one.channels:
            yield f"the subscription {one.id} has no channel: nobody hears of it"
        if not one.changes:
            yield f"the subscription {one.id} names no kind of change: it is told nothing"
        unknown = [name for name in (*one.entities, *one.competitors) if not lineages_of(name)]
        for name in unknown:
            yield f"the subscription {one.id} names {name}, which is no ministry or place known here: it is taken as printed"


settings = click.Group(
    "settings", commands=[check], help="Look at the settings file.", epilog="Example:  evalwatch settings check"
)
