"""A message as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from alerts.harmless import plain_words, safe_link
from alerts.outline import Block, Line, Outline, Section, Source
from alerts.phrases import (
    folded_words,
    left_words,
    mark_of,
    official_words,
    others_label,
    quoted,
    sources_label,
    table_title,
    unknown_words,
    with_notes,
)

__all__ = ["text_of"]


def text_of(told: Outline) -> str:
    """The message as plain text."""
    lines = [plain_words(words) for words in (told.title, told.summary) if words]
    for section in told.sections:
        lines += ["", *_section_lines(section, told)]
    if told.left or told.page:
        words, page = left_words(told.left, told.about, told.language), safe_link(told.page)
        lines += ["", f"{words}{'：' if told.language == 'zh' else ': '}{page}" if page else words]
    return "\n".join(lines)


def _section_lines(section: Section, told: Outline) -> Iterator[str]:
    if section.title:
        yield f"■ {plain_words(section.title)}"
    for table in section.tables:
        yield from _table_lines(table, told)
    sources = section.sources
    for block in section.blocks:
        yield from _block_lines(block, sources, told)
    for number, source in enumerate(sources, 1):
        label = sources_label(told.language) if len(sources) == 1 else f"{mark_of(number)} "
        yield f"  {label}{_source_words(source, told)}"


def _source_words(source: Source, told: Outline) -> str:
    words = plain_words(source.words) + (official_words(told.language) if source.official else "")
    return " ".join(filter(None, (words, safe_link(source.url))))


def _block_lines(block: Block, sources: tuple[Source, ...], told: Outline) -> Iterator[str]:
    if block.name:
        yield f"【{block.name}】" if told.language == "zh" else f"[{block.name}]"
    for line in block.lines:
        yield from _line_lines(line, sources, told)
    if block.folded:
        yield f"  {folded_words(block.folded, told.language)} {safe_link(block.url) or ''}".rstrip()


def _line_lines(line: Line, sources: tuple[Source, ...], told: Outline) -> Iterator[str]:
    others = [f"{plain_words(outcome)} {mark_of(sources.index(source) + 1)}" for outcome, source in line.others]
    notes = [line.past, line.note, others_label(told.language) + ", ".join(others) if others else ""]
    outcome = with_notes(plain_words(line.outcome), [plain_words(note) for note in notes if note], told.language)
    if not line.who:
        yield outcome
        return
    between = "　" if told.language == "zh" else ": "
    mark = f" {mark_of(sources.index(line.source) + 1)}" if line.source and len(sources) > 1 else ""
    yield f"{'★' if line.is_own else '·'} {plain_words(line.who, 1000)}{between}{outcome}{mark}"
    if line.quote:
        yield f"  {quoted(plain_words(line.quote, 100))}"


def _table_lines(table: Mapping[str, Any], told: Outline) -> Iterator[str]:
    yield table_title(table["scope"], told.language)
    for row in table["rows"]:
        notes = [note for note in (row["past"], row["note"]) if note]
        words = with_notes(plain_words(row["outcome"]), notes, told.language)
        yield f"  {'★' if row['whose'] == 'own' else '·'} {plain_words(row['entity']).replace('/', ' ')}　{words}"
    if table["unknown"]:
        yield f"  {unknown_words(table['unknown'], told.language)}"
