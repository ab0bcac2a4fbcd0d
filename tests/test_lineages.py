"""Whom a person means, by name, form or code, and through which names results of it are stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import lineages_of
from crawler.extract.gazetteer import load_table


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("湖北", ["湖北省"]),
        ("湖北省", ["湖北省"]),
        ("武汉", ["湖北省/武汉市"]),
        ("湖北武汉", ["湖北省/武汉市"]),
        (" 湖北省/武汉市 ", ["湖北省/武汉市"]),
        ("420100", ["湖北省/武汉市"]),
        ("发改委", ["国家发展和改革委员会"]),
        ("国家发展和改革委员会", ["国家发展和改革委员会"]),
        ("吉林", ["吉林省", "吉林省/吉林市"]),
        ("朝阳区", ["北京市/朝阳区", "吉林省/长春市/朝阳区"]),
        ("北京朝阳区", ["北京市/朝阳区"]),
        ("海口市秀英区石山镇", ["海南省/海口市/秀英区/石山镇"]),
        ("湖北省和武汉市", []),
        ("无此处", []),
        ("999999", []),
        ("", []),
    ],
)
def test_who_is_meant(words: str, names: list[str]) -> None:
    assert [lineage.name for lineage in lineages_of(words)] == names


@pytest.mark.parametrize(
    ("words", "names", "code", "became"),
    [
        # a county that became a district has another name and another code
        ("郫县", ("四川省/成都市/郫县", "四川省/成都市/郫都区"), "510117", ()),
        ("510124", ("四川省/成都市/郫县", "四川省/成都市/郫都区"), "510117", ()),
        ("四川省/成都市/郫县", ("四川省/成都市/郫县", "四川省/成都市/郫都区"), "510117", ()),
        # a city that got another name keeps its code, and the path of what lies below it changes
        ("襄樊", ("湖北省/襄樊市", "湖北省/襄阳市"), "420600", ()),
        ("枣阳", ("湖北省/襄樊市/枣阳市", "湖北省/襄阳市/枣阳市"), "420683", ()),
        # a region that became a city: another name and another code
        ("那曲", ("西藏自治区/那曲地区", "西藏自治区/那曲市"), "540600", ()),
        # merged into one that went on: results of the two are not one row of places
        ("宣武区", ("北京市/宣武区",), "110104", ("北京市/西城区",)),
        ("莱芜市", ("山东省/莱芜市",), "371200", ("山东省/济南市/莱芜区", "山东省/济南市/钢城区")),
        ("人事部", ("人事部",), None, ("人力资源和社会保障部",)),
        ("国土资源部", ("国土资源部", "自然资源部"), None, ()),
        # of a code that two units had, the one that has it now
        ("469025", ("海南省/白沙黎族自治县",), "469025", ()),
    ],
)
def test_one_entity_through_its_names(
    words: str, names: tuple[str, ...], code: str | None, became: tuple[str, ...]
) -> None:
    lineage = lineages_of(words)[0]
    assert (lineage.names, lineage.code, lineage.became) == (names, code, became)
    assert lineage.name == names[-1]


def test_each_name_and_code_leads_to_the_same() -> None:
    assert len({lineages_of(words)[0] for words in ("襄樊市", "襄阳市", "420600", "湖北省/襄樊市")}) == 1


def test_every_path_and_every_code_of_the_table_leads_to_its_unit() -> None:
    table = load_table()
    places = [place for path in sorted({row[4] for row in table._rows}) for place in table.with_path(path)]
    for place in places:
        (lineage,) = lineages_of(place.path)
        assert place.path in lineage.names
        assert {lineages_of(name) for name in lineage.names} == {(lineage,)}, "all its names lead to the same"
        if place.code and place.last_year is None:
            assert [one.name for one in lineages_of(place.code)] == [place.path]
    assert len(places) > 3900


@given(st.text("湖北省武汉市襄樊发改委局朝阳区郫县/ 0123456789<'\n", max_size=12))
def test_any_words_have_an_answer(words: str) -> None:
    found = lineages_of(words)
    assert len({lineage.name for lineage in found}) == len(found)
    assert all(lineage.names[-1] == lineage.name for lineage in found)
