from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import deliver
from alerts.digest import payload_bytes
from alerts.feed import Feed, FeedEntry, feed_bytes, feed_of, urn
from crawler.config import AtomChannel
from crawler.errors import DeliveryError
from crawler.items import Alert
from tests.store_samples import NIGHT, NOW, change, result

CHANNEL = AtomChannel(id="feeds", kind="atom", folder="feeds", entries=3)


def message(number: int, title: str = "湖北网站评估成绩公布") -> bytes:
    told = change("new", result(), title=title)
    return payload_bytes(Alert(f"msg_{number}", "anna", NIGHT, NOW, (told,)))


def put(folder: Path, number: int, now: datetime = NOW, payload: bytes | None = None) -> Path:
    deliver(
        CHANNEL, alert_id=f"msg_{number}", payload=payload or message(number), settings_folder=folder, environment={}, now=now
    )  # fmt: skip
    return folder / "feeds" / "anna.xml"


def test_a_feed_reader_finds_all_that_rfc_4287_requires(tmp_path: Path) -> None:
    put(tmp_path, 1)
    read = feedparser.parse(put(tmp_path, 2, NOW + timedelta(days=1)).read_bytes())
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    assert read.feed.id.startswith("urn:uuid:")
    assert read.feed.title == "evalwatch: anna"
    assert read.feed.author == "evalwatch"
    assert read.feed.updated == "2024-12-21T22:30:00Z"
    newest, oldest = read.entries
    assert (newest.updated, oldest.updated) == ("2024-12-21T22:30:00Z", "2024-12-20T22:30:00Z")
    assert oldest.id == urn("alert", "msg_1") != newest.id
    assert oldest.link == "http://www.hubei.gov.cn/zwgk/1.shtml"
    assert oldest.content[0].type == "text/html"
    assert "湖北省" in oldest.content[0].value
    assert oldest.title


def test_the_same_message_again_changes_not_a_byte(tmp_path: Path) -> None:
    before = put(tmp_path, 1).read_bytes()
    assert put(tmp_path, 1, NOW + timedelta(hours=1)).read_bytes() == before


def test_a_feed_keeps_its_id_and_the_newest_entries(tmp_path: Path) -> None:
    ids = {feed_of(put(tmp_path, number, NOW + timedelta(days=number)).read_bytes()).id for number in range(5)}
    assert len(ids) == 1
    entries = feed_of((tmp_path / "feeds" / "anna.xml").read_bytes()).entries
    assert [entry.id for entry in entries] == [urn("alert", f"msg_{number}") for number in (4, 3, 2)]
    assert sorted(path.name for path in (tmp_path / "feeds").iterdir()) == [".anna.lock", "anna.xml"]


def test_feeds_of_two_databases_have_different_ids(tmp_path: Path) -> None:
    assert feed_of(put(tmp_path / "a", 1).read_bytes()).id != feed_of(put(tmp_path / "b", 2).read_bytes()).id


@pytest.mark.parametrize("content", [b"", b"my notes", b"<feed xmlns='http://www.w3.org/2005/Atom'/>", b"<a>&b;</a>"])
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "anna.xml").write_bytes(content)
    with pytest.raises(DeliveryError, match=r"channel feeds: .*anna\.xml: is no feed of evalwatch.*Move it away"):
        put(tmp_path, 1)
    assert (tmp_path / "feeds" / "anna.xml").read_bytes() == content


def test_a_folder_that_cannot_be_written_is_a_delivery_error(tmp_path: Path) -> None:
    (tmp_path / "feeds").touch()
    with pytest.raises(DeliveryError, match="cannot be written"):
        put(tmp_path, 1)


def test_what_a_page_says_is_text_and_no_markup(tmp_path: Path) -> None:
    hostile = message(1, title="<script>alert(1)</script>&]]>\x00\x1b\ufffe")
    payload = json.loads(hostile)
    payload["data"]["text"] = "头 <b>\x00\x0b &amp;\n" + payload["data"]["text"]
    path = put(tmp_path, 1, payload=json.dumps(payload).encode())
    read = feedparser.parse(path.read_bytes())
    assert not read.bozo
    assert "<script" not in read.entries[0].content[0].value


def test_many_writers_lose_no_entry(tmp_path: Path) -> None:
    threads = [threading.Thread(target=put, args=(tmp_path, number)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(feed_of((tmp_path / "feeds" / "anna.xml").read_bytes()).entries) == 3


words = st.text(max_size=40)


@settings(max_examples=60, deadline=None)
@given(title=words, html=words, link=st.none() | words, count=st.integers(0, 3))
def test_any_text_makes_a_feed_that_reads_back(title: str, html: str, link: str | None, count: int) -> None:
    entries = tuple(FeedEntry(urn("x", str(n)), title, NOW, html, link) for n in range(count))
    written = feed_bytes(Feed(urn("feed", "x"), title, entries))
    again = feed_of(written)
    assert [entry.id for entry in again.entries] == [entry.id for entry in entries]
    assert feed_bytes(again) == written
    assert not feedparser.parse(written).bozo


def test_a_feed_without_entries_is_one_all_the_same() -> None:
    written = feed_bytes(Feed(urn("feed", "x"), "x", ()), updated=datetime(2026, 1, 1, tzinfo=UTC))
    assert feedparser.parse(written).feed.updated == "2026-01-01T00:00:00Z"
