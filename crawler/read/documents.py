"""Bytes of a PDF, DOCX or XLSX document → Article, by maintained libraries and within limits."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

from crawler.errors import DocumentError
from crawler.items import Article
from crawler.read.assemble import article_from_blocks
from crawler.read.blocks import Block
from crawler.read.cells import keyed_rows
from crawler.read.sheets import blocks_of_workbook
from crawler.read.textfile import article_from_text
from crawler.read.titles import clean_title

__all__ = ["article_from_document", "is_document"]

MAX_BYTES = 30_000_000
MAX_UNPACKED = 200_000_000
"""Of all parts of a DOCX or XLSX: what is larger is a bomb, not a report."""
MAX_PAGES = 300
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SENTENCE_END = ("。", "！", "？", "；", "：", ":", "”", "!", "?", ";")
_BEGINS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[.．、)]|第.{1,4}[章节条]|[●•■])"
)


def is_document(data: bytes) -> bool:
    """Do these bytes begin like a PDF, an Office document or an archive?

    >>> is_document(b"%PDF-1.7 ..."), is_document(b"<html>")
    (True, False)
    """
    return b"%PDF-" in data[:1024] or data.startswith((b"PK\x03\x04", _OLE))


def article_from_document(data: bytes, *, where: str | None = None) -> Article:
    """The article of a document that is_document() knows: paragraphs and tables in reading order, no byline but what the text
    has. Raises DocumentError for one that is too large, encrypted, damaged, of another kind, or without text."""
    if len(data) > MAX_BYTES:
        raise DocumentError(f"is larger than {MAX_BYTES // 1_000_000} MB", where=where, hint="Read it by hand")
    if data.startswith(_OLE):
        raise DocumentError("is an Office 97 document", where=where, hint="Save it as DOCX, XLSX or PDF")
    if b"%PDF-" in data[:1024]:
        return _from_pdf(data, where)
    names = _parts(data, where)
    if "word/document.xml" in names:
        return _from_docx(data, where)
    if any(name.startswith("xl/worksheets/") for name in names):
        return _from_blocks(blocks_of_workbook(data, where), "XLSX", where)
    raise DocumentError("is an archive or a document of an unknown kind", where=where, hint="Unpack it first")


def _parts(data: bytes, where: str | None) -> set[str]:
    """Names of the parts of a zipped document. Raises DocumentError where they would unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise DocumentError("is damaged", where=where, hint="Fetch it again") from error
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise DocumentError("unpacks to too much", where=where, hint="It may be a zip bomb")
    return {part.filename for part in parts}


def _from_pdf(data: bytes, where: str | None) -> Article:
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("is an encrypted PDF", where=where, hint="Read it by hand")
        count = len(reader.pages)
        texts = [page.extract_text() for page in reader.pages[:MAX_PAGES]]
    except DocumentError:
        raise
    except Exception as error:  # pypdf lets many kinds through for damaged files; the file is what is wrong
        raise DocumentError(f"is a damaged PDF ({type(error).__name__})", where=where, hint="Fetch it again") from error
    lines = [line for text in texts for line in _paragraphs(text)]
    if not any(re.search(r"\w", line) for line in lines):
        raise DocumentError("is a PDF without text", where=where, hint="Its pages are pictures: read it by hand")
    article = article_from_text("\n".join(lines))
    notes: tuple[str, ...] = (f"read from PDF, {count} pages",)
    if count > MAX_PAGES:
        notes = (*notes, f"only the first {MAX_PAGES} pages were read")
    return replace(article, notes=(*article.notes, *notes))


def _paragraphs(text: str) -> list[str]:
    """The lines of a page with those joined that the page's width broke: full ones that end no sentence."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    lines = [line for line in lines if not re.fullmatch(r"[-—–\s]*\d{1,4}[-—–\s]*", line)]
    widest = max((len(line) for line in lines), default=0)
    joined: list[str] = []
    open_end = False
    for line in lines:
        if open_end and not _BEGINS.match(line):
            joined[-1] += line
        else:
            joined.append(line)
        open_end = len(line) >= max(20, widest * 0.85) and not line.endswith(_SENTENCE_END)
    return joined


def _from_docx(data: bytes, where: str | None) -> Article:
    import docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    try:
        blocks: list[Block] = []
        for part in docx.Document(io.BytesIO(data)).iter_inner_content():
            if isinstance(part, Table):
                rows = [[(_folded(cell.text), cell._tc) for cell in row.cells] for row in part.rows]  # noqa: SLF001
                blocks.append(Block(kind="table", rows=keyed_rows(rows)))
            elif isinstance(part, Paragraph) and (text := _folded(part.text)):
                style = (part.style.name or "").lower() if part.style else ""
                heading = style.startswith(("heading", "title", "标题"))
                blocks.append(Block(text, "heading" if heading else "text"))
    except Exception as error:  # python-docx lets lxml's, zipfile's and its own errors through
        raise DocumentError(
            f"is a damaged DOCX ({type(error).__name__})", where=where, hint="Fetch it again"
        ) from error
    return _from_blocks(blocks, "DOCX", where)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _from_blocks(blocks: list[Block], kind: str, where: str | None) -> Article:
    """The article of these blocks; the first, if it is short and no sentence, is its title and no part of its body."""
    if not any(block.text or block.rows for block in blocks):
        raise DocumentError(f"is a {kind} document without text", where=where, hint="It may hold pictures only")
    title = None
    first = blocks[0]
    if first.kind in {"text", "heading"} and len(first.text) <= 80 and not first.text.endswith(_SENTENCE_END):
        title = clean_title(first.text)
        blocks = blocks[1:] or blocks
    article = article_from_blocks(blocks, base=None)
    return replace(article, title=title, notes=(f"read from {kind}",))
