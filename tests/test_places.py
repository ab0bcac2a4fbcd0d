"""Places found in text: longest forms, guards against ordinary words, chains from parent to child."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.places import PlaceHit, load_gazetteer

GAZETTEER = load_gazetteer()


def forms(text: str) -> list[str]:
    return [hit.form for hit in GAZETTEER.find(text)]


def strong(text: str) -> list[str]:
    """Forms that count without further support."""
    return [hit.form for hit in GAZETTEER.find(text) if not only_a_county(hit)]


def only_a_county(hit: PlaceHit) -> bool:
    return hit.short and all(place.level in {"county", "zone"} for place in hit.places)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("荆门、鄂州、十堰、恩施等市", ["荆门", "鄂州", "十堰", "恩施"]),
        ("吉林省吉林市", ["吉林省", "吉林市"]),
        ("上海市场", ["上海"]),
        ("武汉市政府门户网站", ["武汉市"]),
        ("北京市民主页", ["北京市"]),
        ("柳州市级网站", ["柳州市"]),
        ("青岛市南区和市北区", ["青岛", "市南区", "市北区"]),
        ("济南市市中区", ["济南市", "市中区"]),
        ("恩施州、凉山州、融水县、融水自治县、昌吉州", ["恩施州", "凉山州", "融水县", "融水自治县", "昌吉州"]),
        ("广西、内蒙古、宁夏、西藏、新疆", ["广西", "内蒙古", "宁夏", "西藏", "新疆"]),
        ("新疆兵团、新疆生产建设兵团", ["新疆兵团", "新疆生产建设兵团"]),
        ("科右前旗、莫旗", ["科右前旗", "莫旗"]),
        ("两江新区、青西新区、沈北新区", ["两江新区", "青西新区", "沈北新区"]),
        ("武汉东湖高新区", ["武汉东湖高新区"]),
        ("合肥高新区、芜湖经开区", ["合肥高新区", "芜湖经开区"]),
        ("沛县、易县和单县", ["沛县", "易县", "单县"]),
        ("河南范县", ["河南", "范县"]),
        ("公安县政府网站", ["公安县"]),
    ],
)
def test_forms_are_found(text: str, found: list[str]) -> None:
    assert strong(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "创建示范县级平台,提高县级网站水平,公开县级信息,创新县域治理,管理县级站点",
        "市、区和县网站",
        "人力资源、国际合作、公安机关、信息惠民、服务通道",
        "新华社、新华网、共和国、比如、动力、延长、友好",
        "阿里巴巴、阿里云",
        "经济南北差异、公开封面、最大连续、渤海东岸、黄河南岸",
        "日照时间、长治久安、哈密瓜、大理石、普洱茶",
        "孙中山、中山装、天下大同",
        "南京路步行街",
        "湖北日报、西安晚报",
        "武汉大学",
        "区块链",
    ],
)
def test_ordinary_words_are_no_places(text: str) -> None:
    assert strong(text) == []


@pytest.mark.parametrize("text", ["全省和政务公开", "级以上城市", "城区改造", "解放区", "新城区建设"])
def test_a_county_s_stem_or_a_generic_name_needs_support(text: str) -> None:
    assert strong(text) == []


def test_a_stem_never_hides_a_name_that_overlaps_it() -> None:
    assert forms("公开平江县名单") == ["平江县"]
    assert forms("湖北公安厅") == ["湖北"]
    assert forms("北京长阳镇") == ["北京"]
    assert forms("江北区域") == ["江北"]


def test_listed_guards_admit_lists_and_parents() -> None:
    assert forms("西藏阿里") == ["西藏", "阿里"]
    assert forms("兰州、白银、天水") == ["兰州", "白银", "天水"]
    assert forms("白银") == ["白银"]
    assert forms("白银分析") == []
    assert forms("现货白银") == []


def test_the_candidates_of_all_years_are_given() -> None:
    (hit,) = GAZETTEER.find("襄阳")
    assert hit.short
    assert {place.path for place in hit.places} == {"湖北省/襄阳市", "湖北省/襄樊市/襄阳区"}


@pytest.mark.parametrize(
    ("text", "year", "path"),
    [
        ("武汉市武昌区", 2020, "湖北省/武汉市/武昌区"),
        ("杭州余杭区", 2015, "浙江省/杭州市/余杭区"),
        ("成都都江堰", 2018, "四川省/成都市/都江堰市"),
        ("浙江省温州市龙湾区", 2015, "浙江省/温州市/龙湾区"),
        ("北京长阳镇", 2015, "北京市/房山区/长阳镇"),
        ("上海闵行古美街道", 2015, "上海市/闵行区/古美街道"),
        ("海口市秀英区石山镇", 2015, "海南省/海口市/秀英区/石山镇"),
        ("杭州江干区丁兰小镇", 2015, "浙江省/杭州市/江干区/丁兰小镇"),
        ("新疆兵团十师北屯市", 2015, "新疆维吾尔自治区/北屯市"),
        ("兵团第八师石河子市", 2020, "新疆维吾尔自治区/石河子市"),
        ("海南共和县", 2015, "青海省/海南藏族自治州/共和县"),
        ("吉林吉林市", 2015, "吉林省/吉林市"),
        ("重庆江北区", 2018, "重庆市/江北区"),
        ("重庆江北区", None, "重庆市/江北区"),
        ("重庆两江新区", 2015, "重庆市/两江新区"),
        ("晋城市城区", 2015, "山西省/晋城市/城区"),
        ("襄阳市高新区", 2018, "湖北省/襄阳市/高新区"),
        ("东莞洪梅镇", 2020, "广东省/东莞市/洪梅镇"),
        ("通州区", 2018, None),
        ("通州区永顺镇", 2018, None),
    ],
)
def test_chains_are_one_entity(text: str, year: int | None, path: str | None) -> None:
    (chain,) = GAZETTEER.chains(text)
    assert (chain.start, chain.end) == (0, len(text))
    assert chain.path(year) == path


def test_a_chain_takes_the_article_s_place_and_the_group_s_level() -> None:
    (tongzhou,) = GAZETTEER.chains("通州区")
    assert tongzhou.path(2018, near=GAZETTEER.place("北京市")) == "北京市/通州区"
    (jilin,) = GAZETTEER.chains("吉林")
    assert jilin.path(2018, levels=("prefecture",)) == "吉林省/吉林市"


@pytest.mark.parametrize(
    ("text", "chains"),
    [
        ("北京上海", ["北京", "上海"]),
        ("武汉市武昌区和江岸区", ["武汉市武昌区", "江岸区"]),
        ("南宁市良庆区、武鸣区,隆安县,柳州市柳江区", ["南宁市良庆区", "武鸣区", "隆安县", "柳州市柳江区"]),
        ("成都市乡镇政府", ["成都市"]),
        ("武昌区各乡镇", ["武昌区"]),
        ("武昌区城镇化", ["武昌区"]),
        ("沈阳市浑南新区", ["沈阳市浑南新区"]),
        ("武昌区和解放街道", ["武昌区"]),
        ("闵行区南通街道", ["闵行区南通街道"]),
        ("武汉市打造新区", ["武汉市"]),
        ("", []),
    ],
)
def test_chains_end_where_the_next_place_is_no_child(text: str, chains: list[str]) -> None:
    assert [text[chain.start : chain.end] for chain in GAZETTEER.chains(text)] == chains


def test_letters_stand_for_provinces_only_in_runs() -> None:
    def letters(title: str) -> str:
        return "".join(hit.form for hit in GAZETTEER.abbreviations(title))

    assert letters("沪京浙位列前三") == "沪京浙"
    assert letters("京沪皖粤领先") == "京沪皖粤"
    assert letters("江苏浙江") == ""
    assert letters("新青年") == ""
    assert letters("沪上") == ""
    assert letters("甘青宁") == ""
    (first, *_) = GAZETTEER.abbreviations("京沪")
    assert first.places[0].path == "北京市"


PIECES = [
    "武汉市", "武昌区", "吉林", "襄阳", "通州区", "新疆兵团", "十师", "北屯市", "阿里", "沛县", "市南区", "青岛", "市", "场",
    "和", "、", "县", "区", "块", "京沪", "资源", "公开平江县", "石山镇", "高新区", "\n", " ", "A", "第三",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=60))
@settings(deadline=None, max_examples=200)
def test_hits_and_chains_never_overlap_and_are_cut_from_the_text(text: str) -> None:
    hits, chains = GAZETTEER.find(text), GAZETTEER.chains(text)
    assert all(one.end <= other.start for one, other in pairwise(hits))
    assert all(one.end <= other.start for one, other in pairwise(chains))
    assert all(hit.form == text[hit.start : hit.end] and hit.places for hit in hits)
    assert all(chain.start <= chain.hits[0].start and chain.hits[-1].end <= chain.end for chain in chains)
    assert {hit for chain in chains for hit in chain.hits} <= set(hits)


@given(st.sampled_from(PIECES[:12]), st.integers(1990, 2030))
@settings(deadline=None)
def test_a_resolved_place_holds_in_its_year_if_any_of_its_form_does(form: str, year: int) -> None:
    for hit in GAZETTEER.find(form):
        place = GAZETTEER.resolve(hit, year=year)
        assert place is None or place.holds_in(year) or not any(one.holds_in(year) for one in hit.places)
