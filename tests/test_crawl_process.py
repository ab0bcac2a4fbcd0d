"""`python -m crawler` as a process: how it starts, ends, and what a kill leaves."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.crawls import command, crawl, environment, rows, settings_file, source, write_warc
from tests.web_server import Answer, Asked, Site, article_page, list_page


def title(number: int) -> str:
    return f"第{number}届中国政府网站绩效评估结果公布"


def recorded(folder: Path) -> Path:
    """Three lists of three articles each, one of them over two pages."""
    pages = {}
    for site in "abc":
        base = f"http://{site}.example"
        pages[f"{base}/"] = list_page(
            {f"/{n}.html": title(n) for n in (1, 2)} | {"/9.html": "今日天气"}, following="/p2.html"
        )
        pages[f"{base}/p2.html"] = list_page({"/3.html": title(3)})
        for number in (1, 2, 3):
            following = "/1_2.html" if number == 1 else None
            pages[f"{base}/{number}.html"] = article_page(
                title(number) + site, following=following, rank="一二三"[number - 1]
            )
        pages[f"{base}/1_2.html"] = article_page(title(1) + site, rank="四")
    settings_file(folder, [source(site, f"http://{site}.example/") for site in "abc"])
    return write_warc(folder / "web.warc.gz", pages)


CONTENT = {
    "articles": "SELECT id, address, source, baseline, kind, title, published, text, sha256, cluster FROM articles",
    "mentions": "SELECT * FROM mentions",
    "entries": "SELECT address, source, article, title FROM entries",
    "sources": "SELECT id, complete, baseline IS NOT NULL FROM sources",
    "list_pages": "SELECT * FROM list_pages",
}


def content(database: Path) -> dict[str, list[str]]:
    """What the store says of the web: times and run numbers left out."""
    found = {name: sorted(map(repr, rows(database, sql))) for name, sql in CONTENT.items()}
    return {name: [re.sub(r"'\d{4}-\d\d-\d\dT[\d:.]+Z'", "T", row) for row in lines] for name, lines in found.items()}


def test_kill_9_at_any_moment_then_again_ends_as_an_undisturbed_night(tmp_path: Path) -> None:
    warc = recorded(tmp_path)
    settings = tmp_path / "settings.toml"
    whole = tmp_path / "whole.db"
    assert len(crawl(settings, "--replay", str(warc), database=whole).articles()) == 9
    chance = random.Random(20260101)
    for number in range(4):
        database = tmp_path / f"killed{number}.db"
        killed_after(
            chance.randint(1, 9), command(settings, "--replay", str(warc), database=database), chance.random() * 0.02
        )
        assert crawl(settings, "--replay", str(warc), database=database).code == 0
        assert content(database) == content(whole)


def killed_after(events: int, arguments: list[str], then_s: float) -> None:
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=environment()
    ) as child:
        assert child.stdout is not None
        for _ in range(events):
            child.stdout.readline()
        time.sleep(then_s)
        child.send_signal(signal.SIGKILL)


def test_it_ends_when_its_parent_does(tmp_path: Path) -> None:
    with Site({"/": Answer(hangs=True)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        ours, theirs = os.pipe()
        with subprocess.Popen(
            command(settings), stdin=ours, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment()
        ) as child:
            os.close(ours)
            assert child.stdout is not None
            assert json.loads(child.stdout.readline())["event"] == "start"
            # the kernel does this when the parent is killed
            os.close(theirs)
            assert child.wait(timeout=5) == 1


def test_sigterm_ends_the_night_in_order_and_marks_what_is_unfinished(tmp_path: Path) -> None:
    # all of them wait in line at once
    with Site({"/": list_page({f"/{n}.html": title(n) for n in range(1, 13)})}) as site:

        def slow(_asked: Asked) -> Answer:
            site.rest(0.2)
            return Answer(article_page(title(1)))

        site.routes |= {f"/{n}.html": slow for n in range(1, 13)}
        events = signalled(settings_file(tmp_path, [source("s", site.url())]), "article", signals=1)
        # those that waited in line for the host are dropped, the one that it was asked for is not
        assert len(site.paths()) < 8
    assert [(e["event"], e.get("state")) for e in events][-2:] == [("source", "failed"), ("end", None)]
    assert rows(tmp_path / "test.db", "SELECT complete, baseline FROM sources") == [(0, None)]


@pytest.mark.timeout(15)
def test_a_second_sigterm_gives_up_what_a_host_does_not_answer(tmp_path: Path) -> None:
    with Site({"/": list_page({"/1.html": title(1), "/2.html": title(2)})}) as site:
        site.routes |= {"/1.html": article_page(title(1)), "/2.html": Answer(hangs=True)}
        settings = settings_file(tmp_path, [source("s", site.url())])
        settings.write_text(settings.read_text().replace("timeout_s = 5.0", "timeout_s = 300.0"))
        events = signalled(settings, "article", signals=2)
    assert [(e["event"], e.get("state")) for e in events] == [("source", "failed"), ("end", None)]
    assert rows(tmp_path / "test.db", "SELECT requested, articles FROM run_sources") == [(3, 1)]


def test_sigterm_alone_gives_it_up_a_while_later(tmp_path: Path) -> None:
    with Site({"/": Answer(hangs=True)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        settings.write_text(settings.read_text().replace("timeout_s = 5.0", "timeout_s = 300.0"))
        program = "import crawler.__main__ as m, crawler.spiders.crawl as c\nc.GRACE_S = 0.1\nm.main()\n"
        events = signalled(settings, "start", signals=1, program=["-c", program])
    assert [event["event"] for event in events][-1] == "end"


def signalled(
    settings: Path, event: str, *, signals: int, program: Sequence[str] = ("-m", "crawler")
) -> list[dict[str, Any]]:
    """Send signals to a crawl after an event; its later events. It must end well, and say nothing of what it gives up."""
    python, _, _, *arguments = command(settings)
    with subprocess.Popen(
        [python, *program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        text=True, encoding="utf-8", env=environment(),
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        while json.loads(child.stdout.readline())["event"] != event:
            pass
        _wait_for_handlers(child.pid)
        for number in range(signals):
            if number:
                # two that come at once are one
                child.stderr.readline()
            child.send_signal(signal.SIGTERM)
        events = [json.loads(line) for line in child.stdout]
        log = child.stderr.read()
    assert child.returncode == 0, log
    assert "Traceback" not in log
    assert "destroyed" not in log
    return events


def _wait_for_handlers(pid: int) -> None:
    """Until the process catches SIGTERM: before that it just ends."""
    bit = 1 << (signal.SIGTERM - 1)
    while not int(re.findall(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())[0], 16) & bit:
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--source", "nobody"], "no source 'nobody'"),
        (["--replay", "missing.warc.gz"], "missing.warc.gz: cannot be read"),
    ],
)
def test_what_cannot_start_says_why_and_ends_with_2(tmp_path: Path, more: list[str], says: str) -> None:
    done = crawl(settings_file(tmp_path, [source("s", "http://a.example/")]), *more)
    assert done.code == 2
    assert says in done.log
    assert "Traceback" not in done.log


def test_a_live_crawl_with_the_placeholder_as_contact_is_refused(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(source("s", "http://127.0.0.1:9/"), encoding="utf-8")
    done = crawl(settings)
    assert (done.code, done.events) == (2, [])
    assert "fetch.contact does not say who runs this" in done.log


def test_a_database_that_cannot_be_used_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "test.db").write_text("no database at all, but a text of some length\n" * 100)
    with Site({"/": list_page({"/1.html": title(1)})}) as site:
        done = crawl(settings_file(tmp_path, [source("s", site.url())]))
        assert site.asked == []
    assert done.code == 3
    assert "is not an SQLite database" in done.log
    assert "Traceback" not in done.log


def test_a_database_that_breaks_in_the_night_ends_it_with_3(tmp_path: Path) -> None:
    database = tmp_path / "test.db"
    with Site({"/": list_page({"/1.html": title(1), "/2.html": title(2)})}) as site:

        def break_it(_asked: Asked) -> Answer:
            rows(database, "DROP TABLE paragraphs")
            database.with_name("test.db-wal").write_bytes(b"")
            database.write_bytes(b"SQLite format 3\0" + b"\xff" * 8192)
            return Answer(article_page(title(1)))

        site.routes["/1.html"] = break_it
        done = crawl(settings_file(tmp_path, [source("s", site.url())]))
    assert done.code == 3, done.log
    assert [event["event"] for event in done.events] == ["start"]


def test_scrapy_crawl_works_for_one_source(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    with Site({"/": list_page({"/1.html": title(1)}), "/1.html": article_page(title(1))}) as site:
        settings = settings_file(tmp_path, [source("s", site.url()), source("t", site.url("/nothing"))])
        done = subprocess.run(
            [str(root / ".venv/bin/scrapy"), "crawl", "listing", "-a", "source=s"], cwd=root, capture_output=True, text=True,
            env=environment() | {"EVALWATCH_SETTINGS": str(settings), "EVALWATCH_DATABASE": str(tmp_path / "test.db")},
            check=False, timeout=100,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "test.db", "SELECT source, title FROM articles") == [("s", title(1))]
    assert rows(tmp_path / "test.db", "SELECT status FROM runs") == [("ok",)]
    assert rows(tmp_path / "test.db", "SELECT source FROM run_sources") == [("s",)]
