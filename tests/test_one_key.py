"""From words to the store: what is one fact is one key, and what is no contradiction is no dispute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crawler.extract import extract
from crawler.items import value_words
from storage.articles import store_article
from storage.database import Store, open_store
from storage.history import entity_history
from storage.results import query_results
from tests.store_samples import arrival, article

NEWS = "{}年中国政府网站绩效评估结果近日公布，{}。"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def _tell(store: Store, year: int, *told: str) -> list[tuple[str, str, str, str]]:
    """Store one article per statement, each of its own house; entity, group, outcome and status of all results."""
    for number, words in enumerate(told):
        text = NEWS.format(year, words)
        page = article(text, f"http://site{number}.cn/1", published=date(year + 1, 1, number + 1))
        store_article(store, arrival(store, page, extract(page)))
    return sorted((row["entity"], row["group"], _outcome(row), row["status"]) for row in query_results(store))


def _outcome(row: dict[str, object]) -> str:
    return f"第{row['rank']}名" + ("（并列）" if row["tied"] else "") if row["rank"] else f"前{row['top']}"


ONE_ENTITY = [
    (2015, ["成都市郫县政府网站在区县政府网站中排名第五", "成都市郫都区政府网站在区县政府网站中排名第五"], "四川省/成都市/郫县"),
    (2020, ["成都市郫县政府网站在区县政府网站中排名第五", "成都市郫都区政府网站在区县政府网站中排名第五"], "四川省/成都市/郫都区"),
    (2020, ["发展改革委网站在部委网站中排名第五", "国家发改委网站位列部委网站第五", "国家发展和改革委员会网站位居部委网站第5名"],
     "国家发展和改革委员会"),
    (2020, ["税务总局网站在部委网站中排名第五", "国家税务总局网站位列部委网站第五"], "国家税务总局"),
    (2017, ["工商总局网站在部委网站中排名第五", "国家工商行政管理总局网站位列部委网站第五"], "国家工商行政管理总局"),
    (2008, ["襄樊市政府网站在地市级政府网站中排名第五", "襄阳市政府网站在地市级政府网站中排名第五"], "湖北省/襄樊市"),
    (2019, ["莱芜区政府网站在区县政府网站中排名第五", "济南市莱芜区政府网站在区县政府网站中排名第五"], "山东省/济南市/莱芜区"),
]  # fmt: skip


@pytest.mark.parametrize(("year", "told", "entity"), ONE_ENTITY, ids=[row[2] for row in ONE_ENTITY])
def test_two_names_of_one_entity_are_one_fact(store: Store, year: int, told: list[str], entity: str) -> None:
    ((found, _, outcome, status),) = _tell(store, year, *told)
    assert (found, outcome, status) == (entity, "第5名", "corroborated")


NO_DISPUTE = [
    ("a shared place", ["湖北省政府门户网站在省级政府网站中并列第五", "湖北省政府门户网站在省级政府网站中排名第五"],
     [("湖北省", "province", "第5名（并列）", "corroborated")]),
    ("a bound beside a place", ["湖北省政府门户网站进入省级政府网站前十名", "湖北省政府门户网站在省级政府网站中排名第五"],
     [("湖北省", "province", "第5名", "refined")]),
    ("two groups", ["武汉市政府网站在副省级城市中排名第三", "武汉市政府网站在省会城市中排名第二"],
     [("湖北省/武汉市", "capital", "第2名", "single"), ("湖北省/武汉市", "subprovincial", "第3名", "single")]),
    ("the country and the province (A11, K12)",
     ["襄阳市政府门户网站在地市级政府网站中位居全国第12、全省第一", "襄阳市政府网站居全省第一位", "襄阳市政府网站在全国地市级政府网站中排名第12"],
     [("湖北省/襄阳市", "other", "第1名", "corroborated"), ("湖北省/襄阳市", "prefecture", "第12名", "corroborated")]),
    ("two regions", ["湖北省政府网站位列全国第十二、中部第一、长江经济带第三", "湖北省政府网站位列中部六省第一", "湖北省政府网站位列长江经济带第三"],
     [("湖北省", "other", "第1名", "corroborated"), ("湖北省", "other", "第3名", "corroborated"), ("湖北省", "province", "第12名", "single")]),
    ("a region and the province", ["襄阳市政府网站居全省第一位", "襄阳市政府网站在汉江流域城市中排名第二"],
     [("湖北省/襄阳市", "other", "第1名", "single"), ("湖北省/襄阳市", "other", "第2名", "single")]),
]  # fmt: skip


@pytest.mark.parametrize(("told", "expected"), [row[1:] for row in NO_DISPUTE], ids=[row[0] for row in NO_DISPUTE])
def test_no_dispute(store: Store, told: list[str], expected: list[tuple[str, str, str, str]]) -> None:
    assert _tell(store, 2020, *told) == expected


def test_regions_are_told_apart_in_the_tables(store: Store) -> None:
    _tell(store, 2020, "湖北省政府网站位列全国第十二、中部第一、长江经济带第三")
    rows = store.rows("SELECT region, rank FROM results ORDER BY rank")
    assert [tuple(row.values()) for row in rows] == [("中部", 1), ("长江经济带", 3), (None, 12)]
    lines = entity_history(store, ["湖北省"])
    assert sorted((line.scope.group, line.scope.indicator or "") for line in lines) == [
        ("other", "中部"), ("other", "长江经济带"), ("province", ""),
    ]  # fmt: skip


def test_another_place_is_a_dispute(store: Store) -> None:
    told = ["湖北省政府网站在省级政府网站中排名第五", "湖北省政府网站在省级政府网站中排名第六"]
    assert [row[3] for row in _tell(store, 2020, *told)] == ["disputed"]


def test_the_site_of_a_government_is_official_for_its_own_place() -> None:
    page = article(
        NEWS.format(2020, "武汉市政府网站在副省级城市中排名第三"), "http://fgw.wuhan.gov.cn/1.html", outlet=None
    )
    said = extract(page)
    assert said.place == "湖北省/武汉市"
    assert [value_words(result) for result in said.results] == ["第3名"]


def test_the_governments_page_comes_first_and_outweighs_the_others(store: Store) -> None:
    wrong = "武汉市政府网站在副省级城市中排名第四"
    for number, (url, words) in enumerate(
        [
            ("http://a.cn/1", wrong),
            ("http://b.cn/1", wrong),
            ("http://www.wuhan.gov.cn/1", wrong.replace("第四", "第三")),
        ]
    ):
        page = article(
            NEWS.format(2020, words) + f"第{number}篇。", url, published=date(2021, 1, number + 1), outlet=None
        )
        store_article(store, arrival(store, page, extract(page)))
    (found,) = query_results(store)
    assert (found["rank"], found["status"], found["sources"]) == (3, "disputed", 1)
    assert [(m["url"], m["standing"]) for m in found["mentions"]] == [
        ("http://www.wuhan.gov.cn/1", 2), ("http://a.cn/1", 0), ("http://b.cn/1", 0),
    ]  # fmt: skip
    assert store.value("SELECT words_at FROM results_disputed").startswith(
        f"/article/{found['mentions'][0]['article']}#"
    )


def test_who_organises_may_be_told_by_another_page_later(store: Store) -> None:
    own = article(
        NEWS.format(2020, "湖北省政府网站在省级政府网站中排名第五"),
        "http://www.cstc.org.cn/1",
        outlet="中国软件评测中心",
    )
    store_article(store, arrival(store, own, extract(own)))
    assert store.value("SELECT standing FROM mentions") == 0
    text = "中国软件评测中心发布2020年中国政府网站绩效评估结果，湖南省政府网站在省级政府网站中排名第六。"
    other = article(text, "http://b.cn/1")
    store_article(store, arrival(store, other, extract(other)))
    assert store.value("SELECT organizers FROM evaluations") == '["中国软件评测中心"]'
    assert store.rows("SELECT standing FROM mentions ORDER BY standing DESC") == [{"standing": 3}, {"standing": 0}]
