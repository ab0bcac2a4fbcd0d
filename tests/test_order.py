"""In which order a message tells, and where competitors stand in it."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alerts.order import headline, in_reading_order, most_telling, whose
from crawler.config import Subscription
from crawler.items import Background, Change, Past, Standing
from tests.message_samples import BACKGROUND, CHANGES, HUBEI, message
from tests.store_samples import change, evaluation, result

BOTH = Subscription(
    id="a", channels=(), places=("湖北省", "湖南省"), entities=("国家税务总局",), competitors=("湖南省",)
)
NAMES = ("湖北省", "湖北省/武汉市", "湖南省", "湖南省/长沙市", "四川省", "国家税务总局")


def entities(changes: list[Change]) -> list[str]:
    return [one.result.entity for one in changes]


def test_ones_own_come_first_then_what_lies_below_then_competitors_then_the_rest() -> None:
    told = [change(came=result(name, rank=n + 1)) for n, name in enumerate(reversed(NAMES))]
    assert entities(in_reading_order(told, BOTH)) == [
        "国家税务总局", "湖北省", "湖北省/武汉市", "湖南省/长沙市", "湖南省", "四川省",
    ]  # fmt: skip
    assert entities(in_reading_order(told, None)) == list(reversed(NAMES))


def test_the_evaluation_of_the_headline_comes_first_then_the_newest_then_the_fullest() -> None:
    def named(series: str, year: int, **of: Any) -> Change:
        return change(came=result(**of), evaluation=evaluation(series=series, year=year))

    own, newer = named("a", 2020, rank=5), named("b", 2024, entity="四川省", rank=1)
    full = [named("c", 2024, entity=f"{n}省", rank=n) for n in range(1, 4)]
    older = named("d", 2019, rank=2)
    ordered = in_reading_order([older, *full, newer, own], replace(BOTH, places=("湖北省",)))
    assert [one.evaluation.series for one in ordered] == ["a", "d", "c", "c", "c", "b"]


def test_the_headline_is_the_overall_place_of_ones_own() -> None:
    rank = change(came=result(rank=5))
    told = [
        change("corroborated", result(rank=5)), change(came=result(kind="score", score=91.0)), rank,
        change(came=result(rank=1, subject="service")), change(came=result(rank=1, indicator="信息公开指数")),
        change(came=result("湖北省/武汉市", group="capital", rank=1)), change(came=result("湖南省", rank=1)),
    ]  # fmt: skip
    assert headline(told, BOTH) is rank
    assert headline([one for one in told if one.result.entity == "湖南省"], BOTH) is None
    assert headline(told, None) is None


@given(st.randoms(), st.integers(0, 60))
def test_the_order_depends_on_no_order_and_what_is_kept_keeps_it(chance: random.Random, most: int) -> None:
    shuffled = list(CHANGES)
    chance.shuffle(shuffled)
    ordered = in_reading_order(shuffled, HUBEI)
    assert ordered == in_reading_order(CHANGES, HUBEI)
    kept = most_telling(ordered, HUBEI, most)
    assert len(kept) <= most
    assert kept == [one for one in ordered if any(one is other for other in kept)]
    near = [one for one in ordered if whose(HUBEI, one.result.entity) in {"own", "below"}]
    assert all(any(one is other for other in kept) for one in near[: min(most, len(near))])


def tables(told: list[Change], **changes: Any) -> list[dict[str, Any]]:
    body = message(told=told, background=replace(BACKGROUND, **changes))
    return [table for one in body["data"]["evaluations"] for table in one["comparisons"]]


def standing(entity: str, **of: Any) -> Standing:
    return Standing(evaluation(), result(entity, **of))


def test_a_table_needs_ones_own_and_a_competitor() -> None:
    own, other = standing("湖北省", rank=5), standing("湖南省", rank=3)
    told = [change()]
    assert [row["entity"] for row in tables(told, standings=(own, other))[0]["rows"]] == ["湖南省", "湖北省"]
    for some in ((), (own,), (other,)):
        assert tables(told, standings=some) == []
    elsewhere = replace(other, evaluation=evaluation(year=2023))
    assert tables(told, standings=(own, elsewhere)) == []
    assert tables(told, standings=(own, standing("湖南省", rank=3, group="all"))) == []
    assert tables([change(came=result("湖北省/武汉市", group="capital"))], standings=(own, other)) == []


def test_the_rows_go_from_the_best_down_and_say_what_was_before() -> None:
    rows = (
        standing("湖北省", top=10), replace(standing("湖南省", rank=9), past=Past(2023, rank=2), disputed=True),
        standing("江西省", kind="score", score=80.0),
    )  # fmt: skip
    (table,) = tables([change()], standings=rows)
    assert [(row["entity"], row["outcome"], row["past"], row["note"]) for row in table["rows"]] == [
        ("湖南省", "第9名", "去年第2名", "说法不一"), ("湖北省", "前10", None, None), ("江西省", "80分", None, None),
    ]  # fmt: skip
    assert table["unknown"] == []


def test_nothing_is_compared_where_nobody_is_named() -> None:
    body = message(told=[change()], background=Background())
    assert body["data"]["evaluations"][0]["comparisons"] == []
