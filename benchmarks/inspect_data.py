"""A database as it may be after years: any number of results, a tenth as many articles, of invented outlets."""

from __future__ import annotations

import csv
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from storage.database import open_store
from storage.rows import digest, time_text
from storage.search import index_text

__all__ = ["generate"]

SERIES = 12
YEARS = range(2004, 2026)
OTHERS = 300
RUNS = 400
SOURCES = 60
PER_ARTICLE = 10
LETTERS = 800
"""Of an article: 60,000 articles on the topic would be many, news of 800 characters are usual."""
LEVELS = {"province": "province", "prefecture": "prefecture", "county": "county"}
_START = datetime(2025, 1, 1, 22, 30, tzinfo=UTC)
_WORDS = (
    "政府网站", "绩效评估", "政务公开", "信息公开", "在线服务", "互动交流", "办事指南", "网上办理", "政务新媒体", "数据开放", "依申请公开",
    "栏目更新", "留言答复", "首页设计", "无障碍", "一网通办", "移动端", "统一身份认证", "好差评", "营商环境", "群众满意度", "第三方机构",
    "指标体系", "专家评审", "年度报告", "整改落实", "互联网", "大数据", "智慧城市", "数字政府",
)  # fmt: skip


def generate(path: Path, results: int, seed: int = 7) -> None:
    """Write the database. Deterministic."""
    chance = random.Random(seed)
    with open_store(path) as store:
        conn = store.database.conn
        conn.execute("PRAGMA synchronous = OFF")
        conn.execute("BEGIN")
        _nights(conn)
        conn.executemany(
            "INSERT INTO expected VALUES (?, 2026, ?, 51, '2026-12-20', '2026-12-22')",
            [(f"series-{number}", f"第{number}号评估") for number in range(SERIES)],
        )
        for number, facts in enumerate(_batches(chance, results)):
            _article(conn, chance, number, facts)
        conn.execute("COMMIT")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _nights(conn: sqlite3.Connection) -> None:
    run = conn.execute
    for source in range(SOURCES):
        run("INSERT INTO sources (id, baseline) VALUES (?, ?)", (f"source-{source}", time_text(_START)))
    for number in range(1, RUNS + 1):
        began = _START + timedelta(days=number)
        run(
            "INSERT INTO runs (id, night, replay, status, started, finished) VALUES (?, ?, 0, 'ok', ?, ?)",
            (number, began.date().isoformat(), time_text(began), time_text(began + timedelta(minutes=20))),
        )
        for source in range(SOURCES):
            state = "failed" if source == number % SOURCES else "healthy"
            run(
                "INSERT INTO run_sources (run, source, state, requested, articles, new, finished) VALUES (?, ?, ?, 3, 1, 2, ?)",
                (number, f"source-{source}", state, time_text(began)),
            )


def _places() -> list[tuple[str, str, str]]:
    """Code, path and group of every unit of today."""
    text = files("crawler.extract").joinpath("data/places.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    return [
        (row["code"], row["path"], LEVELS.get(row["level"], "other"))
        for row in rows
        if row["level"] in LEVELS and not row["last_year"]
    ]


Fact = tuple[str, str, int, str, str, str, int]
"""Evaluation, series, year, code, entity, group, rank."""


