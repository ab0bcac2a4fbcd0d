from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.items import Alert, Change, Result
from storage.articles import store_article
from storage.database import Store, open_store
from storage.deliveries import Delivery, due_deliveries, record_delivery
from storage.outbox import close_alert, list_alerts, pending
from storage.rows import change_from_json, change_to_json
from tests.store_samples import NEWS, NIGHT, NOW, OTHER_NEWS, arrival, article, change, evaluation, extraction, result

MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def everybody(_change: Change) -> Sequence[str]:
    return ["anna", "bo", "anna"]


def _owe(store: Store, url: str = "http://a.cn/1", text: str = NEWS, **of_arrival: object) -> None:
    said = extraction(result(), result("湖北省/武汉市", group="capital", rank=3))
    store_article(store, arrival(store, article(text, url), said, owed=everybody, **of_arrival))  # type: ignore[arg-type]  # passed on


def test_changes_of_a_night_gather_in_one_alert_per_subscription(store: Store) -> None:
    _owe(store)
    store_article(
        store,
        arrival(
            store, article(OTHER_NEWS, "http://b.cn/1"), extraction(result("广西壮族自治区", rank=3)), owed=everybody
        ),
    )
    alerts = pending(store, NOW)
    assert [(a.subscription, a.night, a.created, len(a.changes)) for a in alerts] == [
        ("anna", NIGHT, NOW, 3), ("bo", NIGHT, NOW, 3),
    ]  # fmt: skip
    assert {c.result.entity for c in alerts[0].changes} == {"湖北省", "湖北省/武汉市", "广西壮族自治区"}


def test_a_change_comes_back_as_it_was(store: Store) -> None:
    said = result(
        kind="award", award="“十佳”案例", work="一网通办", confidence=0.75, indicator="服务", evidence="获评\n十佳"
    )
    told = article(published=datetime.fromisoformat("2024-12-20T10:40:00+08:00"))
    changes = store_article(store, arrival(store, told, extraction(said), owed=everybody))
    (alert, _) = pending(store, NOW)
    assert alert.changes == changes
    assert change_from_json(
        change_to_json(change(evaluation=evaluation(year=None, released=None), published=None))
    ) == change(evaluation=evaluation(year=None, released=None), published=None)


def test_an_id_depends_on_database_subscription_night_and_number_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "whole.db") as store:
        pass
    found = []
    for number, (text, url) in enumerate([(NEWS, "http://a.cn/1"), (OTHER_NEWS, "http://b.cn/1")]):
        shutil.copy(tmp_path / "whole.db", tmp_path / f"{number}.db")
        with open_store(tmp_path / f"{number}.db") as store:
            _owe(store, url, text)
            found.append([alert.id for alert in pending(store, NOW)])
    assert found[0] == found[1]
    assert len(set(found[0])) == 2
    with open_store(tmp_path / "another.db") as store:
        _owe(store)
        assert not {alert.id for alert in pending(store, NOW)} & set(found[0])


def test_a_closed_alert_keeps_its_bytes_and_later_changes_open_another(store: Store) -> None:
    _owe(store)
    first, _ = pending(store, NOW)
    close_alert(store, first.id, ["file", "hook", "file"], b'{"n":1}', NOW)
    close_alert(store, first.id, ["file", "other"], '{"n":2}', NOW)
    assert [(d.channel, d.payload, d.attempts) for d in due_deliveries(store, NOW)] == [
        ("file", '{"n":1}', 0), ("hook", '{"n":1}', 0),
    ]  # fmt: skip
    store_article(
        store, arrival(store, article(OTHER_NEWS, "http://b.cn/1"), extraction(result(rank=9)), owed=everybody)
    )
    again = {alert.subscription: alert for alert in pending(store, NOW)}
    assert again["anna"].id != first.id
    assert len(again["anna"].changes) == 1
    assert len(again["bo"].changes) == 3


def test_nobody_is_told_the_same_change_twice(store: Store) -> None:
    _owe(store)
    _owe(store, text="更正之后的页面，内容不同。")
    _owe(store)
    assert {len(alert.changes) for alert in pending(store, NOW)} == {2}


def test_a_page_that_comes_back_is_not_told_again_but_one_that_changes_its_mind_is(store: Store) -> None:
    def says(text: str, *results: Result) -> None:
        store_article(store, arrival(store, article(text), extraction(*results), owed=lambda _change: ["anna"]))

    told = []
    for text, results in (
        (NEWS, [result(rank=5)]), ("此页暂时无法显示。", []), (NEWS, [result(rank=5)]), (NEWS + "更正：第六。", [result(rank=6)]),
        (NEWS + "再更正：仍为第五。", [result(rank=5)]),
    ):  # fmt: skip
        says(text, *results)
        told.append([(c.kind, c.result.rank, c.previous) for alert in pending(store, NOW) for c in alert.changes])
        for alert in pending(store, NOW):
            close_alert(store, alert.id, ["file"], "{}", NOW)
    assert told == [[("new", 5, None)], [], [], [("corrected", 6, "第5名")], [("corrected", 5, "第6名")]]


