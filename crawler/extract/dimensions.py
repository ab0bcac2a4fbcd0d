"""Statements about a sub-index instead of the whole (grammar.md A12, E5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.lists import NameList
from crawler.extract.rulebook import Hit, load_rulebook
from crawler.extract.view import View
from crawler.items import Subject

__all__ = ["Topic", "indicator_between", "is_the_whole", "topic_of_heading"]

_INDICATOR = re.compile(
    r"(?P<name>[一-龥“”]{2,10}?)[”\"]?(?:等)?(?:指数|指标|维度|单项|分项|得分率|类指标|层面)(?!体系|评估|排行|排名|报告|得分|总|第|为)|(?P<aspect>[一-龥、]{3,24}?)(?:等)?方面"
)
_HEADING = re.compile(
    r"(?:^|[,;。:])\s*(?:在|其中)?(?P<name>[一-龥]{2,12}?)(?:指标|分指数|单项指数|维度|单项)(?:方面|上|中)?,[^,;。]{0,40},?$"
)
_WHOLE = re.compile(
    r"透明度|开放数林|数林|数字政府|电子政务发展|竞争力|影响力|绩效|综合指数|总体?指数|服务能力|(?:城市|省域|省级|地方|年度|评估)指数"
)
"""What a series calls its own index: no part of it."""
_BESIDE = re.compile(
    r"[在从就而对其中看来说上里,:、和及与的等各两三四五六七八几\d个“”\"\s]|方面|指标|指数|得分|排名|维度|单项|分项|一级|二级|能力|水平|网站|政府|门户|另外|此外|同时|具体|类"
)
_NUMBERED = re.compile(
    r"\s*(?:(?P<one>第?[一二三四五六七八九十]{1,3}[、.,部])|(?P<two>\([一二三四五六七八九十]{1,3}\))|(?P<three>\d{1,2}\s*[、.])|(?P<four>\(?\d{1,2}\)))"
)
_PLACED = re.compile(
    r"(?:总|综合)?(?:排名|指数|得分|方面|维度|水平|能力|上|中|的|排在|位居|位列|居|列|排|全国)*[第前首][一二三四五六七八九十\d位]"
)
_AHEAD = 600
_TITLE = re.compile(r"指数|指标|维度|单项|方面|排名|得分|情况")
_OWN: dict[Subject, re.Pattern[str]] = {
    "transparency": re.compile(r"公开"),
    "service": re.compile(r"服务|办事"),
    "foreign_language": re.compile(r"外文|英文"),
}
"""What an evaluation of that subject judges as a whole."""

Topic = tuple[int, str | None]
"""How deep a heading stands (1: 一, 2: (一), 3: 1., 4: (1); 0: not numbered) and the sub-index it names."""


def indicator_between(
    view: View, found: NameList | None, start: int, at: int, *, behind: bool, topic: str | None = None
) -> str | None:
    """The sub-index that a place at `at` is about, or None where it is the overall one.

    Said between the subject and the place, by a clause before that says nothing else, or by the heading above (`topic`).
    """
    first = max(start, found.end) if found is not None and not behind and found.end <= at else start
    part, whole = _last(view, first, at)
    if part is not None:
        return part
    if behind and found is not None and (part := _last(view, at, found.start)[0]) is not None:
        return part
    if whole:
        return None
    if found is not None and not behind and (head := _subject_of_sentence(view, found, at)) is not None:
        return head
    return _generic(view, found, start, at) or _said_before(view, at, found) or _above(view, at, topic)


def is_the_whole(indicator: str, subject: Subject, scope: str) -> bool:
    """Whether it is what an evaluation of that subject judges: 政务公开 is no part of an evaluation of transparency."""
    own = _OWN.get(subject)
    return own is not None and scope != "world" and own.search(indicator) is not None


def topic_of_heading(view: View) -> Topic:
    """What a heading says of the statements below it."""
    start, end = view.sentence.start, view.sentence.end
    numbered = _NUMBERED.match(view.text, start, end)
    level = 0 if numbered is None else 1 + ("one", "two", "three", "four").index(numbered.lastgroup or "one")
    name = view.text[numbered.end() if numbered else start : end].strip(" \n:。")
    parts = [hit for hit in _parts(view, start, end) if hit[0].value in ("part", "split")]
    if view.namings or view.groups or view.names or view.ordinals or not 2 <= len(name) <= 16:
        return level, None
    only = parts and not _rest(view, start if numbered is None else numbered.end(), end)
    if only and (numbered is not None or _TITLE.search(name)):
        return level, name
    return level, name if numbered is not None and _is_placed_below(view.text, name, end) else None


def _is_placed_below(text: str, name: str, end: int) -> bool:
    """Whether the next lines give places in what the heading names: 制度体系 … 位居制度体系总排名第一."""
    at = text.find(name, end, end + _AHEAD)
    return at >= 0 and _PLACED.match(text, at + len(name)) is not None


def _parts(view: View, start: int, end: int) -> Iterator[Hit]:
    for hit in load_rulebook()["dimensions"].find(view.text, start, end) if start < end else ():
        if not any(naming.start <= hit[1] < naming.end for naming in view.namings):
            yield hit


def _last(view: View, start: int, end: int) -> tuple[str | None, bool]:
    """The last sub-index of the stretch unless a word for the whole stands behind it; and whether one does."""
    part: str | None = None
    whole, stop = False, -1
    for rule, first, last in _parts(view, start, end):
        if rule.value != "whole":
            part, whole, stop = view.text[first:last], False, last
        elif first != stop:  # 制度体系总排名 is that of the part
            part, whole = None, True
    return part, whole


def _subject_of_sentence(view: View, found: NameList, at: int) -> str | None:
    """我国在线服务指数达到0.9,指数排名升至第9位: directly behind the name, and nothing leads back to the whole."""
    for rule, first, last in _parts(view, found.end, at):
        near = rule.value == "part" and view.text[found.end : first] in ("", "的", "政府网站", "网站", "门户网站")
        if not near or not re.match("指数|指标|得分|单项", view.text[last : last + 2]):
            return None
        return view.text[first:last] if not _last(view, last, at)[1] else None
    return None


def _generic(view: View, found: NameList | None, start: int, at: int) -> str | None:
    """X指数, X维度, X方面 directly before the place, unless it is what the series calls its own index."""
    clause, _ = view.clause(at)
    first = max(start, found.end) if found is not None and found.end <= at else start
    verbs = view.words_in("ranks", first, at, "verb", "tie", "member")
    match = _INDICATOR.search(view.text, max(clause, min(first, at)), verbs[0].start if verbs else at)
    if (
        match is None
        or _WHOLE.search(match[0])
        or any(naming.start <= match.start() < naming.end for naming in view.namings)
        or any(word.end == match.end("name") for word in view.groups)  # 省域指数 is that of the group
    ):
        return None
    name = (match["name"] or match["aspect"] or "").strip("“”、")
    for form in [item.name.form for row in view.lists for item in row.items]:
        name = name.removeprefix(form)
    return re.split(r"[的中在]", name)[-1] or None


def _said_before(view: View, at: int, found: NameList | None) -> str | None:
    """The sub-index that a clause of its own names, or the words before the subject: 信息公开方面,A、B位列前二."""
    clause, _ = view.clause(at)
    if found is not None and clause < found.start <= at and (part := _only(view, clause, found.start)) is not None:
        return part
    ends = [view.sentence.start - 1, *(comma for comma in view.commas if comma < clause)]
    for before, behind in zip(ends[-2::-1], ends[:0:-1], strict=False):
        part, whole = _last(view, before + 1, behind)
        if whole:
            return None
        if part is not None and _only(view, before + 1, behind) is not None:
            return part
    return _said_ahead(view, clause)


def _only(view: View, start: int, end: int) -> str | None:
    """The sub-index of a stretch that names nothing else."""
    part, _ = _last(view, start, end)
    return part if part is not None and not _rest(view, start, end) else None


def _rest(view: View, start: int, end: int) -> bool:
    """Whether the stretch says more than a sub-index and a group."""
    cuts = [(first, last) for _, first, last in _parts(view, start, end)]
    cuts += [(word.start, word.end) for word in view.groups if start <= word.start < end]
    pieces, position = "", start
    for first, last in sorted(cuts):
        pieces += view.text[position:first] if first > position else ""
        position = max(position, last)
    return len(_BESIDE.sub("", pieces + view.text[position:end])) > 1


def _said_ahead(view: View, clause: int) -> str | None:
    """优化营商环境指标,安徽省…并列第3: any words with 指标 or 维度 behind them."""
    start = view.sentence.start
    heading = _HEADING.search(view.text[start:clause])
    if heading is None:
        return None
    first, last = start + heading.start(), start + heading.end()
    said = any(first <= word.start < last for word in view.groups)
    named = any(naming.start < last and start + heading.start("name") < naming.end for naming in view.namings)
    between = any(ordinal.start >= last and ordinal.end <= clause for ordinal in view.ordinals)
    return None if said or named or between else heading["name"]


def _above(view: View, at: int, topic: str | None) -> str | None:
    """The heading's, unless the sentence names an evaluation or the whole."""
    if topic is None or view.namings or _last(view, view.sentence.start, at)[1]:
        return None
    return topic
