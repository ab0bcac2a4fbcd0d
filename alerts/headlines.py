"""The first two lines of a message: what there is to know if nothing else is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, timezone

from alerts.harmless import clipped, plain_words
from alerts.order import evaluation_key
from alerts.wording import CHANGES, Language, evaluation_words, outcome_words, past_words, previous_words, scope_words
from crawler.config import Subscription
from crawler.items import Alert, Background, Change

__all__ = ["MOST_TITLE", "day_words", "nights_of", "summary_words", "title_words"]

CHINA = timezone(timedelta(hours=8))

MOST_TITLE: Mapping[Language, int] = {"zh": 60, "en": 100}
"""Characters of a title: some two lines on the lock screen of a phone."""


def title_words(
    ordered: Sequence[Change], first: Change | None, background: Background, night: date, language: Language
) -> str:
    """The first line. `first` is the change that matters most; None: nothing is one's own, then it names the evaluation."""
    zh = language == "zh"
    facts = len({change.fact_key for change in ordered})
    if first is not None:
        rest = f"，另有{facts - 1}条" if zh else f", and {facts - 1} more"
        return _own_words(first, background, night, language) + (rest if facts > 1 else "")
    evaluations = {evaluation_key(change.evaluation): change.evaluation for change in ordered}
    name = plain_words(evaluation_words(ordered[0].evaluation, language)) if ordered else ""
    name = clipped(name, MOST_TITLE[language] - 24)
    if zh:
        several = f"等{len(evaluations)}项评估" if len(evaluations) > 1 else ""
        what = "新结果" if all(change.kind == "new" for change in ordered) else "消息"
        return f"{facts}条{what}：{name}{several}"
    several = f" and {len(evaluations) - 1} more" if len(evaluations) > 1 else ""
    return f"{facts} result{'s' if facts > 1 else ''}: {name}{several}"


def _own_words(change: Change, background: Background, night: date, language: Language) -> str:
    """湖北省：省级第5名（去年第8名）. What is disputed is said to be so, with all values: none of them is the place."""
    zh = language == "zh"
    name, scope = plain_words(change.result.entity.rpartition("/")[2]), scope_words(change.result, language)
    outcome, past = outcome_words(change.result, language), background.past.get(change.fact_key)
    previous = clipped(plain_words(previous_words(change.previous, language)), 24) if change.previous else ""
    if change.kind == "disputed":
        values = ("、" if zh else ", ").join(filter(None, (previous, outcome)))
        said = f"{scope}{CHANGES['zh']['disputed']}：{values}" if zh else f"disputed{_among(scope)}: {values}"
        return _short(f"{name}：{said}" if zh else f"{name}: {said}", language)
    notes = []
    if change.kind not in {"new", "corroborated"}:
        notes.append(CHANGES[language][change.kind])
        notes += [("此前" if zh else "before: ") + previous] if previous else []
    elif past:
        notes.append(past_words(past, change.evaluation.year, night, language))
    said = _short(f"{name}：{scope}{outcome}" if zh else f"{name}: {outcome}{_among(scope)}", language)
    return said + (("（" if zh else " (") + ("，" if zh else ", ").join(notes) + ("）" if zh else ")") if notes else "")


def _among(scope: str) -> str:
    return f" among {scope}" if scope else ""


def _short(words: str, language: Language) -> str:
    """Words that leave room in a title for what stands behind them."""
    return clipped(plain_words(words), MOST_TITLE[language] - 20)


def summary_words(ordered: Sequence[Change], nights: tuple[date, date], language: Language) -> str:
    """The second line: which night, or the first and the last of several, and how many of what."""
    zh = language == "zh"
    facts = len({change.fact_key for change in ordered})
    evaluations = len({evaluation_key(change.evaluation) for change in ordered})
    kinds = [(name, len({c.fact_key for c in ordered if c.kind == kind})) for kind, name in CHANGES[language].items()]
    told = [f"{name}{number}" if zh else f"{number} {name}" for name, number in kinds if number]
    several = len(told) > 1 or any(change.kind != "new" for change in ordered)
    days = day_words(nights, language)
    if zh:
        counts = f"{facts}条" + (f"（{'，'.join(told)}）" if several else "新结果")
        return f"{days} · 政府网站评估 · {counts} · {evaluations}项评估"
    counts = f"{facts} result{'s' if facts > 1 else ''}" + (f" ({', '.join(told)})" if several else "")
    plural = "s" if evaluations > 1 else ""
    return f"{days} · government website evaluations · {counts} · {evaluations} evaluation{plural}"


def day_words(nights: tuple[date, date], language: Language) -> str:
    """One night in words, or the first and the last of several.

    >>> day_words((date(2024, 11, 27), date(2024, 12, 2)), "zh"), day_words((date(2024, 12, 2), date(2024, 12, 2)), "en")
    ('11月27日至12月2日', '2024-12-02')
    """
    days = sorted(set(nights))
    if language == "zh":
        return "至".join(f"{day.month}月{day.day}日" for day in days)
    return " to ".join(day.isoformat() for day in days)


def nights_of(alert: Alert, subscription: Subscription | None) -> tuple[date, date]:
    """The first and the last night that a message tells of: those of a weekly one are from when its first change was stored."""
    if subscription is None or subscription.digest != "week":
        return alert.night, alert.night
    return min(alert.created.astimezone(CHINA).date(), alert.night), alert.night
