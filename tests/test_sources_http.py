"""Every source of settings.toml through the real HTTP stack: its fixture stands at its own address, robots.txt included."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from click.testing import CliRunner

from crawler.asking import entries_of
from crawler.commands import cli
from crawler.config import Settings, load_settings
from samples.fixtures import Fixture, fixtures, robots_of
from tests.crawls import crawl, rows, settings_file, source
from tests.guarded_crawl import Guarded, guarded_crawl
from tests.virtual_web import VirtualWeb
from tests.web_server import Site, article_page, list_page

ROOT = Path(__file__).parents[1]
FIXTURES = fixtures()
DAY = date(2025, 1, 3)
"""That of the fixtures: some addresses and requests name the day."""

Nights = tuple[list[Guarded], list[list[tuple[str, str]]], Path]
"""What each crawl left, what the sites were asked in each, and the settings."""


def everything_enabled(folder: Path) -> Path:
    """The shipped settings with every source switched on and no pauses."""
    text = (ROOT / "settings.toml").read_text(encoding="utf-8")
    text = text.replace("enabled = false", "enabled = true")
    groups = '["organisers", "central", "provinces", "cities", "media", "industry", "search"]'
    for old, new in (
        ("enabled_groups = []", f"enabled_groups = {groups}"),
        ("https://example.org/evalwatch; mailto:you@example.org", "mailto:test@localhost"),
        ("delay_s = 2.0", "delay_s = 0.0"),
        ("retries = 2", "retries = 0"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Two nights over the same web: what the crawls left, what the sites were asked, and the settings."""
    folder = tmp_path_factory.mktemp("web")
    settings = everything_enabled(folder)
    pages = [page for fixture in FIXTURES for page in fixture.pages]
    # the fixtures hold one article each; the other entries on the topic answer with it
    same = {item["url"]: fixture.article["url"] for fixture in FIXTURES for item in fixture.items}
    known = {page.url for page in pages}
    asked, left = [], []
    with VirtualWeb(folder, [*robots_of(pages), *pages], {a: b for a, b in same.items() if a not in known}) as web:
        more = web.environment() | {"EVALWATCH_GOVCN_APP_KEY": "key"}
        for _ in range(2):
            web.asked.clear()
            left.append(guarded_crawl(settings, more_environment=more, more=("--night", DAY.isoformat())))
            asked.append(list(web.asked))
    return left, asked, settings


def is_article(url: str) -> bool:
    return any(url == item["url"] for fixture in FIXTURES for item in fixture.items)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.source)
def test_a_source_is_read_over_the_wire(nights: Nights, fixture: Fixture) -> None:
    (night, _), (asked, _), settings = nights
    assert night.crawled.source(fixture.source)["state"] == "healthy", night.crawled.log
    assert (("POST" if fixture.pages[0].asks is not None else "GET"), fixture.pages[0].url) in asked
    host = urlsplit(fixture.pages[0].url)
    assert ("GET", f"{host.scheme}://{host.netloc}/robots.txt") in asked
    stored = rows(settings.parent / "test.db", "SELECT title FROM articles WHERE url = ?", fixture.article["url"])
    assert stored == [(fixture.article["title"],)]


def test_a_quiet_second_night_asks_for_each_list_once_and_for_no_article(
    nights: Nights,
) -> None:
    _, (first, second), path = nights
    settings: Settings = load_settings(path)
    assert any(is_article(url) for _, url in first)
    assert [url for _, url in second if is_article(url)] == []
    lists = Counter(url for _, url in second if not url.endswith("/robots.txt"))
    wanted = Counter(
        entry.partition("#")[0] for source in settings.sources for entry in entries_of(source, settings.search, DAY)
    )
    assert lists - wanted == Counter()
    assert sum(lists.values()) > 40


def test_the_archive_of_such_a_night_answers_requests_that_have_a_body(nights: Nights) -> None:
    _, _, settings = nights
    (archive,) = (settings.parent / "var" / "archive").glob("*.warc.gz")
    arguments = ["sources", "check", "cac", "beijing-search", "guangdong-search", "shanghai-search", "--json"]
    result = CliRunner().invoke(cli, [*arguments, "--settings", str(settings), "--replay", str(archive)])
    found = {row["source"]: row["state"] for row in map(json.loads, result.stdout.splitlines())}
    assert found == dict.fromkeys(arguments[2:-1], "healthy")


def test_a_search_without_its_key_fails_alone(tmp_path: Path) -> None:
    title = "全省政府网站绩效评估结果公布"
    with Site({"/list": list_page({"/a.html": title}), "/a.html": article_page(title)}) as site:
        search = source(
            "keyed", site.url("/s?q={word}"), access="search", json={"rows": "rows", "title": "t", "url": "u"},
            request={"headers_env": {"X-Key": "EVALWATCH_TEST_NO_SUCH_KEY"}},
        )  # fmt: skip
        found = crawl(settings_file(tmp_path, [search, source("s", site.url("/list"))]))
        assert found.source("keyed")["state"] == "failed"
        assert "EVALWATCH_TEST_NO_SUCH_KEY is not set" in found.log
        assert found.source("s")["state"] == "healthy"
        assert not any(path.startswith("/s?") for path in site.paths())


def test_a_search_asks_for_every_word_and_follows_what_is_on_the_topic(tmp_path: Path) -> None:
    title = "全省政府网站绩效评估结果公布"
    answer = '{"rows": [{"t": "<em>%s</em>", "u": "/go?url=%s"}, {"t": "绩效评估软件出售", "u": "/ad.html"}]}'
    with Site({"/a.html": article_page(title)}) as site:
        asked = [f"/s?q={quote(word)}" for word in ("政府网站绩效评估", "政务公开评估")]
        site.routes[asked[0]] = answer % (title, quote(site.url("/a.html"), safe=""))
        site.routes[asked[1]] = '{"rows": []}'
        search = source(
            "s", site.url("/s?q={word}"), access="search", json={"rows": "rows", "title": "t", "url": "u"}, unwrap="url",
            keywords=["政府网站绩效评估", "政务公开评估"],
        )  # fmt: skip
        settings = settings_file(tmp_path, [search])
        found = crawl(settings)
        assert found.articles() == [site.url("/a.html")]
        assert sorted(site.paths()) == sorted([*asked, "/a.html"])
        site.asked.clear()
        assert crawl(settings).source("s")["state"] == "healthy"
        assert sorted(site.paths()) == sorted(asked)
