"""One night over sites with one fault each: what goes wrong with a source costs that source, and is counted."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.crawls import Crawled, crawl, rows, settings_file, source
from tests.web_server import Answer, Asked, Site, article_page, list_page

TITLE = "2020年中国政府网站绩效评估结果发布"
ONE = {"/a/1.html": TITLE}


def _cut(text: str) -> Answer:
    whole = gzip.compress(text.encode())
    return Answer(whole[: len(whole) // 2], headers={"Content-Encoding": "gzip"})


def _endless(asked: Asked) -> Answer:
    number = int(asked.path.rpartition("_")[2].partition(".")[0])
    return Answer(article_page(f"{TITLE}第{number}部分", following=f"/a/1_{number + 1}.html"))


FAULTS: dict[str, Site] = {}


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, Site]]:
    """One site per fault; each has its own address, so also its own robots.txt."""
    huge = "<p>" + "很长的段落。" * 500_000 + "</p>"
    made = {
        "good": Site({"/": list_page({**ONE, "/a/2.html": "第十八届中国政府网站绩效评估结果公布", "/a/3.html": "今日天气"}),
                      "/a/1.html": article_page(TITLE), "/a/2.html": article_page("第十八届中国政府网站绩效评估结果公布", rank="六")}),
        "missing": Site({}),
        "disallowed": Site({"/": list_page(ONE)}, robots="User-agent: *\nDisallow: /\n"),
        "closed": Site({"/": list_page(ONE)}, robots=Answer("busy", 503)),
        "refused": Site({"/": list_page(ONE)}, robots=Answer("no", 403)),
        "cut": Site({"/": list_page(ONE), "/a/1.html": _cut(article_page(TITLE))}),
        "huge": Site({"/": list_page(ONE), "/a/1.html": article_page(TITLE, more=huge)}),
        "endless": Site({"/": list_page({"/a/1_1.html": TITLE})} | {f"/a/1_{n}.html": _endless for n in range(1, 40)}),
        "loop": Site({"/": list_page(ONE), "/a/1.html": article_page(TITLE, following="/a/1_2.html"),
                      "/a/1_2.html": article_page(TITLE, following="/a/1_3.html", rank="七"),
                      "/a/1_3.html": Answer("", 302, {"Location": "/a/1_2.html"})}),
        "half": Site({"/": list_page(ONE), "/a/1.html": article_page(TITLE, following="/a/1_2.html")}),
        "gbk": Site({"/": list_page(ONE), "/a/1.html": article_page("绩效评估，㎡与镕", charset="gb2312").encode("gb18030")}),
        "wall": Site({"/": list_page({**ONE, "/a/2.html": "第十八届中国政府网站绩效评估结果公布"}), "/a/2.html": article_page(TITLE),
                      "/a/1.html": Answer("<script>document.cookie='__jsl_clearance=1'</script>", 521)}),
        "dead": Site({"/": list_page({**ONE, "/a/gone.html": "第十七届中国政府网站绩效评估结果公布"}), "/a/1.html": article_page(TITLE)}),
        "empty": Site({"/": list_page(ONE), "/a/1.html": ""}),
        "away": Site({"/": Answer("", 302, {"Location": "http://localhost:9/"})}),
        "ring": Site({"/": Answer("", 302, {"Location": "/"})}),
        "hanging": Site({"/": Answer(hangs=True)}),
        "feed": Site({"/": Answer("no feed", headers={"Content-Type": "application/rss+xml"})}),
        "changed": Site({"/": "<ul class=new><li><a href=/a/1.html>政府网站绩效评估结果</a></ul>"}),
    }  # fmt: skip
    with ExitStack() as stack:
        yield {name: stack.enter_context(site) for name, site in made.items()}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults") / "test.db"


@pytest.fixture(scope="module")
def night(sites: dict[str, Site], database: Path) -> Crawled:
    sources = [source(name, site.url("/"), access="feed" if name == "feed" else "list") for name, site in sites.items()]
    fetch = "max_article_pages = 5\ntimeout_s = 2.0"
    settings = settings_file(database.parent, sources)
    settings.write_text(settings.read_text().replace("timeout_s = 5.0", fetch))
    return crawl(settings)


def stored(database: Path, name: str) -> list[str]:
    return [text for (text,) in rows(database, "SELECT text FROM articles WHERE source = ? ORDER BY url", name)]


def test_the_night_itself_runs_and_every_source_is_accounted_for(night: Crawled, sites: dict[str, Site]) -> None:
    assert night.code == 0, night.log
    assert {event["id"] for event in night.events if event["event"] == "source"} == set(sites)
    assert night.events[0] == {"event": "start", "night": "2026-01-01", "sources": len(sites)}
    assert night.events[-1]["event"] == "end"


def test_a_good_source_beside_all_the_others_is_stored_whole(
    night: Crawled, sites: dict[str, Site], database: Path
) -> None:
    event = night.source("good")
    assert (event["state"], event["requested"], event["fetched"], event["articles"]) == ("healthy", 3, 3, 2)
    assert sites["good"].paths() == ["/", "/a/1.html", "/a/2.html"]
    assert "排名第五" in stored(database, "good")[0]


@pytest.mark.parametrize(
    ("name", "state", "blocked", "failed"),
    [
        ("missing", "failed", 0, 1),
        ("disallowed", "blocked", 1, 0),
        ("closed", "failed", 0, 1),
        ("refused", "blocked", 1, 0),
        ("cut", "failed", 0, 1),
        ("huge", "failed", 0, 1),
        ("half", "failed", 0, 1),
        ("wall", "healthy", 1, 0),
        ("dead", "healthy", 0, 1),
        ("empty", "failed", 0, 1),
        ("away", "failed", 0, 1),
        ("ring", "failed", 0, 1),
        ("hanging", "failed", 0, 1),
        ("feed", "failed", 0, 1),
        ("changed", "failed", 0, 1),
    ],
)
def test_a_fault_is_counted_as_what_it_is(night: Crawled, name: str, state: str, blocked: int, failed: int) -> None:
    event = night.source(name)
    assert (event["state"], event["blocked"], event["failed"]) == (state, blocked, failed), night.log


@pytest.mark.parametrize("name", ["missing", "disallowed", "closed", "refused", "cut", "huge", "half", "empty", "away"])
def test_nothing_of_a_page_that_failed_is_stored(night: Crawled, database: Path, name: str) -> None:
    assert night.code == 0
    assert stored(database, name) == []


@pytest.mark.parametrize("name", ["disallowed", "closed", "refused"])
def test_trap_1_robots_that_disallow_or_cannot_be_had_keep_us_out(
    night: Crawled, sites: dict[str, Site], name: str
) -> None:
    assert night.code == 0
    assert sites[name].paths() == []
    assert [asked.path for asked in sites[name].asked] == ["/robots.txt"]


def test_trap_2_a_page_cut_within_its_compression_is_no_page(night: Crawled, sites: dict[str, Site]) -> None:
    assert "cut within its compression" in night.log
    assert sites["cut"].paths() == ["/", "/a/1.html"]


def test_trap_3_a_start_address_may_not_redirect_to_another_host(night: Crawled) -> None:
    assert "http://localhost:9/ is on none of 127.0.0.1" in night.log


def test_endless_pages_of_an_article_end_at_the_budget(night: Crawled, sites: dict[str, Site], database: Path) -> None:
    assert night.source("endless")["state"] == "healthy"
    assert sites["endless"].paths() == ["/"] + [f"/a/1_{n}.html" for n in range(1, 6)]
    assert "第5部分" in stored(database, "endless")[0]


def test_a_loop_of_pages_is_walked_once(night: Crawled, sites: dict[str, Site], database: Path) -> None:
    assert night.code == 0
    # page 3 leads back to page 2, whose next page has been seen
    assert sites["loop"].paths() == ["/", "/a/1.html", "/a/1_2.html", "/a/1_3.html", "/a/1_2.html"]
    text = stored(database, "loop")[0]
    assert "排名第五" in text
    assert "排名第七" in text


def test_a_gbk_page_that_says_gb2312_is_read_as_gb18030(night: Crawled, database: Path) -> None:
    assert night.code == 0
    assert "㎡与镕" in stored(database, "gbk")[0]


def test_one_request_at_a_time_and_an_honest_name(night: Crawled, sites: dict[str, Site]) -> None:
    assert night.code == 0
    agents = {asked.headers["user-agent"] for site in sites.values() for asked in site.asked}
    assert len(agents) == 1
    assert agents.pop().endswith("(+mailto:test@localhost)")
    assert not any("cookie" in asked.headers or "referer" in asked.headers for s in sites.values() for asked in s.asked)
