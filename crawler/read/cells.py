"""Tables in HTML: which are data and which only lay out a page, and their cells with spans undone."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import html

__all__ = ["RawCell", "data_rows", "keyed_rows"]

MAX_SPAN = 100
MAX_CELLS = 5_000
"""From so many cells on, spans are taken for mistakes and not undone."""
_FIGURE = re.compile(r"^[\d.,%+\-—–/*\s]*\d[\d.,%+\-—–/*\s]*$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class RawCell:
    """One place of a table."""

    text: str
    """White space folded."""
    header: bool
    """th, or of a row recognised as header."""
    repeats: tuple[int, int] | None = None
    """Row and column of the cell that spans this place too. None: the cell itself stands here."""


def data_rows(table: html.HtmlElement) -> tuple[tuple[RawCell, ...], ...] | None:
    """The rows of a table of data; None for one that holds running text, another table, or a single column or row."""
    if next(iter(table.iterfind(".//table")), None) is not None:
        return None
    trs = list(table.iterfind("tr")) + [
        tr for part in table.iterchildren("thead", "tbody", "tfoot") for tr in part.iterfind("tr")
    ]
    trs = [tr for tr in trs if len(tr)]
    if sum(_filled(tr) >= 2 for tr in trs) < max(2, len(trs) / 2) or _is_running_text(trs):
        return None
    return _with_header(_grid(trs))


def _filled(tr: html.HtmlElement) -> int:
    return sum(1 for cell in _cells(tr) if cell.text_content().strip())


def _cells(tr: html.HtmlElement) -> Iterator[html.HtmlElement]:
    yield from tr.iterchildren("td", "th")


def _is_running_text(trs: list[html.HtmlElement]) -> bool:
    lengths = [len(cell.text_content().strip()) for tr in trs for cell in _cells(tr)]
    return not lengths or max(lengths) > 600 or sum(lengths) / len(lengths) > 120


def _grid(trs: list[html.HtmlElement]) -> list[list[RawCell]]:
    """Rows with every spanned place filled."""
    waiting: dict[tuple[int, int], RawCell] = {}
    rows: list[list[RawCell]] = []
    count = 0
    for number, tr in enumerate(trs):
        row: list[RawCell] = []
        for cell in _cells(tr):
            while (number, len(row)) in waiting:
                row.append(waiting.pop((number, len(row))))
            text = _SPACES.sub(" ", cell.text_content()).strip()
            header = cell.tag == "th"
            down, across = (_span(cell, "rowspan"), _span(cell, "colspan")) if count < MAX_CELLS else (1, 1)
            again = RawCell(text, header, (number, len(row)))
            for below in range(1, min(down, len(trs) - number)):
                for beside in range(across):
                    waiting[number + below, len(row) + beside] = again
            row += [RawCell(text, header), *[again] * (across - 1)]
            count += down * across
        while (number, len(row)) in waiting:
            row.append(waiting.pop((number, len(row))))
        rows.append(row)
    return rows


def _span(cell: html.HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def keyed_rows(rows: Iterable[Sequence[tuple[str, Hashable]]]) -> tuple[tuple[RawCell, ...], ...]:
    """Rows of an office document: the text of each place with a key that all places of one merged cell share.

    >>> [[cell.repeats for cell in row] for row in keyed_rows([[("a", 1), ("a", 1)], [("b", 2), ("c", 3)]])]
    [[None, (0, 0)], [None, None]]
    """
    first: dict[Hashable, tuple[int, int]] = {}
    grid: list[list[RawCell]] = []
    for number, row in enumerate(rows):
        cells = []
        for column, (text, key) in enumerate(row):
            place = first.setdefault(key, (number, column))
            cells.append(RawCell(text, header=False, repeats=None if place == (number, column) else place))
        grid.append(cells)
    return _with_header(grid)


def _with_header(rows: list[list[RawCell]]) -> tuple[tuple[RawCell, ...], ...]:
    """The first row is a header if it says so, or if none of its cells is a figure and some below are."""
    if rows and not any(cell.header for row in rows for cell in row):
        below = [cell.text for row in rows[1:] for cell in row]
        if not any(_FIGURE.match(cell.text) for cell in rows[0]) and any(_FIGURE.match(text) for text in below):
            rows[0] = [RawCell(cell.text, header=True, repeats=cell.repeats) for cell in rows[0]]
    return tuple(tuple(row) for row in rows)
