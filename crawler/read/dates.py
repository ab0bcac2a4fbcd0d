"""Dates as Chinese pages print them → date or datetime in Beijing time.

A date before 1995 or later than a day after the page was fetched is no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

__all__ = [
    "BEIJING",
    "FoundDate",
    "dates_in",
    "first_date",
    "from_address",
    "from_epoch",
    "from_list",
    "in_range",
    "latest_by_address",
]

BEIJING = timezone(timedelta(hours=8), "+08:00")
EARLIEST = date(1995, 1, 1)
"""The Chinese web begins."""
LATEST_YEAR = 2100
"""For a text without a day of fetching: later is no date."""

_TIME = (
    r"(?:(?:日|[T\s\-]|,|，)*(?:(?:星期|周)[一二三四五六日天])?\s*(?P<half>上午|下午|晚上|晚|凌晨|中午|AM|PM|am|pm)?\s*"
    r"(?P<hour>[01]?\d|2[0-4])\s*[:：时點点]\s*(?P<minute>[0-5]\d)(?:\s*[:：分]\s*(?P<second>[0-5]\d))?(?:\.\d{1,6})?"
    r"(?:\s*(?P<pm>AM|PM|am|pm))?(?:\s?(?P<zone>Z|[+-]\d\d:?\d\d))?)?"
)
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*(?P<mark>[-/.年]|\s?-\s?)\s*(?P<month>1[0-2]|0?[1-9])\s*(?:[-/.月])\s*"
    r"(?P<day>3[01]|[12]\d|0?[1-9])(?:(?!\d)|(?=[0-2]\d:[0-5]\d))(?:\s*日)?" + _TIME
)
_WRITTEN = re.compile(
    r"(?P<year>[一二][〇○零0一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_TURNED = re.compile(
    r"(?<![\d.])(?P<day>3[01]|[12]\d|0?[1-9])\.(?P<month>1[0-2]|0?[1-9])\.(?P<year>(?:19|20)\d\d)(?![\d.])" + _TIME
)
"""Day first, as copies of pages print it: 23.12.2020 09:15."""
_SHORT = re.compile(
    r"(?<![\d.\-/])(?P<month>1[0-2]|0?[1-9])(?:-|/|\.|月)(?P<day>3[01]|[12]\d|0?[1-9])(?:(?![\d.%‰:])|(?=[0-2]\d:[0-5]\d))日?"
    + _TIME
)
_SPLIT = re.compile(
    r"(?<!\d)(?:(?P<day>\d{1,2})\s+(?P<year>(?:19|20)\d\d)[-/.年](?P<month>1[0-2]|0?[1-9])月?(?!\d)"
    r"|(?P<year2>(?:19|20)\d\d)[-/.年](?P<month2>1[0-2]|0?[1-9])月?\s+(?P<day2>\d{1,2})(?![\d:]))"
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?P<clock>[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)"
)
_AGO = re.compile(r"(?P<number>\d{1,3})\s*(?P<unit>秒|分钟|小时|天|日)之?前|(?P<word>刚刚|今天|昨天|前天)" + _TIME)
_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "0": 0}
_UNITS = {
    "秒": timedelta(seconds=1),
    "分钟": timedelta(minutes=1),
    "小时": timedelta(hours=1),
    "天": timedelta(days=1),
    "日": timedelta(days=1),
}
_WORDS = {"刚刚": 0, "今天": 0, "昨天": 1, "前天": 2}
_IN_ADDRESS = (
    re.compile(r"/t(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)_\d+"),
    re.compile(
        r"/(?P<year>(?:19|20)\d\d)[-/_]?(?P<month>1[0-2]|0[1-9])[-/_]?(?P<day>3[01]|[12]\d|0[1-9])(?=[/_\-.]|[0-9a-f]{8,}|$)"
    ),
    re.compile(r"/(?P<year>(?:19|20)\d\d)[-/](?P<month>1[0-2]|[1-9])[-/](?P<day>3[01]|[12]\d|[1-9])/"),
    re.compile(r"[/_-](?P<year>(?:19|20)\d\d)(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])\d*[./_-]"),
)

_MONTH_IN_ADDRESS = re.compile(r"/(?P<year>(?:19|20)\d\d)(?:[-/_]?(?P<month>1[0-2]|0[1-9]))?(?=/)")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands."""

    value: date
    """A datetime (+08:00) where a time stands beside it, else a date."""
    start: int
    """Where it begins in the text searched."""
    end: int
    """Just behind it."""


def dates_in(text: str, *, fetched: datetime | None = None) -> Iterator[FoundDate]:
    """Full dates (with a year) of a text in the order they stand, those out of range left out.

    >>> [found.value.isoformat() for found in dates_in("发布时间:2021年1月5日 10:40 共112月30日")]
    ['2021-01-05T10:40:00+08:00']
    """
    for match in _DATE.finditer(text):
        value = _value(match, int(match["year"]), fetched)
        if value is not None:
            yield FoundDate(value, *match.span())
    for match in _TURNED.finditer(text):
        value = _value(match, int(match["year"]), fetched)
        if value is not None:
            yield FoundDate(value, *match.span())
    for match in _WRITTEN.finditer(text):
        day = _calendar_day(_number(match["year"]), _small(match["month"]), _small(match["day"]))
        if day and in_range(day, fetched=fetched):
            yield FoundDate(day, *match.span())


