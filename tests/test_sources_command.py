"""`evalwatch sources`, `sources check` and `sources add`, as a user calls them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.checking import Checked, checked_article, checked_list
from crawler.commands import cli
from crawler.config import ArticleSelectors, Source, load_settings
from crawler.items import Article, Entry
from samples import SamplePage
from samples.fixtures import fixtures, write_fixtures
from tests.crawls import settings_file, source, write_warc
from tests.web_server import Site, article_page, list_page

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "settings.toml"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["sources", *arguments])


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


# The list


def test_every_source_is_one_object(tmp_path: Path) -> None:
    found = lines(call("--settings", str(SHIPPED), "--database", str(tmp_path / "none.db"), "--json"))
    assert [row["id"] for row in found] == [source.id for source in load_settings(SHIPPED).sources]
    wanted = {
        "id",
        "name",
        "kind",
        "region",
        "access",
        "family",
        "enabled",
        "verified",
        "last_success",
        "state",
        "group",
    }
    assert all(row.keys() >= wanted for row in found)
    assert {row["state"] for row in found} == {"new"}


def test_one_group_is_shown_and_an_unknown_one_told(tmp_path: Path) -> None:
    found = lines(call("--settings", str(SHIPPED), "--group", "search", "--json"))
    assert {row["group"] for row in found} == {"search"}
    assert "There are: central, cities" in str(call("--settings", str(SHIPPED), "--group", "x").exception)


# Checking


def check(*arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    result = CliRunner().invoke(
        cli, ["sources", "check", "--settings", str(SHIPPED), "--json", *arguments], standalone_mode=False
    )
    assert result.exception is None, result.exception
    return int(result.return_value or 0), {row["source"]: row for row in lines(result)}


def test_all_bundled_fixtures_are_healthy() -> None:
    code, found = check("--replay")
    assert code == 0
    assert {row["state"] for row in found.values()} == {"healthy"}
    assert len(found) >= 40
    families = {source.family for source in load_settings(SHIPPED).sources if source.id in found and source.family}
    assert len(families) >= 10
    assert found["hubei"] == found["hubei"] | {
        "items": 5, "dated": 5, "newest": "2024-12-31", "fields": ["title", "date", "outlet", "text"], "why": None,
    }  # fmt: skip


def renamed(page: SamplePage) -> SamplePage:
    """The page after a redesign: HTML with other classes, ids and own elements, XML with other elements, JSON with other keys."""
    text, kind = page.body.decode(page.charset), page.headers["Content-Type"]
    if "json" in kind or "javascript" in kind:
        text = re.sub(r'"(\w+)":', r'"neu_\1":', text)
    elif "xml" in kind:
        text = re.sub(r"<(/?)(?![?!])([\w:]+)", r"<\1neu", text)
    else:
        text = re.sub(
            r"""(\b(?:class|id)\s*=\s*["']?)([\w -]+)""",
            lambda m: m[1] + " ".join(f"neu-{n}" for n in m[2].split()),
            text,
        )
        text = re.sub(r"<(/?)ucap(content|title)", r"<\1div", text, flags=re.IGNORECASE)
    return replace(page, body=text.encode(page.charset))


def test_a_redesign_of_any_site_is_told_as_broken(tmp_path: Path) -> None:
    changed = [replace(fixture, pages=tuple(renamed(page) for page in fixture.pages)) for fixture in fixtures()]
    code, found = check("--replay", str(write_fixtures(tmp_path / "new.warc.gz", changed)))
    assert code == 1
    assert len(found) == len(changed)
    assert {name: row["state"] for name, row in found.items() if row["state"] != "broken"} == {}
    assert all(row["why"] for row in found.values())


def test_named_sources_alone_are_checked_also_behind_replay() -> None:
    assert check("hubei", "fujian", "--replay")[1].keys() == {"hubei", "fujian"}
    assert check("--replay", "hubei")[1].keys() == {"hubei"}


def test_a_wall_is_blocked_and_what_the_recording_lacks_is_told(tmp_path: Path) -> None:
    url = "https://www.hubei.gov.cn/zwgk/hbyw/hbywqb/index.shtml"
    path = write_warc(tmp_path / "a.warc.gz", {url: "<script>var _$a=1</script>"}, status="412 Precondition Failed")
    code, found = check("--replay", str(path))
    assert (code, found["hubei"]["state"]) == (0, "blocked")
    result = call("check", "--settings", str(SHIPPED), "--replay", str(path))
    assert "Not in the recording: ccidegov" in result.stderr
    assert "1 source of 1 family: 0 healthy, 1 blocked" in result.stdout


def test_a_live_check_visits_the_site_politely_and_stores_nothing(tmp_path: Path) -> None:
    title = "全省政府网站绩效评估结果公布"
    with Site({"/": list_page({"/a.html": title, "/b.html": "天气预报"}), "/a.html": article_page(title)}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        result = CliRunner().invoke(
            cli, ["sources", "check", "--live", "--settings", str(settings), "--json"], standalone_mode=False
        )
        (row,) = lines(result)
        assert (row["state"], row["items"], row["dated"], row["article"]) == ("healthy", 2, 2, site.url("/a.html"))
        assert [asked.path for asked in site.asked] == ["/robots.txt", "/", "/a.html"]
    assert not list(tmp_path.glob("*.db"))
    assert not list(tmp_path.rglob("*.warc.gz"))


def test_what_robots_txt_forbids_is_blocked_and_not_asked_for(tmp_path: Path) -> None:
    with Site({"/": list_page({"/a.html": "标题"})}, robots="User-agent: *\nDisallow: /\n") as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        (row,) = lines(call("check", "--live", "--settings", str(settings), "--json"))
        assert (row["state"], row["items"]) == ("blocked", 0)
        assert site.paths() == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "nosuch"], "no source 'nosuch'"),
        (["check", "--replay", "nosuch.warc"], "nosuch.warc: no such file"),
        (["check", "--replay", "--live"], "exclude each other"),
        (["add", "saved.html"], "needs its address"),
        (["add", "nosuch.html", "--url", "https://a.example/"], "nosuch.html: No such file"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], says: str) -> None:
    result = call(*arguments[:1], "--settings", str(SHIPPED), *arguments[1:])
    assert says in str(result.exception)
    assert getattr(result.exception, "exit_code", None) == 2


