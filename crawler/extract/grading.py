"""Statements of grade, improvement and change (grammar.md §D, §G)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.behind import Behind, list_behind
from crawler.extract.claims import Claim, Found, GroupWords, Skipped
from crawler.extract.context import Context, Pending
from crawler.extract.firsts import guarded
from crawler.extract.grouping import groups_before, said_groups
from crawler.extract.holders import subject_ahead
from crawler.extract.lists import NameList
from crawler.extract.names import Name
from crawler.extract.numerals import NUMBER, number_from
from crawler.extract.ordinals import Ordinal
from crawler.extract.rulebook import Rulebook
from crawler.extract.subjects import following_list, preceding_list
from crawler.extract.view import View, Word

__all__ = ["changes_claimed", "grade_claims"]

_GIVEN = re.compile(
    guarded(
        r"(?:被?(?:评选|评定|判定|认定|确定|评估|考核|考评|列|评)为|获评|获得|荣获|进入|列入|入列|跻身|位列|位于|处于|达到|属于?|迈入|入选|均为|同为|升至|晋升|名列|获|为|居|[亦均同也]列)"
        r"[^,。;“”]{0,44}$|指数$"
    )
)
_COUNT_ONLY = re.compile(rf"(?:共有|有|共|其中)?\s*{NUMBER}\s*(?:个|家)[^,。;]{{0,14}}$")
_STEPS = re.compile(
    rf"(?:(?:比|较|相比|与|同)(?:去年|上年|上届|上一年|上一届|上期|20\d\d年(?:度)?)?[^,。;]{{0,16}}?)?(?P<way>提升|上升|前进|提高|前移|上移|攀升|跃升|进步|上涨|下降|下滑|后退|退步|掉落|滑落|倒退|(?<=[再又])[升进]|(?<=[届年])[升进])"
    rf"(?:了|到)?\s*(?P<steps>{NUMBER}\s*(?:个)?(?:位次|名次|位|名)(?:\s*(?:、|和|及|与)\s*{NUMBER}\s*(?:个)?(?:位次|名次|位|名))*)"
)
_STEP = re.compile(NUMBER)
_FROM_TO = re.compile(
    rf"(?:从|由)(?P<when>[^,。;第]{{0,16}}?)第\s*(?P<a>{NUMBER})\s*(?:名|位)?(?P<way>[^,。;第]{{0,14}}?)(?:到|至|为|居)?(?P<now>[^,。;第]{{0,10}}?)第\s*(?P<b>{NUMBER})\s*(?:名|位)?"
)
_MOVES = re.compile(r"升|[届年]进|前进|提高|前移|上移|进步|上涨|下降|下滑|后退|退|掉|落|跃")
_DOWN = re.compile(r"下降|下滑|后退|退步|掉落|滑落|倒退|退|跌")
_UP = re.compile(r"升|跃|前进|提高|进步|前移|攀|挺进|上移")
_YEAR = re.compile(r"(20\d\d)年")
_CLASS_WORD = re.compile(
    r"(?P<grade>优秀|良好|中等)(?:等次|等级|档次|梯度|梯次|层级|档)|(?P<site>(?:基本|不)?合格)(?:等次|等级|网站)"
)
_RANKED = re.compile(r"排名|名次|位次|排位|绩效|评估|网站|综合|总体|名列|列|居|评比")
_HEADED = re.compile(
    rf"(?:单位|网站|名单)*\s*(?:\(?共?{NUMBER}[个家名][^()]{{0,8}}\)?|\([^()]{{1,12}}\))?(?:名单)?\s*:?\s*"
)
_SUB_INDEX = re.compile(r"(?:在线服务|电子参与|人力资本|基础设施)[^。;]{0,10}(?:指数|水平|排名|达到)")
_NOT_SITE = re.compile(
    r"(?:指标|方面|满意度|增幅|办件|访问量|(?:微博|微信|客户端|APP|App|参与|公开|互动|在线服务|单项)[^,。;]{0,4}指数)[^,。;]{0,6}$"
)


def grade_claims(view: View, context: Context, book: Rulebook) -> Found:
    """All grades of a sentence: a verb before the grade or a list behind it (D1, D2)."""
    claims: list[Claim] = []
    skipped: list[Skipped] = []
    used: set[int] = set()
    floor = view.sentence.start
    for word in view.words_in("grades", view.sentence.start, view.sentence.end):
        result = _graded(view, context, book, word, floor, used)
        if isinstance(result, str):
            skipped.append(Skipped(word.start, word.end, result))
        else:
            claims += result
        floor = word.end
    return Found(tuple(claims), tuple(skipped))


def _graded(view: View, context: Context, book: Rulebook, word: Word, floor: int, used: set[int]) -> list[Claim] | str:
    clause, _ = view.clause(word.start)
    start = max(clause, floor)
    for value, reason in (("negation", "D5 denied"), ("intention", "J1 an intention"), ("candidate", "J3 a candidate")):
        if view.has("negations", start, word.start, value):
            return reason
    found, gap = following_list(view, word.end)
    behind = list_behind(view, word.end, book)
    if behind is not None and (found is None or len(behind.found.items) > len(found.items)):
        return list(_told(view, context, word, behind, start))
    if found is not None and gap is not None:
        used.add(found.start)
        groups = said_groups(view, start, found.start)
        if not groups.values:
            groups = groups_before(view, view.sentence.start, word.start, context)
        context.groups = groups if groups.source == "said" else context.groups
        return list(_grades(view, found, word, groups, "D2 B5", 1.0))
    if view.sentence.heads and _HEADED.fullmatch(view.text, word.end, view.sentence.end):
        context.pending = Pending(word.start, word.end, grade=_words(view, word))
        return "B11 a heading"
    if _GIVEN.search(view.text, start, word.start) is None:
        return "no verb gives the grade"
    found, how = preceding_list(view, word.start, context, used, book)
    if found is None:
        _announce(view, context, word)
        return how
    if how == "carried" and _COUNT_ONLY.search(view.text, start, word.start):
        return "D4 a count only"
    if _SUB_INDEX.search(view.text, max(found.end, view.sentence.start), word.start):
        return "A12 of a sub-index"
    if not found.is_of_members:
        return "O8 the list is not as long as it says"
    groups = groups_before(view, floor, word.start, context)
    if groups.source == "said":
        context.groups = groups
    if len(found.items) == 1 and how != "carried":
        context.subject = found
    return list(_grades(view, found, word, groups, "D1", 0.85 if how == "carried" else 1.0))


def _told(view: View, context: Context, word: Word, told: Behind, start: int) -> Iterator[Claim]:
    groups = said_groups(view, *told.said)
    if not groups.values:
        groups = groups_before(view, start, word.start, context)
    if told.counted:
        context.pending = Pending(word.start, word.end, grade=_words(view, word), counted=True)
    yield from _grades(view, told.found, word, groups, "D2 B5", 1.0)


def _announce(view: View, context: Context, word: Word) -> None:
    if re.fullmatch(r"[的网站单位有为是\s]*[:)]\s*", view.text[word.end : view.sentence.end]):
        context.pending = Pending(word.start, word.end, grade=_words(view, word))


def _words(view: View, word: Word) -> str:
    words = re.sub(r"[“”\"]", "", view.text[word.start : word.end]).removesuffix("行列")
    plain = _CLASS_WORD.fullmatch(words)
    return (plain["grade"] or plain["site"]) if plain is not None else words


def _grades(
    view: View, found: NameList, word: Word, groups: GroupWords, rule: str, confidence: float
) -> Iterator[Claim]:
    names = found.names
    for number, name in enumerate(names):
        yield Claim(
            name=name, kind="grade", start=min(found.start, word.start), end=max(found.end, word.end), at=word.start,
            groups=groups, rule=rule, paragraph=view.sentence.paragraph, parent=names[number - 1] if number else None,
            company=names, grade=_words(view, word), confidence=confidence,
        )  # fmt: skip


def changes_claimed(view: View, context: Context, book: Rulebook) -> Found:
    """Improvement named as such (G1, G2) and places gained or lost (G3-G5)."""
    claims: list[Claim] = []
    skipped: list[Skipped] = []
    for word in view.words_in("changes", view.sentence.start, view.sentence.end, "improved"):
        result = _improved(view, context, book, word)
        if isinstance(result, str):
            skipped.append(Skipped(word.start, word.end, result))
        else:
            claims += result
    for start, end, changes in _steps(view):
        found, how = preceding_list(view, start, context, set(), book)
        shares = _shares(view, found, (start, end), changes, context) if found is not None else []
        if not shares:
            skipped.append(Skipped(start, end, how if found is None else "G3 of several"))
        for name, change, groups in shares:
            claims.append(
                Claim(
                    name=name,
                    kind="change",
                    start=min(name.start, start),
                    end=end,
                    at=start,
                    groups=groups,
                    rule="G3" if change > 0 else "G4",
                    paragraph=view.sentence.paragraph,
                    change=change,
                    confidence=0.85 if how == "carried" else 1.0,
                )
            )
    return Found(tuple(claims), tuple(skipped))


def _shares(
    view: View, found: NameList, span: tuple[int, int], changes: tuple[int, ...], context: Context
) -> list[tuple[Name, int, GroupWords]]:
    """Who moved how far in which group: one name and one move; as many names as moves; or one name in as many groups as
    moves (在省会列第6、地级市列第13,分别前移4位和9位). Nothing where they do not agree."""
    start, end = span
    groups = said_groups(view, max(found.end, view.sentence.start), end)
    groups = groups if groups.values else groups_before(view, view.sentence.start, start, context)
    names = [item.name for item in found.items]
    if len(names) == len(changes):
        return [(name, change, groups) for name, change in zip(names, changes, strict=True)]
    exact = [o for o in view.ordinals if o.end <= start and o.kind == "exact"]
    if len(names) == 1 < len(changes) == len(exact) and (each := _each_placed(view, exact)):
        return [(name, change, groups) for name, change in zip(each, changes, strict=True)]
    places = [o for o in exact if found.end <= o.start][-len(changes) :]
    if len(names) != 1 or len(places) != len(changes):
        return []
    since, told = found.end, []
    for place, change in zip(places, changes, strict=True):
        told.append((names[0], change, said_groups(view, since, place.start)))
        since = place.end
    return told if all(said.values for _, _, said in told) else []


def _each_placed(view: View, places: list[Ordinal]) -> list[Name]:
    """The names of which one stands before each place: 云南列第十四、甘肃列第二十一,分别上升两位和三位; else none."""
    names: list[Name] = []
    floor = view.sentence.start
    for place in places:
        between = [found for found in view.lists if floor <= found.start and found.end <= place.start]
        if len(between) != 1 or len(between[0].items) != 1:
            return []
        names.append(between[0].items[0].name)
        floor = place.end
    return names


def _improved(view: View, context: Context, book: Rulebook, word: Word) -> list[Claim] | str:
    clause, _ = view.clause(word.start)
    if _NOT_SITE.search(view.text, clause, word.start):
        return "A12 of a sub-index"
    found, how = preceding_list(view, word.start, context, set(), book)
    if found is None or how == "carried":
        found = subject_ahead(view, clause, word.start, word.end)
    if found is None:
        return "G1 nobody is named" if how == "carried" else how
    groups = groups_before(view, view.sentence.start, word.start, context)
    names = found.names
    return [
        Claim(
            name=name,
            kind="improved",
            start=min(found.start, word.start),
            end=max(found.end, word.end),
            at=word.start,
            groups=groups,
            rule="G1",
            paragraph=view.sentence.paragraph,
            parent=names[number - 1] if number else None,
            company=names,
            improved=True,
        )
        for number, name in enumerate(names)
    ]


def _is_long_ago(view: View, year: int) -> bool:
    """Whether the older year is not that of the edition before the one the sentence names."""
    named = [naming.year for naming in view.namings if naming.year is not None]
    return bool(named) and year != max(named) - 1


def _steps(view: View) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Places gained (positive) or lost, with their span."""
    text, first, last = view.text, view.sentence.start, view.sentence.end
    if not _MOVES.search(text, first, last):
        return
    for match in _FROM_TO.finditer(text, first, last):
        before, now = number_from(match["a"]), number_from(match["b"])
        words = match["way"] + match["now"]
        moved = _DOWN.search(words) or _UP.search(words)
        if (older := _YEAR.search(match["when"])) is not None and _is_long_ago(view, int(older[1])):
            continue
        if before and now and before != now and moved and (before > now) == (_DOWN.search(words) is None):
            yield match.start(), match.end(), (before - now,)
    for match in _STEPS.finditer(text, first, last):
        steps = [number or 0 for number in map(number_from, _STEP.findall(match["steps"]))]
        traffic = view.has("negations", max(first, match.start() - 20), match.end(), "traffic")
        if all(0 < step <= 300 for step in steps) and not traffic:
            sign = -1 if _DOWN.match(match["way"]) else 1
            yield match.start(), match.end(), tuple(sign * step for step in steps)
