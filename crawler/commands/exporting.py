"""`evalwatch export`: results, mentions or articles as a file for other programs."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.filters import filter_options, wanted_results
from crawler.commands.options import database_option, database_path, existing, load, settings_option
from crawler.commands.outfile import STANDARD_OUTPUT, writing_to
from crawler.errors import UsageError

if TYPE_CHECKING:
    from storage.database import Store
    from storage.export import Lines
    from storage.wanted import Wanted

__all__ = ["export"]

_FEED = 100
"""Entries of a feed unless --limit says otherwise."""
_ENDINGS = {
    ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet", ".atom": "atom", ".xml": "atom",
}  # fmt: skip

EXAMPLES = """\b
Examples:
  evalwatch export --output results.csv --excel          for Excel: all results, one line each
  evalwatch export --place 湖北 --since 2026-11-01 > new.csv
  evalwatch export --what mentions --output says.parquet every statement with its exact words
  evalwatch export --format jsonl | jq -r .entity
  evalwatch export --place 湖北 --output hubei.atom      a feed of the last hundred results
  evalwatch export --what articles --text --output texts.jsonl

What the columns mean stands in docs/export.md. A file takes its name only when it is whole. In CSV a cell that a spreadsheet would
run as a formula has an apostrophe before it; JSON Lines and Parquet hold every text as it is.

Example:  evalwatch export --place 湖北 --output hubei.csv
"""


@click.command(epilog=EXAMPLES)
@settings_option
@database_option
@filter_options
@click.option(
    "--what",
    type=click.Choice(["results", "mentions", "articles"]),
    default="results",
    metavar="WHAT",
    help="results (default), mentions (who says what in which words), articles (those that state one of the results asked for; "
    "without a filter all).",
)
@click.option(
    "--output",
    "-o",
    default=STANDARD_OUTPUT,
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Write this file, or - for standard output (default).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl", "parquet", "atom"]),
    metavar="FORMAT",
    help="csv, jsonl, parquet, atom (a feed of the last results).  [default: by the ending of FILE, else csv]",
)
@click.option("--excel", is_flag=True, help="CSV that Excel opens as UTF-8: with a byte order mark.")
@click.option("--text", is_flag=True, help="Articles with their text, in which start and end of mentions count.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most N lines; of a feed the last N results.  [default: all; 100 of a feed]",
)
def export(
    settings_file: str | None, database: str | None, what: Any, output: str, form: Any, limit: int | None, *, excel: bool,
    text: bool, **filters: Any,
) -> int:  # fmt: skip
    """Write results, mentions or articles as CSV, JSON Lines, Parquet or a feed, each with words, outlet and link.

    Lines are written as they are read, however many there are, and show one state of the database even while a night runs.
    """
    from storage.database import open_store
    from storage.export import export_lines

    form = form or _ENDINGS.get(Path(output).suffix.lower(), "csv")
    _refuse(what, output, form, excel=excel, text=text)
    settings, _ = load(settings_file)
    with open_store(existing(database_path(database, settings)), readonly=True, checked=False) as store:
        wanted = wanted_results(store, settings, **filters)
        if form == "atom":
            number = _write_feed(store, wanted, output, limit or _FEED)
        else:
            lines = export_lines(store, what, wanted, limit=limit, text=text)
            number = _write(lines, output, form, excel=excel)
    if output != STANDARD_OUTPUT:
        click.echo(f"{number:,} {what} in {output}, {_size(Path(output))}", err=True)
    elif not number:
        click.echo(f"No {what} are what you ask for.", err=True)
    return 0


def _refuse(what: str, output: str, form: str, *, excel: bool, text: bool) -> None:
    """Raise UsageError for options that do not go together, before anything is read."""
    if excel and form != "csv":
        raise UsageError("--excel is for CSV", hint="Leave it away, or give --format csv")
    if form == "atom" and what != "results":
        raise UsageError("a feed holds results", hint="Leave --what away, or take another --format")
    if text and what != "articles":
        raise UsageError("--text is for articles", hint="Leave it away, or give --what articles")
    if form == "parquet":
        from storage.export import parquet_is_here

        if not parquet_is_here():
            raise UsageError(
                "Parquet needs the package arro3-io, which is not installed",
                hint="pip install 'evalwatch[parquet]', or take --format csv or jsonl",
            )
        if output == STANDARD_OUTPUT and sys.stdout.isatty():
            raise UsageError("Parquet is nothing for a terminal", hint="Give --output FILE")


def _write(lines: Lines, output: str, form: Any, *, excel: bool) -> int:
    from storage.export import write_file

    with writing_to(output) as file:
        return write_file(lines, file, form, excel=excel)


def _write_feed(store: Store, wanted: Wanted, output: str, most: int) -> int:
    """A feed of the results that were found last. It is the same feed as long as the same is asked of the same database."""
    from alerts.result_feed import result_feed
    from storage.results import find_results, value_times

    rows = list(find_results(store, wanted, limit=most))
    times = value_times(store, [row["fact_key"] for row in rows])
    own = store.value("SELECT id FROM installation")
    asked = {name: value for name, value in asdict(replace(wanted, run=None, since=None)).items() if value}
    page = result_feed(rows, times, (str(own), json.dumps(asked, sort_keys=True)), title=f"evalwatch: {_title(wanted)}")
    with writing_to(output) as file:
        file.write(page)
    return len(rows)


def _title(wanted: Wanted) -> str:
    """What a feed is about, by its filters."""
    told = [
        wanted.places,
        wanted.entities,
        wanted.series,
        wanted.groups,
        wanted.subjects,
        wanted.kinds,
        wanted.statuses,
    ]
    years = {str(year) for year in (wanted.first_year, wanted.last_year) if year}
    return ", ".join([*(part for parts in told for part in parts), "-".join(sorted(years))]).strip(", ") or "results"


def _size(path: Path) -> str:
    size = float(path.stat().st_size)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
