"""`evalwatch run`, `serve` and `demo`: nights."""

from __future__ import annotations

import json
import logging
import shutil
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from crawler.commands.options import database_option, database_path, json_option, load, settings_option
from crawler.commands.screen import Progress, new_results_lines, summary_lines
from crawler.config import load_settings
from crawler.errors import RecordingError, UsageError

__all__ = ["demo", "run", "serve"]


@click.command(epilog="Example:  evalwatch run --replay night1.warc.gz --database test.db")
@settings_option
@database_option
@click.option("--replay", multiple=True, metavar="FILE", help="Answer every request from this WARC file; repeatable.")
@click.option("--source", "only", multiple=True, metavar="ID", help="Visit only this source; repeatable.")
@click.option(
    "--deep", type=click.IntRange(min=1), metavar="N",
    help="Read N pages of every list, whatever is known of them, for rows that were added with an old date.",
)  # fmt: skip
@json_option
def run(
    settings_file: str | None, database: str | None, replay: tuple[str, ...], only: tuple[str, ...], deep: int | None,
    *, as_json: bool,
) -> int:  # fmt: skip
    """Run one night now: visit the sources, store what is new, send the alerts that are owed."""
    import scheduler  # the other commands start without it

    settings, path = load(settings_file)
    for source_id in only:
        if settings.source(source_id) is None:
            known = ", ".join(source.id for source in settings.sources)
            raise UsageError(f"no source {source_id!r}", where=str(path), hint=f"There are: {known}")
    for name in replay:
        if not Path(name).is_file():
            raise RecordingError("no such file", where=name, hint="Give a WARC file")
    _log_plainly()
    night = scheduler.Night(
        settings, path, database_path(database, settings), tuple(Path(name) for name in replay), only, deep
    )
    with Progress() as progress:
        summary = scheduler.run_night(night, report=progress.show)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False))
    else:
        _tell(summary, night.database)
    return scheduler.EXIT_CODES[summary["status"]]


def _tell(summary: dict[str, Any], database: Path) -> None:
    """Print what a night found and who was alerted."""
    from storage.database import open_store
    from storage.outbox import list_alerts
    from storage.results import query_results

    with open_store(database, readonly=True) as store:
        found = query_results(store, run=summary["run"])
        alerted = [row for row in list_alerts(store) if row["created"] >= summary["started"]]
    click.echo("\n".join([*summary_lines(summary, alerted), *new_results_lines(found)]))


@click.command(epilog="Example:  evalwatch serve --settings /etc/evalwatch/settings.toml")
@settings_option
@database_option
def serve(settings_file: str | None, database: str | None) -> int:
    """Run a night at the time that [schedule] says, every day, until stopped."""
    import scheduler

    settings, path = load(settings_file)
    _log_plainly()
    night = scheduler.Night(settings, path, database_path(database, settings))
    zone = ZoneInfo(settings.schedule.timezone)

    def started(due: datetime | None) -> None:
        logging.getLogger("evalwatch").info(
            "next night: %s", due and due.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")
        )

    def ended(summary: dict[str, Any]) -> None:
        for line in summary_lines(summary):
            logging.getLogger("evalwatch").info("%s", line)

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler.serve(night, started=started, ended=ended, stop=stop)
    logging.getLogger("evalwatch").info("stopped")
    return 0


@click.command(epilog="Example:  evalwatch demo --folder /tmp/evalwatch-demo")
@click.option("--folder", default="var/demo", show_default=True, metavar="DIR", help="Where the demo keeps its files.")
def demo(folder: str) -> int:
    """Show two nights over a small bundled web: no network, no settings to write."""
    import samples
    import scheduler

    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    settings_path = Path(shutil.copy(samples.settings_path(), place / "settings.toml"))
    settings = load_settings(settings_path)
    database = settings.path(settings.database)
    outputs = [settings.path(channel.path) for channel in settings.channels if channel.kind == "jsonl"]
    for leftover in (database, Path(f"{database}-wal"), Path(f"{database}-shm"), *outputs):
        leftover.unlink(missing_ok=True)
    _log_plainly(logging.ERROR)
    code = 0
    for number, recording in enumerate(samples.write_recordings(place), 1):
        click.secho(f"\nNight {number} of 2", bold=True)
        with Progress() as progress:
            summary = scheduler.run_night(
                scheduler.Night(settings, settings_path, database, (recording,)), report=progress.show
            )
        _tell(summary, database)
        code = max(code, scheduler.EXIT_CODES[summary["status"]])
    click.echo(
        f"\nThe database: {_nearby(database)}\nThe alerts:   {', '.join(map(_nearby, outputs))}\n\nTry next:\n"
        f"  {_program()} inspect --database {_nearby(database)}   # in the browser\n"
        f"  {_program()} results --database {_nearby(database)} --place 湖北省\n"
        f"  {_program()} alerts --database {_nearby(database)}\n"
        f"  {_program()} run --settings {_nearby(settings_path)} --replay {_nearby(place / 'night2.warc.gz')}"
        "   # again: nothing is new"
    )
    return code


def _program() -> str:
    """How the user can call evalwatch from where he is."""
    called = Path(sys.argv[0])
    try:
        return str(called.resolve().relative_to(Path.cwd()))
    except ValueError:
        return "evalwatch"


def _nearby(path: Path) -> str:
    """A path as short as it can be typed from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _log_plainly(level: int = logging.INFO) -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S", level=level)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
