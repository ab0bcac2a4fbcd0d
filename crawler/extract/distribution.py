"""Several names and as many places or groups: A、B分别位居省会城市第九和地级市第四十四, 分别在省级和地级中列第一 (B1, B8, K16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from crawler.extract.claims import Claim, GroupWords
from crawler.extract.context import Context
from crawler.extract.grouping import groups_before, said_groups, values_in_order
from crawler.extract.lists import NameList
from crawler.extract.ordinals import Ordinal
from crawler.extract.rulebook import Rulebook
from crawler.extract.subjects import is_object
from crawler.extract.view import View

__all__ = ["distributed"]

_EACH = re.compile(r"分别|分列|分获|分居|依次")
_FAR_OFF = re.compile(r"[。;!?]|全省|全市|全区")
_NEXT = re.compile(r"\s*(?:[、,]|和|与|及|以及|,\s*和)?\s*(?:全国)?[^,、。;:!?]{0,18}")


def distributed(view: View, context: Context, book: Rulebook) -> tuple[list[Claim], set[int]]:
    """The claims, and where the ordinals begin that they use up. Nothing where one group holds for all: ranking does
    that."""
    claims: list[Claim] = []
    used: set[int] = set()
    for number, found in enumerate(view.lists):
        stop = view.lists[number + 1].start if number + 1 < len(view.lists) else view.sentence.end
        ordinals = [o for o in view.ordinals if found.end <= o.start < stop]
        count = len(found.items)
        if count < 2 or not ordinals or is_object(view, found):
            continue
        if shared := list(_group_each(view, found, ordinals[0], book)):
            claims += shared
            used.add(ordinals[0].start)
            continue
        each = _EACH.search(view.text, found.end, ordinals[-1].start)
        ordinals = [o for o in ordinals if each is not None and o.start >= each.end()]
        if len(ordinals) < count:
            continue
        row = ordinals[:count]
        if not _EACH.search(view.text, found.end, row[0].start) or not _in_a_row(view, row):
            continue
        claims += _claims(view, context, found, row)
        used |= {ordinal.start for ordinal in row}
    return claims, used


def _group_each(view: View, found: NameList, ordinal: Ordinal, book: Rulebook) -> Iterator[Claim]:
    """A和B分别在省级和地级中名列第一: as many groups as names before the one place, or as many places in a row."""
    if not _EACH.search(view.text, found.end, ordinal.start):
        return
    values = values_in_order(view, found.end, ordinal.start, book)
    if len(set(values)) != len(values) or view.has("negations", found.end, ordinal.start):
        return
    if _FAR_OFF.search(view.text, found.end, ordinal.start):
        return
    names = found.names
    for place, (value, rank, top) in enumerate(_shares(len(names), values, ordinal)):
        item = found.items[place]
        yield Claim(
            name=item.name, kind="rank", start=found.start, end=ordinal.end, at=ordinal.start,
            groups=GroupWords((value,), "said"), rule="B8", paragraph=view.sentence.paragraph,
            parent=names[place - 1] if place else None, rank=rank, top=top, score=item.score,
            checks="as many groups as names",
        )  # fmt: skip


def _shares(count: int, values: tuple[str, ...], ordinal: Ordinal) -> list[tuple[str, int | None, int | None]]:
    """Group, place and bound of each of so many names; empty where they do not come out even.

    A、B、C及D、E、F分列部门和区县网站前三: the first three in the one group, the rest in the other.
    """
    numbers = ordinal.numbers * count if len(ordinal.numbers) == 1 else ordinal.numbers
    if ordinal.kind == "exact" and count == len(values) == len(numbers):
        return [(value, number, None) for value, number in zip(values, numbers, strict=True)]
    if ordinal.kind != "top":
        return []
    most = ordinal.numbers[0]
    if count == len(values):
        return [(value, None, most) for value in values]
    if len(values) > 1 and count == len(values) * most:
        return [(value, place, None) for value in values for place in range(1, most + 1)]
    return []


def _in_a_row(view: View, row: list[Ordinal]) -> bool:
    exact = all(ordinal.kind == "exact" and len(ordinal.numbers) == 1 for ordinal in row)
    return exact and all(_NEXT.fullmatch(view.text, one.end, other.start) is not None for one, other in pairwise(row))


def _claims(view: View, context: Context, found: NameList, row: list[Ordinal]) -> Iterator[Claim]:
    names = found.names
    groups: GroupWords = groups_before(view, view.sentence.start, row[0].start, context)
    since = found.end
    for place, (item, ordinal) in enumerate(zip(found.items, row, strict=True)):
        said = said_groups(view, since, ordinal.start)
        groups = GroupWords(said.values, "said", groups.regional) if said.values else groups
        since = ordinal.end
        yield Claim(
            name=item.name, kind="rank", start=found.start, end=row[-1].end, at=ordinal.start, groups=groups,
            rule="B1 B8", paragraph=view.sentence.paragraph, parent=names[place - 1] if place else None,
            rank=ordinal.numbers[0], score=item.score, checks="as many places as names",
        )  # fmt: skip
