"""The archives of many nights as a shelf to take single pages from: the newest answer of an address that is the page we know."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import brotli

from crawler.errors import RecordingError
from crawler.fetch.recording import Recorded, address_key, answers_of, recorded_at
from crawler.items import Page

__all__ = ["Shelf", "archive_files", "page_of", "plain_body"]

_MOST_BYTES = 8_388_608
"""Of a body, as for a page of a night."""


def archive_files(place: Path) -> list[Path]:
    """The WARC files of a folder, or the one that is named itself."""
    if place.is_dir():
        return sorted(path for path in place.iterdir() if path.name.endswith((".warc", ".warc.gz")))
    return [place] if place.is_file() else []


class Shelf:
    """Looks pages up in WARC files. Each file is read through once, when it is first needed."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = sorted(files, key=lambda path: path.name, reverse=True)
        self._places: dict[Path, dict[str, list[int]]] = {}
        self.damaged: list[RecordingError] = []
        """Files that could not be read to their end; what stands before the damage is used."""

    def page(self, url: str, *, digest: str | None = None, night: str | None = None) -> Page | None:
        """The newest page of that address, with these bytes where `digest` (SHA-256 in hex) says which; None where there is none.

        The file of the night in which it was stored is looked into first: most need no other.
        """
        own = [path for path in self._files if night and path.name.startswith(night)]
        for path in (*own, *(path for path in self._files if path not in own)):
            for offset in reversed(self._index(path).get(address_key(url), ())):
                page = page_of(recorded_at(path, offset))
                if 200 <= page.status < 300 and digest in (None, hashlib.sha256(page.body).hexdigest()):
                    return page
        return None

    def _index(self, path: Path) -> dict[str, list[int]]:
        if path not in self._places:
            found: dict[str, list[int]] = {}
            try:
                for key, offset, _ in answers_of(path):
                    found.setdefault(key, []).append(offset)
            except (RecordingError, OSError) as error:
                damage = error if isinstance(error, RecordingError) else RecordingError(str(error), where=str(path))
                self.damaged.append(damage)
            self._places[path] = found
        return self._places[path]


def page_of(recorded: Recorded) -> Page:
    """A recorded answer as the page that a night makes of it."""
    headers = {name.lower(): value for name, value in recorded.headers}
    return Page(recorded.url, recorded.status, headers, plain_body(recorded), recorded.time)


def plain_body(recorded: Recorded) -> bytes:
    """The body without its content coding; as it came where that cannot be undone."""
    coding = next((value.strip().lower() for name, value in recorded.headers if name.lower() == "content-encoding"), "")
    try:
        if coding in ("gzip", "x-gzip", "deflate"):
            return zlib.decompressobj(47).decompress(recorded.body, _MOST_BYTES)
        if coding == "br":
            return bytes(brotli.Decompressor().process(recorded.body, output_buffer_limit=_MOST_BYTES))
    except (zlib.error, brotli.error):
        return recorded.body
    return recorded.body
