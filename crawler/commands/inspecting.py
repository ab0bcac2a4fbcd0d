"""`evalwatch inspect`: the database as pages in the browser."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alerts.wording import GROUPS, SUBJECTS, outcome_words
from crawler.commands.options import database_option, database_path, load, settings_option
from crawler.config import Settings

if TYPE_CHECKING:
    from storage.inspect.words import Outside

__all__ = ["inspect"]

PASSWORD = "EVALWATCH_INSPECT_PASSWORD"  # noqa: S105 - the name of the variable that holds it

DEMO = Path("var/demo/demo.db")
"""Where `evalwatch demo`, and so `make run`, leaves its database."""


@click.command(epilog="Example:  evalwatch inspect --database var/demo/demo.db --open")
@settings_option
@database_option
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Listen here.")
@click.option(
    "--port", default=8321, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--open", "in_browser", is_flag=True, help="Open the browser.")
def inspect(settings_file: str | None, database: str | None, host: str, port: int, *, in_browser: bool) -> int:
    """Show the database in the browser: last night, places over the years, evaluations, articles, search, SQL.

    Only this machine can reach the pages. For another --host set EVALWATCH_INSPECT_PASSWORD; the browser then asks for it.
    Nothing is ever written, and a night may run meanwhile.
    """
    from storage.inspect.app import inspect as serve  # Datasette: 0.5 s that the other commands do not need

    settings, _ = load(settings_file)

    def ready(address: str) -> None:
        click.echo(f"{address}   (stop with Ctrl-C)")
        if in_browser:
            webbrowser.open(address)

    serve(
        _found(database, database_path(database, settings)), _outside(settings), host=host, port=port,
        password=os.environ.get(PASSWORD) or None, ready=ready,
    )  # fmt: skip
    return 0


def _found(given: str | None, path: Path) -> Path:
    """The database to show; that of the demo for somebody who has seen nothing else yet."""
    if given is None and not path.is_file() and DEMO.is_file():
        click.echo(f"{path} is not there yet: this is the demo, {DEMO}", err=True)
        return DEMO
    return path


def _outside(settings: Settings) -> Outside:
    from crawler.commands.archived import archived_text
    from crawler.extract.rulebook import load_rulebook
    from crawler.read.script import simplify
    from storage.inspect.words import Outside

    folder = settings.path(settings.archive.folder)
    return Outside(
        groups=GROUPS,
        subjects=SUBJECTS,
        series={key: series.name for key, series in load_rulebook().series_by_key.items()},
        outcome=outcome_words,
        simplify=simplify,
        has_archive=lambda night: (folder / f"{night}.warc.gz").is_file(),
        archived=lambda url, night: archived_text(folder / f"{night}.warc.gz", url),
        names_of=_names_of,
    )


def _names_of(words: str) -> tuple[str, ...]:
    """All names of the place or body that has, or had, this full name or code; empty where none is known, or several are."""
    from crawler.extract import lineages_of

    found = lineages_of(words)
    return found[0].names if len(found) == 1 else ()
