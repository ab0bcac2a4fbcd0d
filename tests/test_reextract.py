"""Stored pages read again: what differs is shown before it is written, and only readings change."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

import samples
from crawler.commands import cli
from crawler.config import Source
from crawler.errors import AlreadyRunning, DocumentError, UsageError
from crawler.items import Article, Entry, Extraction, Page
from crawler.read import normalise
from crawler.spiders.again import Kept, Reread, read_again
from storage.database import Store, open_store
from storage.rereading import difference, stored_article
from storage.review.deciding import Deciding, decide
from storage.rewriting import rewrite_article
from tests.crawls import crawl, rows, settings_file, source
from tests.nights import CONTENT, content, run_night, sample_settings
from tests.office import xlsx_of
from tests.store_samples import NOW
from tests.web_server import Answer, Site, article_page, list_page

KEPT_STILL = {name: sql for name, sql in CONTENT.items() if name != "results"}


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which both sample nights were run."""
    folder = tmp_path_factory.mktemp("nights")
    settings = sample_settings(folder)
    for recording in samples.write_recordings(folder):
        run_night(folder, settings, folder / "demo.db", recording)
    return folder


@pytest.fixture
def folder(nights: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    for name in ("settings.toml", "night1.warc.gz", "night2.warc.gz"):
        (tmp_path / name).write_bytes((nights / name).read_bytes())
    with closing(sqlite3.connect(nights / "demo.db")) as one, closing(sqlite3.connect(tmp_path / "demo.db")) as other:
        one.backup(other)
    return tmp_path


def reextract(folder: Path, *arguments: str, archived: bool = True) -> Result:
    options = ["--settings", str(folder / "settings.toml"), "--database", str(folder / "demo.db")]
    for name in ("night1.warc.gz", "night2.warc.gz") if archived else ():
        options += ["--archive", str(folder / name)]
    return CliRunner().invoke(cli, ["reextract", *options, *arguments], standalone_mode=False)


def told(folder: Path, *arguments: str, archived: bool = True) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The articles that differ, and the sums."""
    ended = reextract(folder, "--json", *arguments, archived=archived)
    assert ended.exception is None, ended.output
    *articles, last = map(json.loads, ended.stdout.splitlines())
    return articles, last["sums"]


def misread(store: Store, change: Callable[[Extraction], Extraction]) -> str:
    """Make the database as if older rules had read the article with most results otherwise; returns its id."""
    identity: str = store.value("SELECT article FROM mentions GROUP BY article ORDER BY count(*) DESC, article LIMIT 1")
    stored = stored_article(store, identity, normalise)
    assert stored.article is not None
    said = read_again(Kept(identity, Entry("", ""), stored.article, None)).extraction
    rewrite_article(store, identity, stored.article, change(said), datetime(2026, 1, 2, tzinfo=UTC))
    return identity


def older(said: Extraction) -> Extraction:
    """One result fewer, one with another value, and one that is none."""
    _, second, *others = said.results
    ghost = replace(second, entity="海南省/三沙市", code=None)
    return replace(said, results=(replace(second, rank=77, tied=False, top=None, score=None), ghost, *others))


@pytest.mark.parametrize("archived", [True, False])
def test_with_the_same_rules_nothing_differs(folder: Path, *, archived: bool) -> None:
    articles, sums = told(folder, archived=archived)
    assert articles == []
    assert sums["to_write"] == sums["failed"] == 0
    assert sums["from_pages" if archived else "from_stored_text"] == len(content(folder / "demo.db")["articles"]) > 15


def test_what_other_rules_read_is_shown_and_not_written(folder: Path) -> None:
    with open_store(folder / "demo.db") as store:
        identity = misread(store, older)
    before = (folder / "demo.db").read_bytes()
    (article,), sums = told(folder)
    assert (article["article"], article["read_from"]) == (identity, "pages")
    assert (sums["added"], sums["lost"], sums["changed"], sums["differ"]) == (1, 1, 1, 1)
    changes = {fact["what"]: fact for fact in article["facts"]}
    assert changes["changed"]["before"]["outcome"] == "第77名"
    assert changes["changed"]["after"]["outcome"] != "第77名"
    assert changes["added"]["after"]["words"]
    assert (changes["lost"]["entity"], changes["lost"]["after"]) == ("海南省/三沙市", None)
    assert sum(counts["changed"] for counts in sums["rules"].values() if "changed" in counts) >= 1
    assert (folder / "demo.db").read_bytes() == before
    shown = reextract(folder).stdout
    assert "~ 第77名 → " in shown
    assert "Nothing was written" in shown


@pytest.mark.parametrize("archived", [True, False])
def test_applied_the_database_is_as_if_read_so_at_once(folder: Path, *, archived: bool) -> None:
    sound = content(folder / "demo.db")
    with open_store(folder / "demo.db") as store:
        identity = misread(store, older)
        seen = _first_seen(store, identity)
    assert content(folder / "demo.db") != sound
    assert told(folder, "--apply", "--yes", archived=archived)[1]["written"] == 1
    mended = content(folder / "demo.db")
    ghosts = [row for row in mended["results"] if row[1] == "海南省/三沙市"]
    assert [row[-2] for row in ghosts] == ["withdrawn"]
    assert [row for row in mended["results"] if row not in ghosts] == sound["results"]
    assert {name: mended[name] for name in KEPT_STILL} == {name: sound[name] for name in KEPT_STILL}
    with open_store(folder / "demo.db") as store:
        now = _first_seen(store, identity)
        assert {mention: now[mention] for mention in seen.keys() & now.keys()} == {
            mention: seen[mention] for mention in seen.keys() & now.keys()
        }
        assert len(seen.keys() & now.keys()) == len(now) - 2
        assert store.value("SELECT changed FROM articles WHERE id = ?", identity) is None
    again_told, sums = told(folder, "--apply", "--yes", archived=archived)
    assert (again_told, sums["to_write"], sums["written"]) == ([], 0, 0)


def _first_seen(store: Store, identity: str) -> dict[str, str]:
    rows = store.rows("SELECT id, first_seen FROM mentions WHERE article = ?", identity)
    return {row["id"]: row["first_seen"] for row in rows}


def test_nobody_is_alerted_and_last_night_has_nothing_new(folder: Path) -> None:
    with open_store(folder / "demo.db") as store:
        misread(store, older)
        last_night = store.rows("SELECT fact_key FROM results_last_night")
    told(folder, "--apply", "--yes")
    with open_store(folder / "demo.db") as store:
        assert store.value("SELECT count(*) FROM alerts WHERE state = 'open'") == 0
        assert store.rows("SELECT fact_key FROM results_last_night") == last_night


def test_decisions_survive(folder: Path) -> None:
    by = Deciding("王芳", date(2026, 1, 1), NOW, lambda _change: ())
    with open_store(folder / "demo.db") as store:
        fact = store.value("SELECT fact_key FROM results WHERE status = 'disputed'")
        decide(store, fact, "accepted", "第10名", reason=None, deciding=by)
        state = store.rows("SELECT * FROM results WHERE fact_key = ?", fact)
        article = store.value("SELECT article FROM mentions WHERE result = ? AND rank = 10", fact)
        stored = stored_article(store, article, normalise)
        assert stored.article is not None
        rewrite_article(store, article, stored.article, Extraction("related"), NOW)
        assert store.rows("SELECT * FROM results WHERE fact_key = ?", fact) != state
    (difference_told,), _ = told(folder, "--apply", "--yes")
    assert "accepted" in [change["decided"] for change in difference_told["facts"]]
    with open_store(folder / "demo.db") as store:
        after = store.rows("SELECT * FROM results WHERE fact_key = ?", fact)
    assert after == state
    assert (after[0]["rank"], after[0]["decided"], after[0]["status"]) == (10, "accepted", "single")


def test_a_decision_stays_through_nights_and_is_told_once(folder: Path) -> None:
    database, settings = folder / "demo.db", folder / "settings.toml"
    (fact,) = [row["fact_key"] for row in reviewed(folder)]
    decided = reviewed(folder, fact[:8], "--accept", "--value", "第10名")
    assert decided[0]["told"] == ["everything"]
    for night in ("night2", "night1"):
        run_night(folder, settings, database, folder / f"{night}.warc.gz")
    assert reviewed(folder) == []
    told_of_it = [line for line in (folder / "alerts.jsonl").read_text(encoding="utf-8").splitlines() if fact in line]
    assert len(told_of_it) == 1
    assert "人工核对" in told_of_it[0]
    (row,) = reviewed(folder, fact)
    assert (row["outcome"], row["status"], row["decided"]) == ("第10名", "single", "accepted")


def reviewed(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """What `evalwatch review --json` prints."""
    options = ["--settings", str(folder / "settings.toml"), "--database", str(folder / "demo.db"), "--json"]
    ended = CliRunner().invoke(cli, ["review", *arguments, *options], standalone_mode=False)
    assert ended.exception is None, ended.output
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_what_is_owed_loses_what_nobody_states(folder: Path) -> None:
    """A message that is not yet written does not tell what a better reading has found wrong."""
    with open_store(folder / "demo.db") as store, store.writing():
        identity = misread(store, older)
        ghost = store.value("SELECT fact_key FROM results WHERE entity = '海南省/三沙市'")
        store.execute("INSERT INTO alerts (id, subscription, night, number, state, created) VALUES ('m', 'all', '2026-01-01', 9, 'open', 'x')")  # fmt: skip
        store.execute("INSERT INTO alert_items (alert, result, article, kind, change) VALUES ('m', ?, ?, 'new', '{}')", ghost, identity)  # fmt: skip
    told(folder, "--apply", "--yes")
    with open_store(folder / "demo.db") as store:
        assert store.value("SELECT count(*) FROM alert_items WHERE alert = 'm'") == 0


def test_stopped_half_way_it_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written stays whole; doing it again writes the rest."""
    with open_store(folder / "demo.db") as store:
        sound = content(folder / "demo.db")
        for (identity,) in store.database.conn.execute("SELECT id FROM articles").fetchall():
            stored = stored_article(store, identity, normalise)
            assert stored.article is not None
            rewrite_article(store, identity, stored.article, Extraction("related"), NOW)
    calls = iter(range(5))

    def stopping(kept: Kept) -> Reread:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return read_again(kept)

    monkeypatch.setattr("crawler.commands.again.read_again", stopping)
    reextract(folder, "--apply", "--yes")
    with open_store(folder / "demo.db") as store:
        done = store.value("SELECT count(*) FROM articles WHERE kind = 'results'")
    assert 0 < done <= 5
    monkeypatch.setattr("crawler.commands.again.read_again", read_again)
    told(folder, "--apply", "--yes")
    assert content(folder / "demo.db") == sound


def test_only_some_articles_are_read(folder: Path) -> None:
    with open_store(folder / "demo.db", readonly=True) as store:
        (one,) = store.rows("SELECT id, source FROM articles ORDER BY id LIMIT 1")
        of_source = store.value("SELECT count(*) FROM articles WHERE source = ?", one["source"])
    assert told(folder, "--article", one["id"])[1]["from_pages"] == 1
    assert told(folder, "--source", one["source"])[1]["from_pages"] == of_source
    assert told(folder, "--since", "2999-01-01")[1]["from_pages"] == 0
    some = told(folder, "--series", "cstc-website")[1]["from_pages"]
    assert 0 < some < told(folder)[1]["from_pages"]


def test_several_processes_read_the_same(folder: Path) -> None:
    with open_store(folder / "demo.db") as store:
        misread(store, older)
    (one, _), (other, _) = told(folder, "--jobs", "1"), told(folder, "--jobs", "2")
    assert one == other


def test_a_night_and_applying_exclude_each_other(folder: Path) -> None:
    with FileLock(f"{folder / 'demo.db'}.lock"):
        assert isinstance(reextract(folder, "--apply", "--yes").exception, AlreadyRunning)
        assert told(folder)[1]["failed"] == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--source", "nowhere"], "no source 'nowhere'.*There are: hubei"),
        (["--article", "0" * 16], "no article"),
        (["--yes"], "--yes writes nothing by itself"),
        (["--apply"], "nobody is there to answer.*--yes"),
        (["--archive", "nothing.warc.gz"], "no WARC file is there"),
    ],
)
def test_wrong_use_says_what_would_be_right(folder: Path, arguments: list[str], complaint: str) -> None:
    ended = reextract(folder, *arguments, archived=False)
    assert isinstance(ended.exception, UsageError)
    with pytest.raises(UsageError, match=complaint):
        raise ended.exception


