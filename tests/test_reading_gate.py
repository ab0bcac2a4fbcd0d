"""Reading, measured: real labelled pages and the recorded web beside this checkout, and spoilt pages of our own."""

from __future__ import annotations

import importlib.util
import json
import random
import time
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import DocumentError
from crawler.items import Article, Page
from crawler.read import article_from_file, article_from_page, feed_entries, join_pages, list_entries, next_list_url

PAGES = Path(__file__).parent / "pages"
SHARED = Path(__file__).parents[2] / "shared"
FLOOR = tomllib.loads((PAGES / "floor").read_text(encoding="utf-8"))["real"]
"""It only rises. The issue asks for text 0.975, no page under 0.8, titles 0.97, dates 0.98, sources 0.9, entries 0.98."""
NOW = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
with_real_pages = pytest.mark.skipif(
    not (SHARED / "pages").is_dir(), reason="the labelled pages are not beside this checkout"
)
with_recordings = pytest.mark.skipif(
    not (SHARED / "web").is_dir(), reason="the recorded web is not beside this checkout"
)


def score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("page_score", SHARED / "pages" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def labelled(kind: str) -> Iterator[tuple[dict[str, Any], Page]]:
    for path in sorted((SHARED / "pages" / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        if gold["type"] == kind:
            body = (SHARED / "pages" / "html" / f"{path.stem}.html").read_bytes()
            yield gold, Page(f"https://www.example.cn/{path.stem}.html", 200, {}, body, NOW)


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@with_real_pages
def test_real_articles_are_read_well() -> None:
    measure = score()
    texts, titles, dates, sources = [], [], [], []
    for gold, page in labelled("article"):
        article = article_from_page(page)
        wanted, got = measure.gold_grams(gold), measure.grams(article.text)
        texts.append(measure.prf(sum((wanted & got).values()), sum(got.values()), sum(wanted.values()))[2])
        titles.append(float(measure.letters(gold["title"]) == measure.letters(article.title)))
        if gold["published"]:
            dates.append(float(gold["published"][:10] == (article.published and article.published.isoformat()[:10])))
        if gold["source"]:
            names = {measure.letters(name) for name in (gold["source"], *gold["source_alt"])}
            sources.append(float(measure.letters(article.outlet) in names))
    found = {
        "text": mean(texts), "worst": min(texts), "title": mean(titles), "date": mean(dates), "source": mean(sources),
    }  # fmt: skip
    assert {name: share for name, share in found.items() if share < FLOOR[name]} == {}, found


@with_real_pages
def test_real_lists_give_their_entries() -> None:
    measure = score()
    for gold, page in labelled("list"):
        mine = {measure.path_of(entry.url): entry for entry in list_entries(page, None)}
        wanted = {measure.path_of(entry["href"]): entry for entry in gold["entries"]}
        same = set(mine) & set(wanted)
        assert measure.prf(len(same), len(mine), len(wanted))[2] >= FLOOR["entries"], gold["id"]
        for path in same:
            assert measure.letters(mine[path].title) == measure.letters(wanted[path]["title"])


def recorded(name: str) -> dict[str, Page]:
    pages: dict[str, Page] = {}
    with (SHARED / "web" / name).open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                url = record.rec_headers.get_header("WARC-Target-URI")
                headers = {key.lower(): value for key, value in record.http_headers.headers}
                pages[url] = Page(url, 200, headers, record.content_stream().read(), NOW)
    return pages


def seed_words(pages: Mapping[str, Page], first: str, seed: str) -> None:
    """An article read from the recording holds every evidence of its label, and nothing of its frame."""
    article = whole(pages, first)
    (path,) = (SHARED / "gold" / "seeds").glob(f"{seed}_*.json")
    gold = json.loads(path.read_text(encoding="utf-8"))
    assert article.title == gold["title"]
    missing = {result["evidence"] for result in gold["results"] if result["evidence"] not in article.text}
    assert not missing
    assert not any(
        word in article.text for word in ("免责声明", "版权申明", "Copyright", "返回首页", "上一篇", "責任編輯")
    )


def whole(pages: Mapping[str, Page], url: str) -> Article:
    articles = [article_from_page(pages[url])]
    while (following := articles[-1].next_url) is not None:
        articles.append(article_from_page(pages[following]))
    return join_pages(articles)


@with_recordings
def test_the_recorded_articles_are_whole() -> None:
    pages = recorded("night2.warc.gz")
    for first, seed in (
        ("http://dwrh.net/a/dxw/gxgl/2021/0105/215085.html", "000"),
        ("http://www.china.com.cn/zhibo/zhuanti/2015-12/25/content_37398811.htm", "001"),
        ("https://www.seoxiehui.cn/article-131342-1.html", "002"),
        ("http://www.ftgroup.cc/news_detail/newsId=214.html", "003"),
        ("https://finews.withounder.com/xinhuacaijing/2021/12/17/NW202112172217951027.html", "004"),
    ):
        seed_words(pages, first, seed)


@with_recordings
def test_the_recorded_lists_lead_to_the_articles() -> None:
    pages = recorded("night2.warc.gz")
    for entry, count, following in (
        ("http://dwrh.net/a/dxw/gxgl/", 3, "http://dwrh.net/a/dxw/gxgl/list_87_2.html"),
        (
            "https://www.hubei.gov.cn/zwgk/hbyw/hbywqb/index.shtml",
            2,
            "https://www.hubei.gov.cn/zwgk/hbyw/hbywqb/index_1.shtml",
        ),
        ("http://www.china.com.cn/zhibo/zhuanti/node_7231120.htm", 1, None),
        ("https://www.seoxiehui.cn/portal.php?mod=list&catid=5", 2, None),
        ("http://www.ftgroup.cc/news/class/2.html", 1, None),
    ):
        entries = list_entries(pages[entry], None)
        assert [item.url in pages and item.published is not None for item in entries] == [True] * count
        assert next_list_url(pages[entry], None, entry=entry, number=1) == following
    assert len(feed_entries(pages["https://finews.withounder.com/feed.xml"])) == 2


def spoilt(chance: random.Random, body: bytes) -> bytes:
    """A page with a few bytes changed, cut, doubled or moved."""
    for _ in range(chance.randint(1, 6)):
        at, to = sorted((chance.randrange(len(body) + 1), chance.randrange(len(body) + 1)))
        to = min(to, at + 400)
        kind = chance.randrange(5)
        if kind == 0:
            body = body[:at] + chance.randbytes(chance.randint(1, 8)) + body[at:]
        elif kind == 1:
            body = body[:at] + body[to:]
        elif kind == 2:
            body = body[:to] + body[at:to] * chance.randint(1, 5) + body[to:]
        elif kind == 3:
            sign = chance.choice(
                [
                    b"<",
                    b">",
                    b"</div>",
                    b"<table>",
                    b"<!--",
                    b"<script>",
                    b"&#x110000;",
                    b"\0",
                    b'"',
                    b"<a href='http://['>",
                ]
            )
            body = body[:at] + sign + body[at:]
        else:
            body = body[:at]
        body = body or b"<p>"
    return body


@pytest.mark.slow
def test_spoilt_pages_raise_nothing_but_document_errors() -> None:
    chance = random.Random(20260102)
    fixtures = [path.read_bytes() for path in sorted(PAGES.rglob("*.*")) if path.suffix != ".json"]
    for number in range(2000):
        page = Page("https://www.example.cn/x/1.html", 200, {}, spoilt(chance, fixtures[number % len(fixtures)]), NOW)
        for run in (article_from_page, lambda p: list_entries(p, None), lambda p: article_from_file("x.txt", p.body)):
            start = time.process_time()
            try:
                result = run(page)
            except DocumentError:
                continue
            finally:
                assert time.process_time() - start < 1
            if isinstance(result, Article):
                assert_consistent(result)


def assert_consistent(article: Article) -> None:
    length = len(article.text)
    assert len(article.offsets) == len(article.plain) + 1
    assert article.offsets[len(article.plain)] == length
    assert all(0 <= p.start < p.end <= length for p in article.paragraphs)
    assert all(a.end <= b.start for a, b in zip(article.paragraphs, article.paragraphs[1:], strict=False))
    assert all(0 <= cell.start <= cell.end <= length for table in article.tables for row in table.rows for cell in row)
    assert all(0 <= image.start <= length for image in article.images)


P = "<p>某市政府网站在评估中排名第一,并且<a href='x'>链接</a>很多。</p>"
HUGE = {
    "deep": "<html><body><h1>标题</h1>" + P + "<div>" * 100_000 + P,
    "deep lists": "<body>" + P + "<ul><li><a href='/a'>标题标题标题标题</a>" * 30_000,
    "many paragraphs": "<body>" + P * 90_000,
    "many lines": "<body>" + "某市网站排名第一。<br>" * 250_000,
    "one line": "<body><p>" + "某市网站排名第一," * 300_000,
    "many readings": "<body><p>" + "国(guó)" * 400_000,
    "huge spans": "<body><table>" + "<tr><td>某市</td><td rowspan=65000 colspan=1000>2</td></tr>" * 4000 + "</table>",
    "open brackets": P + "[" * 300_000,
    "labels": "<body><h1>标题标题标题</h1><div>" + "来源:" * 200_000 + "</div>" + P * 3,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_huge_pages_take_less_than_a_second(name: str) -> None:
    page = Page("https://www.example.cn/x/1.html", 200, {}, HUGE[name].encode(), NOW)
    for run in (article_from_page, lambda p: list_entries(p, None), lambda p: article_from_file("x.txt", p.body)):
        start = time.process_time()
        run(page)
        assert time.process_time() - start < 1.5, "1 s on an idle machine"
