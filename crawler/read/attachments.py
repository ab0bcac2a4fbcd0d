"""The documents that an article links to: files by their ending, download addresses of CMS families, PDF players."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from lxml import html

from crawler.items import Attachment
from crawler.read.dom import text_of

__all__ = ["attachments_in"]

_ENDING = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|wps|et|ofd|csv|zip|rar|7z)$", re.IGNORECASE)
_MAYBE = re.compile(r"\.(?:pdf|doc|xls|ppt|wps|et|ofd|csv|zip|rar|7z)|%2e|down|attachment", re.IGNORECASE)
"""What every attachment has in its address or its name."""
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_DOWNLOAD = re.compile(
    r"downfile\.jsp|download\.jsp|DownloadAttachUrl|/attachment/|downloadFile|/download\.(?:do|action|aspx?|php)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"^(?:点击|请点击|立即)?(?:下载|查看|打开|预览)(?:附件|文件|此处|这里)?[。.]?$|^附件\s*\d*$|^$")
_PLAYER_TITLE = re.compile(r"['\"]title['\"]\s*:\s*['\"]([^'\"]{1,200})['\"]")
MOST = 100
MOST_NODES = 4_000


def attachments_in(elements: Iterable[html.HtmlElement], base: str | None) -> tuple[Attachment, ...]:
    """The documents linked or shown in these elements, in order, each address once."""
    found: dict[str, Attachment] = {}
    for element in elements:
        for attachment in _found(element, base):
            found.setdefault(attachment.url, attachment)
            if len(found) >= MOST:
                return tuple(found.values())
    return tuple(found.values())


def _found(element: html.HtmlElement, base: str | None) -> Iterator[Attachment]:
    for node in islice(element.iter("a", "div", "span", "iframe", "embed", "p"), MOST_NODES):
        if node.tag == "a":
            address, name = (node.get("href") or "").strip(), _words(node)
        else:
            address, name = _shown(node)
        if not address or not _MAYBE.search(address + name) or address.startswith(("#", "javascript:", "mailto:")):
            continue
        file = _file_of(address)
        ending = _ENDING.search(file) or _ENDING.search(name.rstrip("）)]】"))
        if ending or (node.tag == "a" and _DOWNLOAD.search(address)):
            title = (node.get("title") or "").strip() or file if _NO_NAME.match(name) else name
            yield Attachment(_absolute(address, base), title or file, ending[1].lower() if ending else "file")


def _words(link: html.HtmlElement) -> str:
    return text_of(link) if len(link) else _SPACES.sub(" ", link.text or "").strip()


def _shown(node: html.HtmlElement) -> tuple[str, str]:
    """Address and title of a document shown in a player; empty for any other element."""
    address = (node.get("pdfsrc") or "").strip()
    if not address and node.tag in {"iframe", "embed"}:
        source = (node.get("src") or "").strip()
        address = source if _ENDING.search(_file_of(source)) else ""
    if not address:
        return "", ""
    title = _PLAYER_TITLE.search(node.get("sudyfile-attr") or "")
    return address, title[1] if title else ""


def _file_of(address: str) -> str:
    """The file name in an address: of its path, or of a parameter (downfile.jsp?filename=1.docx, viewer.html?file=/a.pdf)."""
    try:
        parts = urlsplit(address)
        values = [parts.path, *(value for _, value in parse_qsl(parts.query))]
    except ValueError:
        return ""
    names = [unquote(value).rpartition("/")[2] for value in values]
    return next((name for name in names if _ENDING.search(name)), names[0])


def _absolute(address: str, base: str | None) -> str:
    try:
        return urljoin(base or "", address)
    except ValueError:
        return address
