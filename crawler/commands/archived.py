"""One page out of a night's archive, as text to look at."""

from __future__ import annotations

from pathlib import Path

from crawler.errors import RecordingError
from crawler.fetch.recording import open_recording
from crawler.fetch.shelf import plain_body
from crawler.read.charset import decode

__all__ = ["archived_text"]


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
    return "\n".join([*lines, "", decode(plain_body(recorded), header=kind).text])
