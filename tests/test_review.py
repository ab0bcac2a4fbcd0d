"""Deciding about results: what is listed, what a decision does to the database and to those who are told."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.digest import payload
from crawler.commands import cli
from crawler.config import load_settings
from crawler.delivery import Sender, deliver
from crawler.errors import UsageError
from crawler.items import Change, Extraction, Result, fact_key, value_words
from storage.articles import store_article
from storage.database import Store, open_store
from storage.novelty.facts import replace_statements
from storage.outbox import close_alert, pending
from storage.review.deciding import Decided, Deciding, decide, undo
from storage.review.decisions import DecisionKind
from storage.review.values import value_from_words
from storage.review.waiting import find_fact, review_list, review_of, sentence_around
from tests.inspected import inspecting, make_database
from tests.store_samples import EMPTIED, NIGHT, NOW, arrival, article, evaluation, extraction, result

TEXT = "评估结果昨天公布。湖北省门户网站排名第{}，比去年靠前。主办方没有公布分数，只公布了名次，也没有说明指标。来自{}的消息。"
FACT = fact_key(evaluation(), result())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "t.db") as opened:
        yield opened


def told(_change: Change) -> Sequence[str]:
    return ["anna"]


def said(place: str, of: Result, name: str) -> tuple[Any, Extraction]:
    """An article that says so, in one sentence of several."""
    text = TEXT.format(place, name) + name * 70
    words = f"湖北省门户网站排名第{place}"
    start = text.index(words)
    found = replace(of, evidence=words, span=(start, start + len(words)))
    return article(text, f"http://{name}.cn/1", outlet=f"{name}网"), extraction(found)


def put(store: Store, name: str, place: str, of: Result, **changes: Any) -> None:
    store_article(store, arrival(store, *said(place, of, name), owed=changes.pop("owed", told), **changes))


def deciding(owed: Any = told) -> Deciding:
    return Deciding("王芳", NIGHT + timedelta(days=1), NOW + timedelta(days=1), owed)


def act(store: Store, kind: DecisionKind, value: str | None = None, reason: str | None = "看过原文") -> Decided:
    return decide(store, FACT, kind, value, reason=reason, deciding=deciding())


def row_of(store: Store) -> dict[str, Any]:
    return store.rows("SELECT * FROM results WHERE fact_key = ?", FACT)[0]


def standing(store: Store) -> tuple[Any, ...]:
    row = row_of(store)
    return row["rank"], row["status"], row["sources"], row["confidence"], row["decided"]


def owed(store: Store) -> list[tuple[str, str, str | None]]:
    """Kind, value and previous value of what waits to be told."""
    return [
        (change.kind, value_words(change.result), change.previous)
        for alert in pending(store, NOW + timedelta(days=9))
        for change in alert.changes
    ]


def send(store: Store) -> None:
    for alert in pending(store, NOW + timedelta(days=9)):
        close_alert(store, alert.id, (), "{}", NOW)


def dispute(store: Store) -> None:
    put(store, "甲", "五", result(rank=5))
    put(store, "乙", "六", result(rank=6))
    put(store, "丙", "六", result(rank=6))


def doubt(store: Store) -> None:
    put(store, "甲", "五", result(rank=5, confidence=0.4), owed=lambda _: ())


def test_the_list_shows_all_values_with_their_words(store: Store) -> None:
    dispute(store)
    (row,), count = review_list(store)
    assert count == 1
    assert (row["why"], row["outcome"], row["fact_key"]) == ("disputed", "第6名", FACT)
    first, second = row["values"]
    assert (first["outcome"], first["stands"], first["sources"]) == ("第6名", True, 2)
    assert (second["outcome"], second["stands"], second["sources"]) == ("第5名", False, 1)
    (mention,) = second["mentions"]
    assert mention["sentence"] == "湖北省门户网站排名第五，比去年靠前。"
    start, end = mention["at"]
    assert mention["sentence"][start:end] == mention["words"] == "湖北省门户网站排名第五"
    assert (mention["outlet"], mention["url"], mention["rule"]) == ("甲网", "http://甲.cn/1", "A1")


def test_disputes_come_before_doubts_and_sure_results_not_at_all(store: Store) -> None:
    said_all = extraction(
        result("湖北省", rank=5), result("湖南省", rank=9, confidence=0.3), result("广东省", rank=2, confidence=0.4),
        result("贵州省", rank=3),
    )  # fmt: skip
    store_article(store, arrival(store, says=said_all))
    other = article("另有名次。" * 30, "http://b.cn/1")
    store_article(store, arrival(store, other, extraction(result("贵州省", rank=4))))
    rows, _ = review_list(store)
    assert [(row["entity"], row["why"]) for row in rows] == [
        ("贵州省", "disputed"), ("广东省", "doubtful"), ("湖南省", "doubtful"),
    ]  # fmt: skip
    assert [row["entity"] for row in review_list(store, limit=1)[0]] == ["贵州省"]
    assert review_list(store, limit=1)[1] == 3


def test_an_accepted_doubt_counts_as_sure_and_is_news(store: Store) -> None:
    doubt(store)
    assert standing(store) == (5, "single", 1, 0.4, None)
    decided = act(store, "accepted", reason=None)
    assert standing(store) == (5, "single", 1, 1.0, "accepted")
    assert decided.told == ("anna",)
    assert owed(store) == [("new", "第5名", None)]
    assert review_list(store) == ([], 0)
    (row,), _ = review_list(store, everything=True)
    assert (row["why"], row["decisions"][0]["by"], row["decisions"][0]["outcome"]) == ("decided", "王芳", "第5名")


def test_a_rejected_doubt_stands_no_more_and_nobody_hears_of_it(store: Store) -> None:
    doubt(store)
    assert act(store, "rejected", reason="说的是去年的名次").told == ()
    assert standing(store)[1:3] + standing(store)[4:] == ("withdrawn", 0, "rejected")
    assert owed(store) == []
    assert review_of(store, FACT)["values"][0]["counts"] is False


def test_a_dispute_is_settled_for_one_side(store: Store) -> None:
    dispute(store)
    send(store)
    with pytest.raises(UsageError, match=r"several values are stated\..*--value VALUE\..*第5名"):
        act(store, "accepted")
    assert act(store, "accepted", "第五名").told == ("anna",)
    assert standing(store) == (5, "single", 1, 1.0, "accepted")
    assert owed(store) == [("corrected", "第5名", "第6名")]


def test_a_dispute_settled_for_what_stood_is_no_news(store: Store) -> None:
    dispute(store)
    send(store)
    assert act(store, "accepted", "6").told == ()
    assert standing(store) == (6, "corroborated", 2, 1.0, "accepted")


def test_a_correction_stands_marked_and_the_words_stay(store: Store) -> None:
    dispute(store)
    send(store)
    act(store, "corrected", "第8名", reason="以附件为准")
    assert standing(store) == (8, "single", 0, 1.0, "corrected")
    row = review_of(store, FACT)
    assert [(value["outcome"], value["counts"]) for value in row["values"]] == [("第6名", False), ("第5名", False)]
    assert (row["outcome"], row["decisions"][0]["reason"]) == ("第8名", "以附件为准")
    assert owed(store) == [("corrected", "第8名", "第6名")]


def test_what_waits_to_be_sent_is_told_as_decided(store: Store) -> None:
    """A message that is not yet written never says what a person has found wrong."""
    put(store, "甲", "五", result(rank=5))
    assert owed(store) == [("new", "第5名", None)]
    act(store, "corrected", "8")
    assert owed(store) == [("new", "第8名", None)]
    act(store, "rejected", "5")
    assert owed(store) == [("new", "第8名", None)]
    undo(store, FACT, deciding())
    undo(store, FACT, deciding())
    assert owed(store) == [("new", "第5名", None)]


def test_a_rejection_is_told_to_those_who_were_told(store: Store) -> None:
    put(store, "甲", "五", result(rank=5))
    send(store)
    decide(store, FACT, "rejected", None, reason="网页误植", deciding=deciding(lambda _: ["anna", "bob"]))
    assert owed(store) == [("withdrawn", "第5名", None)]


def test_nobody_is_told_of_a_baseline(store: Store) -> None:
    put(store, "甲", "五", result(rank=5, confidence=0.4), baseline=True)
    assert act(store, "accepted").told == ()
    assert standing(store)[3] == 1.0


def test_yet_another_value_brings_it_back_with_the_decision(store: Store) -> None:
    dispute(store)
    act(store, "accepted", "5")
    put(store, "丁", "六", result(rank=6))
    assert standing(store) == (5, "single", 1, 1.0, "accepted")
    send(store)
    put(store, "戊", "七", result(rank=7))
    assert standing(store) == (5, "disputed", 1, 1.0, "accepted")
    assert owed(store) == [("disputed", "第7名", "第5名")]
    (row,), _ = review_list(store)
    assert row["decisions"][0]["outcome"] == "第5名"
    views = store.rows("SELECT decided, reason FROM results_disputed")
    assert views == [{"decided": "accepted", "reason": "看过原文"}]


def test_what_was_rejected_is_no_news_when_another_page_says_it(store: Store) -> None:
    put(store, "甲", "五", result(rank=5))
    act(store, "rejected")
    send(store)
    put(store, "乙", "五", result(rank=5))
    assert (row_of(store)["status"], owed(store)) == ("withdrawn", [])


def test_a_changed_page_keeps_the_decision(store: Store) -> None:
    doubt(store)
    act(store, "accepted")
    page, says = said("五", result(rank=5, confidence=0.3, rule="A2"), "甲")
    changed = replace(page, text=page.text + "更正启事。", plain=page.plain + "更正启事。")
    store_article(store, arrival(store, replace(changed, offsets=range(len(changed.text) + 1)), says))
    assert standing(store) == (5, "single", 1, 1.0, "accepted")


def test_withdrawn_and_restored_it_is_as_decided(store: Store) -> None:
    doubt(store)
    act(store, "corrected", "8")
    page, _ = said("五", result(rank=5), "甲")
    gone = article(EMPTIED, page.url)
    store_article(store, arrival(store, gone, Extraction("related")))
    assert row_of(store)["status"] == "withdrawn"
    put(store, "甲", "五", result(rank=5, confidence=0.4))
    assert standing(store) == (8, "single", 0, 1.0, "corrected")


def test_undone_the_state_is_as_before(store: Store) -> None:
    dispute(store)
    states = [(standing(store), owed(store))]
    for kind, value in (("accepted", "5"), ("rejected", "6"), ("corrected", "9")):
        act(store, kind, value)  # type: ignore[arg-type]  # they are kinds
        states.append((standing(store), []))
    for state, _ in states[-2::-1]:
        undo(store, FACT, deciding())
        assert standing(store) == state
    with pytest.raises(UsageError, match="nothing was decided about it"):
        undo(store, FACT, deciding())
    assert store.value("SELECT count(*) FROM decisions WHERE undone IS NOT NULL") == 3


def test_an_undone_acceptance_takes_its_news_back(store: Store) -> None:
    doubt(store)
    act(store, "accepted")
    undo(store, FACT, deciding())
    assert owed(store) == []
    act(store, "accepted")
    send(store)
    undo(store, FACT, deciding())
    assert owed(store) == [("withdrawn", "第5名", None)]


@cache
def _dispute_as_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        with open_store(Path(folder) / "t.db") as store:
            dispute(store)
        return (Path(folder) / "t.db").read_bytes()


@contextmanager
def _disputed() -> Iterator[Store]:
    """A store of its own with the dispute in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.db"
        path.write_bytes(_dispute_as_file())
        with open_store(path) as store:
            store.execute("PRAGMA synchronous = OFF")
            yield store


