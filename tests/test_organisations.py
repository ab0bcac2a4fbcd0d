"""Central bodies with the history of their names, and departments of places (entities.md section 5)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.organisations import find_organisations, organisation_named


def forms(text: str) -> list[str]:
    return [hit.form for hit in find_organisations(text)]


@pytest.mark.parametrize(
    ("form", "year", "name"),
    [
        ("国家发改委", 2002, "国家发展计划委员会"),
        ("发展改革委", 2015, "国家发展和改革委员会"),
        ("科技部", 2024, "科学技术部"),
        ("工信部", 2015, "工业和信息化部"),
        ("信息产业部", 2006, "信息产业部"),
        ("信息产业部", 2012, "信息产业部"),
        ("人社部", 2012, "人力资源和社会保障部"),
        ("国土资源部", 2015, "国土资源部"),
        ("国土资源部", 2018, "自然资源部"),
        ("环保总局", 2003, "国家环境保护总局"),
        ("环境保护部", 2011, "环境保护部"),
        ("环境保护部", 2020, "生态环境部"),
        ("建设部", 2007, "建设部"),
        ("住房城乡建设部", 2008, "住房和城乡建设部"),
        ("交通部", 2006, "交通部"),
        ("交通运输部", 2011, "交通运输部"),
        ("农业部", 2015, "农业部"),
        ("文化部", 2018, "文化和旅游部"),
        ("卫生部", 2003, "卫生部"),
        ("卫生计生委", 2015, "国家卫生和计划生育委员会"),
        ("卫健委", 2024, "国家卫生健康委员会"),
        ("人口计生委", 2011, "国家人口和计划生育委员会"),
        ("国家安全生产监督管理局", 2003, "国家安全生产监督管理局"),
        ("安全监管总局", 2011, "国家安全生产监督管理总局"),
        ("安监总局", 2019, "应急管理部"),
        ("食品药品监管总局", 2015, "国家食品药品监督管理总局"),
        ("国家食品药品监督管理局", 2003, "国家食品药品监督管理局"),
        ("药监局", 2024, "国家药品监督管理局"),
        ("市场监管总局", 2024, "国家市场监督管理总局"),
        ("质检总局", 2015, "国家质量监督检验检疫总局"),
        ("林业局", 2015, "国家林业局"),
        ("林草局", 2024, "国家林业和草原局"),
        ("粮食局", 2003, "国家粮食局"),
        ("民航局", 2024, "中国民用航空局"),
        ("民航总局", 2006, "中国民用航空总局"),
        ("广电总局", 2016, "国家新闻出版广电总局"),
        ("保监会", 2011, "中国保险监督管理委员会"),
        ("银保监会", 2023, "国家金融监督管理总局"),
        ("证监会", 2015, "中国证券监督管理委员会"),
        ("国资委", 2011, "国务院国有资产监督管理委员会"),
        ("国家外汇管理局", 2003, "国家外汇管理局"),
        ("体育总局", 2024, "国家体育总局"),
        ("税务总局", 2003, "国家税务总局"),
    ],
)
def test_the_name_is_that_of_the_evaluation_year(form: str, year: int, name: str) -> None:
    (hit,) = find_organisations(form)
    assert hit.form == form
    assert hit.organisation.kind == "ministry"
    assert hit.organisation.name_in(year) == name


def test_merged_bodies_keep_their_name_and_know_their_successor() -> None:
    body = organisation_named("国家质检总局")
    assert body is not None
    assert body.name_in(2020) == body.now == "国家质量监督检验检疫总局"
    assert body.successors == ("国家市场监督管理总局",)
    assert organisation_named("火星部") is None


def test_every_successor_is_known() -> None:
    for hit in find_organisations("信息产业部、铁道部、国家旅游局、人事部、国家海洋局、银监会、新闻出版总署"):
        assert hit.organisation.successors
        assert all(organisation_named(name) is not None for name in hit.organisation.successors)


@pytest.mark.parametrize(
    "form", ["林业局", "统计局", "税务局", "气象局", "体育局", "知识产权局", "卫生计生委", "发展改革委", "国资委"]
)
def test_forms_that_provinces_have_too_are_weak(form: str) -> None:
    (hit,) = find_organisations(f"、{form}网站")
    assert (hit.weak, hit.local) == (True, False)


@pytest.mark.parametrize("form", ["商务部", "国家林业局", "海关总署", "税务总局", "中国气象局", "食品药品监管总局"])
def test_forms_of_the_centre_alone_are_strong(form: str) -> None:
    (hit,) = find_organisations(f"、{form}网站")
    assert (hit.weak, hit.local) == (False, False)


@pytest.mark.parametrize(
    "text",
    [
        "国务院部门",
        "国务院组成部门网站",
        "教育部门、公安部门、水利部门",
        "作出商务部署,抓好水利部署",
        "城市管理局面",
        "各省教育厅",
        "社区教育局域网",
        "卫生局",
        "政务服务能力",
        "",
    ],
)
def test_groups_and_ordinary_words_are_none(text: str) -> None:
    assert forms(text) == []


@pytest.mark.parametrize(
    "form",
    [
        "厦门卫生局",
        "厦门地税局",
        "厦门建设与管理局",
        "山东国税局",
        "湖北省公安厅",
        "北京市林业局",
        "浙江省气象局",
        "南宁市发展和改革委员会",
        "南宁市金融工作办公室",
        "南宁市行政审批局",
        "南宁市农业农村局",
        "四川文旅厅",
        "四川省交通运输厅",
        "广西壮族自治区大数据发展局",
        "湖北省武汉市卫生健康委员会",
        "国家税务总局青岛市税务局",
        "省商务厅",
        "市人力资源和社会保障局",
        "自治区自然资源厅",
    ],
)
def test_a_department_belongs_to_its_place(form: str) -> None:
    (hit,) = find_organisations(f"在{form}网站上")
    assert hit.form == form
    assert hit.local
    assert not hit.weak
    assert hit.organisation.kind == "department"
    assert hit.organisation.name_in(2009) == form


def test_a_list_as_result_tables_print_it() -> None:
    text = "商务部、质检总局、税务总局、林业局、工业和信息化部/水利部和中国地震局"
    assert forms(text) == ["商务部", "质检总局", "税务总局", "林业局", "工业和信息化部", "水利部", "中国地震局"]


PIECES = [
    "国家税务总局",
    "青岛市",
    "税务局",
    "教育部",
    "门",
    "省",
    "我",
    "商务厅",
    "发展",
    "和",
    "改革委员会",
    "、",
    "武汉",
    "气象局",
    " ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join) | st.text(max_size=40))
@settings(deadline=None, max_examples=200)
def test_hits_never_overlap_and_are_cut_from_the_text(text: str) -> None:
    hits = find_organisations(text)
    assert all(hit.form == text[hit.start : hit.end] and hit.form for hit in hits)
    assert all(one.end <= other.start for one, other in pairwise(hits))
