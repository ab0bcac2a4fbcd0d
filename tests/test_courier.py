"""What goes out beside a night and between nights: the courier's thread, and the clock of `evalwatch serve`."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import scheduler
from crawler import courier as courier_module
from crawler.config import Settings, Subscription, load_settings
from crawler.courier import Courier
from crawler.delivery import Sender
from crawler.errors import StorageError
from storage.articles import store_article
from storage.database import Store, open_store
from storage.outbox import close_alert, list_alerts, pending
from storage.runs import start_run
from tests.receivers import Receiver, listening
from tests.store_samples import NEWS, OTHER_NEWS, arrival, article, extraction, result
from tests.test_delivery import ENVIRONMENT, SECRET, hook


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening(Receiver()) as one:
        yield one


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def until(happened: Callable[[], bool]) -> None:
    """Wait for something in another thread, at most ten seconds."""
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def find(store: Store, run: int, url: str, text: str, entity: str, night: date) -> None:
    said = extraction(result(entity))
    now = datetime.now(UTC) - timedelta(seconds=1)
    store_article(
        store, arrival(store, article(text, url), said, owed=lambda _change: ["now", "later"], night=night, now=now, run=run)
    )  # fmt: skip


def test_what_is_told_at_once_goes_out_while_the_night_goes_on(
    store: Store, tmp_path: Path, receiver: Receiver
) -> None:
    settings = Settings(
        channels=(hook(receiver.url),), folder=str(tmp_path),
        subscriptions=(
            Subscription(id="now", channels=("hook",), digest="at_once"), Subscription(id="later", channels=("hook",)),
        ),
    )  # fmt: skip
    tonight = Sender(settings).today()
    run = start_run(store, night=tonight, now=datetime.now(UTC), replay=False)
    with Courier(store.path, Sender(settings, ENVIRONMENT)) as courier:
        find(store, run, "http://a.cn/1", NEWS, "湖北省", tonight)
        courier.wake()
        until(lambda: len(receiver.received) == 1)
        find(store, run, "http://b.cn/1", OTHER_NEWS, "广西壮族自治区", tonight)
        courier.wake()
        until(lambda: len(receiver.received) == 2)
    states = {(row["subscription"], row["state"], row["channel"]) for row in list_alerts(store)}
    assert states == {("now", "sent", "hook"), ("later", "owed", None)}
    assert len({headers["webhook-id"] for headers, _ in receiver.received}) == 2


def test_without_such_a_subscription_there_is_no_courier(store: Store) -> None:
    before = threading.active_count()
    with Courier(store.path, Sender(Settings())) as courier:
        courier.wake()
        assert threading.active_count() == before


def test_a_courier_that_cannot_work_leaves_the_night_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "t.db").write_text("no database", encoding="utf-8")
    settings = Settings(subscriptions=(Subscription(id="now", channels=(), digest="at_once"),))
    with caplog.at_level(logging.ERROR), Courier(tmp_path / "t.db", Sender(settings)) as courier:
        courier.wake()
        until(lambda: bool(caplog.records))
    assert "nothing is told at once in this night" in caplog.text


def test_a_courier_survives_a_database_that_is_locked_for_a_while(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[int] = []

    def fails_once(*_args: object) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise StorageError("is locked by another process")

    monkeypatch.setattr(courier_module, "deliver", fails_once)
    settings = Settings(subscriptions=(Subscription(id="now", channels=(), digest="at_once"),))
    with caplog.at_level(logging.WARNING), Courier(store.path, Sender(settings)) as courier:
        for number in (1, 2):
            courier.wake()
            until(lambda number=number: len(calls) >= number)  # type: ignore[misc]  # bound at once
    assert "what is told at once waits: is locked by another process" in caplog.text


def settings_file(folder: Path, receiver: Receiver) -> Path:
    path = folder / "settings.toml"
    path.write_text(
        f'database = "t.db"\n[fetch]\ncontact = "https://evalwatch.example"\n[[channels]]\nid = "hook"\nkind = "webhook"\n'
        f'url = "{receiver.url}"\nsecret_env = "SECRET"\n[[subscriptions]]\nid = "anna"\nchannels = ["hook"]\n',
        encoding="utf-8",
    )
    return path


def test_serve_sends_between_nights_what_is_owed(
    store: Store, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", SECRET)
    monkeypatch.setattr(scheduler, "SENDING_PAUSE", timedelta(0))
    path = settings_file(tmp_path, receiver)
    store_article(store, arrival(store, owed=lambda _change: ["anna"], now=datetime.now(UTC)))
    (alert,) = pending(store, datetime.now(UTC))
    close_alert(store, alert.id, ["hook"], b'{"type":"t","data":{}}', datetime.now(UTC))
    stop = threading.Event()
    night = scheduler.Night(load_settings(path), path, tmp_path / "t.db")
    serving = threading.Thread(
        target=scheduler.serve, args=(night,), daemon=True,
        kwargs={"started": lambda _due: None, "ended": lambda _summary: None, "stop": stop},
    )  # fmt: skip
    monkeypatch.setattr(scheduler, "is_overdue", lambda *_: False)
    serving.start()
    until(lambda: [row["state"] for row in list_alerts(store)] == ["sent"])
    stop.set()
    serving.join(10)
    assert not serving.is_alive()
    assert len(receiver.received) == 1


def test_between_nights_says_when_to_come_again(
    store: Store, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", SECRET)
    path = settings_file(tmp_path, receiver)
    night = scheduler.Night(load_settings(path), path, tmp_path / "t.db")
    assert scheduler.send_between(night) is None
    receiver.answer = 500
    store_article(store, arrival(store, owed=lambda _change: ["anna"]))
    (alert,) = pending(store, datetime.now(UTC))
    close_alert(store, alert.id, ["hook"], b'{"type":"t","data":{}}', datetime.now(UTC))
    due = scheduler.send_between(night)
    assert due is not None
    assert timedelta(seconds=50) < due - datetime.now(UTC) <= timedelta(minutes=1)


def test_a_database_that_cannot_be_used_is_tried_again_in_an_hour(tmp_path: Path, receiver: Receiver) -> None:
    path = settings_file(tmp_path, receiver)
    (tmp_path / "t.db").write_text("no database", encoding="utf-8")
    due = scheduler.send_between(scheduler.Night(load_settings(path), path, tmp_path / "t.db"))
    assert due is not None
    assert due - datetime.now(UTC) > timedelta(minutes=59)
