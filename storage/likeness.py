"""Whether two texts are copies of one: wrapped, cut, retitled, in other characters, but the same words. Pure.

A text is compared by its overlapping runs of characters (shingles). Containment, not similarity, decides: a reprint inside an
introduction and a disclaimer, or cut in the middle, holds most of the shorter text. What was written from one template holds most of
the other as well; it is told by places, years and figures that stand between the same words and are others.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Marks", "contradict", "is_copy", "letters_of", "marks_of", "shingles_of", "tell_alike"]

SHINGLE = 5
"""Characters in a run: rarely the same by chance in Chinese, short enough to survive many small changes."""

MOST_MARKS = 32
"""Marks of a text, however long: each is a row somewhere else in its table, so they are what storing costs."""

LEAST_SHINGLES = 60
"""A shorter text says too little of its own to be called a copy, unless it is the same throughout."""

CONTAINED = 0.7
"""Share of the shorter text that must stand in the longer one."""

VERBATIM = 0.99
CUT = 0.9
"""A text that stands in one longer by a tenth almost without a change was cut out of it, even if no fact is in both: with the sentence
that names the year or the evaluation it lost the facts of others."""

KEPT = 10_000
"""Letters up to which the shingles of a text are kept for the next comparison; those of a book would fill the memory."""

CONTEXT = 6
"""So many letters before or behind a place, a year or a figure are the same words."""

DIFFERENT = {"year": 0.1, "place": 0.2, "figure": 0.1}
"""Share of the years, places and figures between the same words that may be others. In copies with synonyms the words around
what looks like a place sometimes are other ones."""

_NO_LETTER = re.compile(r"[\W_]+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")

_NUMERALS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"十": 10, "百": 100}
_NUMERAL = "[一二三四五六七八九十百]{1,5}"
_CLASSES = {
    "year": re.compile(rf"(?<!\d)(?:19|20)\d\d(?!\d)|第(?:\d{{1,2}}|{_NUMERAL})(?=届)"),
    # two characters before the suffix: enough to tell one from another, and where the name begins need not be known
    "place": re.compile(
        "(?!.[级全我本该各外社小校园郊辖市县专街类省][省市县区州旗盟]|.(?:城市|地区|节省|城区|自治))"
        "[\u4e00-\u9fff]{2}[省市县区州旗盟](?![省市县区州旗盟民场长级里面价售内略域别下])"
    ),
    "figure": re.compile(rf"第?\d+(?:\.\d+)?|第{_NUMERAL}"),
}
_MASK = str.maketrans("123456789十百零" + "二三四五六七八九", "0" * 9 + "一" * 11)
"""Numbers in the words around are all the same."""


def letters_of(plain: str) -> str:
    """What of a text is compared: its letters and digits, and a point where figures end and begin.

    >>> letters_of("湖北，第 5！"), letters_of("得分98.4。 2016年")
    ('湖北第5', '得分98.4.2016年')
    """
    return ".".join(_NO_LETTER.sub("", part) for part in _BETWEEN_DIGITS.split(plain)).lower()


@dataclass(frozen=True, slots=True)
class Marks:
    """A sample of the shingles of a text, by which texts find each other."""

    rate: int
    """One shingle in so many is a mark: the least power of two that gives no more than MOST_MARKS."""
    numbers: frozenset[int]
    """Their checksums, all of them multiples of the rate: a text with a lower rate has, among others, those of a higher one."""


def marks_of(letters: str) -> Marks:
    """The marks of a text. FracMinHash (Irber et al. 2022) with a rate that grows with the text."""
    # UTF-32, so that a shingle is a slice of the bytes and need not be encoded by itself: half the time
    data = letters.encode("utf-32-le", "surrogatepass")
    starts = range(0, max(1, len(data) - 4 * SHINGLE + 1), 4)
    checksums = {zlib.crc32(data[start : start + 4 * SHINGLE]) for start in starts}
    rate = 1
    while len(checksums) > MOST_MARKS:
        rate *= 2
        checksums = {checksum for checksum in checksums if not checksum % rate}
    return Marks(rate, frozenset(checksums))


def shingles_of(letters: str) -> frozenset[str]:
    """All runs of SHINGLE letters and digits of a text."""
    return _kept_shingles(letters) if len(letters) <= KEPT else _shingles(letters)


def _shingles(letters: str) -> frozenset[str]:
    return frozenset(letters[i : i + SHINGLE] for i in range(max(1, len(letters) - SHINGLE + 1)))


_kept_shingles = lru_cache(maxsize=16)(_shingles)


def is_copy(one: str, other: str, *, alike: bool = True) -> bool:
    """Whether one of two texts, given as their letters, holds (most of) the other, without another place, year or outcome. `alike`:
    whether their facts allow it.

    >>> is_copy("湖北第5", "湖北第5"), is_copy("湖北第5", "湖北第5湖南第6")
    (True, False)
    """
    if one == other:
        return alike
    shorter, longer = sorted((shingles_of(one), shingles_of(other)), key=len)
    wanted = CONTAINED if alike else VERBATIM
    if len(shorter) < LEAST_SHINGLES or len(shorter & longer) < wanted * len(shorter):
        return False
    return (alike or len(shorter) < CUT * len(longer)) and not contradict(one, other)


def tell_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts may be copies by the facts they state: at least one is in both.

    This keeps apart what one template says of two places or two years, in words that `contradict` does not know. A text without
    facts fits every other.

    >>> tell_alike(frozenset("ab"), frozenset("bc")), tell_alike(frozenset("ab"), frozenset("c")), tell_alike(frozenset(), frozenset("c"))
    (True, False, True)
    """
    return not one or not other or not one.isdisjoint(other)