def first_date(text: str | None, *, fetched: datetime | None = None) -> date | None:
    """The first usable date of a field that should hold one: also ISO 8601, `20211217`, an epoch or an RFC 5322 date.

    >>> first_date("2019-09-18-06:23:00").isoformat()
    '2019-09-18T06:23:00+08:00'
    """
    if not text:
        return None
    text = text[:400]
    for found in dates_in(text, fetched=fetched):
        return found.value
    stripped = text.strip()
    if re.fullmatch(r"\d{10}|\d{13}", stripped):
        return from_epoch(int(stripped), fetched=fetched)
    if match := _COMPACT.search(stripped):
        day = _calendar_day(int(match["year"]), int(match["month"]), int(match["day"]))
        return day if day and in_range(day, fetched=fetched) else None
    return _mail_date(stripped, fetched)


def from_list(text: str, *, fetched: datetime) -> date | None:
    """The date beside a list entry: full, or `12-17` whose year is the last in which that day is not in the future, or
    `3小时前`.

    >>> from_list("[12-31]", fetched=datetime(2026, 1, 2, tzinfo=UTC)).isoformat()
    '2025-12-31'
    """
    if (value := first_date(text, fetched=fetched)) is not None:
        return value
    if match := _SPLIT.search(text):
        parts = [match[name] or match[f"{name}2"] for name in ("year", "month", "day")]
        day = _calendar_day(int(parts[0]), int(parts[1]), int(parts[2]))
        if day and in_range(day, fetched=fetched):
            return day
    for match in _SHORT.finditer(text):
        for year in (fetched.astimezone(BEIJING).year, fetched.astimezone(BEIJING).year - 1):
            if (value := _value(match, year, fetched)) is not None:
                return value
    return _ago(text, fetched)


def from_epoch(number: float, *, fetched: datetime | None = None) -> datetime | None:
    """Seconds or milliseconds since 1970 as Beijing time."""
    seconds = number / 1000 if abs(number) > 10**11 else number
    if not 0 < seconds < 5 * 10**9:
        return None
    value = datetime.fromtimestamp(seconds, BEIJING)
    return value if in_range(value, fetched=fetched) else None


def from_address(url: str, *, fetched: datetime | None = None) -> date | None:
    """The date in the shape of an address (t20201216_3089000.shtml, /2021/0105/): the last resort.

    >>> from_address("http://dwrh.net/a/dxw/gxgl/2021/0105/215085.html").isoformat()
    '2021-01-05'
    """
    for pattern in _IN_ADDRESS:
        if match := pattern.search(url):
            day = _calendar_day(int(match["year"]), int(match["month"]), int(match["day"]))
            if day and in_range(day, fetched=fetched):
                return day
    return None


def latest_by_address(url: str) -> date | None:
    """The last day that an address allows: the day, the month or the year in it.

    >>> [str(latest_by_address(f"https://a.cn/{path}/9.htm")) for path in ("2012/0506", "201202", "news/2012", "news")]
    ['2012-05-06', '2012-02-29', '2012-12-31', 'None']
    """
    if (day := from_address(url)) is not None:
        return day
    match = _MONTH_IN_ADDRESS.search(url)
    if match is None:
        return None
    year, month = int(match["year"]), int(match["month"] or 12)
    return date(year, month, monthrange(year, month)[1])


def in_range(value: date, *, fetched: datetime | None) -> bool:
    """Is it from 1995 on, and not more than 24 hours after the page was fetched?"""
    day = value.date() if isinstance(value, datetime) else value
    if day < EARLIEST or day.year > LATEST_YEAR:
        return False
    if fetched is None:
        return True
    limit = fetched.astimezone(BEIJING) + timedelta(hours=24)
    if isinstance(value, datetime):
        return value <= limit
    return day <= limit.date()


def _value(match: re.Match[str], year: int, fetched: datetime | None) -> date | None:
    day = _calendar_day(year, int(match["month"]), int(match["day"]))
    if day is None:
        return None
    value: date = day
    if match["hour"] is not None:
        value = _with_time(day, match) or day
    return value if in_range(value, fetched=fetched) else None


def _with_time(day: date, match: re.Match[str]) -> datetime | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if (match["half"] in {"下午", "晚上", "晚", "PM", "pm"} or match["pm"] in {"PM", "pm"}) and hour < 12:
        hour += 12
    if hour == 24:
        hour, minute, second = 23, 59, 59
    if hour > 23:
        return None
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(match["zone"]))
    try:
        return moment.astimezone(BEIJING)
    except OverflowError:
        return None


def _zone(text: str | None) -> timezone:
    """What a page writes behind its time; a zone no clock has is taken for Beijing."""
    if not text:
        return BEIJING
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes > 14 * 60:
        return BEIJING
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _ago(text: str, fetched: datetime) -> date | None:
    match = _AGO.search(text)
    if not match:
        return None
    now = fetched.astimezone(BEIJING)
    if match["word"]:
        day = now.date() - timedelta(days=_WORDS[match["word"]])
        return _with_time(day, match) or day if match["hour"] else day
    moment = now - int(match["number"]) * _UNITS[match["unit"]]
    return moment.date() if match["unit"] in "天日" else moment.replace(second=0, microsecond=0)


def _mail_date(text: str, fetched: datetime | None) -> datetime | None:
    try:
        value = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError):
        return None
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    try:
        value = value.astimezone(BEIJING)
    except OverflowError:
        return None
    return value if in_range(value, fetched=fetched) else None


def _number(text: str) -> int:
    return int("".join(str(_DIGITS[sign]) for sign in text))


def _small(text: str) -> int:
    """一 to 三十一; 0 for what is none of them."""
    tens, mark, units = text.rpartition("十")
    if not mark:
        return _DIGITS.get(text, 0)
    if len(tens) > 1 or len(units) > 1:
        return 0
    return 10 * (_DIGITS.get(tens, 0) if tens else 1) + (_DIGITS.get(units, 0) if units else 0)
