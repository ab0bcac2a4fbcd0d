"""Bytes → text: the encoding that decodes cleanly and reads like its language.

UTF-8 is tried strictly first: what is valid UTF-8 is hardly ever anything else, while declarations are wrong in one page of
twelve. Then the byte order mark, the header, the page's own declaration (WHATWG encoding names; GB18030 for all of GB2312,
GBK and GB18030), and what Chinese pages are written in; of these the one whose characters are common ones wins.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bs4.dammit import EncodingDetector

from crawler.errors import DocumentError
from crawler.read.script import simplify

__all__ = ["UTF8", "Decoded", "decode", "is_mojibake"]

UTF8 = "valid as UTF-8"
"""The reason that needs no telling."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CALLED = {
    "gb18030": "gb2312 gbk x-gbk cp936 gb_2312-80 gb_2312 chinese csgb2312 iso-ir-58 gb18030 windows-936",
    "big5hkscs": "big5 big5-hkscs x-x-big5 cn-big5 csbig5 big5hkscs cp950",
    "utf-8": "utf8 utf-8 unicode-1-1-utf-8 utf-8-sig utf",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2",
    "cp1252": "iso-8859-1 latin1 latin-1 windows-1252 ascii us-ascii iso8859-1",
    "hz": "hz hz-gb-2312",
}
"""What pages call an encoding, by the superset that holds what they write."""
_NAMES = {name: codec for codec, names in _CALLED.items() for name in names.split()}
_SAMPLE = 3000
"""Characters beyond ASCII that are looked at to tell whether a text reads like its language."""
_JUDGED = 1000
"""Characters beyond ASCII by which mojibake is told."""
_CLEAN = 0.75
"""Share of common characters from which on a strict decoding is taken: real pages have over 0.9, wrong ones under 0.6."""
_DAMAGE = 0.02
"""Share of undecodable characters up to which a page is read all the same: CMSs cut summaries within a character."""
_LOOKED_AT, _STEP = 1_000_000, 30_000
_ASCII = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text."""

    text: str
    """Without byte order mark."""
    charset: str
    """The encoding that decoded it, by Python's name."""
    reason: str
    """Why this one: valid as UTF-8, byte order mark, header, declared, detected; and how many characters were damaged."""


def decode(body: bytes, *, header: str | None, where: str | None = None) -> Decoded:
    """The text of a page. `header` is its Content-Type. Raises DocumentError for bytes that are no text in any encoding
    known, and for mojibake.

    >>> decode("中文网站".encode("gbk"), header="text/html; charset=utf-8").charset
    'gb18030'
    """
    decoded = _strict_utf8(body) or _best(body, header)
    if decoded is None:
        raise DocumentError(
            "is no text in any known encoding",
            where=where,
            hint="Binary or damaged: fetch it again or give HTML or text",
        )
    if "damaged" in decoded.reason and _is_cut(body, decoded.charset):
        raise DocumentError("is cut off within a character", where=where, hint="Fetch it again: its end is missing")
    if is_mojibake(decoded.text):
        raise DocumentError(
            f"is text that was decoded wrongly before (mojibake, read as {decoded.charset})",
            where=where,
            hint="Get it from its source again",
        )
    return decoded


def is_mojibake(text: str) -> bool:
    """Was the text decoded with a wrong encoding and stored so? Judged on its first characters beyond ASCII.

    >>> is_mojibake("中国政府网站绩效评估".encode().decode("gbk", "replace") * 9), is_mojibake("政府网站")
    (True, False)
    """
    sample = _sample(text)[:_JUDGED]
    if len(sample) < 12:
        return False
    if sample.count("\ufffd") + 3 * sample.count("锟斤拷") > len(sample) * 0.05:
        return True
    if _commonness(sample) >= _CLEAN:
        return False
    return any(_reads_better(sample, wrong, right) for wrong, right in _CONFUSED)


_CONFUSED = (
    ("gb18030", "utf-8"),
    ("cp1252", "utf-8"),
    ("latin-1", "utf-8"),
    ("latin-1", "gb18030"),
    ("cp1252", "gb18030"),
)


def _reads_better(sample: str, wrong: str, right: str) -> bool:
    again = sample.encode(wrong, "ignore").decode(right, "ignore")
    return (
        len(again) * 5 > len(sample) and len(again) >= 4 and _commonness(again) > max(0.6, _commonness(sample) + 0.15)
    )


def _strict_utf8(body: bytes) -> Decoded | None:
    if body.startswith(codecs.BOM_UTF8):
        body, reason = body[3:], "byte order mark"
    else:
        reason = UTF8
    if (
        b"\0" in body
        or (b"~{" in body[:20000] and b"~}" in body[:20000] and body.isascii())
        or b"\x1b$" in body[:20000]
    ):
        return None
    try:
        return Decoded(body.decode("utf-8"), "utf-8", reason)
    except UnicodeDecodeError:
        return None