def test_it_asks_before_it_writes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(folder / "demo.db") as store:
        misread(store, older)
    monkeypatch.setattr("crawler.commands.options.is_answered", lambda: True)
    options = ["--settings", str(folder / "settings.toml"), "--database", str(folder / "demo.db"), "--apply"]

    def answered(text: str) -> str:
        return CliRunner().invoke(cli, ["reextract", *options], input=text, standalone_mode=False).output

    assert "Written" not in answered("n\n")
    assert "Written: 1 article." in answered("y\n")
    assert "Different: 0 articles" in answered("")


def test_without_page_and_without_structure_a_table_is_left_as_it_is(folder: Path) -> None:
    with open_store(folder / "demo.db") as store:
        store.execute("UPDATE articles SET structure = NULL")
        tables = store.value("SELECT count(DISTINCT article) FROM paragraphs WHERE kind = 'table'")
    before = content(folder / "demo.db")
    ended = reextract(folder, "--apply", "--yes", archived=False)
    assert ended.return_value == 1
    assert f"{tables} could not be read" in ended.stdout
    assert "it was stored before its tables were. It stays as it is" in ended.stderr
    assert content(folder / "demo.db") == before
    # with its pages it can be read, and what was missing is kept from then on
    assert told(folder, "--apply", "--yes")[1]["failed"] == 0
    assert told(folder, archived=False)[1]["failed"] == 0


