"""The search index: what it finds, and that it follows every change of the text."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crawler.items import Article
from crawler.read.script import simplify
from storage import search as index
from storage.articles import store_article
from storage.database import Store, open_store
from storage.inspect.pages.searching import search
from storage.inspect.reader import reading
from tests.store_samples import NEWS, OTHER_NEWS, arrival, article, extraction, result


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def found(store: Store, words: str) -> list[str]:
    with reading(store.database.conn, 5000) as reader:
        return [row["article"] for row in search(reader, simplify(words))["articles"]]


def plain_article(text: str = NEWS) -> Article:
    """As reading gives it: the plain text half-width."""
    return article(text, plain=simplify(text))


def ids(store: Store) -> dict[str, str]:
    return {row["url"]: row["id"] for row in store.rows("SELECT url, id FROM articles")}


@pytest.mark.parametrize(
    "words",
    [
        "绩效",
        "武汉市",
        "武漢",
        "評估專家",
        "汉",
        "2024",
        "第五",
        "位居副省级城市第三，襄阳市在地市级",
        "绩效 武汉",
        "湖北网站",
        "湖北省人民政府",
    ],
)
def test_words_of_any_length_are_found(store: Store, words: str) -> None:
    store_article(store, arrival(store, plain_article()))
    store_article(store, arrival(store, article(OTHER_NEWS, url="http://b.cn/1", title="广西", outlet="广西新闻")))
    assert found(store, words) == [ids(store)["http://www.hubei.gov.cn/zwgk/1.shtml"]]


@pytest.mark.parametrize(
    "words", ["郑州", "绩效武汉", "绩效 郑州", "", "  ", "！？", "'", '"', "*", "NEAR(", "AND", ") OR (", "\x00"]
)
def test_what_is_not_there_is_not_found(store: Store, words: str) -> None:
    store_article(store, arrival(store))
    assert found(store, words) == []


def test_pairs_that_stand_apart_are_no_word(store: Store) -> None:
    """The index says yes to 网站站群, the text says no."""
    store_article(store, arrival(store, article("政府网站 各站站群")))
    assert index.match_expression("网站站群") == '"网站" AND "站站" AND "站群"'
    assert found(store, "网站站群") == []


def test_a_changed_text_takes_the_place_of_the_old_one(store: Store) -> None:
    store_article(store, arrival(store))
    store_article(store, arrival(store, article(OTHER_NEWS)))
    assert found(store, "武汉市") == []
    assert len(found(store, "柳州市")) == 1
    assert store.value("SELECT count(*) FROM text_numbers") == 1
    store.execute("INSERT INTO text_terms (text_terms) VALUES ('integrity-check')")


def test_the_newest_published_come_first(store: Store) -> None:
    from datetime import date

    for day in (3, 1, 2):
        page = article(f"{NEWS}{day}", url=f"http://a.cn/{day}", published=date(2024, 12, day))
        store_article(store, arrival(store, page))
    store_article(store, arrival(store, article(f"{NEWS}x", url="http://a.cn/x", published=None)))
    by_id = {identity: url for url, identity in ids(store).items()}
    assert [by_id[one][-1] for one in found(store, "绩效")] == ["3", "2", "1", "x"]


def test_a_killed_transaction_leaves_the_index_as_it_was(store: Store) -> None:
    store_article(store, arrival(store))

    def stop() -> None:
        with store.writing():
            store_article(store, arrival(store, article(OTHER_NEWS), run=1))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert len(found(store, "武汉市")) == 1
    assert found(store, "柳州市") == []


def test_an_older_database_is_indexed_when_it_is_brought_up_to_date(store: Store) -> None:
    store_article(store, arrival(store, says=extraction(result())))
    conn = store.database.conn
    conn.execute("DELETE FROM text_numbers")
    conn.execute("INSERT INTO text_terms (text_terms) VALUES ('delete-all')")
    assert found(store, "绩效") == []
    index.index_all(conn)
    assert len(found(store, "绩效")) == 1


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40), st.data())
def test_every_part_of_a_text_is_found_by_the_index(text: str, data: st.DataObject) -> None:
    text = text.lower()
    start = data.draw(st.integers(0, len(text)))
    # a word of ASCII is found from its beginning only
    assume(not re.match(r"[0-9a-z]{2}", text[max(start - 1, 0) : start + 1]))
    end = data.draw(st.integers(start, len(text)))
    expression = index.match_expression(text[start:end])
    if expression is None:
        return
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(
            "CREATE VIRTUAL TABLE text_terms USING fts5 (terms, content='', detail=none, tokenize='ascii')"
        )
        connection.execute("INSERT INTO text_terms (rowid, terms) VALUES (1, ?)", (" ".join(index.terms(text)),))
        query = "SELECT rowid FROM text_terms WHERE text_terms MATCH ?"
        assert connection.execute(query, (expression,)).fetchall() == [(1,)]
    finally:
        connection.close()


def test_a_day_that_is_full_goes_on_in_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_PER_DAY", 4)
    for number in range(8):
        store_article(store, arrival(store, article(f"{NEWS}{number}", url=f"http://a.cn/{number}")))
    assert store.value("SELECT count(DISTINCT number) FROM text_numbers") == 8