def contradict(one: str, other: str) -> bool:
    """Whether two texts, given as their letters, say of different places, years or outcomes what they say in the same words: more
    than DIFFERENT allows, or one of them in place of another more than once.

    >>> contradict("荆州市政府门户网站排名第五", "襄阳市政府门户网站排名第五"), contradict("荆州市政府门户网站排名第五", "荆州市政府门户网站排名第5")
    (True, False)
    """
    return any(_differ(_in_context(name, one), _in_context(name, other), DIFFERENT[name]) for name in _CLASSES)


Words = tuple[str, str]
"""The words before (`<`) or behind (`>`) something."""


def _differ(first: Mapping[Words, frozenset[str]], second: Mapping[Words, frozenset[str]], most: float) -> bool:
    same = differ = 0
    instead: Counter[tuple[str, ...]] = Counter()
    for words in first.keys() & second.keys():
        here, there = first[words] - second[words], second[words] - first[words]
        if here and there:
            differ += 1
            instead[words[0], *sorted(here), "/", *sorted(there)] += 1
        else:  # what only one of them says was cut, or added
            same += 1
    return differ > most * (same + differ) or max(instead.values(), default=0) > 1


@lru_cache(maxsize=48)
def _in_context(name: str, letters: str) -> Mapping[Words, frozenset[str]]:
    """What a text has of one class, by the words around it."""
    masked = letters.translate(_MASK)
    found: dict[Words, set[str]] = {}
    for match in _CLASSES[name].finditer(letters):
        start, end = match.span()
        said = match[0] if name == "place" else _number(match[0])
        if start >= CONTEXT:
            found.setdefault(("<", masked[start - CONTEXT : start]), set()).add(said)
        if end + CONTEXT <= len(letters):
            found.setdefault((">", masked[end : end + CONTEXT]), set()).add(said)
    return {words: frozenset(said) for words, said in found.items()}


def _number(text: str) -> str:
    """第十五 and 第15 are the same."""
    digits = text.removeprefix("第")
    if digits[0].isdecimal():
        return digits.lstrip("0")
    total, last = 0, 0
    for numeral in digits:
        value = _NUMERALS[numeral]
        if value >= 10:
            total += (last or 1) * value
            last = 0
        else:
            last = value
    return str(total + last)
