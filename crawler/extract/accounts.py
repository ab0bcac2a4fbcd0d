"""Accounts and sites that are entities of their own, as printed: @深圳公安, “三湘风纪”, 四川文明网 (grammar.md L9, Q6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["OFFICE_SITE", "Account", "find_accounts", "speaks_of_media"]

Account = tuple[int, int, str]
"""Where it begins and ends, marks included, and its name."""

_AT = re.compile(
    r"@(?P<name>[\w·\-]{2,14}?)(?=[、,。;:!?“”\"()@\s/]|[和与及](?=@)|位[列居于]|名列|分[列别获]|双双|高居|稳居|荣[获膺登]|获|居|排名|排在|在(?!线)|凭|共(?!青团)"
    r"|蝉联|占据|跻身|首次|入选|进入|夺|摘|斩|登|等|的|也|还|亦|\d|[一二三四五六七八九十两]+家|为|以|则|均|$)"
)
_QUOTED = re.compile(
    r"[“\"](?P<name>[\w·\-]{2,12})[”\"](?=[“\"、,。(和与及]|等|微[博信]|公众号|政务|新型|主流|官方|订阅号|服务号|视频号|抖音|头条|位[列居]|名列|分[列别获]|双双|亦|也|还|均"
    r"|高居|稳居|荣[获膺登]|获|居|第[一二三四五六七八九十\d]|列第|列前|排第|排名|排在|蝉联|跻身|首次|入选|进入|夺|摘|斩|登|拔得|以|则|保持|再次|继续|仍|在(?=[^,。;“”]{0,30}(?:榜|评选|评比)|[“\"][^,。;“”]{2,30}(?:榜|评选))|[由从](?:上|第|去))"
)
_NO_ACCOUNT = re.compile(
    r"奖|^双微|榜|十佳|十大|百佳|排行|案例|年度|评选|指数|优秀|最|政府|网站|服务|平台|互联网|一件事|系统|工程|行动|模式|应用|论坛|峰会|机构|微博$|微信$|公众号$|第[一二三]|优质|先进|示范|力$|智慧城|数字|一网|^[省市县区州][^发]{1,8}[局厅]$"
)
_NEAR = 300
_MEDIA = re.compile(r"微博|微信|公众号|新媒体|账号|视频号|抖音|头条号|订阅号|政务号|政务指数")
_FIELD = (
    r"(?:文明|新闻|政法|旅游|农业|农牧|国土|林业|统计|水利|税务|商务|人事|劳动|审计|档案|质监|海事|未成年人|长安|教育|卫生|司法|(?<!人)民政|党建|廉政"
    r"|先锋|法治|法院|检察|共青团|工会|妇女|科普|普法|扶贫|纪检)\w{0,4}网"
)
_WINS = r"(?=荣获|荣膺|获|被评|再次|蝉联|网站|摘得|入选|上榜|当选|凭|还|也|又|就|因|在20|于20|已|均|双双|分别|连续|、\w{2,10}网|,(?:获|荣|再次|还))"
OFFICE_SITE = re.compile(_FIELD + _WINS)
"""What makes a place the site of one field there: 四川文明网, 青海农牧业信息网."""
_SITE = re.compile(rf"(?P<name>(?:中国|首都|全国|华夏){_FIELD}){_WINS}")


def find_accounts(text: str, start: int, end: int) -> Iterator[Account]:
    """The accounts of a stretch; quoted names only where the stretch speaks of accounts and the name is no title."""
    if "@" in text[start:end]:
        for match in _AT.finditer(text, start, end):
            yield match.start(), match.end(), match["name"]
    if ("“" in text[start:end] or '"' in text[start:end]) and _MEDIA.search(text, max(0, start - _NEAR), end):
        for match in _QUOTED.finditer(text, start, end):
            if not _NO_ACCOUNT.search(match["name"]):
                yield match.start(), match.end(), match["name"]
    for match in _SITE.finditer(text, start, end) if "网" in text[start:end] else ():
        yield match.start(), match.end(), match["name"]


def speaks_of_media(words: str) -> bool:
    """Whether accounts are spoken of."""
    return _MEDIA.search(words) is not None
