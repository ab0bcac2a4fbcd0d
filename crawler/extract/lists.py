"""Lists of names and the slots in them (grammar.md §B, §T, O7-O9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from crawler.extract.names import Name
from crawler.extract.numerals import NUMBER, number_from
from crawler.extract.organisations import Organisation, OrganisationHit, OrganisationName

__all__ = ["Item", "NameList", "find_lists", "joined", "printed"]

_SITE = (
    r"(?:(?:市|省|区|县)?委、?)?(?:(?:省|市|县|区|州|自治区)?(?:人民)?(?:政府|政务))?(?:信息|服务)?(?:门户|官方|政府|政务|互联)*"
    r"(?:网站|网|平台|外文版|英文版)*(?:政府)?[”\"]?"
)
_SCORE = r"(?:\s*\(?(?:综合|总)?(?:得|评|总)?分?(?:为|:)?\s*(?P<score>\d{1,3}(?:\.\d+)?)\s*分?\)?)"
_TAIL = re.compile(
    rf"(?:\s(?:省|市|自治区|区|县)(?=[、,和与。;]))?{_SITE}(?:\((?P<paren>(?:综合|总)?(?:得|评|总)?分?(?:为|:)?\d{{1,3}}(?:\.\d+)?分?)\)|(?P<bare>\d{{1,3}}(?:\.\d+)?分)|(?P<plain>\d{{2,3}}\.\d{{1,2}})(?=[,、;。位居名次分]|列第|排第|$)|以(?P<each>\d{{1,3}}(?:\.\d+)?分)(?=、|分[别列])|\((?:均|都|同)(?:为|是|得)?(?P<both>\d{{1,3}}(?:\.\d+)?)分\)|\((?P<note>[^()]{{1,16}})\))?"
)
_SEPARATOR = re.compile(
    r"\s*(?P<mark>、|/|以及|和|与|及|暨|,|;)\s*(?:(?:以及|和|与|及)\s*)?[“\"]?|(?P<space>\s+)|(?P<quotes>(?<=”)“)|(?P<none>)"
)
_ETC = re.compile(
    rf"\s*(?:等|共|这)?\s*(?:(?P<count>{NUMBER})\s*(?:个|家|省|市|地|区|县|座|所)(?:省级|省份|省区市?|省市|设区市|城市|地市|区\(市\)县|市州|部委|部门|单位|区市|县区|市县|县市|区县|省|市|区|县|州|地区|政府)*|等(?:地|省|市|省份|城市|地市|部门|单位|区县|县区)?)?"
)
_UNKNOWN = re.compile(r"、(?:[^、,。;:!?\s\d()“”/第名列获评和]{2,12}(?:、|以及|[和及与]))+")
_UNKNOWN_ITEM = re.compile(r"(?:(?!以及)[^、和及与])+")
_FIRST_UNKNOWN = re.compile(r"[,:;。\n](?P<name>(?:自治区|省|市|县|区|州)[^、,。;:()“”\s]{1,9}(?:厅|局|委|办))、$")
"""The first item of a list of offices, which no table knows: 其中,市教体局、市公安局."""
_LAST_UNKNOWN = re.compile(
    r"、(?P<name>[一-龥]{2,10}(?:示范区|开发区|高新区|经开区|园区|新区|管委会|局|委|办|中心|支队))(?=等[^、,。;]{0,10}(?:的|网站|单位|部门)|\d{1,2}[个家])"
)
"""The last before 等县区的网站."""
_OF_ALL = re.compile(r"\([均都同]")
_OFFICE = re.compile(r"(?:厅|局|[一-龥]{2}办|委|办公室|中心|研究院|管理站|总队)$")
_NUMBER_IN = re.compile(r"\d{1,3}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Item:
    """A name with what stands at it."""

    name: Name
    """The name."""
    end: int
    """Just behind its site word and its score."""
    score: float | None = None
    """The score printed at it."""


@dataclass(frozen=True, slots=True)
class NameList:
    """Names in a row: one or many."""

    start: int
    """Where the first begins."""
    end: int
    """Just behind the last, its site word, score and 等K个 included."""
    slots: tuple[tuple[Item, ...], ...]
    """Items in print order; those that share a slot are tied (T3, T4)."""
    count: int | None = None
    """K of 等K个 behind it."""
    last_and: bool = False
    """True where 和 stands before the last item: it may be a slot of two (T4)."""

    has_and: bool = False
    """True where 和 stands inside a list of 、: what it joins may be a tie (T4)."""
    cut: bool = False
    """True where a mark stands before the first item: what it divides from the list was not known."""
    items: tuple[Item, ...] = field(init=False, repr=False, compare=False)
    """All items in print order: asked for so often that they are kept."""
    names: tuple[Name, ...] = field(init=False, repr=False, compare=False)
    """Their names."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(item for slot in self.slots for item in slot))
        object.__setattr__(self, "names", tuple(item.name for item in self.items))

    @property
    def complete(self) -> bool:
        """Whether the number of items agrees with 等K个, where it is given (O8).

        A number far above the items means that only some are named (淮南、芜湖、合肥等15市); one near it, that one was
        missed.
        """
        return self.count in (None, len(self.items), self._places_last) or (self.count or 0) >= len(self.items) + 3

    @property
    def _places_last(self) -> int:
        """How many places end it behind organisations: 省公安厅和南京、苏州两市 counts these alone."""
        places = [name.chain is not None for name in self.names]
        last = places[::-1].index(False) if False in places else 0
        return last if last > 1 and not any(places[: len(places) - last]) else len(places)

    @property
    def is_of_members(self) -> bool:
        """Whether all it names belong to what it says: some of 等K个 do, unless a mark before them divides off others."""
        return self.complete or ((self.count or 0) > len(self.items) and not self.cut)


