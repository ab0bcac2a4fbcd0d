from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from alerts.digest import payload_bytes
from crawler.items import ChangeKind, Result
from storage.articles import store_article
from storage.database import open_store
from storage.novelty.reconcile import Statement
from storage.novelty.retelling import retell
from storage.outbox import close_alert, list_alerts, pending
from storage.results import query_results
from storage.runs import finish_run, start_run
from tests.store_samples import FACTS, NEWS, NIGHT, NOW, OTHER_NEWS, arrival, article, extraction, result

EARLY, LATE = date(2024, 12, 19), date(2024, 12, 20)


def said(value: Result, article: str, published: str | None, cluster: str | None = None) -> Statement:
    return Statement(value, article, cluster or article, published)


FIFTH, SIXTH, TOP, WIDER = result(rank=5), result(rank=6), result(top=10), result(top=100)
DOUBTFUL = result(rank=7, confidence=0.3)
ONE, TWO, THREE = "2024-12-18", "2024-12-19", "2024-12-20"

NIGHTS: list[tuple[str, list[Statement], list[tuple[ChangeKind, str, str | None]]]] = [
    ("one", [said(FIFTH, "a", ONE)], [("new", "a", None)]),
    ("a second source", [said(FIFTH, "a", ONE), said(FIFTH, "b", TWO)], [("new", "a", None), ("corroborated", "b", None)]),
    ("a reprint", [said(FIFTH, "a", ONE), said(FIFTH, "b", TWO, "a")], [("new", "a", None)]),
    ("a reprint without date", [said(FIFTH, "a", None, "b"), said(FIFTH, "b", TWO)], [("new", "b", None)]),
    ("exact after a bound", [said(TOP, "a", ONE), said(FIFTH, "b", TWO)], [("new", "b", None)]),
    ("exact after two bounds", [said(WIDER, "a", ONE), said(TOP, "b", TWO), said(FIFTH, "c", THREE)], [("new", "c", None)]),
    ("a bound after exact", [said(FIFTH, "a", ONE), said(TOP, "b", TWO)], [("new", "a", None), ("corroborated", "b", None)]),
    ("a dispute", [said(FIFTH, "a", ONE), said(SIXTH, "b", TWO)], [("new", "a", None), ("disputed", "b", "第5名")]),
    ("a dispute and who is right", [said(FIFTH, "a", ONE), said(SIXTH, "b", TWO), said(SIXTH, "c", THREE)],
     [("new", "a", None), ("disputed", "b", "第5名"), ("corroborated", "c", None)]),
    ("a doubtful reading first", [said(DOUBTFUL, "a", ONE), said(FIFTH, "b", TWO)], [("new", "b", None)]),
    ("a doubtful reading later", [said(FIFTH, "a", ONE), said(DOUBTFUL, "b", TWO)], [("new", "a", None)]),
    ("nothing", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "expected"), [row[1:] for row in NIGHTS], ids=[row[0] for row in NIGHTS])
def test_what_a_night_has_to_tell(
    statements: list[Statement], expected: list[tuple[ChangeKind, str, str | None]]
) -> None:
    for order in permutations(statements):
        assert [(t.kind, t.statement.article, t.previous) for t in retell(order)] == expected


def _message(folder: Path, order: Sequence[str], kinds: Sequence[str]) -> bytes:
    """What one subscription to these kinds of change is told of the night."""
    days = {"a": LATE, "b": EARLY, "c": date(2024, 12, 18), "d": LATE, "e": EARLY}
    with open_store(folder / f"{''.join(order)}.db") as store:
        run = start_run(store, night=NIGHT, now=NOW, replay=True)
        for name in order:
            text, said = FACTS[name]
            told = article(text, f"http://{name}.cn/1", published=days[name])
            store_article(
                store,
                arrival(
                    store,
                    told,
                    said,
                    run=run,
                    owed=lambda c: ["anna"] if c.kind in kinds and not c.result.implied else [],
                ),
            )
        (alert,) = pending(store, NOW)
    return payload_bytes(replace(alert, id="msg_1"))  # databases differ in the ids of alerts


