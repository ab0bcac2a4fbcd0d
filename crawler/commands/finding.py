"""`evalwatch results`: what nights have found, as a table or for programs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.filters import filter_options, wanted_results
from crawler.commands.options import (
    database_option,
    database_path,
    existing,
    json_option,
    load,
    settings_option,
)

if TYPE_CHECKING:
    from storage.database import Store
    from storage.wanted import Wanted

__all__ = ["results"]

Rows = Iterator[Mapping[str, Any]]

_SHOWN = 200
"""Results that a table on a terminal has unless --limit says otherwise."""
_LEAST_WIDTH = 100
"""Columns of a terminal under which what neighbours have in common stands above them."""
_AT_A_TIME = 1000

EXAMPLES = """\b
Examples:
  evalwatch results --place 武汉 --words          who says what of a city, in which words
  evalwatch results --series cstc-website --year 2020 --group province
                                                 a ranking table, the best place first
  evalwatch results --run last                   what the last night found
  evalwatch results --status disputed --words    where articles contradict each other
  evalwatch results --place 湖北 --format markdown > hubei.md

A table on a terminal fits its width; into a pipe every result is one whole line, for grep. --json (the same as --format jsonl)
gives each result with all its mentions; --format csv is that of `evalwatch export`.

Example:  evalwatch results --place 湖北 --year 2020
"""


@click.command(epilog=EXAMPLES)
@settings_option
@database_option
@filter_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N results.")
@click.option(
    "--sort",
    "order",
    type=click.Choice(["found", "rank"]),
    metavar="found|rank",
    help="found: the last found first; rank: the newest year, the best place first.  [default: rank with --series and --year, "
    "else found]",
)
@click.option("--words", is_flag=True, help="Below each result of a table who says it, where, and the exact words.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "jsonl", "markdown"]),
    default="table",
    metavar="FORMAT",
    help="table (default), csv, json (one array), jsonl (one object per line), markdown.",
)
@json_option
def results(
    settings_file: str | None, database: str | None, limit: int | None, order: str | None, form: str, *, words: bool,
    as_json: bool, **filters: Any,
) -> int:  # fmt: skip
    """List the results found so far, with who says so in which words."""
    from storage.database import open_store  # other commands start without the database
    from storage.results import find_results

    settings, _ = load(settings_file)
    form = "jsonl" if as_json else form
    with open_store(existing(database_path(database, settings)), readonly=True, checked=False) as store:
        wanted = wanted_results(store, settings, **filters)
        if form == "csv":
            return _csv(store, wanted, limit)
        ranked = order == "rank" or (order is None and bool(wanted.series) and wanted.first_year is not None)
        most = limit or (_SHOWN if form == "table" and sys.stdout.isatty() else None)
        found = find_results(store, wanted, order="rank" if ranked else "found", limit=most)
        number = _PRINTERS[form](found, words=words)
        if not number:
            _tell_nothing(store, wanted)
        elif number == most and limit is None:
            _tell_more(store, wanted, number)
    return 0


def _table(found: Rows, *, words: bool) -> int:
    """Lines as wide as the terminal; whole ones, however wide, where the output is no terminal."""
    from crawler.commands.layout import COLUMNS, cells_of, fitted, sectioned, words_of

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    number, least = 0, [0] * len(COLUMNS)
    while rows := list(islice(found, _AT_A_TIME)):
        cells = [cells_of(row) for row in rows]
        if width is not None and width < _LEAST_WIDTH:
            lines = sectioned(cells, width)
        else:
            heads = [] if number else [COLUMNS]
            lines, least = fitted([*heads, *cells], width, least=least)
            if heads:
                click.secho(lines.pop(0), bold=True)
        for line, row in zip(lines, rows, strict=True):
            click.echo("\n".join([line, *words_of(row)]) if words else line)
        number += len(rows)
    return number


def _jsonl(found: Rows, *, words: bool) -> int:  # noqa: ARG001 - all words are there anyway
    number = 0
    for row in found:
        click.echo(json.dumps(row, ensure_ascii=False))
        number += 1
    return number


def _json(found: Rows, *, words: bool) -> int:  # noqa: ARG001 - all words are there anyway
    """One array, a line per result."""
    number = 0
    for number, row in enumerate(found, 1):
        click.echo(("[" if number == 1 else ",\n") + json.dumps(row, ensure_ascii=False), nl=False)
    click.echo("]" if number else "[]")
    return number


def _markdown(found: Rows, *, words: bool) -> int:  # noqa: ARG001 - links lead to them
    from crawler.commands.layout import markdown

    number = -2  # its head
    for line in markdown(found):
        click.echo(line)
        number += 1
    return number


_PRINTERS: Mapping[str, Callable[..., int]] = {
    "table": _table,
    "jsonl": _jsonl,
    "json": _json,
    "markdown": _markdown,
}


def _csv(store: Store, wanted: Wanted, limit: int | None) -> int:
    from storage.export import export_lines, write_file

    out = sys.stdout.buffer
    number = write_file(export_lines(store, "results", wanted, limit=limit), out, "csv")
    out.flush()
    if not number:
        _tell_nothing(store, wanted)
    return 0


def _tell_more(store: Store, wanted: Wanted, shown: int) -> None:
    from storage.results import count_results

    if (every := count_results(store, wanted)) > shown:
        click.echo(
            f"The first {shown} of {every}: narrow them down, or give --limit, or take evalwatch export.", err=True
        )


_FILTERS = {
    "--place": {"places": ()}, "--entity": {"entities": ()}, "--series": {"series": ()},
    "--year": {"first_year": None, "last_year": None}, "--group": {"groups": ()}, "--subject": {"subjects": ()},
    "--kind": {"kinds": ()}, "--status": {"statuses": ()}, "--since": {"since": None}, "--run": {"run": None},
}  # fmt: skip


def _tell_nothing(store: Store, wanted: Wanted) -> None:
    """Say that there is nothing, and which filter alone is the reason."""
    from storage.results import count_results
    from storage.wanted import EVERYTHING

    every = count_results(store, EVERYTHING)
    if not every:
        click.echo("No results yet. Run a night first: evalwatch run --help", err=True)
        return
    click.echo(f"None of {every} results is what you ask for.", err=True)
    for name, empty in _FILTERS.items():
        wider: Wanted = replace(wanted, **empty)  # type: ignore[arg-type]  # the defaults of these fields
        if wider not in (wanted, EVERYTHING) and (number := count_results(store, wider)):
            click.echo(f"  Without {name}: {number}", err=True)
