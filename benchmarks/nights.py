"""What nights ask for and how long they take: a first one, a quiet one, one with ten new articles.

    python -m benchmarks nights

First all sources of settings.toml, over the bundled fixtures: one list and one article each. Then 60 sources on a local server
that answers after 20 ms, with and without the pause between two requests to one host. Requests and bytes are counted by the
server; a night is `evalwatch run` as a user types it, timed from the start of its process to its end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.nightly import HERE, Ended, run
from benchmarks.pages_server import hosts

SOURCES, ARTICLES, LATENCY_MS = 60, 8, 20
NIGHTS = ("first", "quiet", "ten new")


def measure() -> None:
    """Run the nights and print what they took."""
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    _bundled()
    print(f"\n{SOURCES} sources, {ARTICLES} articles each, {LATENCY_MS} ms latency; every second one knows ETags")
    print(
        f"{'pause':>8} {'night':10}{'seconds':>9}{'robots':>8}{'lists':>7}{'of these 304':>14}{'articles':>10}{'kB':>8}"
    )
    for pause_s in (0.0, 2.0):
        with tempfile.TemporaryDirectory() as name, _server() as port:
            folder = Path(name)
            (folder / "settings.toml").write_text(_settings(port, pause_s), encoding="utf-8")
            for night in NIGHTS:
                _ask(port, "new" if night == "ten new" else "count")
                ended = _night(folder)
                counted = _ask(port, "count")
                numbers = [counted.get(what, 0) for what in ("robots", "lists", "unchanged", "articles", "bytes")]
                print(
                    f"{pause_s:7.0f}s {night:10}{ended.seconds:9.1f}{numbers[0]:8}{numbers[1]:7}{numbers[2]:14}"
                    f"{numbers[3]:10}{numbers[4] / 1000:8.0f}"
                )


def _bundled() -> None:
    """All sources of settings.toml over their fixtures, twice."""
    from samples.fixtures import fixtures, write_fixtures

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "settings.toml").write_text(
            (HERE.parent / "settings.toml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        write_fixtures(folder / "all.warc.gz")
        sizes = [len(page.body) for fixture in fixtures() for page in fixture.pages]
        print(f"all sources over their fixtures ({len(sizes)} pages, {sum(sizes) / 1000:.0f} kB recorded)")
        for night in NIGHTS[:2]:
            summary = json.loads(_night(folder, "--replay", "all.warc.gz").output)
            print(
                f"  {night:8} {len(summary['sources'])} sources, {summary['requests']} requests, {summary['articles']} articles"
            )


def _night(folder: Path, *more: str) -> Ended:
    command = ("-m", "crawler.commands", "run", "--json", "--settings", "settings.toml", "--database", "t.db")
    return run(*command, *more, folder=folder, good=(0, 1))


def _settings(port: int, pause_s: float) -> str:
    return (
        f'backups = 1\n[fetch]\ncontact = "mailto:bench@localhost"\ndelay_s = {pause_s}\n[archive]\nfolder = "archive"\n'
    ) + "".join(
        f'[[sources]]\nid = "s{number}"\nname = "站{number}"\nkind = "city"\naccess = "list"\nlocal_hosts = ["{host}"]\n'
        f'entry = ["http://{host}:{port}/l1.html"]\nlist = {{ item = "ul.list li", date = "span" }}\n'
        f'article = {{ body = "div.content" }}\n'
        for number, host in enumerate(hosts(SOURCES))
    )  # fmt: skip


def _ask(port: int, what: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/{what}", timeout=10) as answer:
        counted: dict[str, Any] = json.loads(answer.read())
    return counted


@contextmanager
def _server() -> Iterator[int]:
    """The lists' server, in a process of its own; gives its port."""
    command = [sys.executable, "-m", "benchmarks.nights_server", *map(str, (SOURCES, ARTICLES, LATENCY_MS))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=HERE.parent) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
