"""One HTML page → Article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from lxml import html

from crawler.config import ArticleSelectors
from crawler.errors import DocumentError
from crawler.items import Article, Page
from crawler.read.assemble import article_from_blocks
from crawler.read.blocks import blocks_of
from crawler.read.body import Container, Weights, find_container, weigh
from crawler.read.byline import Byline, clean_name, own_name, parse_byline
from crawler.read.charset import Decoded, decode
from crawler.read.dateline import outlet_in_dateline
from crawler.read.dates import from_address, from_list
from crawler.read.dom import PageLine, page_lines, parse_html
from crawler.read.headline import Headline, byline_near, find_headline, title_of
from crawler.read.metadata import PageMeta, read_meta
from crawler.read.pages import next_page_url
from crawler.read.prune import Pruned, prune
from crawler.read.script import normalise
from crawler.read.second import second_opinion
from crawler.read.selectors import selected_elements, selected_text
from crawler.read.titles import clean_title

__all__ = ["article_from_html", "article_from_page"]


DOUBTFUL = 100
"""Characters outside links under which a second opinion is asked for."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What one pass over a page found, before the fields are put together."""

    root: html.HtmlElement
    lines: Sequence[PageLine]
    meta: PageMeta
    weights: Weights
    container: Container
    body: int
    end: int
    headline: Headline | None


def article_from_page(page: Page, *, selectors: ArticleSelectors | None = None, region: str | None = None) -> Article:
    """The article of one page, with the address of the next page if it goes on. Raises DocumentError for a page that is empty,
    binary, wrongly decoded or without text."""
    if not page.body.strip():
        raise DocumentError("is empty", where=page.url, hint="Fetch it again")
    decoded = decode(page.body, header=page.headers.get("content-type"), where=page.url)
    article = article_from_html(decoded, url=page.url, fetched=page.fetched, selectors=selectors)
    return replace(article, region=region, fetched=page.fetched)


def article_from_html(
    decoded: Decoded,
    *,
    url: str | None,
    fetched: datetime | None,
    selectors: ArticleSelectors | None = None,
    where: str | None = None,
) -> Article:
    """The article of a decoded page. Raises DocumentError for one without text."""
    selectors = selectors or ArticleSelectors()
    root = parse_html(decoded.text)
    read = _read(root, decoded.text, selectors, fetched) if root is not None else None
    if read is None or root is None:
        raise DocumentError("holds no text", where=where or url, hint="Its text may come by script, or be an image")
    blocks = blocks_of(read.container.element, lambda element: read.weights.text[element])
    title = selected_text(root, selectors.title) or title_of(read.headline, read.meta)
    title = clean_title(title) if title else None
    pruned = prune(blocks, title=title, fetched=fetched)
    if pruned.is_empty():
        raise DocumentError("holds no text", where=where or url, hint="Its text may come by script, or be an image")
    article = article_from_blocks(pruned.blocks, base=url)
    article = replace(
        article,
        title=title,
        charset=decoded.charset,
        next_url=next_page_url(root, url),
        notes=_notes(pruned, decoded, read),
    )
    return _with_fields(article, read, pruned, selectors, fetched)


def _read(root: html.HtmlElement, text: str, selectors: ArticleSelectors, fetched: datetime | None) -> _Read | None:
    lines = page_lines(root)
    weights = weigh(lines)
    container = find_container(root, weights, selected=selected_elements(root, selectors.body))
    if container is not None and _is_doubtful(container, weights):
        container = _better(container, second_opinion(text, lines), weights)
    if container is None:
        return None
    body, end = _extent(lines, container.element)
    meta = read_meta(root, fetched=fetched)
    return _Read(root, lines, meta, weights, container, body, end, find_headline(lines, meta, body=body))


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


def _extent(lines: Sequence[PageLine], container: html.HtmlElement) -> tuple[int, int]:
    """Indices of the first line of the container and of the one behind its last."""
    inside = {container, *container.iterdescendants()}
    numbers = [number for number, line in enumerate(lines) if line.owner in inside]
    if not numbers:
        return len(lines), len(lines)
    return numbers[0], numbers[-1] + 1


def _with_fields(
    article: Article, read: _Read, pruned: Pruned, selectors: ArticleSelectors, fetched: datetime | None
) -> Article:
    """Outlet, origin, people and dates: what the source's selectors find, then what is visible, then the head."""
    seen = byline_near(read.lines, read.headline, body=read.body, end=read.end, fetched=fetched)
    chosen = _chosen(read.root, selectors, fetched)
    said = chosen.joined(seen)
    meta = read.meta
    opening = next((block.text for block in pruned.blocks if block.kind == "text"), "")
    outlet = _outlet(said, pruned.said, meta, normalise(opening)[0])
    origin = own_name(pruned.said.source)
    shown = said.published or pruned.said.published
    if shown is None and meta.published is None and fetched and said.short_date:
        shown = from_list(said.short_date, fetched=fetched)
    published = _published(shown, meta.published, article.url, fetched)
    return replace(
        article,
        outlet=outlet,
        origin=origin if origin != outlet else None,
        author=said.author or pruned.said.author or meta.author,
        editor=said.editor or pruned.said.editor,
        published=published,
        modified=said.modified or meta.modified,
        notes=(*article.notes, *_date_notes(published, meta.published)),
    )


def _chosen(root: html.HtmlElement, selectors: ArticleSelectors, fetched: datetime | None) -> Byline:
    """What stands in the elements that the source's selectors name."""
    said = Byline()
    for selector, field_name in (
        (selectors.date, "published"),
        (selectors.outlet, "source"),
        (selectors.author, "author"),
    ):
        text = selected_text(root, selector)
        if not text:
            continue
        found = parse_byline(text, fetched=fetched)
        if field_name == "published":
            said = replace(said, published=found.published)
        elif field_name == "source":
            said = replace(said, source=found.source or clean_name(text))
        else:
            said = replace(said, author=found.author or text)
    return said


def _outlet(said: Byline, below: Byline, meta: PageMeta, opening: str) -> str | None:
    """来源 beside the headline; else ContentSource, 来源 below the text, the site's name, which is also what 本站 means; else
    whom the first sentence names."""
    named = own_name(said.source) or meta.source or own_name(below.source) or meta.site
    return named or outlet_in_dateline(opening) or clean_name(said.source)


def _published(shown: date | None, tagged: date | None, url: str | None, fetched: datetime | None) -> date | None:
    """The visible date beats PubDate, which may be the time the page was made; the same day with a time is more exact. The
    address is asked last."""
    if shown is None:
        return tagged or (from_address(url, fetched=fetched) if url else None)
    same_day = tagged is not None and tagged.isoformat()[:10] == shown.isoformat()[:10]
    if same_day and isinstance(tagged, datetime) and not isinstance(shown, datetime):
        return tagged
    return shown


def _date_notes(published: date | None, tagged: date | None) -> tuple[str, ...]:
    if published is None or tagged is None or published.isoformat()[:10] == tagged.isoformat()[:10]:
        return ()
    return (f"its head says published {tagged.isoformat()}, the visible date was taken",)


def _notes(pruned: Pruned, decoded: Decoded, read: _Read) -> tuple[str, ...]:
    notes = [f"text found by {read.container.found_by}"]
    if "damaged" in decoded.reason:
        notes.append(f"decoded as {decoded.charset}: {decoded.reason}")
    if pruned.dropped:
        notes.append(f"dropped {pruned.dropped} lines that are no body")
    if images := sum(block.kind == "image" for block in pruned.blocks):
        notes.append(f"{images} images stand in the body")
    return tuple(notes)
