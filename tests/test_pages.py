"""HTML pages → articles: fields, body, tables, images, and pages joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.config import ArticleSelectors
from crawler.errors import DocumentError
from crawler.items import Article, Page, Paragraph
from crawler.read import article_from_file, article_from_page, join_pages
from crawler.read.dom import page_lines, parse_html
from crawler.read.second import second_opinion

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
LONG = "第一页正文，网站考评结果公布，信息更新及时，办事服务完整，群众评价较好，明年将继续改进并公布新的结果。"


def page(
    body: str | bytes, url: str = "https://www.example.cn/zw/202203/t20220308_11.html", header: str = "text/html"
) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(url, 200, {"content-type": header}, data, NOW)


def fixture(name: str, encoding: str = "utf-8") -> Article:
    return article_from_page(page((PAGES / name).read_text(encoding="utf-8").encode(encoding)))


def body(article: Article, kind: str | None = None) -> list[str]:
    return [article.text[p.start : p.end] for p in article.paragraphs if kind in {None, p.kind}]


def test_a_government_page_gives_its_fields() -> None:
    article = fixture("trs.html")
    assert article.title == "临江市政府网站在全省评比中居第二位"
    assert article.published is not None
    assert article.published.isoformat() == "2022-03-08T09:05:00+08:00"
    assert any("2022-03-09T18:00" in note for note in article.notes)
    assert (article.outlet, article.editor) == ("市大数据局", "李四")
    assert (article.charset, article.fetched, article.next_url) == ("utf-8", NOW, None)


def test_a_government_page_gives_its_body_and_nothing_else() -> None:
    article = fixture("trs.html")
    assert body(article, "heading") == ["一、总体情况"]
    assert [text[:3] for text in body(article, "text")] == ["近日，", "通报指", "下一步", "附件："]
    for word in ("扫一扫", "相关阅读", "责任编辑", "标识码", "首页", "浏览次数"):
        assert word not in article.text


def test_a_table_keeps_its_cells_header_and_spans() -> None:
    (table,) = fixture("trs.html").tables
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["名次", "单位", "得分"],
        ["1", "东山市", "95.5"],
        ["1", "西河市", "95.5"],
        ["3", "临江市", "93"],
    ]
    assert [cell.header for row in table.rows for cell in row] == [True] * 3 + [False] * 9
    assert table.caption == "一、总体情况"


def test_cells_stand_in_the_text_by_tabs_and_line_feeds() -> None:
    article = fixture("trs.html")
    (table,) = article.tables
    assert article.text[table.start : table.end] == "名次\t单位\t得分\n1\t东山市\t95.5\n西河市\t95.5\n3\t临江市\t93"
    assert all(article.text[cell.start : cell.end] == cell.text for row in table.rows for cell in row)
    assert not any(p.start < table.end and table.start < p.end for p in article.paragraphs)


def test_a_page_may_be_nothing_but_a_table() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>第{n}市</td><td>{100 - n}.5</td></tr>" for n in range(1, 30))
    article = article_from_page(page(f"<body><h1>网站考评得分公布</h1><table>{rows}</table></body>"))
    (table,) = article.tables
    assert len(table.rows) == 29
    assert body(article) == []


def test_images_stand_between_paragraphs_with_absolute_addresses() -> None:
    article = fixture("trs.html")
    (image,) = article.images
    assert image.url == "https://www.example.cn/zw/202203/W020220308.png"
    assert image.caption == "会场照片"
    assert article.text[image.start :].startswith("下一步")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_layout_table_is_no_table_and_a_lead_box_no_body(encoding: str) -> None:
    article = fixture("dede.html", encoding)
    assert article.charset == encoding
    assert article.tables == ()
    assert [text[:4] for text in body(article, "text")] == ["南川县门", "评比内容"]
    assert (article.outlet, article.origin) == ("某行业网", "南川县人民政府网")
    assert (article.author, article.editor) == ("王五", "赵六")
    assert "免责声明" not in article.text


def test_what_stands_below_the_end_of_a_text_in_its_container_is_cut() -> None:
    html = (
        f'<body><h1>网站考评结果公布</h1><div class="TRS_Editor"><p>{LONG}</p><p>{LONG}</p><p>免责声明：仅供参考，不代表本网立场。</p>'
        f"<p>本网另有一篇文章讲述了别的事情，与上文无关，不应读入。</p></div></body>"
    )
    assert body(article_from_page(page(html))) == [LONG, LONG]


def test_hidden_text_share_bars_and_link_lists_are_no_body() -> None:
    html = (
        f'<body><h1>网站考评结果公布</h1><div id="zoom"><p style="display: none">看不见的一段文字，写给搜索引擎看。</p><p>{LONG}</p>'
        f'<div class="bdshare">分享给朋友们，让更多人看到这条消息。</div><p>{LONG}</p>'
        '<ul><li><a href="1">别的新闻标题一</a></li><li><a href="2">别的新闻标题二</a></li><li><a href="3">别的新闻标题三</a></li></ul></div></body>'
    )
    assert body(article_from_page(page(html))) == [LONG, LONG]


def test_a_table_of_long_cells_is_layout() -> None:
    cell = f"<td><p>{LONG}</p><p>{LONG}</p><p>{LONG}</p></td>"
    long_cell = f"<td>{LONG * 15}</td>"
    for cells in (cell, long_cell):
        html = f"<body><h1>网站考评结果公布</h1><div id='zoom'><table><tr>{cells}<td>1</td></tr><tr><td>2</td><td>3</td></tr></table></div>"
        assert article_from_page(page(html)).tables == ()
    short = "<tr><td>甲</td><td>乙</td></tr>" * 9
    html = f"<body><h1>网站考评结果公布</h1><div id='zoom'><table>{short}<tr>{long_cell}<td>1</td></tr></table></div></body>"
    assert article_from_page(page(html)).tables == ()


def test_an_image_behind_the_last_paragraph_stands_at_the_end() -> None:
    html = f"<body><h1>网站考评结果公布</h1><div id='zoom'><p>{LONG}</p><p><img src='1.png'></p></div></body>"
    article = article_from_page(page(html))
    assert [image.start for image in article.images] == [len(article.text)]


def test_a_second_opinion_is_where_the_text_is() -> None:
    html = f"<html><body><div class='a'><a href='/'>首页</a></div><div class='b'><p>{LONG}</p><p>{LONG}</p></div></body></html>"
    root = parse_html(html)
    assert root is not None
    found = second_opinion(html, page_lines(root))
    assert found is not None
    assert LONG in (found.text_content() or "")
    assert "首页" not in found.text_content()
    assert second_opinion("<p>" * 200_000, []) is None


def test_a_known_container_wins_and_neighbours_are_cut() -> None:
    article = fixture("vsb.html")
    assert article.title == "学校网站获评先进"
    assert "text found by 博达 VSB" in article.notes
    assert len(body(article)) == 2
    assert article.published is not None
    assert article.published.isoformat() == "2021-05-19T10:41:27+08:00"


def test_an_unknown_site_is_read_by_density() -> None:
    article = fixture("unknown.html")
    assert "text found by density" in article.notes
    assert (article.title, article.outlet) == ("西岭新城上线智能问答", "西岭晚报")
    assert [text[:2] for text in body(article)] == ["西岭", "“以", "据介"]
    assert article.published is not None
    assert article.published.isoformat() == "2023-04-05T17:30:00+08:00"


def test_a_source_may_say_where_its_fields_are() -> None:
    selectors = ArticleSelectors(body=".k3 p", title=".k2", date=".k2", outlet=".k1::text", author=".k1")
    article = article_from_page(page((PAGES / "unknown.html").read_bytes()), selectors=selectors, region="湖北省")
    assert "text found by selector" in article.notes
    assert len(body(article)) == 1
    assert (article.outlet, article.author, article.region) == (
        "西岭新城上线智能问答",
        "西岭新城上线智能问答",
        "湖北省",
    )


def test_a_saved_page_is_read_like_a_fetched_one() -> None:
    article = article_from_file("saved.html", (PAGES / "trs.html").read_bytes())
    assert article.title == "临江市政府网站在全省评比中居第二位"
    assert (article.url, article.fetched) == (None, None)
    assert article_from_file("-", (PAGES / "vsb.html").read_bytes()).title == "学校网站获评先进"


def paged(number: int, total: int, *, lead: str = "") -> Page:
    name = "content_77" if number == 1 else f"content_77_{number}"
    links = "".join(
        f'<a href="content_77{"" if n == 1 else f"_{n}"}.htm">{n}</a>' for n in range(1, total + 1) if n != number
    )
    after = f'<a href="content_77_{number + 1}.htm">下一页</a>' if number < total else "下一页"
    html = (
        f"<html><head><title>考评结果出炉_某网</title></head><body><h1>考评结果出炉</h1><div>来源：某网 2015-12-25 09:45</div>"
        f'<div class="articleBody"><p>{lead}</p><p>{LONG.replace("一", str(number))}</p><p><img src="{number}.jpg"></p></div>'
        f'<div id="autopage">{links}{after}</div><p>下一篇：<a href="content_78.htm">别的文章</a></p></body></html>'
    )
    return page(html, f"http://www.example.cn/2015-12/25/{name}.htm")


def test_pages_lead_on_to_the_last() -> None:
    found = [article_from_page(paged(number, 3)).next_url for number in (1, 2, 3)]
    folder = "http://www.example.cn/2015-12/25/"
    assert found == [f"{folder}content_77_2.htm", f"{folder}content_77_3.htm", None]


def test_joined_pages_have_no_seam_and_no_second_headline() -> None:
    pages = [article_from_page(paged(number, 3, lead="考评结果出炉" if number > 1 else "")) for number in (1, 2, 3)]
    whole = join_pages(pages)
    assert body(whole) == [LONG.replace("一", str(number)) for number in (1, 2, 3)]
    assert whole.text == "\n".join(body(whole))
    assert [image.url[-5:] for image in whole.images] == ["1.jpg", "2.jpg", "3.jpg"]
    assert [image.start for image in whole.images] == sorted(image.start for image in whole.images)
    assert (whole.url, whole.title, whole.next_url) == (pages[0].url, "考评结果出炉", None)
    assert whole.offsets[len(whole.plain)] == len(whole.text)
    assert "joined 3 pages" in whole.notes


def test_a_headline_repeated_on_a_later_page_is_cut() -> None:
    one = article_from_page(paged(1, 2))
    head = Paragraph(0, 6, "heading")
    text = f"考评结果出炉\n{LONG}"
    two = replace(one, text=text, paragraphs=(head, Paragraph(7, len(text))), images=(), next_url=None)
    assert join_pages([one, two]).text == f"{one.text}\n{LONG}"


def test_tables_of_later_pages_move_with_their_text() -> None:
    one, two = fixture("vsb.html"), fixture("trs.html")
    whole = join_pages([one, two])
    (table,) = whole.tables
    assert all(whole.text[cell.start : cell.end] == cell.text for row in table.rows for cell in row)
    assert join_pages([one]).paragraphs == one.paragraphs
    with pytest.raises(ValueError, match="at least one"):
        join_pages([])


@pytest.mark.parametrize(
    ("links", "following"),
    [
        ('<a href="11_2.html">下一页</a>', "https://a.cn/x/11_2.html"),
        ('<a href="11-2.html">2</a>', "https://a.cn/x/11-2.html"),
        ('<a href="11.html?pageno=2">[2]</a>', "https://a.cn/x/11.html?pageno=2"),
        ('<a rel="next" href="/x/11_2.html">余下</a>', "https://a.cn/x/11_2.html"),
        ('<script>createPageHTML(3, 0, "11", "html")</script>', "https://a.cn/x/11_1.html"),
        ('<a href="12.html">下一页</a>', None),
        ('<a href="11_2.html">3</a>', None),
        ('<a href="11_2.html">下一篇</a>', None),
        ('<a href="11.html">下一页</a>', None),
        ('<a href="https://b.cn/x/11_2.html">下一页</a>', None),
        ('<a href="11_3.html">下一页</a>', None),
        ('<script>createPageHTML(1, 0, "11", "html")</script>', None),
    ],
)
def test_only_another_page_of_the_same_article_is_next(links: str, following: str | None) -> None:
    html = f"<html><body><h1>标题在这里</h1><div><p>{LONG}</p></div><div>{links}</div></body></html>"
    assert article_from_page(page(html, "https://a.cn/x/11.html")).next_url == following


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"  \r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02\x03" * 40, "no text"),
        (b"<html><head><title>x</title></head><body><script>var a=1;</script></body></html>", "holds no text"),
        (b"<html></html>", "holds no text"),
    ],
)
def test_what_is_no_article_says_why(data: bytes, what: str) -> None:
    with pytest.raises(DocumentError, match=what) as raised:
        article_from_page(page(data))
    assert raised.value.where == "https://www.example.cn/zw/202203/t20220308_11.html"


def test_an_editor_behind_the_body_is_found() -> None:
    html = f'<h1>网站考评结果公布</h1><div class="articleBody"><p>{LONG}</p></div><div class="editor">责任编辑:王小例</div>'
    assert article_from_page(page(html)).editor == "王小例"


def test_names_of_tables_are_captions_however_they_end() -> None:
    names = ["表1 省级政府网站绩效评估排名", "表2 副省级城市政府网站绩效评估排名(前6名)"]
    rows = "<table><tr><td>名次</td><td>城市</td></tr><tr><td>1</td><td>深圳市</td></tr></table>"
    html = f"<h1>网站考评结果公布</h1><div id='zoom'><p>{LONG}</p><p>{names[0]}</p>{rows}<p>{names[1]}</p>{rows}</div>"
    article = article_from_page(page(html))
    assert body(article, "caption") == names
    assert [table.caption for table in article.tables] == names


def test_nesting_beyond_the_depth_of_the_parser_loses_nothing() -> None:
    html = f"<body><h1>网站考评结果公布</h1>{'<div>' * 5000}<p>{LONG}</p>{'</div>' * 5000}<p>{LONG}</p></body>"
    assert body(article_from_page(page(html))) == [LONG, LONG]


def test_a_comment_longer_than_the_article_is_not_the_article() -> None:
    menu = "<li><a href='/m'>栏目名称</a></li>" * 50
    comment = f"<div>{LONG}<br>{LONG}<br>{LONG}<br>{LONG}</div>"
    html = (
        f"<head><title>网站考评结果正式公布</title></head><body><div><h3>网站考评结果正式公布</h3><p>{LONG}</p><p>{LONG}</p><p>{LONG}</p>"
        f"<ul>{menu}</ul><div>{comment}</div></div></body>"
    )
    assert body(article_from_page(page(html))) == [LONG] * 3


def test_the_attachments_of_every_page_are_kept_once() -> None:
    def page(number: int, *files: str) -> Article:
        links = "".join(f"<p><a href='/f/{name}'>{name}</a></p>" for name in files)
        html = f"<html><body><h1>标题标题标题</h1><div><p>{LONG}</p>{links}</div></body></html>"
        return article_from_page(Page(f"https://a.cn/x_{number}.html", 200, {}, html.encode(), NOW))

    whole = join_pages([page(1, "a.pdf"), page(2, "a.pdf", "b.xlsx")])
    assert [file.url for file in whole.attachments] == ["https://a.cn/f/a.pdf", "https://a.cn/f/b.xlsx"]
