"""Titles of awards: where one begins and ends, and what it judges (grammar.md §F)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.rulebook import Rulebook
from crawler.extract.view import View, Word
from crawler.items import Subject

__all__ = ["award_subject", "titles_behind", "trimmed"]

_NOT_IN_TITLE = re.compile(
    r"^[了过的为,\s]+|^由[^,。;“”]{2,20}?(?:评选|颁发|授予|主办|评出|发布)的|^\([^()]*\)|^[\d一二三四五六七八九十]{1,2}[、.．]\s*|^(?:等)?(?:[0-9]+|[一二三四五六七八九十两]+)(?:个|项|大)(?:奖项|荣誉|称号|殊荣)"
)
_OTHER_BEFORE = re.compile(r"[”),]|第[一二三四五六七八九十\d]+名?")
"""What stands before a quote that is no qualifier of its title: the end of another, a place."""
_AFTER = re.compile(r"(?:等)?(?:荣誉)?(?:称号|奖项|殊荣|奖牌|行列|名单|榜单)?")
_COUNT = re.compile(
    r"(?:等|共|了)*(?:\d+|[一二三四五六七八九十两多几]+)(?:个|项|大)(?:[单专]项|国家级?|全国|[省市]级)*(?:大奖|奖项?|荣誉|称号|殊荣)+"
)
"""How many awards they are: “信息公开领先奖”“在线服务领先奖”两个单项奖."""
_OF_PERSONS = re.compile(r"公职人员|官员|个人$|工作者|管理员|记者|作者")


def titles_behind(view: View, start: int, words: list[Word]) -> Iterator[tuple[int, int, str]]:
    """The titles behind a verb: each from behind the one before to its tail."""
    text, begin = view.text, start
    for word in words:
        if word.start < begin:
            continue
        first, last = begin, word.end
        quote = text.rfind("“", begin, word.start + 1)
        close = text.find("”", word.end, word.end + 30)
        if quote >= 0 and close >= 0 and "“" not in text[word.end : close]:
            last = close + 1
            if (
                text[first:quote].strip("、,和与及以 ") in ("", "了")
                or _OTHER_BEFORE.search(text, first, quote)
                or any(first <= n.start and quote - 2 <= n.end <= quote for n in view.namings)
            ):  # 获2014年政府网站绩效评估“优秀服务奖”: in which it was won is no part of it
                first = quote
        if text.startswith("通报", word.start):
            first = word.start  # 受到省政府办公厅通报表扬: by whom is no part of it
        raw = text[first:last].strip("、,和与及以 了过")
        title = trimmed(raw)
        if 3 <= len(title) <= 48 and not _OF_PERSONS.search(title) and not _COUNT.fullmatch(raw):
            yield first, last, title
        skip = _AFTER.match(text, last)
        begin = skip.end() if skip else last


def trimmed(raw: str) -> str:
    title = _NOT_IN_TITLE.sub("", raw)
    if title.startswith("“") and title.endswith("”") and title.count("“") == 1:
        title = title[1:-1]
    return title.strip("、, 的")


def award_subject(title: str, book: Rulebook) -> Subject | None:
    """What an award of that title judges; None where only the evaluation says it."""
    rule = book["subjects"].first(title)
    if rule is None:
        return None
    if rule.value in ("innovation_case", "foreign_language", "smart_city", "new_media", "open_data"):
        subject: Subject = rule.value  # type: ignore[assignment]  # the schema of subjects.toml holds these five
        return subject
    later = next((found for found, _, _ in book["subjects"].find(title) if found.value == "innovation_case"), None)
    return "innovation_case" if later else None