def test_a_live_night_is_read_again_from_its_archive(tmp_path: Path) -> None:
    title = "第十九届中国政府网站绩效评估结果公布"
    ranks = xlsx_of([["省级政府网站绩效评估排名", None], ["名次", "单位"], [1, "北京市"], [2, "四川省"]], ["A1:B1"])
    more = '<p><a href="/f/ranks.xlsx">附件1：省级政府网站绩效评估排名.xlsx</a></p>'
    page = Answer(gzip.compress(article_page(title, more=more).encode()), headers={"Content-Encoding": "gzip"})
    with Site({"/": list_page({"/a/1.html": title}), "/a/1.html": page, "/f/ranks.xlsx": ranks}) as site:
        settings = settings_file(tmp_path, [source("s", site.url())])
        crawl(settings)
    (tmp_path / "test.db").rename(tmp_path / "demo.db")
    (tmp_path / "settings.toml").write_bytes(settings.read_bytes())
    _, sums = told(tmp_path, archived=False)
    assert (sums["from_pages"], sums["to_write"]) == (1, 0)
    assert rows(tmp_path / "demo.db", "SELECT outcome FROM attachments") == [("read",)]


SOURCE = Source(id="s", name="甲", kind="city", access="list", entry=("http://a.cn/",))


def page_of(text: str, url: str = "http://a.cn/1.html") -> Page:
    body = f"<html><title>评估</title><body><h1>评估结果</h1><div>{text}</div></body></html>"
    return Page(url, 200, {}, body.encode(), NOW)


