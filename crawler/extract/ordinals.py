"""Places in a ranking as they are printed: 第三, 第4—10名, 前十, 百强, 榜首 (grammar.md O1-O6, O10, P)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from crawler.extract.firsts import guarded
from crawler.extract.numerals import NUMBER, number_from
from crawler.extract.rulebook import Hit

__all__ = ["Ordinal", "find_ordinals"]

_N = NUMBER
_JOIN = r"\s*(?:、|和|及|与|以及|/)\s*"
_UNIT = r"\s*[名位]"
_RANGE = re.compile(
    rf"(?P<d>第)?\s*(?P<a>{_N})(?P<u>{_UNIT})?\s*(?:到|至|-+)\s*(?P<d2>第)?\s*(?P<b>{_N})(?P<u2>{_UNIT})?"
)
_DIGIT = re.compile(r"\d")
_TO = re.compile(r"[到至-]")  # stands in every range
_LIST = re.compile(
    rf"第\s*{_N}(?:(?:、\s*{_N})+(?:\s*和\s*{_N})?(?:{_UNIT}|(?=[,。;)]))|(?:{_UNIT})?(?:{_JOIN}(?:并列)?(?:第\s*{_N}(?:{_UNIT})?|{_N}{_UNIT}))*)"
)
_BARE_LIST = re.compile(guarded(rf"(?<=[列居排别在获])\s*{_N}(?:、{_N})*(?:{_JOIN}{_N})?{_UNIT}"))
_BARE_ROW = re.compile(guarded(rf"(?<=[站市组类])\s*{_N}(?:、{_N})*{_JOIN}{_N}{_UNIT}"))
"""分获省级网站一、二名: two places at least where no verb stands before them."""
_COUNTED = re.compile(
    guarded(r"(?<=排名|位列|名列|位居|排在)(?:全国|全省|全区|第)?[为:]?\s*(\d{1,3})(?=\s*[名位,。;的)]|$)")
)
_MEDALS = re.compile(r"冠、?亚、?(?P<third>季)?军")
_ENGLISH = re.compile(guarded(r"(?<![A-Za-z])(?:NO|No|no)\.?\s?(\d{1,3})(?!\d)"))
_TOP = re.compile(
    rf"前\s*(?P<n>{_N})\s*(?P<u>[名位强甲家席]|大(?![一-龥])|(?=[,。;、!)”\"的之行]|$|\s|列|排|依|分|是|为|有|和|及|:|省|市|城|政|网))"
)
_TOP_LETTERS = re.compile(r"(?:TOP|Top|top)\s?(\d{1,3})(?!\d)")
_STRONG = re.compile(guarded(rf"(?<![0-9一二三四五六七八九十百])({_N})\s*强(?!化|县|区|市|企|镇|村|调|国|力|制)"))
_NUMBERS = re.compile(_N)
_IN_A_ROW = "一二三四五六七八九"
_AFTER_BARE = re.compile(
    r"(?:\s*(?:[,。;、!?:)”\"'》(/\-]|$|的|和|与|及|以及|并列|成绩|佳绩|且|并|、)|\s+|之后|以后|后(?=,)|仅次|高于|低于|领先|较|比|至|到)"
)


@dataclass(frozen=True, slots=True)
class Ordinal:
    """One printed place, list of places, range or bound."""

    start: int
    """Where it begins."""
    end: int
    """Just behind it, its 名 or 位 included."""
    kind: Literal["exact", "range", "top", "bottom"]
    """exact: numbers in print order; range: first and last; top: the bound; bottom: counted from the end."""
    numbers: tuple[int, ...]
    """As kind says."""
    unit: bool
    """True where 名, 位 or 强 makes it unmistakable."""
    rule: str
    """Rule ids of grammar.md."""


def find_ordinals(text: str, start: int, end: int, words: Iterable[Hit]) -> list[Ordinal]:
    """All ordinals of the stretch from left to right, the longest of those that overlap.

    `words` are what rules/ranks.toml finds in the stretch.
    """
    found = [*_ranges(text, start, end), *_tops(text, start, end), *_lists(text, start, end), *_words(words)]
    found.sort(key=lambda o: (o.start, -o.end))
    kept: list[Ordinal] = []
    for ordinal in found:
        if not kept or ordinal.start >= kept[-1].end:
            kept.append(ordinal)
    return kept


def _ranges(text: str, start: int, end: int) -> Iterator[Ordinal]:
    if not _TO.search(text, start, end):
        return
    for match in _RANGE.finditer(text, start, end):
        first, last = number_from(match["a"]), number_from(match["b"])
        marked = match["d"] or match["u"] or match["u2"]
        if first is None or last is None or not marked or not 0 < first < last <= 1000 or last - first > 120:
            continue
        if not (match["u"] or match["u2"]) and not (match["d"] and match["d2"]):
            continue
        before = text[max(start, match.start() - 1) : match.start()]
        if before in {"年", "月", "."} or text[match.end() : match.end() + 1] in {
            "个",
            "届",
            "次",
            "章",
            "条",
            "号",
            "期",
        }:
            continue
        if before == "前" and first == 1:
            yield Ordinal(match.start() - 1, match.end(), "range", (first, last), unit=True, rule="B3 O10")
            continue
        yield Ordinal(match.start(), match.end(), "range", (first, last), unit=True, rule="B3 O10")


def _lists(text: str, start: int, end: int) -> Iterator[Ordinal]:
    for match in _LIST.finditer(text, start, end):
        words = match[0]
        unit = words[-1] in "名位"
        if not unit and not _AFTER_BARE.match(text, match.end()):
            continue
        if unit and text[match.end() : match.end() + 1] in {"于", "数"}:
            continue
        if unit and words[-1] == "名" and text[match.end() : match.end() + 1] in {"单", "录", "字"}:
            continue
        numbers = _numbers(words)
        if numbers and all(0 < n <= 3000 for n in numbers):
            rule = "B1 O1" if len(numbers) > 1 else "A1 O1"
            yield Ordinal(match.start(), match.end(), "exact", numbers, unit, rule)
    for match in (*_BARE_LIST.finditer(text, start, end), *_BARE_ROW.finditer(text, start, end)):
        numbers = _numbers(match[0])
        if numbers and all(0 < n <= 3000 for n in numbers):
            yield Ordinal(match.start(), match.end(), "exact", numbers, unit=True, rule="B1 O4")
    for match in _MEDALS.finditer(text, start, end):
        numbers = (1, 2, 3) if match["third"] else (1, 2)
        yield Ordinal(match.start(), match.end(), "exact", numbers, unit=True, rule="A9")
    for expression in (_COUNTED, _ENGLISH) if _DIGIT.search(text, start, end) else ():
        for match in expression.finditer(text, start, end):
            yield Ordinal(match.start(1), match.end(), "exact", (int(match[1]),), unit=True, rule="A1 O3")


def _numbers(words: str) -> tuple[int, ...]:
    """The numbers of a list in print order; 二三位 is two of them.

    >>> _numbers("第二三名"), _numbers("第二十三名"), _numbers("第4、5、6名")
    ((2, 3), (23,), (4, 5, 6))
    """
    found: list[int] = []
    for number in _NUMBERS.findall(words):
        value = number_from(number)
        if 2 <= len(number) <= 5 and number in _IN_A_ROW:
            found += [_IN_A_ROW.index(digit) + 1 for digit in number]
        elif value is not None:
            found.append(value)
    return tuple(found)


def _tops(text: str, start: int, end: int) -> Iterator[Ordinal]:
    for match in _TOP.finditer(text, start, end):
        number = number_from(match["n"])
        if (
            number is not None
            and 1 < number <= 1000
            and text[match.end() : match.end() + 1] not in {"年", "天", "月", "次"}
        ):
            yield Ordinal(match.start(), match.end(), "top", (number,), unit=True, rule="C2 O2")
    for expression in (_TOP_LETTERS, _STRONG) if text.find("强", start, end) >= 0 else (_TOP_LETTERS,):
        for match in expression.finditer(text, start, end):
            number = number_from(match[1])
            if number is not None and 1 < number <= 1000:
                yield Ordinal(match.start(), match.end(), "top", (number,), unit=True, rule="C1 O2")


def _words(words: Iterable[Hit]) -> Iterator[Ordinal]:
    for rule, first, last in words:
        kind, _, number = rule.value.partition(" ")
        if kind in ("exact", "top"):
            yield Ordinal(first, last, "exact" if kind == "exact" else "top", (int(number),), unit=True, rule=rule.id)
        elif kind == "bottom":
            yield Ordinal(first, last, "bottom", (), unit=True, rule=rule.id)
