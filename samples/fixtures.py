"""One recorded list and article for every source of settings.toml, so that each can be checked without network.

The pages are readable UTF-8 files under `sources/<id>/`, named by a `fixture.toml` that also says what must be read from
them. They are built to what is on record of each site: structure, encoding, addresses, traps. Words and figures are
invented, and no page was copied.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from samples import SamplePage, write_recording

__all__ = ["ROBOTS", "Fixture", "fixtures", "robots_of", "write_fixtures"]

_FOLDER = Path(__file__).resolve().parent / "sources"

ROBOTS = "User-agent: *\nDisallow: /admin/\n"
"""robots.txt of every site of the fixtures."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """What one source answers, and what must be read from it."""

    source: str
    """Id of the source."""
    traps: tuple[str, ...]
    """What is hard about it, in words."""
    pages: tuple[SamplePage, ...]
    """Its answers: the first is page 1 of its first entry. Without robots.txt, see `robots_of`."""
    items: tuple[Mapping[str, str], ...]
    """The entries of that page in their order: url, title, date (ISO 8601; missing where there is none)."""
    article: Mapping[str, str]
    """The first entry that is on the topic: url, title, published, outlet, and words of its text."""


def fixtures() -> list[Fixture]:
    """All fixtures, by the ids of their sources. Raises UnicodeEncodeError where a text does not fit its charset."""
    return [_fixture(path) for path in sorted(_FOLDER.glob("*/fixture.toml"))]


def _fixture(path: Path) -> Fixture:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    fetched: datetime = data["fetched"].astimezone(UTC)
    return Fixture(
        source=path.parent.name,
        traps=tuple(data.get("traps", ())),
        pages=tuple(_page(path.parent, page, fetched) for page in data["pages"]),
        items=tuple(data["items"]),
        article=data["article"],
    )


def _page(folder: Path, page: Mapping[str, Any], fetched: datetime) -> SamplePage:
    charset = page.get("charset", "utf-8")
    return SamplePage(
        url=page["url"],
        status=page.get("status", 200),
        headers={"Content-Type": page["type"]},
        charset=charset,
        body=(folder / page["file"]).read_text(encoding="utf-8").encode(charset),
        fetched=fetched,
        asks=page["asks"].encode() if "asks" in page else None,
    )


def robots_of(pages: Iterable[SamplePage]) -> list[SamplePage]:
    """robots.txt of every site that the pages stand on, once each."""
    found: dict[str, SamplePage] = {}
    for page in pages:
        parts = urlsplit(page.url)
        url = f"{parts.scheme}://{parts.netloc}/robots.txt"
        found.setdefault(
            url, SamplePage(url, 200, {"Content-Type": "text/plain"}, "utf-8", ROBOTS.encode(), page.fetched)
        )
    return list(found.values())


def write_fixtures(path: Path, chosen: Iterable[Fixture] | None = None) -> Path:
    """Write one WARC file with the answers of these fixtures, or of all; returns its path."""
    pages = [page for fixture in (fixtures() if chosen is None else chosen) for page in fixture.pages]
    return write_recording(path, [*robots_of(pages), *pages])
