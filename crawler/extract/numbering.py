"""Which place each item of a list holds (grammar.md §T)."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.lists import Item

__all__ = ["Placed", "Tie", "as_far_as_sure", "placed_in_range", "with_ties"]

Slot = tuple[Item, ...]
Placed = list[tuple[Item, int, bool]]
Tie = tuple[frozenset[str], int]
"""The forms of names that a text says are 并列第N, and N."""


def placed_in_range(
    slots: Sequence[Slot], first: int, last: int, ties: Sequence[Tie], *, last_and: bool
) -> Placed | None:
    """Every item with its place and whether it is shared, or None where no numbering fits the range (B9)."""
    candidates = [with_ties(slots, ties)]
    if any(len(slot) > 1 for slot in slots):  # 和 inside a list need not be a tie when the text names the ties itself
        candidates.append(with_ties([(item,) for slot in slots for item in slot], ties) if ties else candidates[0])
    slots = candidates[0]
    if equal := _with_equal_scores(slots):
        candidates.append(equal)
    if last_and and len(slots) > 1 and len(slots[-1]) == 1 and len(slots[-2]) == 1:
        candidates.append([*slots[:-2], slots[-2] + slots[-1]])
    for candidate in candidates:
        for dense in (True, False):
            places = _numbered(candidate, first, dense=dense)
            if _covers(places, last, dense=dense) and _agrees(places, ties):
                return places
    return None


def as_far_as_sure(slots: Sequence[Slot], first: int) -> Placed:
    """The places of a list that breaks off: up to its first tie, behind which either numbering may hold."""
    placed: Placed = []
    for place, slot in enumerate(slots, first):
        placed += [(item, place, len(slot) > 1) for item in slot]
        if len(slot) > 1:
            break
    return placed


def with_ties(slots: Sequence[Slot], ties: Sequence[Tie]) -> list[Slot]:
    """The slots with neighbours united that a text says are tied."""
    united: list[Slot] = []
    for slot in slots:
        if united and any(_among(item, names) and _among(united[-1][-1], names) for names, _ in ties for item in slot):
            united[-1] += slot
        else:
            united.append(slot)
    return united


def _with_equal_scores(slots: Sequence[Slot]) -> list[Slot]:
    """Neighbours of the same score as one slot (T5); empty where no score repeats."""
    united: list[Slot] = []
    for slot in slots:
        if united and slot[0].score is not None and slot[0].score == united[-1][-1].score:
            united[-1] += slot
        else:
            united.append(slot)
    return united if len(united) < len(slots) else []


def _among(item: Item, names: frozenset[str]) -> bool:
    form = item.name.form
    return form in names or any(
        form.startswith(name)
        or name.startswith(form)
        or (len(name) > 2 and form.endswith(name))  # 武汉武昌区 is 武昌区
        for name in names
        if len(name) >= 2
    )


def _numbered(slots: Sequence[Slot], first: int, *, dense: bool) -> Placed:
    """Dense: 1, 2, 2, 3; else competition: 1, 2, 2, 4."""
    placed: Placed = []
    place = first
    for slot in slots:
        placed += [(item, place, len(slot) > 1) for item in slot]
        place += 1 if dense else len(slot)
    return placed


def _covers(placed: Placed, last: int, *, dense: bool) -> bool:
    """Whether the numbering ends where the range ends; a tie that begins before its end and reaches it does too."""
    final = placed[-1][1]
    shared = sum(1 for _, place, _ in placed if place == final)
    return final == last or (not dense and shared > 1 and final < last <= final + shared - 1)


def _agrees(placed: Placed, ties: Sequence[Tie]) -> bool:
    return all(place == number for names, number in ties for item, place, _ in placed if _among(item, names))
