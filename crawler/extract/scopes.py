"""Whose evaluation a name means: by the place before it, the organisers of the article, and its other names (§M, K12)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.naming import Naming, find_namings
from crawler.extract.places import load_gazetteer
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence

__all__ = ["in_company", "namings_in", "namings_of"]

_PREDICATE = re.compile(
    r"(?:结果)?(?:中|里|上)?[,]?(?:的)?(?:再|又|均|也|首次|连续[^,。;]{1,4})*(?:位列|位居|排名|排|名列|列|居|获|第|跻身|荣|夺|摘|进入|成绩|表现|前)"
)
_YEAR_BEFORE = re.compile(r"(20\d\d)\s*(?:年度|年)?(?:度)?[^,。;]{0,10}$")
_NATIONAL = re.compile(r"全国|中国|我国")
_CIRCULAR = re.compile(
    r"(?:市|省|区|县|州|自治区)(?:人民)?政府办公(?:室|厅)?[^,。;\n]{0,24}(?:组织|开展|通报|印发)"
    r"|关于[^。\n]{2,50}网站[^。\n]{0,24}(?:情况|结果)的?(?:通报|通知)|(?:省|市|自治区)[一-龥]{2,8}(?:厅|局|办)[^,。;\n]{0,12}组织[^,。;\n]{0,30}网站"
)


def namings_of(text: str, sentences: Sequence[Sentence], book: Rulebook) -> list[Naming]:
    """All namings of the body, those of a province's own evaluations told from national ones."""
    found: list[Naming] = []
    for first, last in _stretches(sentences):
        found += namings_in(text, first, last, book)
    return _blue_books(sorted(found, key=lambda naming: naming.start), text)


def namings_in(text: str, first: int, last: int, book: Rulebook) -> list[Naming]:
    """The namings of one stretch."""
    here = [_with_scope(text, naming) for naming in find_namings(text, first, last, book)]
    return sorted(here + _of_places(text, first, last, here, book), key=lambda naming: naming.start)


def _blue_books(namings: list[Naming], text: str) -> list[Naming]:
    """A report that bears the year of its blue book tells of the year before: 2012年《法治蓝皮书》, 2012年透明度报告."""
    printed = {n.year + 1 for n in namings if n.year is not None and "蓝皮书" in text[n.start : n.end]}
    return [
        replace(n, year=n.year - 1)
        if n.series == "cass-transparency" and n.year in printed and "蓝皮书" not in text[n.start : n.end] and n.year is not None
        and not text[n.start : n.end].endswith(")")
        else n
        for n in namings
    ]  # fmt: skip


def _stretches(sentences: Sequence[Sentence]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for sentence in sentences:
        if merged and sentence.start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], sentence.end)
        else:
            merged.append((sentence.start, sentence.end))
    return merged


def _of_places(text: str, first: int, last: int, taken: list[Naming], book: Rulebook) -> list[Naming]:
    """Evaluations that a place directly before their name makes known (2012年新疆政府网站发展评估)."""
    found = []
    for rule in book.series:
        for match in re.finditer("|".join(rule.after_place), text[first:last]) if rule.after_place else ():
            core, end = first + match.start(), first + match.end()
            if any(n.start < end and core < n.end for n in taken):
                continue
            window = text[max(first, core - 24) : core]
            chains = load_gazetteer().chains(window)
            if chains and re.fullmatch(_BETWEEN, window[chains[-1].end :]) and not _PREDICATE.match(text, end):
                begin = max(first, core - 24)
                year = _YEAR_BEFORE.search(window[: chains[-1].start])
                start = begin + (year.start() if year else chains[-1].start)
                found.append(Naming(start, end, rule.key, rule.subject, int(year[1]) if year else None, None, core))
    return found


_BETWEEN = r"(?:各级|全?省|自治区|市级|级|辖区)?"


def _with_scope(text: str, naming: Naming) -> Naming:
    """A place directly before 政府网站绩效评估 makes it that place's own, unless a result follows (K12)."""
    if naming.series != "cstc-website" or naming.edition is not None:
        return naming
    if _NATIONAL.search(text, naming.start, naming.end):
        return naming
    first = max(0, naming.start - 24)
    window = text[first : naming.core]
    chains = load_gazetteer().chains(window)
    if not chains or not re.fullmatch(_BETWEEN, window[chains[-1].end :]):
        return naming
    if _PREDICATE.match(text, naming.end):
        return naming
    year = _YEAR_BEFORE.search(window[: chains[-1].start] if not naming.year else window)
    stated = naming.year or (int(year[1]) if year else None)
    start = first + (year.start() if year else chains[-1].start)
    return replace(naming, series="province-internal", year=stated, start=start)


def _is_rival(text: str, naming: Naming, plain: list[Naming]) -> bool:
    """Whether it may be what the article means by the shared name: another evaluation of websites, and not one that
    the same sentence sets beside it."""
    if naming.series not in ("tsinghua-website", "govmade-website") and not (
        naming.series == "other" and re.search(r"网站(?:绩效|排名|发展)", text[naming.start : naming.end])
    ):
        return False
    return all("。" in text[min(n.end, naming.end) : max(n.start, naming.start)] or n.year is None for n in plain)


def in_company(text: str, namings: list[Naming], titles: list[Naming], book: Rulebook) -> list[Naming]:
    """The namings, those that may be anybody's read as the article's other names and its organisers say."""
    everywhere = [*namings, *titles]
    plain = [n for n in everywhere if n.series == "cstc-website" and not n.decided]
    if not plain:
        return namings
    rivals = [n for n in everywhere if n.decided and _is_rival(text, n, plain)]
    told = [n.series for n in rivals]
    series = None
    if not any(n.series == "cstc-website" and n.decided for n in everywhere):
        internal = [n for n in everywhere if book.series_by_key[n.series].scope == "internal"]
        national = any(_NATIONAL.search(text, n.start, n.end) for n in namings if n in plain)
        if internal and not national:
            series = internal[0].series
        elif told:
            series = max(set(told), key=told.count)
        elif not national and _CIRCULAR.search(text):
            series = "province-internal"
    if series is None:
        return namings
    rule = book.series_by_key[series]
    return [replace(n, series=series, subject=rule.subject) if n in plain else n for n in namings]
