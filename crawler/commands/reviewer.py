"""`evalwatch review --interactive`: one result after another, with one question each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.reviewing import review_lines
from crawler.errors import UsageError

if TYPE_CHECKING:
    from storage.database import Store
    from storage.review.deciding import Deciding
    from storage.review.decisions import DecisionKind

__all__ = ["ask_through"]

_ANSWERS: Mapping[str, DecisionKind] = {"a": "accepted", "r": "rejected", "c": "corrected"}


def ask_through(path: Path, deciding: Callable[[], Deciding]) -> int:
    """Show everything that waits, one by one, and decide as answered. What cannot be decided so is asked again."""
    from storage.database import open_store
    from storage.review.waiting import review_list, review_of

    with open_store(path) as store:
        rows, count = review_list(store)
        for number, row in enumerate(rows, 1):
            # another result may have been decided meanwhile, but this one is as it is now
            current = review_of(store, row["fact_key"])
            if current["why"] not in ("disputed", "doubtful"):
                continue
            click.echo(f"\n{number} of {count}", nl=False)
            click.echo("\n".join(list(review_lines(current, colour=sys.stdout.isatty(), whole=True))))
            if not _ask(store, current, deciding):
                break
    return 0


def _ask(store: Store, row: Mapping[str, Any], deciding: Callable[[], Deciding]) -> bool:
    """Ask until it is decided or skipped; False: stop."""
    from crawler.commands.review import outcome_line
    from storage.review.deciding import decide
    from storage.review.waiting import review_of

    while True:
        answer = click.prompt(
            "accept, reject, correct, skip, quit", type=click.Choice(["a", "r", "c", "s", "q"]), default="s"
        )
        if answer in ("s", "q"):
            return bool(answer == "s")
        kind = _ANSWERS[answer]
        value = click.prompt("the right value") if kind == "corrected" else _which(row)
        reason = click.prompt("reason", default="" if kind == "accepted" else None, show_default=False)
        try:
            decided = decide(store, row["fact_key"], kind, value, reason=reason, deciding=deciding())
        except UsageError as error:
            click.echo(str(error), err=True)
            continue
        click.echo(outcome_line(review_of(store, row["fact_key"]), decided))
        return True


def _which(row: Mapping[str, Any]) -> str | None:
    """The value that is meant, by its number; None where there is but one."""
    values = [value["outcome"] for value in row["values"] if value["counts"]]
    if len(values) < 2:
        return None
    for number, value in enumerate(values, 1):
        click.echo(f"  {number}  {value}")
    return str(values[click.prompt("which", type=click.IntRange(1, len(values))) - 1])
