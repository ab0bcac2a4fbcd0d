"""A message as Markdown that chats of all dialects show alike: bold, lists and links, no headings, tables or backslashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from alerts.harmless import markdown_words, safe_link
from alerts.outline import Line, Outline, Section, Source
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

__all__ = ["markdown_of"]


def markdown_of(told: Outline) -> str:
    """The message as Markdown."""
    parts = [f"**{markdown_words(told.title)}**", *([markdown_words(told.summary)] if told.summary else [])]
    for section in told.sections:
        parts += _section_parts(section, told)
    if told.left or told.page:
        page = safe_link(told.page)
        words = left_words(told.left, told.about, told.language)
        parts.append(f"[{words}]({page})" if page else words)
    # an empty line between all of them: 钉钉 ignores a single line feed
    return "\n\n".join(parts)


def _section_parts(section: Section, told: Outline) -> Iterator[str]:
    page = safe_link(section.url)
    if section.title:
        title = markdown_words(section.title)
        yield f"**{title}**" + (f" [↗]({page})" if page else "")
    for table in section.tables:
        yield "\n".join([f"**{markdown_words(table_title(table['scope'], told.language))}**", "", *_rows(table, told)])
    sources = section.sources
    for block in section.blocks:
        lines = [_line(line, sources, told) for line in block.lines]
        if block.folded:
            words, link = folded_words(block.folded, told.language), safe_link(block.url)
            lines.append(f"- [{words}]({link})" if link else f"- {words}")
        yield "\n".join([*([f"**{block.name}**", ""] if block.name else []), *lines])
    if sources:
        marks = [mark_of(number) + " " if len(sources) > 1 else "" for number in range(1, len(sources) + 1)]
        told_by = [mark + _source(source, told) for mark, source in zip(marks, sources, strict=True)]
        yield sources_label(told.language) + ("；" if told.language == "zh" else "; ").join(told_by)


def _line(line: Line, sources: tuple[Source, ...], told: Outline) -> str:
    others = [f"{markdown_words(outcome)} {mark_of(sources.index(source) + 1)}" for outcome, source in line.others]
    notes = [line.past, line.note, others_label(told.language) + ", ".join(others) if others else ""]
    outcome = f"**{markdown_words(line.outcome)}**" if line.who else markdown_words(line.outcome)
    words = with_notes(outcome, [markdown_words(note) for note in notes if note], told.language)
    who = f"{'★ ' if line.is_own else ''}{markdown_words(line.who, 1000)} " if line.who else ""
    quote = f" {quoted(markdown_words(line.quote, 100))}" if line.quote else ""
    mark = f" {mark_of(sources.index(line.source) + 1)}" if line.source and len(sources) > 1 else ""
    return f"- {who}{words}{quote}{mark}"


def _source(source: Source, told: Outline) -> str:
    words, link = markdown_words(source.words), safe_link(source.url)
    return (f"[{words}]({link})" if link else words) + (official_words(told.language) if source.official else "")


def _rows(table: Mapping[str, Any], told: Outline) -> Iterator[str]:
    for row in table["rows"]:
        notes = [note for note in (row["past"], row["note"]) if note]
        words = with_notes(markdown_words(row["outcome"]), notes, told.language)
        name = markdown_words(row["entity"].replace("/", " "))
        yield f"- ★ **{name}** {words}" if row["whose"] == "own" else f"- {name} {words}"
    if table["unknown"]:
        yield f"- {markdown_words(unknown_words(table['unknown'], told.language))}"
