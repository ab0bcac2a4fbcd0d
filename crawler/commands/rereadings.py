"""How `evalwatch reextract` looks on a terminal: each difference with its words, and the sums by rule."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from crawler.commands.reviewing import around
from crawler.commands.screen import printable

if TYPE_CHECKING:
    from storage.rereading import Difference, FactChange, ReadAs

__all__ = ["Counting", "Tally", "articles", "difference_lines", "tally_lines"]

_SIGNS = {"added": "+", "lost": "-", "changed": "~"}
_COLOURS = {"added": "green", "lost": "red", "changed": "yellow"}


class Counting:
    """A bar of articles on a terminal, nothing otherwise. Standard error only."""

    def __init__(self, total: int) -> None:
        self._bar: Progress | None = None
        self._total = total
        if sys.stderr.isatty():
            self._bar = Progress(
                TextColumn("reading again"), BarColumn(), MofNCompleteColumn(), TextColumn("articles"), TimeRemainingColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
            self._bar.add_task("", total=self._total)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self) -> None:
        if self._bar:
            self._bar.advance(self._bar.task_ids[0])


@dataclass(slots=True)
class Tally:
    """The sums of one pass."""

    from_pages: int = 0
    """Articles that were read from their pages."""
    from_text: int = 0
    """Articles that were read from the stored text."""
    failed: int = 0
    """Articles that could not be read; they stay as they are."""
    shown: int = 0
    """Articles of which a field or a result differs."""
    differing: list[str] = field(default_factory=list)
    """Ids of those that would be written: also where only rules or places differ."""
    results: Counter[str] = field(default_factory=Counter)
    """Results added, lost, changed."""
    rules: dict[str, Counter[str]] = field(default_factory=dict)
    """The same by rule: the one that reads it now, of what is lost the one that did."""
    seconds: float = 0.0
    """How long it took."""

    def fail(self) -> None:
        self.failed += 1

    def add(self, found: Difference, *, from_pages: bool) -> None:
        """Count one article."""
        self.from_pages += from_pages
        self.from_text += not from_pages
        self.shown += bool(found.facts or found.fields)
        if not found.is_same:
            self.differing.append(found.article)
        for fact in found.facts:
            self.results[fact.what] += 1
            read = fact.after or fact.before
            assert read is not None
            for rule in dict.fromkeys(read.rule.partition(":")[0].split()) or ("?",):
                self.rules.setdefault(rule, Counter())[fact.what] += 1

    def as_json(self) -> dict[str, Any]:
        return {
            "from_pages": self.from_pages, "from_stored_text": self.from_text, "failed": self.failed, "differ": self.shown,
            "to_write": len(self.differing), **{what: self.results[what] for what in _SIGNS},
            "rules": {rule: dict(counts) for rule, counts in sorted(self.rules.items())},
            "seconds": round(self.seconds, 3),
        }  # fmt: skip


def difference_lines(found: Difference, *, colour: bool) -> Iterator[str]:
    """One article: what is read otherwise."""
    yield ""
    yield printable(f"{found.article}  {found.title or '(no title)'}  {found.url}")
    for name, (before, after) in (found.fields or {}).items():
        if name == "text":
            yield f"  text: {before} → {after} characters"
        else:
            yield printable(f"  {name}: {before or '(none)'} → {after or '(none)'}")
    for fact in found.facts:
        yield from _fact_lines(fact, colour=colour)


def _fact_lines(fact: FactChange, *, colour: bool) -> Iterator[str]:
    before, after = fact.before, fact.after
    values = [read.outcome for read in (before, after) if read is not None]
    value = " → ".join(dict.fromkeys(values))
    decided = f"  ({fact.decided} by a person: that stays)" if fact.decided else ""
    line = printable(
        f"  {_SIGNS[fact.what]} {value}  {fact.entity}  {fact.series} {fact.year or '?'} {fact.group}{decided}"
    )
    yield click.style(line, fg=_COLOURS[fact.what]) if colour else line
    if before is not None and after is not None and before.words == after.words:
        was = f"{before.confidence:.2f} → " if before.confidence != after.confidence else ""
        yield from _read_lines(after, fact.entity, was)
        return
    for read in (before, after):
        if read is not None:
            yield from _read_lines(read, fact.entity, "")


def _read_lines(read: ReadAs, entity: str, confidence_before: str) -> Iterator[str]:
    words = " ".join(around(read.words, entity).split())
    yield printable(f"      “{words}”  ({read.rule or '?'}; {confidence_before}{read.confidence:.2f})")


def articles(number: int) -> str:
    """So many articles.

    >>> articles(1), articles(0)
    ('1 article', '0 articles')
    """
    return f"{number} article{'' if number == 1 else 's'}"


def tally_lines(tally: Tally) -> Iterator[str]:
    """The sums for people."""
    read = tally.from_pages + tally.from_text
    speed = f", {(read + tally.failed) / tally.seconds:.1f} articles/s" if tally.seconds else ""
    yield ""
    yield (
        f"{articles(read)} read again, {tally.from_pages} from their pages, {tally.from_text} from the stored text; "
        f"{tally.failed} could not be read. {tally.seconds:.1f} s{speed}"
    )
    rest = len(tally.differing) - tally.shown
    places = f"; {rest} more state the same by other rules or at other places" if rest > 0 else ""
    told = ", ".join(f"{tally.results[what]} {what}" for what in _SIGNS)
    yield f"Different: {articles(tally.shown)}{places}. Results: {told}"
    if tally.rules:
        yield f"  {'rule':8}{'added':>7}{'lost':>7}{'changed':>9}"
        for rule, counts in sorted(tally.rules.items(), key=lambda item: (-item[1].total(), item[0])):
            yield f"  {printable(rule):8}{counts['added']:7}{counts['lost']:7}{counts['changed']:9}"
