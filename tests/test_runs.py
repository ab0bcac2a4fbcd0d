from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import StorageError
from crawler.items import Entry, SeenPage
from storage.articles import remember_entries, store_article
from storage.database import Store, open_store
from storage.deliveries import record_delivery
from storage.health import UNJUDGED
from storage.outbox import close_alert, pending
from storage.runs import (
    ListPage,
    SourceCounts,
    SourceState,
    finish_run,
    finish_source,
    known_list,
    last_run,
    last_start,
    list_page,
    remember_list,
    run_summary,
    source_state,
    source_states,
    start_run,
)
from tests.store_samples import NIGHT, NOW, arrival

LATER = NOW + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def _run(store: Store) -> int:
    return start_run(store, night=NIGHT, now=NOW, replay=False)


def test_runs_are_counted(store: Store) -> None:
    assert (last_run(store), last_start(store)) == (None, None)
    assert _run(store) == 1
    assert start_run(store, night=NIGHT, now=LATER, replay=True) == 2
    assert (last_run(store), last_start(store)) == (2, LATER)


def test_a_run_that_did_not_end_was_killed(store: Store) -> None:
    first = _run(store)
    finish_run(store, first, "ok", NOW)
    second = _run(store)
    assert run_summary(store, second)["status"] == "running"
    third = _run(store)
    finish_run(store, third, "partial", LATER)
    assert [row["status"] for row in store.rows("SELECT status FROM runs")] == ["ok", "killed", "partial"]


def test_the_first_healthy_walk_is_the_baseline(store: Store) -> None:
    run = _run(store)
    assert source_state(store, "hubei") == SourceState(baseline_done=False, complete=True)
    finish_source(store, run, "hubei", SourceCounts(), now=NOW, state="failed")
    assert source_state(store, "hubei") == SourceState(baseline_done=False, complete=True)
    finish_source(store, run, "hubei", SourceCounts(), now=NOW, state="healthy")
    assert source_state(store, "hubei") == SourceState(baseline_done=True, complete=True, visited=NIGHT)
    finish_source(store, _run(store), "hubei", SourceCounts(), now=LATER, state="blocked")
    assert source_state(store, "hubei").baseline_done
    finish_source(store, _run(store), "hubei", SourceCounts(), now=LATER, state="healthy")
    assert store.value("SELECT baseline FROM sources") == "2024-12-20T22:30:00Z"


def test_a_walk_that_stored_something_and_was_killed_is_incomplete(store: Store) -> None:
    finish_source(store, _run(store), "hubei", SourceCounts(), now=NOW, state="healthy")
    store_article(store, arrival(store))
    assert source_state(store, "hubei") == SourceState(baseline_done=True, complete=False, visited=NIGHT)
    finish_source(store, _run(store), "hubei", SourceCounts(), now=NOW, state="failed")
    assert not source_state(store, "hubei").complete
    finish_source(store, _run(store), "hubei", SourceCounts(), now=NOW, state="healthy")
    assert source_state(store, "hubei").complete


def test_remembered_entries_count_as_something(store: Store) -> None:
    remember_entries(store, "hubei", [Entry("http://e.cn/1", "篮球赛")], NOW)
    assert not source_state(store, "hubei").complete
    assert source_state(store, "other").complete


def test_the_summary_adds_up(store: Store) -> None:
    run = _run(store)
    counts = SourceCounts(
        requested=5, fetched=4, unchanged=1, blocked=0, failed=1, articles=2, results=9, new=7, refined=2
    )
    finish_source(store, run, "hubei", SourceCounts(requested=99), now=NOW, state="failed")
    finish_source(store, run, "hubei", counts, now=NOW, state="healthy")
    finish_source(store, run, "dwrh", SourceCounts(requested=1, blocked=1), now=NOW, state="blocked")
    store_article(store, arrival(store, run=run, owed=lambda _change: ["anna", "bo"]))
    anna, _ = pending(store, NOW)
    close_alert(store, anna.id, ["file", "hook", "old"], "{}", NOW)
    record_delivery(store, anna.id, "file", ok=True, error=None, now=NOW)
    record_delivery(store, anna.id, "old", ok=False, error="410", now=NOW, gone=True)
    finish_run(store, run, "partial", LATER)
    assert run_summary(store, run) == {
        "status": "partial", "run": 1, "night": "2024-12-21", "replay": False, "started": "2024-12-20T22:30:00Z",
        "finished": "2024-12-21T22:30:00Z", "requests": 6, "articles": 2, "looked": 0, "changed": 0,
        "results": {"new": 7, "corroborated": 0, "refined": 2, "disputed": 0, "corrected": 0, "withdrawn": 0},
        "alerts": 2,
        "deliveries": {"owed": 2, "sent": 1, "failed": 1},
        "sources": [
            {"id": "dwrh", "state": "blocked"} | asdict(SourceCounts(requested=1, blocked=1)) | dict(UNJUDGED),
            {"id": "hubei", "state": "healthy"} | asdict(counts) | dict(UNJUDGED),
        ],
    }  # fmt: skip


