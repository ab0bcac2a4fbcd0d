"""One HTML page → Article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from lxml import html

from crawler.config import ArticleSelectors
from crawler.errors import DocumentError
from crawler.items import Article, Page
from crawler.read.assemble import article_from_blocks
from crawler.read.attachments import attachments_in
from crawler.read.beside import byline_near
from crawler.read.blocks import blocks_of
from crawler.read.boilerplate import kind_of_line
from crawler.read.byline import Byline, clean_name, own_name, parse_byline
from crawler.read.charset import UTF8, Decoded, decode
from crawler.read.dates import first_date
from crawler.read.documents import article_from_document, is_document
from crawler.read.dom import parse_html
from crawler.read.fields import Candidate, Said, candidates_of, with_fields
from crawler.read.headline import parts_of_title, title_of
from crawler.read.locate import Located, locate
from crawler.read.metadata import PageMeta, read_meta
from crawler.read.pages import next_page_url
from crawler.read.prune import Pruned, prune
from crawler.read.script import normalise
from crawler.read.selectors import selected_elements, selected_text
from crawler.read.titles import clean_title

__all__ = ["Reading", "article_from_page", "reading_of_html"]


_BEHIND = 12
"""Lines behind the body in which its attachments may be linked."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, and what every place of its page said of its fields."""

    article: Article
    """What was taken."""
    candidates: tuple[Candidate, ...] = ()
    """What the places said, those first that are believed first. Empty for a document that is no page."""


def article_from_page(
    page: Page,
    *,
    selectors: ArticleSelectors | None = None,
    region: str | None = None,
    listed: date | None = None,
) -> Article:
    """The article of one page, with the address of the next page if it goes on. `listed` is the date that a list gives it,
    from which a date without its year takes the year. Raises DocumentError for a page that is empty, binary, wrongly decoded
    or without text."""
    if not page.body.strip():
        raise DocumentError("is empty", where=page.url, hint="Fetch it again")
    if is_document(page.body):
        article = article_from_document(page.body, where=page.url)
        return replace(article, url=page.url, region=region, fetched=page.fetched)
    decoded = decode(page.body, header=page.headers.get("content-type"), where=page.url)
    reading = reading_of_html(decoded, url=page.url, fetched=page.fetched, selectors=selectors, listed=listed)
    return replace(reading.article, region=region, fetched=page.fetched)


def reading_of_html(
    decoded: Decoded,
    *,
    url: str | None,
    fetched: datetime | None,
    selectors: ArticleSelectors | None = None,
    where: str | None = None,
    listed: date | None = None,
) -> Reading:
    """The article of a decoded page with the candidates for its fields. Raises DocumentError for one without text."""
    selectors = selectors or ArticleSelectors()
    root = parse_html(decoded.text)
    meta = read_meta(root, fetched=fetched) if root is not None else PageMeta()
    read = None
    if root is not None:
        read = locate(root, decoded.text, meta, selected=selected_elements(root, selectors.body))
    if root is None or read is None:
        raise _without_text(where or url)
    meta = _completed(meta, read, fetched)
    titles = _titles(root, read, meta, selectors)
    title = str(titles[0].value) if titles else None
    place = read.container
    blocks = blocks_of(place.element, lambda element: read.weights.text[element], without=place.without)
    pruned = prune(blocks, title=title, fetched=fetched)
    if pruned.is_empty():
        raise _without_text(where or url)
    article = replace(
        article_from_blocks(pruned.blocks, base=url),
        title=title,
        charset=decoded.charset,
        attachments=attachments_in(_article_parts(read), url),
        next_url=next_page_url(root, url),
    )
    candidates = candidates_of(_said(root, read, meta, pruned, selectors, article, listed=listed, fetched=fetched))
    article = with_fields(article, candidates)
    article = replace(article, notes=_notes(article, pruned, decoded, read, meta))
    charset = Candidate("charset", decoded.reason, decoded.charset)
    return Reading(article, (*titles, *candidates, *_places(read), charset))


