"""Cells of CSV that no spreadsheet runs as a formula (CWE-1236), and back again."""

from __future__ import annotations

import re

__all__ = ["as_it_was", "inert"]

_FORMULA = tuple("=+-@\t\r＝＋－＠")
_SUSPECT = frozenset("=+-@\t\r＝＋－＠ '")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def inert(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet would run it. Numbers stay as they are.

    >>> inert("=HYPERLINK(1)"), inert("-3"), inert(" -x"), inert("湖北省")
    ("'=HYPERLINK(1)", '-3', "' -x", '湖北省')
    """
    return f"'{cell}" if cell[:1] in _SUSPECT and _is_formula(cell.lstrip(" '")) else cell


def as_it_was(cell: str) -> str:
    """The cell that was given to `inert`.

    >>> as_it_was("'=HYPERLINK(1)"), as_it_was("''=1"), as_it_was("'t Hooft")
    ('=HYPERLINK(1)', "'=1", "'t Hooft")
    """
    return cell[1:] if cell.startswith("'") and _is_formula(cell.lstrip(" '")) else cell


def _is_formula(bare: str) -> bool:
    return bare.startswith(_FORMULA) and not _NUMBER.fullmatch(bare)
