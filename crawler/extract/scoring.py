"""Points (grammar.md §E)."""

from __future__ import annotations

import re

from crawler.extract.ordinals import Ordinal
from crawler.extract.view import View

__all__ = ["score_near", "scores_listed"]

_SCORE = re.compile(
    r"(?:(?P<name>总分|得分|综合得分|总得分|综合评分|总评分|评分|总成绩|分数|指数值?(?:\([A-Za-z]+\))?|分值|成绩)[为是达到高仅:以得获取]*\s*(?P<a>\d{1,3}(?:\.\d{1,4})?)(?!\d)(?:\s*分(?!之|钟|公司|别|级))?"
    r"|(?:以|获|得|获得|取得|拿到|得到|总分)(?:了)?\s*(?P<b>\d{1,3}(?:\.\d{1,4})?)\s*(?:分(?!之|钟|公司|别|级)|的[^,。;\d]{0,8}(?:总分|得分|成绩|评分|高分|指数))|以(?P<c>\d{4}(?:\.\d{1,2})?)的[^,。;\d]{0,8}指数)(?!\s*%)"
)
_LISTED = re.compile(
    r"[^。;\d]{0,12}(?:得分|总分|分数|成绩|综合指数|指数)(?:分别|依次)(?:为|是|达)?\s*(?P<list>\d{1,3}(?:\.\d+)?分?(?:\s*[、,和]\s*\d{1,3}(?:\.\d+)?分?)+)"
)
_BETWEEN = re.compile(
    r"(?:分别|依次)?(?:以|得分为?|获得?)(?:分别|依次)?(?P<list>\d{1,3}(?:\.\d+)?分?(?:\s*[、,和]\s*\d{1,3}(?:\.\d+)?分?)+)(?:的(?:总分|得分|成绩|高分))?"
)
_SAME = re.compile(
    r"(?:以(?P<tied>\d{1,3}(?:\.\d+)?)分[^,。;\d]{0,8}(?=并列|同列)|(?:[同均都]|同样)(?:以|得|获|为)(?:了)?\s*(?P<score>\d{1,3}(?:\.\d+)?)\s*分(?!之|钟))"
)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d+)?")
_BESIDE = re.compile(r"\s*[、,]\s*(?P<score>\d{1,3}(?:\.\d+)?)\s*分\)")
"""佛山(第一,87.3分)"""
_NO_SCORE = re.compile(r"满$|(?:满分|平均|均|高出|提高|提升|增加|加|扣|差|低于|超过|领先)[^,。;]{0,6}$")


def scores_listed(view: View, start: int, end: int, count: int) -> list[float]:
    """The scores of a list whose names end at `start` and whose places end at `end`, where there are as many; else none
    (E2): 得分分别为95.2分、94.6分 behind the places, 分别以95.2分、94.6分 before them."""
    if (same := _SAME.search(view.text, start, max(start, end))) is not None:
        return [float(same["score"] or same["tied"])] * count
    match = _LISTED.match(view.text, max(start, end), view.sentence.end) or _BETWEEN.search(
        view.text, start, max(start, end)
    )
    numbers = [float(number) for number in _NUMBER.findall(match["list"])] if match else []
    return numbers if len(numbers) == count else []


def score_near(view: View, start: int, ordinal: Ordinal) -> float | None:
    """The one score said with a place: before it since the subject, or directly behind it (A2, E1)."""
    text = view.text
    if (beside := _BESIDE.match(text, ordinal.end)) is not None:
        return float(beside["score"])
    found: list[float] = []
    first = max(view.sentence.start, start - 40) if not _SCORE.search(text, start, ordinal.start) else start
    for match in _SCORE.finditer(text, first, min(view.sentence.end, ordinal.end + 40)):
        if _NO_SCORE.search(text, max(view.sentence.start, match.start() - 10), match.start()):
            continue
        if match.start() >= ordinal.end and not re.fullmatch(
            r"[的好成绩名位]*(?:[,(](?:比|较)[^,。;]{0,16})?[,(]?(?:其|综合)?", text[ordinal.end : match.start()]
        ):
            continue
        between = text[match.end() : ordinal.start] if match.end() <= ordinal.start else ""
        if len(between) > 40 or any(o.start >= match.end() and o.end <= ordinal.start for o in view.ordinals):
            continue
        found.append(float(match["a"] or match["b"] or match["c"]))
    return found[-1] if found else None
