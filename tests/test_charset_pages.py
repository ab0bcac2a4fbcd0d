"""Sixty pages in eight encodings, each with header and declaration right, wrong or missing: never the wrong text in silence."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest

from crawler.errors import DocumentError
from crawler.read import decode

SITES = Path(__file__).parent / "pages" / "sites"
ENCODINGS = ("utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "big5hkscs", "utf-16", "hz")
CALLED = {"utf-8-sig": "utf-8", "big5hkscs": "big5", "hz": "hz-gb-2312"}
WRONG = {"gb2312": "utf-8", "gbk": "big5", "gb18030": "iso-8859-1", "utf-8": "gb2312", "utf-8-sig": "gbk"}
_META = re.compile(r"<meta[^>]*charset[^>]*>", re.IGNORECASE)


def texts() -> list[str]:
    """The fixtures without the encoding that they declare."""
    found = []
    for path in sorted(SITES.glob("*.json")):
        encoding = json.loads(path.read_text(encoding="utf-8")).get("charset")
        body = path.with_suffix(".html").read_bytes()
        try:
            text = body.decode(encoding or "utf-8")
        except UnicodeDecodeError:
            text = body.decode("gb18030")
        found.append(_META.sub("", text))
    return found


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_pages_are_decoded_whatever_is_said_of_them(encoding: str) -> None:
    right = wrong = refused = 0
    declared = (None, CALLED.get(encoding, encoding), WRONG.get(encoding, "utf-8"))
    for text, header, meta in product(texts(), declared, declared):
        page = f'<meta charset="{meta}">{text}' if meta else text
        body = page.encode(encoding, "xmlcharrefreplace")
        expected = page.encode(encoding, "xmlcharrefreplace").decode(encoding).lstrip("\ufeff")
        try:
            found = decode(body, header=f"text/html; charset={header}" if header else None).text
        except DocumentError:
            refused += 1
            continue
        right += found == expected
        wrong += found != expected
    assert right + wrong + refused >= 60 * 9
    assert (right / (right + wrong + refused) >= 0.99, wrong) == (True, 0), (right, wrong, refused)
