"""What must hold for every text: no error, linear time, evidence in place, independent paragraphs independent."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from functools import cache
from itertools import islice

import pytest

from crawler.extract import extract
from crawler.items import Article, Extraction, Paragraph
from tests.test_corpus import article_of, documents

SEED = 20260
LONGEST = 200_000
UNRELATED = (
    "昨夜全市普降中雨,城区道路通行正常,气象部门提醒市民注意添衣。",
    "图书馆本周末举办读书会,市民可凭身份证免费参加。",
    "苹果和梨进入采摘期,果农忙着装箱外运,每斤价格与往年持平。",
)
NOISE = "第一二三十百名位强前、,。;:!?()“”《》@@/|和与及等在以为获列居排年届市省区县网站政府评估 \n\t0123456789ABTOP\u3000\ufeff😀國網評"


def article_of_text(text: str) -> Article:
    paragraphs, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(Paragraph(start, start + len(line)))
        start += len(line) + 1
    return Article(text=text, plain=text, offsets=range(len(text) + 1), paragraphs=tuple(paragraphs))


@cache
def texts() -> tuple[str, ...]:
    return tuple(str(document["text"]).strip() for document in documents())


def mutated(source: random.Random) -> str:
    """A text of the corpus with characters lost, doubled, swapped or strange, or pieces of several in a row."""
    text = source.choice(texts())
    for _ in range(source.randrange(1, 8)):
        at, change = source.randrange(len(text) + 1), source.randrange(5)
        piece = text[at : at + source.randrange(1, 30)]
        if change == 0:
            text = text[:at] + text[at + len(piece) :]
        elif change == 1:
            text = text[:at] + piece * 2 + text[at + len(piece) :]
        elif change == 2:
            text = text[:at] + "".join(source.choices(NOISE, k=source.randrange(1, 12))) + text[at:]
        elif change == 3:
            text = text[:at] + source.choice(texts())[:200] + text[at:]
        else:
            text = text[:at] + piece[::-1] + text[at + len(piece) :]
    return text


def strange_texts() -> Iterator[str]:
    source = random.Random(SEED)  # the same texts in every run
    while True:
        yield mutated(source)
        yield "".join(source.choices(NOISE, k=source.randrange(1, 400)))


def check(text: str) -> None:
    article = article_of_text("2020年中国政府网站绩效评估公布。\n" + text)
    extraction = extract(article)
    for result in extraction.results:
        first, last = result.span
        assert result.evidence
        assert article.text[first:last] == result.evidence
        assert 0 < result.confidence <= 1
        assert result.rule
        assert result.entity.strip() == result.entity != ""
    assert (extraction.kind == "results") == bool(extraction.results)


def test_no_text_raises_and_evidence_is_in_place() -> None:
    for text in islice(strange_texts(), 1200):
        check(text)


@pytest.mark.slow
def test_no_text_of_ten_thousand_raises() -> None:
    for text in islice(strange_texts(), 10_000):
        check(text)


@pytest.mark.parametrize("length", [20_000, LONGEST])
def test_long_texts_take_no_more_than_their_share(length: int) -> None:
    """Ten times the text takes about ten times as long: the bound is a rate, generous for a slow machine."""
    source = random.Random(SEED + length)
    text = "\n".join(mutated(source) for _ in range(length // 100))[:length]
    start = time.process_time()
    extract(article_of_text(text))
    assert time.process_time() - start < 0.5 + length / 40_000


def facts(extraction: Extraction) -> set[str]:
    return {key for key, _, result in extraction.facts() if not result.implied}


@pytest.mark.parametrize("other", UNRELATED)
def test_an_unrelated_paragraph_changes_no_fact(other: str) -> None:
    for document in documents():
        if document.get("as_file"):
            continue  # line breaks mean something there: what is added may go on with a list that breaks off (N9)
        article = article_of(document)
        longer = article_of({**document, "text": f"{str(document['text']).strip()}\n{other}"})
        assert facts(extract(article)) == facts(extract(longer)), document["id"]


FIRST = "在2018年中国政府网站绩效评估中,长沙市政府网站位列省会城市第二名。"
SECOND = "2021年“中国开放数林指数”里,德州市排名地级市第五。"
THIRD = "第二十一届政府网站绩效评估公布,海关总署网站、水利部网站分列部委第四、第七名。"


@pytest.mark.parametrize("pair", [(FIRST, SECOND), (FIRST, THIRD), (SECOND, THIRD)])
def test_order_of_independent_paragraphs_does_not_matter(pair: tuple[str, str]) -> None:
    forward, backward = ("\n".join(order) for order in (pair, pair[::-1]))
    found = facts(extract(article_of_text(forward)))
    assert found == facts(extract(article_of_text(backward)))
    assert found == {fact for text in pair for fact in facts(extract(article_of_text(text)))}
    assert len(found) >= 2
