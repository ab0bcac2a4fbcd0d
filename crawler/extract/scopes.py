"""Whose evaluation a name means: by the place before it, the organisers of the article, and its other names (§M, K12)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.extract.naming import Naming, find_conferences, find_namings
from crawler.extract.numerals import number_from
from crawler.extract.places import load_gazetteer
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence

__all__ = ["in_company", "namings_in", "namings_of", "ranks_courts"]

_PREDICATE = re.compile(
    r"(?:结果)?(?:中|里|上)?[,]?(?:的)?(?:再|又|均|也|首次|连续[^,。;]{1,4}|全国)*(?:位列|位居|排(?!名[:结])|名列|列|居|获|第|跻身|荣|夺|摘|进入|成绩|表现|前)"
)
_YEAR_IN = re.compile(r"(20\d\d)\s*年")
_YEAR_BEFORE = re.compile(r"(20\d\d)(?![〕\])])\s*(?:年度|年)?(?:度)?[^,。;]{0,10}$")
_ORDINAL_BEFORE = re.compile(r"第\s*(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})\s*届\s*(?:\((?P<year>20\d\d)年?度?\))?$")
_NATIONAL = re.compile(r"全国|中国|我国|国务院|国办|国家")
_AMONG = r"各级|各?市\(州\)|市\(地、?州?\)|市、州|各?县\(市、?区\)|县市区|设区市|全省|全市|省级?|自治区|市级|级|辖区|市州|地市|市县|[区县]{2}|县级|各?部门|系统|直属|市直|省直|优秀|十佳|的|人民|政务公开[和与及、]"
_BETWEEN = re.compile(
    rf"(?:(?:日前|近日)?通报了?)?(?:{_AMONG})*(?:20\d\d\s*(?:年度?|年?度)(?:上半年|下半年|第[一二三四]季度)?)?(?:{_AMONG})*"
)
"""What may stand between a place and the name of its evaluation: 四川省2012年全省政府网站绩效评估."""
_NARROW = 24
_OURS = re.compile(r"(?:全|我|本)(?:省|市|区|县|州|自治区)(?:各级)?$")
_OWN_SITES = re.compile(r"政[府务]网|政务公开|数字政府|政务服务|信息公开")
_SITES_RANKED = re.compile(r"网站[^,。;]{0,6}(?:绩效|排名|发展|评估|评测|测评|调查)")
_PARTIAL = re.compile(r"无障碍|优秀|案例|评选|专项")
_EVALUATED = re.compile(r"绩效|测评|评测|评估(?:结果|报告|工作|会)|评比|考评")
_MAKER = re.compile(
    r"研究[院所会室中]|大学|中心|公司|委员会|协会|学会|集团|智库|课题组|信息办|国信办|工信部|办公[厅室]|赛迪|评估机构|主办|承办"
)
_COURTS = re.compile(r"(?:司法|检务|审判|狱务|法院|检察)(?:公开)?(?:工作)?透明度")
"""The blue book of the rule of law ranks courts too: then it is no evaluation of governments."""
_BLUE_BOOK = re.compile(r"蓝皮书|社科院|社会科学院|法治发展报告|政府透明度(?:指数|年度|排名|评估|报告|测评)")
_ACTIVITY = re.compile(r"开展|进行|组织|委托|实施|引入|接受")
_CIRCULAR = re.compile(
    r"(?:市|省|区|县|州|自治区)(?:人民)?政府办公(?:室|厅)?[^,。;\n]{0,24}(?:组织|开展|通报|印发)"
    r"|关于[^。\n]{2,50}网站[^。\n]{0,24}(?:情况|结果)的?(?:通报|通知)|关于(?:表彰|表扬)[^。\n]{2,60}网站[^。\n]{0,24}(?:通报|通知|决定)|(?:省|市|自治区)[一-龥]{2,8}(?:厅|局|办)[^,。;\n]{0,12}组织[^,。;\n]{0,30}网站"
)


def namings_of(text: str, sentences: Sequence[Sentence], book: Rulebook) -> list[Naming]:
    """All namings of the body, those of a province's own evaluations told from national ones."""
    found: list[Naming] = []
    for first, last in _stretches(sentences):
        found += namings_in(text, first, last, book)
    if all(naming.series == "other" for naming in found):
        found += [
            naming for first, last in _stretches(sentences) for naming in find_conferences(text, first, last, book)
        ]
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
    before = 0
    for sentence in sentences:
        broken = sentence.end - sentence.start <= _NARROW and sentence.start <= before + _NARROW  # by a narrow page
        if merged and sentence.start <= merged[-1][1] + (3 if broken else 1):
            merged[-1] = (merged[-1][0], sentence.end)
        else:
            merged.append((sentence.start, sentence.end))
        before = sentence.start
    return merged


