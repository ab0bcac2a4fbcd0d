"""The sample web: its recordings, its traps, and what reading and extraction must make of every article."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from parsel import Selector
from warcio.archiveiterator import ArchiveIterator

import samples
from crawler.config import Source, load_settings
from crawler.items import Article, Entry, Evaluation, Extraction, Page, Result
from crawler.spiders.stages import read_article, read_feed, read_html_list, read_json_list
from samples import NIGHTS, SamplePage, night_pages, settings_path, write_recordings
from storage.articles import Arrival, store_article
from storage.database import open_store
from storage.runs import start_run

WEB = Path(samples.__file__).parent / "web"
EXPECTED: dict[str, Any] = tomllib.loads((WEB.parent / "expected.toml").read_text(encoding="utf-8"))
ARTICLES: list[dict[str, Any]] = EXPECTED["articles"]
SETTINGS = load_settings(settings_path())


@cache
def web(night: str) -> dict[str, SamplePage]:
    return {page.url: page for page in night_pages(night)}


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


# Recordings


def test_recordings_hold_every_page_and_are_the_same_each_time(tmp_path: Path) -> None:
    first, again = write_recordings(tmp_path / "a"), write_recordings(tmp_path / "b")
    assert [path.name for path in first] == ["night1.warc.gz", "night2.warc.gz"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    for path, night in zip(first, NIGHTS, strict=True):
        with path.open("rb") as file:
            recorded = {
                record.rec_headers.get_header("WARC-Target-URI"): (
                    int(record.http_headers.get_statuscode()),
                    record.rec_headers.get_header("WARC-Date"),
                    record.content_stream().read(),
                )
                for record in ArchiveIterator(file, check_digests="raise")
            }
        assert recorded == {
            page.url: (page.status, page.fetched.strftime("%Y-%m-%dT%H:%M:%SZ"), page.body)
            for page in night_pages(night)
        }


def test_every_file_is_named_by_a_manifest_and_every_address_once() -> None:
    named = set()
    for night in NIGHTS:
        manifest = tomllib.loads((WEB / night / "manifest.toml").read_text(encoding="utf-8"))
        addresses = [page["url"] for page in manifest["pages"]]
        assert len(addresses) == len(set(addresses))
        named |= {page["file"] for page in manifest["pages"]}
    there = {path.relative_to(WEB).as_posix() for path in WEB.rglob("*") if path.is_file()}
    assert there - {f"{night}/manifest.toml" for night in NIGHTS} == named


def test_hosts_are_reserved_names() -> None:
    hosts = {host(url) for night in NIGHTS for url in web(night)}
    assert len(hosts) == 8
    assert all(name.endswith(".example") for name in hosts)  # RFC 2606 §2: nobody can ever run them
    assert hosts == {host(source.entry[0]) for source in SETTINGS.sources}


def test_second_night_changes_only_lists_and_adds_four_articles() -> None:
    first, second = web("night1"), web("night2")
    assert first.keys() <= second.keys()
    entries = {entry for source in SETTINGS.sources for entry in source.entry}
    assert {url for url in first if first[url].body != second[url].body} < entries
    assert second.keys() - first.keys() == {article["url"] for article in ARTICLES if article["night"] == 2}


# Traps


def test_gbk_pages_say_gb2312_and_do_not_fit_it() -> None:
    pages = [page for page in night_pages("night1") if page.charset == "gbk"]
    assert len(pages) == 7
    assert all(b"charset=gb2312" in page.body and "charset" not in page.headers["Content-Type"] for page in pages)
    reprint = web("night1")["http://www.egov.example/a/pinggu/2020/1216/5001.html"].body
    with pytest.raises(UnicodeDecodeError):
        reprint.decode("gb2312")
    assert "硚口区" in reprint.decode("gb18030")


@pytest.mark.parametrize("night", NIGHTS)
def test_robots_allow_all_but_the_forbidden_page(night: str) -> None:
    pages = web(night)
    for url in pages:
        robots = RobotFileParser()
        robots.parse(pages[urljoin(url, "/robots.txt")].body.decode().splitlines())
        assert robots.can_fetch("evalwatch", url) is (url not in EXPECTED["forbidden"])
    assert set(EXPECTED["forbidden"]) < pages.keys()


def test_a_reprint_repeats_its_original() -> None:
    reprints = [article for article in ARTICLES if "copy_of" in article]
    assert len(reprints) == 2
    for article in reprints:
        pages = web(f"night{article['night']}")
        copy, original = pages[article["url"]], pages[article["copy_of"]]
        words = [
            text.strip()
            for text in Selector(original.body.decode()).css(".TRS_UEDITOR p::text, UCAPCONTENT p::text").getall()
        ]
        assert len(words) >= 4
        assert all(text in copy.body.decode(copy.charset) for text in words)


# Expectations


def test_expectations_are_well_formed() -> None:
    assert len({article["url"] for article in ARTICLES}) == len(ARTICLES) >= 18
    for article in ARTICLES:
        told = article.get("told", [])
        assert bool(told) is (article["kind"] == "results")
        for group in told:
            assert set(group) <= {"series", "year", "group", "subject", "implied", "change", "results"}
            assert ("change" in group) is (article["night"] == 2)
            assert all(kind in {"rank", "score", "grade", "award", "improved"} for _, kind, _ in group["results"])
    changes = {group["change"] for article in ARTICLES for group in article.get("told", []) if "change" in group}
    assert changes == {"new", "corroborated", "refined", "disputed"}


# Reading and extraction


def page_of(url: str, night: str) -> Page:
    page = web(night)[url]
    headers = {name.lower(): value for name, value in page.headers.items()}
    return Page(url, page.status, headers, page.body, page.fetched)


def source_of(url: str) -> Source:
    return next(source for source in SETTINGS.sources if host(source.entry[0]) == host(url))


@cache
def entries(source_id: str, night: str) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """What the source's list pages of that night hold, by address: worth fetching, and off the topic."""
    source = SETTINGS.source(source_id)
    assert source is not None
    read = {"list": read_html_list, "feed": read_feed, "json": read_json_list}[source.access]
    relevant: dict[str, Entry] = {}
    others: dict[str, Entry] = {}
    url: str | None = source.entry[0]
    number = 1
    while url in web(night):  # a pattern runs on to a page that is not there
        listed = read(page_of(url, night), source, source.entry[0], number)
        relevant |= {entry.url: entry for entry in listed.relevant}
        others |= {entry.url: entry for entry in listed.others}
        url, number = listed.next_url, number + 1
    return relevant, others


