"""crawler.extract.metadata: how many were judged, and by how many indicators."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.items import Evaluation
from crawler.read import article_from_file

NAMED = "2014年中国政府网站绩效评估结果揭晓。"


def told(words: str) -> Evaluation:
    (evaluation,) = extract(article_from_file("page.txt", f"{NAMED}{words}\n".encode())).evaluations
    return evaluation


@pytest.mark.parametrize(
    ("words", "sample"),
    [
        (
            "参评的有部委网站70个、省、自治区、直辖市32个网站,副省级城市15个网站。",
            {"ministry": 70, "province": 32, "subprovincial": 15},
        ),
        ("本次对32个省级政府网站、330个地市级政府网站进行了评估。", {"province": 32, "prefecture": 330}),
        ("本季度共检查政府网站88个,合格率95%。", {"total": 88}),
        ("本次对32个省级政府网站、9330个地市级政府网站进行了评估。", {"province": 32}),
    ],
)
def test_a_sample_is_counted_by_group(words: str, sample: dict[str, int]) -> None:
    assert told(words).sample == sample


@pytest.mark.parametrize(
    ("words", "indicators"),
    [
        ("评估指标分为五项内容:信息公开、在线办事、互动、设计、安全。", {"level1": 5}),
        ("课题组从公开、办事、互动3个方面构建评估指标。", {"level1": 3}),
        ("会议由5个部分组成。", {}),
    ],
)
def test_parts_of_the_indicators_are_their_first_level(words: str, indicators: dict[str, int]) -> None:
    assert told(words).indicators == indicators
