"""How the review list looks on a terminal: each result with its values, who states them in which words, and what to type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from alerts.wording import GROUPS
from crawler.commands.screen import printable

__all__ = ["decided_line", "review_lines", "sum_line"]

Row = Mapping[str, Any]

KEY_DIGITS = 8
"""Of a fact key that are shown: enough to tell any two of thousands apart."""
_MOST_MENTIONS = 3
_MOST_AROUND = 40
"""Characters on each side of a name in a long list."""
_ON_ONE_LINE = str.maketrans("\n\t", "  ")


def review_lines(row: Row, *, colour: bool, whole: bool = False) -> Iterator[str]:
    """One result for review; with `whole` every mention, else a few of each value."""
    year = "" if row["year"] is None or str(row["year"]) in row["evaluation"] else f" {row['year']}"
    group = GROUPS["zh"].get(row["group"], row["group"])
    parts = (row["entity"], row["evaluation"] + year, group, row["indicator"])
    about = "  ".join(filter(None, parts))
    why = row["why"] or row["status"]
    yield ""
    yield click.style(row["fact_key"][:KEY_DIGITS], bold=colour) + f"  {why:9}  {printable(about)}"
    for value in row["values"]:
        yield f"  {printable(value['outcome'])}  ({_standing(value)})"
        shown = value["mentions"] if whole else value["mentions"][:_MOST_MENTIONS]
        for mention in shown:
            yield from _mention_lines(mention, row["entity"], colour=colour)
        if len(shown) < len(value["mentions"]):
            yield f"      … and {len(value['mentions']) - len(shown)} more: evalwatch review {row['fact_key'][:KEY_DIGITS]}"
    for decision in row["decisions"]:
        yield f"  {decided_line(decision)}"
    yield from _how(row)


def _standing(value: Row) -> str:
    """What a value counts for, in a few words."""
    sources = f"{value['sources']} source{'' if value['sources'] == 1 else 's'}"
    told = sources if value["counts"] else f"{sources}, does not count: a person decided"
    return f"stands, {told}" if value["stands"] else told


def _mention_lines(mention: Row, entity: str, *, colour: bool) -> Iterator[str]:
    start, end = mention["at"]
    sentence, words = mention["sentence"], printable(around(mention["sentence"][start:end], entity))
    marked = click.style(words, bold=True, underline=True) if colour else f"[{words}]"
    who = mention["outlet"] or "(unsigned)"
    origin = f" from {mention['origin']}" if mention["origin"] and mention["origin"] != mention["outlet"] else ""
    day = (mention["published"] or "undated")[:10]
    gone = f"  (gone since {mention['gone'][:10]})" if mention["gone"] else ""
    yield printable(f"      {who}{origin}, {day}  {mention['url']}{gone}")
    yield f"        {printable(sentence[:start])}{marked}{printable(sentence[end:])}".translate(_ON_ONE_LINE)
    implied = ", implied" if mention["implied"] else ""
    yield printable(f"        rule {mention['rule'] or '?'}; confidence {mention['confidence']:.2f}{implied}")


def around(words: str, entity: str) -> str:
    """Of words that name many, what stands around this one; shorter ones whole.

    >>> around("甲市、" * 80 + "武汉市、" + "乙市、" * 80, "湖北省/武汉市")[38:46]
    '甲市、武汉市、乙'
    """
    name = entity.rpartition("/")[2]
    at = words.find(name) if name in words else words.find(name[:2])
    if len(words) <= 2 * _MOST_AROUND or at < 0:
        return words
    first, last = max(at - _MOST_AROUND, 0), at + len(name) + _MOST_AROUND
    return ("…" if first else "") + words[first:last] + ("…" if last < len(words) else "")


def decided_line(decision: Row) -> str:
    """One decision: what, by whom, when, why."""
    undone = f" (undone {decision['undone'][:10]})" if decision["undone"] else ""
    reason = f": {decision['reason']}" if decision["reason"] else ""
    value = f" to {decision['outcome']}" if decision["kind"] == "corrected" else f" {decision['outcome']}"
    return printable(f"{decision['kind']}{value} by {decision['by']}, {decision['decided'][:10]}{reason}{undone}")


def _how(row: Row) -> Iterator[str]:
    """What to type."""
    command = f"evalwatch review {row['fact_key'][:KEY_DIGITS]}"
    if not row["values"]:
        return
    if row["why"] in ("disputed", "doubtful"):
        named = f" --value {row['values'][0]['outcome']}" if len(row["values"]) > 1 else ""
        yield printable(f"  → {command} --accept{named}")
        # an award has no value but its name
        correct = "" if row["kind"] in ("award", "improved") else f"      {command} --correct VALUE --reason TEXT"
        yield printable(f"    {command} --reject{named} --reason TEXT{correct}")
    elif row["decided"]:
        yield f"  → {command} --undo"


def sum_line(rows: Sequence[Row], count: int) -> str:
    """How many wait, below the list."""
    kinds = [row["why"] for row in rows]
    named = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("disputed", "doubtful", "decided") if kind in kinds)
    more = f" of {count}; --limit {count} shows all" if len(rows) < count else ""
    return f"\n{len(rows)} result{'' if len(rows) == 1 else 's'}{more}: {named}"