def _of_places(text: str, first: int, last: int, taken: list[Naming], book: Rulebook) -> list[Naming]:
    """Evaluations that a place directly before their name makes known (2012年新疆政府网站发展评估)."""
    named = []
    for key, expression in book.after_place.items():
        for match in expression.finditer(text, first, last):
            core, end = match.span()
            if any(n.start < end and core < n.end for n in taken):
                continue
            begin = max(first, core - 24)
            window = text[begin:core]
            chains = load_gazetteer().chains(window)
            if chains and _BETWEEN.fullmatch(window, chains[-1].end) and not _PREDICATE.match(text, end):
                placed = begin + chains[-1].start
                ordinal = _ORDINAL_BEFORE.search(text, begin, placed)
                year = _YEAR_BEFORE.search(text, begin, placed) or _YEAR_IN.search(text, placed, end)
                said = ordinal["year"] if ordinal and ordinal["year"] else year[1] if year else None
                start = min([placed, *(found.start() for found in (ordinal, year) if found)])
                edition = number_from(ordinal["n"]) if ordinal else None
                subject = book.series_by_key[key].subject
                named.append(Naming(start, end, key, subject, int(said) if said else None, edition, core))
    return named


def _with_scope(text: str, naming: Naming) -> Naming:
    """A place directly before 政府网站绩效评估 makes it that place's own, unless a result follows (K12)."""
    if not _may_be_internal(text, naming):
        return naming
    first = max(0, naming.start - 24)
    window = text[first : naming.core]
    chains = load_gazetteer().chains(window)
    ours = _OURS.search(window) if naming.series == "sgo-spotcheck" else None
    placed = bool(chains) and _BETWEEN.fullmatch(window, chains[-1].end) is not None
    if not (placed or ours) or _PREDICATE.match(text, naming.end):
        return naming
    begins = first + (chains[-1].start if placed else ours.start() if ours else 0)
    year = _YEAR_BEFORE.search(text, first, naming.core if naming.year else begins)
    stated = naming.year or (int(year[1]) if year else None)
    start = min(naming.start, year.start() if year else begins)
    return replace(naming, series="province-internal", subject="website", year=stated, start=start)


def _may_be_internal(text: str, naming: Naming) -> bool:
    """Whether a name is one that provinces and cities give their own evaluations too."""
    if naming.edition is not None or _NATIONAL.search(text, naming.start, naming.end):
        return False
    if naming.series == "other":
        return _OWN_SITES.match(text, naming.core, naming.end) is not None
    return naming.series in ("cstc-website", "sgo-spotcheck")


def _is_rival(text: str, naming: Naming) -> bool:
    """Whether it may be what the article means by the shared name: another evaluation of websites."""
    words = text[naming.start : naming.end]
    return naming.series in ("tsinghua-website", "govmade-website", "govmade-intl") or (
        naming.series == "other" and _SITES_RANKED.search(words) is not None and _PARTIAL.search(words) is None
    )


def _stands_apart(text: str, naming: Naming, plain: list[Naming]) -> bool:
    """Whether no sentence sets it beside a dated use of the shared name: then they are two."""
    return all("。" in text[min(n.end, naming.end) : max(n.start, naming.start)] or n.year is None for n in plain)


Both = tuple[list[Naming], list[Naming]]
"""The namings of the body and of the title."""


_OWN_CHECK = re.compile(
    r"(?:(?<![家央国])政府办公[厅室]|[市县区州省][^,。;\n]{0,8}[局办厅]|我[局办厅市县区州省])[^,。;\n]{0,30}(?:对|开展|组织)[^,。;\n]{0,10}"
    r"(?:全[市县区州省]|[我本][市县区州省])[^,。;\n]{0,20}(?:网站|新媒体)"
)
"""An office that checks the websites of its own city or province."""


