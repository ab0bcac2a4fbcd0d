"""Which results a user asks for: the options that results, export and report share, and what the names typed stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click
from click.shell_completion import CompletionItem

from crawler.config import Settings
from crawler.errors import UsageError
from crawler.items import GROUPS, KINDS_OF_RESULT, SUBJECTS

if TYPE_CHECKING:
    from storage.database import Store
    from storage.wanted import Wanted

__all__ = ["filter_options", "run_asked", "run_option", "wanted_results"]

Command = TypeVar("Command", bound=Callable[..., Any])

STATUSES = ("single", "corroborated", "refined", "disputed", "withdrawn")


def _years(_context: click.Context, _option: click.Parameter, given: str | None) -> tuple[int | None, int | None]:
    """2020; 2018-2020; 2018-; -2020."""
    if given is None:
        return None, None
    match = re.fullmatch(r"(\d{4})?(-)?(\d{4})?", given.strip())
    if match is None or not (match[1] or match[3]):
        raise click.BadParameter(f"{given!r} is no year: 2020, 2018-2020, 2018- or -2020")
    first, last = (int(year) if year else None for year in (match[1], match[3]))
    if not match[2]:
        return first, first
    if first and last and first > last:
        raise click.BadParameter(f"{first} is later than {last}")
    return first, last


def _run(_context: click.Context, _option: click.Parameter, given: str | None) -> int | str | None:
    if given is None or given == "last":
        return given
    if not re.fullmatch(r"[1-9][0-9]{0,8}", given):
        raise click.BadParameter(f"{given!r} is no run: its number, or `last`")
    return int(given)


def _complete_places(_context: click.Context, _option: click.Parameter, typed: str) -> list[CompletionItem]:
    from crawler.extract.suggest import names_beginning

    return [CompletionItem(name) for name in names_beginning(typed)] if typed else []


def _complete_series(_context: click.Context, _option: click.Parameter, typed: str) -> list[CompletionItem]:
    from crawler.extract.rulebook import load_rulebook

    named = sorted((rule.key, rule.name) for rule in load_rulebook().series)
    return [CompletionItem(key, help=name) for key, name in named if key.startswith(typed)]


def _complete_run(_context: click.Context, _option: click.Parameter, typed: str) -> list[CompletionItem]:
    return [CompletionItem("last", help="the newest run that ended")] if "last".startswith(typed) else []


run_option = click.option(
    "--run", metavar="last|N", callback=_run, shell_complete=_complete_run,
    help="Only what this run found, refined or disputed.",
)  # fmt: skip

_OPTIONS = (
    click.option(
        "--place", "places", multiple=True, metavar="PLACE", shell_complete=_complete_places,
        help="Only this place and what lies below it, under all its names: 湖北, 武汉, 湖北省/武汉市, 420100. Repeatable.",
    ),
    click.option(
        "--entity", "entities", multiple=True, metavar="NAME", shell_complete=_complete_places,
        help="Only this entity itself: a ministry (工信部), an organisation, a place. Repeatable.",
    ),
    click.option(
        "--series", multiple=True, metavar="KEY", shell_complete=_complete_series,
        help="Only this series: cstc-website, or its Chinese name. Repeatable.",
    ),
    click.option(
        "--year", metavar="YEAR", callback=_years, help="Only this evaluation year, or these: 2020, 2018-2020, 2018-."
    ),
    click.option(
        "--group", "groups", multiple=True, type=click.Choice(GROUPS), metavar="GROUP",
        help="Only this group: province, capital, county … Repeatable.",
    ),
    click.option(
        "--subject", "subjects", multiple=True, type=click.Choice(SUBJECTS), metavar="SUBJECT",
        help="Only what is judged: website, new_media, open_data … Repeatable.",
    ),
    click.option(
        "--kind", "kinds", multiple=True, type=click.Choice(KINDS_OF_RESULT), metavar="KIND",
        help=f"Only outcomes of this kind: {', '.join(KINDS_OF_RESULT)}. Repeatable.",
    ),
    click.option(
        "--status", "statuses", multiple=True, type=click.Choice(STATUSES), metavar="STATUS",
        help=f"Only with this status: {', '.join(STATUSES)}. Repeatable.  [default: all but withdrawn]",
    ),
    click.option(
        "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
        help="Only what was first seen on or after this day (2024-12-20) in the timezone of the schedule.",
    ),
    run_option,
)  # fmt: skip


def filter_options(command: Command) -> Command:
    """The command with all options by which results are narrowed down."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def wanted_results(
    store: Store, settings: Settings, *, places: Sequence[str], entities: Sequence[str], series: Sequence[str],
    year: tuple[int | None, int | None], groups: tuple[str, ...], subjects: tuple[str, ...], kinds: tuple[str, ...],
    statuses: tuple[str, ...], since: datetime | None, run: int | str | None,
) -> Wanted:  # fmt: skip
    """What the options ask for. Raises UsageError for a name that stands for nothing or for several; what else a name could
    stand for is told on standard error."""
    from storage.wanted import Wanted

    named = _names(store, places, entities, series) if places or entities or series else {}
    return Wanted(
        **named,
        groups=groups,
        subjects=subjects,
        kinds=kinds,
        statuses=statuses,
        first_year=year[0],
        last_year=year[1],
        since=since.replace(tzinfo=ZoneInfo(settings.schedule.timezone)) if since else None,
        run=None if run is None else run_asked(store, run),
    )


def _names(
    store: Store, places: Sequence[str], entities: Sequence[str], series: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """What the names typed stand for, by the fields of Wanted."""
    from crawler.commands.naming import (  # 0.5 s that a number does not need
        Known,
        entity_names,
        place_paths,
        series_key,
    )

    known = Known(store)
    return {
        "places": tuple(path for place in places for path in place_paths(known, place)),
        "entities": tuple(name for entity in entities for name in entity_names(known, entity)),
        "series": tuple(series_key(known, key) for key in series),
    }


def run_asked(store: Store, run: int | str) -> int:
    """The number of the run that is meant. Raises UsageError where there is none."""
    from storage.runs import last_finished_run

    newest = last_finished_run(store)
    if isinstance(run, str):
        if not newest:
            raise UsageError("no run has ended yet", where=str(store.path), hint="Run a night first: evalwatch run")
        return newest
    if store.value("SELECT 1 FROM runs WHERE id = ?", run) is None:
        there = f"The newest is {newest}" if newest else "None has ended yet"
        raise UsageError(f"no run {run}", where=str(store.path), hint=there)
    return run
