"""The night, and the clock that starts it.

A night is: take the lock, crawl in a child process (Twisted's reactor does not restart), deliver what is owed, back up.
The child stores every article in one transaction with its results and the alerts they owe, so a night that is killed at
any moment loses nothing: the next one reads the lists again.
"""

from __future__ import annotations

import logging
import sys
import threading
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

from crawler.bookkeeping import tell_overdue
from crawler.config import Schedule, Settings
from crawler.courier import Courier
from crawler.crawling import Event, crawl
from crawler.delivery import Sender, deliver, require_channels
from crawler.errors import AlreadyRunning, EvalwatchError
from crawler.fetch.recording import open_recording
from crawler.job import require_contact
from storage import runs
from storage.database import backup, open_store
from storage.deliveries import next_due

__all__ = ["EXIT_CODES", "Event", "Night", "is_overdue", "locked", "run_night", "send_between", "serve", "trigger_of"]

log = logging.getLogger("evalwatch")

EXIT_CODES: Mapping[str, int] = {"ok": 0, "partial": 1, "failed": 3}
"""Exit code by status of a run; 2 is usage or settings, 75 another night is running."""

SENDING_PAUSE = timedelta(seconds=5)
"""Between two rounds of sending lies at least this."""

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
    with locked(night.database), open_store(night.database) as store:
        today = datetime.now(ZoneInfo(night.settings.schedule.timezone)).date()
        run_id = runs.start_run(store, night=today, now=_now(), replay=bool(night.replay))
        sender = Sender(night.settings)
        with Courier(night.database, sender) as courier:

            def pass_on(event: Event) -> None:
                report(event)
                if event["event"] == "article":
                    courier.wake()

            crawled = crawl(
                _command(night, run_id, today),
                pass_on,
                stop or threading.Event(),
                most_s=night.settings.fetch.max_night_s,
            )
        # what a recording holds says nothing of what is out by now
        overdue = () if night.replay else tell_overdue(store, night.settings, today, _now())
        sent = deliver(store, sender, "night", night=today, wait_s=LONGEST_SENDING_S)
        if not sent.is_whole:
            log.warning("another process is sending; what is owed goes out later")
        status = _status(runs.run_summary(store, run_id), crawled=crawled, delivered=not sent.failed)
        runs.finish_run(store, run_id, status, now=_now())
        if not night.replay and night.settings.backups:
            backup(store, night.database.parent / "backups", keep=night.settings.backups, now=_now())
        return runs.run_summary(store, run_id) | {"overdue": [asdict(late) for late in overdue]}


def _status(summary: Mapping[str, Any], *, crawled: bool, delivered: bool) -> runs.RunStatus:
    """ok: all sources and deliveries went well; failed: no source did; partial: anything between."""
    states = [source["state"] for source in summary["sources"]]
    good = sum(source["state"] == "healthy" and source.get("health") != "broken" for source in summary["sources"])
    if states and not good:
        return "failed"
    if not crawled and not good:
        return "failed"
    return "ok" if crawled and delivered and good == len(states) else "partial"


def _command(night: Night, run_id: int, today: date) -> list[str]:
    """How the child is called."""
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
    return command


@contextmanager
def locked(database: Path) -> Iterator[None]:
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
    """Run nights by the clock until `stop` is set; a missed one is made up for once, at the start. What a channel did not take
    is tried again when it is due, between nights.

    `started` is told when the next night is due, `ended` every summary. Errors of one night do not stop the next.
    """
    require_channels(night.settings, night.settings_path)
    with open_store(night.database) as store:
        last = runs.last_start(store)
    _Service(night, started, ended, stop).run(last)


class _Service:
    """The clock, and what it starts."""

    def __init__(
        self, night: Night, started: Callable[[datetime | None], None], ended: Callable[[dict[str, Any]], None],
        stop: threading.Event,
    ) -> None:  # fmt: skip
        self._night = night
        self._started = started
        self._ended = ended
        self._stop = stop
        self._clock = BackgroundScheduler(timezone=ZoneInfo(night.settings.schedule.timezone))
        # shutdown() holds the clock's locks while it waits for the job: one that asked the clock then would wait for ever
        self._asking = threading.Lock()

    def run(self, last: datetime | None) -> None:
        """Start what is to be started, until told to stop."""
        schedule, clock = self._night.settings.schedule, self._clock
        clock.add_listener(_log_trouble, EVENT_JOB_MISSED | EVENT_JOB_ERROR)
        clock.add_job(
            self._run_night, trigger_of(schedule), id="night", coalesce=True, max_instances=1,
            misfire_grace_time=schedule.misfire_grace_s,
        )  # fmt: skip
        if is_overdue(schedule, last, _now()):
            log.warning("the last night was missed; starting it now")
            clock.add_job(self._run_night, id="overdue", misfire_grace_time=None)
        self._plan_sending(_now())
        clock.start()
        self._started(clock.get_job("night").next_run_time)
        self._stop.wait()
        with self._asking:
            pass
        clock.shutdown(wait=True)

    def _run_night(self) -> None:
        try:
            self._ended(run_night(self._night, stop=self._stop))
        except EvalwatchError as error:
            log.error("the night failed: %s", error)
        with self._asking:
            if not self._stop.is_set():
                self._started(self._clock.get_job("night").next_run_time)
                self._plan_sending(_now())

    def _send(self) -> None:
        due = send_between(self._night)
        with self._asking:
            if due is not None and not self._stop.is_set():
                self._plan_sending(due)

    def _plan_sending(self, due: datetime) -> None:
        self._clock.add_job(
            self._send, "date", run_date=max(due, _now() + SENDING_PAUSE), id="sending", replace_existing=True,
            misfire_grace_time=None,
        )  # fmt: skip


def send_between(night: Night) -> datetime | None:
    """Send what is owed and due between nights; returns when to do so again. None: nothing is owed."""
    try:
        with open_store(night.database) as store:
            deliver(store, Sender(night.settings), "between")
            return next_due(store)
    except EvalwatchError as error:
        log.error("what is owed was not sent: %s", error)
        return _now() + timedelta(hours=1)


def _log_trouble(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_MISSED:
        log.error("the night of %s was missed", event.scheduled_run_time)
    else:
        log.error("the night of %s broke", event.scheduled_run_time, exc_info=event.exception)


def _now() -> datetime:
    return datetime.now(UTC)
