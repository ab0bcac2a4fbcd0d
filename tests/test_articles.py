from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.items import Article, Cell, Change, Entry, Evaluation, Extraction, Paragraph, Result, Table
from storage.addresses import canonical_address
from storage.articles import Arrival, known_urls, remember_entries, store_article
from storage.database import Store, open_store
from storage.results import query_documents, query_results
from storage.runs import source_state, start_run
from tests.store_samples import (
    CHINA,
    EMPTIED,
    FACTS,
    NEWS,
    NIGHT,
    NOW,
    OTHER_NEWS,
    arrival,
    article,
    evaluation,
    extraction,
    result,
)

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "t.db")


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("HTTP://WWW.Example.CN", "http://www.example.cn/"),
        ("http://e.cn:80/a?x=1#top", "http://e.cn/a?x=1"),
        ("https://e.cn:443/a", "http://e.cn/a"),
        ("https://e.cn:80/a", "https://e.cn:80/a"),
        ("http://e.cn:8080/A/b.SHTML", "http://e.cn:8080/A/b.SHTML"),
        ("http://e.cn/a?utm_source=x&id=5&spm=1.2", "http://e.cn/a?id=5"),
        ("http://e.cn/a?from=timeline&isappinstalled=0", "http://e.cn/a"),
        ("http://e.cn/a?from=2020", "http://e.cn/a?from=2020"),
        ("http://e.cn/a;jsessionid=AB12?b=2&a=1", "http://e.cn/a?b=2&a=1"),
        (" http://e.cn/portal.php?mod=list&catid=5 ", "http://e.cn/portal.php?mod=list&catid=5"),
    ],
)
def test_addresses_are_made_canonical(given: str, canonical: str) -> None:
    assert canonical_address(given) == canonical
    assert canonical_address(canonical) == canonical


def test_a_stored_article_needs_no_fetch(store: Store) -> None:
    url = "http://www.hubei.gov.cn/zwgk/1.shtml"
    assert known_urls(store, [url]) == set()
    store_article(store, arrival(store, addresses=(url, "http://m.hubei.gov.cn/1?utm_source=a")))
    asked = [url, f"{url}#top", "http://m.hubei.gov.cn/1", "http://www.hubei.gov.cn/zwgk/2.shtml"]
    assert known_urls(store, asked) == set(asked[:3])
    assert [row["address"] for row in store.rows("SELECT address FROM entries")] == ["http://m.hubei.gov.cn/1"]


def test_an_entry_off_topic_is_remembered(store: Store) -> None:
    off_topic = Entry("http://e.cn/sport.html", "篮球赛", datetime(2024, 12, 20, 8, 0, tzinfo=CHINA))
    assert remember_entries(store, "hubei", [off_topic, off_topic], NOW) == 1
    assert remember_entries(store, "hubei", [off_topic], NOW) == 0
    assert known_urls(store, [off_topic.url, "http://e.cn/other.html"]) == {off_topic.url}
    assert store.rows("SELECT source, article, published, first_seen FROM entries") == [
        {"source": "hubei", "article": None, "published": "2024-12-20T08:00:00+08:00", "first_seen": "2024-12-20T22:30:00Z"}
    ]  # fmt: skip


def test_what_was_off_topic_may_still_be_stored(store: Store) -> None:
    remember_entries(store, "hubei", [Entry("http://e.cn/1", "x")], NOW)
    store_article(store, arrival(store, article(url="http://e.cn/2"), addresses=("http://e.cn/1",)))
    assert store.value("SELECT article FROM entries") == store.value("SELECT id FROM articles")


