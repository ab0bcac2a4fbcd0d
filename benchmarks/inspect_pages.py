"""How long the pages of `evalwatch inspect` take, on 10,000 and on 1,000,000 results.

    python -m benchmarks inspect

The server is a process of its own on one core. Each page is asked for with other places, years, words and articles every time,
so that nothing is measured twice; what SQLite keeps in memory counts, as it does for a person who looks around. Goal: 95 of a
hundred answers within 100 ms.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote, urlencode

import httpx

from benchmarks.inspect_data import SERIES, YEARS, generate

__all__ = ["measure"]

SIZES = (10_000, 1_000_000)
TIMES = 40
WORDS = (
    "绩效",
    "武汉市",
    "武漢",
    "政务公开",
    "一网通办政府网站",
    "湖北省武汉市政府网站排名第",
    "2019",
    "好差评 移动端",
    "无处可寻之词",
    "汉",
)


COUNTED = (
    "results_last_night", "results_disputed", "results_doubtful", "runs_readable", "sources_readable", "alerts_readable",
    "expected_readable",
)  # fmt: skip
UNCOUNTED = (
    "results_readable", "mentions_readable", "copies_readable", "entities", "coverage_readable", "history_readable",
)  # fmt: skip
"""Views that our links open without counting their lines."""


@dataclass(frozen=True, slots=True)
class Found:
    """One size of database."""

    megabytes: float
    """Of the file."""
    text_megabytes: float
    """Of the search index in it."""
    open_s: float
    """From the start of the process to its first answer."""
    pages: Mapping[str, tuple[float, float]]
    """By page: the time within which 95 of a hundred answers came, and the processor time of the server per answer. Both in ms."""


def measure() -> None:
    """Generate, ask, print a table. EVALWATCH_BENCH_DATA names a folder in which databases stay for the next time."""
    kept = os.environ.get("EVALWATCH_BENCH_DATA")
    with tempfile.TemporaryDirectory() as temporary:
        small, big = (_measured(Path(kept or temporary), size) for size in SIZES)
    print(
        f"| page | p95 ms, {SIZES[0]:,} results | p95 ms, {SIZES[1]:,} | ratio | CPU ms, {SIZES[1]:,} |\n|---|---|---|---|---|"
    )
    for name, (many, processor) in big.pages.items():
        few = small.pages[name][0]
        print(f"| {name} | {few:.0f} | {many:.0f} | {many / few:.1f} | {processor:.0f} |")
    print(f"Start to first answer: {small.open_s:.1f} s and {big.open_s:.1f} s.")
    each, many_each = (found.megabytes * 1e6 / size for found, size in zip((small, big), SIZES, strict=True))
    print(f"Bytes per result, with its articles: {each:.0f} and {many_each:.0f}. Load: {os.getloadavg()[0]:.1f}.")
    print(f"Search index: {big.text_megabytes:.0f} of {big.megabytes:.0f} MB.")


def _measured(folder: Path, results: int) -> Found:
    path = folder / f"inspect-{results}.db"
    if not path.is_file():
        generate(path, results)
    with closing(sqlite3.connect(path)) as connection:
        index = connection.execute("SELECT sum(length(block)) FROM text_terms_data").fetchone()[0]
        pages = _pages(connection)
    began = time.monotonic()
    with _serving(path) as (process, address), httpx.Client(base_url=address, timeout=60) as client:
        client.get("/").raise_for_status()
        opened = time.monotonic() - began
        found = {name: _asked(client, process, addresses) for name, addresses in pages.items()}
    return Found(path.stat().st_size / 1e6, index / 1e6, opened, found)


def _pages(connection: sqlite3.Connection) -> dict[str, Callable[[], str]]:
    """By page: what gives an address of it, another one every time."""
    chance = random.Random(1)

    def some(sql: str) -> list[str]:
        return [str(row[0]) for row in connection.execute(sql)]

    codes = some("SELECT DISTINCT code FROM results WHERE rowid % 97 = 0 LIMIT 400")
    entities = some("SELECT DISTINCT entity FROM results WHERE rowid % 89 = 0 LIMIT 400")
    articles = some("SELECT id FROM articles WHERE rowid % 31 = 0 LIMIT 400")
    provinces = some("SELECT DISTINCT code FROM results WHERE code LIKE '%0000' LIMIT 34") or codes

    def of_series(page: str, **more: str) -> str:
        asked = {"series": f"series-{chance.randrange(SERIES)}", "year": str(chance.choice(YEARS)), **more}
        return f"{page}?{urlencode(asked)}"

    return {
        "/": lambda: "/",
        "/evaluation": lambda: f"/evaluation/series-{chance.randrange(SERIES)}/{chance.choice(YEARS)}",
        "/evaluation, other": lambda: f"/evaluation/other/{chance.randrange(2010, 2026)}",
        "/place": lambda: f"/place/{chance.choice(codes)}",
        "/place, province": lambda: f"/place/{chance.choice(provinces)}",
        "/article": lambda: f"/article/{chance.choice(articles)}",
        "/run": lambda: f"/run/{chance.randrange(1, 400)}",
        "/search": lambda: f"/search?q={quote(chance.choice(WORDS))}",
        "/place .json": lambda: f"/place/{chance.choice(codes)}.json",
        **{f"view {name}": partial(str, f"/evalwatch/{name}") for name in COUNTED},
        "query ranking": lambda: of_series("/evalwatch/ranking", group="county"),
        "query coverage": lambda: of_series("/evalwatch/coverage"),
        "query history": lambda: f"/evalwatch/history?place={quote(chance.choice(entities))}",
        "query moves": lambda: f"/evalwatch/moves?place={quote(chance.choice(entities))}",
        "query expected": lambda: "/evalwatch/expected",
        "query words": lambda: f"/evalwatch/words?place={quote(chance.choice(entities))}",
        "query compare": lambda: f"/evalwatch/compare?{urlencode({'a': chance.choice(entities), 'b': chance.choice(entities)})}",
        "query articles": lambda: "/evalwatch/articles",
        **{f"view {name}": partial(str, f"/evalwatch/{name}?_nocount=1") for name in UNCOUNTED},
        "/evalwatch": lambda: "/evalwatch",
    }  # fmt: skip


def _asked(client: httpx.Client, process: int, address: Callable[[], str]) -> tuple[float, float]:
    """Time and processor time of a page, see Found."""
    took = []
    client.get(address()).raise_for_status()
    before = _processor_ms(process)
    for _ in range(TIMES):
        asked = address()
        began = time.perf_counter()
        client.get(asked).raise_for_status()
        took.append((time.perf_counter() - began) * 1000)
    return quantiles(took, n=20)[-1], (_processor_ms(process) - before) / TIMES


def _processor_ms(process: int) -> float:
    """What a process has used so far, in user and kernel mode (proc(5): utime and stime)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def _serving(path: Path) -> Iterator[tuple[int, str]]:
    """The server, on the last core: its process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.commands", "inspect", "--database", str(path), "--port", "0"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
    assert process.stdout is not None
    try:
        yield process.pid, process.stdout.readline().split()[0].rstrip("/")
    finally:
        process.terminate()
        process.wait(20)
