"""`evalwatch results` and `alerts`: what the database holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import click

from crawler.commands.options import database_option, database_path, existing, json_option, load, settings_option
from crawler.commands.screen import alerts_table, results_table, show

__all__ = ["alerts", "results"]


@click.command(epilog="Example:  evalwatch results --place 湖北省 --year 2020")
@settings_option
@database_option
@click.option("--place", metavar="PLACE", help="Only this place and what lies below it: 湖北省, 湖北省/武汉市.")
@click.option("--series", metavar="KEY", help="Only this series: cstc-website.")
@click.option("--year", type=int, metavar="YEAR", help="Only this evaluation year.")
@click.option("--group", metavar="GROUP", help="Only this group: province, capital, county …")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only what was first seen on or after this day."
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N results.")
@json_option
def results(
    settings_file: str | None, database: str | None, place: str | None, series: str | None, year: int | None,
    group: str | None, since: datetime | None, limit: int | None, *, as_json: bool,
) -> int:  # fmt: skip
    """List the results found so far, with who says so in which words."""
    from storage.database import open_store  # other commands start without the database
    from storage.results import query_results

    settings, _ = load(settings_file)
    with open_store(existing(database_path(database, settings)), readonly=True) as store:
        found = query_results(store, place=place, series=series, year=year, group=group, since=_day(since), limit=limit)
    _print(
        found, as_json=as_json, table=results_table, nothing="No results. Has a night run? See: evalwatch run --help"
    )
    return 0


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


def _day(since: datetime | None) -> date | None:
    return since.date() if since else None
