"""Results as lines of text: fitted to a terminal, whole for a pipe, or as Markdown. Text of the web stays text in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from rich.cells import cell_len, set_cell_size

from alerts.phrases import quoted
from alerts.wording import Language, outcome_words
from crawler.commands.screen import printable
from crawler.items import Result

__all__ = ["COLUMNS", "cells_of", "fitted", "markdown", "outcome_of", "sectioned", "words_of"]

Row = Mapping[str, Any]
COLUMNS = ("year", "series", "group", "subject", "entity", "outcome", "status", "says")
_OUTCOMES = ("rank", "tied", "top", "score", "grade", "award", "work", "improved", "change", "indicator")
_SQUEEZED = {"series": 12, "entity": 10, "outcome": 8, "says": 6}
"""Which columns give way where a terminal is narrow, the widest first, and down to how many cells."""
_GAP = "  "


def outcome_of(row: Row, language: Language = "zh") -> str:
    """What a result says, with the sub-index that it is about."""
    told = {name: row[name] for name in _OUTCOMES if row.get(name) is not None}
    return outcome_words(Result("", "", "other", "other", row["kind"], "", (0, 0), **told), language)


def cells_of(row: Row) -> tuple[str, ...]:
    """The cells of a result, by COLUMNS. One of no known series is named by its evaluation."""
    outlets = dict.fromkeys(mention["outlet"] or mention["url"] or "?" for mention in row["mentions"])
    series = row["evaluation"] if row["series"] == "other" else row["series"]
    status = f"{row['status']}, {row['decided']}" if row.get("decided") else row["status"]
    told = (row["year"] or "?", series, row["group"], row["subject"], row["entity"], outcome_of(row), status)
    return tuple(_one_line(str(cell)) for cell in (*told, "、".join(outlets)))


def words_of(row: Row) -> Iterator[str]:
    """Who says it in which words, two lines each, to stand below the result."""
    for mention in row["mentions"]:
        told = (mention["outlet"] or "?", (mention["published"] or "")[:10], mention["url"] or "")
        yield "    " + _GAP.join(_one_line(part) for part in told if part)
        yield "    " + quoted(_one_line(mention["words"]))


def fitted(
    rows: Sequence[tuple[str, ...]], width: int | None, *, names: Sequence[str] = COLUMNS, least: Sequence[int] = ()
) -> tuple[list[str], list[int]]:
    """The rows as lines of aligned cells, and the widths of their columns, none of which is under `least`. `width`: of the
    terminal; None: nothing is cut."""
    widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    widths = [max(pair) for pair in zip(widths, least, strict=True)] if least else widths
    if width is not None:
        _squeeze(widths, names, width - len(_GAP) * (len(widths) - 1))
    last = len(widths) - 1
    return [
        _GAP.join(
            _sized(cell, widths[i], pad=i < last, cut=width is not None, end=names[i] == "entity")
            for i, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ], widths


def _squeeze(widths: list[int], names: Sequence[str], room: int) -> None:
    """Take a cell from the widest column that may give way until all have room, or none gives way any more."""
    while sum(widths) > room:
        wide = [i for i, name in enumerate(names) if widths[i] > _SQUEEZED.get(name, widths[i])]
        if not wide:
            return
        widths[max(wide, key=widths.__getitem__)] -= 1


def sectioned(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    """The same for a narrow terminal: what neighbours have in common stands once above them. One string per row."""
    short = [(row[4], row[5], "" if row[6] == "single" else row[6], row[7]) for row in rows]
    lines, _ = fitted(short, width - len(_GAP), names=COLUMNS[4:])
    heads = [_sized(" ".join(row[:4]), width, pad=False, cut=True) for row in rows]
    return [
        f"{_GAP}{line}" if i and heads[i] == heads[i - 1] else f"{heads[i]}\n{_GAP}{line}"
        for i, line in enumerate(lines)
    ]


def _sized(cell: str, width: int, *, pad: bool, cut: bool, end: bool = False) -> str:
    """The cell in so many columns. `end`: of what is too long the end stays, which tells places apart: …武汉市/洪山区."""
    length = cell_len(cell)
    if length > width and cut:
        end = end and "/" in cell
        kept = cell[::-1] if end else cell
        kept = set_cell_size(kept, max(width - 1, 0)).rstrip() + "…"
        cell = kept[::-1] if end else kept
        length = cell_len(cell)
    return cell + " " * (width - length) if pad else cell


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def markdown(rows: Iterable[Row]) -> Iterator[str]:
    """A table of Markdown (GFM), each result with a link to the article that was published first."""
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "|" + " --- |" * len(COLUMNS)
    for row in rows:
        *cells, _ = cells_of(row)
        outlets = dict.fromkeys((m["outlet"] or "?", _address(m["url"])) for m in row["mentions"])
        says = "、".join(f"[{_plain(outlet)}]({url})" if url else _plain(outlet) for outlet, url in outlets)
        yield "| " + " | ".join([*map(_plain, cells), says]) + " |"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    line = _one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("www.", "www&#46;")
    return "".join(f"\\{character}" if character in _ACTIVE else character for character in line)


_ACTIVE = frozenset("\\`*_[]|~@#:!")
"""What Markdown, or a site that shows it, makes something of within a cell."""


def _address(url: str | None) -> str | None:
    """An address of the web as it may stand in a link of Markdown; None for anything else (javascript:, data:)."""
    if not url or urlsplit(url).scheme.lower() not in ("http", "https"):
        return None
    return quote(url, safe="/:?#@!$&'*+,;=%~-._").replace("'", "%27").replace("*", "%2A").replace("_", "%5F")
