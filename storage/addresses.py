"""One address per page, however it was linked.

Cleaning by the standards (RFC 3986 §6.2, the URL standard of browsers) is w3lib's. What is dropped beside that says who linked, or
over which door the page was reached, never what is shown: two pages must not become one. Where the address alone cannot tell (a
mobile host with numbers of its own, index.html, www or not), both stay, and the sameness of the text decides: storage.copies.
"""

from __future__ import annotations

import re

from w3lib.url import canonicalize_url

__all__ = ["canonical_address"]

_TRACKING = re.compile(
    r"utm_\w+|spm|scm|hm(?:sr|pl|cu|kw|ci)|bd_vid|qhclickid|tdsourcetag|adtag|nsukey|isappinstalled|from_source"
    r"|share_?from|share_(?:token|source|medium|plat)|wxshare_count|weixin_share"
    r"|gcl(?:id|src)|dclid|[gw]braid|fbclid|msclkid|yclid|twclid|igshid|mc_[ce]id|_g[al]"
    r"|jsessionid|phpsessid|aspsessionid\w+|asp\.net_sessionid|cftoken",
    re.IGNORECASE,
)
"""Parameters that say who linked, and those of a visit. `sid` is not among them: it numbers stories as often as visits."""

_BY_VALUE = {
    "from": re.compile(r"timeline|singlemessage|groupmessage"),  # of WeChat; elsewhere it pages or selects
    "sessionid": re.compile(r"[\w.!-]{16,}"),
    "session_id": re.compile(r"[\w.!-]{16,}"),
    "_": re.compile(r"\d{10,13}"),  # a moment, against caches
}
"""Parameters of which only some values say nothing of the page."""

_WECHAT = "mp.weixin.qq.com/s"
_OF_WECHAT = frozenset({"__biz", "mid", "appmsgid", "idx", "itemidx", "sn", "sign"})
"""All that says which article of WeChat is meant; a dozen others say who shared it from which telephone."""

_SESSION_PATH = re.compile(r";jsessionid=[^/?#;]*|/\([ASF]\([\w-]{16,}\)(?:[ASF]\([\w-]+\))*\)(?=/)", re.IGNORECASE)
"""Of Java, and of ASP.NET without cookies."""

_KEPT_COPY = re.compile(
    r"[\w-]+\.(?:cdn\.ampproject\.org|mipcdn\.com)/[cv]/(?:s/)?(?=[\w-]+\.)|www\.google\.com/amp/(?:s/)?"
)
"""Behind these the caches of AMP and MIP name the page that they hold."""

_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[-/_]?(?:0[1-9]|1[0-2])(?:[-/_]?(?:0[1-9]|[12]\d|3[01]))?(?!\d)")
_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)|[0-9a-f]{16,}")
_MOBILE = frozenset({"m", "wap", "3g", "h5", "mobile", "touch", "amp", "mip"})
_AMP_VALUE = re.compile(r"amp=(?:1|true)?|outputtype=amp", re.IGNORECASE)
_REGISTRIES = frozenset(
    [
        "gov",
        "com",
        "net",
        "org",
        "edu",
        "ac",
        "mil",
        "bj",
        "sh",
        "tj",
        "cq",
        "he",
        "sx",
        "nm",
        "ln",
        "jl",
        "hl",
        "js",
        "zj",
        "ah",
        "fj",
        "jx",
        "sd",
        "ha",
        "hb",
        "hn",
        "gd",
        "gx",
        "hi",
        "sc",
        "gz",
        "yn",
        "xz",
        "sn",
        "gs",
        "qh",
        "nx",
        "xj",
        "tw",
        "hk",
        "mo",
    ]
)
"""Names under .cn below which names are given out."""


def canonical_address(url: str) -> str:
    """The address without what does not change the page: http or https, case of the host, default port, fragment (it is never sent),
    dress of characters, dot segments, session, tracking parameters, and the mobile or AMP door to a page that its path names by a
    date and a number. The order and the values of all other parameters stay. What is no address comes back as it is, stripped.

    >>> canonical_address("HTTPS://Www.Example.CN:443/a/./1.html?id=5&utm_source=x#top")
    'http://www.example.cn/a/1.html?id=5'
    >>> canonical_address("https://m.example.gov.cn/wap/202412/t20241219_516873.html")
    'http://www.example.gov.cn/202412/t20241219_516873.html'
    >>> canonical_address("http://m.example.gov.cn/index.php?id=5")
    'http://m.example.gov.cn/index.php?id=5'
    """
    url = url.strip()
    start, _, query = url.partition("#")[0].partition("?")
    try:
        scheme, divider, rest = canonicalize_url(start).partition("://")
    except ValueError:
        return url
    if not divider or scheme not in ("http", "https"):
        return url
    host, _, path = rest.partition("/")
    host = _without_port(scheme, host)
    if of := _KEPT_COPY.match(f"{host}/{path}"):
        return canonical_address(f"{scheme}://{f'{host}/{path}'[of.end() :]}?{query}")
    path = _SESSION_PATH.sub("", f"/{path}")
    pairs = [pair for pair in query.split("&") if pair and not _says_nothing(pair)]
    if f"{host}{path}" == _WECHAT:
        pairs = [pair for pair in pairs if pair.partition("=")[0] in _OF_WECHAT] or pairs
    if _names_one_page(path):
        host, path = _desktop_host(host), _desktop_path(path)
        pairs = [pair for pair in pairs if not _AMP_VALUE.fullmatch(pair)]
    if host.endswith(":80"):  # encrypted on the port of http: kept apart
        return f"https://{host}{path}{_cleaned(pairs)}"
    return f"http://{host}{path}{_cleaned(pairs)}"


def _without_port(scheme: str, host: str) -> str:
    user, at, host = host.rpartition("@")
    host = host.removesuffix({"http": ":80", "https": ":443"}[scheme])
    name, colon, port = host.rpartition(":") if re.search(r":\d*$", host) else (host, "", "")
    return f"{user}{at}{name.rstrip('.')}{colon}{port}".removesuffix(":")


def _cleaned(pairs: list[str]) -> str:
    """The parameters in their order, each in the one way of writing it: canonicalize_url would sort them, and some old systems
    read the order."""
    written = (canonicalize_url(f"http://e/?{pair}").partition("?")[2] for pair in pairs)
    return "?" + "&".join(written) if pairs else ""


def _says_nothing(pair: str) -> bool:
    """Whether a parameter does not change the page."""
    name, _, value = pair.partition("=")
    by_value = _BY_VALUE.get(name.lower())
    return bool(_TRACKING.fullmatch(name) or (by_value and by_value.fullmatch(value)))


def _names_one_page(path: str) -> bool:
    """Whether a path holds a date and a number of five digits, or a hash, beside it: no two pages of one owner share both."""
    rest, dates = _DATE.subn("", path)
    return dates > 0 and bool(_NUMBER.search(rest))


def _desktop_host(host: str) -> str:
    door, _, rest = host.partition(".")
    if door not in _MOBILE or "." not in rest:
        return host
    labels = rest.split(".")
    is_owner = len(labels) == 2 or (len(labels) == 3 and labels[2] == "cn" and labels[1] in _REGISTRIES)
    return f"www.{rest}" if is_owner else rest


def _desktop_path(path: str) -> str:
    first, _, rest = path[1:].partition("/")
    if first in _MOBILE and _names_one_page(f"/{rest}"):
        path = f"/{rest}"
    for ending in ("/amp/", "/amp"):
        path = path.removesuffix(ending)
    return path.replace(".amp.", ".") if path.count(".amp.") == 1 else path
