"""How much of an evaluation is known: the view against a plain reckoning, the command, and the moves of places."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler.commands import cli
from crawler.commands.coverage import coverage_words
from storage.articles import store_article
from storage.coverage import missing_runs, query_coverage
from storage.database import Store, open_store
from tests.store_samples import arrival, article, extraction, result

PLACES = (
    "北京市",
    "天津市",
    "上海市",
    "重庆市",
    "湖北省",
    "湖南省",
    "四川省",
    "贵州省",
    "广东省",
    "广西壮族自治区",
    "浙江省",
    "江苏省",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def ranks(*told: int | None, **changes: Any) -> list[Any]:
    """A result of a province each: its place; None: among the first ten."""
    values: list[dict[str, Any]] = [{"rank": rank} if rank else {"top": 10} for rank in told]
    return [result(place, **value, **changes) for place, value in zip(PLACES, values, strict=False)]


def covered(store: Store, *results: Any, **changes: Any) -> list[dict[str, Any]]:
    store_article(store, arrival(store, says=extraction(*results, **changes)))
    return query_coverage(store)


def test_what_is_missing_is_named(store: Store) -> None:
    (row,) = covered(store, *ranks(1, 2, 4, 5, 7, 8, 10))
    assert (row["series"], row["year"], row["group"], row["subject"], row["indicator"]) == (
        "cstc-website", 2024, "province", "website", None,
    )  # fmt: skip
    assert (row["announced"], row["captured"], row["missing"], row["missing_number"]) == (
        10,
        7,
        [(3, 3), (6, 6), (9, 9)],
        3,
    )
    assert (row["judged"], row["results"], row["bounded"], row["clashing"], row["disputed"]) == (32, 7, 0, [], 0)
    assert coverage_words(row) == "ranks 1–10 announced, 7 captured: missing 3, 6, 9; 32 judged"


@pytest.mark.parametrize(
    ("told", "tied", "missing", "clashing"),
    [
        ((1, 2, 3), False, [], []),
        ((2,), False, [(1, 1)], []),
        ((5, 5, 7), True, [(1, 4)], []),  # two share the 5th place: there is no 6th
        ((5, 5, 6), True, [(1, 4)], []),  # counted without leaving one out
        ((1, 2, 2, 2, 6), True, [(5, 5)], []),
        ((5, 5, 8), False, [(1, 4), (7, 7)], [5]),  # nobody says that they share it
        ((5, 6), True, [(1, 4)], []),
        ((1, None, None), False, [(2, 10)], []),  # 前十 announces ten
        ((12, None), False, [(1, 11)], []),
        ((None,), False, [(1, 10)], []),
    ],
)
def test_ties_and_bounds(
    store: Store, told: tuple[int | None, ...], tied: bool, missing: list[tuple[int, int]], clashing: list[int]
) -> None:
    (row,) = covered(store, *(ranks(*told, tied=True) if tied else ranks(*told)))
    assert (row["missing"], row["clashing"]) == (missing, clashing)
    assert row["captured"] == sum(rank is not None for rank in told)
    assert row["bounded"] == told.count(None)


def test_groups_subjects_and_indices_are_counted_apart(store: Store) -> None:
    rows = covered(
        store, *ranks(1, 2), *ranks(3, group="all"), *ranks(4, subject="new_media"), *ranks(2, indicator="信息公开指数"),
        result("湖北省", "score", score=91.5), result("湖北省", "award", award="十佳", subject="innovation_case"),
    )  # fmt: skip
    assert {
        (r["group"], r["subject"], r["indicator"]): (r["announced"], r["captured"], r["results"]) for r in rows
    } == {
        ("province", "website", None): (2, 2, 3),
        ("all", "website", None): (3, 1, 1),
        ("province", "new_media", None): (4, 1, 1),
        ("province", "innovation_case", None): (None, 0, 1),
        ("province", "website", "信息公开指数"): (2, 1, 1),
    }
    assert coverage_words(next(r for r in rows if r["announced"] is None)) == "no ranks, 1 result; 32 judged"


def test_disputed_and_withdrawn_places(store: Store) -> None:
    covered(store, *ranks(1, 2))
    other = article("另一家媒体说法不同，名次有出入。" * 9, "http://b.cn/1")
    store_article(store, arrival(store, other, extraction(*ranks(3))))
    (row,) = query_coverage(store)
    assert (row["disputed"], row["captured"]) == (1, 2)
    # its only page states them no more
    store_article(store, arrival(store, article("此前的名次有误，现予撤回，正确的结果另行公布。" * 9), extraction()))
    (row,) = query_coverage(store)
    assert (row["captured"], row["missing"]) == (1, [(1, 2)])


def test_many_missing_places_are_named_in_part() -> None:
    told: dict[str, Any] = {"announced": 61, "captured": 31, "missing_number": 30, "results": 31}
    row = told | {
        "missing": [(n, n) for n in range(2, 61, 2)],
        "bounded": 1,
        "judged": None,
        "clashing": [7],
        "disputed": 2,
    }
    assert coverage_words(row) == (
        "ranks 1–61 announced, 31 captured: missing 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24 … (30 in all); "
        "1 known by a bound only; several at 7 though nobody calls it shared; 2 disputed"
    )


@pytest.mark.parametrize(
    ("announced", "captured", "words"),
    [(3, 3, "ranks 1–3 announced, all captured"), (3, 4, "ranks 1–3 announced, all captured (4 with ties)"),
     (1, 1, "rank 1 announced, all captured")],
)  # fmt: skip
def test_all_places_known(announced: int, captured: int, words: str) -> None:
    row = {"announced": announced, "captured": captured, "missing": [], "results": captured}
    assert coverage_words(row | {"bounded": 0, "judged": None, "clashing": [], "disputed": 0}) == words


def test_evaluations_of_no_series_and_years_are_told_apart(store: Store) -> None:
    other = {"series": "other"}
    told: list[dict[str, Any]] = [{"name": "甲评选", **other}, {"name": "乙评选", **other}, {"year": 2020}]
    for number, changes in enumerate(told):
        page = article(f"第{number}篇，" + "结果公布如下，请各单位知悉。" * (5 + number), f"http://b.cn/{number}")
        store_article(store, arrival(store, page, extraction(result(rank=number + 1), **changes)))
    assert [(r["year"], r["series"], r["announced"]) for r in query_coverage(store)] == [
        (2024, "other", 2), (2024, "other", 1), (2020, "cstc-website", 3),
    ]  # fmt: skip
    assert [r["year"] for r in query_coverage(store, year=2020)] == [2020]
    assert query_coverage(store, series="cstc-website", year=2024) == []


def test_an_empty_database_covers_nothing(store: Store) -> None:
    assert query_coverage(store) == []


def reckoned(told: list[tuple[int | None, int | None, bool]]) -> tuple[int, list[int], list[int]]:
    """Announced, missing and clashing places, place by place."""
    announced = max(rank or top or 0 for rank, top, _ in told)
    taken: set[int] = set()
    for rank in {rank for rank, _, _ in told if rank}:
        holders = sum(one[0] == rank for one in told)
        taken |= set(range(rank, rank + holders))
    missing = [place for place in range(1, announced + 1) if place not in taken]
    ranked = [rank for rank, _, _ in told if rank]
    clashing = [rank for rank in sorted(set(ranked)) if ranked.count(rank) > 1
                and not any(tied for other, _, tied in told if other == rank)]  # fmt: skip
    return announced, missing, clashing


TOLD = st.lists(
    st.one_of(
        st.tuples(st.integers(1, 25), st.none(), st.booleans()), st.tuples(st.none(), st.integers(1, 30), st.sampled_from([False]))
    ),
    min_size=1, max_size=14,
)  # fmt: skip


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("coverage") / "t.db"
    with open_store(path) as store:
        store_article(store, arrival(store, says=extraction(result())))
        store.execute("DELETE FROM mentions")
        store.execute("DELETE FROM results")
    return path


@given(TOLD)
def test_the_view_counts_as_a_person_would(schema: Path, told: list[tuple[int | None, int | None, bool]]) -> None:
    with closing(sqlite3.connect(schema)) as connection:
        (evaluation,) = connection.execute("SELECT id FROM evaluations").fetchone()
        connection.executemany(
            'INSERT INTO results (fact_key, evaluation, entity, subject, "group", kind, rank, top, tied, confidence, status, sources, '
            "run, first_seen) VALUES (?, ?, ?, 'website', 'province', 'rank', ?, ?, ?, 1.0, 'single', 1, 1, '2024-12-20T22:30:00Z')",
            [(f"k{n}", evaluation, f"地方{n}", *one) for n, one in enumerate(told)],
        )
        announced, captured, missing, number, clashing = connection.execute(
            "SELECT announced, captured, missing, missing_number, clashing FROM coverage_readable"
        ).fetchone()
        connection.rollback()
    places = [place for first, last in missing_runs(missing) for place in range(first, last + 1)]
    assert (announced, places, [first for first, _ in missing_runs(clashing)]) == reckoned(told)
    assert number == len(places)
    assert captured == sum(one[0] is not None for one in told)
    assert all(first <= last for first, last in missing_runs(missing))


def test_the_command(store: Store) -> None:
    covered(store, *ranks(1, 2, 4), *ranks(2, indicator="信息公开指数"))

    def asked(*options: str) -> Any:
        return CliRunner().invoke(cli, ["coverage", "--database", str(store.path), *options])

    assert asked().output == (
        "中国政府网站绩效评估  2024  [cstc-website]\n  省级: ranks 1–4 announced, 3 captured: missing 3; 32 judged\n"
        "  1 more in sub-indices: --indicators\n"
    )
    assert (
        "  省级 · 信息公开指数: ranks 1–2 announced, 1 captured: missing 1; 32 judged\n" in asked("--indicators").output
    )
    told = [json.loads(line) for line in asked("--json").output.splitlines()]
    assert [(row["missing"], row["indicator"]) for row in told] == [([[3, 3]], None), ([[1, 1]], "信息公开指数")]
    page = article("评选结果公布如下，请各单位知悉。" * 9, "http://b.cn/1")
    store_article(
        store, arrival(store, page, extraction(result(kind="improved", improved=True), series="other", name="甲评选"))
    )
    assert "甲评选  2024  [other]\n  省级: no ranks, 1 result; 32 judged\n" in asked().output
    nothing = asked("--year", "1999")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "No evaluations" in nothing.stderr


MOVES = "SELECT year, rank, before_year, before_rank, gained, unsure FROM history_readable WHERE entity = '湖北省' ORDER BY year, rank"


def test_moves_are_told_within_one_scope_and_against_a_named_year(store: Store) -> None:
    said = (
        (2016, result(rank=9)), (2018, result(rank=7)), (2019, result(top=10)), (2020, result(rank=5)), (2020, result(rank=3, group="all")),
        (2021, result(rank=5, subject="new_media")), (2021, result(rank=4)),
    )  # fmt: skip
    for number, (year, one) in enumerate(said):
        page = article(f"第{number}篇，" + f"{year}年的结果公布如下。" * (5 + number), f"http://b.cn/{number}")
        store_article(store, arrival(store, page, extraction(one, year=year)))
    page = article("有人说是第八名。" * 20, "http://b.cn/99")
    store_article(store, arrival(store, page, extraction(result(rank=8), year=2018)))
    assert [tuple(row.values()) for row in store.rows(MOVES)] == [
        (2016, 9, None, None, None, None),
        (2018, 7, 2016, 9, 2, 1),
        (2020, 3, None, None, None, None),
        (2020, 5, 2018, 7, 2, 1),
        (2021, 4, 2020, 5, 1, 0),
        (2021, 5, None, None, None, None),
    ]


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        (
            "SELECT * FROM coverage_readable WHERE series = 'a' AND year = 2020",
            ["results_by_evaluation", "evaluations_by_series"],
        ),
        ("SELECT * FROM coverage_readable WHERE evaluation_id = 'a'", ["results_by_evaluation"]),
        ("SELECT * FROM history_readable WHERE entity = 'a'", ["results_by_entity"]),
    ],
)
def test_a_view_about_one_thing_reads_no_whole_table(store: Store, sql: str, reads: list[str]) -> None:
    plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {sql}")]
    for index in reads:
        assert any(index in step for step in plan), plan
    assert not {"SCAN r", "SCAN e", "SCAN b", "SCAN f"} & {" ".join(step.split()[:2]) for step in plan}, plan
