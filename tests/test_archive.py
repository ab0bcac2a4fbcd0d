"""The archive of a night: what came over the wire, and what a kill leaves of it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import Request, Response
from warcio.archiveiterator import ArchiveIterator

from crawler.fetch.archive import NightArchive
from crawler.fetch.recording import open_recording
from tests.crawls import crawl, settings_file, source
from tests.web_server import Answer, Route, Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"
NOW = datetime(2026, 1, 1, 18, tzinfo=UTC)


def add(path: Path, *urls: str) -> None:
    archive = NightArchive(path, "evalwatch/test")
    for url in urls:
        archive.add(Request(url), Response(url, body=url.encode(), headers={"Content-Type": "text/html"}), NOW)
    archive.close()


def test_a_live_night_can_be_replayed_from_its_archive(tmp_path: Path) -> None:
    body = gzip.compress(article_page(TITLE).encode())
    routes: dict[str, Route] = {
        "/": list_page({"/a/1.html": TITLE}),
        "/a/1.html": Answer(body, headers={"Content-Encoding": "gzip"}),
    }
    with Site(routes) as site:
        settings = settings_file(tmp_path, [source("s", site.url())], more='[archive]\nfolder = "kept"')
        live = crawl(settings)
        archive = tmp_path / "kept" / "2026-01-01.warc.gz"
        recording = open_recording((archive,))
        assert set(recording.places) == {site.url(path) for path in ("/robots.txt", "/", "/a/1.html")}
        # as it came, its compression not undone
        kept = recording.answer(site.url("/a/1.html"))
        assert kept is not None
        assert kept.body == body
    replayed = crawl(settings, "--replay", str(archive), database=tmp_path / "again.db")
    assert replayed.articles() == live.articles() == [site.url("/a/1.html")]


def test_each_answer_has_its_request_beside_it(tmp_path: Path) -> None:
    add(tmp_path / "n.warc.gz", "http://a.example/x?b=1")
    with (tmp_path / "n.warc.gz").open("rb") as file:
        records = [(r.rec_type, r.http_headers and r.http_headers.statusline) for r in ArchiveIterator(file)]
    assert [kind for kind, _ in records] == ["warcinfo", "response", "request"]
    assert records[1][1] == "200 OK"
    assert records[2][1] == "/x?b=1 HTTP/1.1"


def test_a_second_crawl_of_the_night_goes_on_in_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "n.warc.gz"
    add(path, "http://a.example/1")
    add(path, "http://a.example/2")
    assert set(open_recording((path,)).places) == {"http://a.example/1", "http://a.example/2"}


@pytest.mark.parametrize("lost", [1, 7, 60])
def test_the_cut_tail_of_a_killed_night_is_dropped_and_nothing_before_it(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "n.warc.gz"
    add(path, "http://a.example/1", "http://a.example/2")
    path.write_bytes(path.read_bytes()[:-lost])
    add(path, "http://a.example/3")
    assert set(open_recording((path,)).places) == {f"http://a.example/{n}" for n in (1, 2, 3)}


def test_no_archive_where_it_is_switched_off(tmp_path: Path) -> None:
    with Site({"/": list_page({"/a/1.html": TITLE}), "/a/1.html": article_page(TITLE)}) as site:
        crawl(settings_file(tmp_path, [source("s", site.url())], more="[archive]\nenabled = false"))
    assert not (tmp_path / "var").exists()
