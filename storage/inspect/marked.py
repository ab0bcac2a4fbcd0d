"""The text of an article cut into pieces: what stands in which paragraph or cell, and which mentions it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Block", "Piece", "blocks"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text within which the same mentions hold."""

    text: str
    """Its words, as printed."""
    mentions: tuple[int, ...]
    """Numbers of the mentions that it belongs to."""
    begins: tuple[int, ...]
    """Those of them that begin here."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table."""

    kind: str
    """text, heading, item, lead, caption, table; beside: words outside the body that a mention rests on."""
    rows: tuple[tuple[tuple[Piece, ...], ...], ...]
    """Rows of cells of pieces; a paragraph is one row of one cell."""


Span = tuple[int, int, int]
"""Start, end and number of a mention."""


def blocks(text: str, parts: Sequence[tuple[str, int, int]], spans: Sequence[Span]) -> list[Block]:
    """The body (kind, start, end of each part, in order) with its mentions. Spans that lie outside it get blocks of their own,
    so that every mention can be shown.

    >>> found = blocks("武汉第三。", [("text", 0, 5)], [(0, 4, 7)])
    >>> [(piece.text, piece.mentions) for piece in found[0].rows[0][0]]
    [('武汉第三', (7,)), ('。', ())]
    """
    begun: set[int] = set()
    return [_block(text, kind, start, end, spans, begun) for kind, start, end in _with_strays(text, parts, spans)]


def _with_strays(text: str, parts: Sequence[tuple[str, int, int]], spans: Sequence[Span]) -> list[tuple[str, int, int]]:
    """The parts, and the lines that hold a mention no part touches."""
    strays = set()
    for start, end, _ in spans:
        if not any(first < end and start < last for _, first, last in parts):
            first = text.rfind("\n", 0, start) + 1
            last = text.find("\n", end)
            strays.add(("beside", first, len(text) if last < 0 else last))
    return sorted([*parts, *strays], key=lambda part: part[1:])


def _block(text: str, kind: str, start: int, end: int, spans: Sequence[Span], begun: set[int]) -> Block:
    inside = _touching(spans, start, end)
    if kind != "table":
        return Block(kind, ((tuple(_pieces(text, start, end, inside, begun)),),))
    rows = []
    for first, last in _split(text, start, end, "\n"):
        of_row = _touching(inside, first, last)
        rows.append(tuple(tuple(_pieces(text, *cell, of_row, begun)) for cell in _split(text, first, last, "\t")))
    return Block(kind, tuple(rows))


def _touching(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    return [span for span in spans if span[0] < end and start < span[1]]


def _split(text: str, start: int, end: int, mark: str) -> Iterator[tuple[int, int]]:
    while (found := text.find(mark, start, end)) >= 0:
        yield start, found
        start = found + 1
    yield start, end


def _pieces(text: str, start: int, end: int, spans: Iterable[Span], begun: set[int]) -> Iterator[Piece]:
    inside = _touching(spans, start, end)
    cuts = sorted({start, end, *(c for a, b, _ in inside for c in (a, b) if start < c < end)})
    for first, last in pairwise(cuts):
        held = tuple(number for a, b, number in inside if a <= first and last <= b)
        begins = tuple(number for number in held if number not in begun)
        begun.update(begins)
        yield Piece(text[first:last], held, begins)
