"""fetch, piece by piece: complete bodies, walls, verdicts, waits, domains."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.body import is_complete
from crawler.fetch.domains import is_within
from crawler.fetch.verdict import trouble_of_page
from crawler.fetch.waits import wait_seconds
from crawler.fetch.walls import wall_of
from crawler.items import Page

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MIB = 1 << 20


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress,
}  # fmt: skip


@pytest.mark.parametrize("coding", CODERS)
@given(data=st.binary(max_size=3000), share=st.floats(0, 1, exclude_max=True))
def test_trap_2_a_cut_body_is_never_complete_and_a_whole_one_always(coding: str, data: bytes, share: float) -> None:
    whole = CODERS[coding](data)
    assert is_complete(whole, coding, MIB)
    assert not is_complete(whole[: int(len(whole) * share)], coding, MIB)


def test_raw_deflate_and_members_behind_each_other_are_complete() -> None:
    assert is_complete(raw_deflate(b"x" * 5000), "deflate", MIB)
    assert is_complete(gzip.compress(b"a") + gzip.compress(b"b"), " GZIP ", MIB)
    assert not is_complete(gzip.compress(b"a") + gzip.compress(b"b")[:-3], "gzip", MIB)
    # some servers pad
    assert is_complete(gzip.compress(b"a") + b"\0" * 8, "gzip", MIB)


def test_what_is_no_compression_at_all_is_not_complete_and_unknown_codings_pass() -> None:
    assert [is_complete(b"<html>", coding, MIB) for coding in CODERS] == [False] * 4
    assert is_complete(b"<html>", "identity", MIB)
    assert is_complete(b"<html>", "", MIB)


@pytest.mark.parametrize("coding", CODERS)
def test_a_bomb_is_not_inflated_beyond_the_limit(coding: str) -> None:
    assert is_complete(CODERS[coding](b"\0" * 50 * MIB)[:-1], coding, MIB)


def page(body: str | bytes, status: int = 200, kind: str = "text/html") -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(url="http://a.example/", status=status, headers={"content-type": kind}, body=data, fetched=NOW)


WALLS = {
    "jsl 521": (page("<script>document.cookie=('__jsl_clearance=1')</script>", 521), "challenge"),
    "jsl 512": (page("<script>x</script>", 512), "challenge"),
    "ruishu 412": (page("<html><script>$_ts=window['$_ts'];</script></html>", 412), "challenge"),
    "ruishu 200": (page("<html><meta charset=utf-8><script>$_ts = {}</script><body></body></html>"), "challenge"),
    "wzws": (
        page("<html><script src='/WZWS-x.js'></script><body>请开启JavaScript并刷新该页</body></html>"),
        "challenge",
    ),
    "405": (page("<html>blocked</html>", 405), "forbidden"),
    "403": (page("<html>bot</html>", 403), "forbidden"),
    "captcha": (page("<script src=x></script><title>验证</title><p>请输入验证码以继续访问</p>"), "captcha"),
    "baidu": (
        page("<html><head><title>百度安全验证</title><script></script></head><body>百度安全验证</body></html>"),
        "captcha",
    ),
    "shell": (
        page("<html><head><title>某市</title></head><body><div id=app></div><script src=app.js></script></body>"),
        "shell",
    ),
}


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_known_by_its_kind(name: str) -> None:
    found, kind = WALLS[name]
    assert wall_of(found) == kind
    trouble = trouble_of_page(found)
    assert trouble is not None
    assert trouble.blocked


@pytest.mark.parametrize(
    "body",
    [
        "<p>一篇很短的文章。</p>",
        "<script>var a=1</script><p>湖北省政府门户网站位居第五。</p>",
        "<script></script><p>登录时请输入验证码。</p>" + "<p>武汉市政府门户网站在评估中位居第三。</p>" * 20,
        '<?xml version="1.0"?><rss><channel></channel></rss>',
        '{"rows": []}',
    ],
)
def test_a_page_is_no_wall(body: str) -> None:
    assert trouble_of_page(page(body)) is None


def test_a_wall_like_word_in_a_script_of_a_feed_or_pdf_is_none() -> None:
    assert wall_of(page("<script>$_ts=1</script>", kind="application/pdf")) is None


@pytest.mark.parametrize(("status", "passing", "gone"), [(404, False, True), (410, False, True), (500, True, False),
                                                         (429, True, False), (400, False, False), (304, False, False)])  # fmt: skip
def test_statuses_are_judged(status: int, passing: bool, gone: bool) -> None:
    trouble = trouble_of_page(page("", status))
    assert trouble is not None
    assert (trouble.passing, trouble.gone, trouble.blocked) == (passing, gone, False)


@given(st.text())
def test_retry_after_never_breaks(value: str) -> None:
    wait = wait_seconds(value, NOW)
    assert wait is None or wait >= 0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), (" 7 ", 7), ("Thu, 01 Jan 2026 00:01:00 GMT", 60), ("Thu, 01 Jan 2026 00:01:00 -0000", 60),
     ("Wed, 31 Dec 2025 00:00:00 GMT", 0), ("-5", None), ("1.5", None), ("", None)],
)  # fmt: skip
def test_retry_after_has_two_forms(value: str, seconds: float | None) -> None:
    assert wait_seconds(value, NOW) == seconds


@given(st.text())
def test_no_address_breaks_the_domain_check(url: str) -> None:
    assert not is_within(url, ())
    assert is_within(url, ("a.example",)) in (True, False)


@pytest.mark.parametrize("url", ["ftp://a.example/", "file:///etc/passwd", "data:,x", "//a.example/", "http://a.example.evil/",
                                 "http://evil/?a.example", "http://evil@b.example/", "http:/a.example"])  # fmt: skip
def test_only_http_on_the_domain_itself_is_within(url: str) -> None:
    assert not is_within(url, ("a.example",))


def test_a_random_body_is_judged_without_error() -> None:
    chance = random.Random(1)
    for _ in range(200):
        wall_of(page(b"<script>" + chance.randbytes(300)))
