"""Tables in text files: rows of cells parted by tabs, bars or spaces, or printed one cell to a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.items import Cell, Table

__all__ = ["header_of", "tables_in_text"]

Span = tuple[int, int]
_RULE = re.compile(r"^[\s|:+\-=]+$")
_FIGURE = re.compile(r"^[\d.,%+\-—–/*\s]*\d[\d.,%+\-—–/*\s]*$")
_RANKED = re.compile(r"^\d{1,3}[ \u3000]+\S+(?:[ \u3000]+\S+){0,7}$")
_BARE = r"(?=[^\n|]*[^\s|])[^\n|]*\n"
_BARRED = r"\|(?=[^\n|]*[^\s|])[^\n|]*"
_STACKED_ROW = rf"{_BARE}(?:{_BARRED}\n)+\|[ \t]*(?:\n|\Z)"
_CUT_ROW = rf"{_BARE}(?:{_BARRED}(?:\n|\Z))+"
_STACKED = re.compile(rf"^(?:{_STACKED_ROW}){{2,}}(?:{_CUT_ROW})?", re.MULTILINE)
_ROW = re.compile(f"{_STACKED_ROW}|{_CUT_ROW}")
FEW_RANKED = 4
"""Rows of figures parted by single spaces that make a table: three may be a list of another kind."""


def tables_in_text(text: str, lines: Sequence[Span]) -> tuple[Table, ...]:
    """The tables that stand on `lines` (spans of lines that are not blank, in order)."""
    tables: list[Table] = []
    if lines:
        tables += _stacked(text, lines[0][0], lines[-1][1])
    first = 0
    while first < len(lines):
        mark = _mark(text[slice(*lines[first])])
        last = first
        while mark and last < len(lines) and _mark(text[slice(*lines[last])]) == mark:
            last += 1
        if mark and last - first >= (FEW_RANKED if mark == " " else 2):
            begin = (
                first - 1 if mark == " " and first and _is_header_line(text, lines[first - 1], lines[first]) else first
            )
            tables.append(_table(text, lines[begin:last], mark))
        first = max(last, first + 1)
    named = [replace(table, caption=_name_above(text, lines, table.start)) for table in tables]
    return tuple(sorted(named, key=lambda table: table.start))


def _name_above(text: str, lines: Sequence[Span], start: int) -> str | None:
    """The line directly above a table, if it is short and no sentence."""
    above = [text[slice(*line)] for line in lines if line[1] <= start][-1:]
    return above[0] if above and len(above[0]) <= 60 and not re.search(r"[。;；!！]|^\d", above[0]) else None


def _mark(printed: str) -> str | None:
    """What parts the cells of a line; None for a line that is no row."""
    if "\t" in printed:
        return "\t"
    if printed.count("|") >= 2 and (printed.startswith("|") or printed.endswith("|")):
        return "|"
    return " " if len(printed) <= 80 and _RANKED.match(printed) else None


def _is_header_line(text: str, line: Span, row: Span) -> bool:
    """Is the line above rows of figures their header: as many words, none of them a figure?"""
    words, below = text[slice(*line)].split(), text[slice(*row)].split()
    return len(words) == len(below) and not any(_FIGURE.match(word) for word in words)


def _table(text: str, lines: Sequence[Span], mark: str) -> Table:
    rows = [_cells(text, line, mark) for line in lines if mark != "|" or not _RULE.match(text[slice(*line)])]
    return Table(lines[0][0], lines[-1][1], header_of(rows))


def _cells(text: str, line: Span, mark: str) -> tuple[Cell, ...]:
    start, end = line
    if mark == " ":
        return tuple(Cell(m.group(), start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end]))
    if mark == "|":
        start += text[start] == "|"
        end -= text[end - 1] == "|"
    return tuple(_cell(text, *span) for span in _parts(text, start, end, mark))


def _parts(text: str, start: int, end: int, mark: str) -> Iterator[Span]:
    for part in text[start:end].split(mark):
        yield start, start + len(part)
        start += len(part) + 1


def _cell(text: str, start: int, end: int) -> Cell:
    words = text[start:end].strip()
    begin = start + (text[start:end].index(words[0]) if words else 0)
    return Cell(re.sub(r"\s+", " ", words), begin, begin + len(words))


def _stacked(text: str, start: int, end: int) -> Iterator[Table]:
    """Tables that a converter printed one cell to a line: the first bare, the others behind a bar, a lone bar at the end of
    each row."""
    for match in _STACKED.finditer(text, start, end + 1):
        rows = []
        for row in _ROW.finditer(text, match.start(), match.end()):
            cells = []
            for line in re.finditer(r"[^\n]+", row.group()):
                begin, stop = row.start() + line.start(), row.start() + line.end()
                if line.group().strip("| \t"):
                    cells.append(_cell(text, begin + line.group().startswith("|"), stop))
            rows.append(tuple(cells))
        last = rows[-1][-1]
        yield Table(rows[0][0].start, last.end, header_of(rows))


def header_of(rows: Sequence[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """The rows, the first marked as header if none of its cells is a figure and some below are."""
    if len(rows) < 2 or any(_FIGURE.match(cell.text) for cell in rows[0]):
        return tuple(rows)
    if not any(_FIGURE.match(cell.text) for row in rows[1:] for cell in row):
        return tuple(rows)
    return (tuple(Cell(cell.text, cell.start, cell.end, header=True) for cell in rows[0]), *rows[1:])
