"""Budgets of a source and of a night: requests, bytes, time. What is beyond them is left for the next night."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from crawler.config import Fetch
from crawler.fetch import clock
from crawler.fetch.budget import NightBook, Spent
from tests.crawls import crawl, settings_file, source
from tests.web_server import Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"


def site_of(articles: int, more: str = "") -> Site:
    routes = {f"/a/{n}.html": article_page(f"{TITLE}{n}", more=more) for n in range(articles)}
    return Site({"/": list_page({path: f"{TITLE}{path}" for path in routes}), **routes})


def test_requests_of_a_source_end_at_its_budget_and_the_next_night_goes_on(tmp_path: Path) -> None:
    with site_of(8) as site, site_of(2) as other:
        sources = [source("s", site.url()), source("o", other.url())]
        settings = settings_file(tmp_path, sources, fetch="max_source_requests = 5")
        first = crawl(settings)
        # robots.txt is one of them
        assert len(site.asked) == 5
        assert (first.source("s")["state"], len(first.articles())) == ("failed", 5)
        assert first.source("o")["state"] == "healthy"
        assert "max_source_requests (5) is used up" in first.log
        assert len(crawl(settings).articles()) == 4
        assert len(crawl(settings).articles()) == 1


def test_bytes_of_a_source_end_at_its_budget(tmp_path: Path) -> None:
    with site_of(8, more=f"<p>{'字' * 10_000}</p>") as site:
        night = crawl(settings_file(tmp_path, [source("s", site.url())], fetch="max_source_bytes = 70000"))
        # 30 KB each; the one that goes beyond is the last
        assert len([path for path in site.paths() if path != "/"]) == 3
    assert "max_source_bytes" in night.log


def test_what_is_longer_than_a_page_may_be_counts_as_well(tmp_path: Path) -> None:
    with site_of(8, more=f"<p>{'字' * 10_000}</p>") as site:
        fetch = "max_page_bytes = 20000\nmax_source_bytes = 50000"
        assert crawl(settings_file(tmp_path, [source("s", site.url())], fetch=fetch)).articles() == []
        assert len([path for path in site.paths() if path != "/"]) == 3


def test_a_night_has_budgets_over_all_sources_and_spiders(tmp_path: Path) -> None:
    with site_of(4) as site, site_of(4) as other:
        sources = [source("s", site.url()), source("o", other.url()), source("f", other.url("/f"), access="feed")]
        night = crawl(settings_file(tmp_path, sources, fetch="max_night_requests = 7"))
        assert len(site.asked) + len(other.asked) == 7
    assert night.source("f")["state"] == "failed"
    assert "max_night_requests" in night.log


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    time = [100.0]
    monkeypatch.setattr(clock, "seconds", lambda: time[0])
    return time


def test_the_time_of_a_source_runs_from_its_first_request(now: list[float]) -> None:
    book = NightBook(Fetch(max_source_s=10, max_night_s=1000))
    book.take("late", "b")
    now[0] = 109
    book.take("early", "a")
    now[0] = 118.9
    book.take("early", "a")
    with pytest.raises(Spent, match="max_source_s"):
        book.check("late", "b")
    now[0] = 119
    with pytest.raises(Spent, match=r"max_source_s \(10\) is used up"):
        book.take("early", "a")


def test_a_pause_that_a_host_asks_for_is_not_its_sources_time_but_the_nights(now: list[float]) -> None:
    book = NightBook(Fetch(max_source_s=10, max_night_s=100))
    book.take("a", "host")
    book.pause("host", 60)
    now[0] += 65
    book.take("a", "host")
    now[0] += 35
    with pytest.raises(Spent, match="max_source_s"):
        book.take("a", "host")
    with pytest.raises(Spent, match="max_night_s"):
        book.take("b", "other")


def test_the_book_is_one_for_all_spiders() -> None:
    book = NightBook(Fetch())
    # Scrapy copies its settings for each
    assert deepcopy({"book": book})["book"] is book
