"""Who is among the first N where the text counts them, or stands in brackets behind: 前十名中有3家,即A、B、C (grammar.md C2, O8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.extract.claims import Claim
from crawler.extract.lists import NameList
from crawler.extract.numerals import NUMBER, number_from
from crawler.extract.ordinals import Ordinal
from crawler.extract.view import View

__all__ = ["before_brackets", "counted_members", "in_brackets", "tied_with"]

_COUNTED = re.compile(
    rf"(?:的?(?:网站|城市|区县|地市|县市|省份|单位|榜单|排名|名单))*(?:中|里|内)?,?[^,。;:、]{{0,10}}?(?:共有|共占|[共有占])(?:据|了)?(?P<n>{NUMBER})"
    r"(?:家|个|席|座|市|县)(?:网站|城市|地市|区县)?(?:成功|同时)?(?:入围|上榜|入选|进入|在列|榜上有名)?(?:,(?:它们)?(?:即|分别[是为]|包括|依次[是为]|[是为])|即|分别[是为]|:)\s*[“\"]?"
)
_OPEN = re.compile(r"的?(?:网站|单位|城市|县市|地区|区县|市|县|省|部门)?\((?:分别|依次)?(?:[是为即]|:)?")
_ENTITLED = re.compile(r"(?:网站|网)?\((?:综合|总分|得分|成绩|按得分|按成绩)*(?:排名|名列|位列|排在|列|居)")
_WITH = re.compile(r"[^,。;]{0,4}[与和同]$")
_TIED = re.compile(r"(?:市|省|区|县)?(?:人民)?(?:政府)?(?:门户)?(?:网站|网)?(?:一起|一道|共同)?(?:并列|同列|同居)")


def counted_members(view: View, ordinal: Ordinal) -> NameList | None:
    """As many names as are counted among the first N; their order is nobody's place."""
    counted = _COUNTED.match(view.text, ordinal.end, view.sentence.end) if ordinal.kind == "top" else None
    found = next((f for f in view.lists if counted is not None and f.start == counted.end()), None)
    if counted is None or found is None or len(found.items) != number_from(counted["n"]) or not found.complete:
        return None
    return found if len(found.items) <= ordinal.numbers[0] else None


def in_brackets(view: View, ordinal: Ordinal) -> NameList | None:
    """The list in the bracket behind 前N名 that holds nothing else and has as many names."""
    opened = _OPEN.match(view.text, ordinal.end, view.sentence.end) if ordinal.kind == "top" else None
    found = next((f for f in view.lists if opened is not None and f.start == opened.end()), None)
    if found is None or len(found.items) != ordinal.numbers[0] or not view.text.startswith(")", found.end):
        return None
    return found


def before_brackets(view: View, ordinal: Ordinal) -> NameList | None:
    """The list of as many names as the bracket directly behind it says: A、B、C(排名前3位)."""
    if ordinal.kind != "top" or not view.text.startswith(")", ordinal.end):
        return None
    for found in view.lists:
        last = found.items[-1].name.end
        if len(found.items) == ordinal.numbers[0] and _ENTITLED.fullmatch(view.text, last, ordinal.start) is not None:
            return replace(found, end=last)
    return None


def tied_with(view: View, claim: Claim, ordinal: Ordinal) -> Iterator[Claim]:
    """The claim once more for the one with whom the place is shared: A与B并列第三 (T1)."""
    other = next((f for f in view.lists if claim.name.end <= f.start and f.end <= ordinal.start), None)
    if claim.name.start < view.clause(ordinal.start)[0]:
        return  # 优化营商环境指标得75分,与B并列第三: of a part
    if other is None or not claim.tied or len(other.items) != 1 or other.names[0] == claim.name:
        return
    if _WITH.search(view.text, claim.name.end, other.start) and _TIED.match(view.text, other.end):
        yield replace(claim, name=other.names[0], parent=None, company=other.names, score=None)
