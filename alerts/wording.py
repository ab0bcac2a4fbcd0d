"""Results in words, Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from crawler.items import Change, Evaluation, Past, Result, Said, value_words

__all__ = [
    "CHANGES",
    "GROUPS",
    "SUBJECTS",
    "Language",
    "evaluation_words",
    "note_words",
    "outcome_words",
    "past_words",
    "previous_words",
    "scope_words",
    "source_words",
]

Language = Literal["zh", "en"]

GROUPS: dict[Language, dict[str, str]] = {
    "zh": {
        "ministry": "部委", "province": "省级", "subprovincial": "副省级及计划单列市", "capital": "省会城市", "prefecture": "地市级",
        "county": "区县级", "city": "城市", "all": "全部参评单位", "other": "其他范围",
    },
    "en": {
        "ministry": "ministries", "province": "provinces", "subprovincial": "sub-provincial cities",
        "capital": "provincial capitals", "prefecture": "prefectures", "county": "counties and districts", "city": "cities",
        "all": "all taking part", "other": "another scope",
    },
}  # fmt: skip

SUBJECTS: dict[Language, dict[str, str]] = {
    "zh": {
        "website": "", "service": "政务服务", "new_media": "政务新媒体", "open_data": "数据开放", "transparency": "政务公开",
        "foreign_language": "外文版", "innovation_case": "创新案例", "smart_city": "智慧城市", "other": "其他",
    },
    "en": {
        "website": "", "service": "service", "new_media": "new media", "open_data": "open data",
        "transparency": "transparency", "foreign_language": "foreign-language site", "innovation_case": "innovation case",
        "smart_city": "smart city", "other": "other",
    },
}  # fmt: skip
"""What is judged; a website goes without saying."""

CHANGES: dict[Language, dict[str, str]] = {
    "zh": {
        "new": "新",
        "corroborated": "印证",
        "refined": "更准确",
        "disputed": "说法不一",
        "corrected": "更正",
        "withdrawn": "撤回",
    },
    "en": {
        "new": "new",
        "corroborated": "confirmed",
        "refined": "more exact",
        "disputed": "disputed",
        "corrected": "corrected",
        "withdrawn": "withdrawn",
    },
}


def outcome_words(result: Result, language: Language) -> str:
    """The outcome as a reader expects it: 第5名, 前100, 优秀; no. 5, top 100.

    >>> r = Result("e1", "湖北省", "website", "province", "rank", "第五", (0, 2), rank=5)
    >>> outcome_words(r, "zh"), outcome_words(r, "en")
    ('第5名', 'no. 5')
    """
    words = value_words(result) if language == "zh" else _english(result)
    return f"{result.indicator} {words}" if result.indicator else words


def _english(result: Result) -> str:
    if result.rank is not None:
        return f"no. {result.rank}" + (" (tied)" if result.tied else "")
    if result.top is not None:
        return f"top {result.top}"
    if result.score is not None:
        return f"score {result.score:g}"
    if result.award is not None:
        return result.award + (f": {result.work}" if result.work else "")
    if result.grade is not None:
        return result.grade
    if result.change is not None:
        direction = "up" if result.change > 0 else "down"
        return f"{direction} {abs(result.change)}" if result.change else "same place as before"
    return "named for its progress"


def evaluation_words(evaluation: Evaluation, language: Language) -> str:
    """The name of an evaluation, with its year where the name does not hold it."""
    year = str(evaluation.year or "")
    name = evaluation.name or evaluation.series
    if not year or year in name:
        return name
    return f"{name}（{year}年）" if language == "zh" else f"{name} ({year})"


def scope_words(result: Result, language: Language) -> str:
    """Among whom and in what an outcome counts, to stand before it: 省级, 省级政务新媒体.

    >>> scope_words(Result("e1", "湖北省", "new_media", "province", "grade", "优秀", (0, 2), grade="优秀"), "zh")
    '省级政务新媒体'
    """
    parts = [
        GROUPS[language][result.group] if result.group not in {"all", "other"} else "",
        SUBJECTS[language][result.subject],
    ]
    return ("" if language == "zh" else ", ").join(part for part in parts if part)


def past_words(past: Past, year: int | None, night: date, language: Language) -> str:
    """The place in an edition before. 去年 only while it can mean nothing else: that is, in the year of the evaluation.

    >>> past_words(Past(2019, rank=8), 2020, date(2020, 12, 16), "zh"), past_words(Past(2019, top=10), 2020, date(2021, 1, 5), "en")
    ('去年第8名', '2019: top 10')
    """
    doubt = ""
    if past.disputed:
        doubt = "（说法不一）" if language == "zh" else " (disputed)"
    if language == "zh":
        place = f"第{past.rank}名" + ("（并列）" if past.tied else "") if past.rank is not None else f"前{past.top}"
        when = "去年" if year == night.year and past.year == night.year - 1 else f"{past.year}年"
        return f"{when}{place}{doubt}"
    place = f"no. {past.rank}" + (" (tied)" if past.tied else "") if past.rank is not None else f"top {past.top}"
    return f"{past.year}: {place}{doubt}"


_VALUE = re.compile(
    r"(?P<rank>第(\d+)名(?P<tied>（并列）)?)|前(?P<top>\d+)|(?P<score>[\d.]+)分|上升(?P<up>\d+)名|下降(?P<down>\d+)名"
    r"|(?P<same>名次不变)|(?P<improved>进步突出)|(?P<gone>撤回)"
)


def previous_words(previous: str, language: Language) -> str:
    """What was known before, of which value_words made words, in the language of the message.

    >>> previous_words("前10、第4名（并列）", "en"), previous_words("优秀", "en"), previous_words("撤回", "en")
    ('top 10, no. 4 (tied)', '优秀', 'withdrawn')
    """
    return previous if language == "zh" else ", ".join(map(_english_value, previous.split("、")))


def _english_value(words: str) -> str:
    match = _VALUE.fullmatch(words)
    if match is None:  # a grade or an award is as it is printed
        return words
    if match["rank"]:
        return f"no. {match[2]}" + (" (tied)" if match["tied"] else "")
    numbers = {"top": "top", "score": "score", "up": "up", "down": "down"}
    for name, word in numbers.items():
        if match[name]:
            return f"{word} {match[name]}"
    return "same place as before" if match["same"] else "withdrawn" if match["gone"] else "named for its progress"


def note_words(change: Change, said: Sequence[Said], sources: int | None, language: Language) -> str | None:
    """What kind of change it is, with what was known before and with what others say. None for what is simply new."""
    zh = language == "zh"
    person = _decided_words(change.decided, language)
    if change.kind == "new":
        return person
    parts = [CHANGES[language][change.kind], *([person] if person else [])]
    if change.kind == "corroborated" and sources and sources > 1:
        parts.append(f"共{sources}个独立来源" if zh else f"{sources} independent sources")
    if change.kind == "withdrawn" and change.decided is None:
        parts.append("原文不再这样说" if zh else "the page does not say so any more")
    if change.previous and not said:
        before = previous_words(change.previous, language)
        is_other_value = change.kind == "corrected" and change.previous != CHANGES["zh"]["withdrawn"]
        was = ("原为", "was ") if is_other_value else ("此前", "before: ")
        parts.append(was[0] + before if zh else was[1] + before)
    if said:
        others = [(outcome_words(one.result, language), source_words(one, language)) for one in said]
        told = [f"{outcome}（{source}）" if zh else f"{outcome} ({source})" for outcome, source in others]
        parts.append(f"另有：{'；'.join(told)}" if zh else f"others say: {'; '.join(told)}")
    return ("；" if zh else "; ").join(parts)


def _decided_words(reason: str | None, language: Language) -> str | None:
    """That a person decided it, and why; None where a page says so.

    >>> _decided_words("以附件为准", "zh"), _decided_words("", "en"), _decided_words(None, "en")
    ('人工核对：以附件为准', 'decided by a person', None)
    """
    if reason is None:
        return None
    zh = language == "zh"
    who = "人工核对" if zh else "decided by a person"
    return who + ((f"：{reason}" if zh else f": {reason}") if reason else "")


def source_words(change: Change | Said, language: Language) -> str:
    """Who says so, when: 湖北省人民政府门户网站 2020-12-16."""
    outlet = change.outlet or ("未署名" if language == "zh" else "unnamed outlet")
    return f"{outlet} {change.published.isoformat()[:10]}" if change.published else outlet
