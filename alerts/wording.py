"""Results in words, Chinese and English."""

from __future__ import annotations

from datetime import date
from typing import Literal

from crawler.items import Change, Evaluation, Result

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
    "zh": {"new": "新", "corroborated": "印证", "refined": "更准确", "disputed": "说法不一"},
    "en": {"new": "new", "corroborated": "confirmed", "refined": "more exact", "disputed": "disputed"},
}


def outcome_words(result: Result, language: Language) -> str:
    """The outcome as a reader expects it: 第5名, 前100, 优秀, 得分91.5.

    >>> r = Result("e1", "湖北省", "website", "province", "rank", "第五", (0, 2), rank=5)
    >>> outcome_words(r, "zh"), outcome_words(r, "en")
    ('第5名', 'no. 5')
    """
    zh = language == "zh"
    words = ""
    if result.rank is not None:
        words = (f"第{result.rank}名" if zh else f"no. {result.rank}") + (
            ("（并列）" if zh else " (tied)") if result.tied else ""
        )
    elif result.top is not None:
        words = f"前{result.top}" if zh else f"top {result.top}"
    elif result.score is not None:
        words = f"得分{result.score:g}" if zh else f"score {result.score:g}"
    elif result.award is not None:
        words = result.award + (f"：{result.work}" if result.work and zh else f": {result.work}" if result.work else "")
    elif result.grade is not None:
        words = result.grade
    elif result.change is not None:
        words = _moved(result.change, language)
    elif result.improved:
        words = "进步突出" if zh else "named for its progress"
    return f"{result.indicator} {words}" if result.indicator else words


def _moved(places: int, language: Language) -> str:
    if language == "zh":
        return f"上升{places}名" if places > 0 else f"下降{-places}名" if places else "名次不变"
    return f"up {places}" if places > 0 else f"down {-places}" if places else "same place as before"


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
