"""crawler.read.script: what rules are matched on, and the way back to what was printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article
from crawler.read import normalise
from crawler.read.script import simplify


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("遼甯省、貴州省", "辽宁省、贵州省"),
        ("由于網上政務服務于今年發布", "由于网上政务服务于今年发布"),
        ("於是藉口乾淨", "于是借口干净"),
        ("乾縣和乾安县", "乾县和乾安县"),
        ("全國(guó)地(dì)方", "全国地方"),
        ("數(shu)(shu)字政府", "数字政府"),
        ("國（guó）家", "国家"),
        ("政府@@网@@@站", "政府网站"),
        ("２０２１年（第二名），９５％；", "2021年(第二名),95%;"),
        ("绩\u00ad效\u200b评\ufeff估", "绩效评估"),
        ("“双引号”、顿号。", "“双引号”、顿号。"),
        ("客户端(app)与电脑(pc)", "客户端(app)与电脑(pc)"),
        ("方案(a)和方案(b)", "方案(a)和方案(b)"),
        ("⻓春市", "长春市"),
        ("东方软(600001,股吧)件园、南山(000001，股吧)园区(600001)", "东方软件园、南山园区(600001)"),
    ],
)
def test_printed_text_becomes_what_rules_know(printed: str, plain: str) -> None:
    assert normalise(printed)[0] == plain


def test_short_readings_go_where_a_page_is_full_of_readings() -> None:
    text = "國(guó)家(jiā)高(gāo)新技(jì)術企業(yè)啊(a)"
    assert normalise(text)[0] == "国家高新技术企业啊"


def test_evidence_is_cut_from_the_printed_text() -> None:
    text = "其中遼甯省、貴州省位列全國(guó)各省前三位"
    plain, offsets = normalise(text)
    article = Article(text, plain, offsets, ())
    at = plain.index("全国")
    assert article.words(at, at + 3) == "全國(guó)各"


noisy = st.text(alphabet="國国(（)）guóashu@＠\u200b\u00ad遼甯乾隆縣藉口么麽麼２，a1 \n", max_size=60)


@given(st.one_of(noisy, st.text(max_size=60)))
def test_offsets_map_back_and_normalising_again_changes_nothing(text: str) -> None:
    plain, offsets = normalise(text)
    assert len(offsets) == len(plain) + 1
    assert offsets[len(plain)] == len(text)
    assert list(offsets) == sorted(set(offsets)) or not plain
    assert normalise(plain)[0] == plain
    for sign, at in zip(plain, offsets, strict=False):
        assert simplify(sign) == sign or simplify(text)[at] in {sign, simplify(text[at])}


@given(st.text(max_size=80))
def test_simplifying_keeps_the_length(text: str) -> None:
    assert len(simplify(text)) == len(text)
