"""The records: spans map back to the printed text, and a fact has one identity."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article, Evaluation, Extraction, Result, fact_key

EVALUATION = Evaluation(key="e1", name="第十九届政府网站绩效评估", series="cstc-website", year=2020, edition=19)
RESULT = Result(
    evaluation="e1", entity="湖北省", subject="website", group="province", kind="rank", rank=5,
    evidence="位居第五", span=(0, 4),
)  # fmt: skip
AWARD = replace(RESULT, kind="award", rank=None, award="十大优秀创新案例", work="网上政府集约建设")


@given(st.lists(st.tuples(st.sampled_from("国家武汉第三"), st.sampled_from(["", "(guó)", "@@"])), min_size=1))
def test_words_are_cut_from_the_printed_text(pieces: list[tuple[str, str]]) -> None:
    text, plain, offsets = "", "", []
    for character, noise in pieces:
        offsets.append(len(text))
        plain += character
        text += character + noise
    article = Article(text=text, plain=plain, offsets=(*offsets, len(text)), paragraphs=())
    for start in range(len(plain)):
        words = article.words(start, len(plain))
        assert words in text
        assert words[0] == plain[start]
        assert words[-1] == plain[-1]
    assert article.words(0, 0) == ""


def test_a_value_is_no_part_of_the_identity() -> None:
    assert fact_key(EVALUATION, RESULT) == fact_key(EVALUATION, replace(RESULT, rank=6))
    assert fact_key(EVALUATION, RESULT) == fact_key(EVALUATION, replace(RESULT, rank=None, top=10))


@pytest.mark.parametrize(
    "other",
    [
        replace(RESULT, entity="湖北省/武汉市"),
        replace(RESULT, group="capital"),
        replace(RESULT, subject="new_media"),
        replace(RESULT, indicator="信息公开"),
        replace(RESULT, kind="score", rank=None, score=91.5),
    ],
)
def test_each_part_of_the_identity_counts(other: Result) -> None:
    assert fact_key(EVALUATION, other) != fact_key(EVALUATION, RESULT)


def test_year_and_series_are_part_of_the_identity() -> None:
    assert fact_key(replace(EVALUATION, year=2019), RESULT) != fact_key(EVALUATION, RESULT)
    assert fact_key(replace(EVALUATION, series="tsinghua-website"), RESULT) != fact_key(EVALUATION, RESULT)
    assert fact_key(replace(EVALUATION, name="网站评估"), RESULT) == fact_key(EVALUATION, RESULT)


def test_series_without_a_key_are_told_apart_by_name() -> None:
    one, two = (replace(EVALUATION, series="other", name=name) for name in ("甲榜", "乙榜"))
    assert fact_key(one, RESULT) != fact_key(two, RESULT)


def test_two_works_are_two_awards_however_they_are_quoted() -> None:
    assert fact_key(EVALUATION, AWARD) != fact_key(EVALUATION, replace(AWARD, work="市民云"))
    assert fact_key(EVALUATION, AWARD) == fact_key(EVALUATION, replace(AWARD, work="“网上政府 集约建设”"))


def test_facts_pair_results_with_their_evaluations() -> None:
    extraction = Extraction(kind="results", evaluations=(EVALUATION,), results=(RESULT, AWARD))
    assert [(evaluation.key, result.kind) for _, evaluation, result in extraction.facts()] == [
        ("e1", "rank"),
        ("e1", "award"),
    ]
    with pytest.raises(KeyError):
        extraction.evaluation("e2")
