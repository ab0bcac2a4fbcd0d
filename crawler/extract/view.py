"""One sentence with all that was found in it: what the grammar works on."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from crawler.extract.lists import NameList, find_lists
from crawler.extract.names import Name, find_names
from crawler.extract.naming import Naming
from crawler.extract.offices import with_shared_heads
from crawler.extract.ordinals import Ordinal, find_ordinals
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence

__all__ = ["View", "Word", "view_of"]

_COMMAS = re.compile(r"[,。;:!?\n]")
_QUOTED = re.compile(r"[“《\"][^“”《》\"]{1,120}[”》\"]|\([^()]{0,60}\)")
_SITE = re.compile(r"(?:人民)?(?:政府|政务|门户|官方)*网")
_COUNTED = re.compile(r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})个?省(?:区市|市区|市|区|份)?")
_TABLES = ("ranks", "grades", "awards", "changes", "negations")
_IN_BRACKETS = re.compile(r"\((?:不?含|包括|包含|暂不|除)[^()]*$")  # 333个地市级网站(含副省级城市)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of one of the tables of rules."""

    table: str
    """The table's name."""
    value: str
    """What the rule says it means."""
    id: str
    """The rule's ids."""
    start: int
    """Where it begins."""
    end: int
    """Just behind it."""


@dataclass(frozen=True, slots=True)
class View:
    """A sentence and its mentions, each kind from left to right."""

    text: str
    """The whole canonical text."""
    sentence: Sentence
    """The stretch."""
    names: list[Name]
    """Whom it names."""
    lists: list[NameList]
    """The names in rows."""
    ordinals: list[Ordinal]
    """Places in rankings."""
    groups: list[Word]
    """Among whom."""
    tables: dict[str, list[Word]]
    """Verbs, grades, awards, changes, negations: by the table of their rule."""
    namings: list[Naming]
    """Evaluations named in it."""
    commas: list[int] = field(default_factory=list)
    """Where its clauses end: commas outside quotes and brackets."""

    def clause(self, position: int) -> tuple[int, int]:
        """The stretch between two commas in which the position lies."""
        number = bisect_right(self.commas, position)
        first = self.commas[number - 1] + 1 if number else self.sentence.start
        last = self.commas[number] if number < len(self.commas) else self.sentence.end
        return first, last

    def words_in(self, table: str, start: int, end: int, *values: str) -> list[Word]:
        """The words of a table that begin in the stretch, of these values or of any."""
        words = self.tables.get(table)
        if not words:  # nine of ten: a sentence has 0.2 words of a table
            return []
        first = bisect_left(words, start, key=_start)
        last = bisect_left(words, end, key=_start)
        return [word for word in words[first:last] if not values or word.value in values]

    def has(self, table: str, start: int, end: int, *values: str) -> bool:
        """Whether one of them is there."""
        return bool(self.words_in(table, start, end, *values))


def _start(word: Word) -> int:
    return word.start


def view_of(
    text: str,
    sentence: Sentence,
    namings: list[Naming],
    book: Rulebook,
    *,
    ministries: bool = False,
    counties: bool = False,
    always: bool = True,
) -> View:
    """The sentence with its mentions. `namings` are those of the whole article; names are looked for where an outcome
    stands, or `always`."""
    start, end = sentence.start, sentence.end
    first = bisect_left(namings, start, key=lambda naming: naming.start)
    here = namings[first : bisect_left(namings, end, key=lambda naming: naming.start)]
    found = {table: book[table].find(text, start, end) for table in _TABLES}
    tables = {
        table: [Word(table, rule.value, rule.id, begin, stop) for rule, begin, stop in hits]
        for table, hits in found.items()
    }
    groups = [
        Word("groups", rule.value, rule.id, begin, stop)
        for rule, begin, stop in book["groups"].find(text, start, end)
        if not any(naming.core <= begin < naming.end for naming in here) and not _IN_BRACKETS.search(text, start, begin)
    ]
    ordinals = [
        ordinal
        for ordinal in find_ordinals(text, start, end, found["ranks"])
        if not any(naming.start <= ordinal.start < naming.end for naming in here)
    ]
    names: list[Name] = []
    if always or ordinals or tables["grades"] or tables["awards"] or tables["changes"]:
        names = [name for name in find_names(text, start, end) if not _in_naming(name, here)]
        names = _in_company(text, names, groups, end, ministries=ministries, counties=counties)
    lists = with_shared_heads(text, names, find_lists(text, names, end), end)
    groups = [
        word for word in groups if not _COUNTED.fullmatch(text[word.start : word.end]) or not _counts(lists, word)
    ]
    return View(text, sentence, names, lists, ordinals, groups, tables, here, _clause_ends(text, start, end))


def _counts(lists: list[NameList], word: Word) -> bool:
    """Whether 三省 only counts the names before it."""
    return any(found.items[-1].end <= word.start <= word.end <= found.end for found in lists)


def _in_naming(name: Name, namings: list[Naming]) -> bool:
    if name.person == "country":  # 中国的电子政务发展指数: whose index it is
        return any(naming.core <= name.start < naming.end for naming in namings)
    return any(naming.start <= name.start < naming.end for naming in namings)


def _in_company(
    text: str, names: list[Name], groups: list[Word], end: int, *, ministries: bool, counties: bool
) -> list[Name]:
    """Weak names are names only beside two sure ones of their list, or ministries in a list of ministries."""
    if not any(name.weak for name in names):
        return names
    ministries = ministries or any(word.value == "ministry" for word in groups)
    counties = counties or any(word.value == "county" for word in groups)
    kept: list[Name] = []
    for found in find_lists(text, names, end):
        row = [item.name for item in found.items]
        sure = [name for name in row if not name.weak]
        for name in row:
            wanted = ministries if name.organisation else counties
            shared = name.chain is not None and len(row) >= 2 and _is_county(row[-1])
            enough = (
                len(sure) >= 2
                or shared
                or found.count == len(row) >= 2
                or (wanted and len(row) >= 2)
                or (name.organisation is not None and wanted)
                or _is_named_in_full(text, name)
            )
            if not name.weak or enough:
                kept.append(name)
    return kept


def _is_named_in_full(text: str, name: Name) -> bool:
    """Whether a short county name stands at its site, and the article has the full one too: 张家港网站 beside 张家港市."""
    if name.chain is None or _SITE.match(text, name.end) is None:
        return False
    return any(name.form + kind in text for kind in "市县区")


def _is_county(name: Name) -> bool:
    """A full county name: behind 民权、内黄和太康县 it stands for all."""
    return name.chain is not None and not name.weak and all(p.level == "county" for p in name.chain.hits[-1].places)


def _clause_ends(text: str, start: int, end: int) -> list[int]:
    ends: list[int] = []
    closed = [match.span() for match in _QUOTED.finditer(text, start, end)]
    number = 0
    for match in _COMMAS.finditer(text, start, end):
        while number < len(closed) and closed[number][1] <= match.start():
            number += 1
        if number == len(closed) or not closed[number][0] < match.start():
            ends.append(match.start())
    return ends
