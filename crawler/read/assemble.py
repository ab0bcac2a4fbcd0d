"""Blocks → the text of an article, with the places of its paragraphs, tables and images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal
from urllib.parse import urljoin

from crawler.items import Article, Cell, Image, Paragraph, Table
from crawler.read.blocks import Block
from crawler.read.script import normalise
from crawler.read.titles import kind_of_paragraph

__all__ = ["article_from_blocks"]


def article_from_blocks(blocks: Sequence[Block], *, base: str | None) -> Article:
    """The article made of these blocks: paragraphs and tables joined by line feeds; no field but text, spans and images."""
    parts: list[str] = []
    paragraphs: list[Paragraph] = []
    tables: list[Table] = []
    images: list[Image] = []
    at = 0
    for number, block in enumerate(blocks):
        if block.kind == "image":
            images.append(Image(_absolute(block.url, base), at, block.text or None))
            continue
        if block.kind == "table":
            table, text = _table(block, at)
            above = blocks[number - 1] if number else None
            tables.append(replace(table, caption=block.caption or _name_above(above)))
        else:
            text = block.text
            paragraphs.append(Paragraph(at, at + len(text), _kind(block)))
        parts.append(text)
        at += len(text) + 1
    text = "\n".join(parts)
    plain, offsets = normalise(text)
    images = [replace(image, start=min(image.start, len(text))) for image in images]
    return Article(text, plain, offsets, tuple(paragraphs), tuple(tables), tuple(images), url=base)


def _kind(block: Block) -> Literal["text", "heading", "item", "lead", "caption"]:
    if block.kind in {"heading", "item", "lead", "caption"}:
        return block.kind
    return kind_of_paragraph(normalise(block.text)[0])


def _absolute(url: str, base: str | None) -> str:
    try:
        return urljoin(base or "", url)
    except ValueError:
        return url


def _name_above(block: Block | None) -> str | None:
    """The line directly above a table that names it: short, no sentence."""
    if (
        block is None
        or block.kind in {"table", "image"}
        or len(block.text) > 60
        or block.text.endswith(("。", "；", "!", "！"))
    ):
        return None
    return block.text


def _table(block: Block, at: int) -> tuple[Table, str]:
    """The table with its cells placed, and its text. A spanned cell is printed where it stands and only placed where it
    spans to."""
    printed: list[str] = []
    placed: dict[tuple[int, int], Cell] = {}
    rows: list[tuple[Cell, ...]] = []
    here = at
    for number, row in enumerate(block.rows):
        cells, texts = [], []
        for column, raw in enumerate(row):
            cell = placed.get(raw.repeats) if raw.repeats else None
            if cell is None:
                cell = Cell(raw.text, here, here + len(raw.text), raw.header)
                texts.append(raw.text)
                here += len(raw.text) + 1
            placed[number, column] = cell
            cells.append(cell)
        if not texts:
            texts, here = [""], here + 1
        printed.append("\t".join(texts))
        rows.append(tuple(cells))
    text = "\n".join(printed)
    return Table(at, at + len(text), tuple(rows)), text
