"""`evalwatch history`: one place or body over the years."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.lines import show_history
from crawler.commands.options import database_option, database_path, existing, json_option, load, settings_option
from crawler.errors import UsageError
from crawler.items import GROUPS, SUBJECTS, Lineage

if TYPE_CHECKING:
    from storage.database import Store

__all__ = ["history"]


@click.command(
    epilog="Example:  evalwatch history 湖北省/武汉市 --since-year 2018", no_args_is_help=True,
)  # fmt: skip
@click.argument("place")
@settings_option
@database_option
@click.option("--series", metavar="KEY", help="Only this series: cstc-website.")
@click.option(
    "--group", type=click.Choice(GROUPS), metavar="GROUP", help="Only among these: province, capital, county …"
)
@click.option(
    "--subject", type=click.Choice(SUBJECTS), metavar="SUBJECT", help="Only this: website, service, new_media …"
)
@click.option("--since-year", type=int, metavar="YEAR", help="Only evaluation years from this one on.")
@click.option("--indicators", is_flag=True, help="Also places in sub-indices (信息公开指数); --json has them always.")
@json_option
def history(
    place: str, settings_file: str | None, database: str | None, series: str | None, group: str | None, subject: str | None,
    since_year: int | None, *, indicators: bool, as_json: bool,
) -> int:  # fmt: skip
    """Show how PLACE stood over the years: a chart and a table per series and group.

    PLACE is a name as people say it (湖北, 武汉, 湖北省/武汉市, 发改委) or a code (420100). Former names count: 郫县 is 郫都区. A change
    is told only within one series, group and subject, and against the last place known, whichever year that was.
    """
    from storage.database import open_store  # other commands start without the database
    from storage.history import entity_history, history_as_json

    settings, _ = load(settings_file)
    with open_store(existing(database_path(database, settings)), readonly=True, checked=False) as store:
        meant = entity_meant(store, place)
        lines = entity_history(
            store, meant.names, series=series, group=group, subject=subject, since_year=since_year
        )  # fmt: skip
    told = history_as_json(lines)
    if as_json:
        click.echo(json.dumps(_as_json(meant, told), ensure_ascii=False))
    elif told:
        show_history(meant, told, series_names(), indicators=indicators)
    else:
        click.echo(f"No results of {meant.name}" + ("." if not _narrowed(series, group, subject, since_year) else
                   " with these options: leave some away."), err=True)  # fmt: skip
    return 0


def _narrowed(*options: object) -> bool:
    return any(option is not None for option in options)


def _as_json(meant: Lineage, told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "entity": meant.name,
        "code": meant.code,
        "names": list(meant.names),
        "became": list(meant.became),
        "lines": list(told),
    }


def series_names() -> dict[str, str]:
    """Names of the series by key."""
    from crawler.extract.rulebook import load_rulebook  # 0.1 s that JSON need not wait for

    return {key: series.name for key, series in load_rulebook().series_by_key.items()}


def entity_meant(store: Store, words: str) -> Lineage:
    """Whom these words mean among those with results.

    Raises UsageError with the candidates where several are possible, and where nobody is known by these words.
    """
    from crawler.extract import lineages_of
    from crawler.read.script import simplify
    from storage.history import entities_like, is_stored

    asked = simplify(words).strip()
    known = lineages_of(asked)
    found = [lineage for lineage in known if is_stored(store, lineage.names)]
    # a text may have named somebody in a way that was not understood
    as_printed = [asked] if known and is_stored(store, [asked]) else [] if known else entities_like(store, asked)
    found += [Lineage(name, None, (name,)) for name in as_printed if all(name not in one.names for one in found)]
    if len(found) == 1 or (len(known) == 1 and not found):
        return (found or list(known))[0]
    if not found:
        raise UsageError(
            f"nobody is known as {words!r}" if not known else f"no results of any {words!r}",
            hint="Give a full name (湖北省/武汉市) or a code (420100); `evalwatch results` lists what there is",
        )
    raise UsageError(f"{words!r} may be several", hint=f"Give one of: {'; '.join(map(_with_code, found))}")


def _with_code(lineage: Lineage) -> str:
    return f"{lineage.name} ({lineage.code})" if lineage.code else lineage.name
