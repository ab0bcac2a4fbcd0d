"""Text as printed → text that rules are matched on: simplified characters, half-width letters, no injected readings.

Every step either maps one character to one character or deletes some, so that offsets back into the printed text stay
exact. Rules N1 to N4 of the grammar notes.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["normalise", "simplify"]

_UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff"
"""Soft hyphens, zero-width characters, direction marks and variation selectors."""
_NOISE = re.compile(f"[@＠](?:[{_UNSEEN}]*[@＠])+|[{_UNSEEN}]+|[(（]\\d{{6}}[,，] ?股吧[)）]")
"""Signs between characters (N4), what cannot be seen, and the share codes that finance sites put behind any name."""

_NOISY = re.compile(f"[@＠{_UNSEEN}]")
"""A set of signs alone is searched for several times as fast."""

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_SYLLABLE = (
    "(?:[bpm](?:a|o|ai|ei|ao|ou|an|en|ang|eng|i|ie|iao|iu|ian|in|iang|ing|u)"
    "|f(?:a|o|ei|ou|an|en|ang|eng|u)"
    "|[dtnl](?:a|e|ai|ei|ao|ou|an|en|ang|eng|ong|i|ia|ie|iao|iu|ian|in|iang|ing|u|uo|ui|uan|un|[vü]e?|ue)"
    "|[gkh](?:a|e|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang)"
    "|[jqx](?:i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ue|uan|un)"
    "|(?:[zcs]h?|r)(?:a|e|i|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang)"
    "|y(?:a|o|e|ao|ou|an|ang|i|in|ing|ong|u|ue|uan|un)|w(?:a|o|ai|ei|an|en|ang|eng|u)"
    "|ai|ei|ao|ou|an|en|ang|er)"
)
_IDEOGRAPH = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTERS = f"a-zɑɡü{_TONED}"
_TONED_READING = re.compile(f"[(（] ?(?=[{_LETTERS}]{{1,6}} ?[)）])[a-zɑɡü]*[{_TONED}][{_LETTERS}]* ?[)）]")
_READINGS = re.compile(f"(?<=[{_IDEOGRAPH}])(?:[(（] ?[{_LETTERS}]{{1,6}} ?[)）])+")
_SURE_READINGS = re.compile(
    f"(?<=[{_IDEOGRAPH}])(?:[(（] ?(?:{_SYLLABLE}|[a-zɑɡü]{{0,4}}[{_TONED}][a-zɑɡü]{{0,4}}) ?[)）])+"
)
_MAYBE_READING = re.compile(f"[{_IDEOGRAPH}][{_UNSEEN}]*[(（] ?[{_LETTERS}]")
_LINE = 400
"""Characters of a line that is remembered; what is longer is asked for once or twice only."""
_SHORT = 60
"""Characters under which a line is looked up sign by sign."""
_FEW = 24
"""Different signs to be replaced, up to which each is replaced by itself."""
_MANY_READINGS = 5
"""From so many toned readings on, the page is taken for one into which readings were injected: then (a) goes too."""


def normalise(text: str) -> tuple[str, Sequence[int]]:
    """`text` in simplified characters, half-width forms, without readings, `@@` and invisible characters; and where each
    character of that stands in `text`, with the length of `text` as last element. Normalising the result changes nothing.

    >>> plain, offsets = normalise("遼甯省（２）國(guó)家")
    >>> plain, list(offsets)
    ('辽宁省(2)国家', [0, 1, 2, 3, 4, 5, 6, 12, 13])
    """
    return _normalised(text) if len(text) < _LINE else _normalise(text)


@lru_cache(maxsize=512)
def _normalised(text: str) -> tuple[str, Sequence[int]]:
    # headline, byline and boilerplate ask for the same lines
    return _normalise(text)


def _normalise(text: str) -> tuple[str, Sequence[int]]:
    kept: Sequence[int] = range(len(text) + 1)
    if _NOISY.search(text) or "股吧" in text:
        text, kept = _without(text, kept, _NOISE)
    if ("(" in text or "（" in text) and _MAYBE_READING.search(text):
        text = text.translate(_half_width())
        text, kept = _without(text, kept, _reading_pattern(text))
    return simplify(text), kept


def simplify(text: str) -> str:
    """`text` half-width, with every traditional character replaced by its simplified one; the length does not change."""
    simple = _replaced(text)
    if _ambiguous().isdisjoint(text):
        return simple
    phrases, pattern = _phrases()
    parts: list[str] = []
    done = 0
    for match in pattern.finditer(text):
        parts += (simple[done : match.start()], phrases[match.group()])
        done = match.end()
    return "".join((*parts, simple[done:]))


def _replaced(text: str) -> str:
    forms = _simple_forms()
    if len(text) < _SHORT:
        return text.translate(forms)
    found = _signs().intersection(text)
    if len(found) > _FEW:
        return text.translate(forms)
    # a few replacements in C take a tenth of the time of looking every character up
    for sign in found:
        text = text.replace(sign, forms[ord(sign)])
    return text


def _reading_pattern(text: str) -> re.Pattern[str]:
    toned = sum(1 for _ in _TONED_READING.finditer(text))
    return _READINGS if toned >= _MANY_READINGS else _SURE_READINGS


def _without(text: str, kept: Sequence[int], pattern: re.Pattern[str]) -> tuple[str, Sequence[int]]:
    spans = [match.span() for match in pattern.finditer(text)]
    if not spans:
        return text, kept
    parts: list[str] = []
    offsets = array("l")
    for start, end in _gaps(spans, len(text)):
        parts.append(text[start:end])
        offsets.extend(kept[start:end])
    offsets.append(kept[-1])
    return "".join(parts), offsets


def _gaps(spans: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    start = 0
    for first, last in spans:
        yield start, first
        start = last
    yield start, length


_RADICALS = "⺠民⺟母⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟"
"""Radicals that PDF and copied text have in place of the ideograph, and that Unicode does not map to it."""


@cache
def _half_width() -> dict[int, str]:
    """Full-width ASCII, ideographic and other spaces, radicals and compatibility ideographs."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {ord(radical): sign for radical, sign in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)}
    table |= dict.fromkeys((0x00A0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000), " ")
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    return table


