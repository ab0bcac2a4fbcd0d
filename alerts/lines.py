"""The payload of a message → its outline: what shares a line, and what is folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from alerts.order import bundles
from alerts.outline import Block, Line, Outline, Section, Source
from alerts.wording import SUBJECTS, Language

__all__ = ["outline"]

MOST_NAMES = 12
"""Entities with one and the same outcome that are named in one line."""
MOST_LINES = 12
"""Lines of one group; the rest is folded."""
MOST_OWN_LINES = 30
"""The same of a group in which one's own stand."""

Item = Mapping[str, Any]


def outline(payload: Mapping[str, Any]) -> Outline:
    """The message that the payload holds, long lists folded."""
    data = payload["data"]
    if "summary" not in data:
        return _plain_outline(data)
    language: Language = data["language"]
    about: Literal["results", "health"] = "health" if payload["type"] == "evalwatch.health" else "results"
    if about == "health":
        lines = tuple(Line(item["who"], item["words"], frozenset({str(n)})) for n, item in enumerate(data["notices"]))
        sections: tuple[Section, ...] = (Section("", None, (Block("", lines, len(lines)),)),)
        facts = len(lines)
    else:
        shared = _shared_place(data["evaluations"])
        sections = tuple(_section(evaluation, shared, language) for evaluation in data["evaluations"])
        facts = data["results"]
    whole = Outline(language, data["title"], data["summary"], sections, facts, data["results_url"], about)
    return whole.first(whole.lines)  # without groups that hold no line


def _plain_outline(data: Mapping[str, Any]) -> Outline:
    """A message that was frozen by a version which wrote nothing but text: its lines as they are."""
    title, *rest = [line for line in str(data["text"]).splitlines() if line.strip()] or [""]
    lines = tuple(Line("", words, frozenset({str(n)})) for n, words in enumerate(rest))
    sections = (Section("", None, (Block("", lines, len(lines)),)),) if lines else ()
    return Outline("zh", title, "", sections, len(lines))


def _section(evaluation: Item, shared: str, language: Language) -> Section:
    quoted: set[str] = set()
    blocks = (_block(group, evaluation["url"], shared, quoted, language) for group in evaluation["groups"])
    return Section(evaluation["title"], evaluation["url"], tuple(blocks), tuple(evaluation["comparisons"]))


def _block(group: Item, page: str | None, shared: str, quoted: set[str], language: Language) -> Block:
    # what one entity achieved in the same words of one article is one line; others that achieved the same share it
    told = [
        (entity, said)
        for entity in group["entities"]
        for said in bundles(entity["results"], lambda item: (item["words"], item["url"], item["note"]))
    ]
    alike = bundles(told, lambda one: _sameness(*one))
    most = MOST_OWN_LINES if told and told[0][0]["whose"] in {"own", "below"} else MOST_LINES
    is_long = len(alike) > most
    if is_long:
        # a table states each in words of its own: the same outcomes together, one's own alone with their words
        alike = bundles(told, lambda one: _sameness(*one)[:-1])
    lines = tuple(_line(one, shared, quoted, language, is_short=is_long) for one in alike[:most])
    url = page and f"{page}{'&' if '?' in page else '?'}group={group['group']}"
    return Block(group["group_name"], lines, group["results"], url)


def _sameness(entity: Item, said: Sequence[Item]) -> tuple[Any, ...]:
    first = said[0]
    outcomes = tuple((item["subject"], item["outcome"]) for item in said)
    # an own place has a line of its own, so that it is found
    own = entity["entity"] if entity["whose"] == "own" else ""
    return own, outcomes, first["note"], first["url"], first["words"]


def _line(
    alike: Sequence[tuple[Item, Sequence[Item]]], shared: str, quoted: set[str], language: Language, *, is_short: bool
) -> Line:
    entity, said = alike[0]
    first = said[0]
    comma = "，" if language == "zh" else ", "
    outcomes = [" ".join(filter(None, (SUBJECTS[language][item["subject"]], item["outcome"]))) for item in said]
    words = {items[0]["words"] for _, items in alike}
    is_told = len(words) == 1 and not words & quoted and (not is_short or entity["whose"] == "own")
    quoted |= words
    elsewhere = first["said_elsewhere"]
    return Line(
        who=_names(alike, shared, language),
        outcome=comma.join(dict.fromkeys(outcomes)),
        facts=frozenset(item["fact_key"] for _, items in alike for item in items),
        past=comma.join(dict.fromkeys(_pasts(said))) if len(alike) == 1 else "",
        note=(first["change_name"] if elsewhere else first["note"]) or "",
        others=tuple((one["outcome"], _source(one, language)) for one in elsewhere),
        quote=first["words"] if is_told else None,
        source=_source(first, language),
        is_own=entity["whose"] == "own",
        is_doubtful=first["change"] in {"disputed", "corrected"},
        is_withdrawn=first["change"] == "withdrawn",
    )


def _pasts(said: Sequence[Item]) -> list[str]:
    return [item["past"]["words"] for item in said if item["past"]]


def _source(item: Item, language: Language) -> Source:
    outlet = item["outlet"] or ("未署名" if language == "zh" else "unnamed outlet")
    return Source(" ".join(filter(None, (outlet, (item["published"] or "")[:10]))), item["url"], item["official"])


def _shared_place(evaluations: Sequence[Item]) -> str:
    """The province that all entities of a message lie in, if there is only one; it need not be said again."""
    names = [entity["entity"] for e in evaluations for group in e["groups"] for entity in group["entities"]]
    provinces = {name.partition("/")[0] for name in names}
    return provinces.pop() if len(provinces) == 1 else ""


def _names(alike: Sequence[tuple[Item, Sequence[Item]]], shared: str, language: Language) -> str:
    """Places one after another, each without what it shares with the one before: 湖北省 十堰市、荆州市. Where there are several, each has
    its place of last year behind it."""
    zh = language == "zh"
    shown: list[str] = []
    before: list[str] = [shared, ""] if shared else []
    for entity, said in alike[:MOST_NAMES]:
        parts = entity["entity"].split("/")
        same = 0
        while same < min(len(parts), len(before)) - 1 and parts[same] == before[same]:
            same += 1
        pasts = "，".join(_pasts(said)) if len(alike) > 1 else ""
        shown.append(" ".join(parts[same:]) + (f"（{pasts}）" if pasts and zh else f" ({pasts})" if pasts else ""))
        before = parts
    listed = ("、" if zh else ", ").join(shown)
    rest = len(alike) - MOST_NAMES
    if rest <= 0:
        return listed
    return f"{listed} 等{len(alike)}个" if zh else f"{listed} and {rest} more"
