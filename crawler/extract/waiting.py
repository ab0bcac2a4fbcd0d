"""The list below a heading that waits for one: winners, members of a grade, holders of places (grammar.md B11, F4, Q6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.extract.behind import accounts_listed, list_of_further, list_under_label
from crawler.extract.claims import Claim
from crawler.extract.context import Context, Pending
from crawler.extract.enumerated import POINTS
from crawler.extract.grouping import NO_GROUP, groups_before, said_groups
from crawler.extract.lists import NameList, joined
from crawler.extract.names import Name
from crawler.extract.numbering import placed_in_range
from crawler.extract.ordinals import Ordinal
from crawler.extract.rulebook import Rulebook
from crawler.extract.titles import award_subject
from crawler.extract.view import View

__all__ = ["awaited"]

_BARE_LIST = re.compile(r"^[\s\d.、()(:“\"·\-]*(?:其中|依次为|分别是|分别为)?[:\s]*$")


def awaited(view: View, context: Context, book: Rulebook) -> Iterator[Claim]:
    """The list below a heading: winners of its award, members of its grade, holders of its places (B11, F4, Q6)."""
    pending = context.pending
    if pending is None:
        return
    if pending.counted:
        yield from _counted(view, context, pending, book)
        return
    if accounts := _accounts(view, pending):
        yield from _winners(view, context, pending, accounts, (view.sentence.start, view.sentence.end), book)
        return
    if pending.ordinal is None and (under := list_under_label(view)) is not None:
        yield from _winners(view, context, pending, under.names, (under.start, under.end), book)
        return
    if not view.lists:
        if not _leaves_waiting(view, pending):
            context.pending = None
        return
    whole = _whole_list(view)
    if whole is not None:
        yield from _below(view, context, pending, whole, book)
    elif not view.sentence.heads:
        context.pending = None


def _counted(view: View, context: Context, pending: Pending, book: Rulebook) -> Iterator[Claim]:
    """A further list of those that the sentence before counted: 县级有2个,…; it stands in the same paragraph or nowhere."""
    context.pending = None
    further = list_of_further(view, book) if view.sentence.paragraph == context.paragraph else None
    if further is None:
        return
    above, context.heading = context.heading, said_groups(view, *further.said)
    context.pending = pending
    yield from _winners(view, context, pending, further.found.names, (further.found.start, further.found.end), book)
    context.heading = above


def _accounts(view: View, pending: Pending) -> tuple[Name, ...]:
    """The accounts that are all of a line, below an award for accounts."""
    if not _MEDIA.search(pending.award or ""):
        return ()
    return accounts_listed(view.text, view.sentence.start, view.sentence.end) or _numbered(view)


def _leaves_waiting(view: View, pending: Pending) -> bool:
    """Whether a sentence without names lets the list still come: a short heading that is no sibling of the one above."""
    if not view.sentence.heads or _is_sibling(view, pending):
        return False
    words = view.text[view.sentence.start : view.sentence.end].strip()
    return bool(view.groups) or len(_COUNT.sub("", words)) <= 8 or words.endswith(":")


def _below(view: View, context: Context, pending: Pending, whole: NameList, book: Rulebook) -> Iterator[Claim]:
    """What a line that is a list and nothing else is given by the heading above."""
    if pending.award is not None and (work := _work_of(view, whole, pending.award, book)) is not None:
        name = whole.items[0].name
        told = next(_winners(view, context, pending, (name,), (whole.start, view.sentence.end), book))
        yield replace(told, work=work)
        return
    if pending.ordinal is None:
        yield from _winners(view, context, pending, whole.names, (whole.start, whole.end), book)
        return
    placed: NameList | None = whole
    if len(whole.items) == 1:
        placed = _line_by_line(context, pending.ordinal, _with_points(view, whole))
    if placed is not None:
        yield from _placed(view, context, pending, placed)
        context.pending = None


def _is_sibling(view: View, pending: Pending) -> bool:
    """Whether a heading is numbered in the same way as the one that waits: a class of its own, whatever its name."""
    own = _NUMBERED.match(view.text, view.sentence.start, view.sentence.end)
    before = _NUMBERED.match(view.text, view.text.rfind("\n", 0, pending.start) + 1, pending.start)
    return own is not None and before is not None and own.lastgroup == before.lastgroup


def _work_of(view: View, whole: NameList, award: str, book: Rulebook) -> str | None:
    """The work in a line that is one owner and one work, below an award for cases: 1.青岛市 智能问答."""
    if award_subject(award, book) != "innovation_case" or len(whole.items) != 1:
        return None
    line = _OWNED.fullmatch(view.text, whole.items[0].name.end, view.sentence.end)
    return line["work"] if line is not None else None


def _numbered(view: View) -> tuple[Name, ...]:
    """The one account of a numbered line: 3.甘肃发布."""
    line = _LINE.fullmatch(view.text, view.sentence.start, view.sentence.end)
    if line is None:
        return ()
    return (Name(line.start("name"), line.end("name"), line["name"], person="account"),)


def _winners(
    view: View, context: Context, pending: Pending, names: tuple[Name, ...], span: tuple[int, int], book: Rulebook
) -> Iterator[Claim]:
    award = pending.award
    for name in names:
        yield Claim(
            name=name, kind="award" if award else "grade", start=span[0], end=span[1], at=span[0],
            groups=context.heading or NO_GROUP, rule="F4" if award else "D2", paragraph=view.sentence.paragraph,
            company=names, award=award, grade=pending.grade, subject=award_subject(award, book) if award else None,
        )  # fmt: skip


_NUMBERED = re.compile(
    r"\s*(?:(?P<a>[一二三四五六七八九十]{1,3}、)|(?P<b>\([一二三四五六七八九十]{1,3}\))|(?P<c>\d{1,2}[.、])|(?P<d>\(\d{1,2}\)))"
)
_OWNED = re.compile(
    r"\s*(?:[:\s|]|-{1,2}|(?=[“《]))\s*[“《]?(?P<work>[^“”《》。;:|\s][^“”《》。;:|]{1,50}?)[”》]?[;。]?\s*"
)
_NUMBER = re.compile(r"[;、,]?\s*\d{1,2}[.、)]\s*")
_ADDRESS = re.compile(r"\(?(?:https?://|www\.)[\w./\-]+\)?")
_LINE = re.compile(r"\s*\d{1,3}[.、．]\s*[@“]?(?P<name>[\w·\-]{2,20})[”]?\s*")
_COUNT = re.compile(r"\(共?\d{1,3}[个家名]\)")
_MEDIA = re.compile(r"新媒体|微博|微信|公众号|账号|抖音|头条号|视频号")


def _placed(view: View, context: Context, pending: Pending, whole: NameList) -> Iterator[Claim]:
    ordinal = pending.ordinal
    if ordinal is None:
        return
    first, last = (1, ordinal.numbers[0]) if ordinal.kind == "top" else (ordinal.numbers[0], ordinal.numbers[-1])
    placed = placed_in_range(whole.slots, first, last, context.ties, last_and=whole.last_and)
    groups = groups_before(view, view.sentence.start, whole.start, context)
    for item, rank, tied in placed or ():
        yield Claim(
            name=item.name, kind="rank", start=whole.start, end=whole.end, at=whole.start, groups=groups, rule="B5 B11",
            paragraph=view.sentence.paragraph, company=whole.names, rank=rank, tied=tied,
            score=item.score,
        )  # fmt: skip


def _with_points(view: View, line: NameList) -> NameList:
    """The one name of a line with the points that end it: 1.州财政局 95.2分."""
    item = line.items[0]
    points = POINTS.fullmatch(view.text, item.end, view.sentence.end) if item.score is None else None
    return replace(line, slots=((replace(item, score=float(points["points"])),),)) if points is not None else line


def _line_by_line(context: Context, ordinal: Ordinal, line: NameList) -> NameList | None:
    """All lines as one list when the last of them is there; the ordinal of their heading says how many they are."""
    context.lines = [] if context.lines and context.lines[-1].start >= line.start else context.lines
    if context.lines and context.lines[0].start < ordinal.end:
        context.lines = []  # those of a heading before
    context.lines.append(line)
    wanted = ordinal.numbers[0] if ordinal.kind == "top" else ordinal.numbers[-1] - ordinal.numbers[0] + 1
    if len(context.lines) < wanted:
        return None
    whole = context.lines[0]
    for further in context.lines[1:]:
        whole = joined(whole, further)
    return whole


def _whole_list(view: View) -> NameList | None:
    """The sentence as one list of names, where it is nothing else: unknown items between the known are allowed."""
    first = view.lists[0]
    if not _BARE_LIST.match(view.text[view.sentence.start : first.start]):
        return None
    whole = first
    for following in view.lists[1:]:
        gap = view.text[whole.end : following.start]
        if not (
            gap.strip() in (",", "、", ";", "")
            or (gap[:1] in "、," and gap[-1:] in "、," and len(gap) <= 14)
            or _NUMBER.fullmatch(gap)
        ):
            break
        whole = joined(whole, following)
    rest = _ADDRESS.sub("", view.text[whole.end : view.sentence.end]).strip('。;、, \n”"')
    marks = view.text.count("、", view.sentence.start, view.sentence.end) + 1
    if len(rest) > 24 or len(whole.items) * 10 < marks * 6:
        return None
    return whole