def _is_check(text: str, naming: Naming) -> bool:
    """Whether it bears the name that the checks of the State Council and those of every place share."""
    shared = naming.series == "sgo-spotcheck" and _NATIONAL.search(text, naming.start, naming.end) is None
    return shared and _NATIONAL.search(text, max(0, naming.start - 12), naming.start) is None


def ranks_courts(text: str) -> bool:
    """Whether an article tells of the transparency of courts and prosecutors, and not of governments."""
    return "政府透明度" not in text and _COURTS.search(text) is not None


def _is_a_quality(text: str, naming: Naming) -> bool:
    """Whether 政府透明度 is what something else measures too: no institute and no blue book is named (Q7)."""
    bare = naming.series == "cass-transparency" and text[naming.core : naming.end].endswith("透明度")
    return bare and naming.year is None and _BLUE_BOOK.search(text) is None


def _of_the_index(text: str, namings: list[Naming]) -> list[Naming]:
    """电子政务发展指数 beside the survey of cities is that survey's own index."""
    survey = next((n for n in namings if n.series == "egov-city-index"), None)
    if survey is None:
        return namings
    return [
        replace(n, series=survey.series, subject=survey.subject)
        if n.series == "un-egdi" and "联合国" not in text[n.start : n.end]
        else n
        for n in namings
    ]


def in_company(text: str, namings: list[Naming], title: str, titles: list[Naming], book: Rulebook) -> Both:
    """The namings, those that may be anybody's read as the article's other names and its organisers say; without what
    is an activity beside a name, and without those of a ranking of nobody (J12)."""
    if ranks_courts(title + text):
        namings, titles = ([n for n in those if n.series != "cass-transparency"] for those in (namings, titles))
    own = any(n.series == "sgo-spotcheck" for n in (*namings, *titles)) and _OWN_CHECK.search(text) is not None
    namings, titles = (
        [replace(n, series="province-internal") if own and _is_check(words, n) else n for n in those]
        for words, those in ((text, namings), (title, titles))
    )
    namings = _of_the_index(text, [n for n in namings if not _is_a_quality(text, n)])
    everywhere = [*namings, *titles]
    if any(n.series != "other" for n in everywhere):
        namings = [n for n in namings if n.series != "other" or _ACTIVITY.search(text, n.core, n.end) is None]
    if not any(_is_shared(n) for n in everywhere):
        return namings, titles
    series = None
    if not any(n.series == "cstc-website" and n.decided for n in everywhere):
        plain = [n for n in namings if _is_shared(n)]
        internal = [n.series for n in everywhere if book.series_by_key[n.series].scope == "internal"]
        national = any(_NATIONAL.search(text, n.start, n.end) for n in plain)
        told = [n.series for n in namings if n.decided and _is_rival(text, n) and _stands_apart(text, n, plain)]
        told += [n.series for n in titles if n.decided and _is_rival(title, n)]
        if internal and not national:
            series = internal[0]
        elif told:
            series = max(set(told), key=told.count)
        elif not national and _CIRCULAR.search(text):
            series = "province-internal"
        elif _is_of_nobody(text, everywhere, namings):
            return [], []
    return _all_read_as(series, namings, book), _all_read_as(series, titles, book)


def _is_shared(naming: Naming) -> bool:
    """Whether it is the name that several series share, and nothing decides which."""
    return naming.series == "cstc-website" and not naming.decided


def _all_read_as(series: str | None, namings: list[Naming], book: Rulebook) -> list[Naming]:
    if series is None:
        return namings
    subject = book.series_by_key[series].subject
    return [replace(n, series=series, subject=subject) if _is_shared(n) else n for n in namings]


def _is_of_nobody(text: str, everywhere: list[Naming], namings: list[Naming]) -> bool:
    """Whether an article knows only of a 排名 of government websites and of nobody who made it (J12)."""
    known = any(not _is_shared(n) for n in everywhere) or _EVALUATED.search(text) is not None
    return not (known or _MAKER.search(text)) and all(text[n.end - 2 : n.end] in ("排名", "行榜") for n in namings)
