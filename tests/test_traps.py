"""The ten traps of our own stack (Scrapy 2.19, sqlite-utils 4.2, APScheduler 3.11, Datasette, bs4 4.15, dateparser): what our code
does about each. A number is that of the list in the domain notes."""

from __future__ import annotations

import asyncio
import gzip
import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

import scheduler
from crawler.config import Schedule, Settings, Source
from crawler.errors import DocumentError
from crawler.items import Page
from crawler.read import dates
from crawler.read.charset import decode
from crawler.spiders.stages import read_html_list
from crawler.spiders.worker import Worker
from storage import runs
from storage.database import open_store
from tests.crawls import crawl, rows, settings_file, source
from tests.web_server import Answer, Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"
ROOT = Path(__file__).parents[1]


def listing(*others: str) -> str:
    return list_page(dict.fromkeys(others or ("/a/1.html",), TITLE))


@pytest.mark.parametrize("robots", [Answer("", 503), Answer("", 500), Answer(hangs=True)])
def test_trap_1_robots_that_answers_5xx_or_not_at_all_disallows_everything(tmp_path: Path, robots: Answer) -> None:
    with Site({"/": listing(), "/a/1.html": article_page(TITLE)}, robots=robots) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        settings.write_text(settings.read_text().replace("timeout_s = 5.0", "timeout_s = 0.5"))
        assert crawl(settings).source("s")["state"] == "failed"
        assert site.paths() == []


def test_trap_2_a_page_cut_within_its_compression_is_tried_again_and_never_stored(tmp_path: Path) -> None:
    whole = gzip.compress(article_page(TITLE).encode())
    with Site({"/": listing(), "/a/1.html": Answer(whole[:-9], headers={"Content-Encoding": "gzip"})}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        settings.write_text(settings.read_text().replace("retries = 0", "retries = 2"))
        night = crawl(settings)
        assert site.paths() == ["/"] + ["/a/1.html"] * 3
    assert (night.articles(), night.source("s")["failed"]) == ([], 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_trap_3_a_start_address_may_not_redirect_to_another_host(tmp_path: Path, status: int) -> None:
    with Site({"/": listing()}, address="127.0.0.2") as other:
        with Site({"/": Answer("", status, {"Location": other.url()})}) as site:
            night = crawl(settings_file(tmp_path, [source("s", site.url(), local_hosts=["127.0.0.1", "127.0.0.2"])]))
        assert other.asked == []
    assert "is on none of 127.0.0.1" in night.log


def test_trap_4_second_tries_wait_for_retry_after(tmp_path: Path) -> None:
    with Site({"/": Answer("", 503, {"Retry-After": "1"})}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        settings.write_text(settings.read_text().replace("retries = 0", "retries = 2"))
        crawl(settings)
        times = [asked.at for asked in site.asked if asked.path == "/"]
    assert len(times) == 3
    assert min(times[1] - times[0], times[2] - times[1]) >= 1.0


def test_trap_5_a_correct_meta_charset_wins_over_a_wrong_header(tmp_path: Path) -> None:
    body = article_page(TITLE, charset="gb2312").encode("gb18030")
    assert TITLE in decode(body, header="text/html; charset=iso-8859-1").text
    with Site(
        {"/": listing(), "/a/1.html": Answer(body, headers={"Content-Type": "text/html; charset=iso-8859-1"})}
    ) as site:
        crawl(settings_file(tmp_path, [source("s", site.url())]))
    assert rows(tmp_path / "test.db", "SELECT title FROM articles") == [(TITLE,)]


def test_trap_6_a_write_waits_for_another_writer(tmp_path: Path) -> None:
    with open_store(tmp_path / "test.db") as store:
        other = sqlite3.connect(tmp_path / "test.db", check_same_thread=False, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.1, lambda: other.execute("COMMIT"))
        release.start()
        began = time.monotonic()
        run_id = runs.start_run(store, night=date(2026, 1, 1), now=datetime.now(UTC), replay=False)
        assert time.monotonic() - began > 0.05
        assert run_id == 1
        release.join()
        other.close()


def test_trap_7_a_night_that_starts_late_is_not_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[dict[str, Any]] = []
    add_job = BackgroundScheduler.add_job

    def noted(self: BackgroundScheduler, *arguments: Any, **options: Any) -> Any:
        jobs.append(options)
        return add_job(self, *arguments, **options)

    monkeypatch.setattr(BackgroundScheduler, "add_job", noted)
    path = tmp_path / "settings.toml"
    schedule = Schedule(misfire_grace_s=43200)
    night = scheduler.Night(Settings(schedule=schedule), path, tmp_path / "test.db")
    stop = threading.Event()
    stop.set()
    scheduler.serve(night, started=lambda _: None, ended=lambda _: None, stop=stop)
    assert [(job["misfire_grace_time"], job["coalesce"]) for job in jobs if job["id"] == "night"] == [(43200, True)]
    # and one that was missed while nothing ran is made up for
    late = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)
    assert scheduler.is_overdue(schedule, late - timedelta(days=1), late)


def test_trap_8_a_date_without_year_is_that_day_and_no_other() -> None:
    fetched = datetime(2012, 12, 20, tzinfo=UTC)
    assert dates.from_list("12月9日", fetched=fetched) == date(2012, 12, 9)
    assert dates.from_list("12-09", fetched=fetched) == date(2012, 12, 9)
    # the parser that reads it as 2012-09-22 is no part of us
    assert "dateparser" not in (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.urls]")[0]


def test_trap_9_who_looks_on_sees_what_is_still_in_the_wal(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    with open_store(path) as store:
        runs.start_run(store, night=date(2026, 1, 1), now=datetime.now(UTC), replay=False)
        assert path.with_name("test.db-wal").stat().st_size > 0
        with open_store(path, readonly=True) as onlooker:
            assert onlooker.value("SELECT count(*) FROM runs") == 1
        # what Datasette's -i does, and nothing of ours
        with (
            closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as blind,
            pytest.raises((sqlite3.Error, IndexError)),
        ):
            blind.execute("SELECT id FROM runs").fetchall()[0]
    sources = [*(ROOT / "storage").rglob("*.py"), *(ROOT / "crawler").rglob("*.py"), ROOT / "scheduler.py"]
    assert [file.name for file in sources if "immutable=1" in file.read_text(encoding="utf-8")] == []


def test_trap_10_a_huge_page_holds_up_nothing_and_costs_itself_alone() -> None:
    body = ("<html><body>" + "<div><p>很长的段落。</p>" * 250_000).encode()
    assert 7_000_000 < len(body) < 8 * 1024 * 1024
    page = Page(url="http://a.example/1", status=200, headers={}, body=body, fetched=datetime.now(UTC))
    watched = Source(id="s", name="站", kind="city", access="list", entry=(page.url,))
    gaps: list[float] = []

    async def heartbeat() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            gaps.append(time.monotonic() - before)

    async def run() -> int:
        beats = asyncio.ensure_future(heartbeat())
        worker = Worker(time_limit_s=1.0)
        try:
            with pytest.raises(DocumentError):
                await worker.run(read_html_list, page, watched, page.url, 1)
            return await worker.run(len, "next")
        finally:
            beats.cancel()
            worker.close()

    assert asyncio.run(run()) == 4
    assert len(gaps) > 10
    assert max(gaps) < 1.5
