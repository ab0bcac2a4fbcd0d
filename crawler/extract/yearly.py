"""One name, several years and as many places: 2012年和2013年分别位列第12名、第7名 (grammar.md B8, M1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from crawler.extract.claims import Claim
from crawler.extract.context import Context
from crawler.extract.grouping import groups_before
from crawler.extract.lists import Item
from crawler.extract.ordinals import Ordinal
from crawler.extract.view import View

__all__ = ["yearly"]

_LISTED = re.compile(r"20\d\d(?:年度?)?(?:[、,]20\d\d(?:年度?)?)*(?:和|与|及|、)20\d\d年")
_RANGE = re.compile(r"(20\d\d)(?:年度?)?(?:至|到|-)(20\d\d)年")
_YEAR = re.compile(r"20\d\d")
_BIENNIAL = re.compile(r"联合国|每两年")
_EACH = re.compile(r"分别|分列|依次")
_NEXT = re.compile(r"(?:[、,]|和|与|及|以及|,\s*和)\s*")


def yearly(view: View, context: Context) -> tuple[list[Claim], set[int]]:
    """A claim for each year, and where the ordinals begin that they use up. Nothing where the numbers do not fit, or
    where more than one is named."""
    each = _EACH.search(view.text, view.sentence.start, view.sentence.end)
    row = _row(view, each.end()) if each else []
    if each is None or not row:
        return [], set()
    places = [number for ordinal in row for number in ordinal.numbers]
    years = _years(view, row[0].start, len(places))
    names = [found for found in view.lists if found.end <= row[0].start]
    if not years or len(places) < 2 or len(names) != 1 or len(names[0].items) != 1:
        return [], set()
    if view.has("negations", each.start(), row[0].start):
        return [], set()
    claims = list(_claims(view, context, names[0].items[0], row, dict(zip(years, places, strict=True))))
    return claims, {ordinal.start for ordinal in row}


def _row(view: View, start: int) -> list[Ordinal]:
    """The exact places that stand in a row behind 分别."""
    row: list[Ordinal] = []
    for ordinal in view.ordinals:
        if ordinal.start < start:
            continue
        if ordinal.kind != "exact" or (row and _NEXT.fullmatch(view.text, row[-1].end, ordinal.start) is None):
            break
        row.append(ordinal)
    return row


def _years(view: View, before: int, count: int) -> list[int]:
    """As many years as there are places: listed, or of a range in equal steps; empty where they do not fit."""
    if (listed := _LISTED.search(view.text, view.sentence.start, before)) is not None:
        years = [int(year) for year in _YEAR.findall(listed[0])]
    elif count > 1 and (between := _RANGE.search(view.text, view.sentence.start, before)) is not None:
        first, last = int(between[1]), int(between[2])
        step, left = divmod(last - first, count - 1)
        fits = not left and (step == 1 or (step == 2 and _BIENNIAL.search(view.text) is not None))
        years = list(range(first, last + 1, step)) if fits else []
    else:
        return []
    rising = all(one < other for one, other in pairwise(years))
    return years if rising and len(years) == count else []


def _claims(view: View, context: Context, item: Item, row: list[Ordinal], places: dict[int, int]) -> Iterator[Claim]:
    groups = groups_before(view, view.sentence.start, row[0].start, context)
    start = min(item.name.start, row[0].start)
    for year, place in places.items():
        yield Claim(
            name=item.name, kind="rank", start=start, end=row[-1].end, at=row[0].start, groups=groups, rule="B8 M1",
            paragraph=view.sentence.paragraph, rank=place, year=year, checks="as many places as years",
        )  # fmt: skip
