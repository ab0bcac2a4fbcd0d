"""WARC files (ISO 28500) as a web to look things up in: where each address stands, checked to the last byte beforehand."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from w3lib.url import safe_url_string
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from crawler.errors import RecordingError

__all__ = ["Recorded", "Recording", "address_key", "answers_of", "gzip_members", "open_recording", "recorded_at"]

_PIECE = 1 << 16
_BROKEN = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    zlib.error,
    EOFError,
    ValueError,
    TypeError,
    AttributeError,
)
"""What warcio raises on a record that is not as it should be."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded answer."""

    url: str
    """WARC-Target-URI."""
    status: int
    """HTTP status code."""
    headers: tuple[tuple[str, str], ...]
    """HTTP headers in their order, names as sent."""
    body: bytes
    """The body, its transfer coding undone, its content coding not."""
    time: datetime
    """WARC-Date. UTC."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The answers in some WARC files. Holds their places, not their bytes."""

    places: dict[str, tuple[Path, int]]
    """By address_key: file, and offset of the record in it. A later file wins, and within a file a later record."""
    latest: datetime | None = None
    """WARC-Date of the newest answer. UTC."""

    def holds(self, url: str) -> bool:
        return address_key(url) in self.places

    def answer(self, url: str, method: str = "GET", body: bytes = b"") -> Recorded | None:
        """What was recorded for a request, or None. Requests with a body are told apart by it."""
        place = self.places.get(address_key(url, method, body))
        if place is None:
            return None
        return recorded_at(*place)


def recorded_at(path: Path, offset: int) -> Recorded:
    """The answer whose record begins at that byte."""
    with path.open("rb") as file:
        file.seek(offset)
        return _recorded(next(iter(ArchiveIterator(file))))


def address_key(url: str, method: str = "GET", body: bytes = b"") -> str:
    """The address as it is asked for: escaped, without fragment; behind that of a POST its body, as a digest.

    >>> address_key("http://a.cn/通知?b=2&a=1#top")
    'http://a.cn/%E9%80%9A%E7%9F%A5?b=2&a=1'
    """
    address = safe_url_string(url).partition("#")[0]
    return address if method == "GET" else f"{address} {method} {hashlib.sha256(body).hexdigest()}"


@lru_cache(maxsize=4)
def open_recording(paths: tuple[Path, ...]) -> Recording:
    """Read the files through once and return where everything stands.

    Raises RecordingError, naming file and offset, where one is missing, cut, damaged or no WARC.
    """
    places: dict[str, tuple[Path, int]] = {}
    latest = None
    for path in paths:
        try:
            _check_compression(path)
            for key, offset, when in answers_of(path):
                places[key] = path, offset
                latest = max(when, latest or when)
        except OSError as error:
            raise RecordingError(f"cannot be read ({error.strerror or error})", where=str(path)) from error
    return Recording(places, latest)


def _check_compression(path: Path) -> None:
    """warcio stops at a cut gzip member as if the file ended there; so each member is inflated to its end first."""
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return
        file.seek(0)
        for start, ends in gzip_members(file):
            if not ends:
                raise _damaged(path, start)


def gzip_members(file: IO[bytes]) -> Iterator[tuple[int, bool]]:
    """The offset of each gzip member (RFC 1952 §2.2) and whether it is whole; the first that is not is the last told."""
    start, rest = 0, b""
    while True:
        inflater, size = zlib.decompressobj(wbits=31), 0
        try:
            while not inflater.eof:
                data = rest or file.read(_PIECE)
                rest = b""
                if not data:
                    if size:
                        yield start, False
                    return
                size += len(data)
                inflater.decompress(data)
        except zlib.error:
            yield start, False
            return
        rest = inflater.unused_data
        yield start, True
        start += size - len(rest)


def answers_of(path: Path) -> Iterator[tuple[str, int, datetime]]:
    """Address key, offset and time of every HTTP response, as far as the file is whole. Raises RecordingError where a record does
    not hold what it says."""
    offset, answers, posts = 0, _Answers(), []
    with path.open("rb") as file:
        archive = ArchiveIterator(file, check_digests="raise")
        try:
            for record in archive:
                offset = archive.offset
                body = _read_through(record)
                if record.raw_stream.tell() != record.length or archive.err_count:
                    raise _damaged(path, offset)
                if record.http_headers is None:
                    continue
                if record.rec_type == "response":
                    yield answers.add(record.rec_headers, offset)
                elif record.rec_type == "request" and record.http_headers.protocol == "POST":
                    posts.append((record.rec_headers, body))
        except _BROKEN as error:
            raise _damaged(path, offset, error) from error
        if archive.offset != file.seek(0, os.SEEK_END):
            # where the headers of the last record are cut, warcio ends as if nothing stood there
            raise _damaged(path, archive.offset)
    if not answers.places:
        raise RecordingError("holds no recorded answers", where=str(path), hint="Give a WARC file with responses")
    for headers, body in posts:
        if (answer := answers.places.get(headers.get_header("WARC-Concurrent-To"))) is not None:
            yield address_key(headers.get_header("WARC-Target-URI"), "POST", body), *answer


class _Answers:
    """The responses of a file, by the id of their record: a request names the one it was given."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[int, datetime]] = {}

    def add(self, headers: Any, offset: int) -> tuple[str, int, datetime]:
        """Its address key, offset and time."""
        when = datetime.fromisoformat(headers.get_header("WARC-Date")).astimezone(UTC)
        self.places[headers.get_header("WARC-Record-ID")] = offset, when
        return address_key(headers.get_header("WARC-Target-URI")), offset, when


def _read_through(record: Any) -> bytes:
    """Read a record to its end; returns the body of a request, which is short."""
    kept = b""
    while piece := record.raw_stream.read(_PIECE):
        kept += piece if record.rec_type == "request" else b""
    return kept


def _recorded(record: Any) -> Recorded:
    headers = record.http_headers
    encoding = (headers.get_header("Transfer-Encoding") or "").lower()
    stream = ChunkedDataReader(record.raw_stream) if encoding == "chunked" else record.raw_stream
    pieces = []
    while piece := stream.read(_PIECE):
        pieces.append(piece)
    return Recorded(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        status=int(headers.get_statuscode()),
        headers=tuple((name, value) for name, value in headers.headers if name.lower() != "transfer-encoding"),
        body=b"".join(pieces),
        time=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(UTC),
    )


def _damaged(path: Path, offset: int, cause: Exception | None = None) -> RecordingError:
    return RecordingError(
        f"the record at byte {offset} is cut or damaged{f' ({cause})' if cause else ''}",
        where=str(path),
        hint=f"Fetch the file anew, or keep what stands before: head -c {offset}",
    )
