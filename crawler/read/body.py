"""Which element of a page holds the text of its article."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from lxml import html

from crawler.read.dom import PageLine, class_and_id

__all__ = ["Container", "Weights", "find_container", "weigh"]

_SENTENCE = re.compile(r"[。!?;,、!?,;]|[.](?=\s|$)")
_LEGAL = re.compile(
    r"版权所有|版权归|免责声明|未经.{0,12}(?:授权|许可|同意)|转载.{0,8}注明|仅供.{0,6}参考|风险自(?:担|负)|举报(?:电话|邮箱)|ICP[备证]|Copyright|网安备",
    re.IGNORECASE,
)
"""What footers and disclaimers say: such a line speaks for no body."""
_AGAINST = re.compile(
    r"comment|footer|foot\b|copyright|sidebar|aside|nav|menu|related|recommend|share|hot|rank|advert|breadcrumb|toolbar|login|"
    r"pinglun|tuijian|xiangguan|friend|disclaimer|statement|subscribe|keyword|\btags?\b",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"article|content|body|text|main|detail|news|post|entry|zoom|zw\b|wenzhang|nr\b|editor", re.IGNORECASE
)
ENOUGH = 60
"""Characters outside links from which on a known container is believed without looking further."""


FEW = 20
"""Characters outside links from which on a page without running text is an article at all."""


@dataclass(frozen=True, slots=True)
class Container:
    """Where the text stands."""

    element: html.HtmlElement
    """The element."""
    found_by: str
    """selector, the name of a CMS family, density, library."""


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


def find_container(
    root: html.HtmlElement, weights: Weights, *, selected: Sequence[html.HtmlElement] = ()
) -> Container | None:
    """The element that holds the body: what a selector of the source found, else a known container of a CMS family, else
    the element under which running text is densest. None for a page without text."""
    for element in selected:
        if weights.outside_links(element) > 0:
            return Container(element, "selector")
    dense = _densest(weights)
    known = list(_known(root))
    for element, name in known:
        if weights.outside_links(element) >= ENOUGH and (dense is None or _is_body(element, dense, weights)):
            return Container(element, name)
    if dense is not None and not _is_short(dense, weights):
        return Container(dense, "density")
    short = next(((element, name) for element, name in known if weights.outside_links(element) > 0), None)
    if short is not None:
        return Container(*short)
    if dense is not None:
        return Container(dense, "density")
    body = root.find("body")
    return Container(body, "whole page") if body is not None and weights.outside_links(body) >= FEW else None


def _is_body(known: html.HtmlElement, dense: html.HtmlElement, weights: Weights) -> bool:
    """Is a known container better than the densest element? Not if it holds that and little running text beside it, nor if
    it is but a part of it."""
    if known is dense:
        return True
    if _holds(known, dense):
        return weights.running[dense] < 0.9 * weights.running[known]
    if _holds(dense, known):
        return weights.running[known] >= 0.6 * weights.running[dense]
    return weights.outside_links(known) * 2 >= weights.outside_links(dense)


def _holds(outer: html.HtmlElement, inner: html.HtmlElement) -> bool:
    return any(ancestor is outer for ancestor in inner.iterancestors())


def _is_short(element: html.HtmlElement, weights: Weights) -> bool:
    return weights.outside_links(element) < ENOUGH


def weigh(lines: Sequence[PageLine]) -> Weights:
    """Text and link characters of every element, and the score of those close above running text."""
    weights = Weights()
    chains: dict[html.HtmlElement, list[html.HtmlElement]] = {}
    for line in lines:
        length = len(line.text)
        score = _line_score(line)
        running = length if score > 1 else 0
        chain = _chain(line.owner, chains)
        for node in chain:
            weights.text[node] += length
        if line.links:
            for node in chain:
                weights.links[node] += line.links
        if running:
            for node in chain:
                weights.running[node] += running
        if score:
            first = 3 if line.owner.tag in {"td", "th"} else 0
            for node, share in zip(chain[first:], _SHARES, strict=False):
                weights.score[node] += score * share
    return weights


_SHARES = (1.0, 0.8, 0.4, 0.2)
"""How much of a line's score the elements above it get, from the innermost."""


def _chain(element: html.HtmlElement, chains: dict[html.HtmlElement, list[html.HtmlElement]]) -> list[html.HtmlElement]:
    """An element and all above it."""
    found = chains.get(element)
    if found is None:
        parent = element.getparent()
        found = [element] if parent is None else [element, *_chain(parent, chains)]
        chains[element] = found
    return found


def _line_score(line: PageLine) -> float:
    """Running text scores by length and punctuation, link text not at all."""
    length = len(line.text) - line.links
    if line.owner.tag in {"td", "th"} and 0 < length < 60 and not line.links:
        return 0.6
    if length < 12 or line.links * 2 > len(line.text):
        return 0.0
    if _LEGAL.search(line.text):
        return 0.0
    marks = len(_SENTENCE.findall(line.text))
    return (1 + marks) + min(length / 60, 6.0) if marks else 0.2


def _densest(weights: Weights) -> html.HtmlElement | None:
    """The best scored element. None where no line scores."""
    best, most = None, 0.0
    for element, score in weights.score.items():
        value = score * _likelihood(element) * (1 - weights.links[element] / max(1, weights.text[element]))
        if value > most:
            best, most = element, value
    while best is not None and best.tag in {"table", "thead", "tbody", "tr"}:
        best = best.getparent()
    return best


def _likelihood(element: html.HtmlElement) -> float:
    """How an element's tag and names speak for it."""
    factor = 0.6 if element.tag in {"html", "body"} else 0.5 if element.tag in {"p", "li", "span"} else 1.0
    names = class_and_id(element)
    if _FOR.search(names):
        return factor * 1.2
    return factor * 0.3 if _AGAINST.search(names) else factor


def _known(root: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, str]]:
    """Elements that a family names, in the order of the families, the innermost of one name last."""
    table = _families()
    found: list[tuple[int, int, html.HtmlElement, str]] = []
    for order, element in enumerate(
        root.iter("div", "article", "section", "td", "ucapcontent", "main", "table", "dd", "p")
    ):
        for key in _keys(element):
            if (rule := table.get(key)) is not None:
                found.append((rule[0], order, element, rule[1]))
                break
    for _, _, element, name in sorted(found, key=lambda item: item[:2]):
        yield element, name


def _keys(element: html.HtmlElement) -> list[str]:
    """What an element may be known by."""
    keys = []
    if identity := (element.get("id") or "")[:100].strip().lower():
        keys += ["#" + identity, "^" + identity.rstrip("0123456789_")]
    if names := element.get("class"):
        keys += ["." + name for name in names[:300].lower().split()]
    if prop := element.get("itemprop"):
        keys.append("@" + prop.lower())
    return keys if element.tag != "ucapcontent" else [*keys, "ucapcontent"]


@cache
def _families() -> Mapping[str, tuple[int, str]]:
    """Key of a container → order and name of its family."""
    text = files("crawler.read").joinpath("families.toml").read_text(encoding="utf-8")
    table: dict[str, tuple[int, str]] = {}
    for order, family in enumerate(tomllib.loads(text)["family"]):
        for field_name, mark in (("id", "#"), ("class", "."), ("prefix", "^"), ("itemprop", "@"), ("tag", "")):
            for name in family.get(field_name, ()):
                table.setdefault(mark + name.lower(), (order, family["name"]))
    return table
