"""What an entity's results say of it over the years: the pure decisions."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.lines import Known, Line, Stated, Year, lines_of

PROVINCE = ("province", "website", None)


def row(year: int | None, rank: int | None = None, **changes: Any) -> dict[str, Any]:
    """A result of 湖北省 as the store gives it: a place among the provinces, unless told otherwise."""
    values: dict[str, Any] = {
        "series": "cstc-website", "year": year, "evaluation": f"{year}年评估", "entity": "湖北省", "group": "province",
        "subject": "website", "kind": "rank", "rank": rank, "tied": 0, "top": None, "score": None, "grade": None, "award": None,
        "work": None, "improved": 0, "change": None, "indicator": None, "status": "single", "sources": 1, "outlets": 1,
    }  # fmt: skip
    found = {**values, **changes}
    key = "/".join(
        str(found[name]) for name in ("series", "evaluation", "year", "group", "subject", "entity", "kind", "indicator")
    )
    return {"fact_key": key, **found}


def known(*years: int, own: dict[int, int | None] | None = None) -> dict[str, Known]:
    return {"cstc-website": Known(frozenset(years), {PROVINCE: own or {}})}


def line(
    *rows: dict[str, Any], of: dict[str, Known] | None = None, stated: dict[str, list[Stated]] | None = None
) -> Line:
    (found,) = lines_of(rows, stated or {}, of or {})
    return found


def changes(found: Line) -> dict[int | None, tuple[int | None, int | None]]:
    return {standing.year: (standing.change, standing.against) for standing in found.years if standing.entity}


def test_a_change_is_told_against_the_last_place_known_and_says_which_year() -> None:
    found = line(row(2016, 9), row(2018, 7), row(2019, 5), row(2020, 5))
    assert changes(found) == {2016: (None, None), 2018: (2, 2016), 2019: (2, 2018), 2020: (0, 2019)}


def test_a_bound_is_no_place_and_gives_no_change() -> None:
    found = line(row(2018, 7), row(2019, top=10), row(2020, 5))
    assert [(s.what, s.rank, s.top, s.change, s.against) for s in found.years] == [
        ("place", 7, None, None, None),
        ("bound", None, 10, None, None),
        ("place", 5, None, 2, 2018),
    ]


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({"series": "tsinghua-website"}, "series"),
        ({"group": "all"}, "group"),
        ({"subject": "new_media"}, "subject"),
        ({"indicator": "信息公开指数"}, "indicator"),
        ({"series": "other"}, "series"),
    ],
)
def test_places_of_different_scopes_are_never_compared(other: dict[str, Any], differs: str) -> None:
    first, second = lines_of([row(2019, 7), row(2020, 5, **other)], {}, {})
    assert getattr(first.scope, differs) != getattr(second.scope, differs)
    assert {standing.change for standing in (*first.years, *second.years)} == {None}


def test_evaluations_of_no_known_series_are_shown_by_name_and_never_compared() -> None:
    same_name = {"series": "other", "evaluation": "网站评选"}
    found = line(row(2018, 7, **same_name), row(2020, 5, **same_name))
    assert [(s.year, s.rank, s.change) for s in found.years] == [(2018, 7, None), (2020, 5, None)]


@pytest.mark.parametrize(
    ("of", "what", "announced"),
    [
        (known(2018, 2019, 2020, own={2018: 10, 2019: 30, 2020: 10}), "not_named", 30),
        (known(2018, 2019, 2020, own={2018: 10, 2019: None, 2020: 10}), "not_named", None),
        (known(2018, 2019, 2020, own={2018: 10, 2020: 10}), "other_groups", None),
        (known(2018, 2020, own={2018: 10, 2020: 10}), "no_results", None),
        ({}, "no_results", None),
    ],
)
def test_a_gap_says_why(of: dict[str, Known], what: str, announced: int | None) -> None:
    gap = line(row(2018, 7), row(2020, 5), of=of).years[1]
    assert gap == Year(2019, what, announced=announced)  # type: ignore[arg-type]  # one of What


def test_years_after_the_last_result_count_as_gaps_where_the_group_was_judged() -> None:
    found = line(row(2018, 7), of=known(2018, 2019, 2021, 2023, own={2018: 9, 2021: 9}))
    assert [(s.year, s.what) for s in found.years] == [
        (2018, "place"), (2019, "other_groups"), (2020, "no_results"), (2021, "not_named"),
    ]  # fmt: skip


def test_a_disputed_place_shows_all_values_and_makes_changes_unsure() -> None:
    disputed = row(2019, 6, status="disputed", sources=2)
    told = {disputed["fact_key"]: [Stated("第6名", ("甲报",)), Stated("第3名", ("乙报",))]}
    found = line(row(2018, 7), disputed, row(2020, 5), stated=told)
    assert [(s.rank, s.change, s.unsure) for s in found.years] == [(7, None, False), (6, 1, True), (5, 1, True)]
    assert [value.words for value in found.years[1].stated] == ["第6名", "第3名"]


def test_two_names_in_one_year_are_one_place_or_a_dispute() -> None:
    old, new = {"entity": "四川省/成都市/郫县"}, {"entity": "四川省/成都市/郫都区"}
    (agreed,) = line(row(2016, 9, **old), row(2016, 9, **new, sources=2, outlets=3)).years
    assert (agreed.entity, agreed.rank, agreed.status, agreed.outlets, agreed.sources) == (
        new["entity"],
        9,
        "single",
        4,
        3,
    )
    (differing,) = line(row(2016, 9, **old), row(2016, 4, **new, sources=2)).years
    assert (differing.rank, differing.status) == (4, "disputed")
    assert [value.words for value in differing.stated] == ["第4名", "第9名"]
    (finer,) = line(row(2016, None, top=10, **old, sources=5), row(2016, 4, **new)).years
    assert (finer.what, finer.rank) == ("place", 4)


def test_other_outcomes_stand_beside_the_place() -> None:
    (standing,) = line(
        row(2020, 5, tied=1), row(2020, kind="score", score=91.5), row(2020, kind="grade", grade="优秀")
    ).years
    assert (standing.rank, standing.tied, standing.also) == (5, True, ("优秀", "91.5分"))
    (alone,) = line(row(2020, kind="improved", improved=1)).years
    assert (alone.what, alone.also, alone.rank) == ("other", ("进步突出",), None)


def test_an_unknown_year_stands_apart_and_has_no_change() -> None:
    found = line(row(2019, 7), row(None, 1), row(2020, 5))
    assert [(s.year, s.change) for s in found.years] == [(2019, None), (2020, 2), (None, None)]


def test_the_series_with_most_places_comes_first_then_groups_then_indices() -> None:
    rows = [row(2020, 1, series="a"), row(2020, 2, indicator="x"), row(2020, 3, group="all"), row(2019, 3), row(2020, 5),
            row(2020, 1, series="other")]  # fmt: skip
    assert [(x.scope.series, x.scope.group, x.scope.indicator) for x in lines_of(rows, {}, {})] == [
        ("cstc-website", "province", None), ("cstc-website", "all", None), ("cstc-website", "province", "x"),
        ("a", "province", None), ("other", "province", None),
    ]  # fmt: skip


RESULTS = st.lists(
    st.tuples(
        st.integers(2010, 2020), st.one_of(st.integers(1, 40), st.none()), st.sampled_from(["single", "disputed"])
    ),
    max_size=8, unique_by=lambda told: told[0],
)  # fmt: skip


@given(RESULTS, st.sets(st.integers(2008, 2022)), st.randoms())
def test_every_year_stands_once_and_changes_add_up(
    told: list[tuple[int, int | None, str]], years: set[int], chance: Any
) -> None:
    rows = [row(year, rank, top=None if rank else 50, status=status) for year, rank, status in told]
    of = known(*years, own=dict.fromkeys(years, 30))
    found = lines_of(rows, {}, of)
    chance.shuffle(rows)
    assert lines_of(rows, {}, of) == found, "the order of rows decides nothing"
    if not rows:
        assert found == ()
        return
    told_years = found[0].years
    numbers = [standing.year for standing in told_years if standing.year is not None]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert {s.year: s.rank for s in told_years if s.entity} == {year: rank for year, rank, _ in told}
    assert all(s.what in ("not_named", "no_results") for s in told_years if not s.entity)
    places = [standing for standing in told_years if standing.rank is not None]
    for before, after in pairwise(places):
        assert before.rank is not None
        assert after.rank is not None
        assert (after.change, after.against) == (before.rank - after.rank, before.year)
    if len(places) > 1:
        assert sum(s.change or 0 for s in places) == (places[0].rank or 0) - (places[-1].rank or 0)
