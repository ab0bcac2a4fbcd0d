from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from crawler.items import Article, Entry, Extraction
from storage.addresses import canonical_address
from storage.articles import known_urls, remember_entries, store_article
from storage.database import Store, open_store
from storage.misses import note_miss
from storage.results import query_results
from storage.schema.onepage import fold_addresses
from tests.store_samples import NEWS, NIGHT, NOW, OTHER_NEWS, arrival, article, extraction, result

PAGE = "http://www.example.gov.cn/zwgk/202412/t20241219_516873.html"

TWINS = {
    "encrypted": "https://www.example.gov.cn/zwgk/202412/t20241219_516873.html",
    "shouted": "HTTPS://WWW.Example.GOV.CN:443/zwgk/202412/t20241219_516873.html#content",
    "rooted": "http://www.example.gov.cn./zwgk/202412/t20241219_516873.html?",
    "with detours": "http://www.example.gov.cn/zwgk/x/.././202412/t20241219_516873.html",
    "encoded": "http://www.example.gov.cn/%7A%77gk/202412/t20241219%5F516873.html",
    "shared": f"{PAGE}?utm_source=weibo&spm=1.2.3&from=timeline&isappinstalled=0&_=1734570000000",
    "visited": "http://www.example.gov.cn/zwgk/202412/t20241219_516873.html;jsessionid=0A1B2C?PHPSESSID=abc",
    "visited without cookies": "http://www.example.gov.cn/(S(lit3py55t21z5v55vlm25s55))/zwgk/202412/t20241219_516873.html",
    "mobile host": "https://m.example.gov.cn/zwgk/202412/t20241219_516873.html",
    "wap host": "http://wap.example.gov.cn/zwgk/202412/t20241219_516873.html",
    "mobile folder": "http://www.example.gov.cn/m/zwgk/202412/t20241219_516873.html",
    "amp folder": "http://www.example.gov.cn/zwgk/202412/t20241219_516873.html/amp",
    "amp file": "http://www.example.gov.cn/zwgk/202412/t20241219_516873.amp.html",
    "amp parameter": f"{PAGE}?amp=1",
    "cache of AMP": "https://www-example-gov-cn.cdn.ampproject.org/c/s/www.example.gov.cn/zwgk/202412/t20241219_516873.html",
    "cache of MIP": "https://m-example-gov-cn.mipcdn.com/c/s/m.example.gov.cn/zwgk/202412/t20241219_516873.html",
}

OTHERS = {
    "index and folder": ("http://e.cn/a/", "http://e.cn/a/index.html"),
    "with and without www": ("http://e.cn/a.html", "http://www.e.cn/a.html"),
    "a mobile host with numbers of its own": ("http://m.e.cn/show.php?id=5", "http://www.e.cn/show.php?id=5"),
    "a number too small to be one of its own": ("http://m.e.cn/2024-12/19/5.html", "http://www.e.cn/2024-12/19/5.html"),
    "a date alone": ("http://m.e.cn/20241219/index.html", "http://www.e.cn/20241219/index.html"),
    "a folder called m": ("http://e.cn/m/list.html", "http://e.cn/list.html"),
    "a topic called amp": ("http://e.cn/topics/amp/", "http://e.cn/topics/"),
    "order of parameters": ("http://e.cn/a?x=1&y=2", "http://e.cn/a?y=2&x=1"),
    "repeated parameters": ("http://e.cn/a?x=1&x=2", "http://e.cn/a?x=2"),
    "case of the path": ("http://e.cn/A.html", "http://e.cn/a.html"),
    "pages of a list": ("http://e.cn/a?from=2020", "http://e.cn/a?from=2021"),
    "stories of a section": ("http://e.cn/a?sid=11111111111111111111", "http://e.cn/a?sid=22222222222222222222"),
    "a slash that is data": ("http://e.cn/a%2Fb", "http://e.cn/a/b"),
    "an ampersand that is data": ("http://e.cn/a?x=1%26y=2", "http://e.cn/a?x=1&y=2"),
    "two slashes": ("http://e.cn/a//b", "http://e.cn/a/b"),
    "another port": ("http://e.cn:8080/a", "http://e.cn/a"),
    "encrypted on the port of http": ("https://e.cn:80/a", "http://e.cn/a"),
    "other articles of WeChat": ("https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&sn=a", "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=2&sn=b"),
    "another number behind mobile": ("https://m.e.cn/20241219/516873.html", "https://www.e.cn/20241219/516874.html"),
}  # fmt: skip