kinds = st.sampled_from(["accepted", "rejected", "corrected"])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(kinds, st.sampled_from(["5", "6", "9"])), max_size=4), st.data())
def test_decisions_and_reading_again_commute(made: list[tuple[DecisionKind, str]], data: st.DataObject) -> None:
    """Pages that are read again, in between or at the end, with other confidence and rules, change nothing of what was decided."""

    def state(places: Sequence[int]) -> dict[str, Any]:
        with _disputed() as store:
            for number, (kind, value) in enumerate(made):
                if number in places:
                    _read_again(store)
                try:
                    act(store, kind, value)
                except UsageError:
                    continue
            if len(made) in places:
                _read_again(store)
            return {name: value for name, value in row_of(store).items() if name != "run"}

    places = data.draw(st.lists(st.integers(0, 4), max_size=3))
    assert state(places) == state([])


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(kinds, st.sampled_from(["5", "6", "9"])), min_size=1, max_size=4))
def test_a_decision_undone_gives_the_state_before(made: list[tuple[DecisionKind, str]]) -> None:
    with _disputed() as store:
        states = [row_of(store)]
        for kind, value in made:
            try:
                act(store, kind, value)
            except UsageError:
                continue
            states.append(row_of(store))
        for state in states[-2::-1]:
            undo(store, FACT, deciding())
            assert row_of(store) == state


