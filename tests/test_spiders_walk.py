"""How a source is walked: which lists and articles are asked for, night after night."""

from __future__ import annotations

from pathlib import Path

from tests.crawls import crawl, rows, settings_file, source
from tests.web_server import Answer, Route, Site, article_page, list_page


def title(number: int) -> str:
    return f"第{number}届中国政府网站绩效评估结果公布"


def routes_of(pages: list[list[int]]) -> dict[str, Route]:
    """A site whose list has these pages, each with the articles of these numbers."""
    routes: dict[str, Route] = {f"/a/{n}.html": article_page(title(n)) for page in pages for n in page}
    for number, page in enumerate(pages, 1):
        following = f"/p{number + 1}.html" if number < len(pages) else None
        routes[f"/p{number}.html"] = list_page({f"/a/{n}.html": title(n) for n in page}, following=following)
    return routes


def site_of(pages: list[list[int]]) -> Site:
    return Site(routes_of(pages))


def change(site: Site, pages: list[list[int]]) -> None:
    site.asked.clear()
    site.routes |= routes_of(pages)


def test_the_first_night_walks_to_max_pages_and_the_next_stops_at_what_is_known(tmp_path: Path) -> None:
    with site_of([[1, 2], [3], [4], [5]]) as site:
        settings = settings_file(tmp_path, [source("s", site.url("/p1.html"), max_pages=3)])
        first = crawl(settings)
        assert first.source("s")["articles"] == 4
        assert set(site.paths()) == {"/p1.html", "/p2.html", "/p3.html"} | {f"/a/{n}.html" for n in (1, 2, 3, 4)}

        site.asked.clear()
        second = crawl(settings)
        assert site.paths() == ["/p1.html"]
        assert second.source("s")["unchanged"] == 1

        change(site, [[6, 1, 2], [3], [4], [5]])
        crawl(settings)
        assert site.paths() == ["/p1.html", "/a/6.html", "/p2.html"]


def test_an_off_topic_entry_is_looked_at_once_and_follow_all_takes_it(tmp_path: Path) -> None:
    routes = {"/": list_page({"/a/1.html": "今日天气", "/a/2.html": "交通管制"})}
    with Site(routes | {f"/a/{n}.html": article_page(f"其他消息之{n}") for n in (1, 2)}) as site:
        few = settings_file(tmp_path, [source("s", site.url())])
        quiet = crawl(few)
        assert (quiet.articles(), quiet.source("s")["state"]) == ([], "healthy")
        assert site.paths() == ["/"]
        assert len(rows(tmp_path / "test.db", "SELECT address FROM entries")) == 2

        everything = settings_file(tmp_path, [source("s", site.url(), follow="all")])
        assert len(crawl(everything, database=tmp_path / "other.db").articles()) == 2


def test_a_link_that_robots_forbids_is_no_trouble_of_its_source_and_is_looked_at_once(tmp_path: Path) -> None:
    routes = {"/": list_page({"/a/1.html": title(1)}), "/a/1.html": article_page(title(1))}
    with Site(routes, robots="User-agent: *\nDisallow: /a/\n") as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        first = crawl(settings).source("s")
        assert (first["state"], first["blocked"], first["failed"], first["articles"]) == ("healthy", 1, 0, 0)
        second = crawl(settings).source("s")
        assert (second["state"], second["blocked"], second["unchanged"]) == ("healthy", 0, 1)
        site.routes["/"] = list_page({"/b/2.html": title(2), "/a/1.html": title(1)})
        site.routes["/b/2.html"] = article_page(title(2))
        third = crawl(settings).source("s")
        assert (third["state"], third["requested"], third["articles"]) == ("healthy", 2, 1)
        assert site.paths() == ["/", "/", "/", "/b/2.html"]


def test_a_wall_before_all_that_is_allowed_is_still_one(tmp_path: Path) -> None:
    routes: dict[str, Route] = {"/": list_page({"/a/1.html": title(1), "/b/2.html": title(2)})}
    routes["/b/2.html"] = Answer("", 521)
    with Site(routes, robots="User-agent: *\nDisallow: /a/\n") as site:
        found = crawl(settings_file(tmp_path, [source("s", site.url())])).source("s")
    assert (found["state"], found["blocked"]) == ("blocked", 2)


def test_a_feed_without_entries_is_quiet_and_a_list_without_is_broken(tmp_path: Path) -> None:
    with Site({"/list": "<ul class='list'></ul>"}) as site:
        for name, text in {"/rss": "<rss version='2.0'><channel><title>x</title></channel></rss>",
                           "/map": "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>"}.items():  # fmt: skip
            site.routes[name] = Answer(text, headers={"Content-Type": "application/xml"})
        kinds = {"rss": "feed", "map": "sitemap", "list": "list"}
        found = crawl(settings_file(tmp_path, [source(k, site.url(f"/{k}"), access=v) for k, v in kinds.items()]))
    assert [found.source(name)["state"] for name in kinds] == ["healthy", "healthy", "failed"]


def test_an_article_that_failed_is_asked_for_again_the_next_night(tmp_path: Path) -> None:
    with site_of([[1, 2]]) as site:
        site.routes["/a/2.html"] = Answer("busy", 500)
        settings = settings_file(tmp_path, [source("s", site.url("/p1.html"))])
        first = crawl(settings)
        assert (first.source("s")["failed"], first.source("s")["articles"]) == (1, 1)

        change(site, [[1, 2]])
        second = crawl(settings)
        assert site.paths() == ["/p1.html", "/a/2.html"]
        assert second.source("s")["articles"] == 1


