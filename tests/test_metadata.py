"""crawler.read.metadata, headline and byline: fields as pages state them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawler.items import Article, Page
from crawler.read import article_from_page
from crawler.read.byline import clean_name, parse_byline
from crawler.read.dateline import outlet_in_dateline
from crawler.read.headline import cut_site_name
from crawler.read.metadata import PageMeta

NOW = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
TEXT = "<div><p>某市政府网站在全省年度考评中以九十三分居第二位，信息更新更加及时，办事服务更加完整，互动交流更加顺畅。</p></div>"


def read(head: str, visible: str = "", url: str = "https://a.cn/x/1.html") -> Article:
    html = f"<html><head>{head}</head><body>{visible}{TEXT}</body></html>"
    return article_from_page(Page(url, 200, {}, html.encode(), NOW))


@pytest.mark.parametrize(
    ("line", "source", "author", "editor", "published"),
    [
        ("来源:融合网|dwrh.net 作者:张华 责任编辑:方向 发表时间:2021-01-05 10:40", "融合网", "张华", "方向", "2021-01-05T10:40:00+08:00"),
        ("2019-01-03 来源:SEO研究协会网", "SEO研究协会网", None, None, "2019-01-03"),
        ("来源 : 新华社   作者:王五 李四  【打印】【关闭】", "新华社", "王五 李四", None, None),
        ("2020-12-16 15:40 | 湖北省人民政府门户网站", "湖北省人民政府门户网站", None, None, "2020-12-16T15:40:00+08:00"),
        ("新浪财经 2016年05月25日10:10 我有话说(12人参与)", "新浪财经", None, None, "2016-05-25T10:10:00+08:00"),
        ("发布时间:2024-12-20 09:35 来源:中国软件评测中心 浏览次数:123 字体:【大 中 小】", "中国软件评测中心", None, None, "2024-12-20T09:35:00+08:00"),
        ("发布机构:市政府办公室 发布日期:2020-12-18 | 作者:国脉", None, "国脉", None, "2020-12-18"),
        ("来源:本站原创 作者:医技支部", "本站原创", "医技支部", None, None),
        ("更新时间:2012-01-05", None, None, None, "2012-01-05"),
        ("2020-09-30|来源:【市大数据局】【大 中 小】【打印】", "市大数据局", None, None, "2020-09-30"),
        ("来源丨云州融媒 编辑丨孙九", "云州融媒", None, "孙九", None),
        ("发布者:王明 发布时间:2023-11-01", None, None, None, "2023-11-01"),
        ("本报记者 张三 李四 通讯员 王五", None, "张三 李四 通讯员 王五", None, None),
        ("成文日期:2020-04-30 发布日期:2020-05-18", None, None, None, "2020-05-18"),
        ("责任编辑:陶八 PN041", None, None, "陶八", None),
        ("12月15日,有关部门在京发布评估结果", None, None, None, None),
        ("新闻中心", None, None, None, None),
    ],
)  # fmt: skip
def test_a_byline_is_taken_apart(
    line: str, source: str | None, author: str | None, editor: str | None, published: str | None
) -> None:
    said = parse_byline(line, fetched=NOW)
    found = said.published.isoformat() if said.published else None
    assert (said.source, said.author, said.editor, found) == (source, author, editor, published)


def test_change_and_publication_are_two_dates() -> None:
    said = parse_byline("发布时间:2021-03-01 更新时间:2021-04-02 08:00")
    assert said.published is not None
    assert said.modified is not None
    assert (said.published.isoformat(), said.modified.isoformat()) == ("2021-03-01", "2021-04-02T08:00:00+08:00")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("《南方都市报》", "南方都市报"),
        ("https://www.gov.cn/", None),
        ("来源:某网", "某网"),
        ("某网|example.cn", "某网"),
        (None, None),
    ],
)
def test_a_name_loses_its_dress(printed: str | None, name: str | None) -> None:
    assert clean_name(printed) == name


@pytest.mark.parametrize(
    ("title", "site", "cut"),
    [
        ("多地公布建设进度_要闻_某某网", None, "多地公布建设进度"),
        ("省会城市第一!成都创最好成绩 - SEO研究协会网", None, "省会城市第一!成都创最好成绩"),
        ("考评结果-临江市人民政府门户网站", "临江市人民政府门户网站", "考评结果"),
        ("2014-2020年规划发布", None, "2014-2020年规划发布"),
        ("某网", None, "某网"),
        ("网站考评—附全部名单", None, "网站考评—附全部名单"),
    ],
)
def test_the_name_of_the_site_is_cut_from_a_title(title: str, site: str | None, cut: str) -> None:
    assert cut_site_name(title, PageMeta(site=site)) == cut


@pytest.mark.parametrize(
    ("head", "iso"),
    [
        ('<meta name="PubDate" content="2022-03-08 09:05">', "2022-03-08T09:05:00+08:00"),
        ("<META CONTENT='2022-03-08' NAME='pubdate'>", "2022-03-08"),
        (
            '<meta name="PubDate" content=""><meta name="pubDate" content="2022年03月08日 15:30">',
            "2022-03-08T15:30:00+08:00",
        ),
        ('<meta name="firstpublishedtime" content="2022-03-08-09:05:11">', "2022-03-08T09:05:11+08:00"),
        ('<meta name="publishdate" content="2022-03-08">', "2022-03-08"),
        ('<meta property="article:published_time" content="2022-03-08T01:05:00Z">', "2022-03-08T09:05:00+08:00"),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"2022-03-08"}]}</script>',
            "2022-03-08",
        ),
        ('<script type="application/ld+json">{broken</script>', "2022-03-01"),
        ('<meta name="PubDate" content="1970-01-01">', "2022-03-01"),
    ],
)
def test_the_head_states_the_date_and_the_address_comes_last(head: str, iso: str) -> None:
    published = read(head, url="https://a.cn/202203/t20220301_1.html").published
    assert published is not None
    assert published.isoformat() == iso


def test_the_visible_date_wins_over_pubdate() -> None:
    head = '<meta name="PubDate" content="2022-03-09 18:00">'
    published = read(head, "<h1>网站考评结果</h1><p>时间：2022-03-08</p>").published
    assert published is not None
    assert published.isoformat() == "2022-03-08"


def test_the_same_day_with_a_time_is_more_exact() -> None:
    head = '<meta name="PubDate" content="2022-03-08 18:00">'
    published = read(head, "<h1>网站考评结果</h1><p>时间：2022-03-08</p>").published
    assert published is not None
    assert published.isoformat() == "2022-03-08T18:00:00+08:00"


def test_a_date_without_year_takes_it_from_the_head_or_from_the_day_of_fetching() -> None:
    visible = "<h1>网站考评结果</h1><p>发布时间：12-30 08:00</p>"
    dated = read('<meta itemprop="dateUpdate" content="2019-12-30 08:00:12">', visible).published
    guessed = read("", visible).published
    assert dated is not None
    assert guessed is not None
    assert (dated.year, guessed.isoformat()) == (2019, "2025-12-30T08:00:00+08:00")


@pytest.mark.parametrize(
    ("head", "visible", "outlet"),
    [
        ('<meta name="SiteName" content="某市政府网"><meta name="ContentSource" content="本站">', "", "某市政府网"),
        ('<meta name="SiteName" content="某市政府网">', "<h1>网站考评结果</h1><p>来源：本网</p>", "某市政府网"),
        ('<meta name="ContentSource" content="某日报">', "", "某日报"),
        ('<meta name="ContentSource" content=" "><meta name="contentsource" content="某日报">', "", "某日报"),
        ('<meta name="ContentSource" content="某日报">', "<h1>网站考评结果</h1><p>来源：某晚报</p>", "某晚报"),
        (
            "",
            '<h1>网站考评结果</h1><p><a class="cat">金融</a><span class="a_source">棱镜</span><span>2019-09-23 07:48</span></p>',
            "棱镜",
        ),
        ("", '<h1>网站考评结果</h1><p style="display:none">来源：藏报</p><p>来源：某晚报</p>', "某晚报"),
        ("", "", None),
    ],
)
def test_who_published_the_page(head: str, visible: str, outlet: str | None) -> None:
    assert read(head, visible).outlet == outlet


@pytest.mark.parametrize(
    ("opening", "outlet"),
    [
        ("台海网1月8日讯 (海峡导报记者 某某)昨日获悉", "海峡导报"),
        ("荆楚网消息(记者 某某)日前,", "荆楚网"),
        ("据人民网2月20日报道,有关机构", "人民网"),
        ("21世纪经济报道记者某某北京报道", "21世纪经济报道"),
        ("新华财经南宁12月17日电 昨日", "新华财经"),
        ("本报讯 (记者 某某)昨日", None),
        ("排行榜发布会在人民日报新媒体大厦举行", None),
    ],
)
def test_the_first_sentence_may_name_the_outlet(opening: str, outlet: str | None) -> None:
    assert outlet_in_dateline(opening) == outlet


def test_the_visible_headline_wins_over_tags_and_placeholders_go() -> None:
    head = '<title>考评结果公布_某网</title><meta name="ArticleTitle" content="考评结果公布_某网">'
    assert read(head, "<h1>考评<br/>结果公布</h1>").title == "考评 结果公布"
    assert read(head).title == "考评结果公布"
    assert read("<title>考评結果(guǒ)公布</title>").title == "考评结果公布"
    assert read("").title is None


@pytest.mark.parametrize(
    ("visible", "outlet", "iso"),
    [
        ("<h1>网站考评结果</h1><p>索引号：01-2 发布机构：市政府办公室 成文日期：2022-03-07</p>", "市政府办公室", "2022-03-07"),
        ("<h1>网站考评结果</h1><p>发布者：admin 成文日期：2022-03-07 发布日期：2022-03-08</p>", None, "2022-03-08"),
        ("<h1>网站考评结果</h1><ul><li>数治研究院</li><li>2022-03-08</li><li>浏览 12</li></ul>", "数治研究院", "2022-03-08"),
        ("<h1>网站考评结果</h1><p>来源: <a>云州晚报</a>湖北 <a>举报</a> 2022-03-08</p>", "云州晚报", "2022-03-08"),
        ("<h1>网站考评结果</h1><div><i>03-08 11:00</i><i>云州广播电视台</i></div>", "云州广播电视台", "2025-03-08T11:00:00+08:00"),
        ("<p>今天是2025年12月30日</p><h1>网站考评结果</h1>", None, None),
    ],
)  # fmt: skip
def test_who_published_a_page_and_when(visible: str, outlet: str | None, iso: str | None) -> None:
    article = read("<title>网站考评结果</title>", f"<div>{visible}</div>")
    assert (article.outlet, article.published and article.published.isoformat()) == (outlet, iso)


def test_dates_of_neighbours_behind_the_body_are_not_its_date() -> None:
    text = "某市政府网站在全省年度考评中以九十三分居第二位，信息更新更加及时，办事服务更加完整。"
    rows = "".join(f'<li><a href="{n}.html">城区停水通告{n}</a> 2021-08-1{n}</li>' for n in range(5))
    html = f"<h1>网站考评结果公布</h1><div id='zoom'><p>{text}</p></div><ul>{rows}</ul>"
    article = article_from_page(Page("https://a.cn/2022/0318/44021.shtml", 200, {}, html.encode(), NOW))
    assert str(article.published) == "2022-03-18"


BYLINE = "<h1>临河市政府网站集约化见成效</h1><p class='m'>5月6日 10:11 来源：临河新闻网</p>"


@pytest.mark.parametrize(
    ("url", "listed", "body", "expected"),
    [
        ("https://a.cn/2012/0507/1.html", None, "", "2012-05-06"),
        ("https://a.cn/201205/1.html", None, "", "2012-05-06"),
        ("https://a.cn/2013/1.html", None, "", "2013-05-06"),
        ("https://a.cn/1.html", date(2019, 5, 7), "", "2019-05-06"),
        ("https://a.cn/1.html", date(2020, 1, 1), "", "2019-05-06"),
        ("https://a.cn/1.html", None, "", "2025-05-06"),
        ("https://a.cn/1.html", None, "2024年底前完成。", "2025-05-06"),
        ("https://a.cn/1.html", None, "2009年共有三十家，2011年减到十家。", None),
    ],
)
def test_a_date_without_its_year_takes_it_from_what_is_known(
    url: str, listed: date | None, body: str, expected: str | None
) -> None:
    page = Page(url, 200, {}, f"<html><body>{BYLINE}{TEXT.replace('</p>', body + '</p>')}</body></html>".encode(), NOW)
    published = article_from_page(page, listed=listed).published
    assert (published and published.isoformat()[:10]) == expected


def test_whom_a_notice_greets_is_not_its_title() -> None:
    html = f"<html><head><title>政府信息公开</title></head><body><p align='center'><b>各区县人民政府，市直各单位：</b></p>{TEXT}</body></html>"
    assert article_from_page(Page("https://a.cn/1.html", 200, {}, html.encode(), NOW)).title == "政府信息公开"
