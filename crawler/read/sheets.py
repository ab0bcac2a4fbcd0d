"""The sheets of an XLSX workbook → tables, with merged cells undone."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import Any

from crawler.errors import DocumentError
from crawler.read.blocks import Block
from crawler.read.cells import keyed_rows

__all__ = ["blocks_of_workbook"]

Place = tuple[int, int]
"""Row and column of a sheet, from 1."""
Placed = tuple[str, Place]
MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_SHEETS = 20


def blocks_of_workbook(data: bytes, where: str | None) -> list[Block]:
    """For every visible sheet its title, where the first row is one, and its table. Raises DocumentError for a workbook that
    cannot be opened."""
    import openpyxl  # type: ignore[import-untyped]  # it has no types

    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        return [block for sheet in sheets[:MAX_SHEETS] for block in _blocks(sheet)]
    except Exception as error:  # openpyxl lets XML's, zipfile's and its own errors through
        raise DocumentError(
            f"is a damaged XLSX ({type(error).__name__})", where=where, hint="Fetch it again"
        ) from error


def _blocks(sheet: Any) -> list[Block]:
    rows = _rows(sheet)
    blocks: list[Block] = []
    while rows and len({text for text, _ in rows[0] if text}) == 1:
        blocks.append(Block(next(text for text, _ in rows[0] if text), "heading"))
        rows = rows[1:]
    if rows:
        width = max(number for row in rows for number, (text, _) in enumerate(row, start=1) if text)
        named = blocks[-1].text if blocks else None
        blocks.append(Block(kind="table", rows=keyed_rows(row[:width] for row in rows), caption=named))
    return blocks


def _rows(sheet: Any) -> list[list[Placed]]:
    """The rows that hold anything; every place of a merged area has the text and the place of its first cell."""
    covered: dict[Place, Place] = {}
    for area in list(sheet.merged_cells.ranges)[:MAX_ROWS]:
        for row in range(area.min_row, min(area.max_row, MAX_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, MAX_COLUMNS) + 1):
                covered[row, column] = (area.min_row, area.min_col)
    texts: dict[Place, str] = {}
    rows: list[list[Placed]] = []
    for number, values in enumerate(sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True), start=1):
        placed: list[Placed] = []
        for column, value in enumerate(values, start=1):
            place = covered.get((number, column), (number, column))
            placed.append((texts.setdefault(place, _text(value)), place))
        if any(text for text, _ in placed):
            rows.append(placed)
    return rows


def _text(value: Any) -> str:
    """What a cell shows; whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes") if value.hour or value.minute else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}" if value == round(value, 6) else f"{value:.6g}"
    return re.sub(r"\s+", " ", str(value)).strip()
