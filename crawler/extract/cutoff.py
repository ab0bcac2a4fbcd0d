"""Lists at which a text breaks off, and how far they are sure (grammar.md N9)."""

from __future__ import annotations

from crawler.extract.lists import NameList
from crawler.extract.ordinals import Ordinal
from crawler.extract.view import View

__all__ = ["goes_on", "is_cut"]


def is_cut(view: View, found: NameList, ordinal: Ordinal) -> bool:
    """Whether the whole text breaks off in the list behind a range."""
    short = len(found.slots) < ordinal.numbers[1] - ordinal.numbers[0] + 1
    return short and not view.text[found.end :].strip("、, \n")


def goes_on(view: View, found: NameList, *, order: bool) -> bool:
    """Whether the list behind 前N名 is broken off at a comma or the end of a line: it keeps its order as far as it goes."""
    rest = view.text[found.end : view.sentence.end].strip()
    cut = order and len(rest) <= 12 and not view.text[view.sentence.end :].strip()
    return rest in ("、", ",") or (cut and not rest.endswith(("。", ";", "!", "等")))
