"""`evalwatch sources`: what is watched, how it does, whether it can be read, and how another one is added."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from crawler.commands.adding import add
from crawler.commands.child import run_child
from crawler.commands.options import database_option, database_path, json_option, load, settings_option
from crawler.commands.screen import Progress, checks_table, show, sources_table
from crawler.config import Settings
from crawler.errors import EvalwatchError, RecordingError, UsageError

__all__ = ["sources"]


@click.group(
    invoke_without_command=True,
    epilog="Example:  evalwatch sources --group provinces",
)
@settings_option
@database_option
@click.option("--group", metavar="GROUP", help="Only this group: provinces, media, search …")
@json_option
@click.pass_context
def sources(
    context: click.Context, settings_file: str | None, database: str | None, group: str | None, *, as_json: bool
) -> int:
    """List the sources of the settings and how they did.

    state: healthy, quiet (read well, nothing new), broken, blocked (robots.txt or a wall), new (no night has visited it).
    With --json one object per source.
    """
    context.obj = (settings_file, database)
    if context.invoked_subcommand is not None:
        return 0
    settings, path = load(settings_file)
    known = sorted({source.group for source in settings.sources if source.group})
    if group is not None and group not in known:
        raise UsageError(f"no source is in the group {group!r}", where=str(path), hint=f"There are: {', '.join(known)}")
    rows = [row for row in _rows(settings, _states(database_path(database, settings))) if group in (None, row["group"])]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif rows:
        show(sources_table(rows))
    else:
        click.echo("The settings define no sources: add [[sources]]", err=True)
    return 0


def _states(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """How each source did, as the database has it; nothing without one."""
    from storage.database import open_store
    from storage.health import source_states

    if not path.is_file():
        return {}
    with open_store(path, readonly=True) as store:
        return source_states(store)


def _rows(settings: Settings, states: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": source.id, "name": source.name, "kind": source.kind, "group": source.group, "region": source.region,
            "access": source.access, "family": source.family, "enabled": source.enabled, "verified": source.verified,
            "interval": source.interval, "entry": list(source.entry),
            "last_success": states.get(source.id, {}).get("last_success"),
            "state": states.get(source.id, {}).get("state", "new"),
            "symptoms": states.get(source.id, {}).get("symptoms", []),
        }
        for source in settings.sources
    ]  # fmt: skip


def _complete_source(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Ids of sources, for the shell."""
    parent = context.parent.params if context.parent else {}
    try:
        settings, _ = load(context.params.get("settings_file") or parent.get("settings_file"))
    except EvalwatchError:
        return []
    return [CompletionItem(one.id, help=one.name) for one in settings.sources if one.id.startswith(begun)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a check is asked to do."""

    ids: tuple[str, ...]
    """Which sources; empty: all."""
    recording: Path | None
    """The WARC file that answers. None: the bundled fixtures, or the network."""
    live: bool
    """Whether the network answers."""


@sources.command(epilog="Example:  evalwatch sources check hubei fujian --live")
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=_complete_source)
@click.option(
    "--replay", is_flag=False, flag_value="", metavar="[FILE]",
    help="Answer from the bundled fixtures, or from this WARC file. No network. [default]",
)  # fmt: skip
@click.option("--live", is_flag=True, help="Visit the sites: the named sources, else all enabled ones.")
@settings_option
@json_option
@click.pass_context
def check(
    context: click.Context,
    ids: tuple[str, ...],
    replay: str | None,
    settings_file: str | None,
    *,
    live: bool,
    as_json: bool,
) -> int:
    """Visit each source once and tell what its list page and one article gave. Nothing is stored.

    Exit code 1 if a source is broken. A bundled fixture is a recorded list and article built to what is known of the site:
    it shows that evalwatch reads such pages, --live that the site still has them.

    \b
      evalwatch sources check                                all of them over the bundled fixtures
      evalwatch sources check hubei --live                   the site itself
      evalwatch sources check hubei --replay night1.warc.gz  a recording of yours
    """
    outer, database = context.obj
    settings, path = load(settings_file or outer)
    asked = _asked(settings, ids, replay, live=live)
    for name in asked.ids:
        if settings.source(name) is None:
            known = ", ".join(source.id for source in settings.sources)
            raise UsageError(f"no source {name!r}", where=str(path), hint=f"There are: {known}")
    rows = _checked(asked, path, database_path(database, settings))
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        _tell(rows, {source.id: source.family for source in settings.sources})
    if not asked.live:
        _tell_unchecked(settings, asked, rows)
    return 1 if any(row["state"] == "broken" for row in rows) else 0


def _asked(settings: Settings, ids: tuple[str, ...], replay: str | None, *, live: bool) -> _Asked:
    """What was asked: a word behind --replay may be the first id."""
    if live and replay is not None:
        raise UsageError("--live and --replay exclude each other")
    if replay and not Path(replay).is_file():
        if settings.source(replay) is None:
            raise RecordingError("no such file", where=replay, hint="Give a WARC file, or nothing for the bundled ones")
        return _Asked((replay, *ids), None, live=False)
    return _Asked(ids, Path(replay) if replay else None, live=live)


def _checked(asked: _Asked, settings: Path, database: Path) -> list[dict[str, Any]]:
    """What the child found, source by source, in the order of the settings."""
    arguments = ["--check", *(part for name in asked.ids for part in ("--source", name))]
    with tempfile.TemporaryDirectory(prefix="evalwatch-") as folder, Progress() as progress:
        if not asked.live:
            arguments += ["--replay", str(asked.recording or _bundled(Path(folder)))]
        rows = []
        for event in run_child(settings, database, arguments):
            progress.show(event)
            if event["event"] == "checked":
                rows.append({key: value for key, value in event.items() if key != "event"})
    order = {source.id: number for number, source in enumerate(load(str(settings))[0].sources)}
    return sorted(rows, key=lambda row: order[row["source"]])


def _bundled(folder: Path) -> Path:
    from samples.fixtures import write_fixtures

    return write_fixtures(folder / "fixtures.warc.gz")


def _tell(rows: Sequence[Mapping[str, Any]], families: Mapping[str, str | None]) -> None:
    if rows:
        show(checks_table(rows, families))
    states = [row["state"] for row in rows]
    counted = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(("healthy", *states)))
    named = {families[row["source"]] for row in rows} - {None}
    sources, kinds = ("source" if len(rows) == 1 else "sources"), ("family" if len(named) == 1 else "families")
    click.echo(f"{len(rows)} {sources} of {len(named)} {kinds}: {counted}")


def _tell_unchecked(settings: Settings, asked: _Asked, rows: Sequence[Mapping[str, Any]]) -> None:
    """Say which sources the recording does not hold."""
    checked = {row["source"] for row in rows}
    names = [
        source.id for source in settings.sources if source.id in (asked.ids or checked) and source.id not in checked
    ]
    missing = names or ([] if asked.ids else [source.id for source in settings.sources if source.id not in checked])
    if missing:
        click.echo(f"Not in the recording: {', '.join(missing)}", err=True)


sources.add_command(add)
