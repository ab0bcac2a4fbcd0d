"""The review list: results of which a person should look at the words, and what was decided about them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.errors import UsageError
from crawler.items import Result, value_words
from storage.database import Store
from storage.novelty.independence import sources_of
from storage.novelty.reconcile import SURE, relate
from storage.novelty.statements import statements_of
from storage.review.decisions import Ruling, ruling_of, value_of
from storage.review.judged import decisions_of
from storage.rows import result_from_row

__all__ = ["find_fact", "review_list", "review_of", "sentence_around"]

Row = dict[str, Any]

_MOST_AROUND = 160
"""Characters of a sentence on each side of the words."""
_NAMED_AT_MOST = 5

# one by one, so that each is found by the index that is made for it: the list costs what waits, not what is stored
_WAITING = f"""SELECT fact_key FROM results WHERE status = 'disputed'
    UNION SELECT fact_key FROM results WHERE confidence < {SURE} AND status <> 'withdrawn'"""  # noqa: S608 - constants
_DECIDED = "SELECT fact_key FROM decisions"
_RESULTS = (
    'SELECT r.fact_key, e.series, e.year, e.name AS evaluation, r."group", r.subject, r.entity, r.code, r.kind, r.indicator, '
    "r.award, r.work, r.status, r.confidence, r.implied, r.sources, r.decided, r.first_seen "
    "FROM results r JOIN evaluations e ON e.id = r.evaluation"
)
_MOST_TELLING_FIRST = (
    "ORDER BY r.status <> 'disputed', e.year IS NULL, e.year DESC, r.sources DESC, coalesce(r.rank, r.top, 1000), r.entity, "
    "r.fact_key"
)


def review_list(store: Store, *, everything: bool = False, limit: int | None = None) -> tuple[list[Row], int]:
    """What waits for a person, the most telling first, and how many there are in all; with `everything` also what was decided.

    Disputes before doubts; of each the newest evaluation first, then what more sources state, then the better place.
    """
    wanted = f"{_WAITING} UNION {_DECIDED}" if everything else _WAITING
    rows = store.rows(
        f"{_RESULTS} WHERE r.fact_key IN ({wanted}) {_MOST_TELLING_FIRST} LIMIT ?",
        -1 if limit is None else limit,
    )
    is_all = limit is None or len(rows) < limit
    count = len(rows) if is_all else store.value(f"SELECT count(*) FROM ({wanted})")  # noqa: S608 - constants
    return [_told(store, row) for row in rows], count


def review_of(store: Store, fact: str) -> Row:
    """The same of one fact, whether or not it waits."""
    return _told(store, store.rows(f"{_RESULTS} WHERE r.fact_key = ?", fact)[0])


def find_fact(store: Store, prefix: str) -> str:
    """The fact whose key begins so. Raises UsageError where there is none, or several."""
    begun = prefix.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{1,32}", begun):
        raise UsageError(
            f"{prefix!r} is no key of a fact",
            hint="`evalwatch review` shows it in front of each result: 8 to 32 hex digits",
        )
    rows = store.rows(
        "SELECT fact_key, entity FROM results WHERE fact_key >= ? AND fact_key < ? ORDER BY fact_key LIMIT ?",
        begun, begun + "g", _NAMED_AT_MOST + 1,
    )  # fmt: skip
    if not rows:
        raise UsageError(f"no result has a key that begins with {begun}", hint="See: evalwatch review --all")
    if len(rows) > 1:
        named = ", ".join(f"{row['fact_key'][:12]} ({row['entity']})" for row in rows[:_NAMED_AT_MOST])
        more = " …" if len(rows) > _NAMED_AT_MOST else ""
        raise UsageError(f"several results have a key that begins with {begun}", hint=f"There are: {named}{more}")
    return str(rows[0]["fact_key"])


def _told(store: Store, row: Row) -> Row:
    """A result with every value that is stated, by whom and in which words, and what was decided."""
    fact = row["fact_key"]
    mentions = _mentions(store, fact)
    results = [result_from_row(mention) for mention in mentions]
    live = [result for mention, result in zip(mentions, results, strict=True) if mention["gone"] is None]
    ruling = ruling_of(decisions_of(store, fact), live)
    row["implied"] = bool(row["implied"])
    is_waiting = row["status"] == "disputed" or (row["confidence"] < SURE and row["status"] != "withdrawn")
    why = (
        ("disputed" if row["status"] == "disputed" else "doubtful")
        if is_waiting
        else "decided"
        if row["decided"]
        else None
    )
    standing = _standing(store, fact)
    return row | {
        "why": why,
        "outcome": None if standing is None else value_words(standing),
        "values": _values(mentions, results, ruling, standing, sources_of(statements_of(store, fact))),
        "decisions": _decisions(store, fact),
    }


def _standing(store: Store, fact: str) -> Result | None:
    """The value that stands; None where none does."""
    row = store.rows(
        "SELECT r.*, '' AS words, 0 AS start, 0 AS end, '' AS rule FROM results r WHERE fact_key = ?", fact
    )[0]
    return None if row["status"] == "withdrawn" else result_from_row(row)


def _values(
    mentions: Sequence[Row], results: Sequence[Result], ruling: Ruling, standing: Result | None, source_of: Mapping[str, str]
) -> list[Row]:  # fmt: skip
    """The stated values: the one that stands first, then by how many sources state them."""
    groups: list[tuple[Result, list[Row]]] = []
    for mention, result in zip(mentions, results, strict=True):
        own = next((said for value, said in groups if relate(value, result) == "same"), None)
        if own is None:
            groups.append((result, own := []))
        own.append(_mention(mention, result))
    values = [
        {
            "outcome": value_words(result),
            "value": value_of(result),
            "stands": standing is not None and relate(standing, result) == "same",
            "counts": ruling.counted(result) is not None and any(said["gone"] is None for said in group),
            "sources": len({source_of[said["cluster"]] for said in group if said["gone"] is None}),
            "mentions": group,
        }
        for result, group in groups
    ]
    return sorted(values, key=lambda value: (not value["stands"], -value["sources"]))


def _mention(row: Row, result: Result) -> Row:
    sentence, at = sentence_around(row["before"], row["words"], row["after"])
    return {
        "outlet": row["outlet"], "origin": row["origin"], "url": row["url"], "title": row["title"], "published": row["published"],
        "first_seen": row["first_seen"], "words": row["words"], "sentence": sentence, "at": at, "rule": result.rule,
        "confidence": result.confidence, "implied": result.implied, "article": row["article"], "cluster": row["cluster"],
        "gone": row["gone"], "words_at": f"/article/{row['article']}#m{row['number']}",
    }  # fmt: skip


def sentence_around(before: str, words: str, after: str) -> tuple[str, list[int]]:
    """The sentence in which the words stand, and their span in it; cut with … where it is long.

    >>> sentence_around("昨天公布。湖北省", "第五", "，湖南省第六。下文")
    ('湖北省第五，湖南省第六。', [3, 5])
    """
    head = re.split(r"[。！？!?\n\r]", before)[-1].lstrip()
    end = re.search(r"[。！？!?\n\r]", after)
    tail = after[: end.start() + (after[end.start()] not in "\n\r")] if end else after
    if len(head) > _MOST_AROUND:
        head = "…" + head[-_MOST_AROUND:]
    if len(tail) > _MOST_AROUND:
        tail = tail[:_MOST_AROUND] + "…"
    return head + words + tail.rstrip(), [len(head), len(head) + len(words)]


_MENTIONS = (
    'SELECT m.*, r.subject, r."group", r.kind, a.outlet, a.origin, a.url, a.title, a.published, a.cluster, a.gone, '
    "substr(a.text, max(m.start - 400, 0) + 1, min(m.start, 400)) AS before, substr(a.text, m.end + 1, 400) AS after "
    "FROM mentions m JOIN results r ON r.fact_key = m.result JOIN articles a ON a.id = m.article WHERE m.result = ? "
    "ORDER BY m.standing DESC, a.published IS NULL, a.published, a.first_seen, a.id, m.number"
)


def _mentions(store: Store, fact: str) -> list[Row]:
    return store.rows(_MENTIONS, fact)


def _decisions(store: Store, fact: str) -> list[Row]:
    rows = store.rows(
        "SELECT number, kind, outcome, value, instead, reason, by, decided, undone FROM decisions WHERE fact_key = ? ORDER BY number",
        fact,
    )
    return [row | {"value": json.loads(row["value"]), "instead": json.loads(row["instead"])} for row in rows]
