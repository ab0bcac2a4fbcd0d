"""The outlet that a text's first sentence names: 荆楚网消息(记者张城), 据人民网2月20日报道."""

from __future__ import annotations

import re

__all__ = ["is_outlet", "outlet_in_dateline"]

_NAME = r"(?!据)[\u4e00-\u9fffA-Za-z0-9·&]{1,14}?(?:日报|晚报|时报|商报|早报|晨报|都市报|导报|快报|报道|周刊|报|网|社|新闻|财经|客户端|发布|在线|传媒|观察)"
_ALONE = re.compile(r"[\u4e00-\u9fff]{2,8}(?:日报|晚报|时报|商报|早报|晨报|都市报|导报|快报)")
_OWN = re.compile(r"^(?:本报|本网|本社|我报|导报|全媒体|多家媒体|有关|新闻|据报)")
_PATTERNS = (
    re.compile(
        rf"[(\s]({_NAME})(?:[·\u4e00-\u9fff]{{0,4}}客户端)?\s*(?:全媒体|首席|见习|特约|实习|融媒体?)?(?:记者|通讯员|讯员)"
    ),
    re.compile(rf"^({_NAME})\s*(?:全媒体|首席|见习|特约|实习)?记者"),
    re.compile(
        rf"^[(【]?({_NAME})[)】]?\s*(?:[\u4e00-\u9fff]{{2,6}})?\s*(?:\d{{1,2}}月\d{{1,2}}日)?\s*(?:消息|讯|电)(?=[\s(,:]|\d|$)"
    ),
    re.compile(rf"^据({_NAME})(?:\d{{4}}年)?(?:\d{{1,2}}月\d{{1,2}}日)?(?:报道|消息|讯)"),
)


def outlet_in_dateline(opening: str) -> str | None:
    """Whom the opening of a normalised text names as its outlet; None for 本报讯 and where it names nobody.

    >>> outlet_in_dateline("台海网1月8日讯 (海峡导报记者 某某)导报记者昨日获悉"), outlet_in_dateline("本报讯 昨日")
    ('海峡导报', None)
    """
    head = opening[:80]
    for pattern in _PATTERNS:
        for match in pattern.finditer(head):
            name = match.group(1)
            if not _OWN.match(name) and len(name) >= 3:
                return str(name)
    return None


def is_outlet(line: str) -> bool:
    """Is the line nothing but the name of a newspaper or agency?

    >>> is_outlet("新民晚报"), is_outlet("相关新闻")
    (True, False)
    """
    return bool(_ALONE.fullmatch(line.strip()))
