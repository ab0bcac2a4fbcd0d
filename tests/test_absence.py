"""Pages that are missing, or came as a rest of themselves: looked at again first, believed after a week, restored when they return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.items import Change, Extraction
from storage.articles import has_text, store_article
from storage.database import Store, open_store
from storage.looks import due_looks, note_look
from storage.novelty.absence import is_missing_for_good, note_found, note_lost
from storage.novelty.folding import GONE_WORDS
from storage.novelty.telling import Tonight
from storage.outbox import close_alert, pending
from storage.results import query_results
from storage.runs import SourceCounts, finish_run, finish_source, start_run
from tests.store_samples import NEWS, NIGHT, NOW, OTHER_NEWS, arrival, article, extraction, result

URL = "http://a.cn/1"
REST = "此页暂时无法显示。"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def everybody(_change: Change) -> Sequence[str]:
    return ["anna"]


class Nights:
    """Nights one after another over one database; each closes the alert that it owes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.told: list[tuple[int, str, str | None]] = []

    def night(self, number: int, *pages: tuple[str, str, Extraction], gone: Sequence[str] = (), back: Sequence[str] = (),
              is_read: bool = True) -> None:  # fmt: skip
        """Store pages, and note what was seen of others; all in the night of that day."""
        store, night, now = self.store, NIGHT + timedelta(days=number), NOW + timedelta(days=number)
        run = start_run(store, night=night, now=now, replay=True)
        tonight = Tonight(run, night, now, everybody)
        for url, text, said in pages:
            store_article(
                store, arrival(store, article(text, url), said, run=run, night=night, now=now, owed=everybody)
            )
        for url, note in [*((url, note_lost) for url in gone), *((url, note_found) for url in back)]:
            identity = store.value("SELECT id FROM articles WHERE url = ?", url)
            note(store, identity, tonight)
            note_look(store, identity, night, now)
        finish_source(store, run, "hubei", SourceCounts(), now=now, state="healthy" if is_read else "failed")
        finish_run(store, run, "ok", now)
        for alert in pending(store, now):
            self.told += [(number, change.kind, change.previous) for change in alert.changes]
            close_alert(store, alert.id, ["file"], "{}", now)

    def status(self) -> str:
        return str(self.store.value("SELECT status FROM results"))


