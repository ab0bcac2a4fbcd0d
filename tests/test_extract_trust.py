"""What is flagged and what is left out: spun and damaged copies, vendors, rankings of nobody, headlines, accounts."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.extract.accounts import find_accounts
from crawler.extract.rulebook import load_rulebook
from crawler.extract.trust import of_nobody, trust_in
from crawler.items import Result
from crawler.read import article_from_file
from tests.test_corpus import article_of


def results_of(text: str) -> tuple[Result, ...]:
    return extract(article_of({"text": text})).results


def results_with_headline(text: str) -> tuple[Result, ...]:
    return extract(article_from_file("x.txt", text.encode())).results


SURE = "2020年中国政府网站绩效评估中,杭州市政府网站位列省会城市第二名。"


def test_a_plain_text_is_trusted() -> None:
    (result,) = results_of(SURE)
    assert result.confidence == 1.0
    assert result.rule.split(":")[0].split()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("据陈诉,公家满意。", "N5"),
        ("2021年112月30日发布。", "N8"),
        ("某科技承建的市政府门户网站捷报频传。", "J10"),
    ],
)
def test_doubtful_copies_go_to_the_review_list(words: str, reason: str) -> None:
    (result,) = results_of(SURE + words)
    assert result.confidence < 0.5
    assert reason in result.rule


def test_a_spun_text_is_believed_only_in_full_names() -> None:
    assert results_of("据陈诉,公家满意。2020年中国政府网站绩效评估中,杭州网站位列省会城市第二名。") == ()


def test_lost_names_are_nobody() -> None:
    assert results_of("2019年全省政府网站绩效评估中,县人民政府门户网站名列第1,人民政府网站分列第2位到第5位。") == ()


def test_a_ranking_of_nobody_is_doubted() -> None:
    assert of_nobody("网传榜单:甲县第五。").reason.startswith("J12")
    assert of_nobody("某大学数据中心发布榜单。").reason == ""
    assert trust_in(SURE, load_rulebook()).factor == 1.0


def test_a_place_only_in_the_headline_counts_less() -> None:
    text = "湖州市政府网站绩效全国地级市第八\n\n12月6日,第十届中国政府网站绩效评估揭晓。专家肯定了湖州市政府网站的办事服务。\n"
    (result,) = results_with_headline(text)
    assert (result.entity, result.group, result.rank) == ("浙江省/湖州市", "prefecture", 8)
    assert 0.5 <= result.confidence < 1
    assert "A5" in result.rule


def test_the_body_wins_over_the_headline() -> None:
    text = "湖州市政府网站绩效全国地级市第八\n\n第十届中国政府网站绩效评估揭晓,湖州市政府网站排名地级市第九。\n"
    assert [result.rank for result in results_with_headline(text)] == [9]


def test_a_small_town_is_no_unit() -> None:
    text = "2017年中国优秀政务平台推荐及综合影响力评估。\n2017年度最佳管理实践智慧城市\n宁波市、杭州市江干区丁兰小镇、佛山市\n"
    assert {result.entity for result in results_of(text)} == {"浙江省/宁波市", "广东省/佛山市"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@深圳公安位列微博榜第三", ["深圳公安"]),
        ("@甲发布、@乙交警分获奖项", ["甲发布", "乙交警"]),
        ("政务微信“三湘风纪”位居第二", ["三湘风纪"]),
        ("政务微信“十佳案例”位居第二", []),
        ("“三湘风纪”位居第二", []),
        ("首都文明网荣获优秀奖", ["首都文明网"]),
        ("四川省政府网站荣获优秀奖", []),
    ],
)
def test_accounts_and_sites_of_their_own(text: str, names: list[str]) -> None:
    assert [name for _, _, name in find_accounts(text, 0, len(text))] == names


def test_leading_lists_imply_their_order() -> None:
    text = "中国政府透明度指数报告(2019)印出。各省级政府中排名靠前的有:贵州省、安徽省、上海市。"
    assert [(r.entity, r.rank, r.implied) for r in results_of(text)] == [
        ("贵州省", 1, True), ("安徽省", 2, True), ("上海市", 3, True),
    ]  # fmt: skip


def test_an_unordered_series_implies_nothing() -> None:
    assert results_of("2020年数字政府服务能力评估中,排在前列的省份有:北京市、上海市、安徽省。") == ()
