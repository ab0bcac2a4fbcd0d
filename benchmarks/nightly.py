"""Pages per second of the full nightly path against a bare Scrapy spider that only downloads the same pages.

    python benchmarks/nightly.py [--pages 1600] [--rounds 3]

A local server in its own process serves list and article pages on eight loopback addresses. Both crawlers are started as
processes of their own and timed from start to end, alternating; the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

HERE = Path(__file__).resolve().parent
HOSTS = [f"127.0.0.{number}" for number in range(1, 9)]
PER_LIST = 25

BARE = """
import sys, scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for url in open(sys.argv[1]).read().split():
            yield scrapy.Request(url, callback=self.parse)
    def parse(self, response):
        self.crawler.stats.inc_value("bytes", len(response.body))

process = AsyncCrawlerProcess({"LOG_LEVEL": "WARNING", "CONCURRENT_REQUESTS_PER_DOMAIN": int(sys.argv[2])})
process.crawl(Bare)
process.start()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1600, help="articles served (default 1600)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each (default 3)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _Server(given.pages // len(HOSTS)) as server:
        print(json.dumps(measure(Path(folder), server, given.rounds), indent=2))


def measure(folder: Path, server: _Server, rounds: int) -> dict[str, object]:
    """Run both crawlers in turn and return what they reached."""
    (folder / "urls.txt").write_text("\n".join(server.urls()))
    (folder / "bare.py").write_text(BARE)
    (folder / "settings.toml").write_text(_settings(server), encoding="utf-8")
    bare, polite, full = [], [], []
    memory = 0
    for number in range(rounds):
        bare.append(_timed([str(folder / "bare.py"), str(folder / "urls.txt"), "8"])[0])
        polite.append(_timed([str(folder / "bare.py"), str(folder / "urls.txt"), "1"])[0])
        seconds, used, out = _timed(
            ["-m", "crawler", "--settings", str(folder / "settings.toml"), "--night", "2026-01-01",
             "--database", str(folder / f"{number}.db")]
        )  # fmt: skip
        full.append(seconds)
        memory = max(memory, used)
        stored = sum(json.loads(line)["event"] == "article" for line in out.splitlines())
        if stored != server.per_host * len(HOSTS):
            raise SystemExit(f"only {stored} articles were stored")
    pages = len(server.urls())
    rates = {name: pages / statistics.median(times) for name, times in
             (("bare", bare), ("bare_one_per_host", polite), ("nightly", full))}  # fmt: skip
    return {
        "pages": pages,
        "pages_per_s": {name: round(rate, 1) for name, rate in rates.items()},
        "ratio": round(rates["nightly"] / rates["bare"], 2),
        "ratio_one_per_host": round(rates["nightly"] / rates["bare_one_per_host"], 2),
        "peak_mb_of_largest_process": memory,
    }


def _timed(command: list[str]) -> tuple[float, int, str]:
    """Seconds, peak megabytes of the largest process, and output of a Python command."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command], check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        env=environment,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, done.stdout


def _settings(server: _Server) -> str:
    head = '[fetch]\ncontact = "mailto:bench@localhost"\ndelay_s = 0.0\nmax_articles_per_source = 100000\n'
    return head + "".join(
        f'[[sources]]\nid = "s{number}"\nname = "站{number}"\nkind = "city"\naccess = "list"\nmax_pages = 1000\n'
        f'entry = ["http://{host}:{server.port}/index_1.html"]\nlist = {{ item = "ul.list li", date = "span" }}\n'
        f'article = {{ body = "div.content" }}\n'
        for number, host in enumerate(HOSTS)
    )  # fmt: skip


class _Server:
    """The pages' server, in a process of its own."""

    def __init__(self, per_host: int) -> None:
        self.per_host = per_host
        self.port = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "pages_server.py"), str(self.per_host), str(PER_LIST)], stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def urls(self) -> list[str]:
        """All list pages and articles."""
        lists = -(-self.per_host // PER_LIST)
        names = [f"index_{n}.html" for n in range(1, lists + 1)] + [f"a/{n}.html" for n in range(self.per_host)]
        return [f"http://{host}:{self.port}/{name}" for name in names for host in HOSTS]


if __name__ == "__main__":
    main()
