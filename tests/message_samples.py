"""A night with everything that a message can tell, in words of our own. For the tests of messages in all forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from alerts.digest import payload
from crawler.config import Subscription
from crawler.items import Alert, Background, Change, Past, Result, Said, Standing
from tests.store_samples import NIGHT, NOW, change, evaluation, result

GOV = "http://www.hubei.gov.cn/zwgk/1.shtml"
PAPER = "http://paper.example/2.html"
OTHER = evaluation(name="2024年数字政府服务能力评估", series="cstc-digital-gov", edition=None)
HUBEI = Subscription(id="hubei", channels=("file",), places=("湖北省",), competitors=("湖南省", "江西省"))


def told(kind: str, of: Result, **changes: Any) -> Change:
    """What the province's own page says, unless told otherwise."""
    values: dict[str, Any] = {"outlet": "湖北省人民政府门户网站", "url": GOV, "published": date(2024, 12, 19)}
    return change(kind, of, **(values | changes))


def city(name: str, **changes: Any) -> Result:
    return result(f"湖北省/{name}", **({"group": "prefecture"} | changes))


CHANGES = (
    told("new", result(rank=5, evidence="省政府门户网站位居省级第五")),
    told("new", result(kind="score", score=91.5, evidence="省政府门户网站位居省级第五")),
    told("disputed", city("武汉市", group="capital", rank=4, evidence="武汉在省会里排第四"), previous="第3名", outlet="长江某报",
         url=PAPER, published=date(2024, 12, 20)),
    told("corrected", city("襄阳市", rank=6, evidence="襄阳位居第六"), previous="第4名"),
    told("withdrawn", city("宜昌市", rank=10, evidence="宜昌位居第十")),
    told("refined", city("十堰市", rank=42, evidence="十堰第四十二名"), previous="前100"),
    told("corroborated", city("荆州市", top=100, evidence="荆州进入百强"), outlet=None, url="http://x.example/3", published=None),
    told("new", city("黄石市", top=100, evidence="黄石、鄂州进入百强")),
    told("new", city("鄂州市", top=100, evidence="黄石、鄂州进入百强")),
    told("new", result("湖南省", rank=3, evidence="湖南第三")),
    *(told("new", result(f"四川省/成都市/第{n:02}区", group="county", rank=n, evidence=f"{n} 第{n:02}区 {99 - n}"))
      for n in range(1, 32)),
    told("new", result(kind="award", award="十佳案例", work="“一网”通办", subject="innovation_case", group="all",
                       evidence="“一网”通办获评十佳案例"), evaluation=OTHER),
)  # fmt: skip
_FACTS = [one.fact_key for one in CHANGES]
BACKGROUND = Background(
    past={_FACTS[0]: Past(2023, rank=8), _FACTS[2]: Past(2022, top=10, disputed=True), _FACTS[7]: Past(2023, top=100)},
    said={
        _FACTS[2]: (
            Said(
                city("武汉市", group="capital", rank=3, evidence="武汉位居第三"),
                "湖北省人民政府门户网站",
                GOV,
                date(2024, 12, 19),
            ),
        )
    },
    standings=(
        Standing(evaluation(), result("湖南省", rank=3), Past(2023, rank=2), disputed=True),
        Standing(evaluation(), result(rank=5), Past(2023, rank=8)),
    ),
    sources={_FACTS[6]: 3},
    official=frozenset({GOV}),
    pages=dict.fromkeys(_FACTS, "/evaluation/cstc-website/2024"),
    night_page="/run/12",
    address="http://127.0.0.1:8321",
)
ALERT = Alert("msg_1", "hubei", NIGHT, NOW, CHANGES)


def message(
    language: Literal["zh", "en"] = "zh", *, told: Iterable[Change] = CHANGES, background: Background = BACKGROUND
) -> dict[str, Any]:
    """The payload of that night, or of other changes."""
    of = replace(ALERT, changes=tuple(told))
    return payload(of, subscription=replace(HUBEI, language=language), background=background)
