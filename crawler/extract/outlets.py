"""Which place an outlet, a domain or a portal's nickname stands for (entities.md §6, grammar.md L3 and L5)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from crawler.extract.gazetteer import FormIndex
from crawler.extract.places import Place, PlaceHit, load_gazetteer

__all__ = ["PortalHit", "find_portals", "government_at", "place_of_domain", "place_of_outlet"]


@dataclass(frozen=True, slots=True)
class PortalHit:
    """The name of a portal or app at a stretch of the text."""

    start: int
    """Offset of its first character, a quote or 中国 before the place included."""
    end: int
    """Offset behind its last character."""
    form: str
    """text[start:end]."""
    places: PlaceHit | None
    """The form of the place inside it (中国·芜湖), to be resolved by year. None for a nickname."""
    place: Place | None
    """The place of a nickname (首都之窗). None where `places` says it."""


_BEFORE = re.compile(r"(?P<quote>[“\"「])?中国(?P<dot>\s?[·•．.・\-—]\s?)?$|(?:网上|数字|智慧)$")
_SITE = re.compile(r"[”\"」]?(?:市|省|县|区)?(?:政务|政府|人民政府)?(?:门户)?网(?:站|(?![络上民红购]))")
_LOCAL_SITE = re.compile(r"政务信息网|政务网|政府网|政务在线|政府在线|在线")
_CUES = ("中国", "政务网", "政务信息网", "政府网", "在线")
_QUOTE_END = re.compile(r"[”\"」]")
_SEPARATORS = frozenset({"、", " ", ",", "\uff0c", "、 ", ", "})
_PAPER = re.compile("(?:日报|晚报|晨报|早报|商报|都市报|青年报|时报|电视台|广播|新闻网).*")
_CENTRAL = re.compile("^(?:新华|人民|中新|央广|中国)(?=.)")


@cache
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((files("crawler.extract") / "data" / f"{name}.toml").read_text("utf-8"))


@cache
def _nicknames() -> tuple[dict[str, str], FormIndex]:
    data = _data("portals")
    forms = {**data["seen"], **data["general"], **dict.fromkeys(data["none"]["names"], "")}
    return forms, FormIndex(forms)


def find_portals(text: str) -> list[PortalHit]:
    """Names of portals: nicknames, 中国·芜湖, “中国义乌”政务网站, 青岛政务网; 中国上海 only in a list of such names.

    National sites and those of organisations (中国政府网, 四川文明网) are none.

    >>> [hit.form for hit in find_portals("首都之窗、中国上海、“中国大连”网站、中国政府网")]
    ['首都之窗', '中国上海', '“中国大连”网站']
    """
    found = sorted([*_nicknames_in(text), *_patterns_in(text)], key=lambda pair: (pair[0].start, -pair[0].end))
    kept: list[tuple[PortalHit, bool]] = []
    for hit, sure in found:
        if not kept or hit.start >= kept[-1][0].end:
            kept.append((hit, sure))
    return [
        hit
        for i, (hit, sure) in enumerate(kept)
        if (hit.place is not None or hit.places is not None) and (sure or _is_listed(text, kept, i))
    ]


def _is_listed(text: str, hits: list[tuple[PortalHit, bool]], i: int) -> bool:
    """Whether another portal stands next to it, a separator between."""
    around = [pair[0] for pair in hits[max(0, i - 1) : i + 2]]
    return any(text[one.end : other.start] in _SEPARATORS for one, other in pairwise(around))


def _nicknames_in(text: str) -> Iterator[tuple[PortalHit, bool]]:
    forms, index = _nicknames()
    for start in index.starts(text):
        form = next((form for form in index.slices(text, start) if form in forms), None)
        if form is not None:
            place = load_gazetteer().place(forms[form]) if forms[form] else None
            yield PortalHit(start, start + len(form), form, None, place), True


def _patterns_in(text: str) -> Iterator[tuple[PortalHit, bool]]:
    if not any(cue in text for cue in _CUES):
        return
    for place in load_gazetteer().find(text):
        before = _BEFORE.search(text, max(0, place.start - 6), place.start)
        local = _LOCAL_SITE.match(text, place.end)
        start = before.start() if before else place.start
        if local is not None:
            end, sure = local.end(), True
        elif before is None or not before[0].strip('“"「').startswith("中国"):
            continue
        else:
            site = _SITE.match(text, place.end)
            quoted = before["quote"] is not None and _QUOTE_END.match(text, place.end) is not None
            end = site.end() if site else place.end + quoted
            sure = bool(site or before["dot"] or quoted)
        yield PortalHit(start, end, text[start:end], place, None), sure


@cache
def _outlets() -> tuple[dict[str, str], frozenset[str]]:
    data = _data("outlets")
    return data["papers"], frozenset(data["national"]["names"])


def place_of_outlet(name: str) -> Place | None:
    """The place for which an outlet says 我省 or 我市. None: national, of several places, or unknown.

    >>> place_of_outlet("成都商报-红星新闻").path
    '四川省/成都市'
    """
    papers, national = _outlets()
    gazetteer = load_gazetteer()
    parts = re.split(r"[\s·|/—_-]+", name)
    known = [paper for paper in papers if any(part.startswith(paper) for part in parts)]
    if known:
        return gazetteer.place(papers[max(known, key=len)])
    if any(name.startswith(paper) for paper in national if len(paper) > 3) or name in national:
        return None
    named = gazetteer.chains(_PAPER.sub("", _CENTRAL.sub("", name)))
    return named[0].place(None) if named else None


@cache
def _domains() -> dict[str, str]:
    data = _data("outlets")
    domains: dict[str, str] = dict(data["domains"])
    gazetteer = load_gazetteer()
    for province, pairs in data["pinyin"].items():
        words = pairs.split()
        for pinyin, city in zip(words[::2], words[1::2], strict=True):
            place = gazetteer.place(f"{province}/{city}市")
            if place is not None:
                domains.setdefault(f"{pinyin}.gov.cn", place.path)
    return domains


def government_at(url: str | None, region: str | None = None) -> str | None:
    """The place whose government's site an address is of; where the address does not tell it, the place of the source. None: no
    government's, or unknown.

    >>> government_at("http://fgw.wuhan.gov.cn/1.html"), government_at("http://www.cnhubei.com/1.html")
    ('湖北省/武汉市', None)
    """
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    if not host.endswith(".gov.cn"):
        return None
    place = place_of_domain(host)
    return place.path if place is not None else region


def place_of_domain(host: str) -> Place | None:
    """The place whose site answers at the host or above it (yc.cnhubei.com, www.wuhan.gov.cn). None: unknown.

    >>> place_of_domain("www.wuhan.gov.cn:8080").path
    '湖北省/武汉市'
    """
    labels = host.lower().partition(":")[0].rstrip(".").split(".")
    for i in range(len(labels) - 1):
        path = _domains().get(".".join(labels[i:]))
        if path is not None:
            return load_gazetteer().place(path)
    return None