@pytest.mark.parametrize("twin", TWINS.values(), ids=TWINS)
def test_one_page_has_one_address_however_it_is_linked(twin: str) -> None:
    assert canonical_address(twin) == PAGE == canonical_address(PAGE)


@pytest.mark.parametrize(("one", "other"), OTHERS.values(), ids=OTHERS)
def test_other_pages_keep_other_addresses(one: str, other: str) -> None:
    assert canonical_address(one) != canonical_address(other)


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("http://m.gov.cn/zhengce/202412/content_6992345.htm", "http://www.gov.cn/zhengce/202412/content_6992345.htm"),
        ("http://wap.xf.hubei.gov.cn/2024-12/19/c_12345.htm", "http://xf.hubei.gov.cn/2024-12/19/c_12345.htm"),
        ("http://m.people.cn/n4/2024/1219/c33-21234567.html", "http://www.people.cn/n4/2024/1219/c33-21234567.html"),
        ("https://mp.weixin.qq.com/s?__biz=MzA&mid=22&idx=1&sn=ab&chksm=8c&scene=27#wechat_redirect", "http://mp.weixin.qq.com/s?__biz=MzA&mid=22&idx=1&sn=ab"),
        ("https://mp.weixin.qq.com/s/AbCd_1?scene=1", "http://mp.weixin.qq.com/s/AbCd_1?scene=1"),
        ("http://政务.中国/武汉?k=武汉", "http://xn--zfr164b.xn--fiqs8s/%E6%AD%A6%E6%B1%89?k=%E6%AD%A6%E6%B1%89"),
        ("http://e.cn/a?k=%ce%e4%ba%ba", "http://e.cn/a?k=%CE%E4%BA%BA"),
        ("http://[0:0::1]:80/a", "http://[::1]/a"),
        ("http://e.cn:99999/a", "http://e.cn:99999/a"),
        ("https://e.cn:80/a", "https://e.cn:80/a"),
        ("ftp://e.cn/A?utm_source=1", "ftp://e.cn/A?utm_source=1"),
        ("http://mp.weixin.qq.com/s?src=11&signature=a", "http://mp.weixin.qq.com/s?src=11&signature=a"),
        ("http://[::1/", "http://[::1/"),
        ("javascript:void(0)", "javascript:void(0)"),
        (" /a/b ", "/a/b"),
    ],
)  # fmt: skip
def test_addresses_are_written_in_one_way(given: str, canonical: str) -> None:
    assert canonical_address(given) == canonical


HOSTS = st.sampled_from(["www.e.cn", "m.e.cn", "e.gov.cn", "wap.x.e.gov.cn", "amp.org", "mp.weixin.qq.com", "10.0.0.1"])
NAMES = st.text("abcmxyz0123456789_-~", min_size=1, max_size=8).filter(lambda name: name not in {"m", "amp", "wap"})
SEGMENTS = st.lists(
    st.one_of(NAMES, st.sampled_from(["202412", "2024-12", "m", "amp", "content", "武汉"])), max_size=4
).map(lambda parts: "/".join(map(quote, parts)))
PAIRS = st.lists(
    st.tuples(st.sampled_from(["id", "page", "catid", "from", "sid", "k"]), st.text("abc0189%武", max_size=6)).map(
        lambda pair: f"{pair[0]}={quote(pair[1])}"
    ),
    max_size=4,
)
ADDRESSES = st.builds(lambda host, path, pairs: (host, path, pairs), HOSTS, SEGMENTS, PAIRS)


