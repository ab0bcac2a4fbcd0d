"""The two recorded nights as three subscriptions hear of them: everything, Hubei, Guangxi."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alerts.render import render
from tests.nights import ROOT, SHARED, listed, run_night

pytestmark = pytest.mark.skipif(not (SHARED / "web").is_dir(), reason="needs the recorded web in ../shared")

MORE = """
[[subscriptions]]
id = "hubei"
channels = ["file"]
places = ["湖北"]

[[subscriptions]]
id = "guangxi"
channels = ["file"]
places = ["广西壮族自治区"]
language = "en"
"""


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The messages by subscription, after both nights and the second again; and the results."""
    folder = tmp_path_factory.mktemp("messages")
    settings = folder / "settings.toml"
    settings.write_text((ROOT / "settings.toml").read_text(encoding="utf-8") + MORE, encoding="utf-8")
    for number in (1, 2, 2):
        run_night(folder, settings, folder / "t.db", SHARED / "web" / f"night{number}.warc.gz")
    lines = (folder / "var" / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    found: dict[str, list[dict[str, Any]]] = {"results": listed(folder, "results", settings, folder / "t.db")}
    for message in map(json.loads, lines):
        found.setdefault(message["data"]["subscription"], []).append(message)
    return found


def told(message: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The results of a message by entity."""
    return {
        entity["entity"]: entity["results"]
        for evaluation in message["data"]["evaluations"]
        for group in evaluation["groups"]
        for entity in group["entities"]
    }


def facts(message: dict[str, Any]) -> set[str]:
    return {
        item["fact_key"]
        for evaluation in message["data"]["evaluations"]
        for group in evaluation["groups"]
        for entity in group["entities"]
        for item in entity["results"]
    }


def test_each_subscription_hears_of_the_second_night_in_one_message(heard: dict[str, list[dict[str, Any]]]) -> None:
    assert {name: len(messages) for name, messages in heard.items() if name != "results"} == {
        "everything": 1, "hubei": 1, "guangxi": 1,
    }  # fmt: skip


def test_a_subscription_to_a_place_hears_of_this_place_only(heard: dict[str, list[dict[str, Any]]]) -> None:
    (everything,), (hubei,), (guangxi,) = heard["everything"], heard["hubei"], heard["guangxi"]
    for message, place in ((hubei, "湖北省"), (guangxi, "广西壮族自治区")):
        assert {entity.split("/")[0] for entity in told(message)} == {place}
        about = {
            fact
            for entity, items in told(everything).items()
            if entity.split("/")[0] == place
            for fact in items_of(items)
        }
        assert about <= facts(message)
        assert facts(message) <= facts(everything)
        assert message["data"]["results"] == len(facts(message))


def items_of(items: list[dict[str, Any]]) -> set[str]:
    return {item["fact_key"] for item in items}


def test_hubeis_facts_have_two_mentions_and_the_official_page_comes_first(
    heard: dict[str, list[dict[str, Any]]],
) -> None:
    mentions = {result["fact_key"]: result["mentions"] for result in heard["results"]}
    (hubei,) = heard["hubei"]
    assert {len(mentions[fact]) for fact in facts(hubei)} == {2}
    items = [item for entity in told(hubei).values() for item in entity]
    assert all(item["url"].startswith("https://www.hubei.gov.cn/") for item in items)
    assert any(item["official"] for item in items)


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_the_first_line_says_what_matters(heard: dict[str, list[dict[str, Any]]], form: Any) -> None:
    (everything,), (hubei,), (guangxi,) = heard["everything"], heard["hubei"], heard["guangxi"]
    assert render(hubei, form).title == f"湖北省：省级第5名，另有{hubei['data']['results'] - 1}条"
    assert (
        render(guangxi, form).title
        == f"广西壮族自治区: no. 3 among provinces, and {guangxi['data']['results'] - 1} more"
    )
    title = render(everything, form).title
    assert title == f"{everything['data']['results']}条新结果：第二十届政府网站绩效评估（2021年）等4项评估"
    for words in ("省政府门户网站位居全国省级政府门户网站第五", "/run/2"):
        assert words in render(hubei, form).body
