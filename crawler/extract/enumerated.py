"""Places told by numbers before the names of one line: 1.苏州 93.2 2.南京 91.7; 第1名 北京市;第2名 广东省 (grammar.md A7, Q1, Q6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from crawler.extract.claims import Claim
from crawler.extract.context import Context
from crawler.extract.grouping import groups_before
from crawler.extract.lists import Item
from crawler.extract.view import View

__all__ = ["MARK", "POINTS", "enumerated"]

MARK = r"(?<![\d.])(?P<n>\d{1,2})\s*[.、)]\s*(?!\d)|(?P<ring>[①-⑳])\s*"
"""A number before an item."""
_MARK = re.compile(MARK)
_SAID = re.compile(r"排名|名次|位次|前[一二三四五六七八九十\d]{1,2}[名位强]?|排行|榜")
_NO_ORDER = re.compile(
    r"不分先后|笔画|区划|优秀|良好|合格|等次|获奖|入选|十佳|名单|案例|以[上下]|倒数|末|后[一二三四五六七八九十\d]{1,2}名|靠后|进步|提升|上升|下降|访问|流量|来源|浏览|点击|关键词|人口|GDP|满意"
)
"""What is listed without order, or in another."""
POINTS = re.compile(r"\s*[(:,]?\s*(?P<points>\d{1,3}\.\d{1,3}|\d{2,3})\s*分?\)?\s*")
"""The points that stand at an item."""
_REST = re.compile(r"[\s,、;。|]*")
_LEAST = 3
_FAR = 60


def enumerated(view: View, context: Context) -> Iterator[Claim]:
    """A claim for each name of a line that numbers them from 1 on, where the words before it speak of places or every
    name bears its points in falling order."""
    row = _row(view)
    if len(row) < _LEAST:
        return
    start, stop = row[0][0].name.start, row[-1][1]
    lead = view.text[max(view.sentence.start, start - _FAR) : start]
    points = [value for _, _, value in row]
    falling = all(value is not None for value in points) and all(
        one is not None and other is not None and one >= other for one, other in pairwise(points)
    )
    if any(value is not None for value in points) and not falling:
        return
    if (
        _NO_ORDER.search(lead)
        or not (falling or _SAID.search(lead))
        or view.has("negations", view.sentence.start, start)
    ):
        return
    if falling and any(one == other for one, other in pairwise(points)):
        return  # shared places, and nothing says how they are counted
    groups = groups_before(view, view.sentence.start, start, context)
    names = tuple(item.name for item, _, _ in row)
    for place, (item, _, value) in enumerate(row, 1):
        yield Claim(
            name=item.name, kind="rank", start=start, end=stop, at=start, groups=groups, rule="A7 Q6",
            paragraph=view.sentence.paragraph, parent=names[place - 2] if place > 1 else None, company=names, rank=place,
            score=value, checks="numbered from 1 on",
        )  # fmt: skip


def _row(view: View) -> list[tuple[Item, int, float | None]]:
    """The numbered names with the end of what stands at each and its points; empty where a number is missing or anything
    else stands between."""
    single = {found.start: found for found in view.lists}
    row: list[tuple[Item, int, float | None]] = []
    end = -1
    for mark in _MARK.finditer(view.text, view.sentence.start, view.sentence.end):
        number = int(mark["n"]) if mark["n"] else ord(mark["ring"]) - ord("①") + 1
        if number == 1:
            row, end = [], mark.start()
        if number != len(row) + 1 or _REST.fullmatch(view.text, end, mark.start()) is None:
            return []
        found = single.get(mark.end())
        if found is None or len(found.items) != 1:
            return []
        item, end = found.items[0], found.end
        points = POINTS.match(view.text, item.end, view.sentence.end) if item.score is None else None
        end = points.end() if points is not None else end
        row.append((item, end, float(points["points"]) if points is not None else item.score))
    return row
