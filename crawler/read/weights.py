"""What the lines of a page amount to: text, links and running text below every element, and a score for density."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import html

from crawler.read.dom import PageLine

__all__ = ["Weights", "is_running", "weigh"]

_SENTENCE = re.compile(r"[。!?;,、!?,;]|[.](?=\s|$)")
_LEGAL = re.compile(
    r"版权所有|版权归|免责声明|未经.{0,12}(?:授权|许可|同意)|转载.{0,8}注明|仅供.{0,6}参考|风险自(?:担|负)|举报(?:电话|邮箱)|ICP[备证]|icp[备证]"
    r"|Copyright|COPYRIGHT|copyright|CopyRight|Powered [Bb]y|powered by|©|网安备"
)
"""What footers and disclaimers say: such a line speaks for no body. Without IGNORECASE, which would make it ten times as slow."""
_CELL = 60
"""Characters from which on a line in a cell is running text in a layout table, not data."""
_FULL_STOPS = ("。", "！", "？", "；", "”", "：")
_SHARES = (1.0, 0.8, 0.4, 0.2)
"""How much of a line's score the elements above it get, from the innermost."""


@dataclass(slots=True)
class Weights:
    """What the lines below each element amount to."""

    text: dict[html.HtmlElement, int] = field(default_factory=lambda: defaultdict(int))
    links: dict[html.HtmlElement, int] = field(default_factory=lambda: defaultdict(int))
    running: dict[html.HtmlElement, int] = field(default_factory=lambda: defaultdict(int))
    score: dict[html.HtmlElement, float] = field(default_factory=lambda: defaultdict(float))

    def outside_links(self, element: html.HtmlElement) -> int:
        """Characters below an element that stand in no link."""
        return self.text[element] - self.links[element]


def weigh(lines: Sequence[PageLine]) -> Weights:
    """Text and link characters of every element, and the score of those close above running text."""
    weights = Weights()
    parents: dict[html.HtmlElement, html.HtmlElement | None] = {}
    scored: list[tuple[PageLine, float]] = []
    for line in lines:
        owner, score = line.owner, _line_score(line)
        _add_path(owner, parents)
        weights.text[owner] += len(line.text)
        weights.links[owner] += line.links
        if score:
            scored.append((line, score))
            weights.running[owner] += len(line.text) if score > 1 else 0
    _sum_up(weights, parents)
    for line, score in scored:
        _share(weights, parents, line, score)
    return weights


def _add_path(element: html.HtmlElement, parents: dict[html.HtmlElement, html.HtmlElement | None]) -> None:
    """Note the parents of an element and of all above it, the outermost first."""
    path: list[html.HtmlElement] = []
    node: html.HtmlElement | None = element
    while node is not None and node not in parents:
        path.append(node)
        node = node.getparent()
    for inner in reversed(path):
        parents[inner] = node
        node = inner


def _sum_up(weights: Weights, parents: dict[html.HtmlElement, html.HtmlElement | None]) -> None:
    """Add what stands in each element to what is around it: the order of `parents` backwards is innermost first."""
    for node, parent in reversed(parents.items()):
        if parent is not None:
            weights.text[parent] += weights.text[node]
            weights.links[parent] += weights.links[node]
            weights.running[parent] += weights.running[node]


def _share(
    weights: Weights, parents: dict[html.HtmlElement, html.HtmlElement | None], line: PageLine, score: float
) -> None:
    """Give a line's score to the elements above it, less with every level. What wraps one element and nothing else is no
    level: editors put every paragraph into three sections of its own. A cell speaks for what is around its table."""
    node: html.HtmlElement | None = line.owner
    level, size = 0, weights.text[line.owner]
    for _ in range(3 if _is_cell(line) else 0):
        node = parents[node] if node is not None else None
    while node is not None:
        if weights.text[node] > size:
            level, size = level + 1, weights.text[node]
        if level >= len(_SHARES):
            return
        weights.score[node] += score * _SHARES[level]
        node = parents[node]


def is_running(line: PageLine) -> bool:
    """Is a line running text, not a label, a menu or a legal notice?"""
    return _line_score(line) > 1


def _is_cell(line: PageLine) -> bool:
    """Does a line stand in a cell of data, so that it speaks for what is around the table? Sentences are no data."""
    return line.owner.tag in {"td", "th"} and len(line.text) < _CELL and not line.text.endswith(_FULL_STOPS)


def _line_score(line: PageLine) -> float:
    """Running text scores by length and punctuation, link text not at all."""
    length = len(line.text) - line.links
    if length and not line.links and _is_cell(line):
        return 0.6
    if length < 12 or line.links * 2 > len(line.text):
        return 0.0
    text = line.text
    if _LEGAL.search(text):
        return 0.0
    marks = len(_SENTENCE.findall(text))
    return (1 + marks) + min(length / 60, 6.0) if marks else 0.2