def kept(**changes: Any) -> Kept:
    values: dict[str, Any] = {
        "article": "a", "entry": Entry("http://a.cn/1.html", "评估结果"), "stored": None, "source": SOURCE,
        "pages": (page_of("<p>" + "湖北省政府门户网站名列第五。" * 9 + "</p>"),),
    }  # fmt: skip
    return Kept(**(values | changes))


def stored(text: str = "存下的正文。") -> Article:
    return Article(text, text, range(len(text) + 1), (), url="http://a.cn/1.html")


def test_pages_are_read_where_they_are_kept() -> None:
    assert read_again(kept(stored=stored())).is_from_pages
    assert not read_again(kept(stored=stored(), pages=())).is_from_pages
    assert not read_again(kept(stored=stored(), source=None)).is_from_pages


def test_a_document_that_was_read_and_is_not_kept_is_not_lost() -> None:
    outcomes = {"http://a.cn/1.xlsx": "read"}
    assert not read_again(kept(stored=stored(), outcomes=outcomes)).is_from_pages
    assert read_again(kept(stored=stored(), outcomes={"http://a.cn/1.xlsx": "answers 404"})).is_from_pages


def test_what_is_not_kept_cannot_be_read() -> None:
    with pytest.raises(DocumentError, match="is not kept, and it was stored before its tables were"):
        read_again(kept(pages=()))


def test_only_other_rules_or_places_are_no_difference_to_see(folder: Path) -> None:
    with open_store(folder / "demo.db") as store:
        misread(store, lambda said: replace(said, results=tuple(replace(r, rule="Z9") for r in said.results)))
    articles, sums = told(folder)
    assert (articles, sums["differ"], sums["to_write"]) == ([], 0, 1)
    assert "1 more state the same by other rules" in reextract(folder).stdout


def test_the_same_reading_is_the_same(folder: Path) -> None:
    with open_store(folder / "demo.db") as store:
        for (identity,) in store.database.conn.execute("SELECT id FROM articles").fetchall():
            one = stored_article(store, identity, normalise)
            assert one.article is not None
            said = read_again(Kept(identity, Entry("", ""), one.article, None)).extraction
            assert difference(store, identity, one.article, said).is_same
