"""What a reader sees of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

__all__ = ["Article", "Attachment", "Cell", "Image", "Paragraph", "Span", "Table"]

Span = tuple[int, int]
"""Character offsets [start, end)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of body text."""

    start: int
    """Offset into Article.text where it begins."""
    end: int
    """Offset into Article.text just behind its last character."""
    kind: Literal["text", "heading", "item", "lead", "caption"] = "text"
    """heading: a title inside the body; item: of a list; lead: 核心提示 or summary that repeats the body; caption: of an
    image or table."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; spanned cells are repeated in every place they cover."""

    text: str
    """Its text, white space folded."""
    start: int
    """Offset into Article.text."""
    end: int
    """Offset into Article.text just behind it."""
    header: bool = False
    """True for th, or for a cell of a row recognised as header row."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the body, in reading order with the paragraphs. Its text stands in Article.text: cells joined by a tab,
    rows by a line feed."""

    start: int
    """Offset into Article.text of its first cell."""
    end: int
    """Offset into Article.text just behind its last cell."""
    rows: tuple[tuple[Cell, ...], ...]
    """Rows from top to bottom, header rows included."""
    caption: str | None = None
    """Its caption, or the line directly above it that names it. None: neither."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image in the body."""

    url: str
    """Absolute address if the page's own is known, else as printed."""
    start: int
    """Offset into Article.text where it stands between paragraphs."""
    caption: str | None = None
    """Its caption, alt or title text. None: none."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that an article links to or shows."""

    url: str
    """Absolute address if the page's own is known, else as printed."""
    title: str
    """What the page calls it, white space folded; the name of the file where it calls it nothing."""
    kind: str
    """Ending of its file name in lower case (pdf, docx, xlsx, doc, zip …); `file` where neither name nor address has one."""
    outcome: str | None = None
    """What came of reading it: `read`, or why it could not be, in short English. None: nobody tried."""


@dataclass(frozen=True, slots=True)
class Article:
    """What a reader sees of a document. `text` is as printed; `plain` is what rules are matched on."""

    text: str
    """The document's text, from which every evidence is cut. For an HTML page: the body's paragraphs and tables joined by
    line feeds; for a text file: the file as it is."""
    plain: str
    """`text` in simplified characters, half-width digits and letters, without bracketed readings, `@@` or soft hyphens."""
    offsets: Sequence[int]
    """offsets[i] is where plain[i] stands in text; one more element than plain: offsets[len(plain)] == len(text)."""
    paragraphs: tuple[Paragraph, ...]
    """The body in reading order. What is not covered is no body: menus, bylines, disclaimers, neighbours."""
    tables: tuple[Table, ...] = ()
    """Tables in reading order; they are not covered by paragraphs."""
    images: tuple[Image, ...] = ()
    """Images in reading order; a result list may be one (grammar.md N10)."""
    attachments: tuple[Attachment, ...] = ()
    """Documents it links to, in the order of the page. What a night could read of them stands behind the article's own text,
    among its paragraphs and tables; a single page is read without them."""
    url: str | None = None
    """Address of the first page. None for a file or standard input."""
    title: str | None = None
    """Headline, normalised: simplified characters, readings dropped, the site's name cut off. None: none found."""
    outlet: str | None = None
    """Who published this page (融合网). None: the page does not say."""
    origin: str | None = None
    """Whom it reprints (湖北省人民政府门户网站), if it says so. None: nothing said."""
    author: str | None = None
    """作者, 记者 or 通讯员 as printed. None: none."""
    editor: str | None = None
    """责任编辑 as printed. None: none."""
    published: date | None = None
    """When the page says it was published: a datetime (+08:00) where it states a time, else a date. None: not stated."""
    modified: date | None = None
    """When the page says it was changed; same form as published. None: not stated."""
    fetched: datetime | None = None
    """When its first page was fetched. UTC. None for a file."""
    region: str | None = None
    """Place of the outlet as the source's settings give it (湖北省 or 湖北省/武汉市), for 我省 and 我市. None: unknown."""
    charset: str | None = None
    """The encoding that decoded it (utf-8, gb18030). None for text that came as text."""
    next_url: str | None = None
    """Address of the next page of the same article. None: it is the last or only page."""
    notes: tuple[str, ...] = ()
    """What the reader of the page should know: what was dropped, doubted or looks damaged, in short English."""

    def with_outcome(self, url: str, outcome: str) -> Article:
        """The article with what came of reading the attachment at `url`."""
        attachments = tuple(
            replace(attachment, outcome=outcome) if attachment.url == url else attachment
            for attachment in self.attachments
        )
        return replace(self, attachments=attachments)

    def span(self, start: int, end: int) -> Span:
        """The span in `text` of plain[start:end]; readings inside it belong to it, those behind its end do not.

        >>> a = Article(text="國(guó)家", plain="国家", offsets=(0, 6, 7), paragraphs=())
        >>> a.span(0, 1), a.span(0, 2)
        ((0, 1), (0, 7))
        """
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1

    def words(self, start: int, end: int) -> str:
        """The exact words of `text` under plain[start:end].

        >>> Article(text="國(guó)家", plain="国家", offsets=(0, 6, 7), paragraphs=()).words(0, 2)
        '國(guó)家'
        """
        first, last = self.span(start, end)
        return self.text[first:last]
