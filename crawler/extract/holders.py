"""Who holds a place when he does not stand before it as the subject: 排名第二的成都, 广东(第1), 继…之后,宿迁."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.extract.lists import Item, NameList, printed
from crawler.extract.ordinals import Ordinal
from crawler.extract.subjects import OTHERS
from crawler.extract.view import View

__all__ = ["as_printed", "attributed", "bracketed", "directly_behind", "subject_ahead"]

_OF = re.compile(r"(?:的好?成绩)?的(?:是|为|城市|省份|地区|单位|部委|网站)?(?:则是|分别是)?[“\"]?")
_TO = re.compile(r"(?:则|仍|依然|依旧|还|也)?(?:由|被|归|归属|花落|属于)[“\"]?")
_TAKEN = re.compile(
    r"[^,。;]{0,10}?(?:获得|摘得|夺得|拿下|占据|摘取|取得|夺走|收入|斩获|摘走|拿走|获取|夺取|所有|包揽|摘|夺)"
)
_OPEN = re.compile(r"\((?:排名|位列|名列|位居|并列|综合|总分|全国|全省|居|列|[\d.]+分?[,、]?)*$")
_CLOSE = re.compile(r"[^()]{0,10}\)")
_FIRST = re.compile(r"\s*(?:此前|日前)?(?:在)?(?:继|自)[^,。;]*$")
_AFTER = re.compile(r"[^,。;]{0,14}(?:之后|以后|后|以来)\s*,\s*")
_BECAUSE = re.compile(r"(?:因|由于|凭借?)[^,。;]*$")
_NAMED = re.compile(r"[^。;]{0,24}(?:表扬|表彰|通报|点名|肯定|嘉奖|进步奖)")


_COPULA = re.compile(r"[名位强]?[)”\"]?的?[^,。;:!?“”、]{0,16}?(?:依次|分别|按顺序)?(?:是|为|:)+\s*[“\"]?")
_NO_UNITS = re.compile(r"公园|保护区|林场|开发区|园区|高新区|景区")
_SITE = re.compile(r"(?:市|省|区|县)?(?:人民)?(?:政府|政务)?(?:门户|官方)?(?:网站|网)?[”\"]?(?:\([^()]*\))?")
_STOP = re.compile(r"[,。;!?\n]|\.\s*$|\.(?=\s)")
_NOBODY = re.compile(r"(?:自治)?[省市区县州]?(?:人民)?(?:政府|当局)(?:门户)?(?:网站)?")
_PRINTED = re.compile(r"[^、,。;:!?\n]{2,24}")
_WORDS = re.compile(r"[一-龥A-Za-z·“”\"]{2,24}(?:\([^()、]{1,14}\))?")
_AND = re.compile(r"(?P<a>[^和及与]{2,20})[和及与](?P<b>[^和及与]{2,20})")


def attributed(view: View, ordinal: Ordinal) -> NameList | None:
    """The one whom 排名第二的E or 第三名由E获得 names behind the place (A7); None where nobody is."""
    if ordinal.kind != "exact" or len(ordinal.numbers) != 1:
        return None
    found = next((found for found in view.lists if found.start >= ordinal.end), None)
    if found is None or found.start - ordinal.end > 12:
        return None
    if _OF.fullmatch(view.text, ordinal.end, found.start):
        return (
            replace(found, slots=found.slots[:1]) if len(found.items) > 1 and not _says_tied(view, ordinal) else found
        )
    if _TO.fullmatch(view.text, ordinal.end, found.start) and _TAKEN.match(view.text, found.end):
        return found
    return None


def directly_behind(view: View, ordinal: Ordinal) -> NameList | None:
    """The list of 第N名E, a space between at most (A7)."""
    first = ordinal.end + (view.text[ordinal.end : ordinal.end + 1] == " ")
    found = next((found for found in view.lists if found.start == first), None)
    if found is None and view.text.startswith(",", ordinal.end):  # 第一名,安居区;第二名,船山区
        leads = view.text[view.sentence.start : ordinal.start].strip()[-1:] in ("", ":")
        found = next((f for f in view.lists if f.start == ordinal.end + 1 and leads), None)
        ends = found is not None and not view.text[found.end : view.sentence.end].strip(";。\n ")
        return found if ends else None
    return found


def _says_tied(view: View, ordinal: Ordinal) -> bool:
    return "并列" in view.text[max(view.sentence.start, ordinal.start - 4) : ordinal.start]


def bracketed(view: View, ordinal: Ordinal) -> NameList | None:
    """The name, or the names of one slot, at which the place stands in brackets: 广东(第1), 水利部/公安部(并列第6)."""
    opened = _OPEN.search(view.text, max(view.sentence.start, ordinal.start - 12), ordinal.start)
    if opened is None or ordinal.kind != "exact" or _CLOSE.match(view.text, ordinal.end) is None:
        return None
    for found in view.lists:
        for slot in found.slots:
            if slot[-1].name.end <= opened.start() < slot[-1].end:
                shared = slot if "并列" in opened[0] else slot[-1:]
                return NameList(shared[0].name.start, ordinal.end, (shared,))
    return None


def as_printed(view: View, ordinal: Ordinal) -> NameList | None:
    """The list behind 前N名是 where it has exactly N items of which a table of names does not know them all: zones and
    offices keep their printed names (K11, O8)."""
    joint = _COPULA.match(view.text, ordinal.end, view.sentence.end)
    if ordinal.kind != "top" or joint is None or not 3 <= ordinal.numbers[0] <= 50:
        return None
    stop = _STOP.search(view.text, joint.end(), view.sentence.end)
    end = stop.start() if stop else view.sentence.end
    spans = [match.span() for match in _PRINTED.finditer(view.text, joint.end(), end)]
    if len(spans) == ordinal.numbers[0] - 1 and (pair := _AND.fullmatch(view.text, *spans[-1])) is not None:
        spans[-1:] = [pair.span("a"), pair.span("b")]
    if len(spans) != ordinal.numbers[0] or not view.text[joint.end() : end].count("、") <= len(spans):
        return None
    if any(_NOBODY.fullmatch(view.text, first, last) for first, last in spans):
        return None  # N6: the copier left the places out
    if not all(_WORDS.fullmatch(view.text, first, last) for first, last in spans):
        return None
    above = view.text[view.clause(ordinal.start)[0] : joint.end()]
    if OTHERS.search(above):
        return None
    known = {} if _NO_UNITS.search(above) else {name.start: name for name in view.names}
    items = []
    for first, last in spans:
        name = known.get(first)
        whole = name is not None and _SITE.fullmatch(view.text, name.end, last)
        items.append(Item(name if name is not None and whole else printed(view.text, first, last), last))
    return NameList(items[0].name.start, end, tuple((item,) for item in items))


def subject_ahead(view: View, start: int, at: int, end: int) -> NameList | None:
    """The subject that follows a clause which is about it: 继2014年进入前三之后,宿迁…; 因进步较大,A、B受到表扬 (M3, G2)."""
    if _FIRST.search(view.text, start, at):
        behind = _AFTER.match(view.text, end)
    elif _BECAUSE.search(view.text, start, at):
        behind = re.compile(r"\s*,\s*").match(view.text, end)
        if behind is not None and _NAMED.match(view.text, behind.end()) is None:
            return None
    else:
        return None
    if behind is None:
        return None
    return next((found for found in view.lists if 0 <= found.start - behind.end() <= 4), None)
