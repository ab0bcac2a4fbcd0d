"""Numbers in Chinese prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.numerals import number_from, year_from

DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """The number below one hundred as a person writes it."""
    if number < 10:
        return DIGITS[number]
    tens, units = divmod(number, 10)
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[units] if units else "")


@given(st.integers(min_value=1, max_value=99))
def test_what_is_written_is_read(number: int) -> None:
    assert number_from(written(number)) == number_from(str(number)) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [("廿", 20), ("廿三", 23), ("百", 100), ("一百二", 120), ("一百零八", 108), ("两", 2), ("二〇", 20), ("十十", None),
     ("", None), ("第三", None), ("1234567890", None)],
)  # fmt: skip
def test_other_forms(words: str, number: int | None) -> None:
    assert number_from(words) == number


@given(st.text(max_size=8))
def test_nothing_raises(words: str) -> None:
    number = number_from(words)
    assert number is None or number >= 0
    year = year_from(words)
    assert year is None or 1998 <= year <= 2040
