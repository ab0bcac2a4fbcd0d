"""`evalwatch serve` and live nights: over a real local site, started and stopped as a user does."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database import open_store
from storage.runs import finish_run, start_run
from tests.nights import command, environment, evalwatch
from tests.web_server import Answer, Site, article_page, list_page

TITLE = "2020年政府网站绩效评估结果公布"


def settings_for(site: Site, folder: Path, *more: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(
        f"""database = "night.db"
backups = 2
[fetch]
contact = "https://evalwatch.example; mailto:test@evalwatch.example"
delay_s = 0.0
retries = 0
[schedule]
cron = "30 6 * * *"
misfire_grace_s = 86400
[archive]
folder = "archive"
[[sources]]
id = "site"
name = "示例网"
kind = "city"
access = "list"
entry = ["{site.url("/list.html")}"]
local_hosts = ["127.0.0.1"]
{"".join(more)}
""",
        encoding="utf-8",
    )
    return path


def good_site() -> Site:
    return Site({"/list.html": list_page({"/a1.html": TITLE}), "/a1.html": article_page(TITLE)})


def test_a_live_night_stores_archives_and_backs_up(tmp_path: Path) -> None:
    with good_site() as site:
        ended = evalwatch("run", "--json", "--settings", settings_for(site, tmp_path), cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    summary = json.loads(ended.stdout)
    assert (summary["status"], summary["articles"], summary["results"]["new"]) == ("ok", 1, 1)
    assert len(list((tmp_path / "backups").glob("*.db"))) == 1
    archived = list((tmp_path / "archive").glob("*.warc.gz"))
    assert len(archived) == 1
    agents = {asked.headers.get("user-agent", "") for asked in site.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("evalwatch/")

    # what was archived is a recording like any other
    replayed = evalwatch(
        "run", "--json", "--settings", tmp_path / "settings.toml", "--database", "again.db", "--replay", archived[0],
        cwd=tmp_path,
    )  # fmt: skip
    assert json.loads(replayed.stdout)["results"] == summary["results"], replayed.stderr


def test_a_source_that_fails_makes_the_night_partial_and_harms_no_other(tmp_path: Path) -> None:
    with good_site() as site, Site({"/list.html": Answer("kaputt", status=500)}) as broken:
        second = (
            f'[[sources]]\nid = "broken"\nname = "坏网"\nkind = "city"\naccess = "list"\n'
            f'entry = ["{broken.url("/list.html").replace("127.0.0.1", "localhost")}"]\nlocal_hosts = ["localhost"]\n'
        )
        ended = evalwatch("run", "--json", "--settings", settings_for(site, tmp_path, second), cwd=tmp_path)
    assert ended.returncode == 1, ended.stderr
    summary = json.loads(ended.stdout)
    assert summary["status"] == "partial"
    assert {source["id"]: source["state"] for source in summary["sources"]} == {"site": "healthy", "broken": "failed"}
    assert summary["results"]["new"] == 1


def test_a_night_in_which_nothing_worked_says_so(tmp_path: Path) -> None:
    with Site({"/list.html": Answer("kaputt", status=500)}) as broken:
        ended = evalwatch("run", "--json", "--settings", settings_for(broken, tmp_path), cwd=tmp_path)
    assert ended.returncode == 3, ended.stderr
    assert json.loads(ended.stdout)["status"] == "failed"


@pytest.mark.slow
def test_serve_makes_up_for_a_missed_night_and_stops_when_told(tmp_path: Path) -> None:
    with good_site() as site:
        settings = settings_for(site, tmp_path)
        with open_store(tmp_path / "night.db") as store:
            before = datetime.now(UTC) - timedelta(days=2)
            finish_run(store, start_run(store, night=before.date(), now=before, replay=False), "ok", before)
        served = subprocess.Popen(
            command("serve", "--settings", settings), cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True
        )
        try:
            _wait_for_a_finished_run(tmp_path / "night.db", number=2)
        finally:
            served.send_signal(signal.SIGTERM)
            _, log = served.communicate(timeout=30)
    assert served.returncode == 0, log
    assert "the last night was missed; starting it now" in log
    assert "Night of" in log
    assert "stopped" in log


def _wait_for_a_finished_run(database: Path, *, number: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(database)) as connection:
            row = connection.execute("SELECT status FROM runs WHERE id = ?", (number,)).fetchone()
        if row and row[0] != "running":
            assert row[0] == "ok"
            return
        time.sleep(0.1)
    pytest.fail("the night did not end")
