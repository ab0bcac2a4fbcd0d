"""The night, and the clock that starts it.

A night is: take the lock, crawl in a child process (Twisted's reactor does not restart), deliver what is owed, back up.
The child stores every article in one transaction with its results and the alerts they owe, so a night that is killed at
any moment loses nothing: the next one reads the lists again.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from filelock import FileLock, Timeout

from alerts.match import subscriptions_told
from crawler.config import Schedule, Settings
from crawler.courier import Courier
from crawler.delivery import Sender, deliver, require_channels
from crawler.errors import AlreadyRunning, EvalwatchError, UsageError
from crawler.fetch.recording import open_recording
from crawler.health import Expected, Overdue, overdue_results
from crawler.items import Notice
from crawler.job import require_contact
from storage import health, runs
from storage.database import Store, backup, open_store
from storage.notices import owe_notice

__all__ = ["EXIT_CODES", "Event", "Night", "is_overdue", "run_night", "serve", "tell_overdue", "trigger_of"]

log = logging.getLogger("evalwatch")

EXIT_CODES: Mapping[str, int] = {"ok": 0, "partial": 1, "failed": 3}
"""Exit code by status of a run; 2 is usage or settings, 75 another night is running."""

Event = dict[str, Any]
"""One line of the child: {"event": "source" | "article" | "end", …}."""


LONGEST_SENDING_S = 180.0
"""The end of a night waits so long for another process that is sending."""


@dataclass(frozen=True, slots=True)
class Night:
    """What one night is to do."""

    settings: Settings
    """All of settings.toml."""
    settings_path: Path
    """The file they stand in, for the child."""
    database: Path
    """The SQLite file; its lock lies beside it."""
    replay: tuple[Path, ...] = ()
    """WARC files that answer instead of the network. Empty: a live night."""
    sources: tuple[str, ...] = ()
    """Ids to visit. Empty: every enabled one (in a replay: every one that the recording holds)."""
    deep: int | None = None
    """Read so many pages of every list, for rows that were added with an old date. None: as far as there is news."""


def run_night(
    night: Night, *, report: Callable[[Event], None] = lambda _event: None, stop: threading.Event | None = None
) -> dict[str, Any]:
    """Run one night to its end, or until `stop` is set, and return its summary (`storage.runs.run_summary`).

    Raises RecordingError for a recording that cannot be read to its end, SettingsError for a live run without a contact,
    AlreadyRunning at once while another night works on the same database, StorageError where the database cannot be used.
    """
    require_channels(night.settings, night.settings_path)
    if not night.replay:
        require_contact(night.settings, night.settings_path)
    else:
        open_recording(night.replay)
    with _locked(night.database), open_store(night.database) as store:
        today = datetime.now(ZoneInfo(night.settings.schedule.timezone)).date()
        run_id = runs.start_run(store, night=today, now=_now(), replay=bool(night.replay))
        sender = Sender(night.settings)
        with Courier(night.database, sender) as courier:

            def pass_on(event: Event) -> None:
                report(event)
                if event["event"] == "article":
                    courier.wake()

            crawled = _crawl(night, run_id, today, pass_on, stop or threading.Event())
        # what a recording holds says nothing of what is out by now
        overdue = () if night.replay else tell_overdue(store, night.settings, today)
        sent = deliver(store, sender, "night", night=today, wait_s=LONGEST_SENDING_S)
        status = _status(runs.run_summary(store, run_id), crawled=crawled, delivered=not sent.failed)
        runs.finish_run(store, run_id, status, now=_now())
        if not night.replay and night.settings.backups:
            backup(store, night.database.parent / "backups", keep=night.settings.backups, now=_now())
        return runs.run_summary(store, run_id) | {"overdue": [asdict(late) for late in overdue]}


def tell_overdue(store: Store, settings: Settings, night: date) -> tuple[Overdue, ...]:
    """What is overdue this night; each subscription that asked for it is owed a notice of it once."""
    from crawler.extract import usual_releases  # 0.2 s that a refused night need not wait for

    named = {series for one in settings.subscriptions if "overdue" in one.changes for series in one.series}
    overdue = overdue_results(
        [Expected(*series) for series in usual_releases()], health.seen_years(store), night, named=named
    )
    with store.writing():
        for late in overdue:
            notice = Notice("overdue", late.series, late.name, year=late.year, week=late.week)
            owe_notice(store, notice, subscriptions_told(notice, settings.subscriptions), night=night, now=_now())
    return overdue


def _status(summary: Mapping[str, Any], *, crawled: bool, delivered: bool) -> runs.RunStatus:
    """ok: all sources and deliveries went well; failed: no source did; partial: anything between."""
    states = [source["state"] for source in summary["sources"]]
    good = sum(source["state"] == "healthy" and source.get("health") != "broken" for source in summary["sources"])
    if states and not good:
        return "failed"
    if not crawled and not good:
        return "failed"
    return "ok" if crawled and delivered and good == len(states) else "partial"


def _crawl(night: Night, run_id: int, today: date, report: Callable[[Event], None], stop: threading.Event) -> bool:
    """Run the child and pass its events on; False where it did not reach its end."""
    command = [
        sys.executable, "-m", "crawler", "--settings", str(night.settings_path.resolve()),
        "--database", str(night.database.resolve()), "--run", str(run_id), "--night", today.isoformat(),
    ]  # fmt: skip
    for path in night.replay:
        command += ["--replay", str(path.resolve())]
    for source in night.sources:
        command += ["--source", source]
    if night.deep is not None:
        command += ["--deep", str(night.deep)]
    # the child reads its standard input to its end: where this process dies, the child does
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    threading.Thread(target=_watch, args=(child, stop, night.settings.fetch.max_night_s), daemon=True).start()
    try:
        assert child.stdout is not None
        for line in child.stdout:
            report(json.loads(line))
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait(timeout=60)
        raise
    if code == 2:
        raise UsageError("the crawl could not start", hint="The message above says why")
    if code:
        log.error("the crawl ended with code %s", code)
    return code == 0 and not stop.is_set()


def _watch(child: subprocess.Popen[str], stop: threading.Event, most_s: float) -> None:
    """Tell the child to end, in good order, when it must stop or has taken too long."""
    deadline = time.monotonic() + most_s
    while child.poll() is None:
        if stop.wait(0.2) or time.monotonic() > deadline:
            child.terminate()
            return


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    """Hold the night's lock; the kernel frees it when the process ends, however it ends."""
    database.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{database}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise AlreadyRunning(
            "another night is running on this database", where=str(database), hint="Wait for it, or stop it"
        ) from error
    try:
        yield
    finally:
        lock.release()


