"""A guarded expression finds what the plain one finds, and looks at the first character before."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.firsts import guarded
from crawler.extract.rulebook import load_rulebook

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize(
    ("pattern", "characters"),
    [
        ("政府网|网站", "政网"),
        ("(?:各)?设区|地级", "各地设"),
        ("(?<!一)[二三]类", "二三"),
        (r"第?\s*\d+名", r"\d\s第"),
        ("(?:甲|乙?)丙{0,3}丁", "丁丙乙甲"),
        ("甲*?乙{,2}丙+丁", "丙乙甲"),
        ("(?=甲)乙", "乙"),
        ("^(?P<r0>甲)|(?P<r1>乙)$", "乙甲"),
        (r"[\]甲]乙|\(丙|[)]", r")\(\]甲"),
        ("[A-E]级", "A-E"),
        ("甲[^乙]|丙.", "丙甲"),
    ],
)
def test_first_characters_stand_before_the_pattern(pattern: str, characters: str) -> None:
    expression = guarded(pattern)
    assert expression.endswith(f"(?:{pattern})")
    assert sorted(expression.removesuffix(f"])(?:{pattern})").removeprefix("(?=[")) == sorted(characters)


@pytest.mark.parametrize("pattern", [".甲", "[^甲]乙", "甲?", "甲*|乙", "", "(?:[^,]{0,4})甲", r"\w甲", "甲|(?:乙|)"])
def test_what_can_begin_with_anything_or_be_empty_is_left_alone(pattern: str) -> None:
    assert guarded(pattern) == pattern


def patterns() -> Iterator[str]:
    book = load_rulebook()
    for table in book.tables.values():
        yield from (rule.pattern for rule in table.rules)
    for series in book.series:
        yield "|".join(series.patterns)


PATTERNS = list(patterns())
TEXTS = [
    document["text"]
    for path in sorted(CORPUS.glob("*.toml"))
    for document in tomllib.loads(path.read_text(encoding="utf-8"))["document"]
]
LETTERS = sorted({letter for pattern in PATTERNS for letter in pattern} | set("0123456789,。;、 \n"))


def same_matches(pattern: str, text: str) -> bool:
    plain, quick = re.compile(pattern), re.compile(guarded(pattern))
    return [match.span() for match in plain.finditer(text)] == [match.span() for match in quick.finditer(text)]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_rule_finds_the_same_in_the_corpus(pattern: str) -> None:
    assert all(same_matches(pattern, text) for text in TEXTS)


@given(st.sampled_from(PATTERNS), st.text(st.sampled_from(LETTERS), max_size=60))
def test_every_rule_finds_the_same_in_any_text(pattern: str, text: str) -> None:
    assert same_matches(pattern, text)
