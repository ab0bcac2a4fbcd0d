"""Pages per second of a whole night against a bare Scrapy spider that only downloads the same pages.

    python -m benchmarks nightly

A local server in a process of its own serves list and article pages on many loopback addresses. The night is `evalwatch run`
as a user types it: robots.txt, archive, reading in the second process, extraction, copies, one transaction per article on the
disk, backup. Both ask each host for one page at a time, 16 hosts at once, with the same pause. They run in turn, each timed from
the start of its process to its end; the ratio is that of the medians.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks.pages_server import hosts, paths

HERE = Path(__file__).resolve().parent

BARE = """
import json, sys, scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    bytes = 0
    async def start(self):
        for url in open(sys.argv[1]).read().split():
            yield scrapy.Request(url, callback=self.parse)
    def parse(self, response):
        self.bytes += len(response.body)

process = AsyncCrawlerProcess({"LOG_LEVEL": "WARNING", **json.loads(sys.argv[2])})
process.crawl(Bare)
process.start()
"""

POLITENESS = {
    "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.001, "DOWNLOAD_DELAY_JITTER": 0.5,
}  # fmt: skip
"""What crawler/settings.py comes to for delay_s = 0."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ran."""

    seconds: float
    """From its start to its end."""
    cpu_s: float
    """Processor time of it and its children."""
    peak_mb: int
    """Peak resident memory of the largest of its processes."""
    output: str
    """What it printed."""


def measure(number_of_hosts: int = 64, articles_per_host: int = 40, rounds: int = 3) -> None:
    """Run both in turn and print what they reached."""
    with tempfile.TemporaryDirectory() as name, Server(number_of_hosts, articles_per_host) as server:
        folder = Path(name)
        (folder / "urls.txt").write_text("\n".join(server.urls()))
        (folder / "bare.py").write_text(BARE)
        (folder / "settings.toml").write_text(_settings(server), encoding="utf-8")
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        bare, nights = [], []
        for number in range(rounds):
            bare.append(run("bare.py", "urls.txt", json.dumps(POLITENESS), folder=folder))
            nights.append(_night(folder, number, server))
        _print(server, bare, nights)


def _night(folder: Path, number: int, server: Server) -> Ended:
    database = f"{number}.db"
    night = run(
        "-m", "crawler.commands", "run", "--json", "--settings", "settings.toml", "--database", database, folder=folder
    )
    summary = json.loads(night.output)
    if summary["status"] != "ok" or summary["articles"] != server.articles * server.hosts:
        raise SystemExit(f"the night did not store every article: {summary}")
    (folder / "archive" / f"{summary['night']}.warc.gz").unlink()
    return night


def _print(server: Server, bare: list[Ended], nights: list[Ended]) -> None:
    pages = len(server.urls())
    print(
        f"{pages} pages on {server.hosts} hosts, {server.articles * server.hosts} of them articles; {len(bare)} rounds"
    )
    print(f"{'':12}{'pages/s':>10}{'CPU ms/page':>14}{'peak MB':>10}")
    rates = []
    for name, runs in (("bare", bare), ("nightly", nights)):
        rates.append(pages / statistics.median(run.seconds for run in runs))
        cpu = statistics.median(run.cpu_s for run in runs) * 1000 / pages
        print(f"{name:12}{rates[-1]:10.1f}{cpu:14.2f}{max(run.peak_mb for run in runs):10}")
    print(f"ratio {rates[1] / rates[0]:.2f} (goal 0.5, better 0.8)")


def run(*arguments: str, folder: Path, good: tuple[int, ...] = (0,)) -> Ended:
    """Run a Python command in the folder. Raises SystemExit where it ends with a code that is not among the good ones."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])}
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode not in good:
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    return Ended(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, output)


def _settings(server: Server) -> str:
    head = (
        '[fetch]\ncontact = "mailto:bench@localhost"\ndelay_s = 0.0\nmax_articles_per_source = 100000\n'
        "max_source_requests = 200000\nmax_source_bytes = 100000000000\nmax_source_s = 14400\n"
        "max_night_requests = 10000000\nmax_night_bytes = 100000000000\n"
        '[archive]\nenabled = true\nfolder = "archive"\n'
    )
    return head + "".join(
        f'[[sources]]\nid = "s{number}"\nname = "站{number}"\nkind = "city"\naccess = "list"\nmax_pages = 1000\n'
        f'entry = ["http://{host}:{server.port}/index_1.html"]\nlist = {{ item = "ul.list li", date = "span" }}\n'
        f'article = {{ body = "div.content" }}\nlocal_hosts = ["{host}"]\n'
        for number, host in enumerate(hosts(server.hosts))
    )  # fmt: skip


class Server:
    """The pages' server, in a process of its own."""

    def __init__(self, number_of_hosts: int, articles_per_host: int) -> None:
        self.hosts = number_of_hosts
        self.articles = articles_per_host
        self.port = 0

    def __enter__(self) -> Self:
        command = [sys.executable, str(HERE / "pages_server.py"), str(self.hosts), str(self.articles)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def urls(self) -> list[str]:
        """All pages, the hosts taking turns."""
        return [f"http://{host}:{self.port}{path}" for path in paths(self.articles) for host in hosts(self.hosts)]
