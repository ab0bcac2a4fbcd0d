"""One address per page, however it was linked."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

__all__ = ["canonical_address"]

_TRACKING = re.compile(
    r"(?:utm_\w+|spm|scm|gclid|fbclid|bd_vid|hmsr|hmpl|hmcu|hmkw|hmci|nsukey|isappinstalled|share_token|sharefrom"
    r"|wxshare_count|weixin_share|from_source|jsessionid|phpsessid)",
    re.IGNORECASE,
)
"""Parameters that say who linked, never what is shown. `from` is not among them: some sites page or select by it, only the
values that WeChat writes are dropped."""

_WECHAT_FROM = {"timeline", "singlemessage", "groupmessage"}

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}

_SESSION_PATH = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)


def canonical_address(url: str) -> str:
    """The address without what does not change the page: case of scheme and host, default port, fragment, session id and
    tracking parameters. The order of parameters stays: some old systems read it.

    >>> canonical_address("HTTP://Www.Example.CN:80/a/1.html?id=5&utm_source=x#top")
    'http://www.example.cn/a/1.html?id=5'
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    user, at, host = parts.netloc.rpartition("@")
    host = host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ":"))
    path = _SESSION_PATH.sub("", parts.path) or "/"
    kept = [pair for pair in parts.query.split("&") if pair and not _is_tracking(pair)]
    return urlunsplit((scheme, user + at + host, path, "&".join(kept), ""))


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return bool(_TRACKING.fullmatch(name)) or (name == "from" and value in _WECHAT_FROM)