def test_the_next_night_has_its_own_alert(store: Store) -> None:
    _owe(store)
    later = NOW + timedelta(days=1)
    store_article(
        store,
        arrival(
            store,
            article(OTHER_NEWS, "http://b.cn/1"),
            extraction(result(rank=9)),
            owed=everybody,
            night=NIGHT + timedelta(days=1),
            now=later,
        ),
    )
    assert [(a.subscription, str(a.night)) for a in pending(store, later)] == [
        ("anna", "2024-12-21"), ("bo", "2024-12-21"), ("anna", "2024-12-22"), ("bo", "2024-12-22"),
    ]  # fmt: skip
    assert len(pending(store, NOW)) == 2


def _closed(store: Store, *channels: str) -> Alert:
    _owe(store)
    alert, _ = pending(store, NOW)
    close_alert(store, alert.id, channels, "{}", NOW)
    return alert


def _fail(store: Store, alert: Alert, channel: str, now: datetime) -> None:
    record_delivery(store, alert.id, channel, ok=False, error="the receiver answered 503", now=now)


def test_a_failed_delivery_is_due_again_after_ever_longer_pauses(store: Store) -> None:
    alert = _closed(store, "hook")
    now, pauses = NOW, []
    for _ in range(9):
        _fail(store, alert, "hook", now)
        pause = next(n for n in range(1, 100) if due_deliveries(store, now + n * MINUTE))
        pauses.append(pause)
        assert not due_deliveries(store, now + pause * MINUTE - timedelta(seconds=1))
        now += pause * MINUTE
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_one_failing_channel_neither_blocks_nor_repeats_the_others(store: Store) -> None:
    alert = _closed(store, "file", "hook")
    record_delivery(store, alert.id, "file", ok=True, error=None, now=NOW)
    _fail(store, alert, "hook", NOW)
    assert [d.channel for d in due_deliveries(store, NOW + MINUTE)] == ["hook"]
    record_delivery(store, alert.id, "hook", ok=True, error=None, now=NOW + MINUTE)
    assert due_deliveries(store, NOW + timedelta(days=30)) == []
    _fail(store, alert, "hook", NOW + MINUTE)  # an acknowledgement that comes late is not undone
    assert {row["state"] for row in list_alerts(store) if row["channel"]} == {"sent"}


def test_a_day_of_outage_loses_and_doubles_nothing(store: Store) -> None:
    alert = _closed(store, "file", "hook")
    sent: list[Delivery] = []
    for step in range(25 * 60):
        now = NOW + step * MINUTE
        for due in due_deliveries(store, now):
            if due.channel == "hook" and step < 24 * 60:
                _fail(store, alert, "hook", now)
            else:
                sent.append(due)
                record_delivery(store, due.alert_id, due.channel, ok=True, error=None, now=now)
    assert [(d.alert_id, d.channel, d.payload) for d in sent] == [(alert.id, "file", "{}"), (alert.id, "hook", "{}")]


def test_after_a_week_a_delivery_is_dead(store: Store) -> None:
    alert = _closed(store, "hook")
    now, tries = NOW, 0
    while due := due_deliveries(store, now):
        assert due[0].attempts == tries
        _fail(store, alert, "hook", now)
        tries += 1
        now += 60 * MINUTE
    assert timedelta(days=6, hours=23) <= now - NOW <= timedelta(days=7, hours=1)
    row = next(row for row in list_alerts(store) if row["channel"] == "hook")
    assert (row["state"], row["attempts"], row["last_error"]) == ("dead", tries, "the receiver answered 503")


def test_a_receiver_that_is_gone_is_not_tried_again(store: Store) -> None:
    alert = _closed(store, "hook")
    record_delivery(store, alert.id, "hook", ok=False, error="gone (410)", now=NOW, gone=True)
    assert due_deliveries(store, NOW + timedelta(days=1)) == []
    assert [row["state"] for row in list_alerts(store) if row["channel"]] == ["gone"]


def test_list_alerts_tells_what_is_owed(store: Store) -> None:
    alert = _closed(store, "hook")
    facts = [c.fact_key for c in alert.changes]
    rows = {row["subscription"]: row for row in list_alerts(store)}
    assert rows["anna"] == {
        "id": alert.id, "subscription": "anna", "channel": "hook", "state": "owed", "attempts": 0,
        "created": "2024-12-20T22:30:00Z", "night": "2024-12-21", "due": "2024-12-20T22:30:00Z", "last_error": None,
        "results": facts, "about": "results", "notices": [],
    }  # fmt: skip
    assert (rows["bo"]["channel"], rows["bo"]["state"], rows["bo"]["attempts"]) == (None, "owed", 0)


def test_an_alert_closed_without_channels_owes_nothing(store: Store) -> None:
    _owe(store)
    for alert in pending(store, NOW):
        close_alert(store, alert.id, (), "")
    assert due_deliveries(store, NOW) == []
    assert {row["state"] for row in list_alerts(store)} == {"dead"}
    assert pending(store, NOW) == []


def test_what_waited_longest_for_its_turn_comes_first(store: Store) -> None:
    _owe(store)
    for minute, alert in enumerate(pending(store, NOW)):
        close_alert(store, alert.id, ["hook"], "{}", NOW + minute * MINUTE)
    first, second = due_deliveries(store, NOW + MINUTE)
    record_delivery(store, first.alert_id, "hook", ok=False, error="no answer", now=NOW + MINUTE)
    assert [due.alert_id for due in due_deliveries(store, NOW + 2 * MINUTE)] == [second.alert_id, first.alert_id]
