"""`evalwatch reextract`: stored pages read again with today's rules, and what that would change."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands import options
from crawler.commands.options import database_option, database_path, json_option, load, settings_option
from crawler.commands.rereadings import Counting, Tally, articles, difference_lines, tally_lines
from crawler.config import Settings
from crawler.errors import EvalwatchError, UsageError

if TYPE_CHECKING:
    from crawler.commands.again import Library
    from crawler.fetch.shelf import Shelf
    from crawler.spiders.again import Reread
    from storage.database import Store
    from storage.rereading import Difference

__all__ = ["reextract"]

_FEW = 40
"""So many articles are read sooner than more processes have started."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the options ask for."""

    article: str | None
    source: str | None
    since: date | None
    series: str | None
    jobs: int | None
    as_json: bool
    will_ask: bool


@click.command(epilog="Example:  evalwatch reextract --series cstc-website --since 2025-11-01")
@settings_option
@database_option
@click.option("--article", metavar="ID", help="Only this article (the id in /article/ID).")
@click.option("--source", metavar="ID", help="Only articles of this source.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only articles stored in the night of this day or later.",
)
@click.option("--series", metavar="KEY", help="Only articles that tell of this series.")
@click.option(
    "--archive", multiple=True, metavar="PATH",
    help="Take pages from this WARC file or folder; repeatable [default: the folder of [archive]].",
)  # fmt: skip
@click.option("--apply", "apply_it", is_flag=True, help="Write it down, after asking.")
@click.option("--yes", is_flag=True, help="With --apply: do not ask.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes that read [default: one per core].")
@json_option
def reextract(
    settings_file: str | None, database: str | None, *, article: str | None, source: str | None, since: datetime | None,
    series: str | None, archive: tuple[str, ...], apply_it: bool, yes: bool, jobs: int | None, as_json: bool,
) -> int:  # fmt: skip
    """Read stored pages again with today's rules and show which results that adds, loses and changes. Nothing is written.

    Pages come from the archive; where one is not kept, the stored text is read. With --apply what was shown is written down,
    article by article, each whole or not at all: it can be stopped and done again. Nobody is alerted of what was only read better,
    and what people decided (evalwatch review) stays decided. No night can run meanwhile.

    With --json one object per article that differs, then one with the sums. Exit code 1 if an article could not be read; it
    stays as it is.
    """
    settings, path = load(settings_file)
    if source is not None and settings.source(source) is None:
        known = ", ".join(one.id for one in settings.sources)
        raise UsageError(f"no source {source!r}", where=str(path), hint=f"There are: {known}")
    if yes and not apply_it:
        raise UsageError("--yes writes nothing by itself", hint="Add --apply")
    if apply_it and not yes and (as_json or not options.is_answered()):
        raise UsageError("--apply asks before it writes, and nobody is there to answer", hint="In scripts add --yes")
    file = database_path(database, settings)
    if not file.is_file():
        raise UsageError(
            "no such database", where=str(file), hint="Run a night first: evalwatch run, or evalwatch demo"
        )
    asked = _Asked(article, source, since.date() if since else None, series, jobs, as_json, apply_it and not yes)
    return _run(settings, file, archive, asked, apply_it=apply_it, at_once=yes)


def _run(
    settings: Settings, file: Path, archive: Sequence[str], asked: _Asked, *, apply_it: bool, at_once: bool
) -> int:
    from crawler.commands.again import Library
    from storage.database import open_store
    from storage.rereading import find_articles

    with ExitStack() as stack:
        if apply_it:
            from scheduler import locked

            stack.enter_context(locked(file))
        store = stack.enter_context(open_store(file, readonly=not apply_it))
        library = Library(store, settings, _shelf(settings, archive))
        ids = find_articles(store, article=asked.article, source=asked.source, since=asked.since, series=asked.series)
        if asked.article is not None and not ids:
            raise UsageError(
                f"no article {asked.article!r}", where=str(file), hint="Its id stands in /article/ID of inspect"
            )
        tally = _pass(library, ids, asked, write=at_once)
        written = len(tally.differing) if at_once else 0
        if apply_it and not at_once and tally.differing:
            _say_sums(tally, asked, written=None)
            if click.confirm(f"Write this down for {articles(len(tally.differing))}?"):
                again = _pass(library, tally.differing, asked, write=True, quiet=True)
                click.echo(f"Written: {articles(len(again.differing))}.")
            return 1 if tally.failed else 0
        _say_sums(tally, asked, written=written if apply_it else None)
        for damage in library.shelf.damaged:
            click.echo(f"evalwatch: {damage}", err=True)
    return 1 if tally.failed else 0


def _shelf(settings: Settings, given: Sequence[str]) -> Shelf:
    from crawler.fetch.shelf import Shelf, archive_files  # warcio

    places = [Path(name) for name in given] or [settings.path(settings.archive.folder)]
    files = [path for place in places for path in archive_files(place)]
    if given and not files:
        raise UsageError(
            "no WARC file is there", where=", ".join(given), hint="Give a .warc.gz file, or a folder of them"
        )
    return Shelf(files)


def _pass(library: Library, ids: Sequence[str], asked: _Asked, *, write: bool, quiet: bool = False) -> Tally:
    """Read these articles again and show how they differ; with `write` write each down before the next is shown."""
    from crawler.commands.again import kept_of, readings
    from storage.rereading import difference

    tally, began = Tally(), time.monotonic()
    jobs = asked.jobs or (1 if len(ids) <= _FEW else os.cpu_count() or 1)
    with Counting(len(ids)) as counting:
        kept = (kept_of(library, identity) for identity in ids)
        for one, outcome in readings(kept, jobs):
            counting.advance()
            if isinstance(outcome, EvalwatchError):
                tally.fail()
                click.echo(f"evalwatch: {one.article} {outcome}", err=True)
                continue
            found = difference(library.store, one.article, outcome.article, outcome.extraction)
            tally.add(found, from_pages=outcome.is_from_pages)
            if write and not found.is_same:
                _write(library.store, one.article, outcome)
            if not quiet:
                _show(found, asked, from_pages=outcome.is_from_pages)
    tally.seconds = time.monotonic() - began
    return tally


def _write(store: Store, identity: str, outcome: Reread) -> None:
    from storage.rewriting import rewrite_article

    rewrite_article(store, identity, outcome.article, outcome.extraction, datetime.now(UTC))


def _show(found: Difference, asked: _Asked, *, from_pages: bool) -> None:
    if not found.facts and not found.fields:
        return
    if asked.as_json:
        told = asdict(found) | {"read_from": "pages" if from_pages else "stored text"}
        del told["is_same"]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo("\n".join(difference_lines(found, colour=sys.stdout.isatty())))


def _say_sums(tally: Tally, asked: _Asked, *, written: int | None) -> None:
    if asked.as_json:
        click.echo(json.dumps({"sums": tally.as_json() | {"written": written or 0}}, ensure_ascii=False))
        return
    click.echo("\n".join(tally_lines(tally)))
    if written is not None:
        click.echo(f"Written: {articles(written)}.")
    elif tally.differing and not asked.will_ask:
        click.echo("Nothing was written. To write it down: the same with --apply")
