"""Points told without a place: 深圳总分77.2分, 中国的EGDI值为0.8119, A(90.1分)、B(89.5分) (grammar.md E1, E2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.extract.claims import Claim
from crawler.extract.context import Context
from crawler.extract.dimensions import indicator_between
from crawler.extract.facts import Settled
from crawler.extract.grouping import groups_before
from crawler.extract.lists import NameList, joined
from crawler.extract.subjects import OTHERS, is_object
from crawler.extract.view import View

__all__ = ["SCORED", "score_claims", "with_shared_scores"]

SCORED = r"\d\s*分(?!之|钟|公司|别|级|厂)|EGDI|指数值?(?:\([A-Za-z]+\))?[为达是]"
"""What a sentence holds that tells points."""
_TOLD = re.compile(
    r"(?:(?P<key>综合得分|总得分|最终得分|总分|得分|综合评分|总评分|总成绩|绩效分值)(?:最高|最低)?,?(?:为|达到|达|是|高达|:)?\s*(?P<a>\d{1,3}(?:\.\d{1,4})?)\s*分"
    r"|(?:以|获得?|取得|拿到|得到|得)(?:了)?(?:总分)?\s*(?P<b>\d{1,3}(?:\.\d{1,4})?)\s*分的?(?:总分|总成绩|总得分|综合得分|好?成绩|高分)"
    r"|(?:电子政务发展指数|EGDI|综合指数|总体?指数|绩效指数)(?:\([A-Za-z]+\))?(?:值|指数|得分)*(?:为|达到|达|是)\s*(?P<c>\d{1,3}(?:\.\d{1,4})?)(?:分)?|(?:为|是|达到?|只有|仅为|仅有|高达)\s*(?P<d>\d{1,3}(?:\.\d{1,4})?)\s*分)(?!\d|\s*(?:%|个|名|位|项|条|-|至|到))"
)
_NOT_OWN = re.compile(
    r"满$|(?:满分|平均|均|高出|提高|提升|增加|加|扣|差|低于|高于|超过|领先|比|较|全省|全国|各地)[^,。;]{0,6}$"
)
_BESIDE = re.compile(r"\s*[,(](?:其)?")
_LISTED = re.compile(r"得分|总分|分数|成绩|评分|分值")
_BAND = re.compile(r"平均|满分|区间|权重|扣|加分|差距|最高.{0,4}分值")
_GAP = re.compile(
    r"\s*[,(]?(?:其|的)?(?:(?:市|省|区|县)?(?:人民)?政府)?(?:门户|官方|政务)*(?:网站|网|平台)?的?(?:在?(?:本次|此次|本届)?(?:绩效)?(?:评估|测评|考评)(?:中|的)*)?"
    r"(?:电子政务|最终|综合|总体|整体|今年|年度|的|也|仅|只|则|就)*以?"
)
_MOST = re.compile(r"(?:得分|总分|分数|成绩)(?:最高|最低|最好)的[^,。;]{0,12}$")
"""得分最高的是江岸区,为92.6分"""
_SHARED = re.compile(
    r"(?:市|省|区|县)*(?:人民)?(?:政府)?(?:门户|官方)?(?:网站|网)?的?(?:(?:紧随|紧跟|位居|分列|随)其后,?|次之,)?(?:(?:得分|总分|成绩)(?:居前|靠前|领先|最高),?)?(?:综合|最终|总)?(?:得分|总分|成绩|分数|评分)?(?:分别|依次)(?:得分|得到|取得|获得|得|获|为|是|以)*了?"
    r"\s*(?P<list>\d{1,3}(?:\.\d+)?分?(?:(?:、|,|和|与|及)\s*\d{1,3}(?:\.\d+)?分?)*(?:、|,|和|与|及)\s*\d{1,3}(?:\.\d+)?分)"
)
"""As many points as names: A、B、C网站分别得80.1分、79.5分和77.6分."""
_NUMBER = re.compile(r"\d{1,3}(?:\.\d+)?")
_TRUST = 0.9


def score_claims(view: View, context: Context) -> Iterator[Claim]:
    """The points of those directly before them, and of lists that print them at every name."""
    for match in _TOLD.finditer(view.text, view.sentence.start, view.sentence.end):
        if _NOT_OWN.search(view.text, max(view.sentence.start, match.start() - 10), match.start()):
            continue
        found = _holder(view, match.start())
        if match["d"] and (found is None or not _MOST.search(view.text, view.sentence.start, found.start)):
            continue
        value = float(match["a"] or match["b"] or match["c"] or match["d"])
        if found is not None and not _is_part(view, found, match.start(), context):
            yield _claim(view, context, found, 0, value, match.end())
    for found in view.lists:
        yield from _shared(view, context, found)
    for found in _rows(view):
        most = len(found.items) == 1 and _MOST.search(view.text, view.clause(found.start)[0], found.start) is not None
        if (len(found.items) >= 2 or most) and any(item.score is not None for item in found.items):
            yield from _listed(view, context, found)


def _shared(view: View, context: Context, found: NameList) -> Iterator[Claim]:
    """The points of a list that are told behind it, where nothing places it: places bring their points themselves."""
    told = _SHARED.match(view.text, found.end, view.sentence.end) if len(found.items) > 1 else None
    clause, _ = view.clause(found.start)
    if told is None or found.count not in (None, len(found.items)) or is_object(view, found):
        return
    points = [float(number) for number in _NUMBER.findall(told["list"])]
    if len(points) != len(found.items) or view.has(
        "negations", clause, told.start("list"), "intention", "negation", "candidate", "mean", "traffic"
    ):
        return
    if _is_part(view, found, told.start("list"), context) or OTHERS.search(view.text, clause, told.end()):
        return
    for place, value in enumerate(points):
        yield _claim(view, context, found, place, value, told.end())


def _rows(view: View) -> Iterator[NameList]:
    """The lists, those joined that print a score at every name with a comma between: 上海92.3分,北京91.2分."""
    row: NameList | None = None
    for found in view.lists:
        scored = all(item.score is not None for item in found.items)
        if row is not None and scored and view.text[row.end : found.start].strip() in (",", "、", ";"):
            row = joined(row, found)
            continue
        if row is not None:
            yield row
        row = found if scored else None
        if not scored:
            yield found
    if row is not None:
        yield row


def _holder(view: View, at: int) -> NameList | None:
    """The one name directly before the points; none where places are told, which bring their points themselves."""
    before = [found for found in view.lists if found.end <= at]
    if not before or len(before[-1].items) != 1:
        return None
    found = before[-1]
    clause, _ = view.clause(at)
    if found.start < clause and _BESIDE.fullmatch(view.text, found.end, at) is None:
        return None
    if OTHERS.search(view.text, clause, at) or any(clause <= o.start < at for o in view.ordinals):
        return None
    if view.has("negations", clause, at) or _GAP.fullmatch(view.text, found.end, at) is None:
        return None
    return None if is_object(view, found) else found


def _is_part(view: View, found: NameList, at: int, context: Context) -> bool:
    clause, _ = view.clause(at)
    return indicator_between(view, found, clause, at, behind=False, topic=context.topic) is not None


def _listed(view: View, context: Context, found: NameList) -> Iterator[Claim]:
    stretch = (view.sentence.start, found.start)
    said = _LISTED.search(view.text, *stretch) or _LISTED.match(view.text, found.end)
    if said is None or _BAND.search(view.text, *stretch) or OTHERS.search(view.text, *stretch):
        return
    if view.has("negations", *stretch) or _is_part(view, found, found.start, context) or is_object(view, found):
        return
    for place, item in enumerate(found.items):
        if item.score is not None:
            yield _claim(view, context, found, place, item.score, found.end)


def _claim(view: View, context: Context, found: NameList, place: int, value: float, end: int) -> Claim:
    names = found.names
    return Claim(
        name=names[place], kind="score", start=found.start, end=max(end, found.end), at=found.start,
        groups=groups_before(view, view.sentence.start, max(end, found.end), context), rule="E1 E2",
        paragraph=view.sentence.paragraph, parent=names[place - 1] if place else None, company=names, score=value,
        confidence=_TRUST,
    )  # fmt: skip


def with_shared_scores(settled: Sequence[Settled], sentences: Sequence[tuple[int, int]]) -> list[Settled]:
    """A score holds in every group in which its sentence ranks the entity; told alone, in the group of its place.

    `sentences` are those in which the claims stand.
    """
    places: dict[tuple[object, ...], list[int]] = {}
    for number, fact in enumerate(settled):
        if fact.claim.rank is not None and fact.claim.indicator is None and not fact.claim.implied:
            places.setdefault(_whose(fact), []).append(number)
    shared = list(settled)
    dropped: set[int] = set()
    for number, fact in enumerate(settled):
        score = fact.claim.score
        if score is None or fact.claim.indicator is not None or fact.claim.implied:
            continue
        alone = fact.claim.kind == "score"
        for other in places.get(_whose(fact), []):
            if other == number:
                continue
            if settled[other].group == "other" != fact.group:
                continue  # a place within a region
            if alone and settled[other].group != fact.group:
                dropped.add(number)
            if shared[other].claim.score is None and (alone or sentences[other] == sentences[number]):
                shared[other] = replace(shared[other], claim=replace(shared[other].claim, score=score))
    return [fact for number, fact in enumerate(shared) if number not in dropped]


def _whose(fact: Settled) -> tuple[object, ...]:
    return fact.entity.path, fact.bound.series, fact.bound.year, fact.subject
