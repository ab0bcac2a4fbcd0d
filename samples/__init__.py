"""A small bundled web of two nights, so that the first run needs no network.

The pages are readable UTF-8 files under `web/`, named by one `manifest.toml` per night; here they become the WARC files that
`evalwatch demo` replays. Words and hosts (all end in .example, RFC 2606 §2) are invented; the evaluations, years, places
and ranks are real.
"""

from __future__ import annotations

import io
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

__all__ = ["NIGHTS", "SamplePage", "night_pages", "settings_path", "write_recordings"]

NIGHTS = ("night1", "night2")
"""Folders under `web/`, in the order in which they are replayed."""

_FOLDER = Path(__file__).resolve().parent
_WEB = _FOLDER / "web"


@dataclass(frozen=True, slots=True)
class SamplePage:
    """One answer of the sample web."""

    url: str
    """The address it answers."""
    status: int
    """HTTP status code."""
    headers: Mapping[str, str]
    """As a server would send them, without Content-Length."""
    charset: str
    """The encoding of `body`, which the headers need not name."""
    body: bytes
    """The file's text, encoded."""
    fetched: datetime
    """WARC-Date. UTC."""


def settings_path() -> Path:
    """The settings that define the sample web's sources; its paths are relative, so copy it before you run it."""
    return _FOLDER / "settings.toml"


def night_pages(night: str) -> list[SamplePage]:
    """The pages of one night, in the order of its manifest.

    Raises UnicodeEncodeError where a text does not fit the charset that the manifest gives it.
    """
    manifest = tomllib.loads((_WEB / night / "manifest.toml").read_text(encoding="utf-8"))
    fetched: datetime = manifest["fetched"]
    return [
        SamplePage(
            url=page["url"],
            status=page["status"],
            headers=page["headers"],
            charset=page["charset"],
            body=(_WEB / page["file"]).read_text(encoding="utf-8").encode(page["charset"]),
            fetched=fetched.astimezone(UTC),
        )
        for page in manifest["pages"]
    ]


def write_recordings(folder: Path) -> list[Path]:
    """Write night1.warc.gz and night2.warc.gz into the folder and return their paths; equal pages give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for night in NIGHTS:
        path = folder / f"{night}.warc.gz"
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for page in night_pages(night):
                _write_page(writer, page)
        paths.append(path)
    return paths


def _write_page(writer: WARCWriter, page: SamplePage) -> None:
    date = page.fetched.strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = [*page.headers.items(), ("Content-Length", str(len(page.body)))]
    status_line = f"{page.status} {HTTPStatus(page.status).phrase}"
    writer.write_record(
        writer.create_warc_record(
            page.url,
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=StatusAndHeaders(status_line, headers, protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": date,
                # warcio would draw a random id; one made from address and date keeps the files the same
                "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{page.url} {date}')}>",
            },
        )
    )
