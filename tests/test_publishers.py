from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from storage.novelty.publishers import government_named, house_named, house_of_page
from storage.novelty.standing import Stage, standing_of

HOUSES = [
    ("人民网", "人民日报"), ("人民日报海外版", "人民日报"), ("人民网-湖北频道", "人民日报"), ("人民日报客户端", "人民日报"),
    ("新华社", "新华社"), ("新华网湖北频道", "新华社"), ("新华每日电讯", "新华社"), ("新华社 记者张三", "新华社"),
    ("新华日报", "新华日报"), ("中国江苏网", "新华日报"), ("中新网", "中国新闻社"), ("中国新闻网", "中国新闻社"),
    ("央视网", "中央广播电视总台"), ("央广网武汉", "中央广播电视总台"), ("国际在线", "中央广播电视总台"),
    ("光明网-时政频道", "光明日报"), ("经济日报-中国经济网", "经济日报"), ("中国网", "中国互联网新闻中心"),
    ("中国网信网", "中国网信网"), ("荆楚网（湖北日报网）", "湖北日报"), ("长江云", "湖北广播电视台"), ("长江网", "长江日报"),
    ("齐鲁网", "山东广播电视台"), ("大众网", "大众日报"), ("南方+客户端", "南方日报"), ("浙江在线", "浙江日报"),
    ("来源：南方网", "南方日报"), ("转载自 荆楚网", "湖北日报"), ("孝感日报微信公众号", "孝感日报"), ("孝感日报", "孝感日报"),
    ("湖北省人民政府门户网站", "湖北省人民政府"), ("湖北省政府网", "湖北省人民政府"), ("湖北省人民政府办公厅", "湖北省人民政府"),
    ("湖北省人民政府 政务公开", "湖北省人民政府"), ("中国·武汉市政府门户网站", "武汉市人民政府"), ("首都之窗", "北京市人民政府"),
    ("内蒙古自治区人民政府网", "内蒙古自治区人民政府"), ("国务院国资委", "国务院国资委"), ("国家税务总局网站", "国家税务总局"),
    ("融合网", "融合网"), ("搜狐", "搜狐"), ("", None), ("  ", None), (None, None), ("网站", "网站"), ("：", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "house"), HOUSES)
def test_houses(name: str | None, house: str | None) -> None:
    assert house_named(name) == house


PAGES = [
    ("人民网", "http://www.dwrh.net/1", "人民日报"), (None, "http://hb.people.com.cn/n2/1.html", "人民日报"),
    (None, "http://www.hb.xinhuanet.com/1", "新华社"), (None, "https://a.b.example.com.cn/1", "example.com.cn"),
    (None, "http://www.dwrh.net/1", "dwrh.net"), (None, "http://notpeople.com.cn/", "notpeople.com.cn"),
    (None, None, None), (None, "nonsense", None), (None, "http://[::1", None), (None, "http://fgw.hubei.gov.cn/1", "hubei.gov.cn"),
]  # fmt: skip


@pytest.mark.parametrize(("outlet", "url", "house"), PAGES)
def test_houses_of_pages(outlet: str | None, url: str | None, house: str | None) -> None:
    assert house_of_page(outlet, url) == house


def test_no_name_and_no_host_is_of_two_houses() -> None:
    file = Path(__file__).parents[1] / "storage" / "novelty" / "publishers.toml"
    houses = tomllib.loads(file.read_text(encoding="utf-8"))["house"]
    for kind in ("names", "hosts", "alone"):
        every = [name for house in houses for name in house.get(kind, ())]
        assert len(every) == len(set(every))
    assert all(government_named(house["names"][0]) is None for house in houses)


@pytest.mark.parametrize("name", ["孝感日报客户端", "人民网", "湖北省政府门户网站", "中国网", "中国政府网"])
def test_the_name_of_a_house_is_its_own(name: str) -> None:
    house = house_named(name)
    assert house_named(house) == house


CSTC = ("中国软件评测中心",)
STANDINGS = [
    ("the organiser's page", Stage("中国软件评测中心", None, None), "湖北省", CSTC, 3),
    ("a host of the organiser", Stage(house_of_page(None, "http://www.cstc.org.cn/1"), None, None), "湖北省", CSTC, 3),
    ("a reprint of the organiser", Stage("融合网", "中国软件评测中心", None), "湖北省", CSTC, 1),
    ("the government's portal", Stage("湖北省人民政府", None, None), "湖北省", CSTC, 2),
    ("a host of the government", Stage("湖北发布", None, "湖北省"), "湖北省", CSTC, 2),
    ("a reprint of the government", Stage("融合网", "湖北省人民政府", None), "湖北省", CSTC, 1),
    ("the city below speaks of its province", Stage("武汉市人民政府", None, "湖北省/武汉市"), "湖北省", CSTC, 0),
    ("the province speaks of its city", Stage("湖北省人民政府", None, "湖北省"), "湖北省/武汉市", CSTC, 0),
    ("the city of itself", Stage("武汉市人民政府", None, "湖北省/武汉市"), "湖北省/武汉市", CSTC, 2),
    ("a district of itself", Stage("朝阳区人民政府", None, "北京市"), "北京市/朝阳区", CSTC, 2),
    ("a district of that name elsewhere", Stage("朝阳区人民政府", None, "吉林省/长春市"), "北京市/朝阳区", CSTC, 0),
    ("a ministry of itself", Stage("国家税务总局", None, None), "国家税务总局", CSTC, 2),
    ("a ministry by its short name", Stage("税务总局", None, None), "国家税务总局", CSTC, 2),
    ("a paper", Stage("湖北日报", None, None), "湖北省", CSTC, 0),
    ("nobody", Stage(None, None, None), "湖北省", (), 0),
]


@pytest.mark.parametrize(
    ("stage", "entity", "organizers", "standing"), [row[1:] for row in STANDINGS], ids=[row[0] for row in STANDINGS]
)
def test_standings(stage: Stage, entity: str, organizers: tuple[str, ...], standing: int) -> None:
    assert standing_of(stage, entity, organizers) == standing