def test_ids_are_completed() -> None:
    from crawler.commands.sources import _complete_source, sources

    command = sources.commands["check"]
    parent = sources.make_context("sources", ["--settings", str(SHIPPED), "check"], resilient_parsing=True)
    context = command.make_context("check", [], parent=parent, resilient_parsing=True)
    assert [item.value for item in _complete_source(context, command.params[0], "gui")] == ["guizhou", "guizhou-search"]


# What a visit says


LISTED = Source(id="a", name="甲", kind="city", access="feed", entry=("https://a.example/",))


def entry(day: str | None) -> Entry:
    from datetime import date

    return Entry("https://a.example/1", "标题", date.fromisoformat(day) if day else None)


def test_a_list_without_the_dates_that_it_should_have_is_broken() -> None:
    assert checked_list(LISTED, [entry("2024-12-30"), entry(None), entry("2024-12-31")]) == Checked(
        "a", "healthy", items=3, dated=2, newest="2024-12-31"
    )
    assert checked_list(LISTED, [entry(None)]).why == "no item has a date"
    assert checked_list(replace(LISTED, access="list"), [entry(None)]).state == "healthy"
    assert checked_list(LISTED, []).state == "quiet"


def test_an_article_that_lacks_a_field_or_its_place_is_broken() -> None:
    good = checked_list(LISTED, [entry("2024-12-30")])
    whole = Article(
        "字" * 50,
        "字" * 50,
        range(51),
        (),
        url="https://a.example/1",
        title="标题",
        published=entry("2024-12-30").published,
    )
    assert checked_article(LISTED, good, whole).fields == ("title", "date", "text")
    assert checked_article(LISTED, good, whole).state == "healthy"
    assert checked_article(LISTED, good, replace(whole, published=None)).why == "the article has no date"
    assert checked_article(LISTED, good, replace(whole, text="短")).why == "the article has no text"
    placed = replace(LISTED, article=ArticleSelectors(body="#zoom"))
    assert checked_article(placed, good, whole).why == "the article has nothing at #zoom"
    assert checked_article(placed, good, replace(whole, notes=("text found by selector",))).state == "healthy"


# Adding


def added(source_id: str, tmp_path: Path) -> dict[str, Any]:
    fixture = next(one for one in fixtures() if one.source == source_id)
    page = fixture.pages[0]
    path = tmp_path / "saved"
    path.write_bytes(page.body)
    (found,) = lines(call("add", str(path), "--url", page.url, "--json"))
    expected = {(item["url"], item["title"]) for item in fixture.items}
    assert {(one["url"], one["title"]) for one in found["entries"]} == expected
    return found


