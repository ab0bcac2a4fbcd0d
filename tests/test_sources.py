"""The shipped sources, and what is read from the fixture of each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.asking import asked_of, entries_of, unwrapped, word_of
from crawler.config import Asking, JsonPaths, Search, Settings, Source, load_settings
from crawler.errors import DocumentError, SettingsError
from crawler.items import Article, Entry, Page
from crawler.spiders.check import READERS
from crawler.spiders.stages import Listed, read_article, read_search
from samples import SamplePage
from samples.fixtures import Fixture, fixtures

SETTINGS = load_settings(Path(__file__).parents[1] / "settings.toml")
FIXTURES = {fixture.source: fixture for fixture in fixtures()}
DAY = date(2025, 1, 3)
EACH = pytest.mark.parametrize("fixture", FIXTURES.values(), ids=lambda fixture: fixture.source)


def source_of(fixture: Fixture) -> Source:
    source = SETTINGS.source(fixture.source)
    assert source is not None
    return source


def page_of(sample: SamplePage) -> Page:
    headers = {name.lower(): value for name, value in sample.headers.items()}
    return Page(sample.url, sample.status, headers, sample.body, sample.fetched)


def listed(fixture: Fixture) -> Listed:
    source = source_of(fixture)
    entry = entries_of(source, SETTINGS.search, DAY)[0]
    return READERS[source.access](page_of(fixture.pages[0]), source, entry, 1)


def test_there_are_forty_sources_of_ten_families_each_with_its_evidence_and_its_fixture() -> None:
    assert len(SETTINGS.sources) >= 40
    assert len({source.family for source in SETTINGS.sources if source.family}) >= 10
    assert all(source.evidence and source.group for source in SETTINGS.sources)
    assert not any(source.verified for source in SETTINGS.sources)
    assert {source.id for source in SETTINGS.sources} == FIXTURES.keys()
    assert {source.access for source in SETTINGS.sources} == {"list", "feed", "sitemap", "json", "search"}


def test_the_starter_set_is_small_and_holds_no_source_without_evidence() -> None:
    starters = [source.id for source in SETTINGS.sources if source.enabled]
    assert 5 <= len(starters) <= 12
    hosts = " ".join(entry for source in SETTINGS.sources for entry in source.entry)
    assert not any(name in hosts for name in ("cstc.org.cn", "ccps.gov.cn", "tsinghua", "west.cn"))


def switched(folder: Path, line: str) -> Settings:
    path = folder / "settings.toml"
    rows = "".join(
        f'[[sources]]\nid = "{name}"\nname = "某"\nkind = "city"\naccess = "feed"\nentry = ["https://a.example/"]\n{keys}\n'
        for name, keys in (("a", 'group = "x"'), ("b", 'group = "y"'), ("c", ""), ("d", 'group = "x"\nenabled = false'))
    )
    path.write_text(f"{line}\n{rows}", encoding="utf-8")
    return load_settings(path)


@pytest.mark.parametrize(
    ("line", "on"),
    [("", {"c"}), ('enabled_groups = ["x"]', {"a", "c"}), ('enabled_groups = ["x", "y"]', {"a", "b", "c"})],
)
def test_a_group_is_switched_on_by_one_word(tmp_path: Path, line: str, on: set[str]) -> None:
    assert {source.id for source in switched(tmp_path, line).sources if source.enabled} == on


def test_an_unknown_group_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"settings\.toml:1: enabled_groups names the unknown group 'z'"):
        switched(tmp_path, 'enabled_groups = ["z"]')


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ('access = "search"\nentry = ["https://a.example/"]', "{word} do not go together"),
        ('access = "feed"\nentry = ["https://a.example/?q={word}"]', "{word} do not go together"),
        ('access = "json"\nentry = ["https://a.example/"]\njson = { rows = "a" }', "has no title and url"),
        ('access = "list"\nentry = ["https://a.example/"]\nrequest = { form = { a = "b" }, json = { a = 1 } }', "has both form and json"),
        ('access = "list"\nentry = ["https://a.example/"]\nlist = { address = "(" }', "is no regular expression"),
    ],
)  # fmt: skip
def test_keys_that_do_not_go_together_are_told(tmp_path: Path, keys: str, says: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f'[[sources]]\nid = "a"\nname = "某"\nkind = "city"\n{keys}\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=says.replace("{", r"\{")):
        load_settings(path)


@EACH
def test_the_list_of_a_fixture_yields_its_items(fixture: Fixture) -> None:
    found = {entry.url: entry for entry in (*listed(fixture).relevant, *listed(fixture).others)}
    expected = [(item["url"], item["title"], item.get("date")) for item in fixture.items]
    got = [
        (url, found[url].title, published.isoformat() if (published := found[url].published) else None) for url in found
    ]
    assert sorted(got) == sorted(expected)


def article_of(fixture: Fixture) -> Article:
    pages = {page.url: page for page in fixture.pages}
    entry = next(entry for entry in listed(fixture).relevant if entry.url == fixture.article["url"])
    earlier: tuple[Article, ...] = ()
    seen: tuple[str, ...] = ()
    url: str | None = entry.url
    while url is not None:
        seen = (*seen, url)
        reading = read_article(page_of(pages[url]), source_of(fixture), entry, earlier, seen, is_last=False)
        if reading.extraction is not None:
            return reading.article
        earlier, url = (*earlier, reading.article), reading.article.next_url
    raise AssertionError(fixture.source)


@EACH
def test_the_article_of_a_fixture_has_its_fields(fixture: Fixture) -> None:
    article, expected = article_of(fixture), fixture.article
    assert article.title == expected["title"]
    assert article.published is not None
    assert article.published.isoformat() == expected["published"]
    assert article.outlet == expected.get("outlet")
    assert expected["words"] in article.text
    assert "#FormatImgID" not in (article.title or "")


def body_of(source_id: str, number: int = 0) -> str:
    page = FIXTURES[source_id].pages[number]
    return page.body.decode(page.charset)


def test_the_traps_are_in_the_fixtures() -> None:
    assert body_of("zhejiang").count("<record><![CDATA[") == 5
    assert "2024-12-\n31" in body_of("zhejiang")
    assert body_of("wuhan").count("document.writeln") == 18
    assert body_of("wuhan").count("t20241231_2512001.shtml") == 2
    assert body_of("shanghai").count("<!-- <li>") == 5
    assert "(15, 1, 0," in body_of("beijing")
    assert "<span>(12-31)</span>" in body_of("fujian")
    assert "<span>12-31</span>" in body_of("guizhou")
    assert len(body_of("hubei", 1)) < 600
    assert "apiclick.aspx" in body_of("bing-news")
    assert "link.do?url=" in body_of("zhejiang-search")
    for name, number in (("dwrh", 0), ("dwrh", 1), ("chinanews", 0), ("people", 1), ("people-search", 3)):
        page = FIXTURES[name].pages[number]
        assert page.charset == "gbk"
        with pytest.raises(UnicodeDecodeError):
            page.body.decode("utf-8")


# Asking


def wide(**more: Any) -> Source:
    keys: dict[str, Any] = {"entry": ("https://a.example/s?q={word}",), "keywords": ("绩效 评估", "b")}
    return Source(**({"id": "a", "name": "甲", "kind": "search", "access": "search"} | keys | more))


def test_a_search_asks_once_for_each_keyword_its_own_or_those_of_all() -> None:
    first, second = entries_of(wide(), Search(), DAY)
    assert first.startswith("https://a.example/s?q=%E7%BB%A9%E6%95%88%20%E8%AF%84%E4%BC%B0#")
    assert (word_of(first), word_of(second)) == ("绩效 评估", "b")
    assert asked_of(wide(), first, first, DAY, {}).url == first.partition("#")[0]
    assert len(entries_of(wide(keywords=()), Search(("x", "y", "z")), DAY)) == 3


def test_words_and_days_stand_in_forms_json_and_headers() -> None:
    asking: dict[str, Any] = {
        "form": {"q": "{word}", "day": "{date:%Y%m%d}"},
        "headers": {"X-A": "b"},
        "headers_env": {"X-Key": "KEY"},
    }
    source = wide(entry=("https://a.example/s",), request=Asking(**asking))
    entry = entries_of(source, Search(), DAY)[0]
    asked = asked_of(source, entry, entry, DAY, {"KEY": "secret"})
    assert asked.method == "POST"
    assert asked.body == b"q=%E7%BB%A9%E6%95%88+%E8%AF%84%E4%BC%B0&day=20250103"
    assert (asked.headers["X-A"], asked.headers["X-Key"]) == ("b", "secret")
    with pytest.raises(SettingsError, match="KEY is not set"):
        asked_of(source, entry, entry, DAY, {})
    deep = wide(
        entry=("https://a.example/s",), request=Asking(json={"a": [{"w": "{word}"}], "from": "{ms:-1}", "n": 1})
    )
    body = asked_of(deep, entry, entry, DAY, {}).body.decode()
    assert body == '{"a": [{"w": "绩效 评估"}], "from": 1735747200000, "n": 1}'


def test_an_address_that_names_the_day_has_that_of_the_night() -> None:
    source = wide(access="list", entry=("https://a.example/{date:%Y/%m%d}/",))
    assert entries_of(source, Search(), DAY) == ("https://a.example/2025/0103/",)


@pytest.mark.parametrize(
    ("url", "real"),
    [
        ("https://so.example/link?url=https%3A%2F%2Fb.example%2F1&x=2", "https://b.example/1"),
        ("https://so.example/link?url=javascript:alert(1)", "https://so.example/link?url=javascript:alert(1)"),
        ("https://b.example/1", "https://b.example/1"),
    ],
)
def test_only_a_wrapped_web_address_is_unwrapped(url: str, real: str) -> None:
    assert unwrapped(url, "url") == real


ROWS = JsonPaths(rows="rows", title="t", url="u")


def answer(rows: str) -> Page:
    return Page("https://a.example/s", 200, {}, f'{{"rows": {rows}}}'.encode(), FIXTURES["hubei"].pages[0].fetched)


def test_a_search_may_find_nothing_but_not_something_else() -> None:
    source = wide(json=ROWS)
    entry = entries_of(source, Search(), DAY)[0]
    assert read_search(answer("[]"), source, entry, 1).relevant == ()
    row = '[{"t": "全省绩效考核", "u": "/1"}]'
    assert read_search(answer(row), source, entry, 1).others == (Entry("https://a.example/1", "全省绩效考核"),)
    with pytest.raises(DocumentError, match="answers something else"):
        read_search(answer('[{"t": "天气预报", "u": "/1"}]'), source, entry, 1)
    with pytest.raises(DocumentError, match="rows without title and address"):
        read_search(answer('[{"x": "全省绩效考核"}]'), source, entry, 1)


def test_words_of_a_list_make_a_title_relevant() -> None:
    source = wide(kind="city", access="json", entry=("https://a.example/",), keywords=("雪",), json=ROWS)
    found = read_search(answer('[{"t": "今年首场雪", "u": "/1"}, {"t": "天气预报", "u": "/2"}]'), source, "", 1)
    assert [entry.url for entry in found.relevant] == ["https://a.example/1"]


def test_a_hanweb_column_goes_on_behind_its_next_group() -> None:
    fixture = FIXTURES["zhejiang"]
    entry = entries_of(source_of(fixture), SETTINGS.search, DAY)[0]
    following = listed(fixture).next_url
    assert following == fixture.pages[1].url
    second = READERS["list"](page_of(fixture.pages[1]), source_of(fixture), entry, 2)
    assert [entry.title for entry in second.others] == [
        "浙江省开展冬季供暖检查",
        "浙江省公布湿地名录",
        "浙江省部署春运准备",
    ]
    assert all(entry.published is not None for entry in second.others)
    assert second.next_url is None
