"""Compressed bodies cut anywhere: none is taken for a page."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from backports import zstd

from crawler.fetch.body import ends_well, is_complete
from tests.office import pdf_of, xlsx_of

PAGE = (Path(__file__).parent / "pages" / "sites" / "ucap_portal.html").read_bytes() * 3
CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
CUTS = 200


@pytest.mark.parametrize("coding", CODERS)
def test_no_cut_body_is_complete(coding: str) -> None:
    whole = CODERS[coding](PAGE)
    places = {max(1, len(whole) * number // CUTS) for number in range(1, CUTS)} | {len(whole) - 1}
    assert len(places) >= CUTS - 1
    assert is_complete(whole, coding, 10**6)
    assert [place for place in sorted(places) if is_complete(whole[:place], coding, 10**6)] == []


@pytest.mark.parametrize(
    ("whole", "cut"),
    [
        (PAGE, PAGE[: len(PAGE) // 3 - 40]),
        (b'<?xml version="1.0"?><rss><item/></rss>\n', b'<?xml version="1.0"?><rss><it'),
        (b'{"rows": [{"a": 1}]}', b'{"rows": [{"a": 1'),
        (pdf_of([["a"]]), pdf_of([["a"]])[:-10]),
        (xlsx_of([["a", "b"]], []), xlsx_of([["a", "b"]], [])[:-30]),
        (b"User-agent: *\nDisallow:", None),
    ],
)
def test_a_body_tells_by_its_format_whether_it_is_at_its_end(whole: bytes, cut: bytes | None) -> None:
    assert ends_well(whole)
    assert cut is None or not ends_well(cut)
