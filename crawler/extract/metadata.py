"""What an article tells of an evaluation besides outcomes: sample, indicators, organisers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from crawler.extract.firsts import guarded
from crawler.extract.numerals import number_from
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence

__all__ = ["indicators_in", "organizers_in", "sample_in"]

_COUNT = re.compile(r"(?<![\d.第])(?P<n>\d{1,5})\s*(?:多|余)?\s*(?:家|个)(?P<what>[^,。;、\d]{0,3}(?:[^,。;\d]{0,40}))")
_BEHIND = re.compile(
    r"(?P<what>[^,。;:、\d]{0,6}(?:、[^,。;:\d]{0,4})?[^,。;:、\d]{0,12}网站)(?P<n>\d{1,4})\s*(?:个|家)"
)
_AHEAD = re.compile(
    r"(?P<what>自治区、直辖市|直辖市|省级(?:政府)?|副省级(?:城市)?|省会(?:城市)?|计划单列市|地市级?|地级市|市州|区县级?|县区|县级|部委|国务院部门)"
    r"(?P<n>\d{1,4})\s*(?:个|家)(?=(?:政府|政务)?(?:门户)?(?:网站|[,、;。和]))"
)
"""The number behind its group: 省、自治区、直辖市32个网站."""
_DIGIT = re.compile(r"\d")
_SITES = re.compile(r"网站\d")  # looked for first: _BEHIND takes 0.7 µs a character
_SAMPLED = re.compile(
    r"评估|测评|评测|评价|调查|参评|参加|采集|检查|监测|调研|对象|评比|范围|抽查|列入|被评|网站\d+个|在[^,。;]{0,6}\d+多?[个家]"
)
_NOT_SAMPLED = re.compile(
    r"来自|代表|媒体|参会|获奖|百强|前\d+|数据集|案例|领奖|家单位颁奖|满意|事项|一级指标|级指标|平均|专栏|专题"
)
_TOTAL = re.compile(
    guarded(
        r"(?:对|共|全国|共计|共有|总计|实际评测的是|全球|内)?(?:全国|全省|全球)?\s*(?P<n>\d{2,5})\s*(?:多|余)?\s*(?:家|个)(?P<what>(?:重点|全国|各级|参评|省级)?(?:政府(?:及部门)?(?:网站|单位)?|网站|单位|税务[^,。;]{0,8}网站|互联网[^,。;]{0,12}城市)|城市)?"
    )
)
_TOTAL_BEHIND = re.compile(
    r"(?:检查|抽查|监测|评估|考评|测评|抽取)了?[^,。;、:\d]{0,14}(?:政府网站|门户网站)\s*(?P<n>\d{1,5})\s*[个家]"
)
"""All that were looked at, the number behind: 共检查政府网站88个."""
_LEVELS = {"一": "level1", "二": "level2", "三": "level3"}
_INDICATORS = re.compile(
    guarded(r"(?P<n>\d{1,3}|[一二三四五六七八九十两]{1,3})\s*(?:个|项|大)?\s*(?P<level>[一二三])级指标")
)
_LEVEL_FIRST = re.compile(
    r"(?P<level>[一二三])级指标(?:共有|共|有|为|包括|设)\s*(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})\s*[个项]"
)
_PARTS = re.compile(
    guarded(
        r"指标(?:体系)?(?:共|主要)?(?:分为|包括|包含|涵盖|设置了?|由)\s*(?P<a>\d{1,2}|[二三四五六七八九十]{1,2})(?:项|个|大|部分|方面|类)"
        r"|(?P<b>\d{1,2}|[二三四五六七八九十]{1,2})个(?:部分|方面|维度)(?:设定|设置|构建|建立|设计)[^,。;]{0,6}指标"
    )
)
"""Parts of the indicators where no level is named."""
_RANKED = re.compile(r"排名|位列|分列|前\s*[十\d二三五]|依次")
_ENUMERATED = re.compile(
    r"(?:以|将|设置)?(?P<list>[^,。;:以将]{2,12}(?:、[^,。;:、]{2,12}){2,})(?:等)?(?:为|作为)(?P<level>[一二三])级指标"
)


_MOST = {
    "ministry": 120, "province": 40, "subprovincial": 20, "capital": 40, "prefecture": 400, "county": 3200, "city": 700,
}  # fmt: skip
"""More there never were: a larger number counts something else, or is damaged (N8)."""


def sample_in(text: str, sentences: Sequence[Sentence], book: Rulebook) -> Mapping[str, int]:
    """How many were judged, by group; the sentence that tells of most groups decides."""
    best: dict[str, int] = {}
    stretches = [text[sentence.start : sentence.end] for sentence in sentences]
    sampled = [words for words in stretches if _DIGIT.search(words) and _SAMPLED.search(words)]
    for words in sampled:
        found = _counts(words, book)
        if len(found) > len(best):
            best = found
    total = _total(sampled)
    if total is not None and (not best or total > max(best.values())) and "total" not in best:
        best = best | {"total": total}
    return best


def _counts(words: str, book: Rulebook) -> dict[str, int]:
    found: dict[str, int] = {}
    ahead = {match.start("n"): match for match in _AHEAD.finditer(words)}
    for match in ahead.values() if len(ahead) > 1 else ():
        group = _group_of(match["what"], book)
        if group:
            found.setdefault(group, int(match["n"]))
    numbers = [match for match in _COUNT.finditer(words) if len(ahead) < 2 or match.start("n") not in ahead]
    behind = len(_SITES.findall(words)) >= 2  # 部委网站61家、省级政府网站32家: the number stands behind its noun
    for number, match in enumerate(numbers):
        stop = numbers[number + 1].start() if number + 1 < len(numbers) else match.end()
        what = words[match.start("what") : max(stop, match.start("what"))]
        before = words[max(0, match.start() - 12) : match.start()]
        if _NOT_SAMPLED.search(what) or re.search(r"来自|代表|得分|排名前|前$|等$", before):
            continue
        if behind:
            what = re.split(r"[、,。;]", what)[0]
            if not what.strip("、) "):
                continue
        group = _group_of(what, book)
        if group and group not in found and int(match["n"]) <= _MOST[group]:
            found[group] = int(match["n"])
    for match in _BEHIND.finditer(words) if _SITES.search(words) else ():
        group = _group_of(match["what"], book)
        if group and group not in found and int(match["n"]) <= _MOST[group]:
            found[group] = int(match["n"])
    return found


def _group_of(what: str, book: Rulebook) -> str | None:
    if re.match(r"(?:区县|县区|县|区)", what):
        return "county"
    if re.match(r"城市|市(?=[\s(及和与])", what):
        return "city"
    nearest = re.split(r"[,。;]", what)[0]
    rule = next(iter(book["groups"].find(nearest)), None)
    if rule is None or rule[1] > 8:
        later = next(iter(book["groups"].find(what)), None)
        rule = rule or later
    if rule is None:
        return None
    value = rule[0].value
    county = next((found for found, _, _ in book["groups"].find(what) if found.value == "county"), None)
    if value in ("subprovincial", "capital", "subprovincial+capital") and county is not None:
        return "county"
    return (
        value if value in ("ministry", "province", "subprovincial", "capital", "prefecture", "county", "city") else None
    )


def _total(sampled: Sequence[str]) -> int | None:
    for words in sampled:
        if (behind := _TOTAL_BEHIND.search(words)) is not None:
            return int(behind["n"])
        start = max(0, words.find("实际"))
        for match in _TOTAL.finditer(words, start):
            lead = words[max(0, match.start() - 10) : match.end("n")]
            if (
                match["what"]
                and re.search(r"对|共|实际评测|全球|内|的|全国", lead)
                and not _NOT_SAMPLED.search(words[max(0, match.start() - 6) : match.end() + 6])
            ):
                return int(match["n"])
    return None


def indicators_in(text: str, sentences: Sequence[Sentence]) -> Mapping[str, int]:
    """How many indicators of each level, counted or enumerated."""
    found: dict[str, int] = {}
    for sentence in sentences:
        words = text[sentence.start : sentence.end]
        if "级指标" not in words:
            if "指标" in words and (parts := _PARTS.search(words)) is not None:
                found.setdefault("level1", number_from(parts["a"] or parts["b"]) or 0)
            continue
        for match in _INDICATORS.finditer(words):
            number = number_from(match["n"])
            if number:
                found.setdefault(_LEVELS[match["level"]], number)
        for match in _LEVEL_FIRST.finditer(words):
            number = number_from(match["n"])
            if number:
                found.setdefault(_LEVELS[match["level"]], number)
        for match in _ENUMERATED.finditer(words):
            found.setdefault(_LEVELS[match["level"]], match["list"].count("、") + 1)
        if match_level := re.search(r"(?:等|共)\s*(\d+|[一二三四五六七八九十]+)个(?:大)?方面", words):
            found.setdefault("level1", number_from(match_level[1]) or 0)
    return {name: number for name, number in found.items() if number}


def organizers_in(body: str, names: Sequence[str]) -> tuple[str, ...]:
    """The organisers of the series that the body names, the longest form of each, in order of appearance.

    `body` is its sentences in lines.
    """
    found: list[tuple[int, str]] = []
    for name in sorted(names, key=len, reverse=True):
        position = next((p for p in _positions(body, name)), -1)
        if position >= 0 and not any(name in other for _, other in found):
            found.append((position, name))
    return tuple(name for _, name in sorted(found))


def _positions(body: str, name: str) -> Iterator[int]:
    """Where the body names an organiser; a ministry in a list of ranked ones is none."""
    start = body.find(name)
    while start >= 0:
        end = start + len(name)
        if not (name.endswith("部") and _is_ranked(body, start, end)):
            yield start
        start = body.find(name, end)


def _is_ranked(body: str, start: int, end: int) -> bool:
    """Whether a name stands in a list and its sentence ranks."""
    if "、" not in (body[start - 1 : start], body[end : end + 1]):
        return False
    first = max(body.rfind("。", 0, start), body.rfind("\n", 0, start)) + 1
    last = body.find("\n", end)
    return _RANKED.search(body, first, last if last >= 0 else len(body)) is not None
