"""crawler.read.feeds and jsonlists: feeds, sitemaps and JSON answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.config import JsonPaths
from crawler.errors import DocumentError
from crawler.items import Page
from crawler.read import feed_entries, json_entries

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2022, 4, 1, tzinfo=UTC)
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>某某</title>
<entry><title>西河市网站考评居第三</title><link href="/x/1.html" rel="alternate"/><updated>2021-12-17T19:56:29+08:00</updated></entry>
<entry><title>明天的消息</title><link href="https://a.cn/x/2.html"/><updated>2031-12-17T19:56:29+08:00</updated></entry></feed>"""
PATHS = JsonPaths(rows="data.list", title="title", url="url", date="time")


def page(body: bytes | str, url: str = "https://news.example.cn/feed.xml") -> Page:
    return Page(url, 200, {}, body.encode() if isinstance(body, str) else body, NOW)


def iso(entries: tuple[object, ...]) -> list[str | None]:
    return [found.isoformat() if (found := getattr(entry, "published", None)) else None for entry in entries]


def test_rss_gives_entries_with_dates_of_any_form() -> None:
    entries = feed_entries(page((PAGES / "rss.xml").read_bytes()))
    assert [entry.url[-8:] for entry in entries] == ["a/1.html", "a/2.html", "a/3.html"]
    assert [entry.title for entry in entries] == ["临江市网站居第二位", "西河市网站改版", "没有日期"]
    assert iso(entries) == ["2022-03-08T09:05:00+08:00", "2022-03-07T08:00:00+08:00", None]


def test_atom_links_are_absolute_and_dates_of_the_future_none() -> None:
    entries = feed_entries(page(ATOM))
    assert [entry.url for entry in entries] == ["https://news.example.cn/x/1.html", "https://a.cn/x/2.html"]
    assert iso(entries) == ["2021-12-17T19:56:29+08:00", None]


def test_a_news_sitemap_gives_titles_and_resolves_no_entities() -> None:
    entries = feed_entries(page((PAGES / "sitemap.xml").read_bytes()))
    assert [entry.title for entry in entries] == ["临江市网站居第二位", ""]
    assert iso(entries) == ["2022-03-08T09:05:00+08:00", "2022-03-07"]


def test_a_sitemap_index_gives_its_sitemaps() -> None:
    xml = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/s1.xml</loc></sitemap></sitemapindex>'
    assert [entry.url for entry in feed_entries(page(xml))] == ["https://news.example.cn/s1.xml"]


@pytest.mark.parametrize("body", [b"", b"<html><body>404</body></html>", b"tests/pages/rss.xml"])
def test_what_is_no_feed_says_so(body: bytes) -> None:
    with pytest.raises(DocumentError):
        feed_entries(page(body))


@pytest.mark.parametrize("wrapper", ["{}", "callback({});", "var rows = {};", "\ufeff{}", "/**/jQuery1_2({})"])
def test_json_is_read_bare_and_wrapped(wrapper: str) -> None:
    rows = (
        '{"data":{"list":[{"title":"<em>网站</em>考评 &amp; 结果","url":"/a/1.html","time":1646701500000},'
        '{"title":"西河市網站","url":"https://a.cn/2.html","time":"2022-03-07 08:00"},'
        '{"title":"无地址","url":null,"time":""},{"title":"无日期","url":"https://a.cn/3.html","time":"—"}]}}'
    )
    entries = json_entries(page(wrapper.replace("{}", rows), "https://news.example.cn/q"), PATHS)
    assert [entry.url for entry in entries] == [
        "https://news.example.cn/a/1.html",
        "https://a.cn/2.html",
        "https://a.cn/3.html",
    ]
    assert [entry.title for entry in entries] == ["网站考评 & 结果", "西河市网站", "无日期"]
    assert iso(entries) == ["2022-03-08T09:05:00+08:00", "2022-03-07T08:00:00+08:00", None]


@pytest.mark.parametrize("body", ["<html>", '{"data":{}}', "[" * 100_000, '{"data":{"list":{}}}'])
def test_an_answer_without_rows_says_so(body: str) -> None:
    with pytest.raises(DocumentError):
        json_entries(page(body), PATHS)
