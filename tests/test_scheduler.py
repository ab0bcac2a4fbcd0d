"""The clock and the lock. Whole nights are in test_night.py and test_kill.py."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from filelock import FileLock

import scheduler
from crawler.config import Schedule, load_settings
from crawler.errors import AlreadyRunning, SettingsError

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2024, 12, 20, 8, 0, tzinfo=SHANGHAI)
DAILY = Schedule(cron="30 6 * * *", jitter_s=0, misfire_grace_s=6 * 3600)


def settings_file(folder: Path, extra: str = "") -> Path:
    path = folder / "settings.toml"
    path.write_text(f'database = "night.db"\n{extra}', encoding="utf-8")
    return path


def test_a_night_starts_at_its_time_in_its_timezone() -> None:
    due = scheduler.trigger_of(DAILY).get_next_fire_time(None, MORNING)
    assert due == datetime(2024, 12, 21, 6, 30, tzinfo=SHANGHAI)


def test_weekdays_are_names_and_mean_themselves() -> None:
    sundays = Schedule(cron="30 6 * * sun", jitter_s=0)
    due = scheduler.trigger_of(sundays).get_next_fire_time(None, MORNING)
    assert due == datetime(2024, 12, 22, 6, 30, tzinfo=SHANGHAI)


def test_jitter_moves_a_night_within_its_bounds() -> None:
    trigger = scheduler.trigger_of(Schedule(cron="30 6 * * *", jitter_s=600))
    due = {trigger.get_next_fire_time(None, MORNING) for _ in range(50)}
    plain = datetime(2024, 12, 21, 6, 30, tzinfo=SHANGHAI)
    assert len(due) > 1
    assert all(abs(time - plain) <= timedelta(seconds=600) for time in due if time)


@pytest.mark.parametrize(
    ("last", "now", "overdue"),
    [
        (MORNING - timedelta(days=1), MORNING, True),  # yesterday ran, today 06:30 did not
        (MORNING - timedelta(hours=1), MORNING, False),  # it ran at 07:00
        (MORNING - timedelta(days=9), MORNING, True),  # many missed nights are made up for by one
        (MORNING - timedelta(days=9), MORNING + timedelta(hours=12), False),  # too late: the grace is over
        (None, MORNING, False),  # a first start waits for its time
    ],
)
def test_a_missed_night_is_overdue_once(last: datetime | None, now: datetime, overdue: bool) -> None:
    assert scheduler.is_overdue(DAILY, last, now) is overdue


@pytest.mark.parametrize(
    ("states", "crawled", "delivered", "status"),
    [
        (["healthy", "healthy"], True, True, "ok"),
        (["healthy", "failed"], True, True, "partial"),
        (["healthy", "blocked"], True, True, "partial"),
        (["healthy"], True, False, "partial"),
        (["healthy"], False, True, "partial"),
        (["failed", "blocked"], True, True, "failed"),
        ([], False, True, "failed"),
        ([], True, True, "ok"),
    ],
)
def test_the_status_of_a_night(states: list[str], crawled: bool, delivered: bool, status: str) -> None:
    summary = {"sources": [{"state": state} for state in states]}
    assert scheduler._status(summary, crawled=crawled, delivered=delivered) == status


def test_a_second_night_on_the_same_database_is_refused(tmp_path: Path) -> None:
    path = settings_file(tmp_path, '[fetch]\ncontact = "https://evalwatch.example"\n')
    night = scheduler.Night(load_settings(path), path, tmp_path / "night.db")
    with FileLock(tmp_path / "night.db.lock"), pytest.raises(AlreadyRunning, match="another night is running"):
        scheduler.run_night(night)


def test_the_command_exits_75_within_a_second_while_a_night_runs(tmp_path: Path) -> None:
    path = settings_file(tmp_path, '[fetch]\ncontact = "https://evalwatch.example"\n')
    with FileLock(tmp_path / "night.db.lock"):
        before = time.monotonic()
        ended = subprocess.run(
            [sys.executable, "-m", "crawler.commands", "run", "--settings", str(path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        took = time.monotonic() - before
    assert ended.returncode == 75
    assert "another night is running" in ended.stderr
    assert took < 3  # start-up of the interpreter included, on a busy machine; the refusal itself is at once


def test_a_live_night_needs_a_contact(tmp_path: Path) -> None:
    path = settings_file(tmp_path)
    with pytest.raises(SettingsError, match="contact does not say who runs this"):
        scheduler.run_night(scheduler.Night(load_settings(path), path, tmp_path / "night.db"))
    assert not (tmp_path / "night.db").exists()


def test_serve_stops_though_a_night_ends_while_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settings_file(tmp_path, '[fetch]\ncontact = "https://evalwatch.example"\n')
    night = scheduler.Night(load_settings(path), path, tmp_path / "night.db")
    stop, ended = threading.Event(), threading.Event()

    def short(_night: scheduler.Night, *, stop: threading.Event) -> dict[str, Any]:
        # as a night that is told to stop: it ends a little later
        stop.set()
        time.sleep(0.1)
        return {}

    monkeypatch.setattr(scheduler, "run_night", short)
    monkeypatch.setattr(scheduler, "is_overdue", lambda *_: True)
    serving = threading.Thread(
        target=scheduler.serve, args=(night,), daemon=True,
        kwargs={"started": lambda _due: None, "ended": lambda _summary: ended.set(), "stop": stop},
    )  # fmt: skip
    serving.start()
    serving.join(timeout=10)
    assert ended.is_set()
    assert not serving.is_alive()
