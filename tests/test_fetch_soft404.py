"""Dead ends with status 200: known by what they say and by what else they have to say."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.fetch.sameness import Answers
from crawler.fetch.soft404 import is_soft_404
from crawler.fetch.verdict import trouble_of_page
from crawler.items import Page
from tests.crawls import crawl, rows, settings_file, source
from tests.dead_ends import articles, dead_ends
from tests.web_server import Answer, Site, article_page, list_page

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TITLE = "第十九届中国政府网站绩效评估结果公布"


def page(body: bytes, url: str = "http://a.example/art/1.html", kind: str = "text/html") -> Page:
    return Page(url=url, status=200, headers={"content-type": kind}, body=body, fetched=NOW)


def test_at_least_28_of_30_dead_ends_are_known() -> None:
    made = dead_ends()
    assert len(made) == 30
    missed = [name for name, body in made.items() if not is_soft_404(page(body))]
    assert len(missed) <= 2, missed
    for name in made.keys() - set(missed):
        trouble = trouble_of_page(page(made[name]))
        assert trouble is not None
        # dead like a 404: no fault of the source, and nothing stands before it
        assert (trouble.gone, trouble.blocked) == (True, False), name


def test_none_of_300_articles_is_taken_for_a_dead_end_or_a_wall() -> None:
    made = list(articles(300))
    assert len(set(made)) > 290
    assert sum("页面不存在".encode() in body or "页面不存在".encode("gb18030") in body for body in made) > 30
    assert [body.decode("utf-8", "replace") for body in made if trouble_of_page(page(body)) is not None] == []


@pytest.mark.parametrize("name", ["ucap_portal.html"])
def test_a_real_looking_page_of_the_reading_tests_is_none(name: str) -> None:
    folder = Path(__file__).parent / "pages" / "sites"
    made = sorted(folder.glob("*.html"))
    assert folder / name in made
    assert [path.name for path in made if trouble_of_page(page(path.read_bytes())) is not None] == []


def test_what_is_no_html_is_none() -> None:
    text = "页面不存在".encode()
    assert not is_soft_404(page(b'{"error": "' + text + b'"}'))
    assert not is_soft_404(page(text, kind="application/pdf"))


def test_a_list_of_articles_about_lost_pages_is_a_list() -> None:
    rows_of_list = {f"/a/{n}.html": f"第{n}季度抽查：部分网站页面不存在、链接失效" for n in range(15)}
    assert not is_soft_404(page(list_page(rows_of_list).encode()))
    hidden = list_page(rows_of_list).replace("</body>", "<div style='display:none'>页面没有找到</div></body>")
    assert not is_soft_404(page(hidden.encode()))


def test_an_article_that_leads_home_or_to_an_error_page_is_gone() -> None:
    body = article_page(TITLE).encode()
    asked = "http://a.example/art/1.html"
    for led in ("http://a.example/", "http://a.example/index.html", "http://a.example/404.html", "http://a.example/error/404.jsp",
                "http://a.example/static/error.html"):  # fmt: skip
        trouble = Answers().trouble_of_article(asked, page(body, led))
        assert trouble is not None, led
        assert trouble.gone
    for fine in (asked, "https://a.example/art/1.html", "http://a.example/2024/errors_of_web_sites/t1.html"):
        assert Answers().trouble_of_article(asked, page(body, fine)) is None, fine


def test_the_same_bare_page_behind_two_links_is_none_and_the_same_article_is_one() -> None:
    answers, bare = Answers(), "<html><body><div>资讯</div></body></html>".encode()
    article = article_page(TITLE).encode()
    assert answers.trouble_of_article("http://a.example/1", page(bare)) is None
    assert answers.trouble_of_article("http://a.example/2", page(bare)) is not None
    assert answers.trouble_of_article("http://a.example/3", page(article)) is None
    assert answers.trouble_of_article("http://a.example/4", page(article)) is None


def test_a_dead_end_is_never_stored_and_does_no_harm_to_its_source(tmp_path: Path) -> None:
    made = dead_ends()
    routes = {f"/a/{n}.html": Answer(body) for n, body in enumerate(made.values())}
    listed = {path: f"{TITLE}之{path}" for path in routes} | {"/a/home.html": TITLE, "/a/good.html": TITLE}
    with Site({"/list": list_page(listed), **routes, "/a/good.html": article_page(TITLE)}) as site:
        site.routes["/a/home.html"] = Answer("", 302, {"Location": "/"})
        site.routes["/"] = article_page("首页")
        night = crawl(settings_file(tmp_path, [source("s", site.url("/list"))]))
    assert night.source("s")["state"] == "healthy"
    assert rows(tmp_path / "test.db", "SELECT title FROM articles") == [(TITLE,)]


HOSTILE = (
    "您",
    "页面",
    "<",
    "<script",
    "<!--",
    "<meta name=",
    "您所访问的",
    "2020-1",
    "alert('",
    "访问",
    "<title>404",
    "不存在",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_100_kb_of_anything_are_judged_at_once(piece: str) -> None:
    body = ("<title>x</title><script></script>" + piece * (100_000 // len(piece.encode()))).encode()
    began = time.process_time()
    trouble_of_page(page(body))
    assert time.process_time() - began < 0.1
