"""The list that follows an honour: 优秀奖:A、B; 获奖的有4个,A、B、C、D; 分别由A、B获得 (grammar.md F4, D1, O8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crawler.extract.lists import Item, NameList, joined, printed
from crawler.extract.names import Name
from crawler.extract.numerals import NUMBER, number_from
from crawler.extract.rulebook import Rulebook
from crawler.extract.subjects import residue
from crawler.extract.view import View

__all__ = ["Behind", "accounts_listed", "list_behind", "list_of_further", "list_under_label"]

_UNITS = r"(?:个|家|名|项|户)(?:单位|网站|部门|城市|市|县|账号)?"
_LINK = re.compile(
    rf"(?P<noun>[”\"]?[^,。;:!?“”()]{{0,18}}?)(?:,其中[^,。;:“”]{{0,10}}?(?:占|有|共)(?P<part>{NUMBER}){_UNITS})?"
    rf"(?:\((?:[^()]{{0,16}}?[,、])?共?(?P<inner>{NUMBER}){_UNITS}[^()]{{0,6}}\)|\([^()]{{1,16}}\))?"
    rf"(?:(?:共计|共有|共|有|计|为)?(?P<count>{NUMBER}){_UNITS})?(?:的?名单)?"
    r"(?P<joint>,?(?:它们|他们|其中)?(?:(?:分别|依次)?(?:是|为|有|即|包括|如下)):?\s*|:\s*|-{2}|,\s*)[“\"]?"
)
_PART = re.compile(r"[”\"]?(?:网站|单位)?,其中[^,。;:、“”\d]{0,12}?(?:有|包括)[“\"]?")
"""Of some of them: 28家被评为A类网站,其中地州市有A、B."""
_FURTHER = re.compile(
    rf"\s*(?P<noun>(?:[^,。;:!?“”()]|\([^()]{{1,8}}\)){{2,18}}?)(?:共有|共|有)?(?P<count>{NUMBER}){_UNITS}(?P<joint>[,:]|(?:,?分别)?(?:是|为)):?\s*"
)
_LABEL = re.compile(
    rf"\s*(?:\(?[一二三四五六七八九十\d]{{1,2}}[).、]\s*)?(?:各|区级|市级|县级|省级|[市区县省州]直属?|[市区县省州]属|[市区县省州]政府|政府|工作|组成|企事业|镇|乡|街道|街|园区|功能区|办事处|委办局|局|部门|单位|机构|[、和与及()/]){{1,10}}"
    rf"(?:\(?共?{NUMBER}[个家]\)?)?:\s*"
)
"""Of whom the list is that stands below a heading: 镇、街道:, 区级部门:."""
_BY = re.compile(r"[”\"]?(?:奖项?|称号)?(?:则|分别)?(?:由|被|归|花落)")
_TO = re.compile(r"[”\"]?(?:奖项?|称号|奖牌|证书)?(?:分别)?(?:颁发?|授|授予|颁授|颁赠)给?了?(?:予)?")
_TAKEN = re.compile(r"(?:政府|网站|分别|双双|共同)*(?:获得|摘得|夺得|斩获|拿下|所有|获|摘|夺)")
_WINNERS = re.compile(r"获得者|获奖者|获奖|得主|入选|名单|称号|等次|奖项|主办|建设")
_MOST = 2
_STOP = re.compile(r"[。;!?\n]")
_ONE_OF = re.compile(r"[^,。;、]{0,16}(?:之一|[唯惟]一)")
"""What makes a name behind 是 a place of which the subject is one: 位列优秀级,是浙江县域中三个优秀级之一."""
_ETC = re.compile(rf"等(?:{NUMBER}{_UNITS})?[^、,]{{0,8}}$")
_ITEM = re.compile(r"[\w·\-@“”\"/]{2,24}(?:\([^()、]{1,16}\))?")
_AND = re.compile(r"(?P<a>[^和及与]{2,20})[和及与](?P<b>[^和及与]{2,20})")
_PROSE = re.compile(
    r"获得|评为|入选|排名|位列|第[一二三四五六七八九十\d]|[的了]$|^[其均将为是在以]|网站建设|方面|进行|开展|通过"
)
_UNIT = re.compile(
    r"(?:[镇乡局厅委办处署院社]|街道|街道办|中心|[县区市州]|管委会|联合会|残联|[文科侨妇台]联|办事处|园区|总队|支队)(?:网站)?$"
)
_SITE = re.compile(r"(?:市|省|区|县)?(?:人民)?(?:政府|政务)?(?:门户|官方)?(?:网站|网)?[”\"]?(?:\([^()]*\))?")


@dataclass(frozen=True, slots=True)
class Behind:
    """A list behind an honour."""

    found: NameList
    """Who."""
    said: tuple[int, int]
    """The words between the honour and the list: they may name the group."""
    counted: bool = False
    """Whether its number stands before it."""


def list_behind(view: View, at: int, book: Rulebook, *, media: bool = False) -> Behind | None:
    """The list joined to the honour that ends at `at`."""
    if (taken := _taken_by(view, at)) is not None:
        return taken
    if (part := _PART.match(view.text, at, view.sentence.end)) is not None:
        found = _list_at(view, part.end(), None, media=media)
        return Behind(found, part.span()) if found is not None else None
    link = _LINK.match(view.text, at, view.sentence.end)
    if link is None:
        return None
    count = number_from(link["count"] or link["inner"] or link["part"] or "")
    if (link["joint"].strip() == "," and count is None) or not _is_plain(view, link, book):
        return None
    found = _list_at(view, link.end(), count, media=media)
    if found is not None and _ONE_OF.match(view.text, found.end, view.sentence.end) is not None:
        return None
    return Behind(found, (at, link.start("joint")), count is not None) if found is not None else None


def _is_plain(view: View, link: re.Match[str], book: Rulebook) -> bool:
    """Whether nothing but groups and words for winners stands between the honour and the count or copula."""
    rest = residue(view, *link.span("noun"), book)
    return len(_WINNERS.sub("", rest)) <= _MOST


def _taken_by(view: View, at: int) -> Behind | None:
    """优秀奖由A、B获得."""
    to = _TO.match(view.text, at, view.sentence.end)
    if to is not None:
        found = next((found for found in view.lists if found.start == to.end()), None)
        return Behind(found, (at, to.end())) if found is not None and found.is_of_members else None
    by = _BY.match(view.text, at, view.sentence.end)
    found = next((found for found in view.lists if by is not None and found.start == by.end()), None)
    if by is None or found is None or not found.is_of_members or _TAKEN.match(view.text, found.end) is None:
        return None
    return Behind(found, (at, by.end()))


def list_of_further(view: View, book: Rulebook) -> Behind | None:
    """The list of a sentence that goes on with a count for another group: 县级网站有2个,E、F."""
    further = _FURTHER.match(view.text, view.sentence.start, view.sentence.end)
    count = number_from(further["count"]) if further is not None else None
    found = _list_at(view, further.end(), count, media=False) if further is not None and count is not None else None
    if further is None or count is None or found is None:
        return None
    first, last = further.span("noun")
    if not any(first <= word.start < last for word in view.groups) or residue(view, first, last, book):
        return None
    if any(view.has(table, first, last) for table in ("awards", "grades", "negations")):
        return None  # another honour's
    return Behind(found, (view.sentence.start, further.end()), counted=True)


def list_under_label(view: View) -> NameList | None:
    """The list behind the word for its kind of members, where a line is nothing else: 镇、街道:A、B."""
    label = _LABEL.match(view.text, view.sentence.start, view.sentence.end)
    if label is None:
        return None
    return _as_printed(
        view, label.end(), label.end() + len(view.text[label.end() : view.sentence.end].rstrip("。;、 \n")), None
    )


def _list_at(view: View, start: int, count: int | None, *, media: bool) -> NameList | None:
    """The list that begins at `start`: of known names where they are all of it, else as printed where the count or the
    kind of winner vouches for the marks."""
    number = next((n for n, found in enumerate(view.lists) if found.start == start), None)
    if number is not None and not media:
        found = _to_comma(view, number)
        if _fits(found, count) and (count is not None or _is_whole(view, found)):
            return found
    stop = _STOP.search(view.text, start, view.sentence.end)
    end = stop.start() if stop else view.sentence.end
    if media:
        names = accounts_listed(view.text, start, end, least=count or 2)
        if names and (count is None or len(names) == count):
            return NameList(start, end, tuple((Item(name, name.end),) for name in names))
        return None
    return _as_printed(view, start, end, count)


def _to_comma(view: View, number: int) -> NameList:
    found = view.lists[number]
    for following in view.lists[number + 1 :]:
        if view.text[found.end : following.start].strip() not in (",", "、", ""):
            break
        found = joined(found, following)
    return found


def _fits(found: NameList, count: int | None) -> bool:
    """Whether there are as many as are announced; fewer only under 等, as examples (O8, O9)."""
    if count is None:
        return found.is_of_members
    if found.count is not None and found.count != count:
        return False
    return len(found.items) == count or (found.count == count and found.is_of_members)


def _is_whole(view: View, found: NameList) -> bool:
    """Whether nothing unknown goes on with the list."""
    return view.text[found.end : found.end + 1] not in ("、", "和", "与", "及") and found.is_of_members


def _as_printed(view: View, start: int, end: int, count: int | None) -> NameList | None:
    """Exactly as many printed items as the count says, or units by their last sign: what no table knows keeps its
    printed name."""
    end = start + len(view.text[start:end].rstrip("”、 "))
    spans = [match.span() for match in re.finditer(r"[^、]+", view.text[start:end])]
    spans = [(start + first, start + last) for first, last in spans]
    if spans and (pair := _AND.fullmatch(view.text, *spans[-1])) is not None and (count or 0) == len(spans) + 1:
        spans[-1:] = [pair.span("a"), pair.span("b")]
    if len(spans) != (count or len(spans)) or len(spans) < 2:
        return None
    known = {name.start: name for name in view.names}
    items: list[Item] = []
    for first, last in spans:
        words = view.text[first:last]
        if _ITEM.fullmatch(words) is None or _PROSE.search(words) or (count is None and not _UNIT.search(words)):
            return None
        name = known.get(first)
        whole = name is not None and _SITE.fullmatch(view.text, name.end, last)
        items.append(Item(name if name is not None and whole else printed(view.text, first, last), last))
    return NameList(start, end, tuple((item,) for item in items), count)


def accounts_listed(text: str, start: int, end: int, least: int = 3) -> tuple[Name, ...]:
    """The accounts of a stretch that is a list of nothing else: 成都发布、@微内江/最内江. The name behind the slash counts."""
    words = text[start:end].rstrip("。;\n 、,")
    words = _ETC.sub("", words)
    if words.count(",") > words.count("、"):
        return ()  # prose
    items = re.split(r"[、,]", words)
    if len(items) < least or not all(2 <= len(item.strip()) <= 24 for item in items):
        return ()
    names, position = [], start
    for item in items:
        form = item.strip().rsplit("/", 1)[-1].lstrip('@“"').rstrip('”"')
        if len(form) < 2 or re.search(r"[:。;!?()]", item) or _PROSE.search(item.strip()):
            return ()
        first = position + item.rfind(form)
        names.append(replace(Name(first, first + len(form), form), person="account"))
        position += len(item) + 1
    return tuple(names)
