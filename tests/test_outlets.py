"""Outlets, domains and portals' nicknames → places (entities.md section 6)."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.outlets import find_portals, place_of_domain, place_of_outlet
from crawler.extract.places import load_gazetteer


@pytest.mark.parametrize(
    ("outlet", "path"),
    [
        ("湖北要闻", "湖北省"),
        ("湖北省人民政府门户网站", "湖北省"),
        ("湖北日报", "湖北省"),
        ("荆楚网", "湖北省"),
        ("长江日报", "湖北省/武汉市"),
        ("成都商报-红星新闻", "四川省/成都市"),
        ("半岛都市报", "山东省/青岛市"),
        ("西安晚报", "陕西省/西安市"),
        ("闽东日报", "福建省/宁德市"),
        ("海峡导报", "福建省/厦门市"),
        ("贵州都市报", "贵州省"),
        ("南充日报", "四川省/南充市"),
        ("大众报业·大众日报客户端", "山东省"),
        ("塔城地区行政公署网", "新疆维吾尔自治区/塔城地区"),
        ("新华网湖北频道", "湖北省"),
        ("兵团日报", "新疆生产建设兵团"),
        ("北京青年报", "北京市"),
        ("南方都市报", None),
        ("新华网", None),
        ("人民网", None),
        ("中国经济网", None),
        ("中国青年报", None),
        ("上海证券报", None),
        ("中国西藏网新闻频道", None),
        ("融合网", None),
        ("", None),
    ],
)
def test_outlets(outlet: str, path: str | None) -> None:
    place = place_of_outlet(outlet)
    assert (None if place is None else place.path) == path


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("www.hubei.gov.cn", "湖北省"),
        ("www.gxzf.gov.cn", "广西壮族自治区"),
        ("sc.gov.cn", "四川省"),
        ("www.shanxi.gov.cn", "山西省"),
        ("www.shaanxi.gov.cn", "陕西省"),
        ("WWW.WUHAN.GOV.CN:8080", "湖北省/武汉市"),
        ("jtj.wuhan.gov.cn", "湖北省/武汉市"),
        ("www.taizhou.gov.cn", "江苏省/泰州市"),
        ("www.zjtz.gov.cn", "浙江省/台州市"),
        ("www.ningde.gov.cn", "福建省/宁德市"),
        ("www.shhk.gov.cn", "上海市/虹口区"),
        ("yc.cnhubei.com", "湖北省"),
        ("news.bandao.cn", "山东省/青岛市"),
        ("www.xjbt.gov.cn", "新疆生产建设兵团"),
        ("www.gov.cn", None),
        ("gov.cn", None),
        ("www.e-gov.org.cn", None),
        ("notwuhan.gov.cn", None),
        ("", None),
    ],
)
def test_domains(host: str, path: str | None) -> None:
    place = place_of_domain(host)
    assert (None if place is None else place.path) == path


@pytest.mark.parametrize(
    ("text", "portals"),
    [
        ("首都之窗列第一", {"首都之窗": "北京市"}),
        ("网上宿迁、青岛政务网", {"网上宿迁": "江苏省/宿迁市", "青岛政务网": "山东省/青岛市"}),
        ("市民主页和天府市民云", {"市民主页": "北京市", "天府市民云": "四川省/成都市"}),
        ("中国·上海、中国·杭州", {"中国·上海": "上海市", "中国·杭州": "浙江省/杭州市"}),
        ("“中国南昌”政务门户网站", {"“中国南昌”政务门户网站": "江西省/南昌市"}),
        ("“中国大连”获评", {"“中国大连”": "辽宁省/大连市"}),
        ("中国芜湖网站", {"中国芜湖网站": "安徽省/芜湖市"}),
        ("中国义乌政府门户网站", {"中国义乌政府门户网站": "浙江省/金华市/义乌市"}),
        ("苏州政务网", {"苏州政务网": "江苏省/苏州市"}),
        ("智慧无锡在线", {"智慧无锡在线": "江苏省/无锡市"}),
        ("南宁政务信息网", {"南宁政务信息网": "广西壮族自治区/南宁市"}),
        ("中国广东 中国福建 中国重庆", {"中国广东": "广东省", "中国福建": "福建省", "中国重庆": "重庆市"}),
        ("首都之窗、中国上海", {"首都之窗": "北京市", "中国上海": "上海市"}),
        ("中国北京发布消息", {}),
        ("中国政府网、中国文明网、中国林业网、中国海岛网", {}),
        ("四川文明网、山西阳光农廉网", {}),
        ("武汉网络发展", {}),
        ("", {}),
    ],
)
def test_portals(text: str, portals: dict[str, str]) -> None:
    found = {}
    hits = find_portals(text)
    assert len(hits) == len(portals)
    for hit in hits:
        assert hit.form == text[hit.start : hit.end]
        place = hit.place
        if hit.places is not None:
            place = load_gazetteer().resolve(hit.places, year=2018)
        assert place is not None
        found[hit.form] = place.path
    assert found == portals


def test_every_path_of_the_data_is_a_place() -> None:
    data = files("crawler.extract") / "data"
    outlets = tomllib.loads((data / "outlets.toml").read_text("utf-8"))
    portals = tomllib.loads((data / "portals.toml").read_text("utf-8"))
    place = load_gazetteer().place
    paths = {*outlets["papers"].values(), *outlets["domains"].values()}
    paths |= {*portals["seen"].values(), *portals["general"].values()}
    for province, pairs in outlets["pinyin"].items():
        paths |= {f"{province}/{city}市" for city in pairs.split()[1::2]}
    assert not sorted(path for path in paths if place(path) is None)
    assert len(outlets["papers"]) >= 100


def test_every_province_has_a_domain_and_no_pinyin_stands_twice() -> None:
    outlets = tomllib.loads((files("crawler.extract") / "data" / "outlets.toml").read_text("utf-8"))
    provinces = {path for host, path in outlets["domains"].items() if "/" not in path and host.endswith(".gov.cn")}
    assert len(provinces) == 32
    names = [pinyin for pairs in outlets["pinyin"].values() for pinyin in pairs.split()[::2]]
    assert len(names) == len(set(names))


PIECES = ["青岛政务网", "中国", "·", "“", "”", "武汉", "上海", "网站", "政务网", "、", "首都之窗", "在线", "数字", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(deadline=None)
def test_portals_are_cut_from_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for hit in find_portals(text):
        assert hit.start >= end
        assert hit.form == text[hit.start : hit.end]
        end = hit.end