def test_a_walk_that_ended_badly_reads_its_list_to_the_end_again(tmp_path: Path) -> None:
    with site_of([[1], [2], [3]]) as site:
        settings = settings_file(tmp_path, [source("s", site.url("/p1.html"))])
        site.routes["/p2.html"] = Answer("busy", 500)
        assert crawl(settings).source("s")["state"] == "failed"

        change(site, [[1], [2], [3]])
        # everything on page 1 is known, yet what lies behind it is not
        assert len(crawl(settings).articles()) == 2


def test_a_list_without_the_page_it_links_to_has_ended(tmp_path: Path) -> None:
    with site_of([[1], [2]]) as site:
        del site.routes["/p2.html"]
        found = crawl(settings_file(tmp_path, [source("s", site.url("/p1.html"))]))
        assert (found.source("s")["state"], found.source("s")["failed"]) == ("healthy", 0)


def test_max_articles_per_source_holds(tmp_path: Path) -> None:
    with site_of([[1, 2, 3], [4, 5]]) as site:
        settings = settings_file(tmp_path, [source("s", site.url("/p1.html"))], fetch="max_articles_per_source = 2")
        assert len(crawl(settings).articles()) == 2
        assert site.paths() == ["/p1.html", "/a/1.html", "/a/2.html", "/p2.html"]
        # the list does not count as known while some of it was left: the next night goes on
        site.asked.clear()
        assert len(crawl(settings).articles()) == 2
        assert set(site.paths()) == {"/p1.html", "/a/3.html", "/p2.html", "/a/4.html"}
        # what is left stands behind a page of which everything is known
        assert [len(crawl(settings).articles()) for _ in range(2)] == [1, 0]


def test_links_to_other_hosts_are_not_followed(tmp_path: Path) -> None:
    with Site() as site:
        elsewhere = site.url("/a/1.html").replace("127.0.0.1", "localhost")
        site.routes["/"] = list_page({elsewhere: title(1)}, following=site.url("/p2").replace("127.0.0.1", "localhost"))
        found = crawl(settings_file(tmp_path, [source("s", site.url())]))
        assert found.source("s")["requested"] == 1
        assert site.paths() == ["/"]


def test_the_address_that_answered_and_the_one_in_the_list_are_both_known(tmp_path: Path) -> None:
    with Site({"/": list_page({"/old.html": title(1)}), "/new.html": article_page(title(1))}) as site:
        site.routes["/old.html"] = Answer("", 301, {"Location": "/new.html"})
        settings = settings_file(tmp_path, [source("s", site.url())])
        assert crawl(settings).articles() == [site.url("/new.html")]
        site.routes["/"] = list_page({"/old.html": title(1), "/x.html": "今日天气"})
        assert crawl(settings).articles() == []


def test_date_and_title_come_from_the_list_where_the_page_has_none(tmp_path: Path) -> None:
    page = "<html><body><div class='content'><p>　　湖北省政府门户网站在省级政府网站绩效评估中排名第五，较上年有所进步。</p></div>"
    with Site({"/": list_page({"/a/1.html": title(1)}), "/a/1.html": page}) as site:
        crawl(settings_file(tmp_path, [source("s", site.url())]))
    stored = rows(tmp_path / "test.db", "SELECT title, published FROM articles")
    assert stored == [(title(1), "2020-12-16")]


def test_two_sources_that_list_one_article_fetch_it_once(tmp_path: Path) -> None:
    with Site(
        {f"/{n}": list_page({"/a/1.html": title(1)}) for n in (1, 2)} | {"/a/1.html": article_page(title(1))}
    ) as site:
        found = crawl(settings_file(tmp_path, [source("s1", site.url("/1")), source("s2", site.url("/2"))]))
        assert site.paths().count("/a/1.html") == 1
        assert {found.source("s1")["state"], found.source("s2")["state"]} == {"healthy"}


def test_feed_sitemap_and_json_have_their_spiders(tmp_path: Path) -> None:
    with Site({"/a/1.html": article_page(title(1)), "/a/2.html": article_page(title(2))}) as site:
        site.routes["/feed"] = Answer(
            f"<rss version='2.0'><channel><title>x</title><item><title>{title(1)}</title>"
            f"<link>{site.url('/a/1.html')}</link></item></channel></rss>",
            headers={"Content-Type": "application/rss+xml"},
        )
        site.routes["/json"] = Answer(
            f'{{"rows": [{{"t": "{title(2)}", "u": "/a/2.html"}}]}}', headers={"Content-Type": "application/json"}
        )
        settings = settings_file(tmp_path, [
            source("s1", site.url("/feed"), access="feed"),
            source("s2", site.url("/json"), access="json", json={"rows": "rows", "title": "t", "url": "u"}),
        ])  # fmt: skip
        assert sorted(crawl(settings).articles()) == [site.url("/a/1.html"), site.url("/a/2.html")]


def test_disabled_sources_rest_unless_they_are_named(tmp_path: Path) -> None:
    with site_of([[1]]) as site:
        settings = settings_file(tmp_path, [source("s", site.url("/p1.html"), enabled=False)])
        assert crawl(settings).events[0]["sources"] == 0
        assert site.asked == []
        assert len(crawl(settings, "--source", "s").articles()) == 1


def test_a_host_is_never_asked_twice_at_once(tmp_path: Path) -> None:
    with site_of([list(range(1, 9))]) as site:
        busy, most = [0], [0]

        def slow(_asked: object) -> Answer:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            site.rest(0.02)
            busy[0] -= 1
            return Answer(article_page(title(1)))

        site.routes |= {f"/a/{n}.html": slow for n in range(1, 9)}
        sources = [source(f"s{n}", site.url("/p1.html") + f"?{n}") for n in (1, 2)]
        site.routes |= {f"/p1.html?{n}": site.routes["/p1.html"] for n in (1, 2)}
        assert len(crawl(settings_file(tmp_path, sources)).articles()) == 8
        assert most == [1]
