"""Is a body complete? Scrapy's decoders return what they have of a cut compressed one without a word, and a body without
Content-Length ends wherever the connection does.

reliability.md, trap 2: 614 of 615 cuts of a gzip page passed as complete, status 200. A cut page is tried again like any
other failure and is never read.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Callable
from typing import Protocol, Self

import brotli
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Request, Response

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from crawler.fetch.conditional import NOT_MODIFIED

__all__ = ["CompleteBodies", "ends_well", "is_complete"]

_PIECE = 1 << 16
_TAIL = 4096
"""Bytes at the end of a body in which its format says that it ends; statistics may be appended behind </html>."""
_SEEN = "evalwatch_unended"
"""Key of Request.meta: the digest of a body that the last try gave and that did not say where it ends."""


class _Inflater(Protocol):
    """What zlib's decompressors have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


def is_complete(body: bytes, coding: str, max_bytes: int) -> bool:
    """Does a body in this content coding (gzip, deflate, br, zstd) end where its coding says? Unknown codings pass.

    A body that would grow beyond max_bytes passes as well: Scrapy's decoder stops there and drops the page.

    >>> whole = zlib.compress("政府网站".encode())
    >>> is_complete(whole, "deflate", 1000), is_complete(whole[:-1], "deflate", 1000)
    (True, False)
    """
    check = _CHECKS.get(coding.strip().lower())
    return check is None or check(body, max_bytes)


def _gzip_ends(body: bytes, max_bytes: int) -> bool:
    """RFC 1952 §2.2: one member behind the other; what follows the last and is none (padding) is not looked at."""
    rest, size = body, 0
    while True:
        inflater = zlib.decompressobj(wbits=31)
        ends, grown = _ends(inflater, rest, max_bytes - size)
        size += grown
        if not ends or size > max_bytes:
            return ends
        rest = inflater.unused_data
        if not rest.startswith(b"\x1f\x8b"):
            return True


def _deflate_ends(body: bytes, max_bytes: int) -> bool:
    """With the zlib wrapper of RFC 9110 §8.4.1.2, or raw as some servers send it."""
    return any(_ends(zlib.decompressobj(wbits), body, max_bytes)[0] for wbits in (15, -15))


def _ends(inflater: _Inflater, data: bytes, max_bytes: int) -> tuple[bool, int]:
    """Does the stream end within data, and how long is it inflated? True as soon as it is longer than max_bytes."""
    size = 0
    try:
        while not inflater.eof:
            piece = inflater.decompress(data, _PIECE)
            data = inflater.unconsumed_tail
            size += len(piece)
            if size > max_bytes:
                return True, size
            if not piece and not data and not inflater.eof:
                return False, size
    except zlib.error:
        return False, size
    return True, size


def _brotli_ends(body: bytes, max_bytes: int) -> bool:
    inflater = brotli.Decompressor()
    size, data = 0, body
    try:
        while not inflater.is_finished():
            piece = inflater.process(data, output_buffer_limit=_PIECE)
            data = b""
            size += len(piece)
            if size > max_bytes:
                return True
            if not piece and not inflater.is_finished():
                return False
    except brotli.error:
        return False
    return True


def _zstd_ends(body: bytes, max_bytes: int) -> bool:
    """RFC 8878 §3.1: one frame behind the other."""
    size, data = 0, body
    try:
        while data:
            inflater = zstd.ZstdDecompressor()
            while not inflater.eof:
                piece = inflater.decompress(data, _PIECE)
                data = b""
                size += len(piece)
                if size > max_bytes:
                    return True
                if not piece and inflater.needs_input:
                    return False
            data = inflater.unused_data
    except zstd.ZstdError:
        return False
    return bool(body)


_CHECKS: dict[str, Callable[[bytes, int], bool]] = {
    "gzip": _gzip_ends,
    "x-gzip": _gzip_ends,
    "deflate": _deflate_ends,
    "br": _brotli_ends,
    "zstd": _zstd_ends,
}


def ends_well(body: bytes) -> bool:
    """Does a body say itself that it is at its end: an HTML page, XML, JSON, a PDF, a zipped document?

    >>> ends_well(b"<html><body>a</body></html>"), ends_well(b"<html><body>a"), ends_well(b'{"rows": [1]}')
    (True, False, True)
    """
    head, tail = body[:1024].lstrip().lower(), body[-_TAIL:].rstrip().lower()
    if b"%pdf-" in head:
        return b"%%eof" in tail
    if head.startswith(b"pk"):
        return b"pk\x05\x06" in body[-70_000:].lower()
    if head.startswith((b"{", b"[")):
        return tail.endswith((b"}", b"]"))
    if b"<" not in head:
        # robots.txt and the like: nothing tells
        return True
    if head.startswith(b"<?xml") and b"<html" not in head:
        return tail.endswith(b">")
    return b"</html" in tail or b"</body" in tail


class CompleteBodies:
    """Downloader middleware between the network and Scrapy's decoder: a cut body is asked for again, then given up."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response if its body is complete, else a new request. Raises ResponseDataLossError after the last try."""
        codings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").split(",")
        if request.method == "HEAD":
            return response
        if response.status == NOT_MODIFIED:
            # it has no body, whatever coding it names (RFC 9110 §15.4.5)
            response.headers.pop("Content-Encoding", None)
            return response
        if codings == [""]:
            return response if self._ends(request, response) else self._again(request, response, "without its end")
        # of several codings only the outermost can be seen without decoding; nobody sends several
        if is_complete(response.body, codings[-1], self._max_bytes):
            # as bytes: of a text, Scrapy's decoder guesses the charset before it is inflated (measured: 3 ms a page)
            return Response(**{name: getattr(response, name) for name in Response.attributes})
        return self._again(request, response, "cut within its compression")

    def _ends(self, request: Request, response: Response) -> bool:
        """A body that only the end of the connection ends (RFC 9112 §6.3) is whole if its format says so, or if it came a second
        time: many old pages close nothing, but no line breaks twice at the same byte."""
        if "partial" not in response.flags or not response.body or ends_well(response.body):
            return True
        return bool(request.meta.get(_SEEN) == _digest(response.body))

    def _again(self, request: Request, response: Response, what: str) -> Request:
        spider = self._crawler.spider
        assert spider is not None
        again = get_retry_request(request, spider=spider, reason=f"body {what}")
        if again is None:
            raise ResponseDataLossError(f"{response.url}: the body is {what}")
        again.meta[_SEEN] = _digest(response.body)
        return again


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
