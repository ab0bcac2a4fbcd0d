"""The place of the older year in 从2017年的第7名后退到… (grammar.md A13, G5, M1)."""

from __future__ import annotations

import re

from crawler.extract.claims import Claim
from crawler.extract.context import Context
from crawler.extract.grouping import groups_before
from crawler.extract.ordinals import Ordinal
from crawler.extract.rulebook import Rulebook
from crawler.extract.subjects import preceding_list
from crawler.extract.view import View

__all__ = ["earlier_place"]

_FROM = re.compile(r"(?:从|由)[^,。;]{0,24}$")
_YEAR_OF = re.compile(r"(20\d\d)年")
_LAST = re.compile(r"去年|上届|上年|上一年|上一届")


def earlier_place(
    view: View, context: Context, book: Rulebook, ordinal: Ordinal, floor: int, used: set[int]
) -> Claim | None:
    """The claim of the older year, where that is said and one name alone is the subject; implied for 去年 and 上届."""
    clause, _ = view.clause(ordinal.start)
    before = _FROM.search(view.text, clause, ordinal.start)
    year = _YEAR_OF.search(before[0]) if before else None
    last = _LAST.search(before[0]) if before else None
    found, _ = preceding_list(view, before.start() if before else clause, context, used, book)
    if found is None or len(found.items) != 1 or ordinal.kind != "exact" or not (year or last):
        return None
    return Claim(
        name=found.items[0].name, kind="rank", start=min(found.start, ordinal.start), end=ordinal.end,
        at=ordinal.start, groups=groups_before(view, floor, ordinal.start, context), rule="A13 G5",
        paragraph=view.sentence.paragraph, rank=ordinal.numbers[0], year=int(year[1]) if year else None,
        years_back=0 if year else 1, implied=year is None,
    )  # fmt: skip
