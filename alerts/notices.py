"""Notices of sources and of overdue results → one message, for programs and for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from alerts.wording import Language
from crawler.items import Alert, Notice, Symptom

__all__ = ["health_payload", "overdue_words", "symptom_words"]

CHINA = timezone(timedelta(hours=8))

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


def health_payload(alert: Alert, *, language: Language, now: datetime | None) -> dict[str, Any]:
    """The message of an alert that holds notices, in the form of Standard Webhooks: type, timestamp, data. data.text says to a
    person what data.notices says to a program."""
    moment = (now or alert.created).astimezone(UTC)
    return {
        "type": "evalwatch.health",
        "timestamp": moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {
            "alert": alert.id,
            "subscription": alert.subscription,
            "night": alert.night.isoformat(),
            "text": _text(alert, language),
            "notices": [_item(notice, language) for notice in alert.notices],
        },
    }


def _item(notice: Notice, language: Language) -> dict[str, Any]:
    return {
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


def _text(alert: Alert, language: Language) -> str:
    """The message for a person: how many of what, then a line for each."""
    kinds = list(dict.fromkeys(notice.kind for notice in alert.notices))
    counts = [(KINDS[language][kind], sum(notice.kind == kind for notice in alert.notices)) for kind in kinds]
    if language == "zh":
        head = f"{alert.night.month}月{alert.night.day}日 来源状况：" + "，".join(
            f"{name}（{n}）" for name, n in counts
        )
    else:
        head = f"{alert.night.isoformat()} State of the sources: " + ", ".join(f"{name} ({n})" for name, n in counts)
    return "\n".join([head, *(f"· {_line(notice, language)}" for notice in alert.notices)])


def _line(notice: Notice, language: Language) -> str:
    name, words = _plain(notice.name), _words(notice, language)
    if notice.kind == "overdue":
        return words
    return f"{name}（{notice.subject}）：{words}" if language == "zh" else f"{name} ({notice.subject}): {words}"


def _words(notice: Notice, language: Language) -> str:
    if notice.kind == "overdue":
        return overdue_words(_plain(notice.name), notice.year or 0, notice.week or 0, language)
    words = ("；" if language == "zh" else "; ").join(symptom_words(symptom, language) for symptom in notice.symptoms)
    if notice.last_success is None:
        return words + ("。从未读到过" if language == "zh" else ". It was never read well")
    day = notice.last_success.astimezone(CHINA).date().isoformat()
    return words + (f"。上次正常：{day}" if language == "zh" else f". Last read well on {day}")


def overdue_words(name: str, year: int, week: int, language: Language) -> str:
    """What is said of a result that is overdue.

    >>> overdue_words("中国政府网站绩效评估", 2026, 51, "en")
    '中国政府网站绩效评估 2026: usually out by week 51, not seen yet'
    """
    if language == "zh":
        return f"{name} {year}年：往年第{week}周前公布，至今未见"
    return f"{name} {year}: usually out by week {week}, not seen yet"


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
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return line if len(line) <= 200 else f"{line[:199]}…"
