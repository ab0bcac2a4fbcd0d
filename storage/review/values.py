"""A value as a person types it: 5, 第五名, 并列第5, 前10, 91.5分, 优秀, 上升2名."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from crawler.errors import UsageError
from crawler.items import Result

__all__ = ["value_from_words"]

_DIGITS = "零一二三四五六七八九"
_EXAMPLES = {"rank": "5, 第5名, 前10", "score": "91.5", "grade": "优秀", "change": "+2, -2, 上升2名, 名次不变"}
_RANK = re.compile(r"(?:第)?(\d{1,5})(?:名|位)?")
_TOP = re.compile(r"(?:前|top)(\d{1,5})(?:名|位|强)?|(\d{1,5})强", re.IGNORECASE)
_SCORE = re.compile(r"(-?\d{1,6}(?:\.\d{1,6})?)分?")
_CHANGE = re.compile(r"(?P<way>上升|提升|前进|下降|后退|[+-])?(?P<by>\d{1,5})(?:名|位)?")


def value_from_words(words: str, like: Result) -> dict[str, Any]:
    """The value that these words say, of the same kind as `like`. Raises UsageError where they say none of it.

    >>> fifth = Result("e1", "湖北省", "website", "province", "rank", "第五", (0, 2), rank=5)
    >>> value_from_words("第十二名（并列）", fifth), value_from_words("前10", fifth)
    ({'rank': 12, 'tied': True}, {'top': 10})
    """
    plain = "".join(unicodedata.normalize("NFKC", words).split())
    value = _READERS[like.kind](plain) if like.kind in _READERS else _named(plain, like)
    if value is None:
        examples = _EXAMPLES.get(like.kind)
        if examples is None:
            raise UsageError(
                f"{words!r} is no other value of it: what is named is the result itself",
                hint="Reject it where it is wrong: --reject --reason TEXT",
            )
        raise UsageError(f"{words!r} is no {like.kind}", hint=f"Write it like this: {examples}")
    return value


def _rank(plain: str) -> dict[str, Any] | None:
    tied = "并列" in plain
    bare = _figures(re.sub(r"[()]|并列", "", plain))
    if (match := _TOP.fullmatch(bare)) and int(match[1] or match[2]):
        return {"top": int(match[1] or match[2])}
    if (match := _RANK.fullmatch(bare)) and int(match[1]):
        return {"rank": int(match[1])} | ({"tied": True} if tied else {})
    return None


def _score(plain: str) -> dict[str, Any] | None:
    match = _SCORE.fullmatch(plain)
    return {"score": float(match[1])} if match else None


def _change(plain: str) -> dict[str, Any] | None:
    if plain == "名次不变":
        return {"change": 0}
    match = _CHANGE.fullmatch(_figures(plain))
    if match is None:
        return None
    lost = match["way"] in ("下降", "后退", "-")
    return {"change": -int(match["by"]) if lost else int(match["by"])}


def _grade(plain: str) -> dict[str, Any] | None:
    return {"grade": plain} if plain else None


def _named(plain: str, like: Result) -> dict[str, Any] | None:
    """An award has no value but its name."""
    return {} if plain and plain in (like.award or "进步突出", f"{like.award}:{like.work}") else None


_READERS = {"rank": _rank, "score": _score, "grade": _grade, "change": _change}


def _figures(text: str) -> str:
    """Chinese numerals below a hundred, as one writes places, in figures.

    >>> _figures("第二十三名"), _figures("前十"), _figures("百强")
    ('第23名', '前10', '100强')
    """
    text = text.replace("百", "100", 1) if re.fullmatch(r"前?百强?", text) else text
    return re.sub(r"[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]", _number, text)


def _number(match: re.Match[str]) -> str:
    tens, ten, ones = match[0].partition("十")
    if not ten:
        return str(_DIGITS.index(match[0]))
    return str((_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0))
