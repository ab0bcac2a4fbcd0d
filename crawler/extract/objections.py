"""Why a place in a ranking asserts nothing, whoever it is about (grammar.md §C, §E, §J)."""

from __future__ import annotations

import re

from crawler.extract.holders import attributed
from crawler.extract.ordinals import Ordinal
from crawler.extract.subjects import is_scope
from crawler.extract.view import View

__all__ = ["BEFORE_NOW", "DENIED", "objection"]

DENIED = "C12 denied"
BEFORE_NOW = "G5 the place before"
"""The reason for 第A in 从第A升至第B: it may be the place of an older year."""
_FROM = re.compile(r"(?:从|由)[^,。;]{0,24}$")
_ROSE = re.compile(
    r"[^,。;]{0,8}(?:上升|提升|跃升|跃居|升至|升到|前进|后退|下降|下滑|滑落|掉落|退至|退到|跌出|掉出|滑出|退出|跌落|跌至|升|跃|到|至|稳步)"
)
_LED = re.compile(r"带动|推动|促进|促使|帮助|指导|督促|力促")
_WITHIN_A_CLASS = re.compile(r"[一二三特]等奖的?$")
_PROGRESS = re.compile(
    r"(?:进步|提升|上升|增长|改进|跃升|变化|提高|升)(?:的)?(?:幅度?|速度|位次|名次)|增幅|增速|增长率"
)
"""What a ranking of progress counts: 进步幅度列第一 says nothing of the place itself."""
_GOES_ON = re.compile(r"(?:20\d\d年(?:度|为|是|则|排|位)*|(?:分别|依次|数字|名次|排名|位次)[是为])$")
_ABOUT = re.compile(r"\s*(?:左右|上下|开外|以外|之外|以内|之内|附近)")
_COURTS = re.compile(r"检察院|检察机关|法院|高院|中院|检务|司法(?:公开|透明)|审判公开|狱务")
_AMONG_ALL = frozenset({"全国", "全省", "全区", "全市", "全球", "世界"})
_REASONS = (
    ("intention", "J1 an intention"), ("negation", DENIED), ("candidate", "J3 a candidate"),
    ("traffic", "J7 R6 another measure"), ("model", "I6 an example to follow"),
    ("repeated", "C5 of several months"),
)  # fmt: skip


def objection(view: View, ordinal: Ordinal, clause: int, floor: int, *, sure: bool) -> str | None:
    """The reason, or None where the place may be somebody's. `sure`: it stands in brackets at a name."""
    if ordinal.kind == "bottom":
        before = _FROM.search(view.text, max(clause, floor), ordinal.start)
        return BEFORE_NOW if before and _ROSE.match(view.text, ordinal.end) else "B15 C11 counted from the end"
    if _is_of_courts(view, ordinal.start):
        return "Q7 a ranking of courts"
    start = max(clause, floor)
    denied = {word.value for word in view.words_in("negations", start, ordinal.start)}
    if _is_still_intended(view, ordinal, clause):
        return "J1 an intention"
    for value, reason in _REASONS:
        if value in denied:
            return reason
    if "mean" in denied and ordinal.kind != "top":
        return "E4 a mean"
    if _FROM.search(view.text, start, ordinal.start) and _ROSE.match(view.text, ordinal.end):
        return BEFORE_NOW
    if _WITHIN_A_CLASS.search(view.text, start, ordinal.start):
        return "A14 a place within a class"
    if _PROGRESS.search(view.text, clause, ordinal.start):
        return "G9 a ranking of progress"
    if _ABOUT.match(view.text, ordinal.end):
        return "O1 only about there"
    if not ordinal.unit and not sure and not _has_verb(view, ordinal, clause):
        return "no verb of rank"
    return None


def _is_still_intended(view: View, ordinal: Ordinal, clause: int) -> bool:
    """Whether 力争2017年进入前十,2018年跻身前五 goes on: nobody and no evaluation is named since."""
    words = view.words_in("negations", view.sentence.start, clause, "intention")
    if not words:
        return False
    since = words[-1].end
    if _LED.search(view.text, since, ordinal.start):
        return True  # 确保进入前35名,并带动桐城、怀宁网站进入前20名
    named = any(since <= found.start < ordinal.start and not is_scope(view, found) for found in view.lists)
    return not named and not any(since <= naming.start < ordinal.start for naming in view.namings)


def _is_of_courts(view: View, at: int) -> bool:
    """Whether the sentence ranks courts or prosecutors and names them by their places only."""
    for match in _COURTS.finditer(view.text, view.sentence.start, at):
        inside = any(name.start <= match.start() < name.end for name in view.names)
        inside = inside or any(naming.start <= match.start() < naming.end for naming in view.namings)
        if not inside:
            return True
    return False


def _has_verb(view: View, ordinal: Ordinal, start: int) -> bool:
    at = ordinal.start
    if view.has("ranks", start, at, "verb", "tie", "member", "order") or attributed(view, ordinal) is not None:
        return True
    if _GOES_ON.search(view.text, start, at) and any(o.end <= at for o in view.ordinals):
        return True  # 2014年第七,2015年第五
    near = [word for word in view.groups if start <= word.start and 0 <= at - word.end <= 8]
    beside = [found for found in view.lists if start <= found.start and 0 <= at - found.end <= 8]
    return bool(near or beside) or view.text[max(0, at - 2) : at] in _AMONG_ALL
