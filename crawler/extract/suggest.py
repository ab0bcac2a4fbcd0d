"""What may have been meant by a name that stands for nothing, and how a name that was begun may go on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from crawler.extract.gazetteer import LEVELS, load_table

__all__ = ["close_names", "names_beginning"]


def close_names(text: str, known: Iterable[str]) -> list[str]:
    """Up to three of the known names, else of those of places, that may have been meant.

    >>> sorted(close_names("湖百省", [])), close_names("武含市", ["湖北省", "武汉市"])
    (['湖北省', '湖南省'], ['武汉市'])
    """
    table = load_table()
    for names in (dict.fromkeys(known), table.full, table.short):
        if close := get_close_matches(text, names, n=3, cutoff=0.5):
            return close
    return []


def names_beginning(text: str, most: int = 40) -> list[str]:
    """Official names of today that begin with the text, provinces first.

    >>> names_beginning("武")[:2]
    ['武汉市', '武威市']
    """
    table = load_table()
    rows = {name: table.at(rows[-1]) for name, rows in table.full.items() if name.startswith(text)}
    held = [(LEVELS.index(place.level), place.code, name) for name, place in rows.items() if place.name == name]
    return [name for *_, name in sorted(held)[:most]]
