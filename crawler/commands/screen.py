"""How things look on a terminal: progress, summaries, tables. Text from the web is printed as text, never as markup."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from alerts.notices import overdue_words, symptom_words
from alerts.wording import GROUPS as GROUP_NAMES
from crawler.items import CHANGE_KINDS, GROUPS, Result, Symptom, value_words

__all__ = [
    "Progress",
    "alerts_table",
    "checks_table",
    "document_lines",
    "new_results_lines",
    "outcome_words",
    "show",
    "sources_table",
    "summary_lines",
]

Row = Mapping[str, Any]
_OUTCOMES = ("rank", "tied", "top", "score", "grade", "award", "work", "improved", "change", "indicator")


class Progress:
    """Shows a night as it goes: a bar on a terminal, a line per source otherwise. Standard error only."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        if sys.stderr.isatty():
            self._bar = Bar(
                SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
                TextColumn("sources, {task.fields[articles]} articles"), TimeElapsedColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
        self._articles = 0

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
            self._bar.add_task("starting", total=None, articles=0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, event: Row) -> None:
        """Take one event of the night."""
        if event["event"] == "start" and self._bar:
            self._bar.update(self._bar.task_ids[0], total=event["sources"])
        elif event["event"] == "article":
            self._articles += 1
            if self._bar:
                self._bar.update(self._bar.task_ids[0], description=str(event["source"]), articles=self._articles)
        elif event["event"] == "checked":
            if self._bar:
                self._bar.update(self._bar.task_ids[0], advance=1, description=str(event["source"]))
        elif event["event"] == "source":
            if self._bar:
                self._bar.advance(self._bar.task_ids[0])
            else:
                click.echo(_source_line(event), err=True)


def _source_line(event: Row) -> str:
    counts = ", ".join(f"{event[name]} {name}" for name in _COUNTS if event.get(name))
    return f"  {event['id']}: {event['state']}{', ' + counts if counts else ''}"


_COUNTS = ("requested", "unchanged", "blocked", "failed", "articles", "results", "new")


def summary_lines(summary: Row, alerted: Sequence[Row] = ()) -> Iterator[str]:
    """A night in a few lines, with those who were alerted."""
    results, sent = summary["results"], summary["deliveries"]
    yield (
        f"Night of {summary['night']}: {summary['status']}. {len(summary['sources'])} sources, {summary['requests']} requests, "
        f"{summary['articles']} new articles."
    )
    told = [name for name in CHANGE_KINDS if results[name] or name not in ("corrected", "withdrawn")]
    yield f"Results: {', '.join(f'{results[name]} {name}' for name in told)}."
    waiting = f", {sent['owed']} still owed" if sent["owed"] else ""
    yield f"Alerts: {summary['alerts'] or 'none'}, {sent['sent']} sent{waiting}."
    yield from alert_lines(alerted)
    if summary["looked"]:
        yield f"Looked at again: {summary['looked']} articles, {summary['changed']} with another text."
    on_topic, silent = (sum(s.get(name, 0) for s in summary["sources"]) for name in ("on_topic", "without_facts"))
    if silent:
        yield f"On the topic: {on_topic} new articles, {silent} of them without a result."
    yield from _trouble_lines(summary["sources"])
    for late in summary.get("overdue", ()):
        yield f"  overdue: {late['name']} {late['year']}: {overdue_words(late['week'], 'en')}"


def _trouble_lines(sources: Sequence[Row]) -> Iterator[str]:
    """How the sources are that are not well, in words."""
    for source in sources:
        symptoms = [Symptom(**symptom) for symptom in source.get("symptoms", ())]
        if symptoms:
            yield printable(
                f"  {source['id']} {source['health']}: {'; '.join(symptom_words(s, 'en') for s in symptoms)}"
            )
        elif source["state"] != "healthy":
            yield f"  {source['id']} {source['state']}: see the log"


def alert_lines(alerts: Sequence[Row]) -> Iterator[str]:
    """Who was told how much over which channel."""
    for row in alerts:
        what = "notice" if row["notices"] else "result"
        number = len(row["notices"] or row["results"])
        told = f"{number} {what}" + ("" if number == 1 else "s")
        yield f"  {row['subscription']}: {told} over {row['channel'] or 'no channel'}, {row['state']}"


def outcome_words(row: Row) -> str:
    """What a result for programs says, in Chinese: 第5名, 前100, 91.5分, 优秀.

    >>> outcome_words({"rank": 3, "tied": True}), outcome_words({"top": 100})
    ('第3名（并列）', '前100')
    """
    told = {name: row[name] for name in _OUTCOMES if row.get(name) is not None}
    return value_words(Result("", "", "other", "other", "rank", "", (0, 0), **told))


def new_results_lines(found: Sequence[Row], most: int = 40) -> Iterator[str]:
    """The results of a night by evaluation and group, the newest year first; at most `most` of them."""
    heading = None
    for row in sorted(found, key=_reading_order)[:most]:
        title = f"{row['evaluation']}  {row['year'] or '?'}  {GROUP_NAMES['zh'][row['group']]}"
        if title != heading:
            heading = title
            yield f"\n{printable(title)}"
        outlets = dict.fromkeys(mention["outlet"] or mention["url"] for mention in row["mentions"])
        status = "" if row["status"] == "single" else f"  [{row['status']}]"
        yield printable(f"  {row['entity']}  {outcome_words(row)}{status}  {'、'.join(filter(None, outlets))}")
    if len(found) > most:
        yield f"  … and {len(found) - most} more: evalwatch results"


def _reading_order(row: Row) -> tuple[object, ...]:
    place = row["rank"] or row["top"] or 10_000
    return -(row["year"] or 0), row["series"], GROUPS.index(row["group"]), place, row["entity"], row["kind"]


def document_lines(document: Row) -> Iterator[str]:
    """One document of `evalwatch extract` for people."""
    yield printable(f"{document['id']}: {document['kind']}  {document['title'] or ''}")
    names = {evaluation["key"]: evaluation for evaluation in document["evaluations"]}
    for result in document["results"]:
        evaluation = names[result["evaluation"]]
        words = "，".join(outcome_words(part) for part in _parts(result))
        yield printable(
            f"  {evaluation['series']} {evaluation['year'] or '?'} {result['group']}  {result['entity']}  {words}"
        )
        yield printable(f"      “{result['evidence']}”")


def _parts(record: Row) -> Iterator[Row]:
    """The outcomes of a record of the contract, one by one."""
    for name in ("rank", "top", "score", "grade", "award", "improved", "change"):
        if record[name] not in (None, False):
            yield {name: record[name], "tied": record["tied"], "work": record["work"]}


def sources_table(rows: Sequence[Row]) -> Table:
    """Sources, one per line."""
    table = _table("id", "name", "group", "region", "access", "family", "enabled", "verified", "state", "last success")
    for row in rows:
        _add(table, row["id"], row["name"], row["group"], row["region"], row["access"], row["family"],
             _yes(row["enabled"]), _yes(row["verified"]), row["state"], row["last_success"])  # fmt: skip
    return table


def checks_table(rows: Sequence[Row], families: Mapping[str, str | None]) -> Table:
    """What a check found, one source per line."""
    table = _table("id", "family", "state", "items", "dated", "newest", "article", "s", "what is wrong")
    for row in rows:
        _add(table, row["source"], families[row["source"]], row["state"], row["items"], row["dated"], row["newest"],
             " ".join(row["fields"]), f"{row['seconds']:.2f}", row["why"])  # fmt: skip
    return table


def alerts_table(rows: Sequence[Row]) -> Table:
    """Alerts, one per line and channel."""
    table = _table("id", "subscription", "channel", "state", "attempts", "created", "results", "last error")
    for row in rows:
        _add(table, row["id"], row["subscription"], row["channel"], row["state"], row["attempts"], row["created"],
             len(row["results"]) or ", ".join(row["notices"]), row.get("last_error"))  # fmt: skip
    return table


def show(table: Table) -> None:
    """Print a table as wide as the terminal, or as wide as it needs where the output is no terminal."""
    console = Console() if sys.stdout.isatty() else Console(width=240)
    console.print(table)


def printable(text: str) -> str:
    """Text of the web without control characters, so that a page cannot move the cursor or colour the screen.

    >>> printable("湖北\\x1b[31m第五")
    '湖北[31m第五'
    """
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _add(table: Table, *values: object) -> None:
    table.add_row(*(Text(printable("" if value is None else str(value))) for value in values))


def _yes(value: object) -> str:
    return "yes" if value else "no"
