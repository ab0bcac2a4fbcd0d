"""What several nights found of one fact, as a reader is told who heard of none of it before: where it ended. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.items import Change

__all__ = ["GONE_WORDS", "Item", "fold"]

GONE_WORDS = "撤回"
"""What was known before, for those who were told that a fact is withdrawn which stands again."""

_TAKES_THE_PLACE = ("refined", "corrected", "withdrawn")
"""After these what was told before stands no more, or not so exactly."""


@dataclass(frozen=True, slots=True)
class Item:
    """A change that waits to be told."""

    change: Change
    """What is told."""
    article: str
    """Id of the article that made it."""
    run: int
    """The run that found it."""


def fold(items: Sequence[Item]) -> list[Item]:
    """What is told of one fact in the end; `items` are what the nights found, in their order.

    New and then corrected is new with the last value, new and then withdrawn is nothing; 第5名 → 第4名 → 第3名 is corrected from
    第5名 to 第3名, and what is withdrawn and stands again nothing. Disputes and confirmations of what stands are kept.
    """
    told: list[Item] = []
    was_known = bool(items) and items[0].change.kind != "new"
    for item in items:
        kind = item.change.kind
        if kind not in _TAKES_THE_PLACE or not (told or not was_known):
            told.append(item)
        elif kind == "withdrawn":
            told = [item] if was_known else []
        elif not was_known:
            told = [replace(item, change=replace(item.change, kind="new", previous=None))]
        elif item.change.previous == GONE_WORDS:
            told = []
        else:
            previous = told[0].change.previous or item.change.previous
            told = [replace(item, change=replace(item.change, previous=previous))]
    return told
