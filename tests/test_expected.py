"""Which results are awaited, and when they are overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bookkeeping import tell_overdue
from crawler.config import Settings
from crawler.expected import OVERDUE_WEEKS, Expected, awaited_results, overdue_results
from storage.articles import store_article
from storage.database import Store, open_store
from storage.expected import remember_expected
from tests.store_samples import NOW, OTHER_NEWS, arrival, article, extraction, result

CSTC = Expected("cstc-website", "中国政府网站绩效评估", week=51)
NEXT_YEAR = Expected("cass-transparency", "政府透明度指数", week=13, years_later=1, years=(2009, 2025))


@pytest.mark.parametrize(
    ("night", "seen", "years"),
    [
        (date(2026, 12, 20), {"cstc-website": {2025}}, []),  # the last day of week 51
        (date(2026, 12, 21), {"cstc-website": {2025}}, [2026]),
        (date(2027, 3, 14), {"cstc-website": {2025}}, [2026]),  # the year has turned
        (date(2027, 3, 15), {"cstc-website": {2025}}, []),  # nobody waits any more
        (date(2026, 12, 21), {"cstc-website": {2026}}, []),
        (date(2026, 12, 21), {"tsinghua-website": {2025}}, []),  # a series that was never seen here
    ],
)
def test_a_result_is_overdue_when_its_usual_week_is_over(
    night: date, seen: dict[str, set[int]], years: list[int]
) -> None:
    assert [late.year for late in overdue_results([CSTC], seen, night)] == years


def test_a_series_that_a_subscription_names_is_awaited_though_it_was_never_seen() -> None:
    night = date(2026, 12, 21)
    assert [late.series for late in overdue_results([CSTC], {}, night, named={"cstc-website"})] == ["cstc-website"]


def test_a_series_that_comes_out_in_the_next_year_or_is_over() -> None:
    seen = {"cass-transparency": {2023}}
    assert [late.year for late in overdue_results([NEXT_YEAR], seen, date(2026, 3, 30))] == [2025]
    assert overdue_results([NEXT_YEAR], seen, date(2027, 4, 5)) == ()


def test_the_rules_name_a_usual_week_for_the_great_series() -> None:
    from crawler.extract import usual_releases

    weeks = {series: (week, later) for series, _, week, later, _ in usual_releases()}
    assert weeks["cstc-website"] == (51, 0)
    assert weeks["tsinghua-digital-gov"] == (26, 1)
    assert all(1 <= week <= 52 and later in (0, 1) for week, later in weeks.values())
    for release in usual_releases():
        overdue_results([Expected(*release)], {release[0]: {2000}}, date(2026, 1, 1) + timedelta(days=200))


def test_the_next_edition_of_each_series_is_expected_and_those_just_past() -> None:
    seen = {"cstc-website": {2025}, "cass-transparency": {2023}}
    found = awaited_results([NEXT_YEAR, CSTC], seen, date(2026, 2, 1))
    assert [(one.series, one.year, one.due, one.seen) for one in found] == [
        ("cstc-website", 2025, date(2025, 12, 21), True),
        ("cass-transparency", 2025, date(2026, 3, 29), False),
        ("cstc-website", 2026, date(2026, 12, 20), False),
    ]
    # its last evaluation year was 2025: nothing of it comes any more
    assert [one.series for one in awaited_results([NEXT_YEAR], seen, date(2026, 7, 1))] == []


def test_what_came_early_is_seen_and_not_overdue_later() -> None:
    seen = {"cstc-website": {2025, 2026}}
    assert [(one.year, one.seen) for one in awaited_results([CSTC], seen, date(2026, 12, 1))] == [(2026, True)]
    assert overdue_results([CSTC], seen, date(2026, 12, 31)) == ()


@given(
    st.integers(1, 52),
    st.integers(0, 1),
    st.dates(date(2004, 1, 1), date(2039, 12, 31)),
    st.sets(st.integers(2002, 2040)),
)
def test_each_series_has_one_edition_to_come_and_what_is_overdue_was_awaited(
    week: int, later: int, night: date, years: set[int]
) -> None:
    series = Expected("a", "甲", week, later, (2000, 2050))
    awaited = awaited_results([series], {"a": years}, night, named={"a"})
    coming = [one for one in awaited if one.due >= night]
    past = [one for one in awaited if one.due < night]
    assert [one.due for one in awaited] == sorted({one.due for one in awaited})
    (one,) = coming
    assert one.due - night < timedelta(weeks=54)
    assert all(night - one.due <= timedelta(weeks=OVERDUE_WEEKS) for one in past)
    assert all(one.due.isocalendar() == (one.year + later, week, 7) for one in awaited)
    late = overdue_results([series], {"a": years}, night, named={"a"})
    assert {one.year for one in late} == {one.year for one in past} - years


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


READABLE = "SELECT series, year, state, week, due, days_late, night FROM expected_readable WHERE series = 'cstc-website' ORDER BY year"


def test_a_live_night_writes_down_what_is_expected_and_the_view_says_what_was_seen(store: Store) -> None:
    store_article(store, arrival(store, says=extraction(result(), year=2024)))
    assert store.rows(READABLE) == []
    tell_overdue(store, Settings(), date(2025, 12, 20), NOW)
    expected = {"series": "cstc-website", "week": 51, "night": "2025-12-20"}
    assert store.rows(READABLE) == [
        expected | {"year": 2025, "state": "expected", "due": "2025-12-21", "days_late": -1}
    ]
    tell_overdue(store, Settings(), date(2025, 12, 21), NOW)
    assert [(row["state"], row["days_late"]) for row in store.rows(READABLE)] == [("expected", 0)]
    tell_overdue(store, Settings(), date(2025, 12, 23), NOW)
    expected["night"] = "2025-12-23"
    overdue, coming = store.rows(READABLE)
    assert overdue == expected | {"year": 2025, "state": "overdue", "due": "2025-12-21", "days_late": 2}
    assert (coming["year"], coming["state"], coming["due"]) == (2026, "expected", "2026-12-20")
    # without waiting for the next night
    store_article(store, arrival(store, article(OTHER_NEWS, "http://b.cn/1"), extraction(result(), year=2025)))
    assert [(row["state"], row["days_late"]) for row in store.rows(READABLE)] == [("seen", None), ("expected", -362)]
    # only of series of which anything was ever seen
    assert {row["series"] for row in store.rows("SELECT series FROM expected")} == {"cstc-website"}


def test_the_newest_night_takes_the_place_of_the_last(store: Store) -> None:
    one = {"series": "a", "year": 2025, "name": "甲", "week": 51, "due": date(2025, 12, 21)}
    remember_expected(store, [one], date(2025, 12, 1))
    remember_expected(store, [one | {"year": 2026}], date(2025, 12, 2))
    assert store.rows("SELECT series, year, night FROM expected") == [
        {"series": "a", "year": 2026, "night": "2025-12-02"}
    ]
    remember_expected(store, [], date(2025, 12, 3))
    assert store.rows("SELECT * FROM expected") == []