def test_the_message_of_a_night_does_not_depend_on_the_order_of_arrival(tmp_path: Path) -> None:
    messages = {
        _message(tmp_path, order, ("new", "refined", "disputed"))
        for number, order in enumerate(permutations(sorted(FACTS)))
        if number % 5 == 0  # 24 of 120 orders
    }
    assert len(messages) == 1


def test_every_fact_that_is_new_is_told_once(tmp_path: Path) -> None:
    for number, order in enumerate(permutations(("a", "b", "c"))):
        with open_store(tmp_path / f"{number}.db") as store:
            for name in order:
                text, said = FACTS[name]
                told = article(text, f"http://{name}.cn/1")
                store_article(store, arrival(store, told, said, owed=lambda c: ["anna"] if c.kind == "new" else []))
            owed = [row["result"] for row in store.rows("SELECT result FROM alert_items")]
            assert sorted(owed) == sorted(row["fact_key"] for row in query_results(store))


def test_what_was_told_is_not_told_anew(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        store_article(store, arrival(store, article(published=LATE, outlet="融合网"), owed=lambda _change: ["anna"]))
        (alert,) = pending(store, NOW)
        close_alert(store, alert.id, ["file"], "{}", NOW)
        earlier = article(OTHER_NEWS, "http://b.cn/1", published=EARLY)
        store_article(
            store, arrival(store, earlier, owed=lambda change: ["anna", "bo"] if change.kind == "new" else [])
        )
        assert [(a.subscription, [c.url for c in a.changes]) for a in pending(store, NOW)] == [
            ("bo", ["http://b.cn/1"])
        ]


def test_what_a_finished_run_knew_is_no_news_in_the_next(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        first = start_run(store, night=NIGHT, now=NOW, replay=True)
        store_article(store, arrival(store, article(published=LATE), run=first))
        finish_run(store, first, "ok", NOW)
        earlier = article(OTHER_NEWS, "http://b.cn/1", published=EARLY)
        store_article(store, arrival(store, earlier, owed=lambda change: ["anna"]))
        (alert,) = pending(store, NOW)
        assert [change.kind for change in alert.changes] == ["corroborated"]


def test_a_fact_that_is_taken_back_the_same_night_is_not_told(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        store_article(store, arrival(store, owed=lambda _change: ["anna"]))
        store_article(store, arrival(store, article(OTHER_NEWS), extraction(), owed=lambda _change: ["anna"]))
        assert pending(store, NOW) == []
        assert list_alerts(store) == []


def test_a_baseline_is_not_told_through_another_source(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        store_article(store, arrival(store, article(published=EARLY), baseline=True, source="old"))
        other = article(OTHER_NEWS, "http://b.cn/1", published=LATE)
        store_article(store, arrival(store, other, owed=lambda change: ["anna"] if change.kind == "new" else []))
        (alert,) = pending(store, NOW)
        assert [(change.kind, change.url) for change in alert.changes] == [("new", "http://b.cn/1")]


def test_who_wants_corroborations_hears_of_independent_ones_in_either_order(tmp_path: Path) -> None:
    texts = {
        "http://a.cn/1": (NEWS, LATE),
        "http://b.cn/1": (OTHER_NEWS, EARLY),
        "http://c.cn/1": (f"转载：{NEWS}", LATE),
    }
    for number, order in enumerate(permutations(texts)):
        with open_store(tmp_path / f"{number}.db") as store:
            for url in order:
                text, day = texts[url]
                store_article(store, arrival(store, article(text, url, published=day), owed=lambda _change: ["anna"]))
            (alert,) = pending(store, NOW)
            assert [(c.url, c.kind) for c in alert.changes if c.kind == "new"] == [("http://b.cn/1", "new")]
            assert "corroborated" in {c.kind for c in alert.changes}
            assert len(alert.changes) == 2
