from __future__ import annotations

from typing import Any

import pytest

from crawler.items import Change, Evaluation
from storage.novelty.folding import GONE_WORDS, Item, fold
from tests.store_samples import result


def item(told: tuple[str, int, str | None]) -> Item:
    kind, rank, previous = told
    said: Any = kind
    evaluation = Evaluation("e1", "评估", "cstc-website", 2020)
    change = Change(said, "fact", evaluation, result(rank=rank), None, None, None, None, previous)
    return Item(change, "a", 1)


NEW, CORRECTED, WITHDRAWN = ("new", 5, None), ("corrected", 4, "第5名"), ("withdrawn", 5, None)
DISPUTED, RESTORED = ("disputed", 6, "第5名"), ("corrected", 5, GONE_WORDS)


@pytest.mark.parametrize(
    ("nights", "told"),
    [
        ([], []),
        ([NEW], [NEW]),
        ([NEW, ("refined", 4, "前10")], [("new", 4, None)]),
        ([NEW, CORRECTED], [("new", 4, None)]),
        ([NEW, CORRECTED, ("corrected", 3, "第4名")], [("new", 3, None)]),
        ([NEW, WITHDRAWN], []),
        ([NEW, WITHDRAWN, RESTORED], [("new", 5, None)]),
        ([NEW, DISPUTED], [NEW, DISPUTED]),
        ([NEW, DISPUTED, CORRECTED], [("new", 4, None)]),
        ([CORRECTED, ("corrected", 3, "第4名")], [("corrected", 3, "第5名")]),
        ([CORRECTED, WITHDRAWN], [WITHDRAWN]),
        ([WITHDRAWN, RESTORED], []),
        ([WITHDRAWN, CORRECTED], [CORRECTED]),
        ([DISPUTED, ("corroborated", 5, None)], [DISPUTED, ("corroborated", 5, None)]),
    ],
)
def test_a_reader_is_told_where_a_fact_ended(
    nights: list[tuple[str, int, str | None]], told: list[tuple[str, int, str | None]]
) -> None:
    assert fold([item(one) for one in nights]) == [item(one) for one in told]
