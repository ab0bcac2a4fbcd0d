"""Honours that a circular confers on those it names first: 对A、B等6个“T”予以表彰, 授予A、B“T”称号 (grammar.md F4, F6)."""

from __future__ import annotations

import re

from crawler.extract.lists import NameList
from crawler.extract.numerals import NUMBER
from crawler.extract.titles import trimmed
from crawler.extract.view import View, Word

__all__ = ["conferred"]

_DIRECTLY = re.compile(
    r"(?:授予|评选出?|评选产生|评出|产生|认定|确定|命名|表彰|表扬|嘉奖|选出|选取|决定对|[,。;:\n]对|(?<=经研究)对|给予)了?[^,。;:“”、]{0,4}$"
)
_HONOURED = re.compile(r"[^。;]{0,60}?(?:表彰|表扬|嘉奖|奖励)")
_BETWEEN = re.compile(
    rf"(?:人民)?(?:政府)?(?:门户)?(?:网站)?(?:等)?(?:来自[^,。;、\d]{{1,6}}的)?(?P<count>共?{NUMBER}(?:个|家))?(?:[^,。;:“”、]{{0,4}}(?=为|“|予以|给予))?(?:为|予以|给予)?(?:(?<=为)[^,。;:“”、]{{1,10}}(?=“))?(?P<quote>[“\"])?"
    r"(?P<title>[^,。;:“”、]{2,28}?)(?P<end>$)"
)
_AS = re.compile(r"等?[^,。;:“”、]{0,6}(?:为|予以|给予)$")


def conferred(view: View, word: Word) -> tuple[NameList, str] | None:
    """Those named before the title that ends with the word, and the title; None where nobody is honoured with it."""
    before = [found for found in view.lists if found.end <= word.start]
    return next((honour for found in before[:-4:-1] if (honour := _honour(view, word, found)) is not None), None)


def _honour(view: View, word: Word, found: NameList) -> tuple[NameList, str] | None:
    between = _BETWEEN.fullmatch(view.text, found.end, word.end)
    if between is None or not found.is_of_members:
        return None
    counted = found.count is not None or between["count"]
    if not (counted or between["quote"] or _AS.match(view.text[found.end : between.start("title")])):
        return None
    directly = _DIRECTLY.search(view.text, view.sentence.start, found.start)
    if directly is None and not (counted and _HONOURED.match(view.text, word.end)):
        return None
    title = trimmed(view.text[between.start("title") : word.end])
    return (found, title) if 4 <= len(title) <= 30 else None