@settings(deadline=None)
@given(ADDRESSES)
def test_a_clean_address_that_names_no_page_by_date_and_number_stays_so_that_no_two_become_one(
    parts: tuple[str, str, list[str]],
) -> None:
    host, path, pairs = parts
    address = f"http://{host}/{path}" + ("?" + "&".join(pairs) if pairs else "")
    if "2024" not in path and (host, path) != ("mp.weixin.qq.com", "s"):
        assert canonical_address(address) == address


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("htps:/.?&=%2f80#amm@[]é武;()", max_size=40).map("http://e.cn/{}".format), st.text("a.:@[]%0", max_size=12).map("https://{}/a".format)))  # fmt: skip
def test_a_canonical_address_stays_as_it_is(text: str) -> None:
    once = canonical_address(text)
    assert canonical_address(once) == once


NOISE = st.lists(
    st.sampled_from(["utm_source=a", "UTM_Medium=b", "spm=1.2", "from=timeline", "jsessionid=1", "_=1734570000000", ""]), max_size=3
)  # fmt: skip


@settings(deadline=None)
@given(
    ADDRESSES,
    NOISE,
    NOISE,
    st.sampled_from(["http", "HTTPS"]),
    st.booleans(),
    st.sampled_from(["", "#", "#top", "#a?b"]),
)
def test_every_way_of_linking_gives_the_same(
    parts: tuple[str, str, list[str]], before: list[str], behind: list[str], scheme: str, port: bool, fragment: str
) -> None:  # fmt: skip
    host, path, pairs = parts
    colon = {"http": ":80", "HTTPS": ":443"}[scheme] if port else ""
    query = "&".join([*before, *pairs, *behind])
    linked = f"  {scheme}://{host.upper()}{colon}/./x/../{path}?{query}{fragment}"
    assert canonical_address(linked) == canonical_address(f"http://{host}/{path}?{'&'.join(pairs)}")


def test_a_page_that_is_linked_otherwise_needs_no_fetch_and_is_no_second_article(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        store_article(store, arrival(store, article(url=PAGE)))
        assert known_urls(store, TWINS.values()) == set(TWINS.values())
        for twin in TWINS.values():
            assert store_article(store, arrival(store, article(url=twin))) == ()
        assert store.value("SELECT count(*) FROM articles") == 1
        note_miss(store, "hubei", Entry("https://m.e.cn/20241219/516873.html", "t"), NIGHT)
        assert known_urls(store, ["http://www.e.cn/20241219/516873.html"])


def _as_before(store: Store, url: str, text: str, *, days: int, says: Extraction | None = None) -> str:
    """Store an article as a former version did: http and https apart, the id made from that address."""
    kept = canonical_address(url)
    store_article(store, arrival(store, article(text, url), says, now=NOW + timedelta(days=days)))
    identity: str = store.value("SELECT id FROM articles WHERE address = ?", kept)
    store.execute("UPDATE articles SET address = ? WHERE id = ?", url, identity)
    return identity


SECURE = PAGE.replace("http:", "https:")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "t.db")


def _second(store: Store, url: str, of: Article, says: Extraction | None = None) -> str:
    """Another article whose address becomes the same: its id is one of its own, as a former version made it."""
    apart = "http://elsewhere.cn/1"
    store_article(store, arrival(store, of, says, now=NOW + timedelta(days=9)))
    identity: str = store.value("SELECT id FROM articles WHERE address = ?", apart)
    store.execute("UPDATE articles SET url = ?, address = ? WHERE id = ?", url, url, identity)
    return identity


