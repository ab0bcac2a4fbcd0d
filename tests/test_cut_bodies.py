"""Compressed bodies cut anywhere: none is taken for a page."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from backports import zstd

from crawler.fetch.body import is_complete

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
