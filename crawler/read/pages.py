"""Articles over several pages: where the next page is, and the pages joined; documents joined to the article they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from lxml import html

from crawler.items import Article, Attachment, Cell, Image, Paragraph, Table
from crawler.read.dom import text_of
from crawler.read.script import normalise
from crawler.read.titles import same_title

__all__ = ["join_pages", "next_page_url", "with_document"]

_NEXT = re.compile(
    r"^[\s\[(<«»>]*(?:下一?页|后一?页|余下全文|继续阅读|next(?:\s*page)?|>{1,2}|»)[\s\])>»]*$", re.IGNORECASE
)
_PERHAPS = re.compile(r"[>»页頁读讀文Nn]")
_LONG = 24
"""Characters from which on the words of a link name no page."""
_AROUND = " []()（）【】\u3000\xa0\r\n\t"
_NUMBERED = re.compile(r"^(?P<stem>.*?)[_-](?P<number>\d{1,3})$")
MAX_PAGES = 60
"""No article has more pages; a higher number in an address is an identity."""
_SCRIPT = re.compile(
    r"createPageHTML\w*\s*\(\s*[\"']?(\d{1,4})[\"']?\s*,\s*[\"']?(\d{1,4})[\"']?\s*,\s*[\"']([\w./-]+)[\"']\s*,\s*[\"'](\w{3,5})[\"']"
)
_PAGE_KEYS = {"page", "pageno", "p", "pagenum", "pageindex", "pg", "currentpage", "page_no"}


@dataclass(frozen=True, slots=True)
class _Address:
    """An address taken apart, so that two can be told to differ in the page number alone."""

    host: str
    folder: str
    name: str
    """File name without extension."""
    stem: str
    """Name without a number behind _ or -."""
    number: int | None
    """That number."""
    query: tuple[tuple[str, str], ...]
    """Parameters but the page number."""
    asked: int
    """The page number among the parameters; 1 without."""


def next_page_url(root: html.HtmlElement, url: str | None) -> str | None:
    """Address of the next page of the same article. A link called 下一页, or by the next number, counts only if its address is
    this one's with another page number: a next article or a list is no page."""
    if not url:
        return None
    here = _address(url)
    for target in _scripted(root, url):
        if _address(target).stem in {here.name, here.stem} and target != url:
            return target
    for target, words in _links(root, url):
        number = _page_behind(here, _address(target))
        if number is not None and (not words.isdigit() or int(words) == number):
            return target
    return None


def _page_behind(here: _Address, there: _Address) -> int | None:
    """The number of the page that `there` is, if it is the one behind `here`."""
    if (here.host, here.folder, here.query) != (there.host, there.folder, there.query):
        return None
    if here.name == there.name:
        return there.asked if there.asked == here.asked + 1 else None
    if there.stem == here.name and there.number == 2:
        return 2
    if there.stem == here.stem and here.number and there.number == here.number + 1 <= MAX_PAGES:
        return there.number
    return None


def _address(url: str) -> _Address:
    parts = urlsplit(url)
    folder, _, file = parts.path.rpartition("/")
    name = re.sub(r"\.[A-Za-z]{3,5}$", "", file)
    match = _NUMBERED.match(name)
    pairs = parse_qsl(parts.query)
    pages = [int(value) for key, value in pairs if key.lower() in _PAGE_KEYS and value.isdigit() and len(value) < 5]
    return _Address(
        host=parts.netloc.removeprefix("www."),
        folder=folder,
        name=name,
        stem=match["stem"] if match else name,
        number=int(match["number"]) if match else None,
        query=tuple(sorted(pair for pair in pairs if pair[0].lower() not in _PAGE_KEYS)),
        asked=pages[0] if pages else 1,
    )


