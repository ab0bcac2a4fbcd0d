"""A recorded web: answered from WARC alone, checked before anything starts."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scrapy import Request, Spider
from scrapy.settings import Settings as ScrapySettings
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.config import Settings
from crawler.errors import RecordingError
from crawler.fetch.recording import open_recording
from crawler.fetch.replay import ReplayStorage
from crawler.job import Job
from crawler.settings import settings_of_job
from tests.crawls import crawl, rows, settings_file, source, write_warc
from tests.web_server import Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"
WEB = {
    "http://a.example/": list_page({"/a/1.html": TITLE}, following="/p2.html"),
    "http://a.example/a/1.html": article_page(TITLE),
    "http://a.example/p2.html": list_page({"/a/2.html": TITLE}),
}


def three_sources(folder: Path) -> Path:
    return settings_file(folder, [
        source("here", "http://a.example/"),
        source("off", "http://a.example/p2.html", enabled=False),
        source("elsewhere", "http://b.example/"),
    ])  # fmt: skip


def test_every_source_that_the_recording_holds_is_visited_enabled_or_not(tmp_path: Path) -> None:
    warc = write_warc(tmp_path / "w.warc.gz", WEB)
    night = crawl(three_sources(tmp_path), "--replay", str(warc))
    assert night.code == 0, night.log
    assert {event["id"] for event in night.events if event["event"] == "source"} == {"here", "off"}
    assert night.articles() == ["http://a.example/a/1.html"]
    # what was not recorded is not there
    assert "http://a.example/a/2.html answers 404" in night.log


def test_the_time_of_a_page_is_that_of_its_recording(tmp_path: Path) -> None:
    crawl(
        three_sources(tmp_path), "--replay", str(write_warc(tmp_path / "w.warc.gz", WEB, date="2020-05-06T07:08:09Z"))
    )
    assert rows(tmp_path / "test.db", "SELECT fetched FROM articles") == [("2020-05-06T07:08:09Z",)]


def test_nothing_reaches_the_network_in_a_replay(tmp_path: Path) -> None:
    with Site({"/": list_page({"/a/1.html": TITLE}), "/a/1.html": article_page(TITLE)}) as site:
        settings_path = settings_file(tmp_path, [source("s", site.url())])
        warc = write_warc(tmp_path / "w.warc.gz", {site.url(): list_page({"/a/1.html": TITLE})})
        night = crawl(settings_path, "--replay", str(warc))
        # the site would have had robots.txt and the article; both were answered with 404 from the recording
        assert (night.code, night.source("s")["failed"]) == (0, 1)
        assert site.asked == []


def test_a_later_file_wins_over_an_earlier_one(tmp_path: Path) -> None:
    old = write_warc(tmp_path / "1.warc.gz", {"http://a.example/": "old", "http://a.example/x": "x"})
    new = write_warc(tmp_path / "2.warc", {"http://a.example/": "new"}, gzip=False)
    recording = open_recording((old, new))
    assert [answer and answer.body for answer in map(recording.answer, ("http://a.example/", "http://a.example/x"))] == [
        b"new", b"x"
    ]  # fmt: skip
    assert recording.answer("http://a.example/y") is None


def test_addresses_are_found_however_they_are_escaped(tmp_path: Path) -> None:
    recording = open_recording((write_warc(tmp_path / "w.warc.gz", {"http://a.example/通知?b=2&a=1": "页"}),))
    answer = recording.answer("http://a.example/%E9%80%9A%E7%9F%A5?b=2&a=1#top")
    assert answer is not None
    assert answer.time == datetime(2026, 1, 1, 18, tzinfo=UTC)
    assert not recording.holds("http://a.example/通知?a=1&b=2")


def test_chunked_and_compressed_bodies_are_kept_as_a_browser_gets_them(tmp_path: Path) -> None:
    body = gzip.compress("正文".encode())
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    path = tmp_path / "w.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file)
        head = StatusAndHeaders(
            "200 OK", [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], protocol="HTTP/1.1"
        )
        writer.write_record(
            writer.create_warc_record(
                "http://a.example/", "response", payload=BytesIO(chunked), length=len(chunked), http_headers=head
            )
        )
    answer = open_recording((path,)).answer("http://a.example/")
    assert answer is not None
    assert (answer.body, answer.headers) == (body, (("Content-Encoding", "gzip"),))


@pytest.mark.parametrize("compressed", [True, False])
@settings(deadline=None, max_examples=60)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_cut_file_is_refused_wherever_it_is_cut(
    tmp_path_factory: pytest.TempPathFactory, *, compressed: bool, share: float
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    first = {"http://a.example/1": "甲" * 500}
    one = write_warc(folder / "w.warc.gz", first, gzip=compressed).stat().st_size
    whole = write_warc(folder / "w.warc.gz", first | {"http://a.example/2": "乙" * 500}, gzip=compressed).read_bytes()
    cut = folder / "cut.warc.gz"
    # the last four bytes are the empty lines behind a plain record; a cut between two records leaves a whole file
    length = int((len(whole) - 4) * share)
    assume(not one - 4 <= length <= one)
    cut.write_bytes(whole[:length])
    with pytest.raises(RecordingError, match=r"cut\.warc\.gz"):
        open_recording((cut,))


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "holds no recorded answers"), (b"<html>no</html>", "byte 0 is cut or damaged"), (None, "cannot be read")],
)
def test_what_is_no_recording_is_named(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "w.warc.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecordingError, match=says):
        open_recording((path,))


def test_a_damaged_recording_ends_the_crawl_before_it_begins(tmp_path: Path) -> None:
    whole = write_warc(tmp_path / "w.warc.gz", WEB).read_bytes()
    (tmp_path / "w.warc.gz").write_bytes(whole[:-100])
    night = crawl(three_sources(tmp_path), "--replay", str(tmp_path / "w.warc.gz"))
    assert night.code == 2
    assert "w.warc.gz: the record at byte" in night.log
    assert "Traceback" not in night.log
    assert not (tmp_path / "test.db").exists()


def test_a_replay_answers_everything_itself_and_has_no_way_out(tmp_path: Path) -> None:
    warc = write_warc(tmp_path / "w.warc.gz", {"http://a.example/": "x"})
    job = Job(Settings(), tmp_path / "t.db", date(2026, 1, 1), recordings=(warc,))
    computed = settings_of_job(job)
    storage = ReplayStorage(ScrapySettings(computed))
    asked = [Request("http://a.example/"), Request("http://a.example/", method="POST"), Request("http://b.example/")]
    assert [storage.retrieve_response(Spider("x"), request).status for request in asked] == [200, 404, 404]
    assert set(computed["DOWNLOAD_HANDLERS"].values()) == {None}
    assert {"http", "https", "file", "ftp", "data", "s3"} <= set(computed["DOWNLOAD_HANDLERS"])