def test_everything_of_an_article_is_stored(store: Store) -> None:
    told = article(
        outlet="融合网", origin="湖北省人民政府门户网站", author="张华", editor="方向", region="湖北省", charset="gb18030",
        published=datetime(2024, 12, 20, 10, 40, tzinfo=CHINA), fetched=NOW, notes=("a note",),
    )  # fmt: skip
    changes = store_article(store, arrival(store, told, extraction(result(), result(kind="score", score=91.5))))
    assert [(c.kind, c.result.kind, c.previous, c.outlet) for c in changes] == [
        ("new", "rank", None, "融合网"),
        ("new", "score", None, "融合网"),
    ]
    row = store.row("SELECT * FROM articles")
    assert row is not None
    assert {name: row[name] for name in ("published", "fetched", "notes", "origin", "charset", "baseline", "night")} == {
        "published": "2024-12-20T10:40:00+08:00", "fetched": "2024-12-20T22:30:00Z", "notes": '["a note"]',
        "origin": "湖北省人民政府门户网站", "charset": "gb18030", "baseline": 0, "night": "2024-12-21",
    }  # fmt: skip
    assert store.value("SELECT count(*) FROM mentions") == 2
    assert store.rows("PRAGMA foreign_key_check") == []


def test_the_same_article_again_changes_nothing(store: Store) -> None:
    first = arrival(store)
    assert len(store_article(store, first)) == 1
    before = list(store.database.conn.iterdump())
    assert store_article(store, replace(first, now=NOW + timedelta(days=1))) == ()
    assert list(store.database.conn.iterdump()) == before


def test_only_the_body_counts_as_text(store: Store) -> None:
    text = "首页 > 新闻\n正文在这里。\n甲\t1\n版权所有"
    cells = (Cell("甲", 15, 16), Cell("1", 17, 18))
    told = article(text, paragraphs=(Paragraph(8, 14),), tables=(Table(15, 18, (cells,)),))
    store_article(store, arrival(store, told, extraction()))
    assert store.rows("SELECT number, kind, plain FROM paragraphs ORDER BY number") == [
        {"number": 0, "kind": "text", "plain": text[8:14]},
        {"number": 1, "kind": "table", "plain": "甲\t1"},
    ]
    again = article(text.replace("版权所有", "版权归本站"), paragraphs=told.paragraphs, tables=told.tables)
    assert store_article(store, arrival(store, again, extraction(result()))) == ()


def test_an_article_without_address_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="without address"):
        store_article(store, arrival(store, article(url=None)))


def _stored(store: Store, *says: tuple[str, str, Extraction]) -> list[tuple[Change, ...]]:
    """Store articles (address, text, what they say), each in a run of its own."""
    return [store_article(store, arrival(store, article(text, url), said)) for url, text, said in says]


def test_another_source_corroborates(store: Store) -> None:
    (_, second) = _stored(
        store, ("http://a.cn/1", NEWS, extraction(result())), ("http://b.cn/1", OTHER_NEWS, extraction(result()))
    )
    assert [(change.kind, change.previous) for change in second] == [("corroborated", None)]
    (found,) = query_results(store)
    assert (found["status"], found["sources"], len(found["mentions"])) == ("corroborated", 2, 2)


def test_a_copy_adds_a_mention_and_is_no_news(store: Store) -> None:
    told: list[Change] = []

    def owed(change: Change) -> Sequence[str]:
        told.append(change)
        return ["everybody"]

    store_article(store, arrival(store, article(), owed=owed))
    copy = article(f"转载如下：{NEWS}更多消息请看本站。", "http://dwrh.net/1.html", outlet="融合网")
    changes = store_article(store, arrival(store, copy, owed=owed))
    assert [change.kind for change in changes] == ["corroborated"]
    assert {change.kind for change in told} == {"new"}
    assert store.value("SELECT count(*) FROM alert_items") == 1
    (found,) = query_results(store)
    assert (found["status"], found["sources"], len(found["mentions"])) == ("single", 1, 2)