def _links(root: html.HtmlElement, url: str) -> Iterator[tuple[str, str]]:
    """Where links go that are called 下一页, marked as next, or named by a number; and what they are called."""
    for link in root.iter("link", "a"):  # XPath sorts what it finds, in quadratic time for 30,000 siblings
        text = link.text
        if (text and len(text) > _LONG and not link.get("rel")) or (words := _leads_on(link)) is None:
            continue
        href = (link.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:")):
            continue
        try:
            yield urldefrag(urljoin(url, href)).url, words
        except ValueError:
            continue


def _leads_on(link: html.HtmlElement) -> str | None:
    """What a link to another page is called; None for any other link."""
    if (rel := link.get("rel")) and "next" in rel.lower().split():
        return "下一页"
    words = link.text or ""
    if len(words) > _LONG or link.tag == "link":
        return None
    if inner := len(link):
        words = text_of(link) if inner <= 2 else ""
    if len(words) > _LONG or not ((bare := words.strip(_AROUND)).isdigit() or _PERHAPS.search(bare)):
        return None
    words = normalise(words)[0].strip("[] ()\r\n\t")
    return words if re.fullmatch(r"[0-9]{1,3}", words) or _NEXT.match(words) else None


def _scripted(root: html.HtmlElement, url: str) -> Iterator[str]:
    """Pages that TRS templates print by script: createPageHTML(pages, current from 0, name, extension)."""
    for script in root.iter("script"):
        text = script.text or ""
        match = _SCRIPT.search(text) if "createPageHTML" in text else None
        if match and int(match.group(2)) + 1 < int(match.group(1)):
            yield urljoin(url, f"{match.group(3)}_{int(match.group(2)) + 1}.{match.group(4)}")


def join_pages(articles: Sequence[Article]) -> Article:
    """Pages of one article, in order, as one: their texts joined, a headline that a later page repeats left out, every
    offset moved; fields, address and day of fetching of the first page. Raises ValueError for no page at all."""
    if not articles:
        raise ValueError("join_pages needs at least one page")
    parts: list[str] = []
    paragraphs: list[Paragraph] = []
    tables: list[Table] = []
    images: list[Image] = []
    at = 0
    for number, article in enumerate(articles):
        skip = _header_length(article, articles[0]) if number else 0
        by = at - skip
        parts.append(article.text[skip:])
        paragraphs += [Paragraph(p.start + by, p.end + by, p.kind) for p in article.paragraphs if p.start >= skip]
        tables += [_moved(table, by) for table in article.tables]
        images += [Image(i.url, max(i.start, skip) + by, i.caption) for i in article.images]
        at += len(article.text) - skip + 1
    text = "\n".join(parts)
    plain, offsets = normalise(text)
    return replace(
        articles[0],
        text=text,
        plain=plain,
        offsets=offsets,
        paragraphs=tuple(paragraphs),
        tables=tuple(tables),
        images=tuple(images),
        attachments=_attachments(articles),
        next_url=articles[-1].next_url,
        notes=_notes(articles),
    )


def _attachments(articles: Sequence[Article]) -> tuple[Attachment, ...]:
    """Those of all pages, each address once: templates print them below every page, or below the last."""
    found: dict[str, Attachment] = {}
    for article in articles:
        for attachment in article.attachments:
            found.setdefault(attachment.url, attachment)
    return tuple(found.values())


def with_document(article: Article, url: str, document: Article) -> Article:
    """The article with the paragraphs and tables of the document at `url`, which it links to, behind its own. Fields stay
    those of the article."""
    whole = join_pages([article, _headed(document)])
    notes = tuple(f"attachment {url}: {note}" for note in document.notes)
    return replace(whole, notes=(*article.notes, *notes)).with_outcome(url, "read")


def _headed(document: Article) -> Article:
    """A document with its title as the heading of its text: it tells what the tables below are of."""
    if not document.title:
        return document
    first = document.text.split("\n", 1)[0]
    if same_title(normalise(first)[0], document.title):
        text, by = document.text, 0
    else:
        first, text = document.title, f"{document.title}\n{document.text}"
        by = len(first) + 1
    paragraphs = [Paragraph(p.start + by, p.end + by, p.kind) for p in document.paragraphs if p.start + by > 0]
    return replace(
        document,
        text=text,
        paragraphs=(Paragraph(0, len(first), "heading"), *paragraphs),
        tables=tuple(_moved(table, by) for table in document.tables),
        images=tuple(replace(image, start=image.start + by) for image in document.images),
    )


def _notes(articles: Sequence[Article]) -> tuple[str, ...]:
    notes = tuple(dict.fromkeys(note for article in articles for note in article.notes))
    return (*notes, f"joined {len(articles)} pages") if len(articles) > 1 else notes


def _header_length(article: Article, first: Article) -> int:
    """How much of a later page's text is the headline, or the lead of the first page, once more."""
    if not article.paragraphs or not first.paragraphs or article.paragraphs[0].start > 0:
        return 0
    words = article.text[: article.paragraphs[0].end]
    opening = first.paragraphs[0]
    repeats = opening.kind in {"lead", "heading"} and words == first.text[opening.start : opening.end]
    if repeats or same_title(normalise(words)[0], first.title):
        return min(article.paragraphs[0].end + 1, len(article.text))
    return 0


def _moved(table: Table, by: int) -> Table:
    rows = tuple(tuple(Cell(c.text, c.start + by, c.end + by, c.header) for c in row) for row in table.rows)
    return Table(table.start + by, table.end + by, rows, table.caption)
