"""What a message says around its facts, Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from alerts.wording import Language

__all__ = [
    "folded_words",
    "left_words",
    "mark_of",
    "official_words",
    "others_label",
    "quoted",
    "sources_label",
    "table_title",
    "unknown_words",
    "with_notes",
]

_CIRCLED = 20
"""Numbers that Unicode has in one row of circles."""


def with_notes(outcome: str, notes: Sequence[str], language: Language) -> str:
    """An outcome with what is to be said of it.

    >>> with_notes("第5名", ["去年第8名"], "zh"), with_notes("no. 5", ["2019: no. 8", "corrected"], "en")
    ('第5名（去年第8名）', 'no. 5 (2019: no. 8; corrected)')
    """
    if not notes:
        return outcome
    return f"{outcome}（{'；'.join(notes)}）" if language == "zh" else f"{outcome} ({'; '.join(notes)})"


def others_label(language: Language) -> str:
    """What stands before what else is said of a fact."""
    return "另有：" if language == "zh" else "others say: "


def quoted(words: str) -> str:
    """Exact words in quotes, that are not those which the words hold themselves."""
    return f"「{words}」" if "“" in words or "”" in words else f"“{words}”"


def mark_of(number: int) -> str:
    """What refers to the source of that number.

    >>> mark_of(1), mark_of(21)
    ('①', '(21)')
    """
    return chr(ord("①") + number - 1) if number <= _CIRCLED else f"({number})"


def sources_label(language: Language) -> str:
    """What stands before who says so."""
    return "来源：" if language == "zh" else "Source: "


def folded_words(facts: int, language: Language) -> str:
    """That a group has more than is told."""
    return f"…另有{facts}条" if language == "zh" else f"… {facts} more"


def left_words(facts: int, about: Literal["results", "health"], language: Language) -> str:
    """That the message has more than is told, or where all of it stands.

    >>> left_words(3, "results", "zh"), left_words(0, "health", "en")
    ('还有3条没有列出', 'All sources')
    """
    if language == "zh":
        return f"还有{facts}条没有列出" if facts else "全部结果" if about == "results" else "全部来源"
    return f"{facts} more are not listed" if facts else "All results" if about == "results" else "All sources"


def official_words(language: Language) -> str:
    """That a source is the government or the organiser itself."""
    return "（官方）" if language == "zh" else " (official)"


def table_title(scope: str, language: Language) -> str:
    """What stands above a comparison."""
    if language == "zh":
        return f"对比（{scope}）" if scope else "对比"
    return f"comparison ({scope})" if scope else "comparison"


def unknown_words(names: Sequence[str], language: Language) -> str:
    """Of whom nothing was seen yet."""
    listed = ("、" if language == "zh" else ", ").join(name.replace("/", " ") for name in names)
    return f"尚未见到：{listed}" if language == "zh" else f"not seen yet: {listed}"