def _batches(chance: random.Random, wanted: int) -> Iterator[list[Fact]]:
    """The facts of one article after the other."""
    places = _places()
    evaluations = [(f"series-{n}", year, "") for year in YEARS for n in range(SERIES)]
    evaluations += [("other", 2010 + n % 16, f"第{n}号评估") for n in range(OTHERS)]
    each = -(-wanted // len(evaluations))
    made = 0
    for series, year, name in evaluations:
        chosen = (
            [chance.choice(places) for _ in range(each)] if each < len(places) else places * -(-each // len(places))
        )
        batch: list[Fact] = []
        for rank, (code, entity, group) in enumerate(chosen[:each], 1):
            if made >= wanted:
                break
            made += 1
            batch.append((name, series, year, code, entity, group, rank))
            if len(batch) == PER_ARTICLE:
                yield batch
                batch = []
        if batch:
            yield batch


def _article(conn: sqlite3.Connection, chance: random.Random, number: int, facts: list[Fact]) -> None:
    run, many = conn.execute, conn.executemany
    identity = digest("article", number)
    name, series, year = facts[0][:3]
    title = f"{year}年{name or series}评估结果公布 {number}"
    published = date(year, 12, 1) + timedelta(days=chance.randrange(60))
    text, spans = _text(chance, facts, year)
    outlet = f"示例网{number % 500}"
    night = number * RUNS // 100_000 % RUNS + 1 if number % 100 else RUNS
    began = time_text(_START + timedelta(days=night))
    cluster = digest("article", number - number % 3)
    run("INSERT OR IGNORE INTO clusters (id) VALUES (?)", (cluster,))
    run(
        "INSERT INTO articles (id, url, address, source, run, night, baseline, cluster, kind, title, outlet, published, fetched, notes, "
        "text, sha256, first_seen) VALUES (?, ?, ?, ?, ?, ?, 0, ?, 'results', ?, ?, ?, ?, '[]', ?, ?, ?)",
        (identity, f"http://a{number % 500}.example/{number}", f"http://a{number % 500}.example/{number}", f"source-{number % SOURCES}",
         night, began[:10], cluster, title, outlet, published.isoformat(), began, text, digest(text), began),
    )  # fmt: skip
    run("INSERT INTO paragraphs VALUES (?, 0, 'text', 0, ?, ?)", (identity, len(text), text))
    index_text(conn, identity, published.isoformat(), [title, outlet, text])
    evaluation = digest(series, name, year)
    run(
        "INSERT OR IGNORE INTO evaluations VALUES (?, ?, ?, ?, NULL, '[]', ?, '{\"province\": 32}', '{}')",
        (evaluation, series, year, f"{year}年{name or series}评估", f"{year}-12-20"),
    )
    run(
        "INSERT INTO article_evaluations VALUES (?, 'e1', ?, 0, ?, NULL, '[]', NULL, '{}', '{}')",
        (identity, evaluation, f"{year}年{name or series}评估"),
    )
    keys = [digest(series, name, year, code, rank) * 2 for *_, code, _, _, rank in facts]
    status = ["disputed" if chance.random() < 0.002 else "single" for _ in facts]
    many(
        'INSERT OR IGNORE INTO results (fact_key, evaluation, entity, code, subject, "group", kind, rank, implied, confidence, status, '
        "sources, run, first_seen) VALUES (?, ?, ?, ?, 'website', ?, 'rank', ?, 0, ?, ?, 1, ?, ?)",
        [(key, evaluation, entity, code, group, rank, 0.4 if chance.random() < 0.002 else 1.0, state, night, began)
         for key, (*_, code, entity, group, rank), state in zip(keys, facts, status, strict=True)],
    )  # fmt: skip
    many(
        "INSERT INTO mentions (id, result, article, evaluation, number, start, end, words, entity, code, rank, implied, confidence, rule, "
        "first_seen) VALUES (?, ?, ?, 'e1', ?, ?, ?, ?, ?, ?, ?, 0, 1.0, 'A1', ?)",
        [(digest(identity, n), key, identity, n, *span, text[span[0] : span[1]], fact[4], fact[3], fact[6], began)
         for n, (key, span, fact) in enumerate(zip(keys, spans, facts, strict=True))],
    )  # fmt: skip


def _text(chance: random.Random, facts: list[Fact], year: int) -> tuple[str, list[tuple[int, int]]]:
    """A text that states the facts, with the span of each."""
    parts: list[str] = [f"{year}年评估结果近日公布。"]
    spans = []
    length = len(parts[0])
    for *_, entity, _, rank in facts:
        words = f"{entity.replace('/', '')}政府网站排名第{rank}"
        spans.append((length, length + len(words)))
        parts.append(f"{words}。")
        length += len(words) + 1
    while length < LETTERS:
        sentence = "".join(chance.choices(_WORDS, k=4)) + "。"
        parts.append(sentence)
        length += len(sentence)
    return "".join(parts), spans
