"""`evalwatch extract --explain` on a terminal: the text with its mentions marked, then why each fact is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from crawler.commands.screen import printable

if TYPE_CHECKING:
    from crawler.extract.explain import Explanation, Mark
    from crawler.items import Article, Extraction, Span

__all__ = ["explanation_lines"]

COLOURS = {
    "name": "green", "group": "cyan", "evaluation": "magenta", "rank": "yellow", "top": "yellow", "range": "yellow",
    "bottom": "red", "grades": "yellow", "awards": "yellow", "changes": "yellow", "negations": "red",
}  # fmt: skip
"""By kind of mention, as click names colours; without colours a mention stands in brackets with its kind."""


def explanation_lines(
    article: Article, extraction: Extraction, explanation: Explanation, *, colour: bool
) -> Iterator[str]:
    """Title, marked text, facts with rule and words, and what was seen and not made a fact."""
    yield printable(f"{extraction.kind}: {article.title or '(no title)'}")
    yield ""
    for span in _body(article):
        yield _marked(article.text, span, explanation.marks, colour=colour)
    yield from _section("Facts", [
        (f"{fact.fact}  ({fact.rule}; {fact.confidence:.2f})", fact.words) for fact in explanation.facts
    ])  # fmt: skip
    yield from _section("Seen and passed over", [(reason, words) for _, words, reason in explanation.passed_over])


def _body(article: Article) -> list[Span]:
    spans = [(paragraph.start, paragraph.end) for paragraph in article.paragraphs]
    spans += [(table.start, table.end) for table in article.tables]
    return sorted(spans) or [(0, len(article.text))]


def _marked(text: str, span: Span, marks: Sequence[Mark], *, colour: bool) -> str:
    """A stretch of text in which mentions are coloured or bracketed; of overlapping ones the first and longest."""
    start, end = span
    shown, at = [], start
    for mark in marks:
        first, last = mark.span
        if first < at or last > end:
            continue
        shown.append(printable(text[at:first]))
        words = printable(text[first:last])
        if colour:
            shown.append(click.style(words, fg=COLOURS.get(mark.kind), underline=mark.kind not in COLOURS))
        else:
            shown.append(f"[{words}|{mark.kind} {mark.value}]")
        at = last
    return "".join([*shown, printable(text[at:end])])


def _section(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield ""
    yield f"{title}: {len(rows) or 'none'}"
    for line, words in rows:
        yield printable(f"  {line}")
        yield printable(f"      “{words}”")
