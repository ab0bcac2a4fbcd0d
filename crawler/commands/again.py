"""Stored articles read again: what is kept of each, and today's reading of it, in as many processes as help."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from crawler.config import Settings
from crawler.errors import DocumentError, EvalwatchError
from crawler.fetch.shelf import Shelf
from crawler.items import Entry, Page
from crawler.read import normalise
from crawler.spiders.again import Kept, Reread, read_again
from crawler.spiders.stages import prepare
from storage.database import Store
from storage.rereading import Stored, stored_article
from storage.rows import date_from_text

__all__ = ["Library", "kept_of", "readings"]

Outcome = Reread | EvalwatchError

_AHEAD = 4
"""Articles per process that wait for it, so that none is idle while pages are looked up."""


@dataclass(frozen=True, slots=True)
class Library:
    """Where what was kept is found."""

    store: Store
    """The database."""
    settings: Settings
    """Today's settings: how each source is read."""
    shelf: Shelf
    """The archived pages."""


def kept_of(library: Library, identity: str) -> Kept:
    """What is kept of a stored article."""
    stored = stored_article(library.store, identity, normalise)
    row = stored.row
    documents = {url: library.shelf.page(url, night=row["night"]) for url in stored.outcomes}
    return Kept(
        article=identity,
        entry=Entry(row["url"], row["title"] or "", date_from_text(row["published"])),
        stored=stored.article,
        source=library.settings.source(row["source"]),
        pages=_pages(library.shelf, stored),
        documents={url: page for url, page in documents.items() if page is not None},
        outcomes=stored.outcomes,
    )


def _pages(shelf: Shelf, stored: Stored) -> tuple[Page, ...]:
    """The pages of an article, all of them or none."""
    row = stored.row
    if not stored.pages:
        # stored by a version that did not note its pages: an article of one page is known by its address
        if "joined" in row["notes"]:
            return ()
        page = shelf.page(row["url"], night=row["night"])
        return () if page is None else (page,)
    found = [shelf.page(seen.url, digest=seen.digest, night=row["night"]) for seen in stored.pages]
    return tuple(page for page in found if page is not None) if all(found) else ()


def readings(kept: Iterable[Kept], jobs: int) -> Iterator[tuple[Kept, Outcome]]:
    """Each with how it is read today, or why it cannot be, in their order. Raises EvalwatchError where a process crashed."""
    if jobs == 1:
        for one in kept:
            yield one, _read(one)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)
    waiting: deque[tuple[Kept, Future[Outcome]]] = deque()
    try:
        for one in kept:
            waiting.append((one, pool.submit(_read, one)))
            if len(waiting) >= _AHEAD * jobs:
                first, answer = waiting.popleft()
                yield first, answer.result()
        while waiting:
            first, answer = waiting.popleft()
            yield first, answer.result()
    except BrokenProcessPool as error:
        raise EvalwatchError(
            f"reading crashed, at {waiting[0][0].entry.url if waiting else 'its start'} or close to it",
            hint="Look at it alone: --article ID --jobs 1",
        ) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """In each process: Ctrl-C is the parent's to decide on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare()


def _read(kept: Kept) -> Outcome:
    try:
        return read_again(kept)
    except EvalwatchError as error:
        return error
    except Exception as error:  # noqa: BLE001 - it costs this article, and is told
        return DocumentError(f"reading broke: {error!r}", where=kept.entry.url)
