"""Whom a sentence names: places, organisations, and those it names only by 我省 or 市政府门户网站 (grammar.md §L)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from crawler.extract.accounts import OFFICE_SITE, find_accounts, speaks_of_media
from crawler.extract.firsts import guarded
from crawler.extract.organisations import (
    Organisation,
    OrganisationHit,
    OrganisationName,
    departments_behind,
    find_organisations,
)
from crawler.extract.outlets import PortalHit, find_portals
from crawler.extract.places import PlaceChain, PlaceHit, load_gazetteer

__all__ = ["Name", "find_names"]

_NO_PLACE = re.compile(
    r"(?:(?!政务|政府|公众|人民|公共|党政)\w{2,4}信息网(?!站)|高院|中院|(?:高级|中级)?(?:人民)?法院|检方|警方|(?:文明|新闻|政法|法制|先锋|党建|廉政|共青团|红色|旅游|纪检|招生|科普|消防|组工|普法|经济|生活|都市)\w{0,2}网(?!站)|日报|晚报|晨报|商报|都市报|时报|早报|青年报|法制报|广播|电视|卫视|网络台|新闻网|在线网|网讯|电台|讯(?!飞)|电(?=[\s)(,记])|\d+月\d+日[电讯讯]"
    r"|\w{0,6}(?:大学|学院|中学|银行|公司|集团|医院|机场|出版社|研究院|研究所|研究会|协会|学会|峰会|宣言)"
    r"|(?:国际)?(?:会议中心|会展中心|饭店|宾馆|大酒店|大厦)|路(?!由)|乃至(?=全[省市国]|世界)|奥运|时间|发布厅|发布(?=[、,。”\"获登入上位名排荣和与夺在等\s]|政务|微信|微博|官方|公众|$)|交警|网警|检察(?!院)|政法(?!委)|共青团|天气|公安(?!局|厅|部|分局|系统|机关|网站))"
)
_PUBLISHER = re.compile(
    r"发布(?=(?:官方|政务)*(?:微博|微信|公众号|新媒体|客户端)*(?:[、和与]|均|也|还|再次|双双|分[别获]|荣|获|入[选围]|上榜|位列|位居|名列|排名|摘|夺|登上|居|以[\d一-龥]{0,6}(?:分|指数)))"
)
"""What makes a place an account: 宁波发布, where accounts are spoken of."""
_SITTING = re.compile(
    r"(?:各)?(?:地级市|设区市|地市|省辖市|市州|市县|县市|区县|县区)(?:政府|门户|政务)*网站|[^,。;、第“”]{0,24}(?:排行榜|榜单)(?:评比|评选)?[中里上]|(?:人民大会堂|\w{0,8}(?:饭店|宾馆|酒店|大厦|中心|大会堂))?(?:市)?(?:隆重|正式|顺利|成功|联合)?(?:召开|举行|举办|发布|揭晓|公布|开幕|启动|落幕|出炉|参加|揭幕|颁发|宣布)"
)
_PERSON = re.compile(
    guarded(
        r"(?P<we>[我本])(?P<a>自治区|省|市|区|县|州|盟)(?![民直级委长属内外])"
        r"|(?:(?<=^)|(?<![一-龥)\d])|(?<=[和与及在对使让将是了由为有现据中]))(?P<b>自治区|省|市|区(?!县)|县(?!区|市)|州(?!市))(?:委)?、?(?:省|市|区|县|州)?(?:人民)?"
        r"政府(?:门户|官方)?(?:网站|网|客户端|微信|微博|政务新媒体|新媒体)"
        r"|(?P<d>我)(?:厅|局|委|办|署)(?=(?:政府|门户|官方)?网站|获|位列|名列|排名|荣获)"
        r"|(?P<c>我国|中国)(?=(?:的)?(?:电子政务|E[GD]|排名|位列|位居|分列|分别[位排]|列|居|在全球|在世界|在线|从|由|全球|首次))"
    )
)
_BOARD = re.compile(r"(?:管理委员会|管委会)")
_ZONE = re.compile(
    r"(?<!\w)(?P<name>(?!国家|个|家|各|全国|本|该|我|多个|在|对|与|和|及|参评|其他|以|由|为|省|这|所有)\w{2,4}(?:国家级?)?"
    r"(?:经济技术开发区|高新技术产业开发区|高新技术开发区|经开区|高新区|工业园区))(?:管理委员会|管委会)?"
)
_ZONE_END = re.compile(r"开发区|经开区|高新区|园区")  # looked for first: _ZONE looks at every character
_TAX = re.compile(r"(?:省|市|自治区)?(?:国税|地税)(?:局)?(?!系统|机关|部门)")
_BELOW = re.compile(
    r"(?:\w{1,6}(?<!公)司(?![长法令])(?=网站|子站|[位名]列|排|居|获|列|、|和|为|在)|信息(?:网络)?中心|机关服务局|海事局|航务管理局|情报(?:研究)?所)"
)
"""A body of its own below a ministry: 农业部信息中心."""
_LEVELS: dict[str, Literal["province", "prefecture", "county", "region", "country", "office"]] = {
    "自治区": "province", "省": "province", "市": "prefecture", "区": "region", "县": "county", "州": "prefecture",
    "盟": "prefecture", "我国": "country", "中国": "country", "我": "office",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """One name at a stretch of the text."""

    start: int
    """Where it begins."""
    end: int
    """Just behind it."""
    form: str
    """Its words."""
    chain: PlaceChain | None = None
    """The places, from parent to child; offsets are those of the stretch that was searched."""
    organisation: OrganisationHit | None = None
    """The organisation."""
    portal: PortalHit | None = None
    """The portal that stands for its place (L5)."""
    person: Literal["", "province", "prefecture", "county", "region", "country", "office", "home", "account"] = ""
    """The level of place that 我省 or 市政府网站 speaks of; region: 我区, a 自治区 or a 市辖区; home: the article's place;
    office: 我厅, 我局;
    account: the name of an account, kept as printed."""
    weak: bool = False
    """True for a name that is one only in the right company: a short county name, 气象局."""


def find_names(text: str, start: int, end: int) -> list[Name]:
    """The names of the stretch from left to right; of those that overlap the longest."""
    stretch = text[start:end]
    found = [
        *_organisations(stretch, start), *_portals(stretch, start), *_places(stretch, start), *_persons(text, start, end),
        *_zones(text, start, end), *(Name(first, last, form, person="account") for first, last, form in find_accounts(text, start, end)),
    ]  # fmt: skip
    found.sort(key=lambda name: (name.start, -name.end))
    kept: list[Name] = []
    for name in found:
        if kept and name.start < kept[-1].end:
            if name.end - name.start > kept[-1].end - kept[-1].start and kept[-1].weak:
                kept[-1] = name
            continue
        if kept and _contradicts(kept[-1], name):
            kept[-1] = Name(kept[-1].start, name.end, text[kept[-1].start : name.end])
            continue
        kept.append(name)
    return kept


def _contradicts(above: Name, name: Name) -> bool:
    """上海黄埔区: a county that does not lie in the place directly before it is neither (no guess at what was meant)."""
    if above.end != name.start or above.chain is None or name.chain is None or name.chain.hits[0].short:
        return False
    larger = all(place.level in ("province", "prefecture") for place in above.chain.hits[-1].places)
    return larger and all(place.level == "county" for place in name.chain.hits[0].places)


def _organisations(stretch: str, start: int) -> Iterator[Name]:
    for hit in find_organisations(stretch):
        if hit.organisation.kind == "department":
            for more in departments_behind(stretch, hit):
                yield Name(start + more.start, start + more.end, more.form, organisation=more)
        below = _BELOW.match(stretch, hit.end) if hit.organisation.kind == "ministry" and not hit.weak else None
        if below is not None:
            form = stretch[hit.start : below.end()]
            body = Organisation((OrganisationName(form, None, None),), "department")
            found = OrganisationHit(hit.start, below.end(), form, body, weak=False, local=True)
            yield Name(start + hit.start, start + below.end(), form, organisation=found)
            continue
        yield Name(start + hit.start, start + hit.end, stretch[hit.start : hit.end], organisation=hit, weak=hit.weak)


def _zones(text: str, start: int, end: int) -> Iterator[Name]:
    """Zones that no table knows, where they stand behind a mark: 东侨经济技术开发区管理委员会 (K11)."""
    for match in _ZONE.finditer(text, start, end) if _ZONE_END.search(text, start, end) else ():
        body = Organisation((OrganisationName(match["name"], None, None),), "department")
        hit = OrganisationHit(*match.span(), match["name"], body, weak=False, local=True)
        yield Name(match.start(), match.end(), match["name"], organisation=hit)


def _portals(stretch: str, start: int) -> Iterator[Name]:
    for hit in find_portals(stretch):
        chains = load_gazetteer().chains(hit.form)
        if chains and chains[0].start == 0:
            continue  # 青岛政务网, 南充市政府网站: the place is named itself
        yield Name(start + hit.start, start + hit.end, stretch[hit.start : hit.end], portal=hit)


def _tax_office(stretch: str, chain: PlaceChain, start: int) -> Name | None:
    """北京地税, 大连国税局, 郑东新区管委会: an office, not the place (entities.md §5)."""
    office = _TAX.match(stretch, chain.end) or _BOARD.match(stretch, chain.end)
    if office is None:
        return None
    form = stretch[chain.start : office.end()]
    hit = OrganisationHit(
        chain.start,
        office.end(),
        form,
        Organisation((OrganisationName(form, None, None),), "department"),
        weak=False,
        local=True,
    )
    return Name(start + chain.start, start + office.end(), form, organisation=hit)


def _places(stretch: str, start: int) -> Iterator[Name]:
    for chain in _chains(stretch):
        account = _PUBLISHER.match(stretch, chain.end)
        if account is not None and not speaks_of_media(stretch):
            account = None
        if account is None and not chain.tail:
            account = OFFICE_SITE.match(stretch, chain.end)
        if account is not None:
            form = stretch[chain.start : account.end()]
            yield Name(start + chain.start, start + account.end(), form, person="account")
            continue
        if _NO_PLACE.match(stretch, chain.end):
            continue
        office = _tax_office(stretch, chain, start)
        if office is not None:
            yield office
            continue
        if stretch[max(0, chain.start - 1) : chain.start] == "@":
            continue  # an account, not its place
        if stretch[max(0, chain.start - 1) : chain.start] == "在" and _SITTING.match(stretch, chain.end):
            continue
        last = chain.hits[-1]
        weak = last.short and len(chain.hits) == 1 and all(place.level in ("county", "zone") for place in last.places)
        yield Name(start + chain.start, start + chain.end, stretch[chain.start : chain.end], chain=chain, weak=weak)


def _chains(stretch: str) -> Iterator[PlaceChain]:
    """The chains, but 海南[和安]徽 and 城市[中山]东 read as what they are: a conjunction and a place behind it."""
    gazetteer = load_gazetteer()
    for chain in gazetteer.chains(stretch):
        hit = chain.hits[0]
        bound = hit.form[0] in "和与及" and chain.start > 0
        inner = hit.form[0] == "中" and stretch[max(0, chain.start - 1) : chain.start] in _BEFORE_AMONG
        if not (hit.short and len(hit.form) == 2 and (bound or inner)):
            yield chain
            continue
        behind = gazetteer.chains(stretch[chain.start + 1 : chain.end + 8])
        if behind and behind[0].start == 0 and _is_rather_meant(behind[0].hits[0]):
            first = chain.start + 1
            found = behind[0]
            hits = tuple(replace(h, start=h.start + first, end=h.end + first) for h in found.hits)
            yield replace(found, start=found.start + first, end=found.end + first, hits=hits)
        else:
            yield chain


def _is_rather_meant(hit: PlaceHit) -> bool:
    return not hit.short or any(place.level != "county" for place in hit.places)


_BEFORE_AMONG = frozenset("市省区县位名家个强网站")


def _persons(text: str, start: int, end: int) -> Iterator[Name]:
    for match in _PERSON.finditer(text, start, end):
        level = _LEVELS[match["a"] or match["b"] or match["c"] or match["d"]]
        last = match.end("a") if match["we"] else match.end("b") if match["b"] else match.end()
        yield Name(match.start(), last, text[match.start() : last], person=level)
