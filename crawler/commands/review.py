"""`evalwatch review`: results of which a person should look at the words, and deciding about them."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from alerts.match import subscriptions_for
from crawler.commands import options
from crawler.commands.options import database_option, database_path, json_option, load, settings_option
from crawler.commands.reviewing import review_lines, sum_line
from crawler.commands.screen import printable
from crawler.config import Settings
from crawler.errors import UsageError
from crawler.items import value_words

if TYPE_CHECKING:
    from storage.review.deciding import Decided, Deciding
    from storage.review.decisions import DecisionKind

__all__ = ["review"]

SHOWN = 20
"""Results that the list shows to people, unless they ask for more."""


@dataclass(frozen=True, slots=True)
class _Act:
    """What the options ask for."""

    kind: DecisionKind | None
    """None: undo."""
    value: str | None
    """As typed."""
    reason: str | None
    """As typed."""


@click.command(epilog="Example:  evalwatch review 3f2a9c01 --correct 第6名 --reason '正文与附件不符，以附件为准'")
@click.argument("fact", required=False, metavar="[FACT]")
@settings_option
@database_option
@click.option("--accept", is_flag=True, help="What is stated stands; in a dispute the one of --value.")
@click.option("--reject", is_flag=True, help="What is stated, or the --value, does not count. Needs --reason.")
@click.option("--correct", metavar="VALUE", help="Your value takes its place: 5, 前10, 91.5, 优秀, +2. Needs --reason.")
@click.option("--undo", "undo_it", is_flag=True, help="Take back the last decision about it.")
@click.option("--value", metavar="VALUE", help="Which of several stated values.")
@click.option("--reason", metavar="TEXT", help="Why; kept with the decision.")
@click.option("--by", metavar="NAME", envvar="EVALWATCH_REVIEWER", help="Who decides [default: the user's name].")
@click.option("--interactive", is_flag=True, help="Ask about one result after another.")
@click.option("--all", "everything", is_flag=True, help="Show what was decided, too.")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="At most N results [default: 20; all with --json]."
)
@json_option
def review(
    fact: str | None, settings_file: str | None, database: str | None, *, accept: bool, reject: bool, correct: str | None,
    undo_it: bool, value: str | None, reason: str | None, by: str | None, interactive: bool, everything: bool, limit: int | None,
    as_json: bool,
) -> int:  # fmt: skip
    """List the results that need a person, or decide about one. FACT is its key, or how that begins.

    Results wait here whose values are disputed, or that were read with a confidence below 0.5, which nobody is alerted of. Each
    shows every value, who states it, the link, and the sentence with the words marked. A decision is about the values that are
    stated now: it survives a page that is read again or changes, and the result comes back when yet another value appears.
    What counts through a decision is told to subscribers in the message of the next night. Pages and words are always kept.
    """
    settings, _ = load(settings_file)
    path = _existing(database_path(database, settings))
    act = _act(accept=accept, reject=reject, correct=correct, undo_it=undo_it, value=value, reason=reason)
    who = " ".join((by or _user()).split())
    if act is not None:
        if fact is None:
            raise UsageError("which result?", hint="Give the key that `evalwatch review` shows in front of it")
        return _decide(path, settings, fact, act, who, as_json=as_json)
    if value or reason:
        raise UsageError("--value and --reason decide nothing", hint="Add --accept, --reject, --correct VALUE")
    if interactive:
        from crawler.commands.reviewer import ask_through

        if as_json or not options.is_answered():
            raise UsageError("--interactive needs a terminal", hint="Decide by options: evalwatch review FACT --accept")
        return ask_through(path, lambda: deciding_by(settings, who))
    return _show(path, fact, limit or (None if as_json else SHOWN), everything=everything, as_json=as_json)


def _act(
    *, accept: bool, reject: bool, correct: str | None, undo_it: bool, value: str | None, reason: str | None
) -> _Act | None:
    """What is asked for; None: only to see."""
    if accept + reject + (correct is not None) + undo_it > 1:
        raise UsageError("--accept, --reject, --correct and --undo exclude each other")
    if correct is not None and value is not None:
        raise UsageError("--correct takes the place of every value that is stated", hint="Leave --value away")
    if undo_it:
        return _Act(None, value, reason)
    if accept:
        return _Act("accepted", value, reason)
    if reject:
        return _Act("rejected", value, reason)
    return None if correct is None else _Act("corrected", correct, reason)


def _show(path: Path, prefix: str | None, limit: int | None, *, everything: bool, as_json: bool) -> int:
    from storage.database import open_store  # other commands start without the database
    from storage.review.waiting import find_fact, review_list, review_of

    with open_store(path, readonly=True) as store:
        if prefix is not None:
            rows = [review_of(store, find_fact(store, prefix))]
            count = 1
        else:
            rows, count = review_list(store, everything=everything, limit=limit)
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return 0
    if not rows:
        click.echo("Nothing waits for review.", err=True)
        return 0
    colour = sys.stdout.isatty()
    for row in rows:
        click.echo("\n".join(review_lines(row, colour=colour, whole=prefix is not None)))
    if prefix is None:
        click.echo(sum_line(rows, count))
    return 0


def _decide(path: Path, settings: Settings, prefix: str, act: _Act, who: str, *, as_json: bool) -> int:
    from storage.database import open_store
    from storage.review.deciding import decide, undo
    from storage.review.waiting import find_fact, review_of

    deciding = deciding_by(settings, who)
    with open_store(path) as store:
        fact = find_fact(store, prefix)
        if act.kind is None:
            decided = undo(store, fact, deciding)
        else:
            decided = decide(store, fact, act.kind, act.value, reason=act.reason, deciding=deciding)
        row = review_of(store, fact)
    if as_json:
        click.echo(json.dumps(row | {"told": list(decided.told)}, ensure_ascii=False))
    else:
        click.echo(outcome_line(row, decided))
    return 0


def deciding_by(settings: Settings, who: str) -> Deciding:
    """A decision that this person makes now."""
    from storage.review.deciding import Deciding

    now = datetime.now(UTC)
    return Deciding(
        by=who,
        night=now.astimezone(ZoneInfo(settings.schedule.timezone)).date(),
        now=now,
        owed=lambda change: subscriptions_for(change, settings.subscriptions),
    )


def outcome_line(row: Mapping[str, Any], decided: Decided) -> str:
    """What a decision did, for people."""
    stands = "no value stands" if decided.after is None else f"{value_words(decided.after.result)} stands"
    status = f" ({row['status']})" if decided.after is not None else ""
    before = (
        "" if decided.before is None else f"; before: {value_words(decided.before.result)} ({decided.before.status})"
    )
    told = f". Told in the next message to: {', '.join(decided.told)}" if decided.told else ""
    return printable(f"{row['fact_key'][:8]}  {row['entity']}: {stands}{status}{before}{told}")


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UsageError(
            "no such database", where=str(path), hint="Run a night first: evalwatch run, or evalwatch demo"
        )
    return path


def _user() -> str:
    """Who is logged in; `somebody` where the system does not say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "somebody"
