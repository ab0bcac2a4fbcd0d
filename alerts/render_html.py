"""A message as a whole HTML document for mail: inline styles, no script, nothing loaded, narrow and dark screens allowed for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from alerts.harmless import html_words, safe_link
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
)

__all__ = ["html_document"]

_DOCUMENT = Markup(
    '<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
    "<title>{title}</title></head>\n"
    "<body style=\"margin:0;padding:16px;font:16px/1.5 system-ui,-apple-system,'PingFang SC','Microsoft YaHei',sans-serif;"
    'word-wrap:break-word;overflow-wrap:anywhere"><div style="max-width:640px;margin:0 auto">\n'
    '<h1 style="font-size:20px;line-height:1.35;margin:0 0 4px">{title}</h1>\n'
    '<p style="{grey};margin:0 0 16px">{summary}</p>\n{sections}{end}</div></body></html>\n'
)
_GREY = Markup("opacity:.7;font-size:14px")
"""Paler than the text, whatever its colour: a mail program chooses light or dark."""
_LINE = Markup("border-top:1px solid #7676764d")
_SMALL = Markup("font-size:14px")
_NONE = Markup("")
_LINK = Markup("color:#3178c6")
_WARNING = Markup("color:#c2410c;font-size:14px")


def html_document(told: Outline) -> str:
    """The whole message, its title included."""
    page = safe_link(told.page)
    end = Markup("")
    if told.left or page:
        words = left_words(told.left, told.about, told.language)
        end = Markup('<p style="{};padding-top:12px;margin:16px 0 0">{}</p>').format(_LINE, _linked(words, page))
    return str(
        _DOCUMENT.format(
            language="zh-CN" if told.language == "zh" else "en",
            title=html_words(told.title),
            summary=html_words(told.summary),
            grey=_GREY,
            sections=Markup("").join(_section(section, told) for section in told.sections),
            end=end,
        )
    )


def _linked(words: str, link: str | None) -> Markup:
    if link is None:
        return html_words(words)
    return Markup('<a href="{}" style="{}">{}</a>').format(link, _LINK, html_words(words))


def _section(section: Section, told: Outline) -> Markup:
    title = Markup("")
    if section.title:
        title = Markup('<h2 style="font-size:17px;{};padding-top:12px;margin:20px 0 4px">{}</h2>\n').format(
            _LINE, _linked(section.title, safe_link(section.url))
        )
    sources = section.sources
    tables = Markup("").join(_table(table, told) for table in section.tables)
    blocks = Markup("").join(_block(block, sources, told) for block in section.blocks)
    return title + tables + blocks + _sources(sources, told)


def _sources(sources: Sequence[Source], told: Outline) -> Markup:
    if not sources:
        return Markup("")
    marks = [f"{mark_of(number)} " if len(sources) > 1 else "" for number in range(1, len(sources) + 1)]
    listed = [
        escape(mark)
        + _linked(source.words, safe_link(source.url))
        + (official_words(told.language) if source.official else "")
        for mark, source in zip(marks, sources, strict=True)
    ]
    return Markup('<p style="{};margin:8px 0 0">{}{}</p>\n').format(
        _SMALL, sources_label(told.language), Markup("<br>").join(["", *listed] if len(listed) > 1 else listed)
    )


def _block(block: Block, sources: Sequence[Source], told: Outline) -> Markup:
    name = (
        Markup('<h3 style="font-size:14px;margin:12px 0 2px">{}</h3>\n').format(block.name)
        if block.name
        else Markup("")
    )
    items = Markup("").join(_line(line, sources, told) for line in block.lines)
    if block.folded:
        words = _linked(folded_words(block.folded, told.language), safe_link(block.url))
        items += Markup('<li style="list-style:none">{}</li>\n').format(words)
    return name + Markup('<ul style="margin:0;padding-left:20px">\n{}</ul>\n').format(items)


def _line(line: Line, sources: Sequence[Source], told: Outline) -> Markup:
    who, outcome = html_words(line.who, 1000), html_words(line.outcome)
    if line.is_own:
        who = Markup("<b>{}</b>").format(who)
    outcome = Markup("<s>{}</s>" if line.is_withdrawn else "<b>{}</b>" if line.who else "{}").format(outcome)  # noqa: S704 - constants
    notes = Markup("")
    if line.past:
        notes += Markup(' <span style="{}">{}</span>').format(_GREY, html_words(line.past))
    if line.note:
        style = _WARNING if line.is_doubtful or line.is_withdrawn else _GREY
        others = [html_words(words) + " " + _mark(source, sources) for words, source in line.others]
        label = ("；" if told.language == "zh" else "; ") + others_label(told.language) if others else ""
        notes += Markup(' <span style="{}">{}{}{}</span>').format(
            style, html_words(line.note), label, Markup(", ").join(others)
        )
    mark = " " + _mark(line.source, sources) if line.source and len(sources) > 1 else ""
    if not line.quote:
        return Markup('<li style="margin:2px 0">{} {}{}{}</li>\n').format(who, outcome, notes, mark)
    quote = html_words(quoted(line.quote))
    return Markup('<li style="margin:2px 0">{} {}{}<br><span style="{}">{}</span>{}</li>\n').format(
        who, outcome, notes, _GREY, quote, mark
    )


def _mark(source: Source, sources: Sequence[Source]) -> Markup:
    """The number of a source, which leads to it."""
    return _linked(mark_of(sources.index(source) + 1), safe_link(source.url))


def _table(table: Mapping[str, Any], told: Outline) -> Markup:
    rows = Markup("").join(
        Markup("<tr>{}{}{}</tr>\n").format(
            _cell(row["entity"].replace("/", " "), is_bold=row["whose"] == "own"),
            _cell(row["outcome"], is_bold=row["whose"] == "own"),
            _cell(" · ".join(note for note in (row["past"], row["note"]) if note), style=_GREY),
        )
        for row in table["rows"]
    )
    unknown = Markup("")
    if table["unknown"]:
        words = html_words(unknown_words(table["unknown"], told.language))
        unknown = Markup('<p style="{};margin:2px 0 0">{}</p>\n').format(_GREY, words)
    return Markup(
        '<h3 style="font-size:14px;margin:12px 0 2px">{}</h3>\n<table style="border-collapse:collapse">\n{}</table>\n{}'
    ).format(html_words(table_title(table["scope"], told.language)), rows, unknown)


def _cell(words: str, *, is_bold: bool = False, style: str = _NONE) -> Markup:
    said = html_words(words)
    inner = Markup("<b>{}</b>").format(said) if is_bold else said
    return Markup('<td style="padding:2px 16px 2px 0;{}">{}</td>').format(style, inner)
