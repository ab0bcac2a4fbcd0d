"""One department's name that holds for a whole list of places: 江苏、浙江、广东省国税局, 南京、苏州等市教育局 (grammar.md L6, L9)."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.extract.lists import Item, NameList, find_lists, printed
from crawler.extract.names import Name
from crawler.extract.numerals import NUMBER
from crawler.extract.organisations import department_end
from crawler.extract.places import Place, load_gazetteer

__all__ = ["with_shared_heads"]

_OFFICE = re.compile(r"[厅局委办署税]")
_OF_ALL = re.compile(rf"(?:等)?(?:{NUMBER}个?)?(?:省区市|省市区|省市|市州|省|市|区|县|州|地)?(?:的)?")


def with_shared_heads(text: str, names: list[Name], lists: list[NameList], end: int) -> list[NameList]:
    """The lists, those read again in which places stand for their departments.

    Where the places are printed in full (江苏省、浙江省、广东省商务厅) they may be meant themselves: then they are nobody.
    """
    changed: dict[int, Name] = {}
    for found in lists:
        if len(found.items) >= 2 and _OFFICE.search(text, found.items[-1].name.start, min(end, found.end + 16)):
            changed |= _read_again(text, found, end)
    if not changed:
        return lists
    lists = find_lists(text, [changed.get(name.start, name) for name in names], end)
    return [_reaching(found, changed) for found in lists]


def _read_again(text: str, found: NameList, end: int) -> dict[int, Name]:
    """The names that stand for departments, by where they begin."""
    *before, last = (item.name for item in found.items)
    head, whose = _head(text, last, found, end)
    if head is None or whose is None:
        return {}
    places = [_place(name, whose.level, strict="税" not in head) for name in before]
    if any(place is None for place in places):
        return {}
    named = before if last.chain is None else [*before, last]
    behind = last.chain is not None
    full = behind or not load_gazetteer().find(last.form)[0].short  # 厦门、深圳国税局 are 厦门国税局
    told: dict[int, Name] = {}
    for name in named:
        place = _place(name, whose.level)
        if place is None or (name.form == place.name and "税" not in head and not behind):
            told[name.start] = Name(name.start, name.end, name.form)
            continue
        office = printed(text, name.start, name.end)
        whole = (place.name if full else name.form) + head
        assert office.organisation is not None
        body = replace(office.organisation, form=whole)
        told[name.start] = replace(office, form=whole, organisation=body)
    if behind:
        told[last.start] = replace(told[last.start], end=_end_of(text, found, end))
    return told


def _place(name: Name, level: str = "", *, strict: bool = False) -> Place | None:
    """The place of a name that is nothing but a place, of that level where it has one of it, and of no other if `strict`."""
    if name.chain is None or name.chain.tail or len(name.chain.hits) > 1:
        return None
    places = name.chain.hits[0].places
    return next((place for place in places if place.level == level), None if strict else places[0])


def _head(text: str, last: Name, found: NameList, end: int) -> tuple[str | None, Place | None]:
    """What kind of department the last item is or leads to, and the place of the last item."""
    if last.organisation is not None and last.organisation.local:
        hits = load_gazetteer().find(last.form)
        if len(hits) == 1 and hits[0].start == 0:
            return last.form[hits[0].end :], hits[0].places[0]
        return None, None
    stop = _end_of(text, found, end)
    return (text[_behind(text, last, end) : stop], _place(last)) if stop > last.end else (None, None)


def _behind(text: str, last: Name, end: int) -> int:
    """Behind 等三省 and the like."""
    link = _OF_ALL.match(text, last.end, end)
    return link.end() if link is not None else last.end


def _end_of(text: str, found: NameList, end: int) -> int:
    """Where the department ends that stands behind the list; where its last name ends if there is none."""
    last = found.items[-1].name
    stop = department_end(text, _behind(text, last, end))
    return stop if 0 <= stop <= end else last.end


def _reaching(found: NameList, changed: dict[int, Name]) -> NameList:
    """The list with the end of its last item behind the department."""
    item: Item = found.items[-1]
    if item.name.start not in changed or item.end >= item.name.end:
        return found
    return replace(found, end=max(found.end, item.name.end))
