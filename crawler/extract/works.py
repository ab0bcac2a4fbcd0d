"""The works that won an award, and whose they are (grammar.md F1, F2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.context import Context
from crawler.extract.names import Name
from crawler.extract.view import View

__all__ = ["work_at", "works_before", "works_behind"]

_WORK = re.compile(
    r"[“《](?P<work>(?:(?<=“)[^“”]{2,60}(?:“[^“”]{1,20}”[^“”]{0,40})?|(?<=《)[^《》]{2,60}))[”》](?P<tail>\w{0,16}?)?(?=$|[、,和与及]|等|\d|[三四五六七八九十两]个)"
)
_CASES = re.compile(
    r"(?:等)?(?:(?P<count>\d+|[一二三四五六七八九十两]+)(?:个|项))?(?:应用|优秀|创新|典型|做法|工作|服务)*(?:案例|项目|应用|做法|栏目|成果|平台|系统|改革)?(?:则|还|也|均|都|亦|就|分别|双双|成功|再次|同时)*$"
)
_AT = re.compile(r"(?:的|申报的|选送的|报送的)?[:\s]*[“《](?P<work>[^“”《》]{2,40})[”》]")
_PLAIN_WORK = re.compile(r"[\w“”·+\-]{4,40}$")
_ONLY_SITE = re.compile(r"(?:人民)?(?:政府|政务)?(?:门户)?(?:网站|网)?(?:等)?(?:均|分别|双双|也|还|再次)*$")
_ADVERBS = re.compile(r"(?:则|也|还|又|亦|均|都|先后|分别|双双|再次|成功|同时)+$")
"""What may stand between a work and its verb and belongs to neither: “…”则当选."""


def works_before(view: View, context: Context, verb: int, start: int) -> Iterator[tuple[Name, str, int]]:
    """The works before the verb with their owners: quoted ones, else what stands behind each name."""
    text = view.text
    quoted = list(_WORK.finditer(text, start, verb))
    if quoted and _CASES.search(text, quoted[-1].end("work") + 1, verb) is not None:
        owners = _owners(view, start, quoted)
        for number, match in enumerate(quoted):
            owner = owners[number] if owners else _owner(view, context, match.start())
            if owner is not None:
                tail = _ADVERBS.sub("", match["tail"] or "")
                work = (
                    match["work"]
                    if tail in ("", "应用", "案例", "项目", "做法", "等") or tail.startswith("等")
                    else f"“{match['work']}”{tail}"
                )
                yield owner, work, match.start()
        return
    for number, found in enumerate(view.lists):
        if not start <= found.start < verb or len(found.items) != 1:
            continue
        limit = min(verb, view.lists[number + 1].start if number + 1 < len(view.lists) else verb)
        name = found.items[0].name
        words = text[name.end : limit].strip("、,和与及 ")
        if name.portal is not None and len(name.form) > 4 and _ONLY_SITE.fullmatch(words):
            yield name, name.form, found.start
            continue
        words = re.sub(r"(?:还|也|均|都|分别|双双|成功|再次|同时|并)+$", "", words)
        if _ONLY_SITE.fullmatch(words) or not _PLAIN_WORK.fullmatch(words):
            continue
        yield name, words, found.start


def owned_works(view: View, start: int, end: int) -> bool:
    """Whether each name of the stretch has its quoted work directly behind it: A“W1”改革、B“W2”论坛获…."""
    names = [item.name for found in view.lists if start <= found.start < end for item in found.items]
    return len(names) > 1 and all(name.chain is not None and work_at(view, name.end) for name in names)


def work_at(view: View, end: int) -> str | None:
    """The quoted work that follows a name directly: 海口市“椰城市民云”."""
    work = _AT.match(view.text, end)
    return work["work"] if work is not None else None


def works_behind(view: View, start: int) -> list[tuple[Name, str]]:
    """The owners and works of a list behind a title: 深圳市“i深圳”、杭州市“亲清在线”."""
    found: list[tuple[Name, str]] = []
    last = start
    for item in (item for row in view.lists if row.start >= start for item in row.items):
        if item.name.start < last:
            continue  # a place in the work's own name
        work = _AT.match(view.text, item.name.end)
        if work is None or (
            found and view.text[last : item.name.start].strip() not in ("、", ",", "和", "与", "及", ";")
        ):
            break
        found.append((item.name, work["work"]))
        last = work.end()
    return found


def _owners(view: View, start: int, quoted: list[re.Match[str]]) -> list[Name]:
    """The owners of as many works, where a list of them stands before the first: A、B“W1”、“W2”两个项目分别…"""
    before = [found for found in view.lists if start <= found.start and found.end <= quoted[0].start()]
    if not before or quoted[0].start() - before[-1].end > 8 or len(quoted) < 2:
        return []
    names = [item.name for item in before[-1].items]
    return names if len(names) == len(quoted) else []


def _owner(view: View, context: Context, at: int) -> Name | None:
    """Whose work it is: the name directly before it, else the subject of the sentence or of the one before."""
    before = [found for found in view.lists if found.end <= at]
    if before and len(before[-1].items) >= 1 and at - before[-1].end <= 12:
        return before[-1].items[-1].name
    first, _ = view.clause(at)
    in_clause = [found for found in before if found.start >= first and len(found.items) == 1]
    if in_clause:
        return in_clause[-1].items[0].name
    if context.subject is not None:
        return context.subject.items[0].name
    return Name(at, at, "", person="home")