def test_deliveries_count_for_the_run_that_sent_them(store: Store) -> None:
    first = _run(store)
    store_article(store, arrival(store, run=first, owed=lambda _change: ["anna"]))
    (alert,) = pending(store, NOW)
    close_alert(store, alert.id, ["file", "hook"], "{}", NOW)
    record_delivery(store, alert.id, "file", ok=True, error=None, now=NOW)
    finish_run(store, first, "partial", NOW)
    second = start_run(store, night=NOW.date(), now=NOW + timedelta(minutes=1), replay=False)
    assert (run_summary(store, first)["alerts"], run_summary(store, second)["alerts"]) == (1, 0)
    assert run_summary(store, first)["deliveries"] == {"owed": 1, "sent": 1, "failed": 0}
    assert run_summary(store, second)["deliveries"] == {"owed": 1, "sent": 0, "failed": 0}
    record_delivery(store, alert.id, "hook", ok=True, error=None, now=NOW + timedelta(minutes=2))
    assert run_summary(store, first)["deliveries"] == {"owed": 0, "sent": 1, "failed": 0}
    assert run_summary(store, second)["deliveries"] == {"owed": 0, "sent": 1, "failed": 0}


def test_an_unknown_run_is_a_storage_error(store: Store) -> None:
    with pytest.raises(StorageError, match="has no run 7"):
        run_summary(store, 7)


def test_source_states_of_an_older_version_follow_from_its_walks(store: Store) -> None:
    finish_source(store, _run(store), "hubei", SourceCounts(), now=NOW, state="healthy")
    finish_source(store, _run(store), "hubei", SourceCounts(), now=LATER, state="failed")
    finish_source(store, _run(store), "dwrh", SourceCounts(), now=LATER, state="blocked")
    assert source_states(store) == {
        "hubei": {"state": "broken", "last_success": "2024-12-20T22:30:00Z", "symptoms": []},
        "dwrh": {"state": "blocked", "last_success": None, "symptoms": []},
    }


URL = "http://e.cn/list"
CHANGED = "Fri, 20 Dec 2024 00:00:00 GMT"


def test_list_pages_are_known_again(store: Store) -> None:
    assert (known_list(store, URL, NIGHT), list_page(store, URL)) == (None, None)
    remember_list(store, SeenPage(URL, '"e1"', CHANGED, "d1"), NIGHT)
    assert known_list(store, URL, NIGHT) == SeenPage(URL, '"e1"', CHANGED, "d1")
    remember_list(store, SeenPage(URL, None, None, "d2"), NIGHT)
    assert list_page(store, URL) == ListPage(None, None, "d2", NIGHT, trusted=True)


def test_a_list_is_asked_for_without_conditions_once_a_week(store: Store) -> None:
    page = SeenPage(URL, '"e1"', CHANGED, "d1")
    remember_list(store, page, NIGHT)
    assert known_list(store, URL, NIGHT + timedelta(days=6)) == page
    assert known_list(store, URL, NIGHT + timedelta(days=7)) == SeenPage(URL, None, None, "d1")
    remember_list(store, page, NIGHT + timedelta(days=7))
    assert known_list(store, URL, NIGHT + timedelta(days=8)) == page


def test_headers_that_came_with_other_entries_are_not_believed_any_more(store: Store) -> None:
    remember_list(store, SeenPage(URL, '"e1"', None, "d1"), NIGHT)
    remember_list(store, SeenPage(URL, '"e1"', None, "d2"), NIGHT)
    assert known_list(store, URL, NIGHT) == SeenPage(URL, None, None, "d2")
    remember_list(store, SeenPage(URL, '"e9"', None, "d3"), NIGHT)
    assert known_list(store, URL, NIGHT) == SeenPage(URL, None, None, "d3")


def test_a_walk_that_only_looked_at_articles_says_nothing_of_its_lists(store: Store) -> None:
    finish_source(store, _run(store), "hubei", SourceCounts(looked=1), now=NOW, state="healthy", lists_read=False)
    assert source_state(store, "hubei") == SourceState(baseline_done=False, complete=True)
