from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.likeness import MOST_MARKS, contradict, is_copy, letters_of, marks_of, shingles_of, tell_alike
from tests.store_samples import NEWS, OTHER_NEWS
from tests.test_copies import COPIES, DISCLAIMER, SENTENCES


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_copies_are_found(copy: str) -> None:
    assert is_copy(letters_of(NEWS), letters_of(copy))
    assert is_copy(letters_of(copy), letters_of(NEWS))


def test_different_articles_with_the_same_disclaimer_are_no_copies() -> None:
    assert not is_copy(letters_of(NEWS + DISCLAIMER), letters_of(OTHER_NEWS + DISCLAIMER))


def test_short_texts_are_copies_only_when_equal() -> None:
    short = "评估结果和各单位名次见下面的图片。"
    assert not is_copy(letters_of(short), letters_of(f"{short}{NEWS}"))
    assert is_copy(letters_of("请看图片。"), letters_of("请看 图片"))
    assert not is_copy(letters_of(""), letters_of(NEWS))


def other(**changed: str) -> str:
    """NEWS with other words in it."""
    text = NEWS
    for old, new in changed.items():
        text = text.replace(old, new)
    return text


NEAR_MISSES = {
    "another place": other(湖北="湖南", 武汉市="长沙市", 襄阳市="岳阳市", 宜昌市="常德市"),
    "another year": other(年政府="届政府").replace("2024届", "2023年").replace("第五", "第九").replace("两位", "三位"),
    "other outcomes": other(第五="第八", 第三="第六", 排到第四="排到第九"),
    "another place, wrapped and cut": "请看下面的消息。"
    + other(湖北省="湖南省", 武汉市="长沙市", 襄阳市="岳阳市")[:190],
    "one of few outcomes": NEWS.replace("第五", "第六"),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_what_one_template_says_of_another_place_year_or_outcome_is_no_copy(text: str) -> None:
    one, two = letters_of(NEWS), letters_of(text)
    shorter, longer = sorted((shingles_of(one), shingles_of(two)), key=len)
    assert len(shorter & longer) >= 0.7 * len(shorter)
    assert contradict(one, two)
    assert contradict(two, one)
    assert not is_copy(one, two)


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_copies_do_not_contradict(copy: str) -> None:
    assert not contradict(letters_of(NEWS), letters_of(copy))


@pytest.mark.parametrize(
    "copy",
    [
        NEWS.replace("第五", "第5").replace("第三", "第3").replace("第四", "第4"),
        NEWS.replace("湖北省政府门户网站", "湖北省门户网站"),
        NEWS + "责任编辑在荆州市写下这些话，时间是2025年1月7日，电话027。",
    ],
    ids=[
        "figures for numerals",
        "a word less",
        "a line with another place and year",
    ],
)
def test_a_copy_may_write_a_figure_otherwise_or_add_others(copy: str) -> None:
    assert is_copy(letters_of(NEWS), letters_of(copy))


def named(*places: str) -> str:
    """Each place behind words of its own."""
    return "".join(
        "".join(chr(0x5000 + 97 * number + i) for i in range(6)) + place for number, place in enumerate(places)
    )


def test_what_was_cut_from_a_list_or_added_to_one_is_no_contradiction() -> None:
    listed = "荆州市政府门户网站、襄阳市政府门户网站、宜昌市政府门户网站"
    assert not contradict(listed, listed[:21])
    assert not contradict(listed[:21], listed)
    assert contradict(listed[:21], listed[11:])


def test_one_place_in_place_of_another_more_than_once_is_a_contradiction() -> None:
    cities = [
        "北京市",
        "上海市",
        "天津市",
        "重庆市",
        "成都市",
        "福州市",
        "南京市",
        "长沙市",
        "广州市",
        "贵阳市",
        "昆明市",
    ]
    text = named(*cities, "荆州市", "荆州市", *cities)
    assert not contradict(text, text.replace("荆州市", "襄阳市", 1))
    assert contradict(text, text.replace("荆州市", "襄阳市"))


def test_figures_on_both_sides_of_a_full_stop_stay_two() -> None:
    assert letters_of("得分98.4。2016年，第 5 名") == "得分98.4.2016年第5名"


def test_two_halves_of_one_article_are_no_copies() -> None:
    note = "编者按：这篇文章分两次刊登，请接着看。"
    assert not is_copy(letters_of(note + "".join(SENTENCES[:3])), letters_of(note + "".join(SENTENCES[3:])))


def test_facts_of_which_none_is_in_both_keep_apart() -> None:
    assert not tell_alike(frozenset("ab"), frozenset("cd"))
    assert tell_alike(frozenset("abc"), frozenset("cde"))
    assert tell_alike(frozenset(), frozenset("c"))


def test_a_part_is_a_copy_whatever_its_facts_and_a_text_of_the_same_length_is_not() -> None:
    whole = letters_of(NEWS)
    assert is_copy(whole[:200], whole, alike=False)
    assert not is_copy(whole[:200] + letters_of(OTHER_NEWS)[:20], whole, alike=False)
    assert not is_copy(whole[8:], whole, alike=False)
    assert is_copy(whole[8:], whole)
    assert not is_copy(whole, whole, alike=False)


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_being_a_copy_goes_both_ways(one: str, two: str) -> None:
    first, second = letters_of(one + NEWS), letters_of(two + NEWS)
    assert is_copy(first, second) == is_copy(second, first)
    assert contradict(first, second) == contradict(second, first)


@settings(deadline=None)
@given(st.integers(0, 4), st.integers(0, 9))
def test_a_text_has_few_marks_and_a_part_has_those_that_stand_in_it(times: int, drop: int) -> None:
    whole = letters_of("".join(f"{NEWS}{OTHER_NEWS}{number}" for number in range(2**times)))
    part = whole[: len(whole) * (10 - drop) // 10]
    marks, of_part = marks_of(whole), marks_of(part)
    assert len(marks.numbers) <= MOST_MARKS
    assert all(number % marks.rate == 0 for number in marks.numbers)
    assert of_part.rate <= marks.rate
    assert {number for number in of_part.numbers if number % marks.rate == 0} <= marks.numbers
