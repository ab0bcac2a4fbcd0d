from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from alerts import wording
from alerts.digest import payload, payload_bytes
from alerts.wording import outcome_words
from crawler.config import Subscription
from crawler.items import GROUPS, SUBJECTS, Alert, Background, Change
from tests.store_samples import CHINA, NIGHT, NOW, change, evaluation, result

OTHER = evaluation(name="2024年数字政府服务能力评估", series="cstc-digital-gov", edition=None)
GUANGXI: dict[str, Any] = {
    "outlet": "新华财经",
    "url": "http://finews.cn/2.html",
    "published": datetime(2024, 12, 20, 19, 56, tzinfo=CHINA),
}


def places(*names: str) -> list[Change]:
    """All in one sentence of an article."""
    said = "十堰、荆州、岳阳进入百强"
    return [change(came=result(name, group="prefecture", top=100, evidence=said)) for name in names]


CHANGES = [
    change(came=result(evidence="湖北省位居第五")),
    change(came=result(kind="score", score=91.5, evidence="湖北省位居第五")),
    change("refined", came=result("湖北省/武汉市", group="capital", rank=3, tied=True, evidence="武汉位居第三"), previous="前10"),
    *places("湖北省/十堰市", "湖北省/荆州市", "湖南省/岳阳市"),
    change(came=result("广西壮族自治区", rank=3, evidence="广西\n名列\x1b[31m第三"), **GUANGXI),
    change(came=result("广西壮族自治区", kind="award", subject="innovation_case", group="all", award="十佳案例", work="一业一证", evidence="广西“一业一证”当选"),
           evaluation=OTHER, **GUANGXI),
]  # fmt: skip
ALERT = Alert("msg_0123456789abcdef", "anna", NIGHT, NOW, tuple(CHANGES))

ZH = """\
8条消息：第二十三届政府网站绩效评估（2024年）等2项评估
12月21日 · 政府网站评估 · 8条（新7，更准确1） · 2项评估

■ 第二十三届政府网站绩效评估（2024年）
【省级】
· 广西壮族自治区　第3名 ②
  “广西 名列 [31m第三”
· 湖北省　第5名，91.5分 ①
  “湖北省位居第五”
【省会城市】
· 湖北省 武汉市　第3名（并列）（更准确；此前前10） ①
  “武汉位居第三”
【地市级】
· 湖北省 十堰市、荆州市、湖南省 岳阳市　前100 ①
  “十堰、荆州、岳阳进入百强”
  ① 湖北省人民政府 2024-12-19（官方） http://www.hubei.gov.cn/zwgk/1.shtml
  ② 新华财经 2024-12-20 http://finews.cn/2.html

■ 2024年数字政府服务能力评估
【全部参评单位】
· 广西壮族自治区　创新案例 十佳案例：一业一证
  「广西“一业一证”当选」
  来源：新华财经 2024-12-20 http://finews.cn/2.html"""

EN = """\
8 results: 第二十三届政府网站绩效评估 (2024) and 1 more
2024-12-21 · government website evaluations · 8 results (7 new, 1 more exact) · 2 evaluations

■ 第二十三届政府网站绩效评估 (2024)
[provinces]
· 广西壮族自治区: no. 3 ②
  “广西 名列 [31m第三”
· 湖北省: no. 5, score 91.5 ①
  “湖北省位居第五”
[provincial capitals]
· 湖北省 武汉市: no. 3 (tied) (more exact; before: top 10) ①
  “武汉位居第三”
[prefectures]
· 湖北省 十堰市, 荆州市, 湖南省 岳阳市: top 100 ①
  “十堰、荆州、岳阳进入百强”
  ① 湖北省人民政府 2024-12-19 (official) http://www.hubei.gov.cn/zwgk/1.shtml
  ② 新华财经 2024-12-20 http://finews.cn/2.html

■ 2024年数字政府服务能力评估
[all taking part]
· 广西壮族自治区: innovation case 十佳案例: 一业一证
  「广西“一业一证”当选」
  Source: 新华财经 2024-12-20 http://finews.cn/2.html"""
OFFICIAL = Background(official=frozenset({"http://www.hubei.gov.cn/zwgk/1.shtml"}))


def test_the_text_reads_well_in_chinese_and_english() -> None:
    assert payload(ALERT, background=OFFICIAL, language="zh")["data"]["text"] == ZH
    assert payload(ALERT, background=OFFICIAL, language="en")["data"]["text"] == EN


def test_the_body_is_that_of_standard_webhooks() -> None:
    body = payload(ALERT, now=NOW)
    assert list(body) == ["type", "timestamp", "data"]
    assert (body["type"], body["timestamp"]) == ("evalwatch.results", "2024-12-20T22:30:00Z")
    assert payload(ALERT) == body
    data = body["data"]
    assert (data["alert"], data["subscription"], data["night"], data["results"]) == (ALERT.id, "anna", "2024-12-21", 8)


