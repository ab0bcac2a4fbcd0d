"""Which house speaks: names and hosts of one publisher become one name. The houses are data, in publishers.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

__all__ = ["government_named", "host_of", "house_named", "house_of_page"]

_LEAST = 2
"""Characters of a name at least."""
_SEPARATOR = re.compile(r"[\s/|｜、，,;；（）()\[\]【】<>《》“”\"'：:_]+")
_GOVERNMENT = re.compile(
    r"(?:中国[·・•])?(?P<place>[\u4e00-\u9fff]{1,12}?(?:省|自治区|特别行政区|市|自治州|州|盟|地区|区|县|旗))"
    r"(?:人民)?政府(?:办公厅|办公室|网|门户网|信息网|信息公开网|政务网|网站|门户网站|政务服务网)*$"
)
_GENERIC_SECOND_LEVEL = frozenset({"com", "net", "org", "gov", "edu", "ac"})


@dataclass(frozen=True, slots=True)
class _Houses:
    names: dict[str, str]
    """House by each of its names."""
    longest_first: tuple[str, ...]
    """The names, the longest first."""
    alone: dict[str, str]
    """House by each name that only counts as a whole."""
    hosts: dict[str, str]
    """House by host."""
    portals: dict[str, str]
    """Government by the name of its portal."""
    endings: tuple[str, ...]
    beginnings: tuple[str, ...]


@cache
def _houses() -> _Houses:
    data = tomllib.loads((files("storage.novelty") / "publishers.toml").read_text("utf-8"))
    names = {name: house["names"][0] for house in data["house"] for name in house["names"]}
    alone = {name: house["names"][0] for house in data["house"] for name in house.get("alone", ())}
    hosts = {host: house["names"][0] for house in data["house"] for host in house.get("hosts", ())}
    words = data["words"]
    return _Houses(
        names, tuple(sorted(names, key=len, reverse=True)), alone, hosts, data["portals"], tuple(words["endings"]),
        tuple(words["beginnings"]),
    )  # fmt: skip


@cache
def house_named(name: str | None) -> str | None:
    """The house that a page calls by this name, as outlet or as origin. None: no name.

    >>> house_named("来源：人民日报海外版"), house_named("新华日报"), house_named("孝感日报客户端"), house_named("湖北省政府门户网站")
    ('人民日报', '新华日报', '孝感日报', '湖北省人民政府')
    """
    known = _houses()
    words = (name or "").strip()
    for beginning in known.beginnings:
        words = words.removeprefix(beginning).lstrip("：: 　")
    for part in (words, *_SEPARATOR.split(words)):
        if house := known.portals.get(part) or _house_beginning(part):
            return house
    first = next((part for part in _SEPARATOR.split(words) if part), "")
    return government_named(first) or _without_endings(first) or None


def _house_beginning(words: str) -> str | None:
    known = _houses()
    whole = known.alone.get(words)
    found = next((name for name in known.longest_first if words.startswith(name)), None)
    return whole or (known.names[found] if found else None)


def government_named(name: str) -> str | None:
    """The government whose portal, or office, has this name, by its full name. None: it is none.

    >>> government_named("湖北省人民政府门户网站"), government_named("武汉市政府网"), government_named("湖北日报")
    ('湖北省人民政府', '武汉市人民政府', None)
    """
    found = _GOVERNMENT.match(_without_endings(name)) or _GOVERNMENT.match(name)
    return f"{found['place']}人民政府" if found else None


def _without_endings(name: str) -> str:
    endings = _houses().endings
    while True:
        ending = next((e for e in endings if name.endswith(e) and len(name) - len(e) >= _LEAST), None)
        if ending is None:
            return name
        name = name[: -len(ending)].rstrip("·-— 官方")


def host_of(url: str | None) -> str:
    """The host of an address, in lower case; empty where it has none.

    >>> host_of("http://www.Hubei.gov.cn:8080/1.shtml")
    'www.hubei.gov.cn'
    """
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def house_of_page(outlet: str | None, url: str | None) -> str | None:
    """The house that publishes a page: by the name that it gives itself, else by its host, else by its site. None: unknown.

    >>> house_of_page(None, "http://hb.people.com.cn/n2/1.html"), house_of_page(None, "https://www.dwrh.net/a.html")
    ('人民日报', 'dwrh.net')
    """
    if house := house_named(outlet):
        return house
    host, hosts = host_of(url), _houses().hosts
    labels = host.split(".")
    above = (".".join(labels[i:]) for i in range(len(labels)))
    return next((hosts[name] for name in above if name in hosts), None) or _site_of(labels)


def _site_of(labels: list[str]) -> str | None:
    """What was registered: example.com.cn of www.example.com.cn."""
    if len(labels) < 2:
        return None
    keeps = 3 if len(labels) > 2 and labels[-2] in _GENERIC_SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-keeps:])
