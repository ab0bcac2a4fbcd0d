"""What is asked for in the nights after the first: lists that may have changed, and articles that may have been corrected."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.crawls import Crawled, crawl, rows, settings_file, source, write_warc
from tests.web_server import Answer, Asked, Route, Site, article_page, list_page

FIRST = date(2026, 3, 1)
CHANGED = "Sun, 01 Mar 2026 00:00:00 GMT"
TITLE = "第19届中国政府网站绩效评估结果公布"
TELL_ALL = (
    '[[channels]]\nid = "file"\nkind = "jsonl"\npath = "a.jsonl"\n[[subscriptions]]\nid = "anna"\nchannels = ["file"]\n'
)


def night(settings: Path, number: int, *more: str) -> Crawled:
    """The night so many days after the first."""
    return crawl(settings, "--night", (FIRST + timedelta(days=number)).isoformat(), *more)


def conditional(
    body: str, *, etag: str | None = None, changed: str | None = None, **more: str
) -> Callable[[Asked], Answer]:
    """A page of a server that answers conditional requests (RFC 9110 §13)."""
    named = {"ETag": etag, "Last-Modified": changed}
    headers = {name: value for name, value in named.items() if value} | more

    def answer(asked: Asked) -> Answer:
        wanted = asked.headers.get("if-none-match") or asked.headers.get("if-modified-since")
        return Answer("", 304, headers) if wanted in (etag, changed) and wanted else Answer(body, headers=headers)

    return answer


def asked_for(site: Site) -> list[str]:
    """What was asked for since the last look, robots.txt left out."""
    paths = site.paths()
    site.asked.clear()
    return paths


def stored(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    return rows(folder / "test.db", sql)


LIST = list_page({"/a/1.html": TITLE, "/a/2.html": "今日天气"})


@pytest.mark.parametrize(
    "answers",
    [
        {"etag": '"v1"'},
        {"etag": 'W/"v1"'},
        {"changed": CHANGED},
        {"etag": '"v1"', "changed": CHANGED},
        {"etag": '"v1"', "Content-Encoding": "gzip"},
    ],
    ids=str,
)
def test_a_list_that_says_it_is_unchanged_is_not_sent_again(tmp_path: Path, answers: Mapping[str, Any]) -> None:
    body: Any = gzip.compress(LIST.encode()) if "Content-Encoding" in answers else LIST
    with Site({"/": conditional(body, **answers), "/a/1.html": article_page(TITLE)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        assert night(settings, 0).source("s")["articles"] == 1
        assert asked_for(site) == ["/", "/a/1.html"]
        second = night(settings, 0).source("s")
        assert asked_for(site) == ["/"]
        counts = {name: second[name] for name in ("state", "health", "requested", "fetched", "unchanged", "failed")}
    assert counts == {
        "state": "healthy", "health": "quiet", "requested": 1, "fetched": 0, "unchanged": 1, "failed": 0,
    }  # fmt: skip


def test_a_quiet_night_asks_for_each_list_once_and_for_no_article(tmp_path: Path) -> None:
    with Site() as site:
        for number in (1, 2, 3):
            site.routes[f"/{number}"] = list_page({f"/{number}/a.html": TITLE}, following=f"/{number}/more")
            site.routes[f"/{number}/more"] = list_page({f"/{number}/b.html": TITLE})
            site.routes |= {f"/{number}/{name}.html": article_page(f"{TITLE}{number}{name}") for name in "ab"}
        settings = settings_file(
            tmp_path,
            [source(f"s{n}", site.url(f"/{n}")) for n in (1, 2)] + [source("s3", site.url("/3"), follow="all")],
        )
        assert len(night(settings, 0).articles()) == 6
        asked_for(site)
        quiet = night(settings, 0)
        assert sorted(asked_for(site)) == ["/1", "/2", "/3"]
        assert {quiet.source(f"s{n}")["health"] for n in (1, 2, 3)} == {"quiet"}


def test_the_same_headers_over_other_entries_hide_no_news(tmp_path: Path) -> None:
    """A server that sends the same ETag with every list, and does not answer conditional requests."""
    lies = {"ETag": '"always"', "Last-Modified": CHANGED}
    routes: dict[str, Route] = {"/": Answer(LIST, headers=lies)}
    with Site(routes | {f"/a/{n}.html": article_page(f"{TITLE}{n}") for n in (1, 3)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        night(settings, 0)
        site.routes["/"] = Answer(list_page({"/a/3.html": TITLE, "/a/1.html": TITLE}), headers=lies)
        assert night(settings, 0).articles() == [site.url("/a/3.html")]
        site.asked.clear()
        night(settings, 0)
        # it has lied: its headers are not believed any more
        assert not {"if-none-match", "if-modified-since"} & site.asked[-1].headers.keys()


def test_a_list_that_says_for_ever_that_it_is_unchanged_is_read_once_a_week(tmp_path: Path) -> None:
    with Site(
        {"/": conditional(LIST, etag='"v1"')} | {f"/a/{n}.html": article_page(f"{TITLE}{n}") for n in (1, 3)}
    ) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        night(settings, 0)
        site.routes["/"] = conditional(list_page({"/a/3.html": TITLE, "/a/1.html": TITLE}), etag='"v1"')
        assert night(settings, 6).articles() == []
        assert night(settings, 7).articles() == [site.url("/a/3.html")]


def test_a_list_is_asked_for_whole_while_a_walk_is_unfinished(tmp_path: Path) -> None:
    with Site({"/": conditional(LIST, etag='"v1"'), "/a/1.html": article_page(TITLE)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        night(settings, 0)
        site.routes["/"] = conditional(list_page({"/a/3.html": TITLE, "/a/1.html": TITLE}), etag='"v2"')
        site.routes["/a/3.html"] = Answer("busy", 503)
        assert night(settings, 0).source("s")["state"] == "failed"
        site.routes["/a/3.html"] = article_page(f"{TITLE}3")
        assert night(settings, 0).articles() == [site.url("/a/3.html")]


def test_an_answer_that_nothing_changed_to_a_plain_request_is_a_failure(tmp_path: Path) -> None:
    with Site({"/": Answer("", 304)}) as site:
        assert night(settings_file(tmp_path, [source("s", site.url())]), 0).source("s")["state"] == "failed"


def test_an_article_with_results_is_looked_at_1_3_7_and_30_days_later(tmp_path: Path) -> None:
    with Site({"/": conditional(LIST, etag='"l"'), "/a/1.html": conditional(article_page(TITLE), etag='"a"')}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        night(settings, 0)
        looks = []
        for number in (1, 2, 3, 6, 7, 8, 30, 31):
            asked_for(site)
            counts = night(settings, number).source("s")
            if "/a/1.html" in asked_for(site):
                looks.append(number)
                assert (counts["looked"], counts["changed"], counts["articles"]) == (1, 0, 0)
    assert looks == [1, 3, 7, 30]


@pytest.mark.parametrize("answers_conditions", [True, False])
def test_unchanged_text_costs_nothing_but_the_time_of_the_look(tmp_path: Path, answers_conditions: bool) -> None:
    page = article_page(TITLE)
    with Site({"/": LIST, "/a/1.html": conditional(page, etag='"a"') if answers_conditions else page}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        night(settings, 0)
        before = {name: stored(tmp_path, f"SELECT * FROM {name}") for name in TABLES}
        asked_for(site)
        looked = night(settings, 1)
        assert asked_for(site) == ["/", "/a/1.html"]
    assert looked.source("s")["looked"] == 1
    assert {name: stored(tmp_path, f"SELECT * FROM {name}") for name in TABLES} == before
    ((looked_at, due),) = stored(tmp_path, "SELECT looked, due FROM looks")
    assert looked_at is not None
    assert due == "2026-03-04"


TABLES = ("articles", "paragraphs", "mentions", "results", "article_evaluations", "article_pages", "entries")


def test_other_bytes_around_the_same_text_are_no_correction(tmp_path: Path) -> None:
    with Site({"/": LIST, "/a/1.html": article_page(TITLE)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        night(settings, 0)
        site.routes["/a/1.html"] = article_page(TITLE).replace("<body>", "<body><!-- visits: 17 -->")
        counts = night(settings, 1).source("s")
    assert (counts["looked"], counts["changed"]) == (1, 0)
    assert stored(tmp_path, "SELECT changed FROM articles") == [(None,)]


def test_a_correction_reaches_the_store_and_the_alert(tmp_path: Path) -> None:
    with Site({"/": LIST, "/a/1.html": article_page(TITLE, rank="五")}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())], more=TELL_ALL)
        night(settings, 0)
        assert stored(tmp_path, "SELECT rank FROM results") == [(5,)]
        site.routes["/a/1.html"] = article_page(TITLE, rank="四")
        counts = night(settings, 1).source("s")
        assert (counts["changed"], counts["articles"], counts["corrected"], counts["new"]) == (1, 0, 1, 0)
        # the corrected text is the one that is known from now on
        again = night(settings, 3).source("s")
        assert (again["looked"], again["changed"]) == (1, 0)
    assert stored(tmp_path, "SELECT rank, status FROM results") == [(4, "single")]
    assert stored(tmp_path, "SELECT subscription, kind, change ->> 'previous' FROM alert_items JOIN alerts a ON a.id = alert") == [
        ("anna", "corrected", "第5名")
    ]  # fmt: skip
    assert stored(tmp_path, "SELECT count(*) FROM articles WHERE changed IS NOT NULL") == [(1,)]


def test_a_fact_that_vanished_from_the_only_page_that_stated_it_is_withdrawn(tmp_path: Path) -> None:
    with Site({"/": LIST, "/a/1.html": article_page(TITLE)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        night(settings, 0)
        site.routes["/a/1.html"] = article_page(TITLE).replace("，湖北省政府门户网站在省级政府网站中排名第五", "")
        assert night(settings, 1).source("s")["changed"] == 1
    assert stored(tmp_path, "SELECT status FROM results") == [("withdrawn",)]


def test_an_article_of_several_pages_is_looked_at_page_by_page(tmp_path: Path) -> None:
    second = article_page(TITLE, rank="五").replace("在省级政府网站中排名第五", "获得好评")
    with Site({"/": LIST}) as site:
        site.routes["/a/1.html"] = conditional(article_page(TITLE, following="/a/1_2.html"), etag='"1"')
        site.routes["/a/1_2.html"] = conditional(second, etag='"2"')
        settings = settings_file(tmp_path, [source("s", site.url())])
        night(settings, 0)
        asked_for(site)
        assert night(settings, 1).source("s")["looked"] == 1
        assert asked_for(site) == ["/", "/a/1.html", "/a/1_2.html"]
        site.routes["/a/1_2.html"] = conditional(second.replace("说明了采样", "说明了全部采样"), etag='"3"')
        changed = night(settings, 3).source("s")
        # the first page said that it was the same: it is needed now
        assert asked_for(site) == ["/", "/a/1.html", "/a/1_2.html", "/a/1.html", "/a/1_2.html"]
    assert (changed["looked"], changed["changed"]) == (1, 1)
    assert stored(tmp_path, "SELECT text LIKE '%说明了全部采样%' FROM articles") == [(1,)]


@pytest.mark.parametrize(
    ("route", "due"),
    [
        (Answer("gone", 404), "2026-03-03"),
        (Answer("", 521), "2026-03-04"),
        (Answer("", 302, {"Location": "/"}), "2026-03-03"),
        (Answer("", 302, {"Location": "/a/other.html"}), "2026-03-04"),
        (Answer("<html><body></body></html>"), "2026-03-04"),
        (Answer("busy", 503), "2026-03-02"),
    ],
    ids=["gone", "wall", "home page", "another article", "empty", "busy"],
)
def test_a_look_that_finds_no_article_changes_nothing(tmp_path: Path, route: Answer, due: str) -> None:
    with Site({"/": LIST, "/a/1.html": article_page(TITLE)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        night(settings, 0)
        site.routes |= {"/a/1.html": route, "/a/other.html": article_page(TITLE, rank="四")}
        second = night(settings, 1)
    assert (second.source("s")["state"], second.source("s")["changed"]) == ("healthy", 0)
    assert stored(tmp_path, "SELECT status, rank FROM results") == [("single", 5)]
    assert stored(tmp_path, "SELECT due FROM looks") == [(due,)]


def test_a_replay_looks_only_at_what_the_recording_holds(tmp_path: Path) -> None:
    pages = {"http://a.example/": LIST, "http://a.example/a/1.html": article_page(TITLE)}
    settings = settings_file(tmp_path, [source("s", "http://a.example/")])
    whole = write_warc(tmp_path / "whole.warc.gz", pages)
    lists = write_warc(tmp_path / "lists.warc.gz", {"http://a.example/": LIST})
    edited = write_warc(
        tmp_path / "edited.warc.gz", pages | {"http://a.example/a/1.html": article_page(TITLE, rank="四")}
    )
    night(settings, 0, "--replay", str(whole))
    counts = night(settings, 1, "--replay", str(lists)).source("s")
    assert (counts["requested"], counts["looked"]) == (1, 0)
    assert night(settings, 1, "--replay", str(edited)).source("s")["changed"] == 1


def test_a_dead_link_is_asked_for_again_a_few_nights_only(tmp_path: Path) -> None:
    with Site({"/": list_page({"/a/1.html": TITLE, "/a/9.html": TITLE}), "/a/1.html": article_page(TITLE)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        asked = []
        for number in (0, 1, 2, 3, 6, 7, 8):
            asked_for(site)
            assert night(settings, number).source("s")["state"] == "healthy"
            asked += [number] * asked_for(site).count("/a/9.html")
        assert asked == [0, 1, 3, 7]
        site.routes["/a/9.html"] = article_page(f"{TITLE}9")
        assert night(settings, 30).articles() == [site.url("/a/9.html")]


def test_a_weekly_source_is_visited_when_it_is_due_and_nightly_in_the_season(tmp_path: Path) -> None:
    with Site({"/": LIST, "/a/1.html": article_page(TITLE)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url(), interval="weekly")])
        visited = []
        for number in (0, 1, 3, 6, 7, 13, 14):
            asked_for(site)
            night(settings, number)
            visited += [number] * asked_for(site).count("/")
        assert visited == [0, 7, 14]
        # only nights in which its list was read say how it is
        assert len(stored(tmp_path, "SELECT run FROM source_health")) == 3
        # its article was looked at in its own time
        assert stored(tmp_path, "SELECT due FROM looks") == [("2026-03-31",)]
        asked_for(site)
        for day in ("2026-12-01", "2026-12-02"):
            crawl(settings, "--night", day)
        assert asked_for(site).count("/") == 2


def test_a_night_in_which_nothing_is_due_asks_for_nothing(tmp_path: Path) -> None:
    with Site({"/": LIST}) as site:
        settings = settings_file(tmp_path, [source("s", site.url(), interval="monthly", follow="relevant")])
        night(settings, 0)
        night(settings, 1)
        asked_for(site)
        resting = night(settings, 2)
        assert (resting.code, resting.source("s")["state"], asked_for(site)) == (0, "resting", [])
        assert night(settings, 2, "--source", "s").source("s")["requested"] > 0


def test_a_deep_pass_reads_so_many_pages_whatever_is_known(tmp_path: Path) -> None:
    names = {1: [1, 2], 2: [3], 3: [4], 4: [5]}

    def pages() -> dict[str, Route]:
        return {
            f"/p{n}.html": list_page({f"/a/{a}.html": f"{TITLE}{a}" for a in of}, following=f"/p{n + 1}.html" if n < 4 else None)
            for n, of in names.items()
        }  # fmt: skip

    articles: dict[str, Route] = {f"/a/{n}.html": article_page(f"{TITLE}{n}") for n in range(1, 7)}
    with Site(pages() | articles) as site:
        settings = settings_file(tmp_path, [source("s", site.url("/p1.html"), max_pages=4)], more=TELL_ALL)
        night(settings, 0)
        # a row that was put in with an old date
        names[3] = [6, 4]
        site.routes |= pages()
        asked_for(site)
        assert night(settings, 0).articles() == []
        assert asked_for(site) == ["/p1.html"]
        assert night(settings, 0, "--deep", "3").articles() == [site.url("/a/6.html")]
        assert asked_for(site) == ["/p1.html", "/p2.html", "/p3.html", "/a/6.html"]
    assert stored(tmp_path, "SELECT count(*) FROM articles") == [(6,)]


def test_a_page_that_stays_missing_is_withdrawn_and_its_return_restores_it(tmp_path: Path) -> None:
    with Site({"/": LIST, "/a/1.html": article_page(TITLE)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())], more=TELL_ALL)
        night(settings, 0)
        page = site.routes.pop("/a/1.html")
        assert night(settings, 1).source("s")["withdrawn"] == 0
        assert stored(tmp_path, "SELECT missing, misses FROM looks") == [("2026-03-02", 1)]
        # the nights between
        with closing(sqlite3.connect(tmp_path / "test.db")) as connection, connection:
            connection.execute("UPDATE looks SET misses = 6")
        assert night(settings, 8).source("s")["withdrawn"] == 1
        assert stored(tmp_path, "SELECT status, sources FROM results") == [("withdrawn", 0)]
        site.routes["/a/1.html"] = page
        night(settings, 30)
        assert stored(tmp_path, "SELECT r.status, a.gone, l.misses FROM results r, articles a, looks l") == [
            ("single", None, 0)
        ]
    # the first night told nobody, so nobody hears that it went or came back
    assert stored(tmp_path, "SELECT kind FROM alert_items") == []
