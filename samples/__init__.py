"""A small bundled web of two nights, so that the first run needs no network.

The pages are readable UTF-8 files under `web/`, named by one `manifest.toml` per night; here they become the WARC files that
`evalwatch demo` replays. Words and hosts (all end in .example, RFC 2606 §2) are invented; the evaluations, years, places
and ranks are real.
"""

from __future__ import annotations

import io
import tomllib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

__all__ = ["NIGHTS", "SamplePage", "night_pages", "settings_path", "write_recording", "write_recordings"]

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
    asks: bytes | None = None
    """The body of the POST that it answers. None: it answers a GET."""


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
    return [write_recording(folder / f"{night}.warc.gz", night_pages(night)) for night in NIGHTS]


def write_recording(path: Path, pages: Iterable[SamplePage]) -> Path:
    """Write a WARC file of these answers, and of the requests that have a body; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for page in pages:
            _write_page(writer, page)
    return path


def _write_page(writer: WARCWriter, page: SamplePage) -> None:
    stamp = {"WARC-Date": page.fetched.strftime("%Y-%m-%dT%H:%M:%SZ")}
    headers = [*page.headers.items(), ("Content-Length", str(len(page.body)))]
    status_line = f"{page.status} {HTTPStatus(page.status).phrase}"
    answer = _record_id(page, "response")
    writer.write_record(
        writer.create_warc_record(
            page.url,
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=StatusAndHeaders(status_line, headers, protocol="HTTP/1.1"),
            warc_headers_dict=stamp | {"WARC-Record-ID": answer},
        )
    )
    if page.asks is not None:
        lines = [("Content-Length", str(len(page.asks)))]
        writer.write_record(
            writer.create_warc_record(
                page.url,
                "request",
                payload=io.BytesIO(page.asks),
                length=len(page.asks),
                http_headers=StatusAndHeaders(f"POST {urlsplit(page.url).path or '/'} HTTP/1.1", lines),
                warc_headers_dict=stamp | {"WARC-Record-ID": _record_id(page, "request"), "WARC-Concurrent-To": answer},
            )
        )


def _record_id(page: SamplePage, kind: str) -> str:
    """warcio would draw a random id; one made from what the record holds keeps the files the same."""
    name = f"{page.url} {page.fetched:%Y-%m-%dT%H:%M:%SZ} {kind} {(page.asks or b'').decode()}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"
