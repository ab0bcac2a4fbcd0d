"""What a streak implies for earlier editions (grammar.md H1, H2, H5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.extract.claims import Claim
from crawler.extract.numerals import NUMBER, number_from
from crawler.extract.view import View

__all__ = ["implied_earlier"]

_AGAIN = re.compile(r"蝉联")
_RUNNING = re.compile(rf"连续\s*第?\s*(?P<n>{NUMBER})\s*(?:年|届|次)(?!(?:开展|组织|发布|对|举办|以|进行))")
_PERIOD = re.compile(r"[月周季]榜|榜单|[本上]期|第\d+期|本周|上周|[\d一二三四五六七八九十]月[份,]")
"""A list of every month or week: what it holds again is last month's."""
_MOST = 6
"""A longer streak is rarely one of the same evaluation."""


def implied_earlier(view: View, claim: Claim) -> Iterator[Claim]:
    """The same outcome in the editions before: last year's for 蝉联, N-1 more for 连续N年; flagged as implied."""
    if claim.implied or claim.year or claim.years_back or claim.indicator or claim.kind not in ("rank", "grade"):
        return
    if claim.top is not None and claim.rank is None:
        return
    clause, _ = view.clause(claim.at)
    running = _RUNNING.search(view.text, clause, claim.at)
    number = number_from(running["n"]) if running else None
    if (
        number is None
        and _AGAIN.search(view.text, clause, claim.at)
        and _PERIOD.search(view.text, view.sentence.start, view.sentence.end) is None
        and "继20" not in view.text[view.sentence.start : claim.at]
    ):
        number = 2
    if number is not None and 2 <= number <= _MOST:
        for back in range(1, number):
            yield replace(
                claim, years_back=back, implied=True, score=None, change=None, rule=f"{claim.rule} H1", confidence=0.6
            )
