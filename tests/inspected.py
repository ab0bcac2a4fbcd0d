"""A database of invented news that shows everything, good and hostile, and `evalwatch inspect` over it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crawler.items import Article, Cell, Extraction, Paragraph, Result, Table
from crawler.read.script import simplify
from storage.articles import store_article
from storage.database import Store, open_store
from storage.expected import remember_expected
from storage.health import FIGURES, remember_health
from storage.runs import SourceCounts, finish_run, finish_source, start_run
from tests.nights import command, environment
from tests.store_samples import arrival, article, evaluation, result

YEARS = (2016, 2018, 2019, 2020, 2023, 2024)
"""Of which 武汉市 has a place among the capitals."""

HOSTILE_TITLE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>标题'
HOSTILE_OUTLET = '=HYPERLINK("http://evil.example/","点我")'
HOSTILE_NAME = "'\"><svg onload=window.hacked=1>评估\u202e反转"
HOSTILE_ENTITY = "+cmd|' /C calc'!A0</a><b onmouseover=window.hacked=1>某单位"
HOSTILE_WORDS = "-2+3</mark><iframe src=javascript:window.hacked=1></iframe>{{7*7}}名列第一"
HOSTILE_AWARD = "@SUM(1)<style>*{display:none}</style>十佳"


def make_database(path: Path) -> None:
    """Some years of news, the last night with a dispute and a hostile page."""
    with open_store(path) as store:
        for number, year in enumerate(YEARS):
            run = start_run(store, night=date(2024, 11, 1 + number), now=_now(number), replay=True)
            _store(store, run, number, _news(year))
            _end(store, run, number)
        last = len(YEARS)
        run = start_run(store, night=date(2024, 11, 1 + last), now=_now(last), replay=True)
        for page in (_traditional(), _copy(), _dispute(), _table(), _hostile()):
            _store(store, run, last, page)
        _end(store, run, last, troubled=True)
        _expect(store)


def _expect(store: Store) -> None:
    """What the last night expects: one edition is seen, one overdue, one to come."""
    with store.writing():
        remember_expected(
            store,
            [
                {"series": series, "year": 2024, "name": name, "week": due.isocalendar().week, "due": due}
                for series, name, due in (
                    ("tsinghua-digital-gov", "数字政府发展指数", date(2024, 9, 29)),
                    ("cstc-website", "政府网站绩效评估", date(2024, 11, 3)),
                    ("cass-transparency", "政府透明度指数", date(2024, 12, 22)),
                )
            ],
            date(2024, 11, 7),
        )  # fmt: skip


def _now(number: int) -> datetime:
    return datetime(2024, 11, 1 + number, 22, 30, tzinfo=UTC)


def _store(store: Store, run: int, number: int, page: tuple[Article, Extraction]) -> None:
    store_article(store, arrival(store, *page, run=run, now=_now(number), night=date(2024, 11, 1 + number)))


def _end(store: Store, run: int, number: int, *, troubled: bool = False) -> None:
    counts = SourceCounts(requested=3, fetched=3, articles=1, new=2)
    finish_source(store, run, "hubei", counts, now=_now(number), state="healthy")
    if troubled:
        finish_source(store, run, "slow", SourceCounts(requested=1, failed=1), now=_now(number), state="failed")
        with store.writing():
            nothing: dict[str, int | None] = dict.fromkeys(FIGURES, 0)
            remember_health(store, run, "slow", state="broken", symptoms=(), figures=nothing)
            remember_health(store, run, "hubei", state="healthy", symptoms=(), figures=nothing)
    finish_run(store, run, "partial" if troubled else "ok", _now(number))


def _extraction(*results: Result, **changes: Any) -> Extraction:
    return Extraction("results", (evaluation(**changes),), results)


def _said(text: str, words: str, entity: str, kind: str = "rank", **changes: Any) -> Result:
    start = text.index(words)
    return result(entity, kind, evidence=words, span=(start, start + len(words)), **changes)


def _page(text: str, number: int, **changes: Any) -> Article:
    plain = simplify(text)
    values: dict[str, Any] = {
        "plain": plain,
        "url": f"http://news{number}.example/{number}.html",
        "published": date(2024, 12, 1),
    }
    return article(text, **{**values, **changes})


def _news(year: int) -> tuple[Article, Extraction]:
    rank = 3 + year % 5
    text = (
        f"{year}年政府网站绩效评估结果日前揭晓。武汉市门户网站在省会城市中列第{rank}位。湖北省门户网站在省级中列第{rank + 2}位。"
        f"本届评估看重办事是否好用，{year}年新增了移动端的指标，并抽查了各地的留言答复。"
    )
    city = _said(
        text, f"武汉市门户网站在省会城市中列第{rank}位", "湖北省/武汉市", group="capital", rank=rank, code="420100"
    )
    province = _said(text, f"湖北省门户网站在省级中列第{rank + 2}位", "湖北省", rank=rank + 2, code="420000")
    page = _page(text, year, title=f"{year}年网站评估揭晓", outlet=f"示例日报{year}", published=date(year, 12, 1))
    return page, _extraction(city, province, year=year, name=f"{year}年政府网站绩效评估", edition=None)


def _traditional() -> tuple[Article, Extraction]:
    text = "據悉，武漢市政務新媒體在副省級城市中位列第二，評估專家對其辦事服務給予肯定。"
    said = _said(
        text,
        "武漢市政務新媒體在副省級城市中位列第二",
        "湖北省/武汉市",
        group="subprovincial",
        rank=2,
        subject="new_media",
        code="420100",
    )
    return _page(text, 1, title="武汉新媒体第二", outlet="示例財經"), _extraction(said, year=2024)


def _copy() -> tuple[Article, Extraction]:
    page, extraction = _news(2024)
    return _page(f"转载：{page.text}", 2, title=page.title, outlet="转载网", origin="示例日报2024"), Extraction(
        "results",
        extraction.evaluations,
        tuple(
            _said(f"转载：{page.text}", one.evidence, one.entity, group=one.group, rank=one.rank, code=one.code)
            for one in extraction.results
        ),
    )


def _dispute() -> tuple[Article, Extraction]:
    text = "另一家媒体说法不同：武汉市门户网站在省会城市中列第九位，与主办方公布的名次不一样，原因还在核实之中。"
    said = _said(text, "武汉市门户网站在省会城市中列第九位", "湖北省/武汉市", group="capital", rank=9, code="420100")
    doubtful = _said(text, "名次不一样", "四川省/成都市", group="capital", rank=4, code="510100", confidence=0.3)
    return _page(text, 3, title="名次有争议", outlet="争议网"), _extraction(
        said, doubtful, year=2024, name="2024年政府网站绩效评估"
    )


def _table() -> tuple[Article, Extraction]:
    rows = (("名次", "城市", "得分"), ("1", "成都市", "91.5"), ("2", "广州市", "90.2"))
    text = "数字政府服务能力排名如下。\n" + "\n".join("\t".join(row) for row in rows)
    cells, at = [], text.index("名次\t")
    start = at
    for row in rows:
        line = []
        for word in row:
            line.append(Cell(word, at, at + len(word)))
            at += len(word) + 1
        cells.append(tuple(line))
    page = _page(
        text,
        4,
        title="数字政府排名",
        outlet="表格网",
        paragraphs=(Paragraph(0, 13),),
        tables=(Table(start, len(text), tuple(cells)),),
    )
    first = _said(text, "1\t成都市\t91.5", "四川省/成都市", group="city", rank=1, subject="service", code="510100")
    second = _said(text, "2\t广州市\t90.2", "广东省/广州市", group="city", rank=2, subject="service", code="440100")
    score = _said(
        text, "1\t成都市\t91.5", "四川省/成都市", "score", group="city", score=91.5, subject="service", code="510100"
    )
    return page, _extraction(
        first, second, score, series="cstc-digital-gov", year=2024, name="数字政府服务能力评估", edition=None
    )


def _hostile() -> tuple[Article, Extraction]:
    text = f"消息：{HOSTILE_WORDS}。后面还有普通的一句话，以及\u202e倒过来的字。"
    said = _said(text, HOSTILE_WORDS, HOSTILE_ENTITY, group="all", rank=1, indicator="=1+1<i>指标")
    award = _said(
        text,
        HOSTILE_WORDS,
        HOSTILE_ENTITY,
        "award",
        group="all",
        award=HOSTILE_AWARD,
        work="<script>window.hacked=1</script>",
    )
    page = _page(
        text,
        5,
        title=HOSTILE_TITLE,
        outlet=HOSTILE_OUTLET,
        origin=HOSTILE_OUTLET,
        author="<u>x</u>",
        url="javascript:window.hacked=1",
    )
    return page, _extraction(said, award, series="other", year=2024, name=HOSTILE_NAME, organizers=(HOSTILE_NAME,))


@contextmanager
def inspecting(*arguments: str | Path, cwd: Path, **variables: str) -> Iterator[str]:
    """The address of an `evalwatch inspect` with these arguments, for as long as the block lasts."""
    process = subprocess.Popen(
        command("inspect", "--port", "0", *arguments), cwd=cwd, env=environment() | variables, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield line.split()[0].rstrip("/")
    finally:
        process.terminate()
        process.communicate(timeout=20)


if __name__ == "__main__":
    make_database(Path(sys.argv[1]))
