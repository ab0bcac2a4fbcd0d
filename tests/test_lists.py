"""crawler.read.lists and nextlist: entries of list pages, with selectors and without."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.config import ListSelectors
from crawler.errors import DocumentError
from crawler.items import Page
from crawler.read import list_entries, next_list_url

PAGES = Path(__file__).parent / "pages"
ENTRY = "https://www.example.gov.cn/zw/index.html"
NOW = datetime(2022, 4, 1, tzinfo=UTC)
TRS = ListSelectors(item="ul.list li", date="span")


def page(body: bytes | str, url: str = ENTRY) -> Page:
    return Page(url, 200, {}, body.encode() if isinstance(body, str) else body, NOW)


def fixture(name: str) -> Page:
    return page((PAGES / name).read_bytes())


@pytest.mark.parametrize("selectors", [TRS, None])
def test_entries_have_address_full_title_and_date(selectors: ListSelectors | None) -> None:
    entries = list_entries(fixture("list_trs.html"), selectors)
    assert [entry.url for entry in entries] == [
        "https://www.example.gov.cn/zw/202203/t20220308_11.html",
        "https://www.example.gov.cn/zw/202203/t20220301_10.html",
        "https://www.example.gov.cn/zw/202112/t20211230_9.html",
    ]
    assert entries[0].title == "临江市政府网站在全省评比中居第二位并受到通报表扬"
    assert entries[2].title == "关于2021年网站考评的通知"
    assert [str(entry.published) for entry in entries] == ["2022-03-08", "2022-03-01", "2021-12-30"]


@pytest.mark.parametrize("name", ["list_hanweb.html", "list_comment.html"])
def test_entries_may_stand_in_scripts_and_comments(name: str) -> None:
    entries = list_entries(fixture(name), None)
    assert len(entries) == 2
    assert all(entry.url.startswith("https://www.example.gov.cn/") for entry in entries)
    assert "关于本站" not in {entry.title for entry in entries}


def test_selectors_may_point_at_attributes_and_texts() -> None:
    html = '<div class="r"><h3 class="t">网站考评结果</h3><p data-href="/a/1.html"></p><em>2022年3月1日</em></div>'
    selectors = ListSelectors(item=".r", link="p::attr(data-href)", title=".t::text", date="em::text")
    (entry,) = list_entries(page(html), selectors)
    assert (entry.url, entry.title, str(entry.published)) == (
        "https://www.example.gov.cn/a/1.html", "网站考评结果", "2022-03-01",
    )  # fmt: skip


def test_links_that_lead_nowhere_and_doubles_are_left_out() -> None:
    html = (
        '<ul><li><a href="javascript:void(0)">网站考评的第一条</a></li><li><a href="#">网站考评的第二条</a></li>'
        '<li><a href="1.html#top">网站考评的第三条</a></li><li><a href="1.html">网站考评的第三条</a></li>'
        '<li><a href="http://[bad/">网站考评的第四条</a></li><li>没有链接</li></ul>'
    )
    entries = list_entries(page(html), ListSelectors(item="li"))
    assert [entry.url for entry in entries] == ["https://www.example.gov.cn/zw/1.html"]


def test_a_date_in_a_title_is_not_the_date_of_the_entry() -> None:
    html = '<ul><li><a href="1.html">2021年3月5日网站考评会议召开</a><span>2022-03-01</span></li></ul>'
    (entry,) = list_entries(page(html), ListSelectors(item="li"))
    assert str(entry.published) == "2022-03-01"


def test_dated_rows_are_the_list_however_many_other_links_there_are() -> None:
    menu = "".join(f'<li><a href="/m/{n}">办事服务栏目之{n}的全称</a></li>' for n in range(9))
    html = f"<ul>{menu}</ul><ul>" + "".join(
        f'<li><a href="{n}.html">网站考评情况的通报{n}</a><i>03-0{n}</i></li>' for n in (1, 2, 3)
    )
    assert len(list_entries(page(html), None)) == 3
    assert len(list_entries(page(html.replace("<ul>", "<ul class='fw'>", 1)), None)) == 3


def test_a_date_inside_the_link_is_no_part_of_the_title() -> None:
    html = "".join(
        f'<li><a href="{n}.html">网站考评情况的通报{n}<span>[ 2022-03-0{n} ]</span></a></li>' for n in (1, 2)
    )
    entries = list_entries(page(f"<ul>{html}</ul>"), None)
    assert [(entry.title, str(entry.published)) for entry in entries] == [
        ("网站考评情况的通报1", "2022-03-01"),
        ("网站考评情况的通报2", "2022-03-02"),
    ]


def test_a_page_without_a_list_has_no_entries() -> None:
    assert list_entries(page("<html><body><p>暂无内容</p></body></html>"), None) == ()
    with pytest.raises(DocumentError, match="empty"):
        list_entries(page(b""), None)


@pytest.mark.parametrize(
    ("html", "selectors", "number", "following"),
    [
        ('<script>createPageHTML(3,0,"index","shtml");</script>', None, 1, "index_1.shtml"),
        ('<script>createPageHTML(3,1,"index","shtml");</script>', None, 2, "index_2.shtml"),
        ('<script>createPageHTML(3,2,"index","shtml");</script>', None, 3, None),
        ('<script>createPageHTML(55,3,0,"index","html");</script>', None, 1, "index_1.html"),
        ('<script>createPageHTML(55,3,2,"index","html");</script>', None, 3, None),
        ("<script>createPageHTML('page_div',3, 1,'index','shtml',55);</script>", None, 1, "index_1.shtml"),
        ('<script>createPageHTML(3,2,"index","shtml");</script>', ListSelectors(item="li", pages="index_{n}.shtml"), 3, None),
        ("", ListSelectors(item="li", pages="index_{n}.shtml"), 2, "index_2.shtml"),
        ("", ListSelectors(item="li", pages="list_87_{n}.html", first=2), 1, "list_87_2.html"),
        ('<a class="n" href="p2.html">更多</a>', ListSelectors(item="li", next="a.n"), 1, "p2.html"),
        ('<a href="list_87_2.html">2</a> <a href="list_87_2.html">下一页</a>', None, 1, "list_87_2.html"),
        ('<a href="index2.htm">下页</a>', None, 1, "index2.htm"),
        ('<a href="index2.htm">2</a><a href="index3.htm">3</a>', None, 1, "index2.htm"),
        ('<a href="index2.htm">2</a><a href="index3.htm">3</a>', None, 2, "index3.htm"),
        ('<a href="javascript:go(2)">下一页</a>', None, 1, None),
        ('<a href="https://other.cn/2.html">下一页</a>', None, 1, None),
        ('<a href="index.html">下一页</a>', None, 1, None),
        ("", None, 1, None),
    ],
)  # fmt: skip
def test_where_a_list_goes_on(html: str, selectors: ListSelectors | None, number: int, following: str | None) -> None:
    found = next_list_url(page(f"<html><body><p>x</p>{html}</body></html>"), selectors, entry=ENTRY, number=number)
    assert found == (following and f"https://www.example.gov.cn/zw/{following}")
