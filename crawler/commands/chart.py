"""A small chart of places over the years, in characters. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["chart_lines"]

Row = Mapping[str, Any]
"""A standing as `storage.history.history_as_json` has it."""

MOST_ROWS = 8
_GAPS = {"not_named": "–", "other": "○"}
_LEGEND = {
    "≤": "≤10 among the first 10",
    "=": "= shared",
    "?": "? disputed",
    "–": "– not named that year",
    "○": "○ another outcome, no place",
    "·": "· nothing known",
}


def chart_lines(years: Sequence[Row], width: int) -> list[str]:
    """The places, 1 on top, with the years below; gaps stay empty, and what they mean stands above the year.

    Empty where there are fewer than two years with a place or a bound. Where the years do not fit, the oldest are left out.

    >>> years = [{"year": 2018, "what": "place", "rank": 5}, {"year": 2019, "what": "not_named"},
    ...          {"year": 2020, "what": "place", "rank": 1, "tied": True}]
    >>> print("\\n".join(chart_lines(years, 40)))
      1 ┤           1=
        │
        │
        │
      5 ┤ 5
        └───────────────
                –
          2018 2019 2020
      = shared   – not named that year
    """
    dated = [standing for standing in years if standing["year"] is not None]
    if sum(_value(standing) is not None for standing in dated) < 2:
        return []
    shown, room = _fitting(dated, width)
    values = [value for standing in shown if (value := _value(standing)) is not None]
    worst = max(values, default=1)
    rows = min(worst, MOST_ROWS)
    grid = [["" for _ in shown] for _ in range(rows)]
    for column, standing in enumerate(shown):
        value = _value(standing)
        if value is not None:
            grid[_row(value, worst, rows)][column] = _label(standing)
    margin = len(str(worst)) + 2
    lines = []
    for number, cells in enumerate(grid):
        tick = {0: "1", rows - 1: str(worst)}.get(number, "")
        lines.append(f"{tick:>{margin}} {'┤' if tick else '│'} {_cells(cells, room)}".rstrip())
    marks = [_mark(standing) for standing in shown]
    return lines + _axis(shown, marks, room, " " * (margin + 1)) + _legend(lines, marks, width)


def _axis(shown: Sequence[Row], marks: Sequence[str], room: int, indent: str) -> list[str]:
    """The line below the places, what gaps mean where there are any, and the years."""
    lines = [f"{indent}└{'─' * (room * len(shown))}"]
    if any(marks):
        lines.append(f"{indent}  {_cells([mark.center(min(room - 1, 4)) for mark in marks], room)}".rstrip())
    return [*lines, f"{indent}  {_cells([_year(standing, room) for standing in shown], room)}".rstrip()]


def _value(standing: Row) -> int | None:
    """What is drawn: the place, or the bound."""
    value = standing.get("rank") or standing.get("top")
    return int(value) if value is not None and standing["what"] in ("place", "bound") else None


def _fitting(dated: Sequence[Row], width: int) -> tuple[Sequence[Row], int]:
    """The years that fit, and the width of each: as labels need, four digits of the year where there is room."""
    margin = len(str(max(_value(standing) or 1 for standing in dated))) + 6
    label = max(len(_label(standing)) for standing in dated)
    wide, narrow = max(5, label + 1), max(3, label + 1)
    room = wide if wide * len(dated) <= width - margin else narrow
    most = max((width - margin) // room, 1)
    return dated[-most:], room


def _row(value: int, worst: int, rows: int) -> int:
    """Which line from the top.

    >>> _row(1, 30, 8), _row(30, 30, 8), _row(5, 5, 5)
    (0, 7, 4)
    """
    return round((value - 1) / (worst - 1) * (rows - 1)) if worst > 1 else 0


def _label(standing: Row) -> str:
    value = _value(standing)
    if value is None:
        return ""
    bound = "≤" if standing["what"] == "bound" else ""
    return f"{bound}{value}{'=' if standing.get('tied') else ''}{'?' if standing.get('status') == 'disputed' else ''}"


def _mark(standing: Row) -> str:
    """What a gap means; nothing where there is a place."""
    return "" if _value(standing) is not None else _GAPS.get(standing["what"], "·")


def _year(standing: Row, room: int) -> str:
    year = str(standing["year"])
    return year if room > len(year) else year[-2:]


def _cells(cells: Sequence[str], room: int) -> str:
    return "".join(f"{cell:<{room}}" for cell in cells)


def _legend(rows: Sequence[str], marks: Sequence[str], width: int) -> list[str]:
    """What the signs mean that were used, on as many lines as that takes."""
    drawn = "".join(rows)
    lines: list[str] = []
    for sign, words in _LEGEND.items():
        if not ((sign in drawn and sign in "≤=?") or sign in marks):
            continue
        if lines and len(lines[-1]) + len(words) + 5 <= width:
            lines[-1] += f"   {words}"
        else:
            lines.append(f"  {words}")
    return lines
