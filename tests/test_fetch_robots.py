"""robots.txt as RFC 9309 has it, in crawls of local sites: what each answer means, and what is kept of it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.crawls import crawl, settings_file, source
from tests.guarded_crawl import Guarded, guarded_crawl
from tests.web_server import Answer, Route, Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"
NO_LIST = "User-agent: *\nDisallow: /list\n"
ALLOWED, FORBIDDEN = ["/list", "/a/1.html"], list[str]()


def site_with(robots: Route, **routes: Route) -> Site:
    return Site({"/list": list_page({"/a/1.html": TITLE}), "/a/1.html": article_page(TITLE), **routes}, robots=robots)


def chain(length: int, end: Route) -> dict[str, Route]:
    """Redirects from /r1 on, so many, then the end."""
    steps: dict[str, Route] = {f"/r{n}": Answer("", 301, {"Location": f"/r{n + 1}"}) for n in range(1, length)}
    return {**steps, f"/r{length}": end}


TO_CHAIN = Answer("", 302, {"Location": "/r1"})
LONG = "User-agent: *\n" + "".join(f"Disallow: /x{n:08d}\n" for n in range(25_500))
"""500 KiB of rules and a bit."""

CASES: dict[str, tuple[Route, dict[str, Route], list[str]]] = {
    "200 that forbids": (NO_LIST, {}, FORBIDDEN),
    "200 that allows": ("User-agent: *\nDisallow: /other\n", {}, ALLOWED),
    "200 for us alone": ("User-agent: *\nDisallow:\n\nUser-agent: EvalWatch\nDisallow: /list\n", {}, FORBIDDEN),
    "200 for us with a version": ("User-agent: evalwatch/1.0\nDisallow: /list\n", {}, FORBIDDEN),
    "200 for others alone": ("User-agent: other\nDisallow: /\n", {}, ALLOWED),
    "200 with a mark of its order": (b"\xef\xbb\xbf" + NO_LIST.encode(), {}, FORBIDDEN),
    "200 in two groups": ("User-agent: *\nDisallow: /x\n\nUser-agent: a\nDisallow: /\n\n" + NO_LIST, {}, FORBIDDEN),
    "200 that is HTML": ("<html><body>User-agent</body></html>", {}, ALLOWED),
    "200, rule behind 500 KiB": (LONG[: 500 * 1024 - 40] + "\nDisallow: /list\n", {}, FORBIDDEN),
    "200, longer than any": (NO_LIST + "# more\n" * 1_500_000, {}, FORBIDDEN),
    "204": (Answer("", 204), {}, ALLOWED),
    "304": (Answer("", 304), {}, ALLOWED),
    "400": (Answer(NO_LIST, 400), {}, ALLOWED),
    "401": (Answer("", 401), {}, FORBIDDEN),
    "403": (Answer("", 403), {}, FORBIDDEN),
    "404": (Answer(NO_LIST, 404), {}, ALLOWED),
    "410": (Answer("", 410), {}, ALLOWED),
    "429": (Answer("", 429), {}, FORBIDDEN),
    "451": (Answer("", 451), {}, ALLOWED),
    "500": (Answer("", 500), {}, FORBIDDEN),
    "502": (Answer("", 502), {}, FORBIDDEN),
    "503": (Answer("", 503), {}, FORBIDDEN),
    "521": (Answer("<script>__jsl_clearance</script>", 521), {}, FORBIDDEN),
    "5 redirects to rules": (TO_CHAIN, chain(5, NO_LIST), FORBIDDEN),
    "6 redirects to rules": (TO_CHAIN, chain(6, NO_LIST), ALLOWED),
    "a loop": (Answer("", 302, {"Location": "/robots.txt"}), {}, ALLOWED),
    "redirect to 503": (TO_CHAIN, chain(1, Answer("", 503)), FORBIDDEN),
    "a time-out": (Answer(hangs=True), {}, FORBIDDEN),
    "a bomb": (Answer(b"\x1f\x8b\x08\x00", headers={"Content-Encoding": "gzip"}), {}, FORBIDDEN),
}


@dataclass(frozen=True, slots=True)
class Night:
    sites: dict[str, Site]
    crawled: Guarded


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """One crawl over a site for each case; each has a name of its own, so none waits for another."""
    folder = tmp_path_factory.mktemp("robots")
    names: dict[str, list[str]] = {"nowhere.example": []}
    sources = []
    with ExitStack() as stack, socket.socket() as unused:
        # bound, and nobody listens: a connection is refused
        unused.bind(("127.0.0.1", 0))
        ports = {"refused connection": unused.getsockname()[1]}
        sites = {}
        for name, (robots, routes, _) in CASES.items():
            sites[name] = stack.enter_context(site_with(robots, **routes))
            ports[name] = int(sites[name].netloc.rpartition(":")[2])
        for number, (_, port) in enumerate(ports.items()):
            names[f"s{number}.example"] = ["127.0.0.1"]
            sources.append(
                source(f"s{number}", f"http://s{number}.example:{port}/list", local_hosts=[f"s{number}.example"])
            )
        sources.append(source("nowhere", "http://nowhere.example/list"))
        settings = settings_file(folder, sources)
        settings.write_text(settings.read_text().replace("timeout_s = 5.0", "timeout_s = 1.5"))
        yield Night(sites, guarded_crawl(settings, names=names))


@pytest.mark.parametrize("name", CASES)
def test_each_answer_to_robots_means_what_rfc_9309_says(night: Night, name: str) -> None:
    assert night.crawled.crawled.code == 0, night.crawled.crawled.log
    asked = [path for path in night.sites[name].paths() if not path.startswith("/r")]
    assert asked == CASES[name][2], night.crawled.crawled.log


def test_no_answer_at_all_is_told(night: Night) -> None:
    log = night.crawled.crawled.log
    for name in ("nowhere", "s0"):
        assert night.crawled.crawled.source(name)["state"] == "failed"
        assert any(f"WARNING: {name}: " in line and "robots.txt cannot be had" in line for line in log.splitlines())


def kept(folder: Path) -> list[Path]:
    return list((folder / "test.hosts").glob("robots-*.json"))


def age(folder: Path, hours: float) -> None:
    """Let what is kept be so old."""
    for path in kept(folder):
        then = datetime.now(UTC) - timedelta(hours=hours)
        path.write_text(json.dumps(json.loads(path.read_text()) | {"fetched": then.isoformat()}))


def test_robots_is_kept_for_a_day_and_its_last_copy_counts_while_it_cannot_be_had(tmp_path: Path) -> None:
    with site_with("User-agent: *\nDisallow: /a/\n") as site:
        settings = settings_file(tmp_path, [source("s", site.url("/list"))])

        def nightly() -> list[str]:
            site.asked.clear()
            site.routes["/list"] = list_page(
                {"/a/1.html": TITLE, f"/a/{len(kept(tmp_path))}{id(site.asked)}.html": TITLE}
            )
            crawl(settings)
            return [asked.path for asked in site.asked]

        assert nightly() == ["/robots.txt", "/list"]
        age(tmp_path, 23.9)
        assert nightly() == ["/list"]
        age(tmp_path, 24.1)
        assert nightly() == ["/robots.txt", "/list"]
        # a copy of any age is better than none, and obeyed
        for answer in (Answer("", 503), Answer("", 521)):
            age(tmp_path, 24 * 40)
            site.routes["/robots.txt"] = answer
            assert nightly() == ["/robots.txt", "/list"]
        # a refusal is none of those
        site.routes["/robots.txt"] = Answer("", 403)
        assert nightly() == ["/robots.txt"]
        site.routes["/robots.txt"] = Answer("", 503)
        kept(tmp_path)[0].write_text("{")
        assert nightly() == ["/robots.txt"]


def test_two_spiders_of_a_night_ask_for_robots_once(tmp_path: Path) -> None:
    with site_with("") as site:
        site.routes["/feed"] = Answer('<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>',
                                      headers={"Content-Type": "application/rss+xml"})  # fmt: skip
        crawl(settings_file(tmp_path, [source("s", site.url("/list")), source("f", site.url("/feed"), access="feed")]))
        assert [asked.path for asked in site.asked].count("/robots.txt") == 1


def test_a_crawl_delay_is_the_least_pause(tmp_path: Path) -> None:
    with site_with("User-agent: *\nCrawl-delay: 0.3\n") as site:
        site.routes["/list"] = list_page({f"/a/{n}.html": f"{TITLE}{n}" for n in range(4)})
        site.routes |= {f"/a/{n}.html": article_page(f"{TITLE}{n}") for n in range(4)}
        settings = settings_file(tmp_path, [source("s", site.url("/list"))])
        assert len(crawl(settings).articles()) == 4
        times = [asked.at for asked in site.asked]
    # the server notes when it hears of a request: a busy machine brings two of them nearer together
    assert min(after - before for before, after in pairwise(times)) > 0.2


def test_robots_goes_out_under_the_same_name_and_asks_for_no_compression(tmp_path: Path) -> None:
    with site_with("") as site:
        crawl(settings_file(tmp_path, [source("s", site.url("/list"))]))
        robots, page = (next(one for one in site.asked if one.path == path) for path in ("/robots.txt", "/list"))
    assert robots.headers["user-agent"] == page.headers["user-agent"]
    assert robots.headers["user-agent"].startswith("evalwatch/")
    assert robots.headers["accept-encoding"] == "identity"
