from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.match import lies_in, subscriptions_for, subscriptions_told
from crawler.config import Subscription
from crawler.items import CHANGE_KINDS, Notice
from tests.store_samples import change, evaluation, result

WUHAN = change(came=result("湖北省/武汉市", group="capital", confidence=0.8))


def wants(told: Any = WUHAN, **filters: Any) -> bool:
    return bool(subscriptions_for(told, [Subscription(id="s", channels=("file",), **filters)]))


def test_an_empty_filter_lets_everything_pass() -> None:
    assert wants()
    assert wants(change("disputed"))


@pytest.mark.parametrize(
    ("place", "passes"),
    [
        ("湖北省", True),
        ("湖北省/武汉市", True),
        ("湖北省/武汉市/武昌区", False),
        ("湖北", False),
        ("湖南省", False),
        ("湖北省/武汉", False),
    ],
)
def test_places_take_in_what_lies_below(place: str, *, passes: bool) -> None:
    assert wants(places=(place,)) is passes
    assert wants(places=("上海市", place)) is passes
    assert lies_in("湖北省/武汉市", place) is passes


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({"series": ("cstc-website",)}, True),
        ({"series": ("un-egdi",)}, False),
        ({"groups": ("capital", "county")}, True),
        ({"groups": ("province",)}, False),
        ({"changes": ("new",)}, True),
        ({"changes": ("refined", "disputed")}, False),
        ({"min_confidence": 0.8}, True),
        ({"min_confidence": 0.81}, False),
        ({"series": ("cstc-website",), "groups": ("province",)}, False),
        ({"places": ("湖北省",), "below": False}, False),
        ({"places": ("湖北省/武汉市",), "below": False}, True),
        ({"entities": ("国家税务总局",)}, False),
        ({"entities": ("湖北省",)}, False),
        ({"entities": ("国家税务总局",), "places": ("湖北省",)}, True),
        ({"entities": ("国家税务总局",), "places": ("湖南省",)}, False),
        ({"subjects": ("website", "service")}, True),
        ({"subjects": ("open_data",)}, False),
        ({"top": 5}, True),
        ({"top": 4}, False),
        # no filters
        ({"places": ("湖北省",), "competitors": ("湖南省",)}, True),
        ({"digest": "week", "week_day": "sun", "language": "en"}, True),
        ({"digest": "at_once"}, True),
    ],
)
def test_each_filter(filters: dict[str, Any], *, passes: bool) -> None:
    assert wants(**filters) is passes


@pytest.mark.parametrize(
    ("of", "previous", "passes"),
    [
        ({"rank": 10}, None, True),
        ({"rank": 11}, None, False),
        ({"top": 10}, None, True),
        ({"top": 100}, None, False),
        ({"kind": "score", "score": 99.0}, None, False),
        ({"kind": "grade", "grade": "优秀"}, None, False),
        ({"kind": "award", "award": "前10强企业"}, None, False),
        ({"rank": 10, "indicator": "信息公开指数"}, None, True),
        ({"rank": 30}, "第8名", True),
        ({"rank": 30}, "第18名", False),
        ({"rank": 30}, "前100、第9名（并列）", True),
    ],
)
def test_top_n_or_better(of: dict[str, Any], previous: str | None, *, passes: bool) -> None:
    assert wants(change(came=result(**of), previous=previous), top=10) is passes


def test_a_ministry_is_an_entity() -> None:
    told = change(came=result("国家税务总局", group="ministry"))
    assert wants(told, entities=("国家税务总局",))
    assert wants(told, places=("湖北省",), entities=("国家税务总局",))
    assert not wants(told, places=("湖北省",))


@pytest.mark.parametrize("kind", CHANGE_KINDS)
def test_each_kind_of_change_is_told_to_who_asks_for_it(kind: str) -> None:
    told = change(kind, previous="第9名")
    assert wants(told, changes=(kind,))
    assert wants(told) is (kind != "corroborated")
    assert not wants(told, changes=tuple(other for other in CHANGE_KINDS if other != kind))


