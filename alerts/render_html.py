"""A message as a whole HTML document for mail: inline styles, no script, nothing loaded, narrow and dark screens allowed for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from alerts.harmless import html_words, safe_link
from alerts.outline import Block, Line, Outline, Section, Source
from alerts.phrases import folded_words, left_words, official_words, quoted, sources_label, table_title, unknown_words

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
_GREY = Markup("color:#767676;font-size:14px")
"""Grey that has a contrast of 4.5 on white and on black: a mail program chooses the ground."""
_LINE = Markup("border-top:1px solid #7676764d")
_NONE = Markup("")
_LINK = Markup("color:#3178c6")
_WARNING = Markup("color:#c2410c;font-size:14px")


def html_document(told: Outline) -> str:
    """The whole message, its title included."""
    page = safe_link(told.page)
    end = Markup("")
    if told.left or page:
        words = left_words(told.left, None, told.language).rstrip("。.")
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
    tables = Markup("").join(_table(table, told) for table in section.tables)
    blocks = Markup("").join(_block(block, told) for block in section.blocks)
    sources = escape("；" if told.language == "zh" else "; ").join(_source(source, told) for source in section.sources)
    if sources:
        sources = Markup('<p style="{};margin:8px 0 0">{}{}</p>\n').format(_GREY, sources_label(told.language), sources)
    return title + tables + blocks + sources


def _block(block: Block, told: Outline) -> Markup:
    name = (
        Markup('<h3 style="font-size:14px;margin:12px 0 2px">{}</h3>\n').format(block.name)
        if block.name
        else Markup("")
    )
    items = Markup("").join(_line(line) for line in block.lines)
    if block.folded:
        words = _linked(folded_words(block.folded, told.language), safe_link(block.url))
        items += Markup('<li style="list-style:none">{}</li>\n').format(words)
    return name + Markup('<ul style="margin:0;padding-left:20px">\n{}</ul>\n').format(items)


def _line(line: Line) -> Markup:
    who = html_words(line.who, 1000)
    if line.is_own:
        who = Markup("<b>{}</b>").format(who)
    style = _WARNING if line.is_doubtful else _GREY
    notes = Markup("").join(
        Markup(' <span style="{}">{}</span>').format(style, html_words(note)) for note in line.notes
    )
    quote = Markup("")
    if line.quote:
        words = _linked(quoted(line.quote), safe_link(line.source.url if line.source else None))
        quote = Markup('<br><span style="{}">{}</span>').format(_GREY, words)
    return Markup('<li style="margin:2px 0">{} <b>{}</b>{}{}</li>\n').format(
        who, html_words(line.outcome), notes, quote
    )


def _source(source: Source, told: Outline) -> Markup:
    return _linked(source.words, safe_link(source.url)) + (official_words(told.language) if source.official else "")


def _table(table: Mapping[str, Any], told: Outline) -> Markup:
    rows = Markup("").join(
        Markup("<tr>{}{}{}</tr>\n").format(
            _cell(row["entity"].replace("/", " "), is_bold=row["whose"] == "own"),
            _cell(row["outcome"], is_bold=row["whose"] == "own"),
            _cell(row["past"] or "", style=_GREY),
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
