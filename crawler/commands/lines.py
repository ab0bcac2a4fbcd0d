"""How the history of an entity looks on a terminal: a chart and a table per line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from alerts.wording import GROUPS, SUBJECTS
from crawler.commands.chart import chart_lines
from crawler.commands.screen import printable
from crawler.items import Lineage

__all__ = ["change_words", "place_words", "show_history"]

Row = Mapping[str, Any]

_GAP_WORDS = {
    "other_groups": "nothing known of this group",
    "no_results": "no results known",
}


def show_history(meant: Lineage, lines: Sequence[Row], series: Mapping[str, str], *, indicators: bool) -> None:
    """Print all lines: as wide as the terminal; where the output is none, as COLUMNS says, else 100 wide."""
    width = shutil.get_terminal_size((100, 24)).columns
    console = Console() if sys.stdout.isatty() else Console(width=width, no_color=True, highlight=False)
    for words in _heading(meant):
        console.print(Text(printable(words)), style="bold")
    shown = [line for line in lines if indicators or line["indicator"] is None]
    for line in shown:
        if line["series"] != "other":
            _show_line(console, meant, line, series)
    others = [line for line in shown if line["series"] == "other"]
    if others:
        console.print(Text("\nEvaluations of no known series", style="bold"))
        console.print(Padding(_others_table(others), (0, 0, 0, 2), expand=False))
    if len(shown) < len(lines):
        number = len(lines) - len(shown)
        console.print(Text(f"\n{number} sub-ind{'ices' if number > 1 else 'ex'} more: --indicators"), style="dim")


def _heading(meant: Lineage) -> Iterator[str]:
    yield f"{meant.name}  {meant.code}" if meant.code else meant.name
    if len(meant.names) > 1:
        yield f"  formerly {'、'.join(name for name in meant.names if name != meant.name)}"
    if meant.became:
        yield f"  today part of {'、'.join(meant.became)}, whose results are not counted here"


def _show_line(console: Console, meant: Lineage, line: Row, series: Mapping[str, str]) -> None:
    name = series.get(line["series"], line["series"])
    console.print(Text(printable(f"\n{name}  {_scope(line)}  [{line['series']}]"), style="bold"))
    for drawn in chart_lines(line["years"], console.width):
        console.print(Text(f"  {drawn}"), no_wrap=True)
    console.print(Padding(_line_table(meant, line["years"]), (0, 0, 0, 2), expand=False))


def _scope(line: Row) -> str:
    parts = (
        GROUPS["zh"].get(line["group"], line["group"]),
        SUBJECTS["zh"].get(line["subject"], line["subject"]),
        line["indicator"],
    )
    return " · ".join(part for part in parts if part)


def _line_table(meant: Lineage, years: Sequence[Row]) -> Table:
    """The newest year first; years without a result that follow one another for the same reason are one row."""
    table = _table("year", "place", "change", "status", "outlets", "")
    for label, standing in _runs(years):
        if standing["entity"] is None:
            table.add_row(Text(label), Text("–", "dim"), "", "", "", Text(_gap_words(standing), "dim"))
            continue
        notes = [*_stated_words(standing), *standing["also"]]
        if standing["entity"] != meant.name:
            notes.append(f"as {standing['entity'].rpartition('/')[2]}")
        table.add_row(
            Text(label), Text(place_words(standing)), _change(standing), Text(standing["status"]),
            Text(str(standing["outlets"])), Text(printable("; ".join(notes))),
        )  # fmt: skip
    return table


def _runs(years: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """From the newest year to the oldest, with equal gaps side by side taken together."""
    run: list[Row] = []
    for standing in reversed(years):
        same = run and run[-1]["entity"] is None is standing["entity"]
        if run and not (same and _gap_words(run[-1]) == _gap_words(standing)):
            yield _years(run), run[0]
            run = []
        run.append(standing)
    if run:
        yield _years(run), run[0]


def _years(run: Sequence[Row]) -> str:
    newest, oldest = run[0]["year"], run[-1]["year"]
    if newest is None:
        return "?"
    return str(newest) if newest == oldest else f"{oldest}–{newest}"


def _gap_words(standing: Row) -> str:
    if standing["what"] == "not_named":
        most = standing["announced"]
        return "not named" + (f"; known are places to {most}" if most else "")
    return _GAP_WORDS[standing["what"]]


def place_words(standing: Row) -> str:
    """The place as short as it can be said.

    >>> place_words({"rank": 5, "top": None, "tied": True}), place_words({"rank": None, "top": 10, "tied": False})
    ('5 shared', 'first 10')
    """
    if standing["rank"] is not None:
        return f"{standing['rank']}{' shared' if standing['tied'] else ''}"
    return f"first {standing['top']}" if standing["top"] is not None else "—"


def change_words(standing: Row) -> str:
    """The places gained; against which year, where that is not the year before; with ? where one of the places is disputed.

    >>> change_words({"year": 2020, "change": 2, "against": 2018, "unsure": False})
    '+2 against 2018'
    >>> change_words({"year": 2020, "change": 0, "against": 2019, "unsure": True})
    '=?'
    """
    if standing["change"] is None:
        return ""
    words = (f"{standing['change']:+d}" if standing["change"] else "=") + ("?" if standing["unsure"] else "")
    return words if standing["against"] == standing["year"] - 1 else f"{words} against {standing['against']}"


def _change(standing: Row) -> Text:
    gained = standing["change"] or 0
    return Text(change_words(standing), "green" if gained > 0 else "red" if gained < 0 else "")


def _stated_words(standing: Row) -> Iterator[str]:
    for value in standing["stated"]:
        yield value["words"] + (f"（{'、'.join(value['outlets'])}）" if value["outlets"] else "")


def _others_table(lines: Sequence[Row]) -> Table:
    """Evaluations whose editions we do not know to be of one series: one row per result, the newest first."""
    table = _table("year", "place", "status", "outlets", "evaluation", "among")
    rows = [(standing, line) for line in lines for standing in line["years"]]
    for standing, line in sorted(rows, key=lambda row: -(row[0]["year"] or 0)):
        place = place_words(standing) if standing["what"] != "other" else "；".join(standing["also"])
        table.add_row(
            Text(str(standing["year"] or "?")), Text(printable(place)), Text(standing["status"]), Text(str(standing["outlets"])),
            Text(printable(line["evaluation"])), Text(printable(_scope(line))),
        )  # fmt: skip
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column == "outlets" else "left")
    return table