@pytest.mark.parametrize(
    ("source_id", "family"),
    [
        ("hubei", "trs-wcm"), ("wuhan", "trs-wcm"), ("fujian", "trs-wcm"), ("beijing", "trs-wcm"), ("zhejiang", "hanweb"),
        ("shanghai", "shanghai"), ("guangdong", "guangdong"), ("ccidegov", "vsb"), ("dwrh", "dedecms"), ("cnr", "cnr"),
        ("chinacn", "chinacn"), ("sichuan", "ucap"), ("chengdu", "ucap"), ("seoxiehui", "discuz"),
        ("chinanews", "chinanews"), ("xinhua", "xinhua"),
    ],
)  # fmt: skip
def test_a_family_is_recognised_and_needs_five_lines(tmp_path: Path, source_id: str, family: str) -> None:
    found = added(source_id, tmp_path)
    assert found["family"] == family
    assert found["toml"].count("\n") == 5
    path = tmp_path / "settings.toml"
    path.write_text(found["toml"], encoding="utf-8")
    assert load_settings(path).sources[0].family == family


@pytest.mark.parametrize(
    ("source_id", "keys"),
    [
        ("nda", {"access": "list", "list": {"item": "ul.u-list > li", "date": "p"}}),
        ("cac", {"access": "json", "json": {"rows": "list", "title": "topic", "url": "infourl", "date": "pubtime"}}),
        ("wuhu", {"access": "feed"}),
        ("people-map", {"access": "sitemap", "family": "people"}),
    ],
)
def test_without_a_family_selectors_are_proposed(tmp_path: Path, source_id: str, keys: dict[str, Any]) -> None:
    found = added(source_id, tmp_path)
    assert found["source"] == found["source"] | keys
    path = tmp_path / "settings.toml"
    path.write_text(found["toml"], encoding="utf-8")
    assert load_settings(path).sources[0].access == keys["access"]


def test_a_page_that_is_no_list_is_told(tmp_path: Path) -> None:
    path = tmp_path / "saved.html"
    path.write_text("<html><body><p>一段话</p></body></html>", encoding="utf-8")
    assert "holds no list" in str(call("add", str(path), "--url", "https://a.example/").exception)


def test_an_address_is_fetched_with_robots_and_guard(tmp_path: Path) -> None:
    page = next(one for one in fixtures() if one.source == "hubei").pages[0]
    with Site({"/yw/": page.body, "/no/": page.body}, robots="User-agent: *\nDisallow: /no/\n") as site:
        settings = settings_file(tmp_path, [source("s", site.url("/yw/")), source("t", site.url("/no/"))])
        result = call("add", site.url("/yw/"), "--settings", str(settings), "--id", "wuhan", "--name", "武汉")
        assert 'id = "wuhan"\nname = "武汉"' in result.stdout
        assert "trs-wcm" in result.stdout
        assert [asked.path for asked in site.asked] == ["/robots.txt", "/yw/"]
        assert "robots.txt disallows" in str(call("add", site.url("/no/"), "--settings", str(settings)).exception)
        bare = settings_file(tmp_path, [])
        assert "own network" in str(call("add", site.url("/yw/"), "--settings", str(bare)).exception)
        assert "/no/" not in site.paths()


def test_the_proposed_selector_leads_to_the_rows_and_to_nothing_else(tmp_path: Path) -> None:
    rows = "".join(
        f'<li><a href="/x/{n}.php">关于第{n}批示范项目名单的公示公告</a><i>2024-12-{n}</i></li>' for n in range(10, 20)
    )
    menu = '<li><a href="/a/">定期公告的全部列表</a></li><li><a href="/b/">临时公告的全部列表</a></li>'
    path = tmp_path / "saved.html"
    path.write_text(
        f'<html><head><title>公告</title></head><body><ul class="plain">{menu}</ul>'
        f'<div class="right"><ul class="plain">{rows}</ul></div></body></html>',
        encoding="utf-8",
    )
    (found,) = lines(call("add", str(path), "--url", "https://a.example/x/", "--json"))
    assert len(found["entries"]) == 10
    assert found["source"]["list"] == {"item": "div.right li", "date": "i"}


def test_rows_in_a_comment_are_proposed_without_a_selector(tmp_path: Path) -> None:
    rows = "".join(
        f'<li><a href="/x/{n}.php">关于第{n}批示范项目名单的公示</a><i>2024-12-{n}</i></li>' for n in range(10, 15)
    )
    path = tmp_path / "saved.html"
    path.write_text(f"<html><body><div id='list'><!-- <ul>{rows}</ul> --></div></body></html>", encoding="utf-8")
    (found,) = lines(call("add", str(path), "--url", "https://a.example/x/", "--json"))
    assert len(found["entries"]) == 5
    assert found["source"].keys() == {"id", "name", "kind", "entry", "access"}