@pytest.mark.parametrize(
    ("kind", "filters", "passes"),
    [
        ("broken", {}, False),
        ("broken", {"changes": ("broken",)}, True),
        ("broken", {"changes": ("broken",), "series": ("cstc-website",), "places": ("湖北省",), "top": 3}, True),
        ("blocked", {"changes": ("broken",)}, True),
        ("overdue", {"changes": ("broken",)}, False),
        ("overdue", {"changes": ("overdue",)}, True),
        ("overdue", {"changes": ("overdue",), "series": ("cstc-website",)}, True),
        ("overdue", {"changes": ("overdue",), "series": ("un-egdi",)}, False),
    ],
)
def test_notices(kind: Any, filters: dict[str, Any], *, passes: bool) -> None:
    notice = Notice(kind, "cstc-website" if kind == "overdue" else "hubei", "某名")
    subscription = Subscription(id="s", channels=(), **filters)
    assert (subscriptions_told(notice, [subscription]) == ("s",)) is passes


ENTITIES = ("湖北省", "湖北省/武汉市", "湖北省/武汉市/武昌区", "湖南省", "湖南省/长沙市", "国家税务总局")
SOME_CHANGES = st.builds(
    lambda kind, entity, group, subject, rank, confidence, series, previous: change(
        kind, result(entity, group=group, subject=subject, confidence=confidence, **rank), previous=previous,
        evaluation=evaluation(series=series),
    ),
    st.sampled_from(CHANGE_KINDS), st.sampled_from(ENTITIES), st.sampled_from(["province", "capital"]),
    st.sampled_from(["website", "service"]),
    st.sampled_from([{"rank": 3}, {"rank": 30}, {"top": 10}, {"top": 100}, {"kind": "score", "score": 90.0}]),
    st.sampled_from([0.3, 0.5, 0.9]), st.sampled_from(["cstc-website", "other"]), st.sampled_from([None, "第4名", "前50"]),
)  # fmt: skip
SOME_FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "places": st.lists(st.sampled_from(ENTITIES[:5]), min_size=1, max_size=2).map(tuple),
        "series": st.just(("cstc-website",)),
        "groups": st.just(("province",)),
        "subjects": st.just(("website",)),
        "changes": st.lists(st.sampled_from(CHANGE_KINDS), max_size=4).map(tuple),
        "top": st.sampled_from([3, 10, 50]),
        "min_confidence": st.sampled_from([0.0, 0.5, 0.8]),
    },
)


@given(SOME_CHANGES, SOME_FILTERS, st.data())
def test_adding_a_filter_never_adds_an_alert(told: Any, filters: dict[str, Any], data: st.DataObject) -> None:
    narrower = [
        ("series", filters.get("series", ()) or ("other",)),
        ("groups", filters.get("groups", ()) or ("capital",)),
        ("subjects", filters.get("subjects", ()) or ("service",)),
        ("changes", tuple(data.draw(st.sets(st.sampled_from(filters.get("changes", DEFAULT)), max_size=3)))
         if filters.get("changes", DEFAULT) else ()),
        ("top", min(filters.get("top", 20), 20)),
        ("min_confidence", max(filters.get("min_confidence", 0.5), 0.6)),
        ("below", False),
        ("places", filters.get("places", ())[:1] or ("湖北省",)),
    ]  # fmt: skip
    key, value = data.draw(st.sampled_from(narrower))
    if wants(told, **(filters | {key: value})):
        assert wants(told, **filters)


DEFAULT = Subscription(id="s", channels=()).changes


def test_copies_of_what_is_known_are_told_only_on_request() -> None:
    assert not wants(change("corroborated"))
    assert wants(change("corroborated"), changes=("corroborated",))


def test_what_is_only_implied_is_told_to_nobody() -> None:
    assert not wants(change(came=result(implied=True)), min_confidence=0.0)


def test_subscriptions_come_in_the_order_of_the_settings() -> None:
    subscriptions = [
        Subscription(id="b", channels=()), Subscription(id="no", channels=(), series=("x",)), Subscription(id="a", channels=()),
    ]  # fmt: skip
    assert subscriptions_for(change(evaluation=evaluation(series="other")), subscriptions) == ("b", "a")
