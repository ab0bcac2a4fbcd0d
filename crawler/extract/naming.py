"""Where a text names an evaluation: series, year, edition (grammar.md §M, series.json)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extract.firsts import guarded
from crawler.extract.numerals import number_from, year_from
from crawler.extract.rulebook import Rulebook, SeriesRule
from crawler.items import Subject

__all__ = ["Naming", "find_conferences", "find_namings"]

_YEAR = r"(?:19|20)\d\d|二[〇零○]{1,2}[一二三四五六七八九〇零○]{1,2}|(?<!\d)0\d(?=年)"
_AMONG = (
    r"各?省级|地?市级|地级(?:城?市|以上城?市)|副省级(?:城市)?|省会(?:城市)?|计划单列市|区县级?|县区级?|县级|市州级?|各?部委|国务院(?:各?部门)?|地?市州|各?城市|百强县"
    r"|各级|各地|十佳|十大|百佳|最佳|优秀|政务"
)
"""Whom the words between the year and the name say it judges: 2011年全国省级政府网站绩效评估."""
_BEFORE = re.compile(
    r"(?=[012二第年暨全中我的·.(“\"《\s各省地市副计区县部国城百十最优政]|$)"  # all may be absent: without this 40 characters take 77 µs
    rf"(?:(?P<year>{_YEAR})\s*(?:年度|年|'|’|—\d{{4}})?(?:度)?(?P<half>上半年|下半年|第[一二三四]季度|(?P<month>\d{{1,2}}月份?))?(?:全国|中国|我国)?)?\s*[“\"《]?"
    rf"(?:\(?第\s*(?P<edition>[一二三四五六七八九十]{{1,3}}|\d{{1,2}})\s*[届次]\)?(?:\s*\((?P<bracket>\d{{4}})(?:年|年度)?\))?)?"
    rf"(?:年|年度|暨|全国|中国|我国|的|\s|[“\"《·.]|{_AMONG})*$"
)
_AFTER = re.compile(
    r"[^,。;()“”《》\d]{0,6}(?:[》”\"]?\s*\((?P<year>20\d\d)(?:年|年度|-20\d\d)?(?:[上下]半年)?\)|\s*(?P<bare>20\d\d)(?:年版?|版)?(?=[》”,。]|发布|出炉|显示|正式))"
)
_ANNUAL = re.compile(r"(?P<year>20\d\d)\s*年度")
_INNER = re.compile(r"(20\d\d)(?:年(?!\d{1,2}月)|(?![\d年]))")
_STRANGER = re.compile(
    guarded(
        r"(?<!清华)大学[一-龥]{0,14}(?:中心|学院|研究院|研究所|实验室|课题组)|计世|赛立信|零点|艾瑞|易观|时代方略|(?<=[一-龥]{2})(?:咨询公司|资讯公司)"
    )
)
_EARLY = re.compile(r"200[2-6](?:年|\))")
"""The first four editions of cstc-website; govmade has had such ordinals since 2009."""
_BOTH_KNOWN = 4
"""Up to this ordinal an organiser far off decides between the two; beyond it cstc-website is the likelier."""
_MEETINGS = {"govmade-website": ("智慧政府发展年会",)}
"""Where a series is published, and no other."""
_WINDOW = 40
_NEAR = 80


@dataclass(frozen=True, slots=True)
class Naming:
    """One place where the text names an evaluation."""

    start: int
    """Where the name begins, year and ordinal included."""
    end: int
    """Just behind it."""
    series: str
    """Key of the series, or other."""
    subject: Subject
    """What it judges."""
    year: int | None
    """Evaluation year as stated or as the ordinal gives it; None where this place says neither."""
    edition: int | None
    """N of 第N届."""
    core: int
    """Where the name itself begins, behind year and ordinal."""
    decided: bool = True
    """False for a name that several series share, where neither ordinal nor organiser decides."""


def find_namings(text: str, start: int, end: int, book: Rulebook) -> list[Naming]:
    """All namings of the stretch from left to right; of those that overlap the first series of the rules."""
    stretch = text[start:end]
    taken: list[tuple[int, int]] = []
    found: list[Naming] = []
    for rule in book.series:
        if not any(map(stretch.__contains__, rule.cues)):
            continue
        for match in book.names_of(rule, stretch).finditer(text, start, end):
            if any(first < match.end() and match.start() < last for first, last in taken):
                continue
            taken.append((match.start(), match.end()))
            found.append(_naming(text, match.start(), match.end(), start, rule, book))
    return sorted(found, key=lambda naming: naming.start)


def find_conferences(text: str, start: int, end: int, book: Rulebook) -> list[Naming]:
    """The meetings of the stretch that stand for what they publish."""
    return [
        _naming(text, match.start(), match.end(), start, rule, book)
        for rule in book.series
        for pattern in rule.conferences
        for match in re.compile(pattern).finditer(text, start, end)
    ]


def _naming(text: str, core: int, end: int, floor: int, rule: SeriesRule, book: Rulebook) -> Naming:
    floor = max(floor, core - _WINDOW)
    begin = max(floor, *(text.rfind(mark, floor, core) + 1 for mark in ",。;、:\n"))
    before = _BEFORE.search(text, begin, core)
    after = _AFTER.match(text, end)
    ordinal = before["edition"] if before else None
    edition = number_from(ordinal) if ordinal and "年会" not in text[core:end] else None  # the meeting's own number
    shared = rule.key == "cstc-website"
    rule, decided = _decided(text, core, end, rule, edition, book)
    year, end = _year(text, before, after, rule, end)
    if year is None and (inner := _INNER.search(text, core, end)):
        year = int(inner[1])
    if edition is not None and rule.edition_offset is not None:
        year = edition + rule.edition_offset  # the ordinal is right where a bracketed year differs (M7)
    subject = rule.subject
    if year is not None and not rule.years[0] <= year <= rule.years[1]:
        rule = book.series_by_key["other"]  # before the series began another bore its name
    first = before.start() if before and before[0].strip() else core
    return Naming(first, end, rule.key, subject, year, edition, core, decided or not shared)


def _year(
    text: str, before: re.Match[str] | None, after: re.Match[str] | None, rule: SeriesRule, end: int
) -> tuple[int | None, int]:
    """The evaluation year and where the name ends."""
    blue_book = "蓝皮书" in text[end - 6 : end] or "法治发展报告" in text[end - 10 : end]
    if after is not None:
        shift = rule.title_year_shift or (-1 if blue_book else 0)
        return int(after["year"] or after["bare"]) + shift, after.end()
    if before is None:
        return None, end
    if before["bracket"]:
        return int(before["bracket"]), end
    if before["month"] and rule.subject != "new_media" and rule.key != "other":
        return None, end  # the month of its publication, not of a monthly list
    if before["year"]:
        stated = year_from(before["year"])
        if stated is None:
            return None, end
        annual = _ANNUAL.search(before[0]) is not None
        report = re.search(r"报告|评估", text[end - 8 : end + 4]) is not None
        if blue_book or (rule.title_year_shift and not annual and report):
            return stated - 1, end
        return stated, end
    return None, end


def _decided(
    text: str, core: int, end: int, rule: SeriesRule, edition: int | None, book: Rulebook
) -> tuple[SeriesRule, bool]:
    """The series that an organiser near the name or an impossible ordinal decides for, else the rule's own; and whether
    anything decides."""
    if rule.key != "cstc-website":
        return rule, True
    behind = text[end : end + _NEAR]
    if (again := book.names_of(rule, behind).search(behind)) is not None:
        behind = re.split(r"[,。;]", behind[: again.start()])[0]  # what stands before another name is that one's
    first = max(0, core - _NEAR)
    if edition is not None and edition > _BOTH_KNOWN:
        first = max(first, text.rfind("\n", 0, core) + 1)  # 本次评选由…主办 in the paragraph before is of another
    near = text[first:end] + behind
    distances = [
        (abs(near.find(name) - (core - first)), key)
        for key in ("tsinghua-website", "govmade-website", "cstc-website")
        for name in (*book.series_by_key[key].organisers, *_MEETINGS.get(key, ()))
        if name in near
    ]
    if distances:
        chosen = min(distances)[1]
        if chosen == "tsinghua-website" and edition is not None:
            return rule, True
        return book.series_by_key[chosen], True
    if edition is not None and edition <= 4 and _EARLY.search(text) is None:
        return book.series_by_key["govmade-website"], True
    if edition is None and _STRANGER.search(near):
        return book.series_by_key["other"], True
    return rule, edition is not None
