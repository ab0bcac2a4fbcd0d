"""Retry-After: six forms, over requests, spiders and nights; and what a busy host gets that does not say for how long."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.fetch.hosts import HostMemory
from crawler.fetch.waits import LONGEST_KEPT_S, wait_seconds
from tests.crawls import crawl, settings_file, source
from tests.web_server import Answer, Asked, Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"
NOW = datetime(2026, 1, 1, 0, 0, 0, tzinfo=UTC)

FORMS = {
    "90": 90.0,
    "  90 ": 90.0,
    "Thu, 01 Jan 2026 00:01:30 GMT": 90.0,  # IMF-fixdate
    "Thursday, 01-Jan-26 00:01:30 GMT": 90.0,  # RFC 850
    "Thu Jan  1 00:01:30 2026": 90.0,  # asctime
    "Thu, 01 Jan 2026 08:01:30 +0800": 90.0,  # wrong, and seen
}


@pytest.mark.parametrize("value", FORMS)
def test_six_forms_say_the_same(value: str) -> None:
    seconds = wait_seconds(value, NOW)
    assert seconds is not None
    assert abs(seconds - FORMS[value]) <= 0.5


@pytest.mark.parametrize("value", ["-5", "1.5", "soon", "", "Thu, 99 Jan 2026 00:00:00 GMT", "٣", "1e3"])
def test_what_is_no_form_says_nothing(value: str) -> None:
    assert wait_seconds(value, NOW) is None


@pytest.mark.parametrize("value", ["9" * 40, "99999999999", "Thu, 01 Jan 2099 00:00:00 GMT"])
def test_what_asks_for_years_gets_a_month(value: str) -> None:
    assert wait_seconds(value, NOW) == LONGEST_KEPT_S


def busy_then(first: Answer) -> Site:
    """A site whose first article page is busy once."""
    answers = [first, Answer(article_page(TITLE))]
    listed = list_page({"/a/1.html": TITLE, "/a/2.html": TITLE + "之二"})
    return Site({"/": listed, "/a/1.html": lambda _: answers.pop(0) if len(answers) > 1 else answers[0],
                 "/a/2.html": article_page(TITLE + "之二")})  # fmt: skip


@pytest.mark.parametrize("form", ["seconds", "date", "date by a clock that is an hour behind"])
def test_a_wait_is_kept_by_every_request_and_ends(tmp_path: Path, form: str) -> None:
    def say(_: Asked) -> Answer:
        behind = timedelta(hours=1) if "behind" in form else timedelta(0)
        now = datetime.now(UTC) - behind
        value = (
            "1"
            if form == "seconds"
            else format_datetime(now.replace(microsecond=0) + timedelta(seconds=2), usegmt=True)
        )
        return Answer("", 503, {"Retry-After": value, "Date": format_datetime(now.replace(microsecond=0), usegmt=True)})

    with busy_then(Answer()) as site:
        later = site.routes["/a/1.html"]
        asked_for: list[float] = []

        def first_busy(asked: Asked) -> Answer:
            asked_for.append(asked.at)
            return say(asked) if len(asked_for) == 1 else Answer(article_page(TITLE))

        assert callable(later)
        site.routes["/a/1.html"] = first_busy
        settings = settings_file(tmp_path, [source("s", site.url())])
        settings.write_text(settings.read_text().replace("retries = 0", "retries = 1"))
        assert len(crawl(settings).articles()) == 2
        times = [asked.at for asked in site.asked if asked.path.startswith("/a/")]
    assert 1.0 <= times[1] - times[0] < 3.0


def test_a_wait_of_more_than_an_hour_is_for_another_night_and_is_remembered_then(tmp_path: Path) -> None:
    with busy_then(Answer("", 429, {"Retry-After": "90000"})) as site:
        feed = Answer(
            '<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', headers={"Content-Type": "text/xml"}
        )
        site.routes["/feed"] = feed
        settings = settings_file(tmp_path, [source("s", site.url()), source("f", site.url("/feed"), access="feed")])
        first = crawl(settings)
        # neither the article behind it nor the spider behind that one
        assert site.paths() == ["/", "/a/1.html"]
        assert (first.source("s")["state"], first.source("f")["state"]) == ("failed", "failed")
        site.asked.clear()
        assert "asks for a pause" in crawl(settings).log
        assert site.asked == []
        for path in (tmp_path / "test.hosts").glob("wait-*.json"):
            past = datetime.now(UTC) - timedelta(seconds=1)
            path.write_text(json.dumps(json.loads(path.read_text()) | {"until": past.isoformat()}))
        assert len(crawl(settings).articles()) == 2


def test_a_short_wait_is_heeded_by_the_spider_behind(tmp_path: Path) -> None:
    with Site({"/": Answer("", 503, {"Retry-After": "1"})}) as site:
        site.routes["/feed"] = Answer('<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>')
        crawl(settings_file(tmp_path, [source("s", site.url()), source("f", site.url("/feed"), access="feed")]))
        times = {asked.path: asked.at for asked in site.asked}
    assert times["/feed"] - times["/"] >= 1.0


def test_a_busy_host_that_does_not_say_for_how_long_gets_fifteen_pauses(tmp_path: Path) -> None:
    with busy_then(Answer("", 503)) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        settings.write_text(
            settings.read_text().replace("retries = 0", "retries = 1").replace("delay_s = 0.0", "delay_s = 0.06")
        )
        assert len(crawl(settings).articles()) == 2
        gaps = [after.at - before.at for before, after in pairwise(site.asked)]
    assert max(gaps) >= 0.9
    # and all others are at least the smallest pause
    assert min(gaps) >= 0.03


def test_what_is_kept_of_hosts_is_whole_or_none(tmp_path: Path) -> None:
    memory = HostMemory(str(tmp_path))
    assert memory.wait_until("a.example") is None
    memory.keep_wait("a.example", NOW)
    assert HostMemory(str(tmp_path)).wait_until("a.example") == NOW
    assert memory.wait_until("b.example") is None
    (path,) = tmp_path.iterdir()
    # the name of a file is no name from a page
    assert path.name.removeprefix("wait-").removesuffix(".json").isalnum()
    for damage in ("", "[]", "{}", '{"until": 1}', '{"until": "soon"}', "\0"):
        path.write_text(damage)
        assert HostMemory(str(tmp_path)).wait_until("a.example") is None
    assert HostMemory(None).robots("http://a.example") is None
    HostMemory(None).keep_wait("a.example", NOW)