def test_results_stand_by_evaluation_group_and_entity_with_all_that_proves_them() -> None:
    second, first = payload(ALERT)["data"]["evaluations"]
    assert (first["series"], second["series"], second["year"], second["edition"]) == (
        "cstc-digital-gov",
        "cstc-website",
        2024,
        23,
    )
    assert [group["group"] for group in second["groups"]] == ["province", "capital", "prefecture"]
    hubei = second["groups"][0]["entities"][1]
    assert (hubei["entity"], [item["outcome"] for item in hubei["results"]]) == ("湖北省", ["第5名", "91.5分"])
    wuhan = second["groups"][1]["entities"][0]["results"][0]
    told = {name: wuhan[name] for name in ("change", "previous", "rank", "tied", "outlet", "url", "published", "words")}
    assert told == {
        "change": "refined", "previous": "前10", "rank": 3, "tied": True, "outlet": "湖北省人民政府",
        "url": "http://www.hubei.gov.cn/zwgk/1.shtml", "published": "2024-12-19", "words": "武汉位居第三",
    }  # fmt: skip


def test_the_message_does_not_depend_on_the_order_of_arrival() -> None:
    shuffled = list(CHANGES)
    random.Random(5).shuffle(shuffled)
    assert payload_bytes(replace(ALERT, changes=tuple(shuffled))) == payload_bytes(ALERT)
    assert json.loads(payload_bytes(ALERT)) == payload(ALERT)


def test_the_names_of_a_long_list_are_folded_in_the_text_only() -> None:
    told = places(*(f"四川省/成都市/第{number:02}区" for number in range(40)))
    body = payload(replace(ALERT, changes=tuple(told)))
    assert body["data"]["text"].splitlines()[5] == (
        "· 成都市 第00区、第01区、第02区、第03区、第04区、第05区、第06区、第07区、第08区、第09区、第10区、第11区 等40个　前100"
    )
    assert len(body["data"]["evaluations"][0]["groups"][0]["entities"]) == 40
    assert " and 28 more: top 100" in payload(replace(ALERT, changes=tuple(told)), language="en")["data"]["text"]


def test_a_page_without_outlet_or_date_is_named_so() -> None:
    told = change(outlet=None, published=None, url="http://e.cn/1")
    text = payload(replace(ALERT, changes=(told,)))["data"]["text"]
    assert "来源：未署名 http://e.cn/1" in text
    assert text.splitlines()[0] == "1条新结果：第二十三届政府网站绩效评估（2024年）"


@pytest.mark.parametrize(
    ("kind", "values", "zh", "en"),
    [
        ("rank", {"rank": 5}, "第5名", "no. 5"),
        ("rank", {"rank": 5, "tied": True}, "第5名（并列）", "no. 5 (tied)"),
        ("rank", {"top": 100}, "前100", "top 100"),
        ("score", {"score": 91.5}, "91.5分", "score 91.5"),
        ("score", {"score": 90.0}, "90分", "score 90"),
        ("grade", {"grade": "优秀"}, "优秀", "优秀"),
        ("award", {"award": "十佳案例"}, "十佳案例", "十佳案例"),
        ("award", {"award": "十佳案例", "work": "一网通办"}, "十佳案例：一网通办", "十佳案例: 一网通办"),
        ("improved", {"improved": True}, "进步突出", "named for its progress"),
        ("change", {"change": 3}, "上升3名", "up 3"),
        ("change", {"change": -2}, "下降2名", "down 2"),
        ("change", {"change": 0}, "名次不变", "same place as before"),
        ("rank", {"rank": 2, "indicator": "信息公开指数"}, "信息公开指数 第2名", "信息公开指数 no. 2"),
    ],
)
def test_outcomes_in_words(kind: str, values: dict[str, Any], zh: str, en: str) -> None:
    said = result(kind=kind, **values)
    assert (outcome_words(said, "zh"), outcome_words(said, "en")) == (zh, en)


def test_every_group_and_subject_has_its_words() -> None:
    for language in ("zh", "en"):
        assert set(wording.GROUPS[language]) == set(GROUPS)
        assert set(wording.SUBJECTS[language]) == set(SUBJECTS)


def test_one_evaluation_of_two_years_is_two() -> None:
    both = (
        change(),
        change(evaluation=evaluation(year=2023, edition=22, name="政府网站绩效评估"), published=date(2023, 12, 1)),
    )
    names = [
        line for line in payload(replace(ALERT, changes=both))["data"]["text"].splitlines() if line.startswith("■")
    ]
    assert names == ["■ 第二十三届政府网站绩效评估（2024年）", "■ 政府网站绩效评估（2023年）"]


def test_a_weekly_message_names_its_first_and_last_night() -> None:
    weekly = Subscription(id="anna", channels=(), digest="week")
    alert = replace(ALERT, created=NOW - timedelta(days=4))
    assert payload(alert, subscription=weekly)["data"]["summary"].startswith("12月17日至12月21日 · ")
    assert payload(ALERT, subscription=weekly)["data"]["summary"].startswith("12月21日 · ")
    assert payload(alert)["data"]["summary"].startswith("12月21日 · ")
