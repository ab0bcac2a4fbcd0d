"""`evalwatch alerts`: what is owed, sent and given up; sending, and sending again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from crawler.commands.options import database_option, database_path, existing, json_option, load, settings_option
from crawler.commands.samples import show_alert, test_channels
from crawler.commands.screen import alerts_table, printable, show
from crawler.config import Settings
from crawler.errors import AlreadyRunning, UsageError

__all__ = ["alerts"]


@click.group(
    invoke_without_command=True,
    epilog="Example:  evalwatch alerts --state owed",
)
@settings_option
@database_option
@click.option("--state", type=click.Choice(["owed", "sent", "dead", "gone"]), help="Only those in this state.")
@json_option
@click.pass_context
def alerts(
    context: click.Context, settings_file: str | None, database: str | None, state: str | None, *, as_json: bool
) -> int:
    """List the alerts and what became of them over each channel, oldest first; or send them, or send them again.

    \b
    owed  waits for its time, or is tried again: after 1, 2, 4 … 60 minutes, for 7 days
    sent  the channel took it
    dead  given up after 7 days: evalwatch alerts retry
    gone  the receiver said that it wants no more (410); its channel stays closed until its address changes
    """
    if context.invoked_subcommand is not None:
        return 0
    from storage.database import open_store
    from storage.deliveries import closed_channels
    from storage.outbox import list_alerts

    settings, _ = load(settings_file)
    with open_store(existing(database_path(database, settings)), readonly=True, checked=False) as store:
        rows = [row for row in list_alerts(store) if state in (None, row["state"])]
        closed = closed_channels(store)
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return 0
    if rows:
        show(alerts_table(rows))
    else:
        click.echo("No alerts.", err=True)
    for channel in closed.values():
        click.echo(printable(
            f"Channel {channel.channel} is closed since {channel.closed}: {channel.reason}. To open it again give its new address in "
            f"the settings, or: evalwatch alerts test {channel.channel}"
        ), err=True)  # fmt: skip
    if dead := sum(row["state"] == "dead" and row["channel"] is not None for row in rows):
        click.echo(f"{dead} dead. To send again: evalwatch alerts retry ID, or --all-dead", err=True)
    return 0


def _opened(context: click.Context, settings_file: str | None, database: str | None) -> tuple[Settings, Path, Path]:
    """Settings, their file and the database, of a sub-command or else of `evalwatch alerts` in front of it."""
    given = context.parent.params if context.parent else {}
    settings, path = load(settings_file or given.get("settings_file"))
    return settings, path, database_path(database or given.get("database"), settings)


@alerts.command(epilog="Example:  evalwatch alerts send")
@settings_option
@database_option
@json_option
@click.pass_context
def send(context: click.Context, settings_file: str | None, database: str | None, *, as_json: bool) -> int:
    """Send now what is owed and due. For cron, every few minutes between nights; `evalwatch serve` does it by itself.

    Exit code 1 where a channel did not take a message, 75 where another process is sending.
    """
    settings, path, file = _opened(context, settings_file, database)
    return _deliver(settings, path, existing(file), as_json=as_json)


@alerts.command(epilog="Example:  evalwatch alerts retry msg_1f0c42d6a0b7e935")
@click.argument("alert_id", metavar="[ID]", required=False)
@click.option("--all-dead", is_flag=True, help="All that is dead or gone.")
@settings_option
@database_option
@json_option
@click.pass_context
def retry(
    context: click.Context, alert_id: str | None, settings_file: str | None, database: str | None, *, all_dead: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Send again what was given up, under the same id: one alert, or all of them. It is then owed for another 7 days."""
    from storage.database import open_store
    from storage.deliveries import send_again

    if (alert_id is None) == (not all_dead):
        raise UsageError("says not what to send again", hint="Give the ID of an alert, or --all-dead")
    settings, path, file = _opened(context, settings_file, database)
    with open_store(existing(file)) as store:
        again = send_again(store, datetime.now(UTC), alert_id)
    if not again and alert_id is not None:
        raise UsageError(f"nothing of {alert_id} is dead or gone", hint="`evalwatch alerts` lists what is")
    return _deliver(settings, path, file, as_json=as_json, again=again)


def _deliver(settings: Settings, path: Path, database: Path, *, as_json: bool, again: int | None = None) -> int:
    from crawler.delivery import Sender, Sent, deliver, require_channels
    from storage.database import open_store

    require_channels(settings, path)
    with open_store(database) as store:
        sent = deliver(store, Sender(settings), "between")
    if not sent.is_whole:
        raise AlreadyRunning("another process is sending", where=str(database), hint="What is owed stays owed")
    if as_json:
        counts = {"sent": sent.sent, "failed": sent.failed, "waiting": sent.waiting}
        click.echo(json.dumps(counts if again is None else {"again": again} | counts))
    else:
        words = [f"{sent.sent} sent" if sent != Sent() else "nothing is due"]
        words += [f"{sent.failed} failed: see evalwatch alerts"] if sent.failed else []
        words += [f"{sent.waiting} wait for their turn"] if sent.waiting else []
        line = ("" if again is None else f"{again} to send again: ") + ", ".join(words)
        click.echo(f"{line[0].upper()}{line[1:]}.")
    return 1 if sent.failed else 0


@alerts.command(epilog="Example:  evalwatch alerts test everything")
@click.argument("name")
@settings_option
@database_option
@json_option
@click.pass_context
def test(context: click.Context, name: str, settings_file: str | None, database: str | None, *, as_json: bool) -> int:
    """Send a made-up message, which says so, to a channel or to all channels of a subscription. NAME is the id of either.

    One line per channel tells what happened. A channel that was closed is open again when it takes the message.
    """
    settings, _, file = _opened(context, settings_file, database)
    outcomes = test_channels(settings, file, name)
    _tell_outcomes(outcomes, as_json=as_json)
    return 1 if any(outcome["error"] for outcome in outcomes) else 0


def _tell_outcomes(outcomes: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    for outcome in outcomes:
        if as_json:
            click.echo(json.dumps(outcome, ensure_ascii=False))
        else:
            words = f"failed: {outcome['error']}" if outcome["error"] else "sent"
            click.echo(printable(f"{outcome['channel']}: {words}"))


@alerts.command("show", epilog="Example:  evalwatch alerts show msg_1f0c42d6a0b7e935 --form markdown")
@click.argument("alert_id", metavar="ID")
@click.option(
    "--form",
    type=click.Choice(["text", "markdown", "html"]),
    default="text",
    show_default=True,
    help="How it is written.",
)
@settings_option
@database_option
@json_option
@click.pass_context
def show_one(
    context: click.Context, alert_id: str, form: str, settings_file: str | None, database: str | None, *, as_json: bool
) -> int:
    """Print the message of an alert as it was or will be sent. ID is its id, or how that begins; --json prints what a webhook gets."""
    settings, _, file = _opened(context, settings_file, database)
    text = show_alert(settings, existing(file), alert_id, None if as_json else form)
    click.echo(text if as_json or form == "html" else printable(text))
    return 0
