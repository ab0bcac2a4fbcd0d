"""crawler.read.texthead: headline and byline of pages saved as text."""

from __future__ import annotations

import pytest

from crawler.read import article_from_file

PROSE = "市政府办公室通报了上年度网站考评情况。东山市网站得分最高,西河市列在第二名,其余各市名次与上年持平。\n"


@pytest.mark.parametrize(
    ("head", "title", "day", "outlet"),
    [
        ("东山市网站考评居首\n\n09.03.2018  14:20\n", "东山市网站考评居首", "2018-03-09", None),
        (
            "东山市网站考评位列全省第一2018-03-09 来源:东山日报\n",
            "东山市网站考评位列全省第一",
            "2018-03-09",
            "东山日报",
        ),
        ("原标题:东山市通报网站考评结果\n", "东山市通报网站考评结果", None, None),
        ("● 关于公布网站考评结果的通知\n2018-03-09\n", "关于公布网站考评结果的通知", "2018-03-09", None),
        (
            "2025年3月1日\n星期六\n设为首页 | 加入收藏\n东山市网站考评居首\n时间:2018-03-09 10:00 来源:东山晚报 作者:王五\n",
            "东山市网站考评居首",
            "2018-03-09",
            "东山晚报",
        ),
        (
            "2025-03-01\n东山市网站考评居首\n• 2018年03月09日 00时00分\n• 来源: 东山晚报\n",
            "东山市网站考评居首",
            "2018-03-09",
            "东山晚报",
        ),
        ("2018-03-09\n东山市网站考评居首\n", "东山市网站考评居首", "2018-03-09", None),
        ("东山市网站考评居首\n东山网 > 东山新闻 > 政务 >\n", "东山市网站考评居首", None, "东山网"),
        ("东山要闻\n关于网站考评的通报 2018-03-09\n", "关于网站考评的通报", None, None),
        ("• 东山商报\n东山市网站考评居首\n2018-03-09\n", "东山市网站考评居首", "2018-03-09", "东山商报"),
        (
            "第9号 当前A2 上一版 下一版\n正文 发布时间:2018-03-09\n东山市网站考评居首\n",
            "东山市网站考评居首",
            "2018-03-09",
            None,
        ),
        ("东山新闻记者 王五\n", None, None, "东山新闻"),
    ],
)
def test_a_head_gives_title_day_and_outlet(head: str, title: str | None, day: str | None, outlet: str | None) -> None:
    article = article_from_file("page.txt", (head + PROSE * 3).encode())
    assert article.title == title
    assert (article.published.isoformat()[:10] if article.published else None) == day
    assert article.outlet == outlet