def test_a_page_that_is_gone_for_a_week_withdraws_its_fact_once(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    for number in range(1, 12):
        nights.night(number, gone=[URL])
        assert nights.status() == ("withdrawn" if number >= 8 else "single")
    assert nights.told == [(0, "new", None), (8, "withdrawn", None)]
    assert query_results(store) == []
    (lost,) = query_results(store, status="withdrawn")
    assert (lost["rank"], lost["sources"]) == (5, 0)
    assert [(m["words"], m["ended"]) for m in lost["mentions"]] == [("湖北省排名第五", "2024-12-29")]


def test_a_page_that_comes_back_is_as_before_and_told_to_those_who_were_told_that_it_went(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    before = query_results(store)
    for number in range(1, 9):
        nights.night(number, gone=[URL])
    nights.night(30, back=[URL])
    assert query_results(store) == before
    nights.night(31, back=[URL])
    assert nights.told == [(0, "new", None), (8, "withdrawn", None), (30, "corrected", GONE_WORDS)]


def test_a_page_that_is_missing_now_and_then_is_not_gone(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    for number in range(1, 12):
        nights.night(number, **{"back" if number == 5 else "gone": [URL]})  # type: ignore[arg-type]  # lists of addresses
    assert nights.status() == "single"
    assert nights.told == [(0, "new", None)]


def test_a_site_that_is_down_withdraws_nothing(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    for number in range(1, 12):
        nights.night(number, gone=[URL], is_read=False)
    assert nights.status() == "single"
    nights.night(12, gone=[URL])
    nights.night(13, gone=[URL])
    assert nights.status() == "withdrawn"


def test_what_another_page_states_too_stays(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())), ("http://b.cn/1", OTHER_NEWS, extraction(result())))
    assert nights.status() == "corroborated"
    for number in range(1, 9):
        nights.night(number, gone=[URL])
    assert nights.status() == "single"
    assert {kind for _, kind, _ in nights.told} == {"new", "corroborated"}
    (found,) = query_results(store)
    assert [(m["url"], m["ended"]) for m in found["mentions"]] == [("http://b.cn/1", None), (URL, "2024-12-29")]


def test_when_the_wrong_page_goes_the_right_value_is_told(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    nights.night(1, ("http://b.cn/1", OTHER_NEWS, extraction(result(rank=6))))
    for number in range(2, 10):
        nights.night(number, gone=[URL])
    assert nights.told[1:] == [(1, "disputed", "第5名"), (9, "corrected", "第5名")]
    (found,) = query_results(store)
    assert (found["rank"], found["status"]) == (6, "single")


def test_a_missing_page_is_looked_at_every_night(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    due = []
    for number in range(1, 20):
        night = NIGHT + timedelta(days=number)
        if due_looks(store, "hubei", night):
            due.append(number)
            nights.night(number, gone=[URL])
    # taken as gone on the 8th, then only the look of the 30th day is left
    assert due == [1, 2, 3, 4, 5, 6, 7, 8]
    assert store.value("SELECT due FROM looks") == (NIGHT + timedelta(days=30)).isoformat()


def test_a_text_that_is_cut_is_believed_after_a_week(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    for number in range(1, 8):
        nights.night(number, (URL, REST, extraction()))
        assert nights.status() == "single"
        assert has_text(store, article(NEWS, URL))
    nights.night(8, (URL, REST, extraction()))
    assert (nights.status(), has_text(store, article(REST, URL))) == ("withdrawn", True)
    nights.night(9, (URL, NEWS, extraction(result())))
    assert nights.status() == "single"
    assert nights.told == [(0, "new", None), (8, "withdrawn", None), (9, "corrected", GONE_WORDS)]


def test_an_empty_template_that_passes_leaves_no_trace(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    before = query_results(store)
    nights.night(1, (URL, REST, extraction()))
    nights.night(2, (URL, NEWS, extraction(result())))
    assert query_results(store) == before
    assert store.row("SELECT missing, misses FROM looks") == {"missing": None, "misses": 0}
    assert nights.told == [(0, "new", None)]


def test_a_short_correction_that_leaves_nothing_out_is_believed_at_once(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    nights.night(1, (URL, "更正：湖北省排名第六。", extraction(result(rank=6))))
    assert nights.told == [(0, "new", None), (1, "corrected", "第5名")]
    assert store.rows("SELECT outcome, words FROM past_mentions") == [{"outcome": "第5名", "words": "湖北省排名第五"}]


def test_a_correction_that_is_taken_back_leaves_the_fact_as_it_was(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    before = query_results(store)
    nights.night(1, (URL, NEWS + "更正为第六。", extraction(result(rank=6))))
    nights.night(2, (URL, NEWS, extraction(result())))
    assert query_results(store) == before
    assert nights.told == [(0, "new", None), (1, "corrected", "第5名"), (2, "corrected", "第6名")]


def test_copies_that_are_all_corrected_are_one_correction(store: Store) -> None:
    nights = Nights(store)
    pages = [(f"http://{name}.cn/1", f"{name}：{NEWS}") for name in "abc"]
    nights.night(0, *((url, text, extraction(result())) for url, text in pages))
    nights.night(1, *((url, text.replace("第五", "第六"), extraction(result(rank=6))) for url, text in pages))
    assert nights.told == [(0, "new", None), (1, "corrected", "第5名")]


def test_who_was_never_told_of_a_fact_is_not_told_that_it_went(store: Store) -> None:
    nights = Nights(store)
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    store_article(store, arrival(store, article(NEWS, URL), run=run, baseline=True))
    finish_run(store, run, "ok", NOW)
    nights.night(1, (URL, OTHER_NEWS, extraction()))
    assert (nights.status(), nights.told) == ("withdrawn", [])


@pytest.mark.parametrize(
    ("misses", "days", "gone"),
    [(1, 30, False), (2, 7, False), (3, 6, False), (3, 7, True), (8, 7, True), (20, 3, False)],
)
def test_when_a_page_is_gone(misses: int, days: int, gone: bool) -> None:
    assert is_missing_for_good(misses, date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days)) == gone


def test_a_night_that_is_repeated_counts_a_miss_once(store: Store) -> None:
    nights = Nights(store)
    nights.night(0, (URL, NEWS, extraction(result())))
    for _ in range(5):
        nights.night(1, gone=[URL])
    assert store.row("SELECT missing, misses FROM looks") == {"missing": "2024-12-22", "misses": 1}