def _read_again(store: Store) -> None:
    for name, place, rank in (("甲", "五", 5), ("乙", "六", 6), ("丙", "六", 6)):
        page, says = said(place, result(rank=rank, rule="B7"), name)
        with store.writing():
            identity = store.value("SELECT id FROM articles WHERE url = ?", page.url)
            replace_statements(store, identity, says, page, run=1, now=NOW)


@pytest.mark.parametrize(
    ("kind", "value", "reason", "complaint"),
    [
        ("rejected", None, None, "is not rejected without a reason.*--reason TEXT"),
        ("corrected", "8", "  ", "is not corrected without a reason"),
        ("corrected", None, "看过", "needs the value that is right"),
        ("corrected", "5", "看过", "that is what is stated: 第5名. Accept it"),
        ("corrected", "优秀", "看过", "'优秀' is no rank. Write it like this: 5, 第5名, 前10"),
        ("accepted", "7", None, "nobody states 第7名. There are: 第5名"),
    ],
)
def test_what_cannot_be_decided_says_why(
    store: Store, kind: DecisionKind, value: str | None, reason: str | None, complaint: str
) -> None:
    doubt(store)
    with pytest.raises(UsageError, match=complaint):
        act(store, kind, value, reason)
    assert store.value("SELECT count(*) FROM decisions") == 0


