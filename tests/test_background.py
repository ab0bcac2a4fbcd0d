"""What the store knows about the changes of an alert."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Alert, Change, Past, Result
from crawler.subscribing import names_of
from storage.articles import store_article
from storage.background import background_of
from storage.database import Store, open_store
from storage.outbox import pending
from tests.store_samples import NIGHT, NOW, arrival, article, change, evaluation, extraction, result


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def anna(_change: Change) -> Sequence[str]:
    return ["anna"]


def states(store: Store, url: str, *results: Result, owed: Any = None, of: Any = None, **of_evaluation: Any) -> None:
    """An article, unlike all others, that states these results."""
    text = "".join(chr(0x4E00 + (sum(url.encode()) * 131 + n * 7) % 5000) for n in range(400))
    said = extraction(*results, **of_evaluation)
    extras = {"owed": owed} if owed else {}
    store_article(store, arrival(store, article(text, url, **(of or {})), said, **extras))


def alert(*changes: Change) -> Alert:
    return Alert("msg_1", "anna", NIGHT, NOW, changes)


def past_of(store: Store, told: Change) -> Past | None:
    return background_of(store, alert(told)).past.get(told.fact_key)


def test_last_years_place_is_that_of_the_same_series_group_subject_and_indicator(store: Store) -> None:
    states(store, "http://a.cn/2023", result(rank=8, tied=True), year=2023, edition=22)
    states(store, "http://a.cn/2021", result(rank=12), year=2021, edition=20)
    states(store, "http://a.cn/other", result(rank=1), year=2023, series="cstc-digital-gov")
    states(store, "http://a.cn/2025", result(rank=2), year=2025, edition=24)
    assert past_of(store, change()) == Past(2023, rank=8, tied=True)
    for of in (
        result(rank=5, group="all"), result(rank=5, subject="service"), result("湖南省", rank=5), result(kind="score", score=9.0),
        result(rank=5, indicator="信息公开指数"),
    ):  # fmt: skip
        assert past_of(store, change(came=of)) is None
    assert past_of(store, change(evaluation=evaluation(year=None))) is None
    assert past_of(store, change(evaluation=evaluation(year=2022))) == Past(2021, rank=12)
    assert past_of(store, change(evaluation=evaluation(year=2021))) is None


def test_an_indicator_is_compared_with_itself(store: Store) -> None:
    states(store, "http://a.cn/1", result(rank=8), result(rank=2, indicator="信息公开指数"), year=2023)
    told = change(came=result(rank=5, indicator="信息公开指数"))
    assert past_of(store, told) == Past(2023, rank=2)


def test_the_newest_edition_counts_even_where_it_gave_a_bound_only(store: Store) -> None:
    states(store, "http://a.cn/1", result(rank=3), year=2020)
    states(store, "http://a.cn/2", result(top=10), year=2022)
    assert past_of(store, change()) == Past(2022, top=10)


def test_a_place_is_found_by_the_name_that_it_had(store: Store) -> None:
    states(store, "http://a.cn/1", result("湖北省/襄樊市", group="prefecture", rank=9), year=2009)
    told = change(came=result("湖北省/襄阳市", group="prefecture", rank=4), evaluation=evaluation(year=2010))
    assert background_of(store, alert(told), names_of=names_of).past[told.fact_key] == Past(2009, rank=9)
    assert background_of(store, alert(told)).past == {}


def test_a_disputed_place_says_so_and_an_implied_one_is_none(store: Store) -> None:
    states(store, "http://a.cn/1", result(rank=8), year=2023)
    states(store, "http://b.cn/1", result(rank=9), year=2023)
    past = past_of(store, change())
    assert past is not None
    assert past.disputed
    states(store, "http://c.cn/1", result("湖南省", rank=8, implied=True), year=2023)
    assert past_of(store, change(came=result("湖南省", rank=5))) is None


def test_evaluations_of_no_series_have_no_past(store: Store) -> None:
    states(store, "http://a.cn/1", result(rank=8), year=2023, series="other", name="某评估")
    assert past_of(store, change(evaluation=evaluation(series="other", name="某评估"))) is None


def test_who_says_otherwise_is_named_with_his_words(store: Store) -> None:
    states(store, "http://a.cn/1", result(rank=5, evidence="位居第五"))
    states(store, "http://b.cn/1", result(rank=5, evidence="名列第五"), of={"published": date(2024, 12, 18)})
    states(store, "http://c.cn/1", result(top=10, evidence="进入前十"))
    states(store, "http://d.cn/1", result(rank=6, evidence="排名第六"))
    disputed = change("disputed", result(rank=6), url="http://d.cn/1")
    (said,) = background_of(store, alert(disputed)).said[disputed.fact_key]
    assert (said.result.rank, said.url, said.result.evidence) == (5, "http://b.cn/1", "名列第五")
    assert background_of(store, alert(change())).said == {}


def test_competitors_stand_beside_ones_own_whenever_their_results_came(store: Store) -> None:
    states(store, "http://a.cn/0", result("湖南省", rank=2), result(rank=8), year=2023)
    states(store, "http://a.cn/1", result("湖南省", rank=3), result("湖南省", kind="score", score=90.0))
    states(store, "http://b.cn/1", result("江西省", group="all", rank=4), result("四川省", rank=1))
    states(store, "http://c.cn/1", result(rank=5))
    found = background_of(store, alert(change()), own=("湖北省",), competitors=("湖南省", "江西省"))
    assert [(one.result.entity, one.result.rank, one.past and one.past.rank) for one in found.standings] == [
        ("湖北省", 5, 8), ("湖南省", 3, 2),
    ]  # fmt: skip
    assert background_of(store, alert(change()), own=("湖北省",)).standings == ()


def test_a_score_stands_where_there_is_no_place(store: Store) -> None:
    states(store, "http://a.cn/1", result("湖南省", kind="score", score=90.0), result(kind="score", score=91.5))
    told = change(came=result(kind="score", score=91.5))
    found = background_of(store, alert(told), own=("湖北省",), competitors=("湖南省",))
    assert {one.result.entity: one.result.score for one in found.standings} == {"湖北省": 91.5, "湖南省": 90.0}


def test_pages_sources_and_official_addresses(store: Store) -> None:
    states(store, "http://www.hubei.gov.cn/1", result(), owed=anna, of={"outlet": "湖北省人民政府"})
    states(store, "http://b.cn/1", result("湖北省/武汉市", group="capital", rank=3), owed=anna, of={"outlet": "某网"})
    (owed,) = pending(store, NOW)
    found = background_of(store, owed, address="http://127.0.0.1:8321")
    assert found.official == {"http://www.hubei.gov.cn/1"}
    assert set(found.sources.values()) == {1}
    assert set(found.pages.values()) == {"/evaluation/cstc-website/2024"}
    assert (found.night_page, found.address) == ("/", "http://127.0.0.1:8321")
    other = background_of(store, alert(change(evaluation=evaluation(series="other", name="某评估", year=None))))
    (page,) = other.pages.values()
    assert page.startswith("/evaluation/other/unknown?id=")


def test_the_night_of_one_run_has_its_page(store: Store) -> None:
    states(store, "http://a.cn/1", result(), owed=anna)
    (owed,) = pending(store, NOW)
    assert background_of(store, owed).night_page == "/run/1"


def test_no_query_reads_a_whole_table(store: Store) -> None:
    told = [change("disputed", result(f"湖北省/第{n}市", group="prefecture", rank=n + 1)) for n in range(3)]
    asked: list[str] = []
    store.database.conn.set_trace_callback(asked.append)
    background_of(store, alert(*told), own=(told[0].result.entity,), competitors=("湖南省",))
    store.database.conn.set_trace_callback(None)
    queries = [sql for sql in asked if sql.startswith(("SELECT", "WITH"))]
    assert 6 <= len(queries) <= 8
    for sql in queries:
        plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step.startswith(("SCAN r", "SCAN m", "SCAN a", "SCAN e", "SCAN i"))], plan


def test_five_thousand_changes_are_asked_for_in_portions(store: Store) -> None:
    told = [change(came=result(f"湖北省/第{n}市", group="prefecture", rank=n + 1)) for n in range(5000)]
    asked: list[str] = []
    store.database.conn.set_trace_callback(asked.append)
    background_of(store, alert(*told))
    store.database.conn.set_trace_callback(None)
    assert len(asked) <= 20
