"""What a source is, judged against its own past."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.health import Signs, Verdict, Yield, judge, measure
from crawler.items import Symptom

WELL = Yield(items=20, dated=20, articles=4, titles=4, dates=4, outlets=4, bodies=4, letters=1500, on_topic=2)
GOOD = Signs(title=True, date=True, outlet=True, letters=1500, on_topic=True, facts=True)


def lost(field: str, now: int, usual: int | None = 100) -> Symptom:
    return Symptom("field", field, now, usual)


@pytest.mark.parametrize(
    ("changes", "state", "symptoms"),
    [
        ({}, "healthy", ()),
        ({"articles": 0, "titles": 0, "dates": 0, "outlets": 0, "bodies": 0}, "quiet", ()),
        ({"items": None, "dated": None, "articles": 0}, "quiet", ()),
        ({"items": 0, "dated": 0, "articles": 0}, "broken", (Symptom("no_items", now=0, usual=20),)),
        ({"dated": 0}, "broken", (lost("list_date", 0),)),
        ({"dated": 14}, "broken", (lost("list_date", 70),)),
        ({"dated": 15}, "healthy", ()),
        ({"dates": 2, "titles": 1}, "broken", (lost("title", 25), lost("date", 50))),
        ({"bodies": 0}, "broken", (lost("body", 0),)),
        ({"outlets": 3}, "healthy", ()),
    ],
)
def test_a_source_is_measured_by_its_own_past(
    changes: dict[str, Any], state: str, symptoms: tuple[Symptom, ...]
) -> None:
    tonight = replace(WELL, **changes)
    assert judge(tonight, [WELL] * 5) == Verdict(state, symptoms)  # type: ignore[arg-type]  # a state


def test_what_it_never_had_it_cannot_lose() -> None:
    bare = replace(WELL, outlets=0, dated=0)
    assert judge(bare, [bare] * 5).state == "healthy"


def test_a_first_night_is_healthy_unless_no_article_has_text() -> None:
    assert judge(WELL, []).state == "healthy"
    assert judge(replace(WELL, bodies=0), []) == Verdict("broken", (lost("body", 0, None),))
    assert judge(replace(WELL, articles=1, bodies=0), []).state == "healthy"


def test_one_article_alone_shows_a_loss_only_where_none_before_it_had_it() -> None:
    one = replace(WELL, articles=1, titles=1, dates=0, outlets=1, bodies=1)
    assert judge(one, [WELL]).state == "healthy"
    assert judge(one, [WELL, WELL]) == Verdict("broken", (lost("date", 0),))
    assert judge(one, [WELL, WELL, replace(WELL, dates=3)]).state == "healthy"


def test_a_search_that_finds_nothing_is_quiet_unless_it_always_found_something() -> None:
    nothing = Yield(items=0, dated=0)
    assert judge(nothing, [], may_be_empty=True).state == "quiet"
    assert judge(nothing, [nothing, nothing, WELL], may_be_empty=True).state == "quiet"
    assert judge(nothing, [WELL], may_be_empty=True).state == "broken"
    assert judge(nothing, []).state == "broken"


def test_walls_and_failures_say_what_they_are() -> None:
    assert judge(WELL, [WELL], wall="521") == Verdict("blocked", (Symptom("wall", words="521"),))
    assert judge(WELL, [WELL], failure="holds no entries").symptoms[0].words == "holds no entries"


def test_what_was_lost_stays_lost_until_it_is_seen_again() -> None:
    broken = judge(replace(WELL, dates=0), [WELL])
    unseen = Yield(items=20, dated=20)
    assert judge(unseen, [WELL], before=broken) == broken
    assert judge(WELL, [WELL], before=broken).state == "healthy"
    assert judge(unseen, [WELL], before=judge(WELL, [], failure="503")).state == "quiet"


def test_a_night_is_measured_field_by_field() -> None:
    short = replace(GOOD, letters=400, outlet=False, facts=False)
    unread = Signs(title=False, date=False, outlet=False, letters=0, on_topic=False, facts=False)
    assert measure(20, 18, [GOOD, GOOD, short, unread], [WELL]) == Yield(
        items=20, dated=18, articles=4, titles=3, dates=3, outlets=2, bodies=2, letters=950, on_topic=3, without_facts=1
    )
    # without a past, whatever has text has a body
    assert measure(20, 18, [short], []).bodies == 1


def shares(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


@given(st.integers(0, 40).flatmap(lambda n: st.tuples(st.just(n), shares(n), shares(n), shares(n), shares(n))))
def test_a_source_that_does_as_ever_is_never_broken(figures: tuple[int, int, int, int, int]) -> None:
    of, titles, dates, outlets, bodies = figures
    night = Yield(20, 20, of, titles, dates, outlets, bodies or min(of, 1), 900 if of else None)
    assert judge(night, [night] * 3).state in ("healthy", "quiet")