def _dictionary(name: str) -> Iterator[tuple[str, str]]:
    """Pairs of an OpenCC dictionary; of several readings the first."""
    for line in files("opencc").joinpath("dictionary", name).read_text(encoding="utf-8").splitlines():
        source, _, targets = line.partition("\t")
        if targets:
            yield source, targets.split(" ")[0]


@cache
def _simplified() -> dict[int, str]:
    """One character to one character; a character outside the two-byte planes is what no font and no rule knows."""
    pairs = {ord(a): b for a, b in _dictionary("TSCharacters.txt") if len(a) == 1 and len(b) == 1 and b < "\U00010000"}
    return {code: pairs.get(ord(target), target) for code, target in pairs.items() if chr(code) != target}


@cache
def _simple_forms() -> dict[int, str]:
    """Half-width and simplified at once."""
    simplified = _simplified()
    folded = {code: simplified.get(ord(form), form) for code, form in _half_width().items()}
    return simplified | folded


@cache
def _signs() -> frozenset[str]:
    """What has a simple form."""
    return frozenset(map(chr, _simple_forms()))


@cache
def _phrases() -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Phrases that differ from what their characters give alone, and the same phrases already simplified."""
    table = _simplified()
    own = {a: b for a, b in _dictionary("TSPhrases.txt") if len(a) == len(b) and a.translate(table) != b}
    own |= {"乾安": "乾安", "於潜": "於潜", "於潛": "於潜"}
    phrases = own | {b: b for b in own.values() if b.translate(table) != b}
    return phrases, re.compile("|".join(sorted(map(re.escape, phrases), key=len, reverse=True)))


@cache
def _ambiguous() -> frozenset[str]:
    """The characters that make a phrase differ: a text without any of them needs no phrases."""
    table = _simplified()
    phrases, _ = _phrases()
    signs = {
        a for phrase, plain in phrases.items() for a, b in zip(phrase, plain, strict=True) if a.translate(table) != b
    }
    return frozenset(signs)
