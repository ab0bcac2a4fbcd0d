"""A message as Markdown that chats of all dialects show alike: bold, lists and links, no headings, tables or backslashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from alerts.harmless import markdown_words, safe_link
from alerts.outline import Block, Line, Outline, Section, Source
from alerts.phrases import folded_words, left_words, official_words, quoted, table_title, unknown_words, with_notes

__all__ = ["markdown_body"]


def markdown_body(told: Outline) -> str:
    """The message without its title, as Markdown."""
    parts = [markdown_words(told.summary)]
    for section in told.sections:
        parts += _section_parts(section, told)
    if told.left or told.page:
        page = safe_link(told.page)
        words = left_words(told.left, None, told.language).rstrip("。.")
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
    for block in section.blocks:
        lines = [_line(line, told) for line in block.lines]
        if block.folded:
            words, link = folded_words(block.folded, told.language), safe_link(block.url)
            lines.append(f"- [{words}]({link})" if link else f"- {words}")
        yield "\n".join([*([f"**{block.name}**", ""] if block.name else []), *lines])
    sources = [_source(source, told) for source in section.sources]
    if sources:
        label = "来源：" if told.language == "zh" else "Sources: "
        yield label + ("；" if told.language == "zh" else "; ").join(sources)


def _line(line: Line, told: Outline) -> str:
    notes = [markdown_words(note) for note in line.notes]
    outcome = with_notes(f"**{markdown_words(line.outcome)}**", notes, told.language)
    who = markdown_words(line.who, 1000)
    words = f"- {'★ ' if line.is_own else ''}{who} {outcome}"
    if not line.quote:
        return words
    quote, link = quoted(markdown_words(line.quote, 100)), safe_link(line.source.url if line.source else None)
    return f"{words} [{quote}]({link})" if link else f"{words} {quote}"


def _source(source: Source, told: Outline) -> str:
    words, link = markdown_words(source.words), safe_link(source.url)
    return (f"[{words}]({link})" if link else words) + (official_words(told.language) if source.official else "")


def _rows(table: Mapping[str, Any], told: Outline) -> Iterator[str]:
    for row in table["rows"]:
        words = with_notes(markdown_words(row["outcome"]), [row["past"]] if row["past"] else [], told.language)
        name = markdown_words(row["entity"].replace("/", " "))
        yield f"- ★ **{name}** {words}" if row["whose"] == "own" else f"- {name} {words}"
    if table["unknown"]:
        yield f"- {markdown_words(unknown_words(table['unknown'], told.language))}"
