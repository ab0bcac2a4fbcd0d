from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.articles import store_article
from storage.database import Store, open_store
from storage.schema import migration_names
from tests.store_samples import arrival, article, extraction, result

DOCUMENTED = Path(__file__).parents[1] / "docs" / "schema.md"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def _schema(store: Store) -> dict[str, list[str]]:
    """Columns by table or view, as migrated; without what belongs to SQLite and sqlite-utils."""
    names = store.rows(
        "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~' "
        "AND name NOT LIKE '~_%' ESCAPE '~' AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"
    )
    return {
        ("View " if row["type"] == "view" else "") + row["name"]: [
            column["name"] for column in store.rows(f'PRAGMA table_info("{row["name"]}")')
        ]
        for row in names
    }


def test_the_documentation_tells_every_table_and_column_in_order(store: Store) -> None:
    text = DOCUMENTED.read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    documented = {
        section.splitlines()[0]: re.findall(r"^\| `(\w+)` \| \S", section, flags=re.MULTILINE) for section in sections
    }
    assert documented == _schema(store)


def test_the_example_of_the_documentation_runs(store: Store) -> None:
    (sql,) = re.findall(r"```sql\n(.*?)```", DOCUMENTED.read_text(encoding="utf-8"), flags=re.DOTALL)
    store_article(store, arrival(store, says=extraction(result(), year=2020)))
    assert store.rows(sql) == [{"entity": "湖北省", "outcome": "第5名", "status": "single"}]


def test_every_table_is_strict(store: Store) -> None:
    loose = store.rows("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND NOT strict")
    assert [row["name"] for row in loose if not row["name"].startswith(("sqlite_", "_sqlite_"))] == []


def _leading_columns(store: Store, table: str) -> set[str]:
    """The first column of each index of the table."""
    rows = store.rows(
        "SELECT i.name FROM pragma_index_list(?) l JOIN pragma_index_info(l.name) i WHERE i.seqno = 0", table
    )
    return {row["name"] for row in rows}


def test_foreign_keys_have_indexes(store: Store) -> None:
    """Without one, deleting or renaming a parent reads the whole child table."""
    parents = ("articles", "clusters", "results", "alerts")
    missing = [
        f"{table['name']}.{key['child']}"
        for table in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for key in store.rows(
            'SELECT "from" AS child, "table" AS parent FROM pragma_foreign_key_list(?) WHERE seq = 0', table["name"]
        )
        if key["parent"] in parents and key["child"] not in _leading_columns(store, table["name"])
    ]
    assert missing == []


def test_the_migration_is_the_released_one() -> None:
    assert migration_names() == (
        "m0001_first",
        "m0002_attachments",
        "m0003_watch",
        "m0004_looking",
        "m0005_novelty",
        "m0005b_addresses",
        "m0005c_copies",
        "m0006_deliveries",
        "m0007_review",
        "m0008_history",
    )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE results SET status = 'sure'",
        "UPDATE results SET rank = 0",
        "UPDATE results SET rank = 'fifth'",
        "UPDATE articles SET cluster = 'nowhere'",
        "UPDATE articles SET kind = 'spam'",
        "DELETE FROM results",
        "DELETE FROM evaluations",
        "UPDATE mentions SET improved = 2",
    ],
)
def test_the_schema_refuses_nonsense(store: Store, sql: str) -> None:
    store_article(store, arrival(store))
    with pytest.raises(sqlite3.IntegrityError):
        store.execute(sql)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (result(rank=5), "第5名"),
        (result(rank=5, tied=True), "第5名（并列）"),
        (result(top=100), "前100"),
        (result(kind="score", score=91.5), "91.5分"),
        (result(kind="grade", grade="优秀"), "优秀"),
        (result(kind="award", award="十佳案例", work="一网通办"), "十佳案例：一网通办"),
        (result(kind="award", award="十佳案例"), "十佳案例"),
        (result(kind="improved", improved=True), "进步"),
        (result(kind="change", change=-3), "-3名"),
    ],
)
def test_outcomes_are_readable(store: Store, said: object, outcome: str) -> None:
    store_article(store, arrival(store, says=extraction(said)))  # type: ignore[arg-type]  # a Result
    assert store.value("SELECT outcome FROM results_readable") == outcome


def test_the_other_views(store: Store) -> None:
    store_article(store, arrival(store, owed=lambda _change: ["anna"]))
    store_article(
        store, arrival(store, article(url="http://b.cn/1", outlet="湖北省人民政府"), owed=lambda _change: ["anna"])
    )
    assert (
        store.rows("SELECT words, outlet, entity FROM mentions_readable")
        == [{"words": "湖北省排名第五", "outlet": "湖北省人民政府", "entity": "湖北省"}] * 2
    )
    assert store.rows("SELECT entity, results, first_year FROM entities") == [
        {"entity": "湖北省", "results": 1, "first_year": 2024}
    ]
    assert [row["copies"] for row in store.rows("SELECT copies FROM copies_readable")] == [2, 2]
    assert store.rows("SELECT subscription, channel, state, results FROM alerts_readable") == [
        {"subscription": "anna", "channel": None, "state": "owed", "results": 1}
    ]
