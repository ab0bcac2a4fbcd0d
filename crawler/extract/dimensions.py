"""Statements about a sub-index instead of the whole (grammar.md A12, E5)."""

from __future__ import annotations

import re

from crawler.extract.lists import NameList
from crawler.extract.view import View

__all__ = ["indicator_between"]

_INDICATOR = re.compile(
    r"(?P<name>[一-龥“”]{2,10}?)[”\"]?(?:等)?(?:指数|指标|维度|单项|分项|得分率|类指标|层面)(?!体系|评估|排行|排名|报告|得分|总|第|为)|(?P<aspect>[一-龥、]{3,24}?)(?:等)?方面"
)
_HEADING = re.compile(
    r"(?:^|[,;。:])\s*(?:在|其中)?(?P<name>[一-龥]{2,12}?)(?:指标|分指数|单项指数|维度|单项)(?:方面|上|中)?,[^,;。]{0,40},?$"
)
_WHOLE = re.compile(r"透明度|开放数林|数林|数字政府|电子政务发展|竞争力|影响力|绩效|综合指数|总体?指数|服务能力")
"""What a series calls its own index: no part of it."""
_DIMENSION = re.compile(
    r"(?:信息公开|政务公开|信息发布|解读回应|政策解读|回应关切|办事服务|在线办事|在线服务|网上办事|互动交流|公众参与|政民互动|管理保障|功能推广"
    r"|运维保障|日常保障|实用性|安全性|内容完整性|公众参与性|服务质量性|公共服务|网站设计|用户体验|传播应用|展现标识|监督管理|数据开放|准备度|平台层|数据层|利用层"
    r"|服务方式完备度|服务事项覆盖度|办事指南准确度|办事指南标准度|在线办理成熟度|在线服务成熟度|在线服务成效度)(?:指数|指标|方面|得分)?(?:中|上|也|均|都|则)*$"
)
_HEAD = re.compile(
    r"(?:政府)?(?:门户)?(?:网站)?的?(?P<name>信息公开|政务公开|信息发布|解读回应|政策解读|办事服务|在线办事|在线服务|网上办事|互动交流|公众参与|政民互动|电信基础设施|人力资本)(?:指数|指标|得分|单项)"
)
"""A sub-index that a sentence names as its subject: 我国在线服务指数达到0.9,指数排名升至第9位."""
_OVERALL = re.compile(r"总分|总体|总成绩|总得分|综合|整体|总排名")


def indicator_between(view: View, found: NameList | None, start: int, at: int, *, behind: bool) -> str | None:
    """The sub-index that stands between a subject and its place at `at`, or None where the place is the overall one."""
    first = max(start, found.end) if found is not None and not behind else start
    verbs = view.words_in("ranks", first, at, "verb", "tie", "member")
    stop = verbs[0].start if verbs else at
    dimension = _DIMENSION.search(view.text, first, stop)
    if dimension is not None:
        return dimension[0]
    head = _HEAD.match(view.text, found.end, at) if found is not None and not behind else None
    if head is not None and _OVERALL.search(view.text, head.end(), at) is None:
        return head["name"]
    clause, _ = view.clause(at)
    if (above := _said_before(view, clause)) is not None:
        return above
    match = _INDICATOR.search(view.text, max(clause, min(start, at)), stop)
    if (
        match is None
        or _WHOLE.search(match[0])
        or any(naming.start <= match.start() < naming.end for naming in view.namings)
        or any(word.end == match.end("name") for word in view.groups)  # 省域指数 is that of the group
    ):
        return None
    name = (match["name"] or match["aspect"] or "").strip("“”、")
    for form in [item.name.form for row in view.lists for item in row.items]:
        name = name.removeprefix(form)
    return re.split(r"[的中在]", name)[-1] or None


def _said_before(view: View, clause: int) -> str | None:
    """The sub-index that a clause of its own names before the subject: 优化营商环境指标,安徽省…并列第3."""
    start = view.sentence.start
    heading = _HEADING.search(view.text[start:clause])
    if heading is None:
        return None
    first, last = start + heading.start(), start + heading.end()
    said = any(first <= word.start < last for word in view.groups)
    named = any(naming.start < last and start + heading.start("name") < naming.end for naming in view.namings)
    between = any(ordinal.start >= last and ordinal.end <= clause for ordinal in view.ordinals)
    return None if said or named or between else heading["name"]
