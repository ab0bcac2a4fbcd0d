"""`python -m crawler`: the crawl of one night, as the child of the process that runs the night.

One reactor, three spiders one after another, so that no host is asked twice at once. Events go to standard output, one
JSON object per line; the log goes to standard error. It ends when its parent does: standard input is then at its end.

Exit codes: 0 the crawl itself ran, 2 it could not start as asked, 3 the database cannot be used.
"""

from __future__ import annotations

import argparse
import os
import stat
import sys
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from crawler.spiders.worker import Worker


def main() -> int:
    """Run the crawl that the command line asks for; returns the exit code."""
    given = _arguments().parse_args()
    _end_with_parent()
    events = _own_stdout()
    # the worker, which imports this module, needs nothing below; it imports what it needs while this process does the same
    from crawler.spiders import stages
    from crawler.spiders.worker import Worker

    worker = Worker(stages.prepare)
    try:
        return _crawl(given, events, worker)
    finally:
        worker.close()


def _crawl(given: argparse.Namespace, events: TextIO, worker: Worker) -> int:
    from crawler.config import load_settings
    from crawler.errors import EvalwatchError, StorageError
    from crawler.job import Job
    from crawler.spiders.crawl import crawl
    from crawler.subscribing import resolved

    try:
        settings = resolved(load_settings(Path(given.settings)), Path(given.settings))
        job = Job(
            settings=settings,
            database=Path(given.database) if given.database else settings.path(settings.database),
            night=date.fromisoformat(given.night),
            run_id=given.run,
            recordings=tuple(Path(name) for name in given.replay),
            only=tuple(given.source),
            deep=given.deep,
        )
        if given.fetch:
            from crawler.spiders.onepage import fetch_page

            fetch_page(job, given.fetch, events)
        elif given.check:
            from crawler.spiders.check import check

            check(job, events, worker)
        else:
            crawl(job, events, worker)
    except EvalwatchError as error:
        if not isinstance(error, StorageError):
            # that one stands in the log already
            print(f"evalwatch: {error}", file=sys.stderr)  # noqa: T201 - this is a program
        return error.exit_code
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crawler", description="The crawl of one night.")
    parser.add_argument("--settings", required=True, metavar="FILE", help="settings.toml")
    parser.add_argument("--database", metavar="FILE", help="the SQLite file (default: as the settings say)")
    parser.add_argument("--run", type=int, metavar="N", help="number of the run (default: one of its own)")
    parser.add_argument("--night", required=True, metavar="YYYY-MM-DD", help="the night it belongs to")
    parser.add_argument(
        "--replay", action="append", default=[], metavar="FILE", help="WARC file that answers; repeatable"
    )
    parser.add_argument("--source", action="append", default=[], metavar="ID", help="visit only this one; repeatable")
    parser.add_argument("--deep", type=int, metavar="N", help="read N pages of every list")
    parser.add_argument("--check", action="store_true", help="visit each source once and store nothing")
    parser.add_argument("--fetch", metavar="URL", help="fetch this page and store nothing")
    return parser


def _own_stdout() -> TextIO:
    """Standard output for the events alone; what anything else prints goes to standard error."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return events


def _end_with_parent() -> None:
    """Watch standard input where it is a pipe: the kernel closes its other end when the parent ends, however it ends."""
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return

    def watch() -> None:
        while os.read(0, 4096):
            pass
        # at once: what was not committed is done again by the next night
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
