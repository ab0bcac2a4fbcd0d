"""What a paragraph says of ties, before its lists are numbered (grammar.md T1, T2)."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.numbering import Tie
from crawler.extract.view import View

__all__ = ["ties_said"]


def ties_said(views: Sequence[View]) -> list[Tie]:
    """What the sentences of a paragraph say of 并列第N (T1, T2)."""
    ties: list[Tie] = []
    for view in views:
        for ordinal in view.ordinals:
            if ordinal.kind != "exact" or len(ordinal.numbers) != 1:
                continue
            if view.text[max(0, ordinal.start - 2) : ordinal.start] != "并列":
                continue
            before = [found for found in view.lists if found.end <= ordinal.start]
            if before and len(before[-1].items) > 1 and ordinal.start - before[-1].end < 24:
                ties.append((frozenset(item.name.form for item in before[-1].items), ordinal.numbers[0]))
    return ties
