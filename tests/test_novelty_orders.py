"""Whatever the order of arrival, the same articles give the same clusters, the same facts and the same message."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.items import Article, Change, Extraction, Result
from storage.articles import store_article
from storage.database import Store, open_store
from storage.outbox import pending
from storage.results import query_results
from storage.runs import finish_run, start_run
from tests.store_samples import NIGHT, NOW, arrival, article, extraction, result

HOUSES = ("人民网", "新华社", "湖北日报", "荆楚网", "融合网", "湖北省人民政府", "中国软件评测中心", None)
VALUES: tuple[Result, ...] = (
    result(rank=5), result(rank=4), result(top=10), result(rank=5, confidence=0.3), result(rank=6, implied=True),
)  # fmt: skip
CITY = result("湖北省/武汉市", group="capital", rank=3)
SLOW = settings(
    max_examples=8, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """One state of one page."""

    story: int
    """Which text it is; pages of one story are copies."""
    value: int | None
    """Which value it states. None: it states nothing."""
    city: bool
    """Whether it states the city's fact too."""
    outlet: str | None
    origin: str | None
    day: int | None


def _text(story: int) -> str:
    """A text of its own, long enough to have copies."""
    source = random.Random(story)
    return "".join(chr(source.randrange(0x4E00, 0x9000)) for _ in range(300))


def _read(number: int, told: Telling) -> tuple[Article, Extraction]:
    # in words: other figures would make another text
    parts = (told.value, told.city, told.outlet, told.origin, told.day)
    marks = "".join(chr(0x5E00 + sum(str(part).encode()) % 97) for part in parts)
    page = article(
        f"{_text(told.story)}本文由{marks}编发。", f"http://site{number}.cn/1", outlet=told.outlet, origin=told.origin,
        published=None if told.day is None else date(2024, 12, told.day),
    )  # fmt: skip
    said = [] if told.value is None else [VALUES[told.value]]
    return page, extraction(*said, *([CITY] if told.city else []))


TELLINGS = st.builds(
    Telling, st.integers(0, 3), st.one_of(st.none(), st.integers(0, len(VALUES) - 1)), st.booleans(),
    st.sampled_from(HOUSES), st.sampled_from(HOUSES), st.one_of(st.none(), st.integers(1, 4)),
)  # fmt: skip
PAGES = st.lists(st.lists(TELLINGS, min_size=1, max_size=2), min_size=1, max_size=5)
"""Pages, each with the states it goes through."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "e.db"
    open_store(path).close()
    return path


def _order(pages: Sequence[Sequence[Telling]], source: random.Random) -> list[tuple[int, Telling]]:
    """All states of all pages in a random order, each page's own in sequence."""
    turns = [number for number, states in enumerate(pages) for _ in states]
    source.shuffle(turns)
    rest = [list(states) for states in pages]
    return [(number, rest[number].pop(0)) for number in turns]


def _store(store: Store, told: Sequence[tuple[int, Telling]], run: int, *, baseline: bool = False) -> None:
    def owed(change: Change) -> Sequence[str]:
        return [] if change.result.implied or change.result.confidence < 0.5 else ["anna"]

    for number, state in told:
        page, says = _read(number, state)
        store_article(store, arrival(store, page, says, run=run, owed=owed, baseline=baseline, source=f"s{number}"))


def _known(store: Store) -> Any:
    """Facts with mentions, clusters, and what is owed."""
    results = [_without_chance(row) for row in _results(store)]
    clusters = store.rows("SELECT id, cluster, publisher FROM articles ORDER BY id")
    told = [
        (alert.subscription, sorted((c.fact_key, c.kind, c.url, c.previous, c.result.evidence, c.result.rank, c.result.top)
         for c in alert.changes))
        for alert in pending(store, NOW)
    ]  # fmt: skip
    return results, clusters, told


def _without_chance(row: dict[str, Any]) -> dict[str, Any]:
    """A result without when it was first seen, and without the value that stood last where one night both found and lost it."""
    dropped = {"first_seen", *(("rank", "top", "implied", "confidence") if row["status"] == "withdrawn" else ())}
    return {name: value for name, value in row.items() if name not in dropped}


def _results(store: Store) -> list[dict[str, Any]]:
    return query_results(store) + query_results(store, status="withdrawn")


def _after(
    folder: Path, empty: Path, name: str, nights: Sequence[Sequence[tuple[int, Telling]]], *, twice: bool = False
) -> Any:
    """What a database knows after these nights; of the last only what it tells."""
    path = folder / f"{name}.db"
    shutil.copy(empty, path)
    with open_store(path) as store:
        for told in nights[:-1]:
            run = start_run(store, night=NIGHT, now=NOW, replay=True)
            _store(store, told, run)
            finish_run(store, run, "ok", NOW)
            store.execute("UPDATE alerts SET state = 'closed'")
        run = start_run(store, night=NIGHT, now=NOW, replay=True)
        _store(store, nights[-1], run)
        if twice:
            last = dict(nights[-1])
            _store(store, list(last.items()), start_run(store, night=NIGHT, now=NOW, replay=True))
        return _known(store)


@SLOW
@given(pages=PAGES, seed=st.integers(0, 1000))
def test_any_order_of_a_night_gives_the_same(
    pages: list[list[Telling]], seed: int, empty: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("orders")
    first = _after(folder, empty, "a", [_order(pages, random.Random(0))])
    other = _after(folder, empty, "b", [_order(pages, random.Random(seed))], twice=True)
    assert first == other


@SLOW
@given(known=PAGES, pages=PAGES, seed=st.integers(0, 1000))
def test_any_order_of_a_later_night_gives_the_same(
    known: list[list[Telling]], pages: list[list[Telling]], seed: int, empty: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("nights")
    before = _order(known, random.Random(0))
    first = _after(folder, empty, "a", [before, _order(pages, random.Random(0))])
    other = _after(folder, empty, "b", [before, _order(pages, random.Random(seed))], twice=True)
    assert first == other


@SLOW
@given(known=PAGES)
def test_withdrawing_and_restoring_returns_to_the_same(
    known: list[list[Telling]], empty: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("restored")
    stays = _order(known, random.Random(0))
    last = dict(stays)
    gone = [(number, replace(state, story=9, value=None, city=False)) for number, state in last.items()]
    back = list(last.items())
    results, clusters, _ = _after(folder, empty, "a", [stays])
    assert _after(folder, empty, "b", [stays, [*gone, *back]]) == (results, clusters, [])
    again, regrouped, _ = _after(folder, empty, "c", [stays, gone, back])
    assert (again, regrouped) == (results, clusters)
