"""crawler.read.documents, sheets and attachments: PDF, DOCX, XLSX, and where pages link to them."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import UTC, datetime

import pytest

from crawler.errors import DocumentError
from crawler.items import Article, Attachment, Page
from crawler.read import article_from_file, article_from_page
from crawler.read.attachments import attachments_in
from crawler.read.documents import is_document
from crawler.read.dom import parse_html
from tests.office import docx_of, pdf_of, xlsx_of

NOW = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
TITLE = "2021年政府网站考评结果通报"
ROWS = [["名次", "单位", "得分"], ["1", "东山市", "95.5"], ["2", "西河县", "94.1"]]
LINES = [
    TITLE,
    "近日，市政府办公室通报了二〇二一年网站考评结果，全市共有五十六家网",
    "站参加，平均得分九十一分，比上年提高三分。",
    "1 东山市 95.5",
    "2 西河县 94.1",
    "3 南浦区 93.0",
    "4 北川镇 92.2",
]


def cells(article: Article) -> list[list[str]]:
    (table,) = article.tables
    return [[cell.text for cell in row] for row in table.rows]


def body(article: Article) -> list[str]:
    return [article.text[p.start : p.end] for p in article.paragraphs]


def test_a_pdf_gives_title_paragraphs_and_tables() -> None:
    article = article_from_file("a.pdf", pdf_of([LINES, ["- 2 -", "下一步将继续整改。"]]))
    assert article.title == TITLE
    assert body(article) == [LINES[1] + LINES[2], "下一步将继续整改。"]
    assert cells(article) == [line.split() for line in LINES[3:]]
    assert "read from PDF, 2 pages" in article.notes


def test_a_docx_gives_title_paragraphs_and_tables_in_their_order() -> None:
    article = article_from_file("a.docx", docx_of(TITLE, ["现将结果公布如下，请对照。", "表1 各县市区得分"], ROWS))
    assert article.title == TITLE
    assert body(article) == ["现将结果公布如下，请对照。", "表1 各县市区得分"]
    assert cells(article) == ROWS
    assert [cell.header for cell in article.tables[0].rows[0]] == [True] * 3
    assert article.tables[0].caption == "表1 各县市区得分"


def test_a_workbook_gives_its_table_with_merged_cells_undone() -> None:
    data = xlsx_of(
        [[TITLE, None, None], ["名次", "单位", "得分"], [1, "东山市", 95.5], [None, "西河县", 95.0]], ["A1:C1", "A3:A4"]
    )
    article = article_from_file("a.xlsx", data)
    assert article.title == TITLE
    assert cells(article) == [["名次", "单位", "得分"], ["1", "东山市", "95.5"], ["1", "西河县", "95"]]
    assert article.text == "名次\t单位\t得分\n1\t东山市\t95.5\n西河县\t95"
    assert article.tables[0].caption == TITLE


def test_a_document_is_known_by_its_bytes_whatever_the_server_calls_it() -> None:
    page = Page("https://a.cn/P0202101.pdf", 200, {"content-type": "text/html"}, pdf_of([LINES]), NOW)
    article = article_from_page(page, region="湖北省")
    assert (article.title, article.url, article.fetched, article.region) == (TITLE, page.url, NOW, "湖北省")


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 210_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (pdf_of([[]]), "PDF without text"),
        (b"%PDF-1.7 and then nothing", "damaged PDF"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (docx_of("标题", [], [])[:-40], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "Office 97"),
        (b"%PDF-" + b"1" * 30_000_001, "larger than 30 MB"),
        (xlsx_of([]), "without text"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, what: str) -> None:
    assert is_document(data)
    with pytest.raises(DocumentError, match=what) as raised:
        article_from_file("anlage", data)
    assert raised.value.where == "anlage"


def test_a_zip_bomb_is_not_unpacked() -> None:
    with pytest.raises(DocumentError, match="unpacks to too much"):
        article_from_file("a.docx", bomb())


def test_an_archive_is_no_document() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("名单.txt", "文本")
    with pytest.raises(DocumentError, match="archive"):
        article_from_file("a.zip", stream.getvalue())


@pytest.mark.slow
def test_spoilt_documents_raise_nothing_but_document_errors() -> None:
    chance = random.Random(4)
    whole = [pdf_of([LINES]), docx_of(TITLE, ["现将结果公布如下。"], ROWS), xlsx_of(ROWS)]
    for number in range(300):
        data = bytearray(whole[number % 3])
        for _ in range(chance.randint(1, 5)):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        try:
            article_from_file("x", bytes(data[: chance.randrange(len(data) // 2, len(data) + 1)]))
        except DocumentError:
            continue


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="./P0202.xlsx">得分.xlsx</a>', ("https://a.cn/z/P0202.xlsx", "得分.xlsx", "xlsx")),
        ('<a href="/f/1.PDF" title="名单.pdf">点击下载</a>', ("https://a.cn/f/1.PDF", "名单.pdf", "pdf")),
        ('<a href="/f/1.doc">附件1</a>', ("https://a.cn/f/1.doc", "1.doc", "doc")),
        (
            '<a href="/module/download/downfile.jsp?classid=0&filename=22.docx">办法</a>',
            ("https://a.cn/module/download/downfile.jsp?classid=0&filename=22.docx", "办法", "docx"),
        ),
        (
            '<a href="/system/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=1">细则.docx</a>',
            ("https://a.cn/system/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=1", "细则.docx", "docx"),
        ),
        (
            "<div class='wp_pdf_player' pdfsrc='/_upload/r.pdf' sudyfile-attr=\"{'title':'名单.pdf'}\"></div>",
            ("https://a.cn/_upload/r.pdf", "名单.pdf", "pdf"),
        ),
        (
            '<iframe src="/js/viewer.html?file=/u/a.pdf"></iframe>',
            ("https://a.cn/js/viewer.html?file=/u/a.pdf", "a.pdf", "pdf"),
        ),
        ('<a href="/zw/t2021_1.html">相关通知</a>', None),
        ('<a href="#a.pdf">a.pdf</a>', None),
        ('<iframe src="/map.html"></iframe>', None),
    ],
)
def test_where_a_page_links_to_documents(html: str, expected: tuple[str, str, str] | None) -> None:
    root = parse_html(f"<body><p>附件：</p>{html}{html}</body>")
    assert root is not None
    found = attachments_in([root], "https://a.cn/z/t1.html")
    assert found == ((Attachment(*expected),) if expected else ())


def test_documents_of_neighbours_are_not_attached() -> None:
    text = "某市政府网站在全省年度考评中居第二位，信息更新更加及时，办事服务更加完整，互动交流更加顺畅，群众评价较好。"
    html = (
        f"<h1>网站考评结果公布</h1><div id='zoom'><p>{text}</p><p>{text}</p></div><p><a href='1.pdf'>名单</a></p>"
        "<div>相关阅读</div><p><a href='2.pdf'>别的文件</a></p>"
    )
    article = article_from_page(Page("https://a.cn/1.html", 200, {}, html.encode(), NOW))
    assert [file.title for file in article.attachments] == ["名单"]
    assert article_from_file("a.html", html.encode()).attachments[0].url == "1.pdf"
