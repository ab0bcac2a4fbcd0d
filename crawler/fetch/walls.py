"""Pages that are no content: challenges, captchas, shells that only a browser fills. Recorded, never solved or evaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urljoin

from crawler.fetch.visible import is_html, markup_of, text_start, title_of
from crawler.items import Page

__all__ = ["Wall", "wall_of"]

Wall = Literal["challenge", "captcha", "shell", "forbidden", "cookie", "alike"]
"""challenge: a script must be solved first (加速乐 521, 瑞数 412, WZWS); captcha: a person must; shell: the page has no text
without a browser; forbidden: the site or its firewall refuses us; cookie: the page leads to itself until a cookie comes back;
alike: different queries get the same answer (sameness.py)."""

MAX_BYTES = 80_000
"""Walls seen so far have 0.2 to 65 KB (sites.md §2, trap 1); what is longer is a page."""

MAX_TEXT = 200
"""A wall shows a sentence or two. An article that merely contains such a sentence has more."""

MAX_REFUSAL = 600
"""A firewall's page explains itself at more length, with an event number and whom to write to; its title says what it is."""

_CHALLENGE = re.compile(
    rb"__jsl_clearance|\$_ts\s*=|\$_ts\[|wzwschallenge|WZWS-|_waf_is_mobile|acw_sc__v2|cf_chl_|challenge-platform",
    re.IGNORECASE,
)
_ASKS_FOR_SCRIPT = re.compile("(?:开启|启用|打开|支持) ?JavaScript|enable JavaScript", re.IGNORECASE)
_ASKS_FOR_PERSON = re.compile(
    "安全验证|(?:输入|填写)(?:图片|图形)?验证码|滑动验证|滑块|拖动.{0,6}(?:完成|验证)|人机验证|antispider|访问过于频繁|访问频率过|captcha"
    "|确认您?不是机器人|异常(?:流量|访问).{0,12}验证",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    "(?:访问|请求|操作|IP).{0,16}(?:被|已).{0,6}(?:拦截|阻断|拒绝|禁止|封禁|屏蔽)|网站防火墙|web ?应用防火墙|云防护|安全狗|创宇盾|安恒"
    r"|拒绝访问|禁止访问|access denied|request (?:was )?(?:blocked|rejected)|\b403 forbidden|\b405 not allowed|waf",
    re.IGNORECASE,
)
_CHINESE = re.compile("[\u4e00-\u9fff]")
"""Some pages carry their article in a script; the reader finds it there."""
_SCRIPT = re.compile(rb"<(?:no)?script", re.IGNORECASE)


def wall_of(page: Page) -> Wall | None:
    """The kind of wall a page is, or None for a page that can be read (or failed in another way).

    >>> from datetime import UTC, datetime
    >>> wall_of(Page(url="http://a.cn/", status=521, headers={}, body=b"", fetched=datetime.now(UTC)))
    'challenge'
    """
    if page.status in (412, 512, 521):
        return "challenge"
    if page.status in (401, 403, 405):
        # some challenges come with these
        return (_wall_in(page.body, for_sure=True) if is_html(page) else None) or "forbidden"
    if 300 <= page.status < 400 and leads_to_itself(page.url, page.headers):
        return "cookie"
    if not 200 <= page.status < 300 or len(page.body) > MAX_BYTES or not is_html(page):
        return None
    return _wall_in(page.body)


def leads_to_itself(url: str, headers: Mapping[str, str]) -> bool:
    """Is this the answer of a site that wants its cookie back before it shows the page (CT6T: 302 to the same address)?"""
    location = headers.get("location")
    return location is not None and "set-cookie" in headers and urljoin(url, location) == url


def _wall_in(body: bytes, *, for_sure: bool = False) -> Wall | None:
    """The wall that a page is. for_sure: it is known to be one, so that only marks count, not the lack of text."""
    markup = markup_of(body[:MAX_BYTES])
    text = text_start(markup, MAX_REFUSAL)
    has_script = _SCRIPT.search(body) is not None
    if has_script and len(text) <= MAX_TEXT and (_CHALLENGE.search(body) or _ASKS_FOR_SCRIPT.search(markup)):
        return "challenge"
    title = title_of(markup)
    if len(text) <= MAX_TEXT and (_ASKS_FOR_PERSON.search(title) or (has_script and _ASKS_FOR_PERSON.search(text))):
        return "captcha"
    if for_sure:
        return None
    if len(text) <= MAX_REFUSAL and _REFUSES.search(title):
        return "forbidden"
    if len(text) <= MAX_TEXT and _REFUSES.search(text):
        return "forbidden"
    return "shell" if has_script and not text and len(_CHINESE.findall(markup)) < MAX_TEXT else None
