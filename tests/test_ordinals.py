"""Places in a ranking as they are printed (grammar.md O1-O6, O10)."""

from __future__ import annotations

import pytest

from crawler.extract.ordinals import find_ordinals
from crawler.extract.rulebook import load_rulebook


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("位列第三。", "exact", (3,)), ("第33 名", "exact", (33,)), ("分列第三、四、五位", "exact", (3, 4, 5)),
        ("分列二、三位", "exact", (2, 3)), ("分别排第5位、14位、17位", "exact", (5, 14, 17)), ("高居榜首", "exact", (1,)),
        ("获得亚军", "exact", (2,)), ("位列47名", "exact", (47,)), ("四至十名是", "range", (4, 10)),
        ("分列第4-10名", "range", (4, 10)), ("第二到第十", "range", (2, 10)), ("进入前100名", "top", (100,)),
        ("排名前十的城市", "top", (10,)), ("跻身百强", "top", (100,)), ("位列三甲", "top", (3,)), ("TOP10", "top", (10,)),
        ("排名垫底", "bottom", ()),
    ],
)  # fmt: skip
def test_places(text: str, kind: str, numbers: tuple[int, ...]) -> None:
    found = find_ordinals(text, 0, len(text), load_rulebook()["ranks"].find(text))
    assert [(o.kind, o.numbers) for o in found] == [(kind, numbers)]


@pytest.mark.parametrize(
    "text",
    [
        "第十九届评估",
        "第三方评估",
        "第一季度",
        "前三季度",
        "百强县",
        "第一时间",
        "2019年至2021年",
        "12月15日",
        "第三人民医院",
        "前年",
        "第一批试点",
    ],
)
def test_no_places(text: str) -> None:
    assert find_ordinals(text, 0, len(text), load_rulebook()["ranks"].find(text)) == []
