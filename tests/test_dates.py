"""crawler.read.dates: every form that pages print."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.read.dates import BEIJING, dates_in, first_date, from_address, from_epoch, from_list, in_range

NOW = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2021-01-05 10:40", "2021-01-05T10:40:00+08:00"),
        ("2015-12-25 09:45:15", "2015-12-25T09:45:15+08:00"),
        ("2026年09月24日 15:30", None),
        ("2021年1月5日", "2021-01-05"),
        ("2021 年 1 月 5 日", "2021-01-05"),
        ("2016年05月25日10:10", "2016-05-25T10:10:00+08:00"),
        ("2019/1/3", "2019-01-03"),
        ("2021.12.17", "2021-12-17"),
        ("[2021-12-17]", "2021-12-17"),
        ("2019-09-18-06:23:00", "2019-09-18T06:23:00+08:00"),
        ("2021-12-17T19:56:29+08:00", "2021-12-17T19:56:29+08:00"),
        ("2021-12-17T11:56:29Z", "2021-12-17T19:56:29+08:00"),
        ("2021-12-17 19:56:29 +0800", "2021-12-17T19:56:29+08:00"),
        ("2021-05-06 下午3:20", "2021-05-06T15:20:00+08:00"),
        ("2019-10-0812:00", "2019-10-08T12:00:00+08:00"),
        ("二〇二一年十二月十七日", "2021-12-17"),
        ("20211217", "2021-12-17"),
        ("1639742189", "2021-12-17T19:56:29+08:00"),
        ("1639742189000", "2021-12-17T19:56:29+08:00"),
        ("Thu, 03 Jan 2019 02:11:00 GMT", "2019-01-03T10:11:00+08:00"),
        ("2021年112月30日", None),
        ("2021-02-30", None),
        ("1994-12-31", None),
        ("2026-01-02", "2026-01-02"),
        ("2026-01-03 10:00", None),
        ("第十九届", None),
        ("", None),
    ],
)
def test_a_field_gives_its_date(printed: str, iso: str | None) -> None:
    found = first_date(printed, fetched=NOW)
    assert (found.isoformat() if found else None) == iso


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("12-31", "2025-12-31"),
        ("01-02", "2026-01-02"),
        ("[01/01]", "2026-01-01"),
        ("3月5日", "2025-03-05"),
        ("08 2021-12", "2021-12-08"),
        ("2021-12 08", "2021-12-08"),
        ("3小时前", "2026-01-02T06:00:00+08:00"),
        ("2天前", "2025-12-31"),
        ("昨天 08:15", "2026-01-01T08:15:00+08:00"),
        ("得分91.5", None),
        ("排名前3", None),
    ],
)
def test_a_list_gives_dates_without_year(printed: str, iso: str | None) -> None:
    found = from_list(printed, fetched=NOW)
    assert (found.isoformat() if found else None) == iso


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("https://a.gov.cn/zw/202012/t20201216_3089000.shtml", "2020-12-16"),
        ("http://a.net/a/dxw/2021/0105/215085.html", "2021-01-05"),
        ("http://a.com.cn/zhuanti/2015-12/25/content_37398811.htm", "2015-12-25"),
        ("https://a.gov.cn/art/2023/2/3/art_1_11.html", "2023-02-03"),
        ("https://a.cn/news_detail/newsId=214.html", None),
        ("https://a.cn/p/123456789012.html", None),
    ],
)
def test_an_address_is_the_last_resort(url: str, iso: str | None) -> None:
    found = from_address(url, fetched=NOW)
    assert (found.isoformat() if found else None) == iso


def test_a_byline_date_is_found_where_it_stands() -> None:
    text = "来源:某报 2021年1月5日 10:40 作者:某人"
    (found,) = dates_in(text)
    assert text[found.start : found.end] == "2021年1月5日 10:40"


mixed = st.text(alphabet="0123456789-/.年月日时分: 二〇一十TZ+天前昨下午()", max_size=24)
shaped = st.builds(
    "{}{}{}{}{}{}{}:{}{}".format,
    st.integers(1900, 2110), st.sampled_from("-/.年"), st.integers(0, 14), st.sampled_from("-/.月"), st.integers(0, 33),
    st.sampled_from(["", " ", "日 ", "T"]), st.integers(0, 25), st.integers(0, 61), st.sampled_from(["", "Z", "+14:00", "-12:00", "+99:99"]),
)  # fmt: skip


@settings(max_examples=1000)
@given(st.one_of(mixed, shaped, st.text(max_size=30)))
def test_any_text_gives_a_date_in_range_or_none(text: str) -> None:
    found = [
        first_date(text, fetched=NOW),
        from_list(text, fetched=NOW),
        from_address(text, fetched=NOW),
        first_date(text),
    ]
    for value in found[:3]:
        assert value is None or in_range(value, fetched=NOW)
    for value in found:
        assert value is None or date(1995, 1, 1) <= date(value.year, value.month, value.day) <= date(2100, 12, 31)
        assert not isinstance(value, datetime) or value.utcoffset() == timedelta(hours=8)


PIECES = ("2021", "21", "1994", "2100", "12", "1", "31", "0", "-", "/", ".", "年", "月", "日", " ", "T", ":", "10", "59", "24",
          "Z", "+08:00", "下午", "PM", "昨天", "3小时前", "二〇二一年", "十二月", "三十一日", "星期五", "20211217", "1639742189")  # fmt: skip


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 2**64))
def test_a_hundred_thousand_strings_give_dates_in_range_or_none(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 12)))
        found = [first_date(text, fetched=NOW), from_list(text, fetched=NOW), from_address(f"/{text}/", fetched=NOW)]
        assert all(value is None or in_range(value, fetched=NOW) for value in found), text
        days = [each.value.isoformat()[:10] for each in dates_in(text)]
        assert all("1995-01-01" <= day <= "2100-12-31" for day in days), text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_is_an_epoch_or_none(number: float) -> None:
    value = from_epoch(number, fetched=NOW)
    assert value is None or value.tzinfo == BEIJING
