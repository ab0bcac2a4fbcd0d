"""`evalwatch report`: a night as one page to keep, to print or to pass on."""

from __future__ import annotations

import json
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from crawler.commands.filters import run_asked, run_option
from crawler.commands.options import database_option, database_path, existing, json_option, load, settings_option
from crawler.commands.outfile import STANDARD_OUTPUT, writing_to
from crawler.errors import UsageError

__all__ = ["report"]

EXAMPLES = """\b
Examples:
  evalwatch report                         the last night, as evalwatch-NIGHT.html in this folder
  evalwatch report --run 12 --output night.html --open
  evalwatch report --language en --output - | mail -a 'Content-Type: text/html' -s Night me@example.org

The page holds everything itself: no script, no picture, nothing that a browser would fetch. Of a night with very many results it
shows the first of each table and says how many there are; evalwatch export --run N has all.

Example:  evalwatch report --run last --output night.html
"""


@click.command(epilog=EXAMPLES)
@settings_option
@database_option
@run_option
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Write this file, or - for standard output.  [default: evalwatch-NIGHT.html here; a pipe gets the page]",
)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of the page.")
@click.option(
    "--most", type=click.IntRange(min=1), default=1000, show_default=True, metavar="N", help="New results told in full."
)
@click.option("--open", "in_browser", is_flag=True, help="Open the page in the browser.")
@json_option
def report(
    settings_file: str | None, database: str | None, run: int | str | None, output: str | None, language: Any, most: int, *,
    in_browser: bool, as_json: bool,
) -> int:  # fmt: skip
    """Write a night as one HTML page: what is new with exact words and links, disputes, corrections, how the sources are.

    Without --run it is the last night that ended.
    """
    from alerts.report import night_report_html
    from storage.database import open_store
    from storage.night import night_report

    settings, _ = load(settings_file)
    with open_store(existing(database_path(database, settings)), readonly=True, checked=False) as store:
        found = night_report(store, run_asked(store, run or "last"), most=most)
    page = json.dumps(found, ensure_ascii=False) + "\n" if as_json else night_report_html(found, language=language)
    target = output or _default_output(found, as_json=as_json)
    if in_browser and target == STANDARD_OUTPUT:
        raise UsageError("--open needs a file", hint="Give --output FILE")
    with writing_to(target) as file:
        file.write(page.encode())
    if target != STANDARD_OUTPUT:
        click.echo(f"{target}: night of {found['night']}, {found['total']:,} new results", err=True)
    if in_browser:
        webbrowser.open(Path(target).resolve().as_uri())
    return 0


def _default_output(found: Mapping[str, Any], *, as_json: bool) -> str:
    return f"evalwatch-{found['night']}.html" if sys.stdout.isatty() and not as_json else STANDARD_OUTPUT
