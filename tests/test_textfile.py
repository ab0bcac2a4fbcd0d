"""crawler.read.textfile and markdown: saved texts, and the five seeds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.errors import DocumentError
from crawler.items import Article
from crawler.read import article_from_file

PAGES = Path(__file__).parent / "pages"
SHARED = Path(__file__).parents[2] / "shared"
SEEDS = sorted((SHARED / "seeds").glob("*.txt")) if SHARED.is_dir() else []


def read(name: str) -> Article:
    return article_from_file(name, (PAGES / name).read_bytes())


def body(article: Article, kind: str | None = None) -> list[str]:
    return [article.text[p.start : p.end] for p in article.paragraphs if kind in {None, p.kind}]


def test_a_saved_page_gives_its_fields() -> None:
    article = read("article.txt")
    assert article.title == "东山市连续三年居网站考评榜首"
    assert article.published is not None
    assert article.published.isoformat() == "2021-12-20T08:30:00+08:00"
    assert (article.outlet, article.origin) == ("东山日报", "东山市人民政府网")
    assert (article.author, article.editor) == ("钱七", "孙八")


def test_a_saved_page_gives_its_body_and_nothing_else() -> None:
    article = read("article.txt")
    assert body(article, "lead") == ["摘要：东山市门户网站在年度考评中再居榜首，这是该市连续第三年"]
    assert body(article, "heading") == ["一、主要做法"]
    assert body(article, "item") == ["1.每周检查一次栏目更新。", "2.每月公布一次办理情况。"]
    assert [text[:2] for text in body(article, "text")] == ["近日", "东山"]
    assert article.text == (PAGES / "article.txt").read_text(encoding="utf-8")


def test_a_table_of_tabs_and_an_image_name_are_kept_as_such() -> None:
    article = read("article.txt")
    (table,) = article.tables
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["名次", "城市", "得分"],
        ["1", "东山市", "96"],
        ["2", "西河市", "95"],
    ]
    assert all(cell.header for cell in table.rows[0])
    assert all(article.text[cell.start : cell.end] == cell.text for row in table.rows for cell in row)
    assert [image.url for image in article.images] == ["现场图.jpg"]


def test_front_matter_gives_title_and_date_and_markup_is_no_text() -> None:
    article = read("jekyll.md")
    assert article.title == "西河市网站考评得分居全省第三"
    assert article.published is not None
    assert article.published.isoformat() == "2021-12-17T19:56:29+08:00"
    assert article.outlet == "某某财经"
    assert [image.url for image in article.images] == ["https://img.example.cn/640.jpg"]
    assert len(body(article)) == 2
    assert "以91.5分居全省第三" in article.plain
    start = article.plain.index("91.5")
    assert article.words(start, start + 4) == "91.5"
    assert article.text == (PAGES / "jekyll.md").read_text(encoding="utf-8")


def test_a_title_and_paragraphs_are_enough() -> None:
    article = article_from_file("a.txt", "某市网站居第一\n\n某市政府网站在评比中居第一位。\n".encode("gb18030"))
    assert (article.title, article.published, article.outlet) == ("某市网站居第一", None, None)
    assert body(article) == ["某市政府网站在评比中居第一位。"]
    assert article.charset == "gb18030"


PROSE = "某市政府网站在全省年度考评中居第二位，信息更新更加及时，办事服务更加完整。"


def test_a_text_without_a_title_is_all_body() -> None:
    article = article_from_file("a.txt", f"{PROSE}\n{PROSE}\n来源：某日报\n".encode())
    assert (article.title, article.outlet) == (None, "某日报")
    assert body(article) == [PROSE, PROSE]


def test_of_many_lines_above_the_byline_the_headline_is_found() -> None:
    text = f"某网首页 新闻 政务 评论\n要闻频道\n某市网站在全省考评中居第二位\n2012-12-06 10:14 来源:某都市报\n{PROSE}\n"
    article = article_from_file("a.txt", text.encode())
    assert article.title == "某市网站在全省考评中居第二位"
    assert body(article) == [PROSE]


def test_a_table_printed_one_cell_to_a_line_is_put_together() -> None:
    rows = "".join(f"{n}\n| 第{n}市\n| {100 - n}\n|\n" for n in (1, 2, 3))
    article = article_from_file(
        "a.txt", f"某省网站考评得分表\n附件2\n名次\n| 城市\n| 得分\n|\n{rows}4\n| 第4市\n| 96".encode()
    )
    (table,) = article.tables
    assert [[cell.text for cell in row] for row in table.rows][::4] == [["名次", "城市", "得分"], ["4", "第4市", "96"]]
    assert (table.rows[0][0].header, table.caption) == (True, "附件2")


def test_ranked_rows_parted_by_spaces_are_a_table_with_their_header() -> None:
    rows = "\n".join(f"{n} 第{n}市 {100 - n}.5" for n in range(1, 6))
    article = article_from_file("a.txt", f"某省网站考评得分表\n\n{PROSE}\n\n名次 城市 得分\n{rows}\n{PROSE}\n".encode())
    (table,) = article.tables
    assert [len(row) for row in table.rows] == [3] * 6
    assert table.rows[0][2].header
    assert body(article) == [PROSE, PROSE]


def test_placeholders_of_images_are_images_and_left_over_markup_is_no_text() -> None:
    text = f'某市网站居第二位\n{PROSE}\n#FormatImgID_1#会场照片\n/strip/quality/95|slim"/>\n{PROSE}\n'
    article = article_from_file("a.txt", text.encode())
    assert body(article) == [PROSE, "会场照片", PROSE]
    assert [(image.url, image.caption) for image in article.images] == [("#FormatImgID_1#", "会场照片")]


def test_dates_in_the_body_are_no_date_of_the_page() -> None:
    article = article_from_file("a.txt", "排行榜发布\n1月26日，排行榜在京发布。2018年1月26日是周五。\n".encode())
    assert article.published is None


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"%PDF-1.7\x00\x01\x02\xff\xfe" * 90, "damaged PDF"),
        (b"\x7fELF\x02\x01\xff\xfe" * 90, "no text"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, what: str) -> None:
    with pytest.raises(DocumentError, match=what) as raised:
        article_from_file("some.txt", data)
    assert raised.value.where == "some.txt"


@pytest.mark.skipif(not SEEDS, reason="the labelled seeds are not beside this checkout")
@pytest.mark.parametrize("seed", SEEDS, ids=[seed.stem for seed in SEEDS])
def test_the_seeds_give_their_fields_and_all_evidence(seed: Path) -> None:
    gold = json.loads((SHARED / "gold" / "seeds" / f"{seed.stem}.json").read_text(encoding="utf-8"))
    article = article_from_file(seed.name, seed.read_bytes())
    published = article.published.isoformat()[:10] if article.published else None
    assert (article.title, published, article.outlet) == (gold["title"], gold["published"], gold["media"])
    for result in gold["results"]:
        assert any(result["evidence"] in text for text in body(article)), result["evidence"]
    assert not any(
        word in text for text in body(article) for word in ("免责声明", "版权", "Copyright", "上一篇", "標題")
    )


SENTENCE = "除上述获奖网站外,在持续半年多的综合测评中,还有部分基层网站虽因名额有限没有入选榜单,但成效值得肯定,特予公布"


def test_a_text_without_headline_keeps_its_first_paragraph() -> None:
    article = article_from_file(
        "a.txt", f"{SENTENCE}\n\n临江市、东山市的网站内容完整,更新及时,群众评价较好。\n".encode()
    )
    assert article.title is None
    assert article.text[article.paragraphs[0].start : article.paragraphs[0].end] == SENTENCE


def test_the_name_of_a_column_above_a_headline_is_not_the_headline() -> None:
    text = "发布会2020\n2023年数字政府服务能力评估结果\n今年继续对省级地方和重点城市开展评估,满分一百一十分,结果现予公布。\n"
    assert article_from_file("a.txt", text.encode()).title == "2023年数字政府服务能力评估结果"
