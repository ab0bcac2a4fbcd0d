"""Broken, blocked, quiet: found by nights over local sites, told once, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import scheduler
from alerts.digest import payload_bytes
from alerts.match import subscriptions_told
from crawler.bookkeeping import tell_overdue
from crawler.commands.screen import alert_lines, summary_lines
from crawler.config import Settings, Subscription
from crawler.items import Alert, Notice, Symptom
from storage.articles import store_article
from storage.database import Store, open_store
from storage.health import source_states
from storage.outbox import close_alert, list_alerts, pending
from storage.runs import run_summary
from tests.crawls import Crawled, crawl, rows, settings_file, source
from tests.store_samples import NIGHT, NOW, OTHER_NEWS, arrival, article, extraction, result
from tests.web_server import Answer, Site, article_page, list_page

TITLE = "第{}届中国政府网站绩效评估结果公布"
ANNA = '[[channels]]\nid = "file"\nkind = "jsonl"\npath = "a.jsonl"\n[[subscriptions]]\nid = "anna"\nchannels = ["file"]\nchanges = ["broken", "overdue"]\n'
FIRST = date(2026, 3, 1)


def listing(*numbers: int) -> str:
    return list_page({f"/a/{n}.html": TITLE.format(n) for n in numbers})


def site(*numbers: int) -> Site:
    return Site({"/": listing(*numbers)} | {f"/a/{n}.html": article_page(TITLE.format(n)) for n in range(1, 20)})


def night(settings: Path, number: int) -> Crawled:
    return crawl(settings, "--night", (FIRST + timedelta(days=number)).isoformat())


def told(folder: Path) -> list[tuple[Any, ...]]:
    return rows(
        folder / "test.db",
        "SELECT a.night, n.kind, n.subject FROM alert_notices n JOIN alerts a ON a.id = n.alert ORDER BY a.night, a.number",
    )


def symptoms(folder: Path) -> list[dict[str, Any]]:
    ((text,),) = rows(folder / "test.db", "SELECT symptoms FROM sources_readable")
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_a_source_that_loses_its_dates_is_broken_the_first_night_and_told_once(tmp_path: Path) -> None:
    with site(1, 2, 3) as web:
        settings = settings_file(tmp_path, [source("s", web.url())], more=ANNA)
        assert night(settings, 0).source("s")["health"] == "healthy"
        assert night(settings, 1).source("s")["health"] == "quiet"
        web.routes["/"] = listing(4, 1, 2).replace("<span>2020-12-16</span>", "<b>昨天</b>")
        assert night(settings, 2).source("s")["health"] == "broken"
        assert symptoms(tmp_path) == [{"what": "field", "field": "list_date", "now": 0, "usual": 100, "words": None}]
        assert night(settings, 3).source("s")["health"] == "broken"
        assert told(tmp_path) == [("2026-03-03", "broken", "s")]
        web.routes["/"] = listing(4, 1, 2)
        assert night(settings, 4).source("s")["health"] == "quiet"
        # a new break is a new change of state
        web.routes["/"] = Answer("<html><body><ul class='renamed'></ul></body></html>")
        assert night(settings, 5).source("s")["health"] == "broken"
        assert told(tmp_path) == [("2026-03-03", "broken", "s"), ("2026-03-06", "broken", "s")]


def test_articles_that_lose_their_text_break_their_source(tmp_path: Path) -> None:
    with site(1, 2, 3, 4, 5) as web:
        settings = settings_file(tmp_path, [source("s", web.url())])
        assert night(settings, 0).source("s")["health"] == "healthy"
        web.routes["/"] = listing(7, 6, 1, 2)
        for number in (6, 7):
            web.routes[f"/a/{number}.html"] = f"<html><body><h1>{TITLE.format(number)}</h1><div></div></body></html>"
        assert night(settings, 1).source("s")["health"] == "broken"
        assert {symptom["field"] for symptom in symptoms(tmp_path)} >= {"body", "outlet"}


def test_a_wall_blocks_and_is_told_as_that(tmp_path: Path) -> None:
    with site(1) as web:
        settings = settings_file(tmp_path, [source("s", web.url())], more=ANNA)
        night(settings, 0)
        web.routes["/"] = Answer("", 521)
        assert night(settings, 1).source("s")["health"] == "blocked"
        assert night(settings, 2).source("s")["health"] == "blocked"
    assert told(tmp_path) == [("2026-03-02", "blocked", "s")]


def test_quiet_is_not_broken_and_nobody_is_told(tmp_path: Path) -> None:
    with site(1) as web:
        settings = settings_file(tmp_path, [source("s", web.url())], more=ANNA)
        assert [night(settings, n).source("s")["health"] for n in range(3)] == ["healthy", "quiet", "quiet"]
        # off the topic only
        web.routes["/"] = list_page({"/a/1.html": TITLE.format(1), "/o/1.html": "今日天气"})
        assert night(settings, 3).source("s")["health"] == "quiet"
    assert told(tmp_path) == []


def test_who_did_not_ask_is_not_told(tmp_path: Path) -> None:
    with Site({"/": Answer("kaputt", 500)}) as web:
        night(settings_file(tmp_path, [source("s", web.url())], more=ANNA.replace('"broken", ', "")), 0)
    assert rows(tmp_path / "test.db", "SELECT state FROM source_health") == [("broken",)]
    assert told(tmp_path) == []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


ASKED = Settings(subscriptions=(
    Subscription(id="anna", channels=("file",), changes=("overdue",)),
    Subscription(id="bo", channels=("file",), changes=("overdue",), series=("un-egdi",)),
    Subscription(id="cai", channels=("file",)),
))  # fmt: skip


def test_what_is_overdue_is_told_once_to_those_who_want_it(store: Store) -> None:
    store_article(store, arrival(store, says=extraction(result(), year=2024)))
    late = date(2025, 12, 22)
    for days in range(3):
        found = tell_overdue(store, ASKED, late + timedelta(days=days), datetime.now(UTC))
        assert [(one.series, one.year) for one in found] == [("cstc-website", 2025)]
    items = store.rows("SELECT a.subscription, n.subject, n.year FROM alert_notices n JOIN alerts a ON a.id = n.alert")
    assert items == [{"subscription": "anna", "subject": "cstc-website", "year": 2025}]
    store_article(store, arrival(store, article(OTHER_NEWS, "http://b.cn/1"), extraction(result(), year=2025)))
    assert tell_overdue(store, ASKED, late, datetime.now(UTC)) == ()


def notices() -> tuple[Notice, ...]:
    return (
        Notice("broken", "hubei", "湖北省人民政府", (Symptom("field", "date", 10, 100),), datetime(2026, 3, 1, tzinfo=UTC)),
        Notice("blocked", "gx", "广西\x1b[31m", (Symptom("wall", words="is a wall (521)"),)),
        Notice("overdue", "cstc-website", "中国政府网站绩效评估", year=2026, week=51),
    )  # fmt: skip


def test_the_message_in_both_languages() -> None:
    alert = Alert("msg_1", "anna", date(2026, 12, 22), datetime(2026, 12, 21, 22, tzinfo=UTC), (), notices())
    zh, en = (json.loads(payload_bytes(alert, language=language)) for language in ("zh", "en"))
    assert zh["type"] == en["type"] == "evalwatch.health"
    assert zh["data"]["text"].splitlines() == [
        "来源读不出来（1），来源拒绝访问（1），结果逾期未见（1）",
        "12月22日 · 来源状况",
        "",
        "· 湖北省人民政府（hubei）　发布日期只有10%，平常100%。上次正常：2026-03-01",
        "· 广西 [31m（gx）　被拦截：is a wall (521)。从未读到过",
        "· 中国政府网站绩效评估（2026年）　往年第51周前公布，至今未见",
    ]
    assert en["data"]["text"].splitlines() == [
        "source broken (1), source blocked (1), expected result overdue (1)",
        "2026-12-22 · state of the sources",
        "",
        "· 湖北省人民政府 (hubei): dates of publication: 10 % instead of 100 %. Last read well on 2026-03-01",
        "· 广西 [31m (gx): a wall: is a wall (521). It was never read well",
        "· 中国政府网站绩效评估 (2026): usually out by week 51, not seen yet",
    ]
    assert [notice["kind"] for notice in en["data"]["notices"]] == ["broken", "blocked", "overdue"]
    assert en["data"]["notices"][0]["symptoms"] == [
        {"what": "field", "field": "date", "now": 10, "usual": 100, "words": None}
    ]


def test_only_those_are_told_whose_changes_name_it() -> None:
    broken, blocked, overdue = notices()
    some = (Subscription(id="a", channels=(), changes=("broken",), places=("湖北省",)), *ASKED.subscriptions)
    assert subscriptions_told(broken, some) == subscriptions_told(blocked, some) == ("a",)
    assert subscriptions_told(overdue, some) == ("anna",)


def test_a_health_alert_is_delivered_like_any_other(store: Store) -> None:
    from storage.notices import owe_notice

    store_article(store, arrival(store, owed=lambda _change: ["anna"]))
    with store.writing():
        for notice in notices():
            owe_notice(store, notice, ["anna"], night=NIGHT, now=NOW)
    results, health = sorted(pending(store, NOW), key=lambda alert: len(alert.notices))
    assert (len(results.changes), results.notices) == (1, ())
    assert (health.changes, set(health.notices)) == ((), set(notices()))
    close_alert(store, health.id, ["file"], payload_bytes(health), NOW)
    row = next(row for row in list_alerts(store) if row["id"] == health.id)
    assert (row["about"], len(row["notices"]), row["results"]) == ("health", 3, [])
    assert list(alert_lines([row])) == ["  anna: 3 notices over file, owed"]


def test_the_summary_says_how_the_sources_are(tmp_path: Path) -> None:
    with site(1, 2) as web, Site({"/": Answer("", 521)}) as wall:
        settings = settings_file(tmp_path, [source("s", web.url()), source("w", wall.url())])
        night(settings, 0)
        web.routes["/"] = listing(1, 2).replace("<span>2020-12-16</span>", "")
        night(settings, 1)
    with open_store(tmp_path / "test.db") as store:
        summary = run_summary(store, 2)
        states = source_states(store)
    lines = list(summary_lines(summary | {"overdue": [{"name": "评估", "year": 2026, "week": 51}]}))
    assert lines[-3:-1] == ["  s broken: dates in the list: 0 % instead of 100 %", lines[-2]]
    assert lines[-2].startswith("  w blocked: a wall: ")
    assert lines[-1] == "  overdue: 评估 2026: usually out by week 51, not seen yet"
    busy = summary | {"sources": [{"id": "s", "state": "healthy", "symptoms": [], "on_topic": 3, "without_facts": 1}]}
    assert list(summary_lines(busy))[-1] == "On the topic: 3 new articles, 1 of them without a result."
    assert (states["s"]["state"], states["w"]["state"], states["w"]["last_success"]) == ("broken", "blocked", None)
    assert states["s"]["last_success"] is not None
    assert scheduler._status(summary, crawled=True, delivered=True) == "failed"