def test_nothing_can_be_decided_about_what_nobody_states(store: Store) -> None:
    put(store, "甲", "五", result(rank=5))
    page, _ = said("五", result(rank=5), "甲")
    store_article(store, arrival(store, article(EMPTIED, page.url), Extraction("related")))
    with pytest.raises(UsageError, match="no page states this any more"):
        act(store, "accepted")


def test_a_fact_is_found_by_the_beginning_of_its_key(store: Store) -> None:
    store_article(store, arrival(store, says=extraction(*(result(f"第{n}县", rank=n) for n in range(1, 40)))))
    keys = [row["fact_key"] for row in store.rows("SELECT fact_key FROM results")]
    assert find_fact(store, keys[0][:12].upper()) == keys[0]
    with pytest.raises(UsageError, match="several results have a key that begins with"):
        find_fact(store, next(k for k in keys[0][:1] if sum(key.startswith(k) for key in keys) > 1))
    with pytest.raises(UsageError, match="no result has a key that begins with"):
        find_fact(store, "0" * 32)
    with pytest.raises(UsageError, match="is no key of a fact"):
        find_fact(store, "%' OR 1=1")


VALUES: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("rank", "5", 5, {"rank": 5}),
    ("rank", " 第 12 名 ", 5, {"rank": 12}),
    ("rank", "第十二名（并列）", 5, {"rank": 12, "tied": True}),
    ("rank", "前十", 5, {"top": 10}),
    ("rank", "百强", 5, {"top": 100}),
    ("score", "91.50分", 90.0, {"score": 91.5}),
    ("grade", "良好", "优秀", {"grade": "良好"}),
    ("change", "-2", 1, {"change": -2}),
    ("change", "上升三名", 1, {"change": 3}),
    ("change", "名次不变", 1, {"change": 0}),
]


