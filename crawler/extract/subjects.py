"""Who a statement is about: the list before it, the list behind it, or who was spoken of before (grammar.md §B, §L)."""

from __future__ import annotations

import re

from crawler.extract.context import Context
from crawler.extract.gazetteer import is_below
from crawler.extract.lists import NameList, joined
from crawler.extract.names import Name
from crawler.extract.rulebook import Rulebook
from crawler.extract.view import View

__all__ = ["COPULA", "OTHERS", "following_list", "is_object", "is_scope", "preceding_list", "residue"]

COPULA = re.compile(
    r"(?:名|位|强)?[)”\"]?(?:的)?(?P<mid>[^,。;:!?“”]{0,22}?)(?P<order>依次|分别|按顺序|顺序)?(?:是|为|有|包括|像|即|:|-)+\s*[“\"(]?"
)
_NAMELY = re.compile(
    r"(?:名|位|强)?(?:的(?:部门|单位|城市|省份|网站|地区|区县|县区|市州|部委|政府网站))?\s*,\s*(?:它们|其中|[由从]高到低|按得分(?:高低)?(?:排序)?,?)*(?P<mid>)(?P<order>分别|依次)(?:是|为)[“\"]?"
)
_OBJECT = re.compile(
    r"(?:领跑|仅次于|仅落后于|次于|高于|超过|领先于|领先|优于|超越|赶超|对标|学习|紧随|紧跟|落后于|低于|好于|不敌|惜败于?|(?:略|稍)?逊于|力压|险胜|击败|战胜|力克|反超|压过|超出|胜过|借鉴|看齐|来自|与|同|较|比|"
    r"委托|联合|协同|由|据|被|经|受|抵|赴|对接|凭借|依托|借助|依靠|得益于|参照)\s*(?:排名|排在|位列|位居)?(?:第[一二三]的)?$"
)
_OWN_LIST = re.compile(r"(?:省|市)?[月周日季年]?榜(?![首眼样])")
_LIST_OF = re.compile(r"[”\"]?[一-龥]{0,12}?(?:榜单|排行榜)")
_MEANS = re.compile(r"(?:凭借|依托|借助|依靠|得益于)[^,。;:]*$")
_VERB_BEFORE = re.compile(r"(?:位居|位列|名列|排名|稳居|高居|居|列|排|获)$")
_SCOPE_END = re.compile(r"(?:省|市)?(?:各市|全省|地区|(?:所有|各|全部)[一-龥]{1,8})?(?:的)?")
_AMONG = re.compile(r"(?:在|位居|位列|名列|排名|居|列)(?:所有|全部)?(?:参评|入围|上榜)?的?$")
_OF = re.compile(r"(?:省|市)?(?:的)?(?:各|所有|\d+个|[一二三四五六七八九十]+个)?")
_MEMBERS = re.compile(
    r"(?:政府|政务)?(?:门户)?(?:网站|新媒体)?(?:评估|排名|绩效)*(?:中|里|内|第[一二三四五六七八九十\d]|首位|榜首|前[一二三四五六七八九十\d])"
)
_ACTS = re.compile(
    r"(?!(?:网站)?(?:受到|获|荣获|被|位[列居]|名列|排名|跻身|登上|入选))(?:(?:(?!在)[一-龥]){0,10}?(?:发布|主办|承办|(?<![到获得被])通报|印发|公布|召开|举办|组织|委托|出台|转发|印发|开展|完成|会同|联合|制定|联手))"
)
_AT = re.compile(r"(?:位居|位列|名列|排名|排在|落在|紧跟|紧随|居|列|排|在)$")
_BEHIND = re.compile(r"(?:市|省)?(?:之后|后面|之下)")
_RANKED_IN = re.compile(r"(?:位列|位居|名列|排名|排在|居|列)$")
_PLACED_IN = re.compile(r"(?:所有|各|全部|全省|全市|内)[^,。;]{0,10}第")
_ONE_OF = re.compile(
    r"(?:省|市)?(?:首批|仅有的|同时)?(?:入围|进入|跻身|闯入|挺进|入选|上榜)[^,。;]{0,16}?的(?:[一二两三四五六七八九十]|\d{1,2})(?:家|个|座)[^,。;]{0,8}之一"
)
_WITHIN = re.compile(r"(?:省|市|区|境|全省|全市)?内(?!容|部|网)")
_INSIDE = re.compile(r"(?<=[省市区县州])内(?=[排居列位名前第])|省内(?=[排居列位名前第])")
"""四川省内排第3位"""
_STRIP = re.compile(r"[“”\"《》·\s、,:;()\-/%!?。]|\([^()]*\)|20\d\d年(?:度)?|[0-9.]+")
OTHERS = re.compile(r"检察院|法院|医院|企业|公司|高校|大学|学校|景区|品牌")
"""Those who are no places even where the list names them by their places."""
_QUANTITY = re.compile(r"\d[\d ]*(?:\.\d+)?\s*(?:万|亿)?(?:余|多)?(?:个|家|条|件|项|篇|人次|人|%|万)\s*,$")
_COUNTED = re.compile(
    r"(?:的)?(?:有|共有|共|全部|另有|还有)?\s*(?:\d+|[二三四五六七八九十两]+)(?:个|家)?(?:地市|地级市|设区市|区市|区县|县区|县|区|市|镇|单位|部门|网站|案例)"
)