def trigger_of(schedule: Schedule) -> CronTrigger:
    """The cron line as a trigger; weekdays are names, which every scheduler counts alike."""
    minute, hour, day, month, weekday = schedule.cron.split()
    return CronTrigger(
        minute=minute, hour=hour, day=day, month=month, day_of_week=weekday,
        timezone=ZoneInfo(schedule.timezone), jitter=schedule.jitter_s or None,
    )  # fmt: skip


def is_overdue(schedule: Schedule, last: datetime | None, now: datetime) -> bool:
    """Whether a night that should have started after `last` was missed and may still be made up for.

    >>> daily = Schedule(cron="30 6 * * *", jitter_s=0, misfire_grace_s=7200)
    >>> morning = datetime(2024, 12, 20, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
    >>> is_overdue(daily, morning - timedelta(days=1), morning), is_overdue(daily, morning - timedelta(hours=1), morning)
    (True, False)
    """
    since = max(
        last or now - timedelta(seconds=schedule.misfire_grace_s), now - timedelta(seconds=schedule.misfire_grace_s)
    )
    minute, hour, day, month, weekday = schedule.cron.split()
    plain = CronTrigger(
        minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=ZoneInfo(schedule.timezone)
    )
    due = plain.get_next_fire_time(None, since + timedelta(seconds=1))
    return due is not None and due <= now and last is not None


def serve(
    night: Night,
    *,
    started: Callable[[datetime | None], None],
    ended: Callable[[dict[str, Any]], None],
    stop: threading.Event,
) -> None:
    """Run nights by the clock until `stop` is set; a missed one is made up for once, at the start.

    `started` is told when the next night is due, `ended` every summary. Errors of one night do not stop the next.
    """
    schedule = night.settings.schedule
    clock = BackgroundScheduler(timezone=ZoneInfo(schedule.timezone))
    # shutdown() holds the clock's locks while it waits for the job: one that asked the clock then would wait for ever
    asking = threading.Lock()

    def job() -> None:
        try:
            ended(run_night(night, stop=stop))
        except EvalwatchError as error:
            log.error("the night failed: %s", error)
        with asking:
            if not stop.is_set():
                started(clock.get_job("night").next_run_time)

    with open_store(night.database) as store:
        last = runs.last_start(store)
    clock.add_listener(_log_trouble, EVENT_JOB_MISSED | EVENT_JOB_ERROR)
    clock.add_job(
        job, trigger_of(schedule), id="night", coalesce=True, max_instances=1,
        misfire_grace_time=schedule.misfire_grace_s,
    )  # fmt: skip
    if is_overdue(schedule, last, _now()):
        log.warning("the last night was missed; starting it now")
        clock.add_job(job, id="overdue", misfire_grace_time=None)
    clock.start()
    started(clock.get_job("night").next_run_time)
    stop.wait()
    with asking:
        pass
    clock.shutdown(wait=True)


def _log_trouble(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_MISSED:
        log.error("the night of %s was missed", event.scheduled_run_time)
    else:
        log.error("the night of %s broke", event.scheduled_run_time, exc_info=event.exception)


def _now() -> datetime:
    return datetime.now(UTC)
