"""Which part of a page is its article: the known or densest container, checked against where the headline stands, with a
second look at pages whose text is short or stands in a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import html

from crawler.read.body import Container, find_container, stands_beside
from crawler.read.byline import parse_byline
from crawler.read.dom import PageLine, page_lines
from crawler.read.headline import Headline, HeadlineFinder
from crawler.read.metadata import PageMeta
from crawler.read.script import normalise
from crawler.read.scripted import ScriptedHead, scripted_text
from crawler.read.second import second_opinion, shared_ancestor
from crawler.read.titles import letters
from crawler.read.weights import Weights, is_running, weigh

__all__ = ["Located", "locate"]

DOUBTFUL = 100
"""Characters outside links under which a second opinion is asked for."""
FAR, CLOSE = 40, 20
"""Lines below the headline from which on, and up to which, a text stands far or close."""
HEAD = 600
"""Lines of a page in which its headline is looked for."""
LITTLE = 150
"""Characters of running text under which the place of the headline is looked at."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where the article of a page stands."""

    lines: Sequence[PageLine]
    """All lines of the page."""
    weights: Weights
    """What they amount to."""
    container: Container
    """The element that holds the text."""
    body: int
    """Index of the first line of the container."""
    end: int
    """Index behind its last line."""
    headline: Headline | None
    """The visible title; None where no line is likely enough."""
    passed_over: tuple[Container, ...] = ()
    """Other elements that were taken for the text at first."""
    scripted: ScriptedHead = ScriptedHead()  # noqa: RUF009  # it is frozen
    """What the script says of its fields in which the text stood."""
    kept: Sequence[html.HtmlElement] = ()
    """All elements: lxml makes an element's object anew whenever nobody holds it, and reading is 9 % faster if one does."""


def locate(
    root: html.HtmlElement, text: str, meta: PageMeta, *, selected: Sequence[html.HtmlElement] = ()
) -> Located | None:
    """The place of the article; None for a page without text. A text that only a script holds is hung into the tree."""
    kept = list(root.iter())
    lines = page_lines(root)
    weights = weigh(lines)
    finder = HeadlineFinder(lines, meta)
    head = ScriptedHead()
    first = container = find_container(root, weights, selected=selected)
    if container is not None and container.found_by in {"density", "whole page"}:
        container = _by_headline(root, lines, weights, _sure_headline(finder, meta, lines, container), container)
    if container is None or _is_doubtful(container, weights):
        if (found := scripted_text(root)) is not None:
            element, head = found
            lines = page_lines(root)
            weights, finder = weigh(lines), HeadlineFinder(lines, meta)
            container = Container(element, "script")
        elif container is not None:
            container = _better(container, second_opinion(text, lines), weights)
    if container is None:
        return None
    body, end = _extent(lines, container.element, without=container.without)
    passed_over = (first,) if first is not None and first.element is not container.element else ()
    headline = finder.best(body)
    if headline is None and container.element.tag == "body":
        headline = finder.best(HEAD)
    return Located(lines, weights, container, body, end, headline, passed_over, head, kept)


def _is_doubtful(container: Container, weights: Weights) -> bool:
    """Is the text suspiciously short, or mostly links?"""
    if container.found_by == "selector":
        return False
    size = weights.outside_links(container.element)
    return size < DOUBTFUL or weights.links[container.element] > size


def _better(found: Container, other: html.HtmlElement | None, weights: Weights) -> Container:
    """The second opinion where it holds twice as much running text, else the first."""
    if other is None or weights.running[other] < 2 * max(1, weights.running[found.element]):
        return found
    return Container(other, "readability-lxml")


def _extent(
    lines: Sequence[PageLine], container: html.HtmlElement, *, without: html.HtmlElement | None = None
) -> tuple[int, int]:
    """Indices of the first line of the container and of the one behind its last."""
    inside = {container, *container.iterdescendants()}
    if without is not None:
        inside -= {without, *without.iterdescendants()}
    numbers = [number for number, line in enumerate(lines) if line.owner in inside]
    if not numbers:
        return len(lines), len(lines)
    return numbers[0], numbers[-1] + 1