@cache
def reading(url: str, night: str) -> tuple[Article, Extraction]:
    """The article that begins at that address, all its pages read, and what it says."""
    source = source_of(url)
    entry = entries(source.id, night)[0].get(url) or Entry(url, "")
    earlier: tuple[Article, ...] = ()
    seen: tuple[str, ...] = ()
    while True:
        seen = (*seen, url)
        result = read_article(page_of(url, night), source, entry, earlier, seen, is_last=False)
        if result.extraction is not None:
            return result.article, result.extraction
        assert result.article.next_url is not None
        earlier, url = (*earlier, result.article), result.article.next_url


def value_of(result: Result) -> str:
    """The outcome as expected.toml writes it."""
    if result.kind == "rank":
        return f"top {result.top}" if result.rank is None else f"{result.rank}{' tied' if result.tied else ''}"
    if result.kind == "award":
        return ": ".join(bare(words) for words in (result.award, result.work) if words)
    return "yes" if result.kind == "improved" else str(getattr(result, result.kind))


def bare(words: str) -> str:
    return words.translate(str.maketrans("", "", "“”"))


def fact_of(evaluation: Evaluation, result: Result) -> tuple[Any, ...]:
    return (
        evaluation.series, evaluation.year, result.group, result.subject, result.entity, result.kind, value_of(result),
    )  # fmt: skip


def expected_facts(article: dict[str, Any], *more: str) -> list[tuple[Any, ...]]:
    """The facts an article must yield, behind them the values of `more` keys."""
    return [
        (group["series"], group["year"], group["group"], group["subject"], *result, *(group[key] for key in more))
        for group in article.get("told", [])
        if not group.get("implied")
        for result in group["results"]
    ]


def fits(found: tuple[Any, ...], wanted: tuple[Any, ...]) -> bool:
    return all(
        left == right or (isinstance(right, str) and left in right.split("|"))
        for left, right in zip(found, wanted, strict=True)
    )


def difference(found: list[tuple[Any, ...]], wanted: list[tuple[Any, ...]]) -> tuple[list[Any], list[Any]]:
    """What is missing and what is too much."""
    missing = [fact for fact in wanted if not any(fits(other, fact) for other in found)]
    return missing, [fact for fact in found if not any(fits(fact, other) for other in wanted)]


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("source", SETTINGS.sources, ids=lambda source: source.id)
def test_lists_lead_to_the_expected_articles(source: Source, night: str) -> None:
    here = host(source.entry[0])
    listed = [a for a in ARTICLES if host(a["url"]) == here and a["night"] <= int(night[-1])]
    relevant, others = entries(source.id, night)
    wanted = {a["url"] for a in listed if "listed_only" not in a}
    assert relevant.keys() == wanted | {url for url in EXPECTED["forbidden"] if host(url) == here}
    assert others.keys() == {a["url"] for a in listed if "listed_only" in a}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["url"].rpartition("/")[2])
def test_what_an_article_says_of_itself(article: dict[str, Any]) -> None:
    found, _ = reading(article["url"], f"night{article['night']}")
    assert found.title == article["title"]
    assert found.outlet == article.get("outlet")
    assert found.published is not None
    assert found.published.isoformat() == article["published"]
    assert found.origin == article.get("origin")


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["url"].rpartition("/")[2])
def test_what_an_article_says_of_evaluations(article: dict[str, Any]) -> None:
    read, extraction = reading(article["url"], f"night{article['night']}")
    found = [fact_of(evaluation, result) for _, evaluation, result in extraction.facts() if not result.implied]
    assert difference(found, expected_facts(article)) == ([], [])
    assert max(Counter(found).values(), default=1) == 1
    assert extraction.kind in article["kind"].split("|")
    assert all(result.evidence in read.text for result in extraction.results)


def test_what_the_second_night_changes(tmp_path: Path) -> None:
    now = datetime(2020, 12, 18, 6, 30, tzinfo=UTC)
    with open_store(tmp_path / "test.db") as store:
        run = start_run(store, night=now.date(), now=now, replay=True)
        for article in ARTICLES:
            read, extraction = reading(article["url"], f"night{article['night']}")
            arrival = Arrival(
                source_of(article["url"]).id,
                run,
                now.date(),
                read,
                extraction,
                article["night"] == 1,
                now,
                lambda _: (),
            )
            changes = [(*fact_of(c.evaluation, c.result), c.kind) for c in store_article(store, arrival)]
            if article["night"] == 2:
                assert difference(changes, expected_facts(article, "change")) == ([], [])
        clusters = store.rows(
            "SELECT group_concat(url, ' ') AS urls FROM articles GROUP BY cluster HAVING count(*) > 1"
        )
    copies = {frozenset((a["url"], a["copy_of"])) for a in ARTICLES if "copy_of" in a}
    assert {frozenset(cluster["urls"].split()) for cluster in clusters} == copies
