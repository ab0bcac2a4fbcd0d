"""The command line: `evalwatch`.

Exit codes: 0 fine, even with no news; 1 some source, delivery or document failed; 2 usage or settings; 3 nothing worked;
75 another night is running.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

import click

from crawler.commands.alerting import alerts
from crawler.commands.coverage import coverage
from crawler.commands.documents import extract
from crawler.commands.exporting import export
from crawler.commands.finding import results
from crawler.commands.history import history
from crawler.commands.inspecting import inspect
from crawler.commands.night import demo, run, serve
from crawler.commands.reading import read
from crawler.commands.reextracting import reextract
from crawler.commands.reporting import report
from crawler.commands.review import review
from crawler.commands.rules import rules
from crawler.commands.settings import settings
from crawler.commands.shell import completion
from crawler.commands.sources import sources
from crawler.errors import EvalwatchError

__all__ = ["cli", "main"]


HELP = """Watch, every night, who was ranked where in evaluations of Chinese government websites.

First steps, without network:

\b
  evalwatch demo              two nights over a small bundled web
  evalwatch results --help    what a night found, for the eye or for programs
  evalwatch history 湖北      how a place stood over the years
  evalwatch report --help     a night as one page to print or pass on
  evalwatch export --help     everything as CSV, JSON Lines, Parquet or a feed
  evalwatch extract FILE      what one document says

Commands that read them take --settings and --database; EVALWATCH_SETTINGS and EVALWATCH_DATABASE do the same.
"""

_COMMANDS = [
    run,
    serve,
    demo,
    inspect,
    read,
    extract,
    results,
    export,
    report,
    history,
    coverage,
    review,
    reextract,
    sources,
    alerts,
    rules,
    settings,
    completion,
]  # one per line: those who add one do not meet

cli = click.version_option(version("evalwatch"), prog_name="evalwatch")(
    click.Group(
        "evalwatch", help=HELP, commands=_COMMANDS,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
)  # fmt: skip


def main() -> None:
    """Entry point: run the command and exit with its code; an error is one line on standard error."""
    try:
        code = cli.main(prog_name="evalwatch", standalone_mode=False)
    except EvalwatchError as error:
        _fail(str(error), error.exit_code)
    except click.exceptions.Abort:
        _fail("stopped", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output, e.g. `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> None:
    click.echo(f"evalwatch: {message}", err=True)
    sys.exit(code)
