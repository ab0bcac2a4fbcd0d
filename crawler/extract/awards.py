"""Awards, and the works that won them (grammar.md §F)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.announced import announced
from crawler.extract.behind import Behind, list_behind
from crawler.extract.claims import Claim, Found, GroupWords, Skipped
from crawler.extract.conferred import conferred
from crawler.extract.context import Context, Pending
from crawler.extract.firsts import guarded
from crawler.extract.grouping import NO_GROUP, said_groups
from crawler.extract.lists import Item, NameList
from crawler.extract.names import Name
from crawler.extract.rulebook import Rulebook
from crawler.extract.subjects import preceding_list
from crawler.extract.titles import award_subject, titles_behind, trimmed
from crawler.extract.view import View, Word
from crawler.extract.works import owned_works, work_at, works_before, works_behind
from crawler.items import Subject

__all__ = ["award_claims", "heading_award"]

_GIVEN = re.compile(
    guarded(
        r"(?:再次|又|均|都|分别|双双|分|成功|同时|还|也|并|一举|喜|共|先后|陆续|首次|连续[^,。;]{1,4})*"
        r"(?P<verb>获评|蝉联|被?(?:评选|评定|认定|授予|列|评)为|被授予|荣获|获得|得到|赢得|拿到|拿下|捧回|捧得|收获|评上|喜得|囊括|喜获|斩获|摘得|摘下|荣膺|夺得|入选|当选|入围|上榜|荣登|获颁|受到|成为|获(?!奖(?:单位|的|者|名单|网站|作品|项目|集体))|列入|入列)(?:了|过)?"
    )
)
_OBJECTIONS = (
    ("negation", "F10 denied"), ("intention", "J1 an intention"), ("candidate", "J3 a candidate"),
    ("history", "M4 of years that are not named"),
)  # fmt: skip
_LEAD = re.compile(r"[^“”]{0,12}?(?:评出|评选出|授予|颁发|获得|获|其中|以及)的?|[\s,:]+")
_PLACED = re.compile(r"[”\"]?(?:榜单|排行榜|榜)?(?:的)?(?:第\s*[一二三四五六七八九十\d]|首位|榜首|[冠亚季]军)")
_BY_WHOM = re.compile(r"被[^,。;“”]{2,50}$")
_AMONG = re.compile(r"[”\"]?(?:称号|奖项?)?(?:,\s*在[^,。;]{2,30}?中(?:脱颖而出|排名|位列|位居|名列|居))")
_CLASS = re.compile(r"[”\"]?\([^()]{1,8}[组类级别]\)")
"""获“优秀奖”(地市组)"""
_ONLY = re.compile(r"(?:成为|是|为)[^,。;]{0,8}$|[唯惟]一")
_NO_AWARD = re.compile(r"评选|征集|候选|申报|推荐活动|评出|设立|设置|包括|加分|适当")


def award_claims(view: View, context: Context, book: Rulebook) -> Found:
    """All awards of a sentence: a verb, titles behind it, works or winners before it (F1-F6)."""
    claims: list[Claim] = []
    skipped: list[Skipped] = []
    titles = view.words_in("awards", view.sentence.start, view.sentence.end)
    floor = view.sentence.start
    for verb in _GIVEN.finditer(view.text, view.sentence.start, view.sentence.end):
        if verb.start() < floor or not titles:
            continue
        stop = _end_of_titles(view, verb.end())
        following = _GIVEN.search(view.text, verb.end(), stop)
        stop = following.start() if following is not None else stop
        inside = [t for t in titles if verb.end() <= t.start < stop and not _is_list(view, t)]
        if verb["verb"] == "成为":
            inside = [t for t in inside if t.value == "case"]
        if not inside:
            claims += announced(view, context, verb, titles)
            continue
        result = _awarded(view, context, book, verb, inside, floor)
        if isinstance(result, str):
            skipped.append(Skipped(verb.start(), inside[-1].end, result))
        else:
            claims += result
        floor = inside[-1].end
    claims += [claim for title in titles if title.start >= floor for claim in _listed(view, context, title, book)]
    return Found(tuple(claims), tuple(skipped))


def _listed(view: View, context: Context, word: Word, book: Rulebook) -> Iterator[Claim]:
    """The winners behind a title that is the subject itself: 最佳管理实践智慧城市有A、B; or before it in a circular (F4)."""
    clause, _ = view.clause(word.start)
    if any(view.has("negations", clause, word.start, value) for value, _ in _OBJECTIONS):
        return
    if (given := conferred(view, word)) is not None:
        found, title = given
        groups = said_groups(view, found.end, word.end)
        yield from _claims_of(view, found, title, groups, (found.start, word.end), word.start, book)
        return
    before = [naming.end for naming in view.namings if clause <= naming.end <= word.start]
    start = max([clause, *before])
    quote = view.text.rfind("“", start, word.start + 1)
    if quote >= 0 and "”" not in view.text[quote : word.end] and view.text.startswith("”", word.end):
        start = quote + 1
    lead = _LEAD.match(view.text[start : word.start])
    title = trimmed(view.text[start + (lead.end() if lead else 0) : word.end])
    media = award_subject(title, book) == "new_media"
    if not 3 <= len(title) <= 30 or view.has("negations", clause, word.start):
        return
    groups = said_groups(view, clause, word.end)
    behind = list_behind(view, word.end, book, media=media)
    if behind is None or _NO_AWARD.search(view.text, *behind.said):
        return
    yield from _told_behind(view, context, behind, title, groups, (word.start, word.end), book)


def _claims_of(
    view: View, found: NameList, title: str, groups: GroupWords, span: tuple[int, int], at: int, book: Rulebook
) -> Iterator[Claim]:
    subject = award_subject(title, book)
    pairs = works_behind(view, found.start) if subject == "innovation_case" and found.start >= at else []
    for name, work in pairs:
        yield _claim(view, name, title, work, groups, subject, span, at)
    for item in found.items if not pairs else ():
        yield _claim(view, item.name, title, None, groups, subject, span, at)


def _end_of_titles(view: View, start: int) -> int:
    """Titles stand in the clause of their verb, or follow each other over commas when each is quoted."""
    _, last = view.clause(start - 1)
    while view.text[last : last + 1] in (",", "、") and view.text[last + 1 : last + 2] == "“":
        _, further = view.clause(last + 1)
        if further <= last:
            break
        last = further
    return last


def _awarded(
    view: View, context: Context, book: Rulebook, verb: re.Match[str], titles: list[Word], floor: int
) -> list[Claim] | str:
    clause, _ = view.clause(verb.start())
    start = max(clause, floor)
    printed = list(titles_behind(view, verb.end(), titles))
    if (reason := _objection(view, start, verb.end(), printed)) is not None:
        return reason
    claims: list[Claim] = []
    for first, last, title in printed:
        groups = _groups(view, first, last, _since(view, verb.start(), floor), verb.start())
        subject = award_subject(title, book)
        if found := _works(view, context, title, subject, (start, verb.start())):
            claims += [_claim(view, n, title, w, groups, subject, (s, last), verb.start()) for n, w, s in found]
            continue
        if view.text.startswith("的", last) and _is_aside(view, start, verb.start(), list_behind(view, last, book)):
            return "F3 a clause about somebody else, or told before"
        agent = _BY_WHOM.search(view.text, start, verb.start())
        at = agent.start() if agent is not None else verb.start()
        winners, how = preceding_list(view, at, context, set(), book)
        if winners is None or how == "carried":
            named = list_behind(view, last, book, media=subject == "new_media")
            if named is not None:
                claims += _told_behind(view, context, named, title, groups, (verb.start(), last), book)
                continue
        if winners is None:
            return how
        if winners.items[0].name.person == "account" and (winners.cut or view.text.startswith("、", winners.end)):
            return "O8 more accounts than are known"
        carried = how == "carried"
        for item in _share(view, winners, verb, printed, title):
            work = work_at(view, item.name.end) if subject == "innovation_case" else None
            span = (start if carried else winners.start, last)
            claims.append(
                _claim(view, item.name, title, work, groups, subject, span, verb.start(), 0.8 if carried else 1.0)
            )
        if len(winners.items) == 1 and not carried:
            context.subject = winners
    return claims


def _works(
    view: View, context: Context, title: str, subject: Subject | None, stretch: tuple[int, int]
) -> list[tuple[Name, str, int]]:
    """The works before the verb, where the title is one for works or each name has its own."""
    of_works = subject == "innovation_case" or re.search(r"栏目|成果|项目", title) or owned_works(view, *stretch)
    return list(works_before(view, context, stretch[1], stretch[0])) if of_works else []


def _objection(view: View, start: int, end: int, printed: list[tuple[int, int, str]]) -> str | None:
    """Why a verb between `start` and `end` with these titles behind it gives no award; None where it may."""
    for value, reason in _OBJECTIONS:
        if view.has("negations", start, end, value):
            return reason
    if not printed:
        return "no title"
    return "J3 no award" if _NO_AWARD.search(view.text, end, printed[0][0]) else None


def _is_list(view: View, word: Word) -> bool:
    """Whether a place in it is what is told (十大机构微博第四), or it is a group (先进行列)."""
    if view.text.startswith("行列", word.end):
        return True
    behind = _PLACED.match(view.text, word.end)
    return "十" in view.text[word.start : word.end] and behind is not None


def _is_aside(view: View, start: int, verb: int, behind: Behind | None) -> bool:
    """Whether 获得…奖的 is no statement of its own: it says who is spoken of, or calls the subject the only one again."""
    if behind is not None:
        return False
    alone = _ONLY.search(view.text, start, verb) is not None
    return not alone or view.has("awards", view.sentence.start, start)


def _told_behind(
    view: View, context: Context, behind: Behind, title: str, groups: GroupWords, span: tuple[int, int], book: Rulebook
) -> Iterator[Claim]:
    """The winners that the text names behind the award: 六家获得综合奖,它们是A、B. A count may go on for another group."""
    further = said_groups(view, *behind.said)
    among = further if further.values else groups
    if behind.counted:
        context.pending = Pending(*span, award=title, counted=True)
    yield from _claims_of(view, behind.found, title, among, (span[0], behind.found.end), span[0], book)


def _share(
    view: View, winners: NameList, verb: re.Match[str], printed: list[tuple[int, int, str]], title: str
) -> tuple[Item, ...]:
    """The winners of one of several titles: one each where 分别 gives as many titles as there are winners (B1), nobody
    where it does not say whose each is."""
    each = "分别" in view.text[winners.end : verb.end()] or re.match("分别|分获", verb[0]) is not None
    if each and winners.count is not None and "、" in title:
        return ()
    if each and len(printed) > 1 and (len(winners.items) > 1 or winners.count is not None):
        if len(printed) != len(winners.items):
            return ()
        number = [words for _, _, words in printed].index(title)
        return winners.items[number : number + 1]
    return winners.items


def _groups(view: View, first: int, last: int, start: int, verb: int) -> GroupWords:
    """The group in the title, else one that 作为… or 在…中 says before the verb; else none is meant."""
    inside = said_groups(view, first, last)
    if inside.values:
        return inside
    if (own := _CLASS.match(view.text, last)) is not None and (named := said_groups(view, *own.span())).values:
        return named
    before = said_groups(view, start, verb)
    if before.values or (among := _AMONG.match(view.text, last)) is None:
        return before if before.values else NO_GROUP
    return said_groups(view, *among.span())


def _since(view: View, at: int, floor: int) -> int:
    """Behind the last outcome before the verb: what is said of groups there is meant for the award."""
    ends = [ordinal.end for ordinal in view.ordinals if ordinal.end <= at]
    return max([floor, view.sentence.start, *ends])


def _claim(
    view: View, name: Name, title: str, work: str | None, groups: GroupWords, subject: Subject | None,
    span: tuple[int, int], at: int, confidence: float = 1.0,
) -> Claim:  # fmt: skip
    return Claim(
        name=name, kind="award", start=min(span[0], name.start or span[0]), end=span[1], at=at, groups=groups,
        rule="F1" if work else "F3", paragraph=view.sentence.paragraph, award=title, work=work, subject=subject,
        confidence=confidence,
    )  # fmt: skip


def heading_award(view: View, context: Context) -> None:
    """A heading that is the title of an award makes the list below it its winners (F4)."""
    titles = view.words_in("awards", view.sentence.start, view.sentence.end)
    if not view.sentence.heads or not titles or any(found.end > titles[-1].end for found in view.lists):
        return
    text = view.text[view.sentence.start : titles[-1].end]
    title = trimmed(re.sub(r"^\s*(?:[(第]?[一二三四五六七八九十\d]{1,3}(?:[)、.．]|系列[::]?|类)\s*)+", "", text))
    rest = view.text[titles[-1].end : view.sentence.end].strip("”。: \n")
    title = title + "”" if title.count("“") > title.count("”") else title
    rest = re.sub(r"^\(?共?\d{1,3}[个家名项]\)?", "", rest)
    if 3 <= len(title) <= 40 and len(rest) <= 14 and not re.search(r"[,。;]", title) and not re.search(r"[、,]", rest):
        context.pending = Pending(view.sentence.start, view.sentence.end, award=title)
