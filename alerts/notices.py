"""Notices of sources and of overdue results → the payload of one message."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from alerts.harmless import clipped, plain_words
from alerts.headlines import CHINA, MOST_TITLE, day_words, nights_of
from alerts.order import bundles
from alerts.wording import Language
from crawler.config import Subscription
from crawler.items import Alert, Notice, Symptom

__all__ = ["health_payload", "overdue_words", "symptom_words"]

FIELDS: dict[Language, dict[str, str]] = {
    "zh": {"list_date": "列表日期", "title": "标题", "date": "发布日期", "outlet": "来源", "body": "正文"},
    "en": {
        "list_date": "dates in the list", "title": "headlines", "date": "dates of publication", "outlet": "outlets",
        "body": "texts of usual length",
    },
}  # fmt: skip

KINDS: dict[Language, dict[str, str]] = {
    "zh": {"broken": "来源读不出来", "blocked": "来源拒绝访问", "overdue": "结果逾期未见"},
    "en": {"broken": "source broken", "blocked": "source blocked", "overdue": "expected result overdue"},
}


MOST_NOTICES = 300
"""Notices that a message holds; how many there are it always says."""


def health_payload(
    alert: Alert, *, subscription: Subscription | None, language: Language, moment: str, page: str | None
) -> dict[str, Any]:
    """The message of an alert that holds notices, in the form of Standard Webhooks: type, timestamp, data. `page` is where the state
    of the sources is shown."""
    return {
        "type": "evalwatch.health",
        "timestamp": moment,
        "data": {
            "alert": alert.id,
            "subscription": alert.subscription,
            "night": alert.night.isoformat(),
            "language": language,
            "title": _title(alert, language),
            "summary": _summary(alert, subscription, language),
            "results": len(alert.notices),
            "truncated": len(alert.notices) > MOST_NOTICES,
            "results_url": page,
            "text": "",
            "notices": [_item(notice, language) for notice in alert.notices[:MOST_NOTICES]],
        },
    }


def _item(notice: Notice, language: Language) -> dict[str, Any]:
    return {
        "who": _who(notice, language),
        "kind": notice.kind,
        "kind_name": KINDS[language][notice.kind],
        "subject": notice.subject,
        "name": notice.name,
        "words": _words(notice, language),
        "symptoms": [
            {"what": s.what, "field": s.field, "now": s.now, "usual": s.usual, "words": s.words}
            for s in notice.symptoms
        ],
        "last_success": notice.last_success and notice.last_success.astimezone(UTC).isoformat(timespec="seconds"),
        "year": notice.year,
        "week": notice.week,
    }


def _title(alert: Alert, language: Language) -> str:
    """The first line: which sources, if they are few, else how many of what."""
    kinds = bundles(alert.notices, lambda notice: notice.kind)
    told = []
    for notices in kinds:
        name = KINDS[language][notices[0].kind]
        names = [_plain(notice.name) for notice in notices]
        few = len(names) == 1 and len(kinds) == 1
        if language == "zh":
            told.append(f"{name}：{names[0]}" if few else f"{name}（{len(names)}）")
        else:
            told.append(f"{name}: {names[0]}" if few else f"{name} ({len(names)})")
    return clipped(("，" if language == "zh" else ", ").join(told), MOST_TITLE[language])


def _summary(alert: Alert, subscription: Subscription | None, language: Language) -> str:
    """The second line: which night, or the first and the last of several."""
    what = "来源状况" if language == "zh" else "state of the sources"
    return f"{day_words(nights_of(alert, subscription), language)} · {what}"


def _who(notice: Notice, language: Language) -> str:
    name = _plain(notice.name)
    if notice.kind == "overdue":
        return f"{name}（{notice.year}年）" if language == "zh" else f"{name} ({notice.year})"
    return f"{name}（{notice.subject}）" if language == "zh" else f"{name} ({notice.subject})"


def _words(notice: Notice, language: Language) -> str:
    if notice.kind == "overdue":
        return overdue_words(notice.week or 0, language)
    words = ("；" if language == "zh" else "; ").join(symptom_words(symptom, language) for symptom in notice.symptoms)
    if notice.last_success is None:
        return words + ("。从未读到过" if language == "zh" else ". It was never read well")
    day = notice.last_success.astimezone(CHINA).date().isoformat()
    return words + (f"。上次正常：{day}" if language == "zh" else f". Last read well on {day}")


def overdue_words(week: int, language: Language) -> str:
    """What is said of a result that is overdue.

    >>> overdue_words(51, "en")
    'usually out by week 51, not seen yet'
    """
    return f"往年第{week}周前公布，至今未见" if language == "zh" else f"usually out by week {week}, not seen yet"


def symptom_words(symptom: Symptom, language: Language) -> str:
    """What is said of a sign that a source is not as it was.

    >>> symptom_words(Symptom("field", "list_date", 10, 100), "en"), symptom_words(Symptom("no_items", now=0, usual=20), "zh")
    ('dates in the list: 10 % instead of 100 %', '列表没有条目，平常20条')
    """
    zh = language == "zh"
    if symptom.what == "wall":
        return ("被拦截：" if zh else "a wall: ") + _plain(symptom.words or "")
    if symptom.what == "no_page":
        return ("列表读不出来：" if zh else "its list cannot be read: ") + _plain(symptom.words or "")
    if symptom.what == "no_items":
        usual = symptom.usual
        if zh:
            return "列表没有条目" + (f"，平常{usual}条" if usual else "")
        return "its list is empty" + (f", usually {usual} rows" if usual else "")
    field = FIELDS[language][symptom.field or "body"]
    if symptom.usual is None:
        return f"{field}都读不到" if zh else f"{field}: none could be read"
    if zh:
        return f"{field}只有{symptom.now}%，平常{symptom.usual}%"
    return f"{field}: {symptom.now} % instead of {symptom.usual} %"


def _plain(words: str) -> str:
    """Words of the web or of a log as one line of plain text."""
    return plain_words(words, 200)
