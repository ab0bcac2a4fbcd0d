"""Which unit a form means: year, parent, level, neighbourhood; never a guess (entities.md sections 2 to 4 and 7)."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from crawler.extract.places import (
    Place,
    PlaceHit,
    is_autonomous_region,
    is_capital,
    is_municipality,
    is_participant,
    is_planned_city,
    is_subprovincial,
    load_gazetteer,
)

GAZETTEER = load_gazetteer()


def hit(form: str) -> PlaceHit:
    found = GAZETTEER.find(form)
    assert [one.form for one in found] == [form]
    return found[0]


def unit(path: str, year: int | None = None) -> Place:
    place = GAZETTEER.place(path, year)
    assert place is not None, path
    return place


def path_of(form: str, year: int | None, **context: str) -> str | None:
    near = unit(context["near"]) if "near" in context else None
    parent = unit(context["parent"]) if "parent" in context else None
    levels = context["levels"].split() if "levels" in context else None
    place = GAZETTEER.resolve(hit(form), year=year, parent=parent, near=near, levels=levels)
    return None if place is None else place.path


@pytest.mark.parametrize(
    "form", ["通州区", "朝阳区", "鼓楼区", "市中区", "新华区", "江北区", "白云区", "城区", "郊区", "西安区"]
)
@pytest.mark.parametrize("year", [2018, None])
def test_a_shared_name_without_context_is_never_guessed(form: str, year: int | None) -> None:
    assert path_of(form, year) is None


@pytest.mark.parametrize(
    ("form", "near", "path"),
    [
        ("通州区", "北京市", "北京市/通州区"),
        ("通州区", "北京市/海淀区", "北京市/通州区"),
        ("通州区", "江苏省", "江苏省/南通市/通州区"),
        ("鼓楼区", "江苏省/南京市", "江苏省/南京市/鼓楼区"),
        ("鼓楼区", "江苏省", None),
        ("鼓楼区", "福建省", "福建省/福州市/鼓楼区"),
        ("青山区", "湖北省/武汉市", "湖北省/武汉市/青山区"),
        ("青山区", "湖北省/宜昌市", "湖北省/武汉市/青山区"),
        ("青山区", "广东省", None),
        ("城区", "山西省/晋城市", "山西省/晋城市/城区"),
        ("朝阳", "北京市", "北京市/朝阳区"),
        ("海南", "青海省", "海南省"),
        ("吉林", "吉林省", "吉林省"),
    ],
)
def test_the_article_s_place_decides(form: str, near: str, path: str | None) -> None:
    assert path_of(form, 2018, near=near) == path


@pytest.mark.parametrize(
    ("form", "parent", "path"),
    [
        ("通州区", "江苏省/南通市", "江苏省/南通市/通州区"),
        ("市中区", "山东省/济南市", "山东省/济南市/市中区"),
        ("海南", "青海省", "青海省/海南藏族自治州"),
        ("恩施市", "湖北省", "湖北省/恩施土家族苗族自治州/恩施市"),
        ("北屯市", "新疆生产建设兵团", "新疆维吾尔自治区/北屯市"),
        ("武昌区", "湖南省", "湖北省/武汉市/武昌区"),
    ],
)
def test_a_parent_decides_if_the_unit_is_below_it(form: str, parent: str, path: str) -> None:
    assert path_of(form, 2018, parent=parent) == path


def test_a_parent_goes_before_the_year() -> None:
    """桥东区 of 邢台 was renamed in 2020; that of 张家口 still held."""
    assert path_of("桥东区", 2021) == "河北省/张家口市/桥东区"
    assert path_of("桥东区", 2021, parent="河北省/邢台市") == "河北省/邢台市/襄都区"
    assert path_of("桥东区", 2019, parent="河北省/邢台市") == "河北省/邢台市/桥东区"


@pytest.mark.parametrize(
    ("form", "levels", "path"),
    [
        ("吉林", "prefecture", "吉林省/吉林市"),
        ("吉林", "province", "吉林省"),
        ("恩施", "prefecture", "湖北省/恩施土家族苗族自治州"),
        ("恩施", "county", "湖北省/恩施土家族苗族自治州/恩施市"),
        ("朝阳", "prefecture", "辽宁省/朝阳市"),
        ("海南", "prefecture", "青海省/海南藏族自治州"),
        ("长沙", "county", "湖南省/长沙市/长沙县"),
        ("武汉", "county", None),
        ("襄阳", "prefecture", "湖北省/襄阳市"),
    ],
)
def test_the_group_decides_by_level(form: str, levels: str, path: str | None) -> None:
    assert path_of(form, 2018, levels=levels) == path


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ("恩施", "湖北省/恩施土家族苗族自治州"),
        ("吉林", "吉林省"),
        ("海南", "海南省"),
        ("河南", "河南省"),
        ("西安", "陕西省/西安市"),
        ("中山", "广东省/中山市"),
        ("大理", "云南省/大理白族自治州"),
        ("巢湖", "安徽省/合肥市/巢湖市"),
    ],
)
def test_the_highest_level_is_meant_otherwise(form: str, path: str) -> None:
    assert path_of(form, 2018) == path


@pytest.mark.parametrize(
    ("form", "year", "path"),
    [
        ("襄樊市", 2009, "湖北省/襄樊市"),
        ("襄樊市", 2010, "湖北省/襄阳市"),
        ("襄樊", 2012, "湖北省/襄阳市"),
        ("襄阳市", 2008, "湖北省/襄樊市"),
        ("襄阳", 2009, "湖北省/襄樊市/襄阳区"),
        ("襄阳", 2010, "湖北省/襄阳市"),
        ("宣武区", 2009, "北京市/宣武区"),
        ("宣武区", 2015, "北京市/宣武区"),
        ("西城区", 2009, "北京市/西城区"),
        ("郫县", 2015, "四川省/成都市/郫县"),
        ("郫县", 2018, "四川省/成都市/郫都区"),
        ("郫都区", 2018, "四川省/成都市/郫都区"),
        ("郫都区", 2012, "四川省/成都市/郫县"),
        ("新津县", 2018, "四川省/成都市/新津县"),
        ("新津县", 2020, "四川省/成都市/新津区"),
        ("南汇区", 2008, "上海市/南汇区"),
        ("闸北区", 2014, "上海市/闸北区"),
        ("思茅市", 2005, "云南省/思茅市"),
        ("思茅市", 2009, "云南省/普洱市"),
        ("巢湖市", 2009, "安徽省/巢湖市"),
        ("巢湖市", 2012, "安徽省/合肥市/巢湖市"),
        ("莱芜市", 2018, "山东省/莱芜市"),
        ("莱芜区", 2019, "山东省/济南市/莱芜区"),
        ("寿县", 2012, "安徽省/六安市/寿县"),
        ("寿县", 2018, "安徽省/淮南市/寿县"),
        ("简阳市", 2014, "四川省/资阳市/简阳市"),
        ("简阳市", 2018, "四川省/成都市/简阳市"),
        ("樊城区", 2005, "湖北省/襄樊市/樊城区"),
        ("樊城区", 2015, "湖北省/襄阳市/樊城区"),
        ("江北区", 2026, "浙江省/宁波市/江北区"),
        ("米林市", 2022, "西藏自治区/林芝市/米林县"),
        ("平江区", 2011, "江苏省/苏州市/平江区"),
        ("武汉市", 1999, "湖北省/武汉市"),
        ("濂溪区", 2010, "江西省/九江市/庐山区"),
    ],
)
def test_the_name_is_that_of_the_evaluation_year(form: str, year: int, path: str) -> None:
    assert path_of(form, year) == path


@pytest.mark.parametrize(
    ("form", "path"), [("郫县", "四川省/成都市/郫县"), ("襄樊市", "湖北省/襄樊市"), ("寿县", "安徽省/淮南市/寿县")]
)
def test_without_a_year_the_printed_name_stays(form: str, path: str) -> None:
    assert path_of(form, None) == path


def test_every_nickname_means_one_unit() -> None:
    data = tomllib.loads((files("crawler.extract") / "data" / "nicknames.toml").read_text("utf-8"))
    for form in (*data["full"], *data["short"]):
        (found,) = GAZETTEER.find(form)
        assert len(set(found.places)) == len(found.places)
        assert GAZETTEER.resolve(found, year=2020) is not None, form


def test_in_year() -> None:
    pidu, xuanwu = unit("四川省/成都市/郫都区"), unit("北京市/宣武区")
    before = GAZETTEER.in_year(pidu, 2010)
    assert before is not None
    assert before.path == "四川省/成都市/郫县"
    assert GAZETTEER.in_year(xuanwu, 2015) is None


def test_place_and_code_by_year() -> None:
    assert GAZETTEER.place("湖北省/襄樊市", 2015) is None
    assert GAZETTEER.place("湖北省/火星市") is None
    earlier, later = GAZETTEER.by_code("420600", 2005), GAZETTEER.by_code("420600", None)
    assert earlier is not None
    assert later is not None
    assert (earlier.name, later.name) == ("襄樊市", "襄阳市")
    assert GAZETTEER.by_code("", None) is None
    assert GAZETTEER.by_code("999999", 2010) is None


def test_fixed_lists_are_complete() -> None:
    provinces = [place for code in range(11, 83) if (place := GAZETTEER.by_code(f"{code}0000", 2020)) is not None]
    cities = [place for code in range(1101, 6600) if (place := GAZETTEER.by_code(f"{code}00", 2020)) is not None]
    assert len([place for place in provinces if is_participant(place)]) == 32
    assert len([place for place in provinces if is_municipality(place)]) == 4
    assert len([place for place in provinces if is_autonomous_region(place)]) == 5
    assert len([place for place in cities if is_subprovincial(place)]) == 15
    assert len([place for place in cities if is_planned_city(place)]) == 5
    assert len([place for place in cities if is_capital(place)]) == 27
    assert len([place for place in cities if is_capital(place) and is_subprovincial(place)]) == 10
    assert not is_capital(unit("吉林省/吉林市"))
    assert not is_participant(unit("台湾省"))