def test_stored_addresses_become_canonical_and_ids_stay(store: Store) -> None:
    identity = _second(store, SECURE, article(NEWS, "http://elsewhere.cn/1"))
    remember_entries(store, "hubei", [Entry("http://e.cn/off", "t"), Entry("http://e.cn/other", "t")], NOW)
    store.execute("UPDATE entries SET address = 'https://e.cn/off' WHERE address = 'http://e.cn/off'")
    note_miss(store, "hubei", Entry("http://e.cn/gone", "t"), NIGHT)
    store.execute("UPDATE misses SET address = 'https://e.cn/gone'")
    fold_addresses(store.database)
    assert store.rows("SELECT id, url, address FROM articles") == [{"id": identity, "url": SECURE, "address": PAGE}]
    assert store.rows("SELECT address FROM entries ORDER BY 1") == [{"address": "http://e.cn/off"}, {"address": "http://e.cn/other"}]  # fmt: skip
    assert store.value("SELECT address FROM misses") == "http://e.cn/gone"
    # a changed text finds the article that it belongs to
    store_article(store, arrival(store, article(OTHER_NEWS, PAGE)))
    assert store.value("SELECT id FROM articles") == identity
    assert store.value("SELECT count(*) FROM paragraphs WHERE article = ?", identity) == 1


def test_one_page_that_was_stored_twice_becomes_one_article(store: Store) -> None:
    older = _as_before(store, PAGE, NEWS, days=0)
    newer = _second(store, SECURE, article(NEWS, "http://elsewhere.cn/1"))
    remember_entries(store, "hubei", [Entry("http://e.cn/a", "t")], NOW)
    store.execute("UPDATE entries SET article = ?", newer)
    fold_addresses(store.database)
    assert store.rows("SELECT id, address FROM articles") == [{"id": older, "address": PAGE}]
    assert store.value("SELECT article FROM entries") == older
    (found,) = query_results(store)
    assert (found["status"], found["sources"], len(found["mentions"])) == ("single", 1, 1)
    assert store.rows("SELECT id FROM clusters") == [{"id": older}] == store.rows("SELECT cluster AS id FROM articles")
    assert store.value("SELECT count(*) FROM copy_texts WHERE article = ?", newer) == 0
    assert store.value("SELECT count(*) FROM text_numbers") == 1
    assert store.value("SELECT count(*) FROM text_terms WHERE text_terms MATCH '湖北'") == 1
    assert store.rows("PRAGMA foreign_key_check") == []


def test_of_two_texts_at_one_page_both_stay_and_the_newer_has_the_address(store: Store) -> None:
    older = _as_before(store, PAGE, OTHER_NEWS + NEWS, days=0)
    newer = _second(store, SECURE, article(OTHER_NEWS, "http://elsewhere.cn/1"))
    assert store.value("SELECT count(*) FROM clusters") == 1
    fold_addresses(store.database)
    found = {row["id"]: row["address"] for row in store.rows("SELECT id, address FROM articles")}
    assert found == {older: SECURE, newer: PAGE}
    assert store_article(store, arrival(store, article(OTHER_NEWS, PAGE), extraction())) == ()
    fold_addresses(store.database)
    assert found == {row["id"]: row["address"] for row in store.rows("SELECT id, address FROM articles")}


def test_the_same_text_with_other_facts_stays_twice(store: Store) -> None:
    _as_before(store, PAGE, NEWS, days=0)
    _second(store, SECURE, article(NEWS, "http://elsewhere.cn/1"), extraction(result("湖南省"), result()))
    fold_addresses(store.database)
    assert store.value("SELECT count(*) FROM articles") == 2


def test_a_file_of_the_former_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with open_store(path) as store:
        _as_before(store, SECURE, NEWS, days=0)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        Database(connection).execute("DELETE FROM _sqlite_migrations WHERE name = 'm0005b_addresses'")
    with open_store(path) as store:
        assert store.value("SELECT address FROM articles") == PAGE
    assert list(tmp_path.glob("old-before-m0005b_addresses.db"))