@pytest.mark.parametrize(("kind", "words", "known", "expected"), VALUES)
def test_values_as_people_type_them(kind: str, words: str, known: Any, expected: dict[str, Any]) -> None:
    assert value_from_words(words, result(kind=kind, **{kind: known})) == expected


def test_an_award_has_no_other_value() -> None:
    with pytest.raises(UsageError, match=r"what is named is the result itself\. Reject it"):
        value_from_words("二等奖", result(kind="award", award="一等奖"))


def test_long_sentences_are_cut() -> None:
    sentence, (start, end) = sentence_around("长" * 400, "第五", "尾" * 400)
    assert sentence[start:end] == "第五"
    assert (sentence[0], sentence[-1], len(sentence)) == ("…", "…", 324)


def invoke(folder: Path, *arguments: str) -> Any:
    options = ["--settings", str(folder / "settings.toml"), "--database", str(folder / "t.db")]
    return CliRunner().invoke(cli, ["review", *arguments, *options], catch_exceptions=True, standalone_mode=False)


@pytest.fixture
def folder(tmp_path: Path, store: Store) -> Path:
    (tmp_path / "settings.toml").write_text(
        '[[channels]]\nid = "f"\nkind = "jsonl"\npath = "a.jsonl"\n[[subscriptions]]\nid = "all"\nchannels = ["f"]\n', encoding="utf-8"
    )  # fmt: skip
    doubt(store)
    return tmp_path


def test_the_command_lists_decides_and_undoes(folder: Path) -> None:
    shown = invoke(folder).output
    assert f"{FACT[:8]}  doubtful" in shown
    assert "[湖北省门户网站排名第五]，比去年靠前。" in shown
    assert f"evalwatch review {FACT[:8]} --accept" in shown
    accepted = invoke(folder, FACT[:8], "--accept", "--by", "王芳")
    assert "第5名 stands (single)" in accepted.output
    assert "Told in the next message to: all" in accepted.output
    assert invoke(folder).output == "Nothing waits for review.\n"
    listed = json.loads(invoke(folder, "--all", "--json").output)
    assert (listed["decided"], listed["decisions"][0]["by"]) == ("accepted", "王芳")
    assert json.loads(invoke(folder, FACT, "--undo", "--json").output)["why"] == "doubtful"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--accept"], "which result?"),
        ([FACT[:8], "--accept", "--reject"], "exclude each other"),
        ([FACT[:8], "--correct", "4", "--value", "5"], "Leave --value away"),
        ([FACT[:8], "--reject"], "without a reason"),
        (["--reason", "x"], "decide nothing"),
        (["ffffffff0000", "--accept"], "no result has a key"),
        (["--interactive", "--json"], "needs a terminal"),
    ],
)
def test_wrong_use_says_what_would_be_right(folder: Path, arguments: list[str], complaint: str) -> None:
    ended = invoke(folder, *arguments)
    assert isinstance(ended.exception, UsageError)
    assert complaint in str(ended.exception)


