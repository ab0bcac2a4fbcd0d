"""Pages of many nights' archives: the newest that is the page we know."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from scrapy.http import Request, Response

from crawler.fetch.archive import NightArchive
from crawler.fetch.shelf import Shelf, archive_files

URL = "http://a.example/通知.html"


def keep(
    folder: Path, night: str, *bodies: bytes, status: int = 200, coding: str | None = None, url: str = URL
) -> None:
    archive = NightArchive(folder / f"{night}.warc.gz", "evalwatch/test")
    for body in bodies:
        headers = {"Content-Type": "text/html", **({"Content-Encoding": coding} if coding else {})}
        answer = Response(url, status=status, headers=headers, body=body)
        archive.add(Request(url), answer, datetime.fromisoformat(f"{night}T00:00:00+00:00").astimezone(UTC))
    archive.close()


def shelf(folder: Path) -> Shelf:
    return Shelf(archive_files(folder))


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def body_of(found: object) -> bytes | None:
    return getattr(found, "body", None)


def test_the_newest_night_answers(tmp_path: Path) -> None:
    keep(tmp_path, "2026-01-01", b"old")
    keep(tmp_path, "2026-01-02", b"newer", b"newest")
    assert body_of(shelf(tmp_path).page(URL)) == b"newest"
    assert shelf(tmp_path).page("http://a.example/2.html") is None


def test_the_page_with_these_bytes_answers_wherever_it_is(tmp_path: Path) -> None:
    keep(tmp_path, "2026-01-01", b"old", b"other")
    keep(tmp_path, "2026-01-02", b"newest")
    assert body_of(shelf(tmp_path).page(URL, digest=digest(b"old"), night="2026-01-02")) == b"old"
    assert shelf(tmp_path).page(URL, digest=digest(b"never")) is None


def test_the_night_of_the_article_is_asked_first(tmp_path: Path) -> None:
    keep(tmp_path, "2026-01-01", b"own")
    keep(tmp_path, "2026-01-02", b"later")
    assert body_of(shelf(tmp_path).page(URL, night="2026-01-01")) == b"own"


@pytest.mark.parametrize(("coding", "encode"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_a_compressed_body_is_known_by_its_own_bytes(tmp_path: Path, coding: str, encode: object) -> None:
    keep(tmp_path, "2026-01-01", encode("正文".encode()), coding=coding)  # type: ignore[operator]  # it compresses bytes
    found = shelf(tmp_path).page(URL, digest=digest("正文".encode()))
    assert found is not None
    assert (found.body.decode(), found.fetched, found.headers["content-type"]) == (
        "正文", datetime(2026, 1, 1, tzinfo=UTC), "text/html",
    )  # fmt: skip


def test_an_error_is_no_page(tmp_path: Path) -> None:
    keep(tmp_path, "2026-01-01", b"good")
    keep(tmp_path, "2026-01-02", b"gone", status=404)
    assert body_of(shelf(tmp_path).page(URL)) == b"good"


def test_of_a_cut_file_what_is_whole_is_used_and_the_rest_told(tmp_path: Path) -> None:
    keep(tmp_path, "2026-01-01", b"first", b"x" * 9000)
    path = tmp_path / "2026-01-01.warc.gz"
    keep(tmp_path, "2026-01-01", b"last")
    path.write_bytes(path.read_bytes()[:-40])
    found = shelf(tmp_path)
    assert body_of(found.page(URL, digest=digest(b"first"))) == b"first"
    assert [str(path) in str(error) for error in found.damaged] == [True]


def test_what_is_no_archive_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no archive", encoding="utf-8")
    (tmp_path / "bad.warc.gz").write_bytes(b"\x1f\x8bno gzip")
    found = shelf(tmp_path)
    assert found.page(URL) is None
    assert len(found.damaged) == 1
    assert archive_files(tmp_path / "nowhere") == []
