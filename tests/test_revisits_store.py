"""What the store keeps so that articles are looked at again, and what an older database becomes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from crawler.items import Entry, Look, SeenPage
from storage.articles import has_text, known_urls, store_article
from storage.database import APPLICATION_ID, Store, open_store
from storage.looks import due_looks, note_look
from storage.misses import due_misses, note_miss
from storage.schema import migrations
from tests.store_samples import NIGHT, NOW, OTHER_NEWS, arrival, article, extraction, result

URL = "http://www.hubei.gov.cn/zwgk/1.shtml"
PAGES = (SeenPage(URL, '"e1"', None, "d1"), SeenPage(f"{URL}?p=2", None, None, "d2"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def days(number: int) -> date:
    return NIGHT + timedelta(days=number)


def test_an_article_with_results_is_looked_at_1_3_7_and_30_days_later(store: Store) -> None:
    store_article(store, arrival(store))
    looked = []
    for number in range(60):
        for look in due_looks(store, "hubei", days(number)):
            looked.append(number)
            note_look(store, look.article, days(number), NOW)
    assert looked == [1, 3, 7, 30]


def test_looks_that_were_missed_become_one(store: Store) -> None:
    store_article(store, arrival(store))
    (look,) = due_looks(store, "hubei", days(5))
    note_look(store, look.article, days(5), NOW)
    assert due_looks(store, "hubei", days(6)) == []
    assert len(due_looks(store, "hubei", days(7))) == 1


def test_a_look_that_cannot_be_made_is_given_up_after_a_while(store: Store) -> None:
    store_article(store, arrival(store))
    assert len(due_looks(store, "hubei", days(40))) == 1
    assert due_looks(store, "hubei", days(41)) == []


def test_an_article_without_results_is_never_looked_at_again(store: Store) -> None:
    store_article(store, arrival(store, says=extraction()))
    assert due_looks(store, "hubei", days(1)) == []


def test_a_look_knows_how_the_pages_came(store: Store) -> None:
    from dataclasses import replace

    store_article(store, replace(arrival(store), pages=PAGES))
    (look,) = due_looks(store, "hubei", days(1))
    assert look == Look(look.article, URL, "湖北网站评估成绩公布", date(2024, 12, 19), PAGES)


def test_a_correction_keeps_the_days_of_the_first_reading(store: Store) -> None:
    store_article(store, arrival(store))
    corrected = arrival(store, article(OTHER_NEWS), extraction(result(rank=4)), night=days(3))
    store_article(store, corrected)
    assert len(due_looks(store, "hubei", days(3))) == 1


def test_the_stored_text_is_known(store: Store) -> None:
    assert not has_text(store, article())
    store_article(store, arrival(store))
    assert has_text(store, article())
    assert not has_text(store, article(OTHER_NEWS))


def test_a_dead_link_is_asked_for_again_some_nights_and_then_given_up(store: Store) -> None:
    entry = Entry("http://e.cn/1?utm_source=x", "没有了", date(2024, 12, 1))
    note_miss(store, "hubei", entry, NIGHT)
    assert known_urls(store, ["http://e.cn/1"]) == {"http://e.cn/1"}
    asked = []
    for number in range(1, 50):
        for due in due_misses(store, "hubei", days(number)):
            assert due == entry
            asked.append(number)
            note_miss(store, "hubei", due, days(number))
    assert asked == [1, 3, 7, 30]


def test_what_was_missing_and_then_stored_is_missed_no_more(store: Store) -> None:
    note_miss(store, "hubei", Entry("http://e.cn/old", "t"), NIGHT)
    store_article(store, arrival(store, addresses=("http://e.cn/old",)))
    assert due_misses(store, "hubei", days(1)) == []
    assert known_urls(store, ["http://e.cn/old"])


def test_a_database_of_the_last_version_keeps_its_data(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        old = Database(connection)
        for migration in migrations.pending(Database(memory=True)):
            if migration.name < "m0003":
                migration.fn(old)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.executescript(OLD)
        before = {table: list(old.query(f"SELECT * FROM {table}")) for table in OLD_TABLES}
    with open_store(path) as store:
        for table, rows in before.items():
            kept = [{name: value for name, value in row.items() if name not in GONE} for row in rows]
            now = store.rows(f"SELECT * FROM {table}")
            assert [{name: row[name] for name in kept[0]} for row in now] == kept
        assert store.value("SELECT about FROM alerts") == "results"
        assert store.value("SELECT trusted FROM list_pages") == 1
        assert [look.pages for look in due_looks(store, "hubei", date(2024, 12, 22))] == [()]
        assert store.rows("PRAGMA foreign_key_check") == []
    assert list(tmp_path.glob("old-before-m0003_watch.db"))


GONE = {"marks"}
"""Columns that are no more."""
OLD_TABLES = ("sources", "runs", "run_sources", "list_pages", "articles", "alerts")
OLD = """
CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, applied_at TEXT);
CREATE UNIQUE INDEX idx__sqlite_migrations_migration_set_name ON _sqlite_migrations (migration_set, name);
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
    VALUES ('evalwatch', 'm0001_first', ''), ('evalwatch', 'm0002_attachments', '');
INSERT INTO sources (id, baseline) VALUES ('hubei', '2024-12-20T22:30:00Z');
INSERT INTO runs (night, replay, status, started) VALUES ('2024-12-21', 0, 'ok', '2024-12-20T22:30:00Z');
INSERT INTO run_sources (run, source, state, finished) VALUES (1, 'hubei', 'healthy', '2024-12-20T22:31:00Z');
INSERT INTO list_pages (url, digest) VALUES ('http://www.hubei.gov.cn/', 'abc');
INSERT INTO clusters (id) VALUES ('c1');
INSERT INTO articles (id, url, address, source, run, night, baseline, cluster, kind, notes, text, sha256, first_seen)
    VALUES ('c1', 'http://www.hubei.gov.cn/1', 'http://www.hubei.gov.cn/1', 'hubei', 1, '2024-12-21', 1, 'c1', 'results', '[]',
    '湖北省第五', 'x', '2024-12-20T22:30:30Z'),
    ('c2', 'http://www.hubei.gov.cn/2', 'http://www.hubei.gov.cn/2', 'hubei', 1, '2024-12-21', 1, 'c1', 'related', '[]',
    '消息', 'y', '2024-12-20T22:30:30Z');
INSERT INTO alerts (id, subscription, night, number, state, created)
    VALUES ('msg_1', 'anna', '2024-12-21', 1, 'open', '2024-12-20T22:30:31Z');
"""
