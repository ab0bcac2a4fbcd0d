"""The table of places: counts, years, lineages, and that it agrees with the hand-kept changes."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files

import pytest

from crawler.extract.gazetteer import CORPS, FormIndex, Place, PlaceTable, is_below, load_table
from crawler.extract.places import load_gazetteer


@cache
def table() -> PlaceTable:
    return load_table()


@cache
def places() -> tuple[Place, ...]:
    lines = (files("crawler.extract") / "data" / "places.tsv").read_text("utf-8").splitlines()
    return tuple(map(table().at, range(len(lines) - 1)))


def held(year: int, level: str) -> list[Place]:
    return [place for place in places() if place.level == level and place.holds_in(year)]


@pytest.mark.parametrize(
    ("year", "prefectures", "counties"),
    [(2002, 332, 2860), (2010, 333, 2856), (2014, 333, 2854), (2022, 333, 2841), (2023, 333, 2842)],
)
def test_counts_are_the_published_ones(year: int, prefectures: int, counties: int) -> None:
    assert len(held(year, "prefecture")) == prefectures
    assert len(held(year, "county")) == counties
    assert len([place for place in held(year, "province") if place.path != CORPS]) == 34


@pytest.mark.parametrize(("year", "names", "units"), [(2002, 35, 94), (2010, 31, 76), (2022, 28, 64)])
def test_as_many_names_are_shared_as_were_measured(year: int, names: int, units: int) -> None:
    counts = Counter(place.name for place in held(year, "county"))
    shared = [count for count in counts.values() if count > 1]
    assert (len(shared), sum(shared)) == (names, units)


def test_names_of_all_years() -> None:
    ever = {place.name for place in places() if place.level != "zone" and place.first_year <= 2022}
    now = {place.name for place in places() if place.level != "zone" and place.holds_in(2022)}
    assert abs(len(ever) - 3520) < 5
    assert abs(len(ever - now) - 348) < 5


def test_stems_are_shared_about_as_often_as_measured() -> None:
    stems = Counter(place.short for level in ("province", "prefecture", "county") for place in held(2022, level))
    del stems[""]
    shared = [count for count in stems.values() if count > 1]
    assert 110 <= len(shared) <= 122
    assert 235 <= sum(shared) <= 255


def test_the_file_is_small_and_its_rows_are_whole() -> None:
    data = (files("crawler.extract") / "data" / "places.tsv").read_bytes()
    assert len(data) <= 400_000
    assert len({(place.path, place.code, place.first_year) for place in places()}) == len(places())
    for place in places():
        assert place.path.rsplit("/", 1)[-1] == place.name
        assert "直辖" not in place.path
        assert (place.parent is None) == (place.level == "province")
        assert place.last_year is None or place.first_year <= place.last_year
        assert bool(place.successors) == (place.last_year is not None) or place.level == "zone"


def test_successors_hold_today() -> None:
    today = {place.code for place in places() if place.last_year is None}
    assert not [place.path for place in places() if not today.issuperset(place.successors)]


def test_every_change_stands_in_the_table() -> None:
    changes = tomllib.loads((files("crawler.extract") / "data" / "changes.toml").read_text("utf-8"))["changes"]
    first = {(place.code, place.name): place.first_year for place in reversed(places())}
    last = {(place.code, place.name): place.last_year for place in places()}
    for block in changes:
        for line in block["units"]:
            old, new = line.partition(";")[0].split(">")
            for unit in filter(str.strip, old.split(",")):
                code, name = unit.split()
                assert last[code, name] == block["year"] - 1, line
            for unit in new.split(","):
                code, name = unit.split()
                assert first[code, name] <= block["year"], line


def test_every_block_of_changes_says_its_source() -> None:
    changes = tomllib.loads((files("crawler.extract") / "data" / "changes.toml").read_text("utf-8"))["changes"]
    assert all(block["source"] for block in changes)
    assert [block["year"] for block in changes] == sorted(block["year"] for block in changes)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("上海市/徐汇区", "310104"),
        ("湖北省/仙桃市", "429004"),
        ("新疆维吾尔自治区/石河子市", "659001"),
        ("新疆维吾尔自治区/白杨市", "659012"),
        ("河北省/保定市/定州市", "130682"),
        ("河南省/济源市", "419001"),
        ("海南省/儋州市", "460400"),
        ("四川省/成都市/简阳市", "510185"),
        ("吉林省/长春市/公主岭市", "220184"),
        ("安徽省/合肥市/巢湖市", "340181"),
        ("重庆市/两江新区", "500157"),
        ("新疆生产建设兵团", "660000"),
    ],
)
def test_canonical_paths_and_codes(path: str, code: str) -> None:
    place = load_gazetteer().place(path)
    assert place is not None
    assert place.code == code


@pytest.mark.parametrize(
    ("path", "first_year", "last_year", "successors"),
    [
        ("湖北省/襄樊市", 2002, 2009, ("420600",)),
        ("湖北省/襄阳市", 2010, None, ()),
        ("湖北省/襄樊市/襄阳区", 2002, 2009, ("420607",)),
        ("北京市/宣武区", 2002, 2009, ("110102",)),
        ("北京市/崇文区", 2002, 2009, ("110101",)),
        ("上海市/南汇区", 2002, 2008, ("310115",)),
        ("上海市/卢湾区", 2002, 2010, ("310101",)),
        ("上海市/闸北区", 2002, 2014, ("310106",)),
        ("浙江省/绍兴市/绍兴县", 2002, 2012, ("330603",)),
        ("四川省/成都市/郫县", 2002, 2015, ("510117",)),
        ("四川省/成都市/郫都区", 2016, None, ()),
        ("四川省/成都市/新津县", 2002, 2019, ("510118",)),
        ("山东省/莱芜市", 2002, 2018, ("370116", "370117")),
        ("安徽省/巢湖市", 2002, 2010, ("340100", "340200", "340500")),
        ("云南省/思茅市", 2003, 2006, ("530800",)),
        ("江苏省/无锡市/崇安区", 2002, 2014, ("320213",)),
        ("浙江省/杭州市/江干区", 2002, 2020, ("330102",)),
        ("重庆市/江北区", 2002, 2024, ("500157",)),
        ("西藏自治区/山南市/错那县", 2016, 2022, ("540581",)),
        ("重庆市/双桥区", 2002, 2010, ("500111",)),
    ],
)
def test_years_and_successors(path: str, first_year: int, last_year: int | None, successors: tuple[str, ...]) -> None:
    place = load_gazetteer().place(path)
    assert place is not None
    assert (place.first_year, place.last_year, place.successors) == (first_year, last_year, successors)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("恩施土家族苗族自治州", "恩施"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("前郭尔罗斯蒙古族自治县", "前郭尔罗斯"),
        ("鄂伦春自治旗", "鄂伦春"),
        ("东乡族自治县", "东乡"),
        ("伊犁哈萨克自治州", "伊犁"),
        ("浦东新区", "浦东"),
        ("清新区", "清新"),
        ("碑林区", "碑林"),
        ("神农架林区", "神农架"),
        ("大兴安岭地区", "大兴安岭"),
        ("沛县", ""),
        ("市中区", ""),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert {place.short for place in places() if place.name == name} == {short}


@pytest.mark.parametrize(
    ("path", "years"),
    [
        ("四川省/成都市/郫都区", [2002, 2016]),
        ("湖北省/襄阳市", [2002, 2010]),
        ("北京市/西城区", [2002]),
        ("北京市/宣武区", [2002]),
        ("山东省/莱芜市", [2002]),
    ],
)
def test_a_lineage_is_one_unit_through_its_names(path: str, years: list[int]) -> None:
    place = load_gazetteer().place(path)
    assert place is not None
    assert [row.first_year for row in table().lineage(place)] == years


BELOW = [
    ("湖北省/武汉市/武昌区", "湖北省/武汉市"),
    ("湖北省/武汉市/武昌区", "湖北省"),
    ("湖北省/襄阳市/樊城区", "湖北省/襄樊市"),
    ("新疆维吾尔自治区/北屯市", "新疆生产建设兵团"),
    ("新疆维吾尔自治区/北屯市", "新疆维吾尔自治区"),
    ("四川省/天府新区", "四川省"),
]
NOT_BELOW = [
    ("湖北省/武汉市", "湖北省/武汉市/武昌区"),
    ("湖北省/武汉市", "湖北省/武汉市"),
    ("湖北省/仙桃市", "湖北省/武汉市"),
    ("新疆维吾尔自治区/哈密市", "新疆生产建设兵团"),
    ("四川省/天府新区", "四川省/成都市"),
]


def test_below() -> None:
    place = load_gazetteer().place

    def below(pair: tuple[str, str]) -> bool:
        one, other = place(pair[0]), place(pair[1])
        assert one is not None
        assert other is not None
        return is_below(one, other)

    assert all(map(below, BELOW))
    assert not any(map(below, NOT_BELOW))


def test_a_zone_became_a_district() -> None:
    levels = [load_gazetteer().place("重庆市/两江新区", year) for year in (2015, 2025)]
    assert [place and place.level for place in levels] == ["zone", "county"]


def test_form_index_gives_the_longest_first() -> None:
    index = FormIndex(["吉林", "吉林市", "吉林省"])
    assert list(index.slices("在吉林市长", 1)) == ["吉林市", "吉林"]
    assert list(index.slices("吉林", 0)) == ["吉林"]
    assert list(index.slices("吉", 0)) == []
