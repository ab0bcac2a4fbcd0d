"""One page out of a night's archive, as text to look at."""

from __future__ import annotations

import zlib
from pathlib import Path

import brotli

from crawler.errors import RecordingError
from crawler.fetch.recording import Recorded, open_recording
from crawler.read.charset import decode

__all__ = ["archived_text"]

_MOST_BYTES = 8_388_608


def archived_text(archive: Path, url: str) -> str | None:
    """What that address answered in that night: when, with which status and headers, and the body decoded. None where the archive
    is missing, damaged or does not hold it; as it may be while a night still writes to it."""
    if not archive.is_file():
        return None
    try:
        recorded = open_recording((archive,)).answer(url)
    except RecordingError:
        return None
    if recorded is None:
        return None
    kind = next((value for name, value in recorded.headers if name.lower() == "content-type"), None)
    lines = [f"{recorded.url}", f"{recorded.time.isoformat()}", f"HTTP {recorded.status}"]
    lines += [f"{name}: {value}" for name, value in recorded.headers]
    return "\n".join([*lines, "", decode(_plain_body(recorded), header=kind).text])


def _plain_body(recorded: Recorded) -> bytes:
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