def test_refined_and_disputed_say_what_was_known(store: Store) -> None:
    third = "评估结果公布后，记者走访了三家参评单位，请他们谈谈为什么名次有变化，以及来年打算怎样改。" * 3
    changes = _stored(
        store,
        ("http://a.cn/1", NEWS, extraction(result(top=10))),
        ("http://b.cn/1", OTHER_NEWS, extraction(result(rank=5))),
        ("http://c.cn/1", third, extraction(result(rank=6))),
    )
    assert [(c.kind, c.previous) for (c,) in changes] == [
        ("new", None), ("refined", "前10"), ("disputed", "前10、第5名"),
    ]  # fmt: skip
    (found,) = query_results(store)
    assert (found["status"], found["rank"], len(found["mentions"])) == ("disputed", 5, 3)


def test_a_changed_text_takes_the_place_of_the_old_one(store: Store) -> None:
    url = "http://a.cn/1"
    gone = result("湖北省/武汉市", group="capital", rank=3)
    changes = _stored(
        store, (url, NEWS, extraction(result(), gone)), (url, NEWS + "更正：名次应为第六。", extraction(result(rank=6)))
    )
    assert [(c.kind, c.previous) for c in changes[1]] == [("corrected", "第5名"), ("withdrawn", None)]
    assert {(r["entity"], r["rank"], r["status"]) for r in query_results(store)} == {("湖北省", 6, "single")}
    (withdrawn,) = query_results(store, status="withdrawn")
    assert (withdrawn["entity"], withdrawn["sources"]) == ("湖北省/武汉市", 0)
    assert [(m["words"], m["ended"]) for m in withdrawn["mentions"]] == [
        ("湖北省/武汉市排名第五", "2024-12-20T22:30:00Z")
    ]
    assert store.value("SELECT changed FROM articles") == "2024-12-20T22:30:00Z"


def test_withdrawing_and_restoring_returns_to_the_same_facts(store: Store) -> None:
    said = extraction(result(), result(kind="score", score=91.5))
    _stored(store, ("http://a.cn/1", NEWS, said), ("http://b.cn/1", OTHER_NEWS, extraction(result(rank=7))))
    before = query_results(store)
    (lost,) = _stored(store, ("http://a.cn/1", EMPTIED, extraction()))
    assert {change.kind for change in lost} == {"withdrawn", "corrected"}
    assert query_results(store) != before
    _stored(store, ("http://a.cn/1", NEWS, said))
    assert query_results(store) == before


def test_a_baseline_owes_nothing_and_asks_nobody(store: Store) -> None:
    def owed(_change: Change) -> Sequence[str]:
        pytest.fail("must not be asked")

    store_article(store, arrival(store, baseline=True, owed=owed))
    assert store.value("SELECT count(*) FROM alerts") == 0
    assert store.value("SELECT baseline FROM articles") == 1


def test_a_failure_while_matching_stores_nothing(store: Store) -> None:
    def owed(_change: Change) -> Sequence[str]:
        raise RuntimeError("a mistake of ours")

    with pytest.raises(RuntimeError):
        store_article(store, arrival(store, owed=owed))
    for table in ("articles", "clusters", "copy_marks", "evaluations", "results", "mentions", "alerts", "entries"):
        assert store.value(f'SELECT count(*) FROM "{table}"') == 0
    assert known_urls(store, [str(article().url)]) == set()
    assert source_state(store, "hubei").complete


def test_text_of_the_web_is_data(store: Store) -> None:
    hostile = "'); DROP TABLE articles; -- \" <script> %s {x} \x00 \ud7ff"
    said = extraction(result(hostile, evidence=hostile, kind="award", award=hostile), name=hostile)
    told = article(hostile, f"http://e.cn/?q={hostile}", title=hostile, outlet=hostile)
    store_article(store, arrival(store, told, said))
    (found,) = query_results(store, place=hostile)
    assert (found["entity"], found["award"], found["mentions"][0]["title"]) == (hostile, hostile, hostile)
    assert query_results(store, place="' OR 1 = 1 --", series="%") == []


