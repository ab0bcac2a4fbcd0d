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
