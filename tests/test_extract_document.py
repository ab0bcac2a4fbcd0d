"""Article → Extraction: the five seeds, the contract, and what must hold for every text."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract import extract, is_on_topic
from crawler.extract.contract import document_as_json
from crawler.items import Article, Paragraph
from crawler.read import article_from_file

SHARED = Path(__file__).parents[2] / "shared"
WORDS = (
    "北京市", "上海", "湖北省", "武汉市武昌区", "商务部", "省政府门户网站", "我市", "政府网站", "2020年中国政府网站绩效评估", "第十九届",
    "位列", "分列", "第三", "第四至十名", "前十", "百强", "并列", "、", "和", ",", "。", ";", "\n", ":", "(", ")", "“", "”", "/", "得分", "81.5分",
    "优秀等次", "被评为", "获得", "中国政府网站领先奖", "优秀创新案例", "进步幅度较大", "较去年提升3位", "在", "省级", "副省级城市", "均", "等八家",
    "依次是", "是", "1", " ", "去年", "2018年", "力争",
)  # fmt: skip


def article_of(text: str) -> Article:
    paragraphs, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(Paragraph(start, start + len(line)))
        start += len(line) + 1
    return Article(text=text, plain=text, offsets=range(len(text) + 1), paragraphs=tuple(paragraphs))


@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
@settings(max_examples=150, deadline=None)
def test_never_raises_and_evidence_is_in_the_text(text: str) -> None:
    article = article_of("2020年中国政府网站绩效评估公布。" + text)
    extraction = extract(article)
    for result in extraction.results:
        first, last = result.span
        assert result.evidence
        assert article.text[first:last] == result.evidence
        assert extraction.evaluation(result.evaluation).key == result.evaluation
        assert 0 <= result.confidence <= 1
    json.dumps(document_as_json("x", article, extraction), ensure_ascii=False)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_at_all(text: str) -> None:
    extract(article_of(text))
    is_on_topic(text)


@pytest.mark.parametrize("unit", ["第", "一", "1", "北京、", "“", "政府网站", "前十名是", "\n"])
def test_time_is_linear(unit: str) -> None:
    def seconds(length: int) -> float:
        article = article_of("2020年中国政府网站绩效评估。" + unit * (length // len(unit)))
        start = time.process_time()
        extract(article)
        return time.process_time() - start

    assert seconds(16_000) < 6 * seconds(4_000) + 1.0


def test_an_unrelated_paragraph_changes_nothing() -> None:
    text = "2018年中国政府网站绩效评估公布。省会城市里,长沙市政府网站位列第二。\n眉山市政府网站进步幅度较大。"
    other = "\n昨天夜里下了一场大雨,市民出行受到影响。"

    def facts(words: str) -> set[str]:
        return {key for key, _, _ in extract(article_of(words)).facts()}

    assert facts(text) == facts(text + other) != set()


def test_records_of_one_fact_are_one() -> None:
    article = article_of("2014年中国政府网站绩效评估中,青岛市政府网站以73.1分位列副省级城市第一名。")
    record = document_as_json("x", article, extract(article))
    results = record["results"]
    assert isinstance(results, list)
    assert len(results) == 1
    assert (results[0]["rank"], results[0]["score"], results[0]["top"], results[0]["tied"]) == (1, 73.1, None, False)
    assert {"code", "confidence", "rule", "evidence", "span", "implied", "indicator"} <= set(results[0])


def test_readings_are_in_the_evidence_only() -> None:
    """Traditional characters with readings: rules see plain words, evidence is as printed (N1, N2, N3, N4)."""
    text = (
        "政務服務能(néng)力的排行\n\n2017年的全國(guó)地(dì)方政務服務能力排行榜已經(jīng)揭曉。"
        "按各省平均分看,遼寧省、貴州省位列(de)前兩位。\n"
    )
    extraction = extract(article_from_file("x.txt", text.encode()))
    assert {result.entity for result in extraction.results} == {"辽宁省", "贵州省"}
    assert all("(de)" in result.evidence for result in extraction.results)


def test_spun_words_are_not_repaired() -> None:
    """流派网站 for 门户网站 and 当局 for 政府 name no evaluation (N5); a year-less history names none (M4)."""
    assert extract(article_of("天下当局流派网站绩效评价成效公布,某都会当局网站位列第一。")).results == ()


@pytest.mark.parametrize(
    "title",
    [
        "全国政府网站绩效评估放榜,我省成绩如何", "省会城市第二!长沙市政府门户网站创下最好成绩",
        "2017全国地方政务服务能力排行榜发布", "中国优秀政务平台推荐及综合影响力评估名单", "中国开放数林指数发布",
        "政府透明度指数:上海居首", "2024数字政府评估大会召开", "宜昌市2020年第四次政府网站和政务新媒体抽查情况通报",
        "政府网站外文版国际化程度评估揭晓", "青岛政务网获全国政府网站绩效评估第一名",
    ],
)  # fmt: skip
def test_titles_on_topic(title: str) -> None:
    assert is_on_topic(title)


@pytest.mark.parametrize(
    "title",
    [
        "市政府召开常务会议",
        "多措并举稳就业",
        "我市建成5G基站三千个",
        "网站速度优化技巧",
        "2022年中国医院排行榜发布",
        "春季旅游攻略",
        "",
    ],
)
def test_titles_off_topic(title: str) -> None:
    assert not is_on_topic(title)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder with the seeds is not beside the repository")
def test_seeds_give_what_their_labels_say() -> None:
    right = wrong = missing = 0
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        article = article_from_file(path.name, path.read_bytes())
        gold = json.loads((SHARED / "gold" / "seeds" / f"{path.stem}.json").read_text(encoding="utf-8"))
        unsure = {r["entity"] for r in gold["results"] if r.get("unsure")}
        wanted = {(r["entity"], r["group"], r["rank"], r["top"]) for r in gold["results"] if not r["implied"]}
        mine = {
            (r.entity, r.group, r.rank, r.top) for r in extract(article).results if r.kind == "rank" and not r.implied
        }
        wanted = {fact for fact in wanted if fact[0] not in unsure and (fact[2] or fact[3])}
        right, wrong, missing = right + len(wanted & mine), wrong + len(mine - wanted), missing + len(wanted - mine)
    assert (wrong, missing) == (0, 0)
    assert right >= 48
