"""What finding copies costs as the store grows, with join_cluster on a file and with datasketch in memory."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from benchmarks import copies_texts
from storage.copies import join_cluster
from storage.database import Store, open_store
from storage.likeness import letters_of, shingles_of
from storage.rows import digest

__all__ = ["Window", "by_datasketch", "grow", "grow_datasketch", "sketch"]

COMMIT_EVERY = 10
"""Articles that a night stores in one transaction while many arrive."""
WINDOW = 1000
NO_FACTS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Window:
    """WINDOW articles in a row."""

    stored: int
    """How many are stored at its end."""
    cpu_ms: float
    """Processor time per article: the search, the marks, its part of the commit."""
    wall_ms: float
    """The same by the clock, which on a busy machine counts the others too."""


def grow(sizes: tuple[int, ...], folder: Path | None = None) -> tuple[list[Window], int]:
    """Store texts up to the greatest size in a file of the night's own kind; the windows that end at the sizes, and the bytes that
    copies take per article."""
    with tempfile.TemporaryDirectory(dir=folder) as name, open_store(Path(name) / "t.db") as store:
        _prepare(store)
        windows = list(_windows(sizes, _stored(store, sizes[-1])))
        used = store.value("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'copy_%'") if _has_dbstat(store) else 0
    return windows, int(used or 0) // sizes[-1]


def _prepare(store: Store) -> None:
    store.execute("INSERT INTO sources (id) VALUES ('bench')")
    store.execute("INSERT INTO runs (id, night, replay, status, started) VALUES (1, '2026-11-22', 1, 'running', 'x')")


def _has_dbstat(store: Store) -> bool:
    return bool(store.value("SELECT 1 FROM pragma_module_list WHERE name = 'dbstat'"))


def _stored(store: Store, most: int) -> Iterator[Callable[[], None]]:
    """One step per article: it is put into its cluster, and committed with those before it."""
    connection = store.database.conn
    for number, text in enumerate(copies_texts.long_texts(most)):
        article = digest(number)
        if number % COMMIT_EVERY == 0:
            connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO articles (id, url, address, source, run, night, baseline, kind, notes, text, sha256, first_seen) "
            "VALUES (?, ?, ?, 'bench', 1, '2026-11-22', 0, 'related', '[]', ?, ?, 'x')",
            (article, article, article, text, article),
        )
        connection.execute(
            "INSERT INTO paragraphs (article, number, kind, start, end, plain) VALUES (?, 0, 'text', 0, ?, ?)",
            (article, len(text), text),
        )

        def step(
            article: str = article, text: str = text, *, is_last: bool = number % COMMIT_EVERY == COMMIT_EVERY - 1
        ) -> None:
            join_cluster(store, article, text, NO_FACTS)
            if is_last:
                connection.execute("COMMIT")

        yield step


def grow_datasketch(sizes: tuple[int, ...]) -> list[Window]:
    """The same texts in datasketch's index with its default settings, in memory."""
    index = MinHashLSH()

    def steps() -> Iterator[Callable[[], None]]:
        for number, text in enumerate(copies_texts.long_texts(sizes[-1])):

            def step(number: int = number, text: str = text) -> None:
                found = sketch(letters_of(text))
                index.query(found)
                index.insert(number, found)

            yield step

    return list(_windows(sizes, steps()))


def sketch(letters: str) -> MinHash:
    """A text as datasketch compares it, with its default settings."""
    found = MinHash()
    found.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in shingles_of(letters)])
    return found


def by_datasketch(texts: list[str]) -> list[int]:
    """The clusters that datasketch alone makes of texts, given as their letters, with its default settings."""
    index = MinHashLSH()
    clusters = list(range(len(texts)))
    for number, letters in enumerate(texts):
        found = sketch(letters)
        for other in [*index.query(found), number]:
            _join(clusters, number, other)
        index.insert(number, found)
    return [_root(clusters, number) for number in range(len(texts))]


def _root(clusters: list[int], number: int) -> int:
    while clusters[number] != number:
        clusters[number] = clusters[clusters[number]]
        number = clusters[number]
    return number


def _join(clusters: list[int], one: int, other: int) -> None:
    one, other = sorted((_root(clusters, one), _root(clusters, other)))
    clusters[other] = one


def _windows(sizes: tuple[int, ...], steps: Iterator[Callable[[], None]]) -> Iterator[Window]:
    done = 0
    for size in sizes:
        for step in islice(steps, size - WINDOW - done):
            step()
        cpu = wall = 0.0
        for step in islice(steps, WINDOW):
            began, clock = time.process_time(), time.perf_counter()
            step()
            cpu += time.process_time() - began
            wall += time.perf_counter() - clock
        done = size
        yield Window(size, 1000 * cpu / WINDOW, 1000 * wall / WINDOW)
        if os.environ.get("EVALWATCH_BENCH_TALK"):
            print(f"  … {size:,} stored", flush=True)