def find_lists(text: str, names: list[Name], end: int) -> list[NameList]:
    """The names gathered into lists; a comma ends a list, `joined` may undo that."""
    lists: list[NameList] = []
    run: list[tuple[Item, str]] = []
    for number, name in enumerate(names):
        limit = names[number + 1].start if number + 1 < len(names) else end
        item = _item(text, name, limit)
        run.append((item, ""))
        mark = _mark(text, item.end, limit) if number + 1 < len(names) else None
        if mark is None and number + 1 < len(names) and (unknown := _unknown(text, item.end, limit)):
            run[-1] = (item, "、")
            run += [(other, "、") for other in unknown]
            continue
        if mark is not None and _alike(name, names[number + 1], mark):
            run[-1] = (item, mark)
            continue
        lists.append(_list(text, run, end))
        run = []
    return [found for found in lists if found.slots]


def _item(text: str, name: Name, limit: int) -> Item:
    tail = _TAIL.match(text, name.end, limit)
    if tail is None:
        return Item(name, name.end)
    words = tail["paren"] or tail["bare"] or tail["each"] or tail["both"] or tail["plain"]
    number = _NUMBER_IN.search(words) if words else None
    end = tail.end() if (words or tail["note"]) else name.end + len(tail[0].rstrip())
    return Item(name, end, float(number[0]) if number else None)


def _mark(text: str, start: int, end: int) -> str | None:
    """The separator when nothing else stands between two names; None where something does."""
    match = _SEPARATOR.fullmatch(text, start, end)
    if match is None:
        return None
    if text[start - 1 : start + 1] == "”“":
        return "“"
    return match["mark"] or (" " if match["space"] else "“" if match["quotes"] else "-")


def _unknown(text: str, start: int, end: int) -> list[Item]:
    """The items between two names that no table knows (A、某某网、B): they hold their place in the list."""
    if _UNKNOWN.fullmatch(text, start, end) is None:
        return []
    items = []
    for match in _UNKNOWN_ITEM.finditer(text, start, end):
        form = match[0]
        office = _OFFICE.search(form) is not None
        name = printed(text, *match.span()) if office else Name(match.start(), match.end(), form)
        items.append(Item(name, match.end()))
    return items


def printed(text: str, start: int, end: int, offset: int = 0) -> Name:
    """A name that no table knows, as an organisation under its printed name; `offset` is where the text itself begins."""
    form = text[start:end]
    body = Organisation((OrganisationName(form, None, None),), "department")
    hit = OrganisationHit(start, end, form, body, weak=False, local=True)
    return Name(start + offset, end + offset, form, organisation=hit)


def _alike(name: Name, following: Name, mark: str) -> bool:
    if mark in (",", ";"):
        return False
    if mark == "-" and name.person == following.person == "account":  # “A”“B”
        return True
    if mark == "-":  # 北京上海海南 without a mark: only whole places, and no person
        return name.chain is not None and following.chain is not None and not name.weak and not following.weak
    return bool(name.person) == bool(following.person)


def _list(text: str, run: list[tuple[Item, str]], end: int) -> NameList:
    if (
        len(run) > 1
        and text[run[-1][0].name.end : run[-1][0].end].endswith("分)")
        and _OF_ALL.search(text, run[-1][0].name.end, run[-1][0].end)
    ):
        run = [(replace(item, score=run[-1][0].score), mark) for item, mark in run]  # A、B(均为90.5分)
    slots: list[tuple[Item, ...]] = []
    current: list[Item] = []
    joins = False
    dunhao = sum(mark in ("、", " ", "-") for _, mark in run)
    for number, (item, mark) in enumerate(run):
        current.append(item)
        last_gap = number == len(run) - 2
        inner_and = mark in ("和", "与", "及", "暨") and dunhao > 0 and not last_gap
        joins = joins or inner_and
        if mark == "/" or inner_and:
            continue
        slots.append(tuple(current))
        current = []
    if (first := _FIRST_UNKNOWN.search(text, max(0, run[0][0].name.start - 18), run[0][0].name.start)) is not None:
        slots.insert(0, (Item(printed(text, *first.span("name")), first.end("name")),))
    if (more := _LAST_UNKNOWN.match(text, run[-1][0].end, end)) is not None and len(run) > 1:
        run = [*run, (Item(printed(text, *more.span("name")), more.end("name")), "")]
        slots.append((run[-1][0],))
    last = run[-1][0]
    etc = _ETC.match(text, last.end, end)
    if etc and len(run) == 1 and "等" not in etc[0]:
        etc = None  # 我市七个区市: counted are others
    count = number_from(etc["count"]) if etc and etc["count"] else None
    stop = etc.end() if etc and etc[0].strip() else last.end
    ands = len(run) > 1 and run[-2][1] in ("和", "与", "及", "以及", "暨")
    start = slots[0][0].name.start
    cut = text[max(0, start - 3) : start].rstrip('“" ')[-1:] in ("、", "和", "与", "及")
    return NameList(start, stop, tuple(slots), count, last_and=ands, has_and=joins, cut=cut)


def joined(first: NameList, second: NameList) -> NameList:
    """Two lists between which only a comma stands, as one."""
    return replace(second, start=first.start, slots=first.slots + second.slots)