def _facts(store: Store) -> Any:
    """What must not depend on the order of arrival: results, documents, clusters, evaluations."""
    results = [{k: v for k, v in row.items() if k != "first_seen"} for row in query_results(store)]
    return json.dumps(
        [results, query_documents(store), store.rows("SELECT * FROM evaluations ORDER BY id")], sort_keys=True
    )


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(sorted(FACTS)))
def test_the_order_of_arrival_does_not_change_the_facts(
    order: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("order")
    found = []
    for number, names in enumerate((sorted(FACTS), order)):
        with open_store(folder / f"{number}.db") as store:
            _stored(store, *((f"http://{name}.cn/1", *FACTS[name]) for name in names))
            found.append(_facts(store))
    assert found[0] == found[1]


def test_query_results_filters(store: Store) -> None:
    _stored(
        store,
        ("http://a.cn/1", NEWS, extraction(result(), result("湖北省/武汉市", group="capital", rank=3))),
        (
            "http://b.cn/1",
            OTHER_NEWS,
            extraction(result("湖北", group="all", kind="grade", grade="优秀"), series="other", year=2023),
        ),
    )

    def entities(**filters: Any) -> list[str]:
        return sorted(row["entity"] for row in query_results(store, **filters))

    assert entities() == ["湖北", "湖北省", "湖北省/武汉市"]
    assert entities(place="湖北省") == ["湖北省", "湖北省/武汉市"]
    assert entities(place="湖北省/武汉市") == ["湖北省/武汉市"]
    assert entities(series="other") == entities(year=2023) == entities(group="all") == entities(run=2) == ["湖北"]
    assert entities(since=NOW.date()) == entities(since=NOW) == entities()
    assert entities(since=NOW + timedelta(seconds=1)) == entities(status="disputed") == []
    assert len(entities(limit=2)) == 2


def test_a_result_is_told_in_full(store: Store) -> None:
    said = result(
        "湖北省/武汉市/武昌区",
        code="420106",
        group="county",
        rank=3,
        tied=True,
        confidence=0.9,
        evidence="武昌区并列第三",
        span=(3, 10),
    )
    told = article(outlet="融合网", origin="湖北日报", published=date(2024, 12, 20))
    store_article(store, arrival(store, told, extraction(said)))
    (found,) = query_results(store)
    article_id = store.value("SELECT id FROM articles")
    fact = found.pop("fact_key")
    assert fact == store.value("SELECT fact_key FROM results")
    assert found == {
        "series": "cstc-website", "year": 2024, "edition": 23, "evaluation": "第二十三届政府网站绩效评估",
        "entity": "湖北省/武汉市/武昌区", "code": "420106", "subject": "website", "group": "county", "kind": "rank", "rank": 3,
        "tied": True, "top": None, "score": None, "grade": None, "award": None, "work": None, "improved": False, "change": None,
        "indicator": None, "implied": False, "confidence": 0.9, "status": "single", "sources": 1, "decided": None,
        "first_seen": "2024-12-20T22:30:00Z",
        "mentions": [{
            "url": "http://www.hubei.gov.cn/zwgk/1.shtml", "outlet": "融合网", "origin": "湖北日报", "title": "湖北网站评估成绩公布",
            "published": "2024-12-20", "words": "武昌区并列第三", "span": [3, 10], "article": article_id, "cluster": article_id,
            "standing": 0, "ended": None,
        }],
    }  # fmt: skip


def _labelled(label: dict[str, Any], text: str) -> tuple[Article, Extraction]:
    """An article and an extraction as the labels of one example document have them."""
    evaluations = tuple(
        Evaluation(**{name: e[name] for name in ("key", "name", "series", "year", "edition", "sample", "indicators")},
                   organizers=tuple(e["organizers"]), released=date.fromisoformat(e["released"]) if e["released"] else None)
        for e in label["evaluations"]
    )  # fmt: skip
    results: list[Result] = []
    for r in label["results"]:
        shared = {name: r[name] for name in ("evaluation", "entity", "subject", "group", "evidence", "implied")}
        shared["span"] = (text.find(r["evidence"]), text.find(r["evidence"]) + len(r["evidence"]))
        if r["rank"] or r["top"]:
            results.append(Result(kind="rank", rank=r["rank"], top=r["top"], tied=r["tied"], **shared))
        if r["score"] is not None:
            results.append(Result(kind="score", score=r["score"], **shared))
        if r["grade"]:
            results.append(Result(kind="grade", grade=r["grade"], **shared))
        if r["award"]:
            results.append(Result(kind="award", award=r["award"], work=r["work"], **shared))
        if r["improved"]:
            results.append(Result(kind="improved", improved=True, **shared))
        if r["change"] is not None:
            results.append(Result(kind="change", change=r["change"], **shared))
    published = date.fromisoformat(label["published"]) if label["published"] else None
    told = article(
        text, f"http://example.cn/{label['id']}", title=label["title"], outlet=label["media"], published=published
    )
    return told, Extraction(label["kind"], evaluations, tuple(results))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled documents are not beside this checkout")
def test_labelled_facts_come_back_from_the_tables_without_loss(store: Store, tmp_path: Path) -> None:
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    for path in sorted((SHARED / "gold" / "seeds").glob("*.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        text = (SHARED / "seeds" / f"{label['id']}.txt").read_text(encoding="utf-8")
        told, said = _labelled(label, text)
        store_article(store, Arrival("seeds", run, NIGHT, told, said, baseline=False, now=NOW, owed=lambda _c: ()))
    predictions = tmp_path / "p.jsonl"
    documents = [document | {"id": document["url"].rsplit("/", 1)[1]} for document in query_documents(store)]
    predictions.write_text("".join(json.dumps(d) + "\n" for d in documents), encoding="utf-8")
    score = subprocess.run(
        [sys.executable, SHARED / "gold" / "score.py", SHARED / "gold" / "seeds", predictions, "--min-f1", "1", "--errors"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert score.returncode == 0, score.stdout
    assert all(line.endswith("1.0000") for line in score.stdout.splitlines() if "/" in line), score.stdout


def test_evaluations_are_told_as_the_fullest_account_has_them(store: Store) -> None:
    _stored(
        store,
        ("http://a.cn/1", NEWS, extraction(result(), edition=None, sample={}, released=None)),
        ("http://b.cn/1", OTHER_NEWS, extraction(result(), organizers=(), released=date(2024, 12, 19))),
    )
    row = store.row("SELECT edition, organizers, released, sample FROM evaluations")
    assert row == {
        "edition": 23, "organizers": '["中国软件评测中心"]', "released": "2024-12-19", "sample": '{"province":32,"total":900}',
    }  # fmt: skip
    assert evaluation().name == store.value("SELECT name FROM evaluations")


def test_sources_are_counted_anew_when_a_text_links_two_clusters(store: Store) -> None:
    sentences = [part + "。" for part in NEWS.split("。") if part]
    first, second = "".join(sentences[:3]), "".join(sentences[3:])
    cities = [result(f"湖北省/{name}", group="prefecture", top=100) for name in ("襄阳市", "宜昌市")]

    def standing() -> tuple[str, int]:
        """How a fact stands that the linking article does not state."""
        (row,) = query_results(store, group="province")
        return row["status"], row["sources"]

    _stored(
        store,
        ("http://a.cn/1", first, extraction(result(), cities[0])),
        ("http://b.cn/1", second, extraction(result(), cities[1])),
    )
    assert standing() == ("corroborated", 2)
    _stored(store, ("http://c.cn/1", NEWS, extraction(cities[0], cities[1])))
    assert standing() == ("single", 1)
    _stored(store, ("http://c.cn/1", EMPTIED, extraction()))
    assert standing() == ("corroborated", 2)


def test_one_template_for_two_places_or_years_is_two_sources(store: Store) -> None:
    told = NEWS.replace("湖北", "湖南").replace("武汉", "长沙").replace("襄阳", "岳阳").replace("宜昌", "湘潭")
    next_year = NEWS.replace("2024", "2025")
    _stored(
        store,
        ("http://a.cn/1", NEWS, extraction(result(), result("湖北省/武汉市", group="capital", rank=3))),
        ("http://a.cn/2", told, extraction(result("湖南省"), result("湖南省/长沙市", group="capital", rank=3))),
        ("http://a.cn/3", next_year, extraction(result(), result("湖北省/武汉市", group="capital", rank=3), year=2025)),
    )
    assert store.value("SELECT count(DISTINCT cluster) FROM articles") == 3


_KILLED = """
import sys
from tests.store_samples import FACTS, NIGHT, NOW, arrival, article
from pathlib import Path
from storage.articles import known_urls, store_article
from storage.database import open_store
from storage.runs import start_run
with open_store(Path(sys.argv[1])) as store:
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    print("begun", flush=True)
    for name, (text, said) in FACTS.items():
        url = f"http://{name}.cn/1"
        if not known_urls(store, [url]):
            store_article(store, arrival(store, article(text, url), said, run=run, owed=lambda change: ["all"]))
"""


def test_kill_9_at_any_moment_and_again_gives_the_same_database(tmp_path: Path) -> None:
    def run(path: Path, after: float | None) -> bool:
        """Store all articles; killed so many seconds after it began. Returns whether it was."""
        command = [sys.executable, "-c", _KILLED, str(path)]
        with subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"begun\n"
            try:
                child.wait(after)
            except subprocess.TimeoutExpired:
                child.kill()
        return child.returncode != 0

    def content(path: Path) -> list[str]:
        with open_store(path) as store:
            assert store.value("PRAGMA integrity_check") == "ok"
            lines = [
                line
                for line in store.database.conn.iterdump()
                if "_sqlite_migrations" not in line and '"runs"' not in line and '"installation"' not in line
            ]
            # each database has its own ids of alerts
            alerts = [
                str(row["id"]) for row in store.rows("SELECT id FROM alerts ORDER BY subscription, night, number")
            ]
        for number, alert in enumerate(alerts):
            lines = [line.replace(alert, f"msg_{number}") for line in lines]
        lines = [re.sub(r",\d+\);$", ",#);", line) if '"alert_items"' in line else line for line in lines]
        # the number of the run is what a killed and repeated night may differ in
        return sorted(
            re.sub(
                r"(,'hubei',)\d+(,'2024-12-21')",
                r"\1#\2",
                re.sub(r",\d+,'2024-12-20T22:30:00Z'(?:,NULL)*\)", ",#)", line),
            )
            for line in lines
        )

    assert not run(tmp_path / "whole.db", None)
    killed = 0
    for number in range(6):
        path = tmp_path / f"{number}.db"
        killed += run(path, 0.008 * number)
        run(path, None)
        assert content(path) == content(tmp_path / "whole.db")
    assert killed


def test_mentions_stand_in_order_of_publication(store: Store) -> None:
    days = {"http://c.cn/1": date(2024, 12, 21), "http://a.cn/1": None, "http://b.cn/1": date(2024, 12, 19)}
    for number, (url, day) in enumerate(days.items()):
        text = f"第{number}篇文章，内容与其他各篇都不一样。"
        store_article(store, arrival(store, article(text, url, published=day)))
    (found,) = query_results(store)
    assert [mention["url"] for mention in found["mentions"]] == ["http://b.cn/1", "http://c.cn/1", "http://a.cn/1"]
    assert [document["url"] for document in query_documents(store)] == [
        "http://b.cn/1",
        "http://c.cn/1",
        "http://a.cn/1",
    ]
