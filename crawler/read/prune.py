"""Blocks of a container → those that are body. What is dropped is counted, and read for what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.read.blocks import Block
from crawler.read.boilerplate import is_menu, is_related, kind_of_line
from crawler.read.byline import Byline, parse_byline
from crawler.read.script import normalise
from crawler.read.titles import same_title

__all__ = ["Pruned", "prune"]

_RUNNING = 40
"""Characters from which on a line with a full stop is running text."""
_MARK = re.compile(r"[。!?;:]")
_ANNOUNCES = re.compile(
    r"[\s\[(【•·>]*(?:此前|相关|延伸|更多|推荐|往期|点击|深度|早前)(?:报道|阅读|新闻|链接|回顾|内容|专题)[】\])]?\s*[:|]"
)
"""A link that names itself a neighbour: 此前报道:…"""
_TOP, _FRAME = 12, 200
"""Blocks in which the headline may stand: anywhere in the first, and in the others as long as none is running text, where
the container is the whole page with its menus."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What is left."""

    blocks: tuple[Block, ...]
    """The body in reading order."""
    said: Byline
    """What the dropped lines say of source, people and date."""
    dropped: int
    """How many lines were dropped."""

    def has_text(self) -> bool:
        """Is there a paragraph or a table left?"""
        return any(block.kind == "table" or (block.text and block.kind != "image") for block in self.blocks)

    def is_empty(self) -> bool:
        """Is not even an image left?"""
        return not self.blocks


@dataclass(frozen=True, slots=True)
class _Judged:
    block: Block
    plain: str
    kind: str


def prune(blocks: Sequence[Block], *, title: str | None, fetched: datetime | None) -> Pruned:
    """The blocks without headline, bylines, disclaimers, pagers, neighbours and link lists. Where a text is nothing but the
    headline once more, it stays."""
    judged = [_judge(block) for block in blocks]
    pruned = _kept(judged, _begin(judged, title, fetched), fetched)
    if pruned.has_text():
        return pruned
    return _kept(judged, 0, fetched)


def _kept(judged: Sequence[_Judged], first: int, fetched: datetime | None) -> Pruned:
    last = _end(judged, first)
    links = _link_runs(judged[first:last], first)
    kept: list[Block] = []
    said = Byline()
    dropped = 0
    for number, item in enumerate(judged):
        inside = first <= number < last and number not in links
        if inside and item.kind in {"text", "lead"}:
            kept.append(replace(item.block, kind="lead") if item.kind == "lead" else item.block)
        elif item.block.kind not in {"table", "image"}:
            dropped += 1
            if len(item.plain) <= 120 and item.kind == "drop":
                said = said.joined(parse_byline(item.plain.strip("()[]【】 "), fetched=fetched))
    return Pruned(tuple(kept), said, dropped)


def _judge(block: Block) -> _Judged:
    if block.kind in {"table", "image"}:
        return _Judged(block, "", "text")
    plain = normalise(block.text)[0].strip()
    if not re.search(r"\w", plain):
        return _Judged(block, plain, "drop")
    kind = kind_of_line(plain)
    return _Judged(block, plain, "drop" if kind == "text" and is_menu(plain) else kind)


def _begin(judged: Sequence[_Judged], title: str | None, fetched: datetime | None) -> int:
    """Index of the first block that is no headline and no byline."""
    for number, item in enumerate(judged[:_FRAME]):
        if item.block.kind in {"table", "image"}:
            continue
        if same_title(item.plain, title):
            return number + 1 + _bylines(judged[number + 1 : number + 8], fetched)
        if number >= _TOP and _is_running(item):
            break
    return _bylines(judged[:8], fetched)


def _bylines(judged: Sequence[_Judged], fetched: datetime | None) -> int:
    count = 0
    for number, item in enumerate(judged):
        said = parse_byline(item.plain, fetched=fetched)
        if (
            item.plain
            and not said.is_empty()
            and len(item.plain) <= 160
            and len(said.rest) <= max(6, len(item.plain) // 5)
        ):
            count = number + 1
        elif item.kind != "drop":
            break
    return count


def _end(judged: Sequence[_Judged], first: int) -> int:
    """Index behind the last block: the first that ends a text, unless most of it is still to come."""
    sizes = [len(item.plain) - item.block.links if item.kind == "text" else 0 for item in judged]
    total, seen = sum(sizes[first:]), 0
    for number in range(first, len(judged)):
        ends = judged[number].kind == "end" and seen * 2 >= total - seen
        if ends and not (is_related(judged[number].plain) and _goes_on(judged[number + 1 :])):
            return number
        seen += sizes[number]
    return len(judged)


def _goes_on(judged: Sequence[_Judged]) -> bool:
    """Does the text go on behind the neighbours: links first, then nothing but running text up to its end?"""
    below = [item for item in judged if item.block.kind not in {"table", "image"}]
    while below and _is_link(below[0]):
        below.pop(0)
    running = 0
    for item in below:
        if item.kind == "end":
            break
        if _is_link(item):
            return False
        running += _is_running(item)
    return running >= 2


def _is_running(item: _Judged) -> bool:
    return len(item.plain) >= _RUNNING and bool(_MARK.search(item.plain))


def _is_link(item: _Judged) -> bool:
    return item.block.links > 0 and item.block.links >= 0.8 * len(item.block.text)


def _link_runs(judged: Sequence[_Judged], offset: int) -> set[int]:
    """Blocks that are nothing but links, where three or more stand together, two at the end, or 相关阅读 is above them or
    begins one."""
    runs: set[int] = set()
    run: list[int] = []
    announced = False
    for number, item in enumerate(judged):
        if _is_link(item):
            run.append(number + offset)
            announced = announced or bool(_ANNOUNCES.match(item.plain))
            continue
        if item.block.kind == "image":
            continue
        runs.update(run if len(run) >= 3 or announced else ())
        run, announced = [], is_related(item.plain)
    if len(run) >= 2 or (run and not _MARK.search(judged[run[0] - offset].plain)):
        runs.update(run)
    return runs