def _without_text(where: str | None) -> DocumentError:
    return DocumentError("holds no text", where=where, hint="Its text may come by script, or be an image")


def _completed(meta: PageMeta, read: Located, fetched: datetime | None) -> PageMeta:
    """What the head says, completed by the script in which the text stood."""
    return replace(
        meta,
        published=meta.published or first_date(read.scripted.published, fetched=fetched),
        source=meta.source or own_name(read.scripted.source),
        title=meta.title or read.scripted.title,
    )


def _article_parts(read: Located) -> Iterator[html.HtmlElement]:
    """Where documents of the article may be linked: its container, and the lines behind it up to its neighbours."""
    inner = read.container.element
    yield inner
    around: dict[html.HtmlElement, html.HtmlElement | None] = {}
    for up in inner.iterancestors():
        around[up] = inner
        inner = up
    for line in read.lines[read.end : read.end + _BEHIND]:
        if kind_of_line(normalise(line.text)[0]) == "end":
            return
        if line.owner not in around:
            yield line.owner
        elif (below := around[line.owner]) is not None:
            around[line.owner] = None
            yield from islice(below.itersiblings("a"), _BEHIND)


def _titles(
    root: html.HtmlElement, read: Located, meta: PageMeta, selectors: ArticleSelectors
) -> tuple[Candidate, ...]:
    """What the places of a title say, cleaned."""
    visible = title_of(read.headline, PageMeta(document_title=meta.document_title, site=meta.site))
    places = (
        ("selector", selected_text(root, selectors.title)),
        ("visible headline", visible if read.headline else None),
        ("meta tags", title_of(None, PageMeta(title=meta.title, site=meta.site))),
        ("title element", title_of(None, PageMeta(document_title=meta.document_title, site=meta.site))),
    )
    cleaned = ((where, clean_title(text)) for where, text in places if text)
    return tuple(Candidate("title", where, text) for where, text in cleaned if text)


def _places(read: Located) -> tuple[Candidate, ...]:
    """Where the text was found, and where else it might have been."""
    found = (read.container, *read.passed_over)
    return tuple(
        Candidate("text", place.found_by, f"{read.weights.outside_links(place.element)} characters") for place in found
    )


def _said(
    root: html.HtmlElement,
    read: Located,
    meta: PageMeta,
    pruned: Pruned,
    selectors: ArticleSelectors,
    article: Article,
    *,
    listed: date | None,
    fetched: datetime | None,
) -> Said:
    opening = next((block.text for block in pruned.blocks if block.kind == "text"), "")
    return Said(
        chosen=_chosen(root, selectors, fetched),
        beside=byline_near(
            read.lines,
            read.headline,
            body=read.body,
            end=read.end,
            fetched=fetched,
            known=parts_of_title(meta),
        ),
        below=pruned.said,
        meta=meta,
        opening=normalise(opening)[0],
        text=article.plain,
        listed=listed,
        url=article.url,
        fetched=fetched,
    )


def _chosen(root: html.HtmlElement, selectors: ArticleSelectors, fetched: datetime | None) -> Byline:
    """What stands in the elements that the source's selectors name."""
    said = Byline()
    for selector, field_name in (
        (selectors.date, "published"),
        (selectors.outlet, "source"),
        (selectors.author, "author"),
    ):
        text = normalise(selected_text(root, selector) or "")[0]
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


def _notes(article: Article, pruned: Pruned, decoded: Decoded, read: Located, meta: PageMeta) -> tuple[str, ...]:
    notes = [f"text found by {read.container.found_by}"]
    if decoded.reason != UTF8:
        notes.append(f"decoded as {decoded.charset}: {decoded.reason}")
    if pruned.dropped:
        notes.append(f"dropped {pruned.dropped} lines that are no body")
    if article.images:
        notes.append(f"{len(article.images)} images stand in the body")
    tagged, published = meta.published, article.published
    if tagged and published and tagged.isoformat()[:10] != published.isoformat()[:10]:
        notes.append(f"its head says published {tagged.isoformat()}, the visible date was taken")
    return tuple(notes)
