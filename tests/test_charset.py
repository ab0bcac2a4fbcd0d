"""crawler.read.charset: what decodes a page, whatever it is said to be."""

from __future__ import annotations

import codecs
import random
from itertools import product

import pytest

from crawler.errors import DocumentError
from crawler.read import decode
from crawler.read.charset import is_mojibake

SIMPLE = "临江市政府门户网站在全省年度考评中以九十三分居第二位，信息更新更加及时，办事服务更加完整。"
TRADITIONAL = "臨江市政府入口網站在全省年度考評中以九十三分居第二位，資訊更新更加及時，辦事服務更加完整。"
ENCODINGS = ("utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "big5", "utf-16", "hz")
DECLARED = (None, "utf-8", "gb2312", "big5", "iso-8859-1", "x-unknown")


def page(text: str, declared: str | None) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return f"<html><head>{meta}<title>{text[:12]}</title></head><body><p>{text}</p></body></html>"


def body_of(encoding: str, declared: str | None) -> bytes:
    text = page(TRADITIONAL if encoding == "big5" else SIMPLE, declared)
    return text.encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_header_and_meta_may_be_wrong_or_missing(encoding: str) -> None:
    for header, meta in product(DECLARED, DECLARED):
        content_type = f"text/html; charset={header}" if header else None
        decoded = decode(body_of(encoding, meta), header=content_type)
        assert (TRADITIONAL if encoding == "big5" else SIMPLE) in decoded.text, (header, meta, decoded.charset)


def test_a_wrong_byte_order_mark_does_not_decide() -> None:
    assert SIMPLE in decode(codecs.BOM_UTF8 + page(SIMPLE, "gbk").encode("gbk"), header=None).text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_no_text(encoding: str) -> None:
    decoded = decode(page(SIMPLE, None).encode(encoding), header=None)
    assert decoded.text.startswith("<html>")
    assert decoded.reason == "byte order mark"


def test_gb2312_is_read_as_its_superset() -> None:
    body = page("镕基、喆、囍" + SIMPLE, "gb2312").encode("gb18030")
    decoded = decode(body, header=None)
    assert (decoded.charset, decoded.reason) == ("gb18030", "declared")
    assert "镕基、喆" in decoded.text


def test_a_broken_character_does_not_spoil_a_page() -> None:
    body = page(SIMPLE * 20, None).encode()
    at = body.index("及时".encode())
    decoded = decode(body[: at + 1] + body[at + 3 :], header=None)
    assert decoded.charset == "utf-8"
    assert decoded.reason.endswith("damaged")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_body_cut_within_a_character_is_refused(encoding: str) -> None:
    body = SIMPLE.encode(encoding)
    with pytest.raises(DocumentError, match="cut off"):
        decode(body[:-1], header=f"text/html; charset={encoding}")


@pytest.mark.parametrize(
    ("right", "wrong"), [("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gb18030", "latin-1"), ("utf-8", "cp1252")]
)
def test_mojibake_is_refused(right: str, wrong: str) -> None:
    spoilt = page((SIMPLE * 4).encode(right).decode(wrong, "replace"), "utf-8")
    with pytest.raises(DocumentError, match="mojibake"):
        decode(spoilt.encode(), header=None)


def test_replacement_characters_are_mojibake() -> None:
    assert is_mojibake("锟斤拷" * 20 + SIMPLE)
    assert is_mojibake("\ufffd" * 20 + SIMPLE)
    assert not is_mojibake(SIMPLE)
    assert not is_mojibake("Plain English, nothing else.")


def test_random_bytes_are_no_text() -> None:
    chance = random.Random(7)
    for size in (16, 400, 20_000):
        with pytest.raises(DocumentError, match="is no text"):
            decode(chance.randbytes(size), header="text/html; charset=utf-8", where="x.bin")
