"""`evalwatch alerts`: what is owed and was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import click

from crawler.commands.options import (
    database_option,
    database_path,
    existing,
    json_option,
    load,
    settings_option,
)
from crawler.commands.screen import alerts_table, show

__all__ = ["alerts"]


@click.command(epilog="Example:  evalwatch alerts --state owed")
@settings_option
@database_option
@click.option("--state", type=click.Choice(["owed", "sent", "dead", "gone"]), help="Only those in this state.")
@json_option
def alerts(settings_file: str | None, database: str | None, state: str | None, *, as_json: bool) -> int:
    """List the alerts owed and sent, newest first."""
    from storage.database import open_store
    from storage.outbox import list_alerts

    settings, _ = load(settings_file)
    with open_store(existing(database_path(database, settings)), readonly=True) as store:
        rows = [row for row in list_alerts(store) if state in (None, row["state"])]
    _print(rows, as_json=as_json, table=alerts_table, nothing="No alerts.")
    return 0


def _print(rows: Iterable[Mapping[str, Any]], *, as_json: bool, table: Any, nothing: str) -> None:
    found = list(rows)
    if as_json:
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif found:
        show(table(found))
    else:
        click.echo(nothing, err=True)