def _by_headline(
    root: html.HtmlElement,
    lines: Sequence[PageLine],
    weights: Weights,
    headline: Headline | None,
    found: Container,
) -> Container:
    """What density found, unless the headline stands behind it, or a short text stands between the headline and a column
    beside the article."""
    if headline is None:
        return found
    body, end = _extent(lines, found.element)
    below = headline.line + headline.lines
    if end <= headline.line:
        other = find_container(root, weigh(lines[below:]))
        return replace(other, found_by="density below the headline") if other is not None else found
    if (text := _text_below(lines[below:body], weights, found.element)) is not None:
        part = next((up for up in (found.element, *found.element.iterancestors()) if up.getparent() is text), None)
        return Container(text, "text below the headline", part)
    near = _between(lines[below:body], lines[headline.line].owner, found.element)
    doubted = weights.running[found.element] < LITTLE or stands_beside(found.element, weights)
    if near is None or not (doubted or _is_text(lines[below:body], weights, near, found.element)):
        return found
    return Container(near, "place below the headline")


def _text_below(lines: Sequence[PageLine], weights: Weights, found: html.HtmlElement) -> html.HtmlElement | None:
    """What holds a text that begins close below the headline, where what was found stands far below: a long comment may be
    denser than a short article."""
    if len(lines) < FAR:
        return None
    running = [line for line in lines[:CLOSE] if is_running(line) and not _is_byline(line)]
    size = sum(len(line.text) for line in running)
    if len(running) < 3 or size < LITTLE or size < 0.3 * weights.running[found]:
        return None
    return shared_ancestor([line.owner for line in running])


def _between(lines: Sequence[PageLine], title: html.HtmlElement, found: html.HtmlElement) -> html.HtmlElement | None:
    """What holds running text between the headline and what was found, and shares a smaller part of the page with the
    headline than that does."""
    for line in lines:
        near = _without(line.owner, (title, found)) if is_running(line) and not _is_byline(line) else None
        if near is not None and _is_closer(near, title, found):
            return near
    return None


def _is_text(lines: Sequence[PageLine], weights: Weights, near: html.HtmlElement, found: html.HtmlElement) -> bool:
    """Is what stands nearer to the headline a text of its own, not a summary? A comment may be longer than the article."""
    running = [line for line in lines if is_running(line) and (line.owner is near or _holds(near, line.owner))]
    size = weights.running[near]
    return len(running) >= 3 and size >= LITTLE and size >= 0.15 * weights.running[found]


def _holds(outer: html.HtmlElement, inner: html.HtmlElement) -> bool:
    return any(up is outer for up in inner.iterancestors())


def _sure_headline(
    finder: HeadlineFinder, meta: PageMeta, lines: Sequence[PageLine], found: Container
) -> Headline | None:
    """A line that the head of the page calls its title: above what was found, else anywhere near the top."""
    said = {letters(meta.title), letters(meta.document_title)}
    for last in (_extent(lines, found.element)[0], HEAD):
        headline = finder.best(last)
        plain = letters(headline.text) if headline else ""
        if len(plain) >= 6 and any(title.startswith(plain) for title in said):
            return headline
    return None


def _is_byline(line: PageLine) -> bool:
    return len(line.text) < 160 and not parse_byline(normalise(line.text)[0]).is_empty()


def _without(element: html.HtmlElement, others: Sequence[html.HtmlElement]) -> html.HtmlElement | None:
    """The outermost element around `element` that holds none of the others; None where itself does."""
    holding = {up for other in others for up in (other, *other.iterancestors())}
    best = None
    for up in (element, *element.iterancestors()):
        if up in holding:
            break
        best = up
    return best


def _is_closer(near: html.HtmlElement, title: html.HtmlElement, far: html.HtmlElement) -> bool:
    """Does `near` share a smaller part of the page with the title than `far` does?"""
    above = list(title.iterancestors())
    return _first_shared(above, near) < _first_shared(above, far)


def _first_shared(above: Sequence[html.HtmlElement], element: html.HtmlElement) -> int:
    around = set(element.iterancestors())
    return next((number for number, node in enumerate(above) if node in around), len(above))
