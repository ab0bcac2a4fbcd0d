"""Which year a clause speaks of (grammar.md M1, M11)."""

from __future__ import annotations

import re
from bisect import bisect_left

from crawler.extract.firsts import guarded
from crawler.extract.view import View

__all__ = ["Said", "year_said"]

_TIME = re.compile(
    guarded(
        r"(?P<after>(?<![一-龥])继)|(?P<reset>此次|本次|今年|本届|这次|本年度|当前|目前|现在|之后(?=[,继再首又蝉]|$)|以来(?=[,首再继又]|$)|后(?=[,]|继续|再次|首次|又|蝉联))"
        r"|(?P<year>20\d\d)年(?:度)?(?!\d{1,2}月)(?!(?:以来|起|开始|至|到|-|底|建成|改版|开通|机构))|(?P<last>去年(?!以来|底|年底|\d)|上届|上年(?!度失分)|上一年|上一届)|(?P<before>前年)"
    )
)
_COMPARED = re.compile(r"(?:与|较|比|相较于?|同|自从?|到|至|相比|对比|从|由)(?:\d{4}年?的?)?$")
_AFTER_COMPARED = re.compile(r"[^,。;]{0,6}(?:相比|以来)|(?:年|届|度)?(?:到|至)")
_BOUND = re.compile(r"的?(?:全国|全省)?")

Said = tuple[int | None, int]
"""A year that is said, and how many editions back 去年 or 上届 goes."""


def year_said(view: View, at: int) -> Said:
    """The year or the step back that holds at `at` in its sentence; (None, 0) where nothing is said."""
    said: Said = (None, 0)
    starts = [naming.start for naming in view.namings]
    dated = [n.end for n in view.namings if n.start < at and (n.year is not None or n.edition is not None)]
    for match in _TIME.finditer(view.text, max([view.sentence.start, *dated]), view.sentence.end):
        if match.start() >= at:
            break
        if match["reset"]:
            said = (None, 0)
            continue
        number = bisect_left(starts, match.start() + 1) - 1
        if number >= 0 and match.start() < view.namings[number].end:
            continue
        before = view.text[max(view.sentence.start, match.start() - 8) : match.start()]
        bound = match["year"] and _BOUND.fullmatch(view.text, match.end(), at)  # 上升到2012年的第12名
        if not bound and (_COMPARED.search(before) or _AFTER_COMPARED.match(view.text, match.end())):
            continue
        if match["year"]:
            said = (int(match["year"]), 0)
        elif match["last"]:
            said = (None, 1)
        elif match["before"]:
            said = (None, 2)
    return said
