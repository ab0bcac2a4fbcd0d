from __future__ import annotations

from typing import Any

import pytest

from alerts.match import lies_in, subscriptions_for
from crawler.config import Subscription
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
    ],
)
def test_each_filter(filters: dict[str, Any], *, passes: bool) -> None:
    assert wants(**filters) is passes


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
