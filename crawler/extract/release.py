"""When an evaluation was published: the day bound to 发布, 召开 or 举行 (grammar.md M10, N11)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.extract.firsts import guarded
from crawler.extract.sentences import Sentence
from crawler.items import Article

__all__ = ["Edition", "released_in"]

_DATE = re.compile(
    guarded(
        r"(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?!电|讯)|(?<![\d月])(?P<only>\d{1,2})日(?=[,上下]|在|\s|召开|举[行办]|发布)"
        r"|(?P<today>今[天日](?=[上下]午|[,在]|举|召|发|公|揭|正))|(?P<yesterday>昨[天日](?=[上下]午|[,在]|举|召|发|公|揭|正))"
    )
)
_DATELINE = re.compile(guarded(r"(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日\s*(?:电|讯|消息)"))
"""The day on which a report was sent: 某报北京12月6日电."""
_OPENING = 400
_RELEASE = re.compile(r"发布|揭晓|公布|召开|举行|举办|通报|出炉")
_CONFERENCE = re.compile(r"发布会|评估|排行榜|报告》|论坛|年会|大会|研讨会|蓝皮书")
_LEARNED = re.compile(r"获悉|了解到|日前|近日|看到")


@dataclass(frozen=True, slots=True)
class Edition:
    """What a release is looked for."""

    at: Sequence[int]
    """Where the evaluation is named."""
    others: Sequence[int]
    """Where other evaluations are named."""
    year: int | None
    """Evaluation year."""
    is_late: bool
    """Whether it is published in the year after."""


def released_in(text: str, article: Article, sentences: Sequence[Sentence], edition: Edition) -> date | None:
    """The day of a release in a sentence that names the evaluation, else in one that names no other but a conference.
    今天 and a day without its month are those of the dateline; a reprint's own date is never asked for 今天 (N11)."""
    sent = _dateline(text, article, edition)
    dated = [s for s in sentences if "日" in text[s.start : s.end] or "天" in text[s.start : s.end]]
    own = [s for s in dated if any(s.start <= position < s.end for position in edition.at)]
    free = [s for s in dated if s not in own and not any(s.start <= position < s.end for position in edition.others)]
    for sentence in [*own, *free]:
        words = text[sentence.start : sentence.end]
        for match in _DATE.finditer(words):
            release = _RELEASE.search(words, match.end(), match.end() + 170)
            if release is None:
                continue
            between = words[match.end() : release.start()]
            if _LEARNED.search(between) or "。" in between:
                continue
            if sentence not in own and not _CONFERENCE.search(words, match.end(), release.end() + 60):
                continue
            day = _day(match, article, edition, sent)
            if day is not None:
                return day
    return None


def _dateline(text: str, article: Article, edition: Edition) -> date | None:
    match = _DATELINE.search(text, 0, _OPENING)
    return _full_day(match, article, edition) if match is not None else None


def _day(match: re.Match[str], article: Article, edition: Edition, sent: date | None) -> date | None:
    if match["today"] or match["yesterday"]:
        return sent - timedelta(days=1 if match["yesterday"] else 0) if sent is not None else None
    if match["only"]:
        near = sent or article.published
        if near is None or not 0 <= near.day - int(match["only"]) <= 7:
            return None
        return _date(near.year, near.month, int(match["only"]))
    return _full_day(match, article, edition)


def _full_day(match: re.Match[str], article: Article, edition: Edition) -> date | None:
    """The day of a month and a day; its year as printed, else that of the page's date, else of the evaluation."""
    month, day = int(match["m"]), int(match["d"])
    if match["y"]:
        return _date(int(match["y"]), month, day)
    published = article.published
    if published is not None:
        this = _date(published.year, month, day)
        today = date(published.year, published.month, published.day)
        if this is not None and this <= today:
            return this if (today - this).days < 300 else None
        return _date(published.year - 1, month, day) if this is not None and (this - today).days > 60 else None
    if edition.year is None:
        return None
    return _date(edition.year + (edition.is_late or month < 5), month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
