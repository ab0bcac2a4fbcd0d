"""Which element of a page holds the text of its article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from lxml import html

from crawler.config import families
from crawler.read.dom import class_and_id
from crawler.read.weights import Weights

__all__ = ["Container", "find_container", "stands_beside"]

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


_NEARLY_ALL = 0.85
_LINKED = 0.15
FEW = 20
"""Characters outside links from which on a page without running text is an article at all."""


@dataclass(frozen=True, slots=True)
class Container:
    """Where the text stands."""

    element: html.HtmlElement
    """The element."""
    found_by: str
    """selector, the name of a CMS family, density, library."""
    without: html.HtmlElement | None = None
    """A part of it that is another text, such as a comment. None: it holds nothing else."""


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
            return Container(*_innermost((element, name), known, weights))
    if dense is not None and not _is_short(dense, weights):
        return Container(dense, "density")
    short = next(((element, name) for element, name in known if weights.outside_links(element) > 0), None)
    if short is not None:
        return Container(*short)
    if dense is not None:
        return Container(dense, "density")
    body = root.find("body")
    return Container(body, "whole page") if body is not None and weights.outside_links(body) >= FEW else None


def _innermost(
    found: tuple[html.HtmlElement, str], known: Sequence[tuple[html.HtmlElement, str]], weights: Weights
) -> tuple[html.HtmlElement, str]:
    """Of known containers within each other the innermost that still has nearly all of the running text."""
    element, _ = best = found
    for other, name in known:
        if _holds(best[0], other) and weights.running[other] >= _NEARLY_ALL * weights.running[element]:
            best = (other, name)
    return best


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


def stands_beside(element: html.HtmlElement, weights: Weights) -> bool:
    """Does an element look like a column beside an article: by the names around it, or by its links?"""
    if weights.links[element] > _LINKED * weights.text[element]:
        return True
    return any(_AGAINST.search(class_and_id(node)) for node in (element, *element.iterancestors()))


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
    return factor * _weight_of_names(class_and_id(element))


@lru_cache(maxsize=4096)
def _weight_of_names(names: str) -> float:
    if _FOR.search(names):
        return 1.2
    return 0.3 if _AGAINST.search(names) else 1.0


def _known(root: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, str]]:
    """Elements that a family names, in the order of the families, the innermost of one name last."""
    table = _families()
    found: list[tuple[int, int, html.HtmlElement, str]] = []
    for order, element in enumerate(
        root.iter("div", "article", "section", "td", "ucapcontent", "main", "table", "dd", "p")
    ):
        identity, names, prop = element.get("id"), element.get("class"), element.get("itemprop")
        if identity or names or prop or element.tag == "ucapcontent":
            for key in _keys(element.tag, identity, names, prop):
                if (rule := table.get(key)) is not None:
                    found.append((rule[0], order, element, rule[1]))
                    break
    for _, _, element, name in sorted(found, key=lambda item: item[:2]):
        yield element, name


@lru_cache(maxsize=4096)
def _keys(tag: str, identity: str | None, names: str | None, prop: str | None) -> tuple[str, ...]:
    """What an element may be known by."""
    keys = []
    if known := (identity or "")[:100].strip().lower():
        keys += ["#" + known, "^" + known.rstrip("0123456789_")]
    if names:
        keys += ["." + name for name in names[:300].lower().split()]
    if prop:
        keys.append("@" + prop.lower())
    return (*keys, "ucapcontent") if tag == "ucapcontent" else tuple(keys)


@cache
def _families() -> Mapping[str, tuple[int, str]]:
    """Key of a container → order and name of its family."""
    table: dict[str, tuple[int, str]] = {}
    for order, family in enumerate(families().values()):
        held = family.containers
        for names, mark in (
            (held.ids, "#"), (held.classes, "."), (held.id_prefixes, "^"), (held.itemprops, "@"), (held.tags, ""),
        ):  # fmt: skip
            for name in names:
                table.setdefault(mark + name.lower(), (order, family.name))
    return table
