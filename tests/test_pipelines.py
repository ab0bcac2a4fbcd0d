"""The pipeline: articles into the store, one transaction each or several in one, never half of one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy.crawler import Crawler

from crawler.config import Settings, Source, Subscription
from crawler.errors import StorageError
from crawler.events import Events
from crawler.items import Article, Entry, Evaluation, Extraction, Paragraph, Result, SeenPage
from crawler.job import Job
from crawler.pipelines import StorePipeline
from crawler.spiders.ledger import Ending, Found, Tally
from tests.crawls import rows

SOURCE = Source(id="s", name="测试站", kind="city", access="list", entry=("http://a.example/",))
SETTINGS = Settings(subscriptions=(Subscription(id="all", channels=()),), sources=(SOURCE,))


def found(number: int, *, evaluation: str = "e1") -> Found:
    text = f"{2000 + number}年湖北省政府门户网站位居第五，这是第{number}篇。"
    url = f"http://a.example/{number}.html"
    article = Article(
        text=text, plain=text, offsets=tuple(range(len(text) + 1)), paragraphs=(Paragraph(0, len(text)),), url=url,
        title=f"第{number}篇", outlet="测试报", fetched=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    result = Result(
        evaluation=evaluation, entity="湖北省", subject="website", group="province", kind="rank", rank=5, evidence="位居第五",
        span=(text.index("位居第五"), text.index("位居第五") + 4), code="420000",
    )  # fmt: skip
    said = Extraction("results", (Evaluation("e1", "评估", "cstc-website", 2000 + number),), (result,))
    return Found("s", Entry(url, f"第{number}篇"), article, said)


def run(folder: Path, work: Callable[[StorePipeline], Awaitable[None]]) -> list[dict[str, Any]]:
    """Let a pipeline work as Scrapy does, and return its events."""
    out = StringIO()
    stopped: list[bool] = []

    async def stop() -> None:
        stopped.append(True)

    spider = SimpleNamespace(events=Events(out))
    crawler = cast("Crawler", SimpleNamespace(spider=spider, stop_async=stop))

    async def night() -> None:
        pipeline = StorePipeline(crawler, Job(SETTINGS, folder / "test.db", date(2026, 1, 1)))
        await pipeline.open_spider()
        assert spider.ledger is pipeline
        await work(pipeline)
        await pipeline.close_spider()
        assert stopped == ([True] if pipeline.fatal else [])

    asyncio.run(night())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_article_is_stored_counted_and_told(tmp_path: Path) -> None:
    async def work(pipeline: StorePipeline) -> None:
        standing = await pipeline.begin("s", Tally(requested=2, fetched=2))
        assert not standing.baseline_done
        await pipeline.process_item(found(1))
        await pipeline.finish(
            "s", Ending("healthy", [SeenPage("http://a.example/", None, None, "abc")], items=1, dated=1)
        )

    events = run(tmp_path, work)
    assert [(e["event"], e.get("new"), e.get("articles")) for e in events] == [("article", 1, 1), ("source", 1, 1)]
    assert rows(tmp_path / "test.db", "SELECT requested, articles, results, new, state FROM run_sources") == [
        (2, 1, 1, 1, "healthy")
    ]
    assert rows(tmp_path / "test.db", "SELECT url, digest FROM list_pages") == [("http://a.example/", "abc")]


def test_a_baseline_owes_nothing_and_the_night_after_owes_what_is_new(tmp_path: Path) -> None:
    async def walk(pipeline: StorePipeline, number: int) -> None:
        await pipeline.begin("s", Tally())
        await pipeline.process_item(found(number))
        await pipeline.finish("s", Ending("healthy"))

    run(tmp_path, lambda pipeline: walk(pipeline, 1))
    assert rows(tmp_path / "test.db", "SELECT count(*) FROM alert_items") == [(0,)]
    run(tmp_path, lambda pipeline: walk(pipeline, 2))
    assert rows(tmp_path / "test.db", "SELECT subscription FROM alerts") == [("all",)]
    assert rows(tmp_path / "test.db", "SELECT count(*) FROM alert_items") == [(1,)]


def test_one_that_breaks_among_many_takes_no_other_with_it(tmp_path: Path) -> None:
    async def work(pipeline: StorePipeline) -> None:
        await pipeline.begin("s", Tally())
        items = [found(1), found(2, evaluation="missing"), found(3), found(4)]
        outcomes = await asyncio.gather(*map(pipeline.process_item, items), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [Found, KeyError, Found, Found]
        await pipeline.finish("s", Ending("healthy"))

    run(tmp_path, work)
    assert rows(tmp_path / "test.db", "SELECT title FROM articles ORDER BY title") == [
        ("第1篇",),
        ("第3篇",),
        ("第4篇",),
    ]
    assert rows(tmp_path / "test.db", "SELECT count(*) FROM mentions") == [(3,)]
    assert rows(tmp_path / "test.db", "SELECT articles FROM run_sources") == [(3,)]


def test_a_walk_that_was_cut_off_is_written_down_as_failed(tmp_path: Path) -> None:
    async def work(pipeline: StorePipeline) -> None:
        await pipeline.begin("s", Tally(requested=7))
        await pipeline.process_item(found(1))

    run(tmp_path, work)
    assert rows(tmp_path / "test.db", "SELECT requested, articles, state FROM run_sources") == [(7, 1, "failed")]
    assert rows(tmp_path / "test.db", "SELECT complete, baseline FROM sources") == [(0, None)]
    # what is missing in such a night says nothing of the source
    assert rows(tmp_path / "test.db", "SELECT state FROM source_health") == []


def test_known_and_off_topic_addresses_are_not_unknown(tmp_path: Path) -> None:
    async def work(pipeline: StorePipeline) -> None:
        await pipeline.begin("s", Tally())
        moved = replace(found(1), entry=Entry("http://a.example/old.html", "第1篇"))
        await pipeline.process_item(moved)
        await pipeline.remember("s", [Entry("http://a.example/off.html", "今日天气")])
        names = [f"http://a.example/{name}.html" for name in ("1", "old", "off", "new")]
        assert await pipeline.unknown(names) == {"http://a.example/new.html"}
        await pipeline.finish("s", Ending("healthy"))

    run(tmp_path, work)


def test_a_store_that_fails_stops_the_crawl(tmp_path: Path) -> None:
    async def work(pipeline: StorePipeline) -> None:
        await pipeline.begin("s", Tally())
        with pytest.raises(StorageError):
            await pipeline._ask(_break)
        assert isinstance(pipeline.fatal, StorageError)
        await asyncio.sleep(0)

    assert run(tmp_path, work) == []


def _break(_store: object) -> None:
    raise StorageError("cannot grow: the disk is full", where="test.db")
