"""`evalwatch coverage`: how much of each evaluation is known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import click

from alerts.wording import GROUPS, SUBJECTS
from crawler.commands.history import series_names
from crawler.commands.options import database_option, database_path, existing, json_option, load, settings_option
from crawler.commands.screen import printable

__all__ = ["coverage", "coverage_words"]

Row = Mapping[str, Any]

MOST_RUNS = 12
"""So many stretches of missing places are named; --json has all."""


@click.command(epilog="Example:  evalwatch coverage --series cstc-website --year 2020")
@settings_option
@database_option
@click.option("--series", metavar="KEY", help="Only this series: cstc-website.")
@click.option("--year", type=int, metavar="YEAR", help="Only this evaluation year.")
@click.option("--indicators", is_flag=True, help="Also places in sub-indices (信息公开指数); --json has them always.")
@json_option
def coverage(
    settings_file: str | None, database: str | None, series: str | None, year: int | None, *, indicators: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Show how many of the places that each evaluation announced are known, and which are missing.

    A place counts as announced when it, or a later one, or a bound beyond it (前十) was stated of anybody in the group.
    """
    from storage.coverage import query_coverage  # other commands start without the database
    from storage.database import open_store

    settings, _ = load(settings_file)
    with open_store(existing(database_path(database, settings)), readonly=True, checked=False) as store:
        rows = query_coverage(store, series=series, year=year)
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif rows:
        click.echo("\n\n".join("\n".join(block) for block in _blocks(rows, series_names(), indicators=indicators)))
    else:
        click.echo("No evaluations. Has a night run? See: evalwatch run --help", err=True)
    return 0


def _blocks(rows: Sequence[Row], series: Mapping[str, str], *, indicators: bool) -> Iterator[list[str]]:
    """The lines of one evaluation after the other."""
    for _, group in groupby(rows, key=lambda row: row["evaluation_id"]):
        own = list(group)
        first = own[0]
        name = first["evaluation"] if first["series"] == "other" else series.get(first["series"], first["series"])
        lines = [printable(f"{name}  {first['year'] or '?'}  [{first['series']}]")]
        shown = [row for row in own if indicators or row["indicator"] is None]
        lines += [printable(f"  {_scope(row)}: {coverage_words(row)}") for row in shown]
        if len(shown) < len(own):
            lines.append(f"  {len(own) - len(shown)} more in sub-indices: --indicators")
        yield lines


def _scope(row: Row) -> str:
    parts = (
        GROUPS["zh"].get(row["group"], row["group"]),
        SUBJECTS["zh"].get(row["subject"], row["subject"]),
        row["indicator"],
    )
    return " · ".join(part for part in parts if part)


def coverage_words(row: Row) -> str:
    """What is known of one group, in a sentence.

    >>> row = {"announced": 10, "captured": 7, "missing": [(3, 3), (6, 6), (9, 9)], "bounded": 0, "judged": 32, "clashing": [],
    ...        "disputed": 0, "results": 7}
    >>> coverage_words(row)
    'ranks 1–10 announced, 7 captured: missing 3, 6, 9; 32 judged'
    """
    parts = []
    if row["announced"] is None:
        parts.append(f"no ranks, {_number(row['results'], 'result')}")
    else:
        announced = f"ranks 1–{row['announced']}" if row["announced"] > 1 else "rank 1"
        runs = [str(first) if first == last else f"{first}–{last}" for first, last in row["missing"]]
        missing = ", ".join(runs[:MOST_RUNS])
        if len(runs) > MOST_RUNS:
            missing += f" … ({row['missing_number']} in all)"
        ties = f" ({row['captured']} with ties)" if row["captured"] != row["announced"] else ""
        captured = f"{row['captured']} captured: missing {missing}" if missing else f"all captured{ties}"
        parts.append(f"{announced} announced, {captured}")
    if row["bounded"]:
        parts.append(f"{row['bounded']} known by a bound only")
    if row["judged"]:
        parts.append(f"{row['judged']} judged")
    if row["clashing"]:
        parts.append(f"several at {', '.join(map(str, row['clashing']))} though nobody calls it shared")
    if row["disputed"]:
        parts.append(f"{row['disputed']} disputed")
    return "; ".join(parts)


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
