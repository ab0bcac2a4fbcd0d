"""Articles and results for the tests of storage and alerts: real places, words of our own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from crawler.items import Article, Change, Evaluation, Extraction, Paragraph, Result, fact_key
from storage.articles import Arrival
from storage.database import Store
from storage.runs import start_run

NOW = datetime(2024, 12, 20, 22, 30, tzinfo=UTC)
NIGHT = date(2024, 12, 21)
CHINA = timezone(timedelta(hours=8))

NEWS = (
    "2024年政府网站绩效评估结果近日在北京公布。湖北省政府门户网站在省级政府网站中排名第五，比上一年前进了两位。"
    "省内各地也有收获：武汉市位居副省级城市第三，襄阳市在地市级政府网站里排到第四，宜昌市进入前十。"
    "评估专家介绍，今年的指标更看重办事是否方便、信息是否及时、群众留言有没有人认真答复，首页做得漂亮已经不再加分。"
    "湖北的做法是把分散在各部门的办事入口合并到一处，用同一套账号登录，并且每个月公开一次留言办理的时限和结果。"
    "下一步，湖北将继续清理长期不更新的栏目，把县区网站的内容也纳入统一检查，争取让更多基层单位的页面真正有用。"
)
"""A text of some 300 characters, long enough to have copies."""

OTHER_NEWS = (
    "广西近日通报了政务公开的进展情况。自治区门户网站本次得分91.5，列全国省级政府网站第三，是建站以来最好的一次。"
    "柳州市在地级市中同样名列第三，桂林、北海、钦州等地进入前一百。通报同时点出了不足，个别县的公开目录半年没有动过，"
    "依申请公开的答复有时超过法定期限。自治区要求各单位在一个月内自查，凡是链接打不开、附件下载不了的，都要逐条登记整改，"
    "并由大数据发展部门抽查复核。南宁市表示，会把市民热线里反映最多的问题整理成专题，直接放在首页显眼的位置。"
)


EMPTIED = "原先的内容已经换成一篇关于绿化的稿件，讲树木养护、浇水和修剪，与任何评估和任何名次都没有关系。" * 8
"""What a page says that has lost its results; as long as the others, so that it is believed at once."""


def evaluation(**changes: Any) -> Evaluation:
    """The 2024 edition of the best known series."""
    values: dict[str, Any] = {
        "key": "e1", "name": "第二十三届政府网站绩效评估", "series": "cstc-website", "year": 2024, "edition": 23,
        "organizers": ("中国软件评测中心",), "released": date(2024, 12, 19), "sample": {"province": 32, "total": 900},
    }  # fmt: skip
    return Evaluation(**(values | changes))


def result(entity: str = "湖北省", kind: str = "rank", **changes: Any) -> Result:
    """A rank among provinces, unless told otherwise."""
    values: dict[str, Any] = {
        "evaluation": "e1", "entity": entity, "subject": "website", "group": "province", "kind": kind,
        "evidence": f"{entity}排名第五", "span": (0, 6), "rule": "A1",
    }  # fmt: skip
    if kind == "rank" and not changes.keys() & {"rank", "top"}:
        values["rank"] = 5
    return Result(**(values | changes))


def extraction(*results: Result, **changes: Any) -> Extraction:
    """All results in one evaluation."""
    return Extraction(
        kind="results" if results else "related", evaluations=(evaluation(**changes),), results=results or ()
    )


def article(text: str = NEWS, url: str | None = "http://www.hubei.gov.cn/zwgk/1.shtml", **changes: Any) -> Article:
    """An article whose body is the whole text."""
    values: dict[str, Any] = {
        "text": text, "plain": text, "offsets": range(len(text) + 1), "paragraphs": (Paragraph(0, len(text)),), "url": url,
        "title": "湖北网站评估成绩公布", "outlet": _outlet(url), "published": date(2024, 12, 19),
    }  # fmt: skip
    return Article(**(values | changes))


def _outlet(url: str | None) -> str:
    """Each site is a house of its own."""
    host = (url or "").split("/")[2] if "//" in (url or "") else ""
    return "湖北省人民政府" if host in ("", "www.hubei.gov.cn") else f"{host}编辑部"


def nobody(_change: Change) -> Sequence[str]:
    return ()


def arrival(
    store: Store, of: Article | None = None, says: Extraction | None = None, *, source: str = "hubei", baseline: bool = False,
    owed: Callable[[Change], Sequence[str]] = nobody, now: datetime = NOW, night: date = NIGHT, run: int | None = None,
    addresses: tuple[str, ...] = (),
) -> Arrival:  # fmt: skip
    """An article on its way into the store, in a run of its own unless one is given."""
    run_id = start_run(store, night=night, now=now, replay=True) if run is None else run
    return Arrival(
        source, run_id, night, of or article(), extraction(result()) if says is None else says, baseline, now, owed, addresses
    )  # fmt: skip


def change(kind: str = "new", came: Result | None = None, **changes: Any) -> Change:
    """A change as store_article gives it."""
    of = came or result()
    told = changes.pop("evaluation", evaluation())
    values: dict[str, Any] = {
        "kind": kind, "fact_key": fact_key(told, of), "evaluation": told, "result": of, "outlet": "湖北省人民政府",
        "url": "http://www.hubei.gov.cn/zwgk/1.shtml", "title": "湖北网站评估成绩公布", "published": date(2024, 12, 19),
    }  # fmt: skip
    return Change(**(values | changes))


FACTS = {
    "a": (NEWS, extraction(result(top=10), result("湖北省/武汉市", group="capital", rank=3))),
    "b": (f"转自省政府网：{NEWS}", extraction(result(top=10), result("湖北省/武汉市", group="capital", rank=3))),
    "c": (OTHER_NEWS, extraction(result(rank=5), name="2024年政府网站绩效评估", edition=None, sample={})),
    "d": (
        "记者从发布会上了解到名次有争议。" * 8,
        extraction(result(rank=6), result("湖北省/武汉市", group="capital", rank=4)),
    ),
    "e": ("四川省会的网站也在榜上，" * 9, extraction(result("湖北省/武汉市", group="capital", rank=3, implied=True))),
}
"""Text and statements of five articles: a and b are copies, c to e tell of the same facts."""
