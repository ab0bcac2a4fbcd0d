"""Numbers as Chinese prose writes them (grammar.md O1-O6)."""

from __future__ import annotations

import re

__all__ = ["NUMBER", "number_from", "year_from"]

NUMBER = r"(?:\d{1,6}|[〇零一二两三四五六七八九十廿百]{1,6})"
"""A regular expression for one whole number in either script."""

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE = re.compile(r"[〇零一二两三四五六七八九十廿百]+")


def number_from(words: str) -> int | None:
    """The number that the words write, or None where they write none.

    >>> [number_from(w) for w in ("3", "十", "二十六", "廿", "百", "一百零五", "两", "2〇", "第三")]
    [3, 10, 26, 20, 100, 105, 2, 20, None]
    """
    words = words.strip()
    if words.isascii() and words.isdigit():
        return int(words) if len(words) <= 9 else None
    if re.fullmatch(r"[\d〇零]+", words) and len(words) <= 9:
        return int(words.replace("〇", "0").replace("零", "0"))
    if not _CHINESE.fullmatch(words):
        return None
    if any(unit in words for unit in "十廿百"):
        return _number_with_units(words)
    if len(words) == 1:
        return _DIGITS[words]
    return int("".join(str(_DIGITS[character]) for character in words)) if len(words) <= 4 else None


def _number_with_units(words: str) -> int | None:
    """A number below one thousand written with 十, 廿 or 百; None where the order of the signs makes no number."""
    hundreds, found, rest = words.partition("百")
    if not found:
        rest, value = words, 0
    elif hundreds and hundreds not in _DIGITS:
        return None
    else:
        value = 100 * (_DIGITS[hundreds] if hundreds else 1)
    rest = rest.lstrip("零〇").replace("廿", "二十")
    tens, found, units = rest.partition("十")
    if found:
        if (tens and tens not in _DIGITS) or (units and units not in _DIGITS):
            return None
        return value + 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[units] if units else 0)
    if rest and rest not in _DIGITS:
        return None
    if rest and len(rest) == 1 and "零" not in words and "〇" not in words:
        return value + 10 * _DIGITS[rest]
    return value + (_DIGITS[rest] if rest else 0)


def year_from(words: str) -> int | None:
    """A year between 1998 and 2040, of four digits or two, in either script; None for anything else.

    >>> [year_from(w) for w in ("2012", "二〇一二", "07", "1024")]
    [2012, 2012, 2007, None]
    """
    digits = "".join(str(_DIGITS.get(character, character)) for character in words)
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in (2, 4):
        return None
    year = int(digits) if len(digits) == 4 else 2000 + int(digits)
    return year if 1998 <= year <= 2040 else None
