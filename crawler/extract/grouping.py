"""Among whom a statement ranks: the group said before it, carried on, or set by a heading (grammar.md §K)."""

from __future__ import annotations

import re
from itertools import pairwise

from crawler.extract.claims import GroupWords
from crawler.extract.context import Context
from crawler.extract.rulebook import Rulebook
from crawler.extract.subjects import is_scope
from crawler.extract.view import View, Word

__all__ = ["NO_GROUP", "groups_before", "is_regional", "said_groups", "values_in_order"]

NO_GROUP = GroupWords((), "none")
_JOINED = re.compile(
    r"(?:政府|门户|网站|类|政务|评估|级|城市|系统)*(?:结果)?\s*(?:和|及|与|、|以及)\s*(?:全国)?(?:\d+个?|[一二三四五六七八九十]+个)?"
)
_AND = re.compile(r"[、和与及]+")
_EACH = re.compile(r"均|(?<![成首])都(?![市江匀昌])|分别(?!是|为|有|:)|双双|皆|各自")
_EACH_AHEAD = re.compile(
    r"(?:分别|均|双双|同时)(?:在|位列|位居|名列|排名|居|列|荣获|获|跻身|进入)*(?:全国|参评)?(?:\d+个)?$"
)
_ONLY = re.compile(r"[唯惟]一|之一")
"""西部省区中唯一进入前五的: among whom it is the only one, not among whom it is placed (A16)."""
_MEANS = re.compile(r"凭借|依托|借助|依靠|得益于")
_REGIONAL = re.compile(
    r"(?:全省|全区(?!县)|全市|全州|全疆|全盟|(?:[位居列名排在])(?:我省|我市|我区|本省|本市)|省内(?!的)|区内(?!的)|市内(?!的)|全自治区|[一-龥]{2,3}(?:省|自治区)内|(?:在|居|列|排名?)(?:[一-龥]{2}省|省)(?=第|前|首))"
    r"(?:各|的|所有)?(?:[^,。;第前百]{0,12})$"
)


def said_groups(view: View, start: int, end: int) -> GroupWords:
    """The groups said in the stretch: the last one, with those joined to it; none where none is."""
    words = [word for word in view.groups if start <= word.start < end and not _is_denied(view, word)]
    if not words or (words[-1].value == "other" and _ONLY.search(view.text, words[-1].end, end)):
        return NO_GROUP
    chosen = [words[-1]]
    for word in reversed(words[:-1]):
        if not _JOINED.fullmatch(view.text, word.end, chosen[0].start):
            break
        chosen.insert(0, word)
    values = _values(view, chosen, end)
    return GroupWords(values, "said")


def _is_denied(view: View, word: Word) -> bool:
    """Whether its clause denies something of it: 还没有地市达到该水平 (D5)."""
    first, _ = view.clause(word.start)
    return view.has("negations", first, word.start, "negation")


def _values(view: View, chosen: list[Word], end: int) -> tuple[str, ...]:
    """The groups of the contract; one mixed list of two stays one group unless the text says 均 or 分别 (K5, R3)."""
    each = _EACH.search(view.text, chosen[-1].end, end + 1) is not None or _is_each_of_two(view, chosen)
    values: list[str] = []
    for word in chosen:
        if "+" in word.value:
            values += _in_print_order(view.text[word.start : word.end], word.value) if each else ["city"]
        else:
            values.append(word.value)
    if len(values) > 1 and not each:
        kinds = set(values)
        values = ["city"] if kinds <= {"subprovincial", "capital", "prefecture", "city"} else values[-1:]
    return tuple(dict.fromkeys(values))


def _is_each_of_two(view: View, chosen: list[Word]) -> bool:
    """E分别在副省级城市和省会城市两项排名中第一: said of one name before the groups."""
    before = [found for found in view.lists if found.end <= chosen[0].start]
    if not before or len(before[-1].items) != 1:
        return False
    return _EACH_AHEAD.search(view.text, before[-1].end, chosen[0].start) is not None


def values_in_order(view: View, start: int, end: int, book: Rulebook) -> tuple[str, ...]:
    """Every group said in the stretch as the text orders them, if all of them are joined; else none.

    副省级和地市级 is one group of the table; here it is two.
    """
    words = [word for word in view.groups if start <= word.start < end]
    if any(_JOINED.fullmatch(view.text, one.end, other.start) is None for one, other in pairwise(words)):
        return ()
    values: list[str] = []
    for word in words:
        parts = [book["groups"].first(part) for part in _AND.split(view.text[word.start : word.end])]
        several = len(parts) > 1 and all(part is not None and "+" not in part.value for part in parts)
        values += [part.value for part in parts if part is not None] if several else [word.value]
    return tuple(values)


def _in_print_order(words: str, value: str) -> list[str]:
    """The two groups of a word as the text orders them: 省会和副省级 is capital first."""
    first = min((words.find(cue) for cue in ("省会", "首府") if cue in words), default=len(words))
    other = min((words.find(cue) for cue in ("副省级", "计划单列") if cue in words), default=len(words))
    values = value.split("+")
    return values[::-1] if first < other else values


def groups_before(view: View, floor: int, at: int, context: Context) -> GroupWords:
    """The group that holds at `at`: said since `floor`, else carried on in the paragraph, else the heading's."""
    regional = is_regional(view, at)
    said = said_groups(view, floor, at)
    if said.values:
        return GroupWords(said.values, "said", regional)
    if context.groups is not None:
        return GroupWords(context.groups.values, "carried", regional)
    if context.heading is not None:
        return GroupWords(context.heading.values, "heading", regional)
    return GroupWords((), "none", regional)


def is_regional(view: View, at: int) -> bool:
    """Whether the place counts within a province or region only (A10, K12)."""
    first, _ = view.clause(at)
    scopes = [found for found in view.lists if found.end <= at <= found.end + 24 and is_scope(view, found)]
    if scopes and view.clause(scopes[-1].start)[0] >= view.clause(at)[0]:
        return True
    found = _REGIONAL.search(view.text, first, at)
    return found is not None and _MEANS.search(view.text, first, found.start()) is None