def residue(view: View, start: int, end: int, book: Rulebook) -> str:
    """What is left of the stretch when all that may stand beside a statement is taken away.

    A long rest means that something else is spoken of.
    """
    if end <= start:
        return ""
    cuts = [
        (max(start, first), min(end, last))
        for first, last in [
            *((naming.start, naming.end) for naming in view.namings),
            *((word.start, word.end) for word in view.groups),
            *((word.start, word.end) for word in view.tables["ranks"]),
            *((ordinal.start, ordinal.end) for ordinal in view.ordinals),
            *((item.name.start, item.end) for found in view.lists for item in found.items),
        ]
        if first < end and last > start
    ]
    pieces, position = [], start
    for first, last in sorted(cuts):
        if first > position:
            pieces.append(view.text[position:first])
        position = max(position, last)
    pieces.append(view.text[position:end])
    rest = " ".join(pieces)
    rest = book["fillers"].expression.sub("", rest)
    return _STRIP.sub("", rest)


def is_object(view: View, found: NameList) -> bool:
    """Whether the list is not the subject: compared with (I2), a source, an organiser, a place of meeting."""
    before = view.text[max(view.sentence.start, found.start - 12) : found.start]
    if _OBJECT.search(before) or _MEANS.search(view.text, view.clause(found.start)[0], found.start):
        return True
    if is_scope(view, found):
        return True
    if _AT.search(before) and _BEHIND.match(view.text, found.end):
        return True  # 位居北京之后,列第二
    if len(found.items) > 1:
        return False
    if before.endswith("在") and _WITHIN.match(view.text, found.end):
        return True
    if _OWN_LIST.match(view.text, found.end):
        return True  # 河南月榜第一名: whose list it is
    titled = _LIST_OF.match(view.text, found.end) if found.items[0].name.person == "account" else None
    if titled is not None and not view.has("ranks", found.end, titled.end(), "verb", "member"):
        return True  # “舆情在线”政务微信榜单: whose list it is
    after = view.text[found.end : found.end + 14]
    if _ONE_OF.match(view.text, found.end):
        return True  # 是浙江省入围前十的两家之一
    if _RANKED_IN.search(before) and _PLACED_IN.match(after):
        return True  # 位列广西所有高新区第一: where it counts
    return bool(_ACTS.match(after))


def is_scope(view: View, found: NameList) -> bool:
    """Whether the one place says among whom: 居浙江第二, 位列广东省第三 (A10)."""
    if len(found.items) != 1 or found.items[0].name.chain is None:
        return False
    name = found.items[0].name
    if _is_whose_group(view, name) or _INSIDE.match(view.text, name.end):
        return True
    if not _VERB_BEFORE.search(view.text, max(view.sentence.start, name.start - 4), name.start):
        return _is_second_scope(view, name)
    return any(
        name.end <= o.start <= name.end + 12 and _SCOPE_END.fullmatch(view.text, name.end, o.start)
        for o in view.ordinals
    )


def _is_second_scope(view: View, name: Name) -> bool:
    """宜宾市网站列全国第39名、四川省第3名: the place within which the one named before is ranked once more (A11)."""
    above = name.chain.hits[-1].places[0] if name.chain is not None else None
    one = next((o for o in view.ordinals if 0 < name.start - o.end + 1 <= 2), None)
    if above is None or one is None or not any(o.start == name.end for o in view.ordinals):
        return False
    before = [found.items[-1].name.chain for found in view.lists if found.end <= one.start]
    return any(
        chain is not None
        and above not in chain.hits[-1].places
        and any(is_below(place, above) for place in chain.hits[-1].places)
        for chain in before[-1:]
    )


def _is_whose_group(view: View, name: Name) -> bool:
    """在参评的安徽省区县中, 列江苏省地级市第二: the place whose members are ranked."""
    if not _AMONG.search(view.text, max(view.sentence.start, name.start - 8), name.start):
        return False
    return any(
        _OF.fullmatch(view.text, name.end, word.start) and _MEMBERS.match(view.text, word.end) for word in view.groups
    )


