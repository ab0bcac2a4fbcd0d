"""What is owed goes out: with a fixed clock, real files and receivers."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from crawler.config import Channel, JsonlChannel, Settings, Subscription, WebhookChannel
from crawler.delivery import Moment, Sender, Sent, deliver, is_ripe, split_by_rate
from crawler.items import Change
from crawler.sending import Budget
from storage.articles import store_article
from storage.database import Store, open_store
from storage.deliveries import closed_channels, due_deliveries, next_due, send_again
from storage.outbox import list_alerts, take_back
from storage.runs import finish_run, start_run
from tests.nights import environment as child_environment
from tests.receivers import Receiver, listening
from tests.store_samples import NEWS, NIGHT, NOW, OTHER_NEWS, arrival, article, extraction, result

SECRET = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, or so").decode()
ENVIRONMENT = {"SECRET": SECRET}
MINUTE = timedelta(minutes=1)
FILE = JsonlChannel(id="file", kind="jsonl", path="alerts.jsonl")


def hook(url: str, name: str = "hook", **changes: object) -> WebhookChannel:
    values: dict[str, Any] = {"id": name, "kind": "webhook", "url": url, "secret_env": "SECRET"}
    return WebhookChannel(**(values | changes))


@dataclass
class House:
    """A database, settings, and a clock that stands until it is moved."""

    folder: Path
    store: Store
    channels: tuple[Channel, ...] = (FILE,)
    subscriptions: tuple[Subscription, ...] = (Subscription(id="anna", channels=("file",)),)
    now: datetime = NOW
    budget: Budget = field(default_factory=Budget)

    def sender(self) -> Sender:
        settings = Settings(channels=self.channels, subscriptions=self.subscriptions, folder=str(self.folder))
        return Sender(settings, ENVIRONMENT, lambda: self.now, self.budget)

    def deliver(self, moment: Moment = "night", night: date = NIGHT) -> Sent:
        return deliver(self.store, self.sender(), moment, night=night)

    def find(
        self, url: str = "http://a.cn/1", text: str = NEWS, *says: Any, night: date = NIGHT, is_empty: bool = False
    ) -> None:
        """An article is stored in a run that ends well; `is_empty`: it states nothing."""

        def owed(_change: Change) -> Sequence[str]:
            return [one.id for one in self.subscriptions]

        run = start_run(self.store, night=night, now=self.now, replay=True)
        said = extraction(*(() if is_empty else says or (result(),)))
        store_article(self.store, arrival(self.store, article(text, url), said, owed=owed, night=night, now=self.now, run=run))  # fmt: skip
        finish_run(self.store, run, "ok", self.now)

    def lines(self) -> list[dict[str, Any]]:
        path = self.folder / "alerts.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def states(self) -> dict[str | None, str]:
        return {row["channel"]: row["state"] for row in list_alerts(self.store)}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_store(tmp_path / "t.db") as store:
        yield House(tmp_path, store)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening(Receiver()) as one:
        yield one


def both(house: House, receiver: Receiver) -> None:
    """A file and a webhook, for one subscription."""
    house.channels = (FILE, hook(receiver.url))
    house.subscriptions = (Subscription(id="anna", channels=("file", "hook")),)


def ids(receiver: Receiver) -> list[str]:
    return [headers["webhook-id"] for headers, _ in receiver.received]


def test_a_night_is_one_message_per_subscription(house: House) -> None:
    house.find()
    house.find("http://b.cn/1", OTHER_NEWS, result("广西壮族自治区", rank=3))
    assert house.lines() == []
    assert house.deliver() == Sent(sent=1)
    assert house.deliver() == Sent()
    (message,) = house.lines()
    assert message["data"]["results"] == 2
    house.find("http://c.cn/1", "四川" * 200, result("四川省", rank=1))
    assert house.deliver() == Sent(sent=1)
    assert [line["data"]["results"] for line in house.lines()] == [2, 1]


def test_a_day_of_outage_loses_nothing_and_doubles_nothing_on_the_healthy_channel(
    house: House, receiver: Receiver
) -> None:
    both(house, receiver)
    receiver.answer = 503
    house.find()
    tried = []
    for minute in range(25 * 60):
        house.now = NOW + minute * MINUTE
        if minute == 24 * 60:
            receiver.answer = 204
        before = len(receiver.received)
        if due_deliveries(house.store, house.now) or not minute:
            house.deliver("night" if not minute else "between")
        if len(receiver.received) > before:
            tried.append(minute)
    assert tried[:9] == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    assert tried[-1] >= 24 * 60
    assert len(set(ids(receiver))) == 1
    assert len({body for _, body in receiver.received}) == 1
    assert len(house.lines()) == 1
    assert house.states() == {"file": "sent", "hook": "sent"}


def test_after_seven_days_it_is_dead_and_can_be_sent_again(house: House, receiver: Receiver) -> None:
    both(house, receiver)
    receiver.answer = 500
    house.find()
    house.deliver()
    while (due := next_due(house.store)) is not None:
        house.now = due
        house.deliver("between")
    assert timedelta(days=6, hours=22) < house.now - NOW <= timedelta(days=7)
    assert house.states() == {"file": "sent", "hook": "dead"}
    receiver.answer = 204
    assert house.deliver("between") == Sent()
    house.now += timedelta(days=30)
    assert send_again(house.store, house.now) == 1
    receiver.answer = 500
    assert house.deliver("between") == Sent(failed=1)
    assert house.states() == {"file": "sent", "hook": "owed"}  # for another seven days
    house.now += MINUTE
    receiver.answer = 204
    assert house.deliver("between") == Sent(sent=1)
    assert len(set(ids(receiver))) == 1
    assert len(house.lines()) == 1


def test_a_lost_acknowledgement_brings_the_same_id_and_bytes_again(house: House, receiver: Receiver) -> None:
    both(house, receiver)
    receiver.drop = True
    house.find()
    assert house.deliver() == Sent(sent=1, failed=1)
    receiver.drop = False
    house.now += MINUTE
    assert house.deliver("between") == Sent(sent=1)
    (first, body), (second, again) = receiver.received
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    with pytest.raises(Exception, match="too old"):  # the clock of this test stands in 2024
        Webhook(SECRET).verify(again, second)
    assert len(house.lines()) == 1


def test_a_receiver_that_is_gone_closes_its_channel_until_the_address_changes(house: House, receiver: Receiver) -> None:
    both(house, receiver)
    receiver.answer = 410
    house.find()
    assert house.deliver().failed == 1
    assert house.states() == {"file": "sent", "hook": "gone"}
    (closed,) = closed_channels(house.store).values()
    assert closed.channel == "hook"
    assert "127.0.0.1" not in closed.address + closed.reason
    receiver.answer = 204
    house.find("http://b.cn/1", OTHER_NEWS, result("广西壮族自治区", rank=3))
    assert house.deliver() == Sent(sent=1, failed=1)
    assert len(receiver.received) == 1
    with listening(Receiver()) as moved:
        house.channels = (FILE, hook(moved.url))
        house.find("http://c.cn/1", "四川" * 200, result("四川省", rank=1))
        assert house.deliver() == Sent(sent=2)
        assert closed_channels(house.store) == {}
        assert send_again(house.store, house.now) == 2
        assert house.deliver("between") == Sent(sent=2)
        assert len(set(ids(moved))) == 3


def test_a_slow_channel_holds_up_no_other(house: House, receiver: Receiver) -> None:
    both(house, receiver)
    house.channels = (hook(receiver.url), FILE)
    receiver.stall = threading.Event()
    house.budget = Budget(channel_s=0.0, attempt_s=0.05)
    house.find()
    # no turn at all
    assert house.deliver() == Sent(waiting=2)
    house.budget = Budget(channel_s=5.0, attempt_s=0.05)
    assert house.deliver() == Sent(sent=1, failed=1)
    assert "no end within 0.05 s" in str(house.store.value("SELECT last_error FROM deliveries WHERE channel = 'hook'"))
    assert house.states() == {"file": "sent", "hook": "owed"}
    receiver.stall.set()


def test_a_rate_is_kept_by_due_times(house: House, receiver: Receiver) -> None:
    house.channels = (hook(receiver.url, per_minute=2),)
    house.subscriptions = tuple(Subscription(id=name, channels=("hook",)) for name in ("a", "b", "c", "d", "e"))
    house.find()
    assert house.deliver() == Sent(sent=2, waiting=3)
    house.now += timedelta(seconds=59)
    assert house.deliver("between") == Sent()
    house.now += timedelta(seconds=1)
    assert house.deliver("between") == Sent(sent=2, waiting=1)
    assert house.store.value("SELECT max(attempts) FROM deliveries WHERE state = 'owed'") == 0
    house.now += MINUTE
    assert house.deliver("between") == Sent(sent=1)
    assert len(set(ids(receiver))) == 5


@settings(deadline=None)
@given(st.integers(0, 9), st.lists(st.integers(0, 59), max_size=9), st.integers(1, 5))
def test_no_minute_has_more_than_the_rate(number: int, before: list[int], most: int) -> None:
    tried = sorted(NOW - timedelta(seconds=seconds) for seconds in before)
    go, until = split_by_rate(number, tried, most, NOW)
    assert 0 <= go <= number
    assert go + len(tried) <= max(most, len(tried))
    if go < number:
        assert NOW < until <= NOW + MINUTE


def test_a_receiver_that_asks_to_wait_is_left_alone_so_long(house: House, receiver: Receiver) -> None:
    both(house, receiver)
    receiver.answer, receiver.wait = 429, "1800"
    house.find()
    house.deliver()
    assert next_due(house.store) == NOW + timedelta(seconds=1800)


def test_a_channel_that_the_settings_no_longer_have_is_told_and_given_up_in_the_end(house: House) -> None:
    house.find()
    house.channels = ()
    assert house.deliver() == Sent(failed=1)
    while (due := next_due(house.store)) is not None:
        house.now = due
        house.deliver("between")
    assert house.states() == {"file": "dead"}


def test_a_subscription_that_the_settings_no_longer_have_is_told_nothing(house: House) -> None:
    house.find()
    house.subscriptions = ()
    assert house.deliver() == Sent()
    assert house.lines() == []


def test_a_secret_that_is_not_set_is_a_failure_and_no_end(house: House, receiver: Receiver) -> None:
    both(house, receiver)
    house.find()
    sender = house.sender()
    assert deliver(house.store, Sender(sender.settings, {}, sender.clock), "night", night=NIGHT) == Sent(1, 1)
    house.now += MINUTE
    assert house.deliver("between") == Sent(sent=1)


def test_a_mistake_in_one_channel_costs_no_other_its_message(house: House) -> None:
    house.channels = (FILE, JsonlChannel(id="other", kind="jsonl", path="\0"))
    house.subscriptions = (Subscription(id="anna", channels=("other", "file")),)
    house.find()
    assert house.deliver() == Sent(sent=1, failed=1)
    assert house.states() == {"file": "sent", "other": "owed"}
    assert "broke (ValueError" in str(house.store.value("SELECT last_error FROM deliveries WHERE channel = 'other'"))


def test_two_processes_never_send_at_the_same_time(house: House) -> None:
    house.find()
    with FileLock(f"{house.store.path}.sending.lock"):
        assert house.deliver() == Sent(is_whole=False)
    assert house.states() == {"file": "owed"}
    assert house.deliver("between") == Sent(sent=1)


NIGHTLY, WEEKLY, AT_ONCE = (
    Subscription(id="anna", channels=("file",), digest="night"),
    Subscription(id="anna", channels=("file",), digest="week", week_day="mon"),
    Subscription(id="anna", channels=("file",), digest="at_once"),
)
SATURDAY = NIGHT
MONDAY = NIGHT + timedelta(days=2)


@pytest.mark.parametrize(
    ("subscription", "night", "today", "moment", "ripe"),
    [
        (NIGHTLY, SATURDAY, SATURDAY, "article", False),
        (NIGHTLY, SATURDAY, SATURDAY, "night", True),
        (NIGHTLY, SATURDAY, SATURDAY, "between", False),  # a killed night may be repeated
        (NIGHTLY, SATURDAY, MONDAY, "between", True),
        (WEEKLY, SATURDAY, SATURDAY, "night", False),
        (WEEKLY, SATURDAY, MONDAY, "between", False),
        (WEEKLY, SATURDAY, MONDAY, "night", True),
        (WEEKLY, MONDAY, MONDAY, "night", True),
        (WEEKLY, SATURDAY, MONDAY + timedelta(days=1), "between", True),
        (WEEKLY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=6), "night", False),
        (AT_ONCE, SATURDAY, SATURDAY, "article", True),
        (AT_ONCE, SATURDAY, SATURDAY, "between", True),
    ],
)
def test_when_a_message_is_written(
    subscription: Subscription, night: date, today: date, moment: Moment, ripe: bool
) -> None:
    assert is_ripe(subscription, night, today, moment) is ripe


def test_a_week_is_one_message_under_one_id(house: House) -> None:
    house.subscriptions = (WEEKLY,)
    found = [(NEWS, result()), (OTHER_NEWS, result("广西壮族自治区", rank=3)), ("四川" * 200, result("四川省", rank=1))]
    for day, (text, says) in enumerate(found):
        house.now = NOW + timedelta(days=day)
        house.find(f"http://a.cn/{day}", text, says, night=SATURDAY + timedelta(days=day))
        assert house.lines() == []
        house.deliver(night=SATURDAY + timedelta(days=day))
    (message,) = house.lines()
    assert message["data"]["results"] == 3
    assert message["data"]["night"] == "2024-12-23"
    rows = list_alerts(house.store)
    assert [(row["id"], row["state"], len(row["results"])) for row in rows] == [(message["id"], "sent", 3)]
    house.find("http://b.cn/9", "云南" * 200, result("云南省", rank=2), night=MONDAY)
    house.deliver(night=MONDAY)
    assert [line["data"]["results"] for line in house.lines()] == [3, 1]


def told_of(message: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """Kind of change, outcome and what was known before, of each result of a message."""
    entities = [e for one in message["data"]["evaluations"] for group in one["groups"] for e in group["entities"]]
    return [(item["change"], item["outcome"], item["previous"]) for e in entities for item in e["results"]]


def test_a_week_tells_the_value_that_stands_in_the_end_not_its_way_there(house: House) -> None:
    house.subscriptions = (WEEKLY,)
    house.find(night=SATURDAY)
    house.find("http://b.cn/1", OTHER_NEWS, result("广西壮族自治区", rank=3), night=SATURDAY)
    house.now = NOW + timedelta(days=1)
    house.find("http://a.cn/1", NEWS.replace("五", "四"), result(rank=4), night=SATURDAY + timedelta(days=1))
    house.find("http://b.cn/1", OTHER_NEWS + "更正。", night=SATURDAY + timedelta(days=1), is_empty=True)
    house.deliver(night=MONDAY)
    (message,) = house.lines()
    assert told_of(message) == [("new", "第4名", None)]


def test_a_week_tells_who_knew_a_value_of_its_end_once(house: House) -> None:
    house.find()
    house.deliver()
    house.subscriptions = (WEEKLY,)
    for day, rank in ((0, 4), (1, 3)):
        house.now = NOW + timedelta(days=1 + day)
        text = NEWS.replace("五", "三四"[rank - 3])
        house.find("http://a.cn/1", text, result(rank=rank), night=SATURDAY + timedelta(days=day))
    house.deliver(night=MONDAY)
    assert told_of(house.lines()[-1]) == [("corrected", "第3名", "第5名")]


def test_a_night_that_was_killed_and_repeated_tells_once(house: House) -> None:
    house.find()
    start_run(house.store, night=NIGHT, now=house.now, replay=True)  # killed before it delivered
    house.now = NOW + timedelta(hours=1)
    assert house.deliver("between", NIGHT) == Sent()
    house.find("http://b.cn/1", OTHER_NEWS, result("广西壮族自治区", rank=3))
    assert house.deliver() == Sent(sent=1)
    assert [line["data"]["results"] for line in house.lines()] == [2]


def test_between_nights_nothing_is_written_of_a_night_that_runs_past_midnight(house: House) -> None:
    house.find()
    start_run(house.store, night=NIGHT, now=house.now, replay=False)
    assert house.deliver("between", NIGHT + timedelta(days=1)) == Sent()
    assert house.lines() == []


def test_a_killed_night_that_nobody_repeated_is_told_the_next_day(house: House) -> None:
    house.find()
    assert house.deliver("between", NIGHT + timedelta(days=1)) == Sent(sent=1)


def test_a_killed_night_that_still_says_it_runs_is_told_the_next_day(house: House) -> None:
    house.find()
    start_run(house.store, night=NIGHT, now=house.now, replay=True)
    house.now += timedelta(hours=25)
    assert house.deliver("between", NIGHT + timedelta(days=1)) == Sent(sent=1)


def test_what_was_taken_back_before_it_was_written_is_not_told(house: House) -> None:
    house.find()
    (row,) = list_alerts(house.store)
    with house.store.writing():
        take_back(house.store, row["results"][0])
    assert house.deliver() == Sent()
    assert house.lines() == []


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.test_delivery import House, NIGHT, hook
from crawler.config import Subscription
from storage.database import open_store
import crawler.delivery
def die(*_args): os.kill(os.getpid(), signal.SIGKILL)
crawler.delivery._record = die
with open_store(Path({folder!r}) / "t.db") as store:
    house = House(Path({folder!r}), store, (hook({url!r}),), (Subscription(id="anna", channels=("hook",)),))
    house.find()
    house.deliver()
"""


def test_a_kill_between_sending_and_writing_it_down_sends_again_under_the_same_id(
    tmp_path: Path, receiver: Receiver
) -> None:
    root = str(Path(__file__).parents[1])
    code = KILLED.format(root=root, folder=str(tmp_path), url=receiver.url)
    killed = subprocess.run([sys.executable, "-c", code], env=child_environment(), check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with ExitStack() as stack:
        store = stack.enter_context(open_store(tmp_path / "t.db"))
        house = House(tmp_path, store, (hook(receiver.url),), (Subscription(id="anna", channels=("hook",)),))
        assert house.deliver() == Sent(sent=1)
        assert house.deliver() == Sent()
    (first, body), (second, again) = receiver.received
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