def test_a_review_may_write_while_a_night_does(folder: Path) -> None:
    """It waits for the other's transaction to end."""
    with closing(sqlite3.connect(folder / "t.db", isolation_level=None, check_same_thread=False)) as night:
        night.execute("BEGIN IMMEDIATE")
        night.execute("UPDATE sources SET complete = 0")
        threading.Timer(0.1, lambda: night.execute("COMMIT")).start()
        ended = invoke(folder, FACT[:8], "--accept")
    assert "第5名 stands" in ended.output


def test_the_message_says_that_a_person_decided(store: Store) -> None:
    put(store, "甲", "五", result(rank=5))
    send(store)
    act(store, "corrected", "8", reason="以附件为准")
    (alert,) = pending(store, NOW + timedelta(days=9))
    (item,) = payload(alert)["data"]["evaluations"][0]["groups"][0]["entities"][0]["results"]
    assert (item["outcome"], item["previous"], item["decided"]) == ("第8名", "第5名", "以附件为准")
    assert "人工核对：以附件为准" in item["note"]
    assert "人工核对：以附件为准" in payload(alert)["data"]["text"]


def test_a_page_that_is_gone_is_shown_and_does_not_count(store: Store) -> None:
    dispute(store)
    store.execute("UPDATE articles SET gone = '2024-12-30T00:00:00Z' WHERE url = 'http://甲.cn/1'")
    row = review_of(store, FACT)
    gone = next(value for value in row["values"] if value["outcome"] == "第5名")
    assert (gone["counts"], gone["sources"], gone["mentions"][0]["gone"]) == (False, 0, "2024-12-30T00:00:00Z")


def test_the_next_night_tells_it_once(folder: Path) -> None:
    """A night after the decision delivers it; one more has nothing to tell."""
    invoke(folder, FACT[:8], "--accept")
    for _ in range(2):
        with open_store(folder / "t.db") as opened:
            deliver(opened, Sender(load_settings(folder / "settings.toml")), "night")
    (message,) = (folder / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert FACT in message
    assert "人工核对" in json.loads(message)["data"]["text"]


def test_asked_one_after_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.commands.options.is_answered", lambda: True)
    options = ["--settings", str(folder / "settings.toml"), "--database", str(folder / "t.db"), "--interactive"]
    with open_store(folder / "t.db") as opened:
        put(opened, "乙", "六", result("湖南省", rank=6, confidence=0.3))

    def answered(text: str) -> str:
        return CliRunner().invoke(cli, ["review", *options], input=text, standalone_mode=False).output

    assert "1 of 2" in answered("q\n")
    shown = answered("c\n优秀\n错了\nc\n8\n以附件为准\nr\n说的是别处\n")
    assert "'优秀' is no rank" in shown
    assert "第8名 stands" in shown
    assert "no value stands" in shown
    assert "accept, reject" not in answered("")


def test_inspect_shows_what_a_person_decided(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    make_database(path)
    with open_store(path) as opened:
        fact = opened.value(
            "SELECT fact_key FROM results WHERE status = 'disputed' AND code = '420100' AND \"group\" = 'capital'"
        )
        decide(opened, fact, "corrected", "8", reason="以附件为准", deciding=deciding())
    with inspecting("--database", path, cwd=tmp_path) as address, httpx.Client(base_url=address) as client:
        page = client.get("/place/420100").text
        assert "人工更正" in page
        assert "第8名" in page
        rows = client.get("/evalwatch/decisions_readable.json?_shape=objects").json()["rows"]
        assert [(row["kind"], row["outcome"], row["reason"]) for row in rows] == [("corrected", "第8名", "以附件为准")]
        assert "人工核对记录" in client.get("/evalwatch/decisions_readable").text


def test_after_a_rejection_another_value_is_told(store: Store) -> None:
    put(store, "甲", "五", result(rank=5))
    send(store)
    act(store, "rejected", reason="网页误植")
    send(store)
    put(store, "乙", "六", result(rank=6))
    assert standing(store) == (6, "single", 1, 1.0, "rejected")
    assert owed(store) == [("corrected", "第6名", "第5名")]
