"""Families of sites are data: presets behind a source, recognised by their addresses, the same that reading knows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crawler.config import ArticleSelectors, Family, Settings, Source, families, load_settings
from crawler.errors import SettingsError
from crawler.read import body
from samples.fixtures import fixtures
from tests.crawls import crawl
from tests.web_server import Site, article_page

NAMED = {
    "trs-wcm", "ucap", "hanweb", "vsb", "webplus", "dedecms", "guangdong", "shanghai", "people", "xinhua", "chinacn",
    "eastmoney", "wechat",
}  # fmt: skip


def load(folder: Path, text: str) -> Settings:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def only_source(folder: Path, text: str) -> Source:
    return load(folder, text).sources[0]


def five_lines(entry: str, family: str = "trs-wcm") -> str:
    return f'[[sources]]\nid = "a"\nname = "某市"\nkind = "city"\nfamily = "{family}"\nentry = ["{entry}"]\n'


def test_the_named_families_are_there_with_traps_and_presets() -> None:
    assert families().keys() >= NAMED
    assert all(family.traps and family.source.get("access") for family in families().values())


@pytest.mark.parametrize("family", families().values(), ids=lambda family: family.id)
def test_a_preset_makes_a_valid_record(tmp_path: Path, family: Family) -> None:
    access = str(family.source["access"])
    entry = "https://a.example/?q={word}" if access == "search" else "https://a.example/"
    more = 'json = { rows = "rows", title = "t", url = "u" }\n' if access == "json" else ""
    source = only_source(tmp_path, five_lines(entry, family.id) + more)
    assert source.access == access
    for pattern in (*family.addresses, *family.marks):
        re.compile(pattern)


def test_what_a_source_says_wins_key_by_key(tmp_path: Path) -> None:
    text = five_lines("https://a.example/", "chinacn") + 'article = { title = "h2" }\nlist = { item = "ul.x li" }\n'
    source = only_source(tmp_path, text)
    assert source.article.title == "h2"
    assert source.article.body == families()["chinacn"].source["article"]["body"]
    assert source.list is not None
    assert (source.list.item, source.list.address) == ("ul.x li", None)


def test_a_table_in_a_table_is_merged_too(tmp_path: Path) -> None:
    text = (
        five_lines("https://a.example/irs/front/search", "trs-irs") + '[sources.request]\njson = { tenantId = "1" }\n'
    )
    request = only_source(tmp_path, text).request
    assert request is not None
    assert request.json is not None
    assert request.json["tenantId"] == "1"
    assert request.json["searchWord"] == "{word}"


def test_without_a_selector_rows_are_told_by_the_addresses_of_the_family(tmp_path: Path) -> None:
    source = only_source(tmp_path, five_lines("https://a.example/"))
    assert source.list is not None
    assert source.list.address == "|".join(families()["trs-wcm"].addresses)
    assert source.article == ArticleSelectors(body=families()["trs-wcm"].source["article"]["body"])


def test_an_unknown_family_is_told_with_file_key_line_and_the_known_names(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, "# first\n" + five_lines("https://a.example/", "trs-wmc"))
    message = str(caught.value)
    assert "settings.toml:6: sources[0].family names the unknown family 'trs-wmc'. Did you mean 'trs-wcm'?" in message
    assert all(name in message for name in NAMED)


def test_a_family_that_says_nothing_of_access_leaves_it_to_the_source(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"sources\[0\]\.access is missing"):
        load(tmp_path, five_lines("https://a.example/").replace('family = "trs-wcm"\n', ""))


def test_reading_knows_the_same_containers() -> None:
    table: dict[str, tuple[int, str]] = dict(body._families())
    assert table["#ucap-content"][1] == families()["ucap"].name
    assert table["^vsb_content"][1] == families()["vsb"].name
    held: set[Any] = {name for _, name in table.values()}
    assert held <= {family.name for family in families().values()}


def test_the_articles_of_the_fixtures_have_the_addresses_of_their_families() -> None:
    path = Path(__file__).parents[1] / "settings.toml"
    chosen = {source.id: source for source in load_settings(path).sources}
    compared = 0
    for fixture in fixtures():
        source = chosen[fixture.source]
        family = families().get(source.family or "")
        # sites that keep no date in their addresses, and searches, which lead anywhere
        if family is None or not family.addresses or source.id in {"guangxi", "sogou-wx"}:
            continue
        compared += 1
        assert any(re.search(pattern, fixture.article["url"]) for pattern in family.addresses), source.id
    assert compared > 20


def test_an_ordinary_site_is_five_lines(tmp_path: Path) -> None:
    title = "某市政府网站绩效评估迎检工作启动"
    rows = "".join(
        f'<li><a href="./202412/t202412{day}_100{day}.html">{title}{day}</a><i>2024-12-{day}</i></li>'
        for day in (10, 11, 12)
    )
    page = f'<html><head><title>要闻</title></head><body><div><a href="/about.html">关于我们的介绍页面</a></div><ul>{rows}</ul></body></html>'
    with Site({"/yw/": page}) as site:
        for day in (10, 11, 12):
            site.routes[f"/yw/202412/t202412{day}_100{day}.html"] = article_page(f"{title}{day}").replace(
                'class="content"', 'class="TRS_Editor"'
            )
        path = tmp_path / "settings.toml"
        fetch = '[fetch]\ncontact = "mailto:test@localhost"\ndelay_s = 0.0\n'
        path.write_text(fetch + five_lines(site.url("/yw/")) + 'local_hosts = ["127.0.0.1"]\n', encoding="utf-8")
        assert len(tomllib.loads(five_lines(""))["sources"][0]) == 5
        found = crawl(path)
        assert len(found.articles()) == 3, found.log
        assert "/about.html" not in site.paths()
