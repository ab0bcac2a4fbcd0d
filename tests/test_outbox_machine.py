"""Any order of articles, nights, outages, lost acknowledgements, kills and retries: what is owed arrives, under one id, as one text."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crawler import sending
from crawler.config import JsonlChannel, Settings, Subscription
from crawler.delivery import Sender, deliver
from crawler.errors import DeliveryError, EvalwatchError
from storage.articles import store_article
from storage.database import open_store
from storage.deliveries import Delivery, next_due, send_again
from storage.runs import finish_run, start_run
from tests.store_samples import NIGHT, NOW, arrival, article, extraction, result

CHANNELS = ("one", "two")
SUBSCRIPTIONS = (
    Subscription(id="night", channels=CHANNELS),
    Subscription(id="week", channels=("one",), digest="week", week_day="mon"),
    Subscription(id="at-once", channels=("two",), digest="at_once"),
)


NAMES = [one.id for one in SUBSCRIPTIONS]


class Outbox(RuleBasedStateMachine):
    """Receivers that fail as they are told to, and remember what reached them."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.store = self.stack.enter_context(open_store(folder / "t.db"))
        channels = tuple(JsonlChannel(id=name, kind="jsonl", path=name) for name in CHANNELS)
        self.settings = Settings(channels=channels, subscriptions=SUBSCRIPTIONS, folder=str(folder))
        self.now: datetime = NOW
        self.day = 0
        self.found = 0
        self.answers: dict[str, str] = dict.fromkeys(CHANNELS, "takes")
        self.received: dict[str, list[Delivery]] = defaultdict(list)
        self.bytes_by_id: dict[str, str] = {}
        patch = pytest.MonkeyPatch()
        patch.setattr(sending, "_attempt", self.attempt)
        self.stack.callback(patch.undo)

    def teardown(self) -> None:
        self.stack.close()

    def attempt(self, channel: Any, message: Delivery, *_: Any) -> EvalwatchError | None:
        answer = self.answers[channel.id]
        if answer == "fails":
            return DeliveryError("down")
        self.received[channel.id].append(message)
        return DeliveryError("no acknowledgement") if answer == "forgets" else None

    def sender(self) -> Sender:
        environment: Mapping[str, str] = {}
        return Sender(self.settings, environment, lambda: self.now)

    @rule(answer=st.sampled_from(["takes", "fails", "forgets"]), channel=st.sampled_from(CHANNELS))
    def answer(self, answer: str, channel: str) -> None:
        self.answers[channel] = answer

    @rule(articles=st.integers(0, 3), ends=st.booleans())
    def night(self, articles: int, ends: bool) -> None:
        night = NIGHT + timedelta(days=self.day)
        run = start_run(self.store, night=night, now=self.now, replay=True)
        for _ in range(articles):
            self.found += 1
            said = extraction(result(f"第{self.found}市", rank=self.found))
            page = article(f"第{self.found}号公告说明评估结果。" * 30, f"http://a.cn/{self.found}")
            store_article(
                self.store, arrival(self.store, page, said, owed=lambda _: NAMES, night=night, now=self.now, run=run)
            )  # fmt: skip
            deliver(self.store, self.sender(), "article", night=night)
        if ends:  # else it was killed
            deliver(self.store, self.sender(), "night", night=night)
            finish_run(self.store, run, "ok", self.now)

    @rule(minutes=st.sampled_from([1, 5, 60, 600]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        deliver(self.store, self.sender(), "between", night=NIGHT + timedelta(days=self.day))

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.day += days
        self.now += timedelta(days=days)

    @rule()
    def retry(self) -> None:
        send_again(self.store, self.now)

    @invariant()
    def one_id_is_one_text(self) -> None:
        for messages in self.received.values():
            for message in messages:
                assert self.bytes_by_id.setdefault(message.alert_id, message.payload) == message.payload

    @invariant()
    def nothing_is_sent_again_that_was_acknowledged(self) -> None:
        for name in CHANNELS:
            sent = self.store.value("SELECT count(*) FROM deliveries WHERE channel = ? AND state = 'sent'", name)
            assert sent <= len({message.alert_id for message in self.received[name]})

    @rule()
    def in_the_end_everything_arrived_once(self) -> None:
        """All receivers are well, the next Monday passes: each subscription was told each fact by exactly one id and channel."""
        self.answers = dict.fromkeys(CHANNELS, "takes")
        self.day += (7 - (NIGHT + timedelta(days=self.day)).weekday()) % 7 or 7
        self.now += timedelta(days=8)
        send_again(self.store, self.now)
        self.night(0, ends=True)
        while (due := next_due(self.store)) is not None:
            self.now = max(self.now, due)
            deliver(self.store, self.sender(), "between", night=NIGHT + timedelta(days=self.day))
        for subscription in SUBSCRIPTIONS:
            for name in subscription.channels:
                ids = {m.alert_id for m in self.received[name] if m.subscription == subscription.id}
                told = [row["result"] for one in ids for row in self.store.rows("SELECT result FROM alert_items WHERE alert = ?", one)]  # fmt: skip
                assert len(told) == len(set(told)) == self.found, subscription.id


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
