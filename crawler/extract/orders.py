"""Places that words of order give without a number: 得分依次居前, 排名依次为, 其次是 (grammar.md B4, B10)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.extract.claims import Claim, GroupWords
from crawler.extract.context import Context
from crawler.extract.dimensions import indicator_between
from crawler.extract.grouping import groups_before
from crawler.extract.lists import NameList
from crawler.extract.media import says_medium
from crawler.extract.numbering import Placed, placed_in_range
from crawler.extract.subjects import OTHERS, is_object
from crawler.extract.view import View

__all__ = ["ordered_claims"]

_AHEAD = re.compile(
    r"(?:政府)?(?:门户)?(?:网站|平台)?的?(?:综合|总|绩效|评估)*(?:得分|排名|成绩|总分|名次|指数|分数)?(?:均|都)?依次(?:为|排|排名|位|位居|名列|居|列|位列|处于|领先|排在|位于)*"
    r"(?:全国|前面)?(?:居前|领先|前列|靠前|在前|名列前茅|前茅)"
)
_BEHIND = re.compile(
    r"(?:排名|名次|排序|位次|得分|总分|成绩)(?:情况|结果|顺序)?,?(?:由高到低|从高到低|按得分)?,?(?:的?顺序|排序|排名|排列)?(?:依次|按顺序|顺序)(?:排名|排列)?(?:是|为|:)+\s*[“\"]?"
)
_THEN = re.compile(
    r"[,、;]\s*(?:其次|然后|接下来|随后|接着|再次之|之后|后面)(?P<order>依次|分别)?(?:是|为|有)(?P<twice>依次(?:是|为))?\s*"
)
_FROM_THE_END = re.compile(r"靠后|垫底|末|倒数|后[一二三四五六七八九十两\d]+[名位]|得分较低|落后")


def ordered_claims(view: View, context: Context, ranked: Sequence[Claim]) -> Iterator[Claim]:
    """The places of lists that 依次 orders, and of those that 其次 adds to a place of the sentence (`ranked`)."""
    if "依次" in view.text[view.sentence.start : view.sentence.end]:
        yield from _in_order(view, context)
    for match in _THEN.finditer(view.text, view.sentence.start, view.sentence.end):
        before = [claim for claim in ranked if claim.end <= match.start() and claim.rank is not None]
        found = next((found for found in view.lists if found.start == match.end()), None)
        if not before or found is None:
            continue
        last = max(before, key=lambda claim: (claim.at, claim.rank or 0))
        order = match["order"] or match["twice"]
        pair = found.last_and and len(found.items) == 2 and not order
        if last.tied or last.implied or last.indicator or last.rank is None or pair:
            continue
        slots = len(found.slots)
        placed = placed_in_range(found.slots, last.rank + 1, last.rank + slots, context.ties, last_and=False)
        if placed is not None and len(found.items) == slots and found.complete:
            yield from _claims(view, found, placed, last.groups, (last.start, found.start), last.indicator)


def _in_order(view: View, context: Context) -> Iterator[Claim]:
    for found in view.lists:
        if len(found.items) < 2 or is_object(view, found):
            continue
        clause, _ = view.clause(max(view.sentence.start, found.start - 4))  # a colon may stand between
        ahead = _AHEAD.match(view.text, found.end, view.sentence.end)
        behind = _ends_with(view, clause, found.start)
        if ahead is None and behind is None:
            continue
        at = found.end if ahead else behind or found.start
        if _FROM_THE_END.search(view.text, clause, found.start) or OTHERS.search(view.text, clause, found.start):
            continue
        if view.has("negations", clause, found.start) or _is_numbered(
            view, clause, ahead.end() if ahead else found.end
        ):
            continue
        placed = _placed(found, context)
        if placed is not None:
            groups = groups_before(view, view.sentence.start, found.start, context)
            indicator = indicator_between(view, None, clause, found.start, behind=True, topic=context.topic)
            yield from _claims(view, found, placed, groups, (at, ahead.end() if ahead else found.start), indicator)


def _is_numbered(view: View, start: int, end: int) -> bool:
    """Whether a place is printed there: then the numbers decide, or it is told from the end."""
    return any(start <= ordinal.start < end for ordinal in view.ordinals)


def _ends_with(view: View, start: int, end: int) -> int | None:
    """Where 排名依次为 begins, if it ends just before the list."""
    for match in _BEHIND.finditer(view.text, start, end):
        if match.end() == end:
            return match.start()
    return None


def _placed(found: NameList, context: Context) -> Placed | None:
    """Every item with its place; 和 inside the list is a tie only where 等K个 counts the slots (T4)."""
    items, slots = len(found.items), len(found.slots)
    if items == slots:
        return placed_in_range(found.slots, 1, slots, context.ties, last_and=False) if found.complete else None
    if found.count == items:
        return placed_in_range([(item,) for item in found.items], 1, items, context.ties, last_and=False)
    slashes = found.count is None and not found.has_and
    if found.count == slots or slashes:
        return placed_in_range(found.slots, 1, slots, context.ties, last_and=False)
    return None


def _claims(
    view: View, found: NameList, placed: Placed, groups: GroupWords, span: tuple[int, int], indicator: str | None
) -> Iterator[Claim]:
    names = found.names
    medium = says_medium(view, view.sentence.start, found.start)
    for item, rank, tied in placed:
        place = names.index(item.name)
        yield Claim(
            name=item.name, kind="rank", start=min(span[0], found.start), end=max(span[1], found.end), at=span[0],
            groups=groups, rule="B4", paragraph=view.sentence.paragraph, parent=names[place - 1] if place else None,
            company=names, rank=rank, tied=tied, score=item.score, indicator=indicator,
            subject="new_media" if medium else None,
        )  # fmt: skip
