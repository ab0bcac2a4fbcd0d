"""crawler.extract.release: the day on which an evaluation was published."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.extract import extract
from crawler.read import article_from_file


@pytest.mark.parametrize(
    ("text", "released"),
    [
        (
            "某网济南12月10日电 “第十六届中国政府网站绩效评估结果发布会”今日在京召开,青岛位列副省级第三名。",
            date(2017, 12, 10),
        ),
        (
            "某报12月11日讯 昨天举行的2014中国政府网站绩效评估发布会上,青岛市网站排名副省级城市第三名。",
            date(2014, 12, 10),
        ),
        ("某报12月3日讯 1日在京举行的2015年中国政府网站绩效评估发布会上,青岛排名副省级城市第三名。", date(2015, 12, 1)),
        ("2015年中国政府网站绩效评估结果今天发布,青岛市网站排名副省级城市第三名。", None),
        ("某网12月10日电 2016年中国政府网站绩效评估结果日前发布,青岛市网站排名副省级城市第三名。", None),
    ],
)
def test_today_is_the_day_of_the_dateline(text: str, released: date | None) -> None:
    (evaluation,) = extract(article_from_file("page.txt", f"青岛市网站再进一步\n{text}\n".encode())).evaluations
    assert evaluation.released == released


def test_each_evaluation_has_the_day_that_is_told_of_it() -> None:
    text = (
        "12月20日,清华大学发布《2019年中国政府网站绩效评估报告》,青岛市网站排名副省级城市第三名。\n"
        "12月6日,第十八届中国政府网站绩效评估结果已经揭晓,青岛市网站排名副省级城市第四名。\n"
    )
    found = extract(article_from_file("page.txt", text.encode())).evaluations
    assert {e.series: e.released for e in found} == {
        "tsinghua-website": date(2019, 12, 20),
        "cstc-website": date(2019, 12, 6),
    }


def test_a_blue_book_comes_out_in_the_year_after() -> None:
    text = "6月2日,中国社会科学院法学研究所发布《中国政府透明度指数报告(2021)》,青岛市位列较大的市第三名。\n"
    (evaluation,) = extract(article_from_file("page.txt", text.encode())).evaluations
    assert evaluation.released == date(2022, 6, 2)