def _best(body: bytes, header: str | None) -> Decoded | None:
    """The first candidate that decodes cleanly and reads well; else the one that does so best with little damage."""
    damaged: list[tuple[float, Decoded]] = []
    for codec, reason in _candidates(body, header):
        mark = next((mark for mark, name in _BOMS if body.startswith(mark)), b"")
        text, errors = _attempt(body.removeprefix(mark), codec)
        sample = _sample(text)
        if not text.strip("\0 \r\n\t") or _has_controls(text):
            continue
        quality = _commonness(sample)
        if not errors and (quality >= _CLEAN or (codec == "cp1252" and len(sample) < len(text) * 0.05)):
            return Decoded(text, codec, reason)
        if errors <= max(2, _DAMAGE * len(sample)) and quality >= _CLEAN:
            damaged.append(
                (quality - errors / max(1, len(sample)), Decoded(text, codec, f"{reason}, {errors} damaged"))
            )
    return max(damaged, key=lambda pair: pair[0])[1] if damaged else None


def _candidates(body: bytes, header: str | None) -> Iterator[tuple[str, str]]:
    """Encodings to try and why, each once."""
    named = [(codec, "byte order mark") for mark, codec in _BOMS if body.startswith(mark)]
    named += [("hz", "detected")] if b"~{" in body and body.isascii() else []
    if header and (match := re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", header, re.IGNORECASE)):
        named.append((match.group(1), "header"))
    declared = EncodingDetector.find_declared_encoding(body[:20000], is_html=True, search_entire_document=True)
    named += [(declared, "declared")] if declared else []
    if b"\0" in body:
        named += [("utf-16-le", "detected"), ("utf-16-be", "detected")]
    else:
        named += [(name, "detected") for name in ("utf-8", "gb18030", "big5hkscs", "cp1252")]
    seen: set[str] = set()
    for name, reason in named:
        codec = _NAMES.get(name.lower(), name.lower())
        wide = codec.startswith(("utf-16", "utf-32"))
        if codec in seen or wide != (b"\0" in body) or (codec == "hz" and b"~{" not in body):
            continue
        seen.add(codec)
        yield codec, reason


def _attempt(body: bytes, codec: str) -> tuple[str, int]:
    """The text, and how many characters could not be decoded; an unknown codec gives nothing."""
    try:
        return body.decode(codec), 0
    except LookupError:
        return "", 0
    except UnicodeDecodeError:
        text = body.decode(codec, "replace")
        return text, text.count("\ufffd")


def _is_cut(body: bytes, codec: str) -> bool:
    """Does the body end within a character, and is nothing else wrong with it?"""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        decoder.decode(body)
    except UnicodeDecodeError:
        return False
    return bool(decoder.getstate()[0])


def _has_controls(text: str) -> bool:
    """Control characters that no text holds: the mark of a binary file."""
    return len(re.findall(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text[:20000])) > max(2, len(text[:20000]) // 500)


def _sample(text: str) -> str:
    """The first characters beyond ASCII."""
    beyond = b""
    for start in range(0, min(len(text), _LOOKED_AT), _STEP):
        beyond += text[start : start + _STEP].encode("utf-8", "replace").translate(None, _ASCII)
        if len(beyond) >= _SAMPLE * 4:
            break
    return beyond[: _SAMPLE * 4].decode("utf-8", "ignore")[:_SAMPLE]


def _commonness(sample: str) -> float:
    """Which share of the characters are ones that Chinese pages use; 1.0 where there are none beyond ASCII."""
    if not sample:
        return 1.0
    return sum(map(_common().__contains__, sample)) / len(sample)


@cache
def _common() -> frozenset[str]:
    """The 3,755 ideographs of GB 2312 level 1, the traditional forms of them, and the signs of its first rows."""
    level_one = bytes(byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    signs = bytes(byte for row in (0xA1, 0xA3) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    simple = frozenset(level_one.decode("gb2312", "ignore"))
    traditional = "".join(sign for code in range(0x4E00, 0xA000) if simplify(sign := chr(code)) in simple)
    known = traditional + level_one.decode("gb2312", "ignore") + signs.decode("gb2312", "ignore")
    return frozenset(known + "\u00a0\u3000©®™•·—–…‘’“”×\u200b\ufeff①②③④⑤⑥⑦⑧⑨⑩│├└■□▲△●○◆◇★☆→←↑↓»«›‹€£¥°")