def following_list(view: View, start: int) -> tuple[NameList | None, re.Match[str] | None]:
    """The list that a copula joins to what ends at `start` (前三名是A、B、C), with lists that only a comma divides."""
    for number, found in enumerate(view.lists):
        if found.start < start:
            continue
        gap = COPULA.fullmatch(view.text, start, found.start) or _NAMELY.fullmatch(view.text, start, found.start)
        if gap is None or OTHERS.search(gap["mid"]):
            return None, None
        return _with_next(view, number, found), gap
    return None, None


def _with_next(view: View, number: int, found: NameList) -> NameList:
    for following in view.lists[number + 1 :]:
        between = view.text[found.end : following.start]
        if between.strip() not in (",", "、", "") or has_predicate(view, following):
            break
        found = joined(found, following)
    return found


def has_predicate(view: View, found: NameList) -> bool:
    """Whether an outcome is said of the list in its own clause, behind it."""
    _, last = view.clause(max(found.start, found.end - 1))
    said = any(view.has(table, found.end, last) for table in ("ranks", "grades", "awards", "changes"))
    return said or any(found.end <= ordinal.start < last for ordinal in view.ordinals)


def preceding_list(
    view: View, at: int, context: Context, used: set[int], book: Rulebook
) -> tuple[NameList | None, str]:
    """The subject of a statement at `at`, and why there is none or how it was found.

    `used` are starts of lists that belong to something before.
    """
    first, _ = view.clause(at)
    rest = ""
    for number in range(len(view.lists) - 1, -1, -1):
        found = view.lists[number]
        if found.end > at or found.start in used or is_object(view, found):
            continue
        if _is_note(view, found) or is_in_title(view, found):
            continue
        rest = residue(view, max(_behind_account(view, found, at), first), at, book)
        if len(rest) > _MOST or (found.end <= first and _BODY.fullmatch(rest)):
            return None, f"unknown words {rest}"
        if _QUANTITY.search(view.text, found.end, max(found.end, first)):
            return None, "R6 a count is placed"
        if len(found.items) == 1 and _COUNTED.match(view.text, found.end):
            return None, "C9 a count without names"
        if at - found.end > _FARTHEST:
            return None, "the subject is too far"
        return _with_previous(view, number, found, used), "near"
    rest = residue(view, first, at, book)
    if len(rest) > _MOST:
        return None, f"unknown words {rest}"
    if _COUNTED.search(view.text, first, at):
        return None, "C9 a count without names"
    if context.subject is not None:
        return context.subject, "carried"
    return None, "no subject"


_COPULAS = frozenset("是为有:")


def _is_note(view: View, found: NameList) -> bool:
    """Whether the list stands in brackets behind another name: “平安”(市公安局官方微博)."""
    if view.text[found.start - 1 : found.start] != "(":
        return False
    return any(other.end in (found.start - 1, found.start - 2) for other in view.lists)


def is_in_title(view: View, found: NameList) -> bool:
    """Whether the list is a part of a quoted honour: “江苏省优秀政府网站”."""
    first = view.text.rfind("“", max(view.sentence.start, found.start - 16), found.start)
    last = view.text.find("”", found.end, min(view.sentence.end, found.end + 30))
    if first < 0 or last < 0 or "”" in view.text[first : found.start] or "“" in view.text[found.end : last]:
        return False
    return view.has("grades", found.end, last) or view.has("awards", found.end, last)


def _behind_account(view: View, found: NameList, at: int) -> int:
    """Where what is said of an account's kind and keeper ends: “平安”(市公安局官方微博)获; “发布厅”政务新媒体矩阵获."""
    words = _ACCOUNT.match(view.text, found.end, at) if found.items[-1].name.person == "account" else None
    return words.end() if words is not None else found.end


_ACCOUNT = re.compile(
    r"(?:等)?(?:\([^()]{1,30}\))?(?:[^,。;:!?“”()、]{0,20}(?:微博|微信|公众号|新媒体|矩阵|账号|客户端|视频号|头条号|抖音号|平台))?"
)
_MOST = 5
_BODY = re.compile(r"\w{1,4}(?:[委办局厅院联社]|中心|集团|公司)")
"""A body that no table knows: it is the subject, not whoever stands before."""
_FARTHEST = 160


def _with_previous(view: View, number: int, found: NameList, used: set[int]) -> NameList:
    for earlier in reversed(view.lists[:number]):
        between = view.text[earlier.end : found.start].strip()
        told = view.text[earlier.start - 1 : earlier.start] in _COPULAS  # 其次是A、B,C排名第四
        if between not in (",", "、") or earlier.start in used or told or is_object(view, earlier):
            break
        found = joined(earlier, found)
    return found
