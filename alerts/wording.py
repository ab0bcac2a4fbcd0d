"""Results in words, Chinese and English."""

from __future__ import annotations

from datetime import date
from typing import Literal

from crawler.items import Change, Evaluation, Result, value_words

__all__ = [
    "CHANGES",
    "GROUPS",
    "SUBJECTS",
    "Language",
    "evaluation_words",
    "head_words",
    "outcome_words",
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


def head_words(changes: int, evaluations: int, night: date, language: Language) -> str:
    """The first line of a message: what there is to know if nothing else is read."""
    if language == "zh":
        scope = f"，涉及{evaluations}项评估" if evaluations > 1 else ""
        return f"{night.month}月{night.day}日 政府网站评估：{changes}条新消息{scope}"
    scope = f" from {evaluations} evaluations" if evaluations > 1 else ""
    return f"{night.isoformat()} Government website evaluations: {changes} item{'s' if changes > 1 else ''}{scope}"


def source_words(change: Change, language: Language) -> str:
    """Who says so, when: 湖北省人民政府门户网站 2020-12-16."""
    outlet = change.outlet or ("未署名" if language == "zh" else "unnamed outlet")
    return f"{outlet} {change.published.isoformat()[:10]}" if change.published else outlet
