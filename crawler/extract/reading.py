"""All claims of an article, sentence by sentence (grammar.md §A-§H, §L)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from crawler.extract.awards import award_claims, award_subject, heading_award
from crawler.extract.claims import Claim, Found, GroupWords, Skipped
from crawler.extract.context import Context, Pending
from crawler.extract.firsts import guarded
from crawler.extract.grading import changes_claimed, grade_claims
from crawler.extract.grouping import NO_GROUP, groups_before, said_groups
from crawler.extract.lists import NameList, joined
from crawler.extract.media import heads_medium
from crawler.extract.names import Name
from crawler.extract.naming import Naming
from crawler.extract.numbering import placed_in_range
from crawler.extract.ranking import rank_claims
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence
from crawler.extract.streaks import implied_earlier
from crawler.extract.ties import ties_said
from crawler.extract.view import View, view_of
from crawler.extract.years import year_said

__all__ = ["Reading", "read_claims"]

_CUE = re.compile(
    guarded(
        r"第\s*[一二三四五六七八九十百\d]|前\s*[一二三四五六七八九十百两\d]|[一二三四五六七八九十百\d]强|[至到\-]\s*[一二三四五六七八九十\d]+\s*[名位]"
        r"|[冠亚季]军|前列|前茅|靠前|榜首|首位|居首|之首|三甲|桂冠|奖|案例|十佳|十大|百佳|优秀|良好|卓越|合格|[A-E]\+?[类级]|梯[队次]|方阵|等级|[领质展赶色]型"
        r"|非常高|指数为?[高中低]|进步|上升|提升|下降|下滑|后退|前进|并列|入选|No|NO|TOP|(?:排名|[位名]列|位居)\s*\d|先进|示范单位|最具|分列|夺魁|[一二三四五六七八九十\d][名位]"
    )
)
_LEADS = re.compile(r"前列|靠前")
_TWO_YEARS = re.compile(r"(20\d\d)年?(?:度)?(?:和|与|及|、)(20\d\d)年")
_CENTRAL = re.compile(r"部委|国务院(?:各)?(?:组成|其他)?部门|中央国家机关")
_BARE_LIST = re.compile(r"^[\s\d.、()(:“\"·\-]*(?:其中|依次为|分别是|分别为)?[:\s]*$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sentences of an article claim."""

    claims: tuple[Claim, ...]
    """In order of appearance."""
    skipped: tuple[Skipped, ...]
    """What was seen and not made a claim."""


def read_claims(
    text: str,
    sentences: Sequence[Sentence],
    namings: list[Naming],
    book: Rulebook,
    tables: Sequence[tuple[int, int]] = (),
) -> Reading:
    """Read the sentences in order; each inherits from those before it within the limits of grammar.md §L."""
    context = Context()
    claims: list[Claim] = []
    skipped: list[Skipped] = []
    outside = [s for s in sentences if not any(first <= s.start < last for first, last in tables)]
    for _, paragraph in groupby(outside, key=lambda sentence: sentence.paragraph):
        central = context.heading is not None and context.heading.values == ("ministry",)
        waiting = context.pending is not None
        views = list(_views(text, list(paragraph), namings, book, waiting=waiting, central=central))
        ties = ties_said(views)
        for view in views:
            context.enter(view, ties)
            for found in _found(view, context, book):
                claims += [dated for claim in found.claims for dated in _years_of(view, _dated(view, claim))]
                skipped += found.skipped
    return Reading(tuple(claims), tuple(skipped))


def _views(
    text: str, sentences: list[Sentence], namings: list[Naming], book: Rulebook, *, waiting: bool, central: bool
) -> Iterator[View]:
    first, last = (sentences[0].start, sentences[-1].end) if sentences else (0, 0)
    ministries = central or _CENTRAL.search(text, first, last) is not None
    for sentence in sentences:
        if waiting or sentence.heads or _CUE.search(text, sentence.start, sentence.end):
            leads = _LEADS.search(text, sentence.start, sentence.end) is not None
            view = view_of(text, sentence, namings, book, ministries=ministries, always=waiting or leads)
            waiting = _may_wait(view)
            yield view


def _may_wait(view: View) -> bool:
    return view.sentence.heads or view.text[view.sentence.start : view.sentence.end].rstrip().endswith((":", ")"))


def _found(view: View, context: Context, book: Rulebook) -> Iterator[Found]:
    if context.pending is not None:
        waited = list(_awaited(view, context, book))
        if waited:
            yield Found(tuple(waited))
            return
    if view.sentence.heads:
        context.medium = heads_medium(view)
        said = said_groups(view, view.sentence.start, view.sentence.end)
        if said.values:
            context.heading = GroupWords(said.values[-1:], "heading")
            context.groups = context.heading
        before = context.pending
        heading_award(view, context)
        if context.pending is not before and not said.values:
            context.heading = None  # another award: the group of the list before does not hold
    yield rank_claims(view, context, book)
    grades = grade_claims(view, context, book)
    awards = award_claims(view, context, book)
    told = tuple(grade for grade in grades.claims if not _in_a_title(grade, awards.claims))
    yield Found(told, grades.skipped)
    yield awards
    yield changes_claimed(view, context, book)
    values = {word.value for word in view.groups}
    if len(values) == 1:
        context.groups = said_groups(view, view.sentence.start, view.sentence.end)


def _in_a_title(grade: Claim, awards: Sequence[Claim]) -> bool:
    """优秀政府网站 inside 2018年度全省优秀政府网站 is part of that title."""
    return any(
        award.at <= grade.at < award.end and grade.grade is not None and len(award.award or "") > len(grade.grade) + 2
        for award in awards
    )


def _years_of(view: View, claim: Claim) -> Iterator[Claim]:
    """The claim, and once more for 2010年 in 2010年和2011年被评为C类."""
    yield claim
    yield from implied_earlier(view, claim)
    if claim.year is not None:
        for match in _TWO_YEARS.finditer(view.text, view.sentence.start, claim.at):
            if int(match[2]) == claim.year:
                yield replace(claim, year=int(match[1]))


def _dated(view: View, claim: Claim) -> Claim:
    """The claim with the year that its sentence says of it (M1, M11)."""
    if claim.year or claim.years_back:
        return claim
    year, back = year_said(view, claim.at)
    if claim.kind == "change" and year is not None and any((n.year or 0) > year for n in view.namings):
        return claim  # how far it rose is told of the newer year
    return replace(claim, year=year, years_back=back) if year or back else claim


def _awaited(view: View, context: Context, book: Rulebook) -> Iterator[Claim]:
    """The list below a heading: winners of its award, members of its grade, holders of its places (B11, F4, Q6)."""
    pending = context.pending
    accounts = _accounts(view) if pending is not None and _MEDIA.search(pending.award or "") else ()
    if pending is not None and accounts:
        yield from _winners(view, context, pending, accounts, (view.sentence.start, view.sentence.end), book)
        return
    if pending is None or not view.lists:
        words = view.text[view.sentence.start : view.sentence.end].strip()
        if not view.sentence.heads or not (view.groups or len(words) <= 8 or words.endswith(":")):
            context.pending = None
        return
    whole = _whole_list(view)
    if whole is None:
        if not view.sentence.heads:
            context.pending = None
        return
    if pending.ordinal is not None:
        yield from _placed(view, context, pending, whole)
        context.pending = None
        return
    yield from _winners(
        view, context, pending, tuple(item.name for item in whole.items), (whole.start, whole.end), book
    )


def _winners(
    view: View, context: Context, pending: Pending, names: tuple[Name, ...], span: tuple[int, int], book: Rulebook
) -> Iterator[Claim]:
    award = pending.award
    for name in names:
        yield Claim(
            name=name, kind="award" if award else "grade", start=span[0], end=span[1], at=span[0],
            groups=context.heading or NO_GROUP, rule="F4" if award else "D2", paragraph=view.sentence.paragraph,
            company=names, award=award, grade=pending.grade, subject=award_subject(award, book) if award else None,
        )  # fmt: skip


def _accounts(view: View) -> tuple[Name, ...]:
    """The accounts of a line that is a list of nothing else: 成都发布、@微内江/最内江. The name behind the slash counts."""
    words = view.text[view.sentence.start : view.sentence.end].rstrip("。;\n 、,")
    items = re.split(r"[、,]", words)
    if words.count(",") > words.count("、"):
        return ()  # prose
    if len(items) < 3 or not all(2 <= len(item.strip()) <= 24 and not _NO_ACCOUNT.search(item) for item in items):
        return ()
    names, position = [], view.sentence.start
    for item in items:
        form = item.strip().rsplit("/", 1)[-1].lstrip('@“"').rstrip('”"')
        start = position + item.rfind(form)
        names.append(Name(start, start + len(form), form, person="account"))
        position += len(item) + 1
    return tuple(names)


_MEDIA = re.compile(r"新媒体|微博|微信|公众号|账号|抖音|头条号")
_NO_ACCOUNT = re.compile(r"[:。;!?()]|获得|评为|入选|排名|第[一二三四五六七八九十\d]")


def _placed(view: View, context: Context, pending: Pending, whole: NameList) -> Iterator[Claim]:
    ordinal = pending.ordinal
    if ordinal is None:
        return
    first, last = (1, ordinal.numbers[0]) if ordinal.kind == "top" else (ordinal.numbers[0], ordinal.numbers[-1])
    placed = placed_in_range(whole.slots, first, last, context.ties, last_and=whole.last_and)
    groups = groups_before(view, view.sentence.start, whole.start, context)
    for item, rank, tied in placed or ():
        yield Claim(
            name=item.name, kind="rank", start=whole.start, end=whole.end, at=whole.start, groups=groups, rule="B5 B11",
            paragraph=view.sentence.paragraph, company=tuple(i.name for i in whole.items), rank=rank, tied=tied,
            score=item.score,
        )  # fmt: skip


def _whole_list(view: View) -> NameList | None:
    """The sentence as one list of names, where it is nothing else: unknown items between the known are allowed."""
    first = view.lists[0]
    if not _BARE_LIST.match(view.text[view.sentence.start : first.start]):
        return None
    whole = first
    for following in view.lists[1:]:
        gap = view.text[whole.end : following.start]
        if not (gap.strip() in (",", "、", ";", "") or (gap[:1] in "、," and gap[-1:] in "、," and len(gap) <= 14)):
            break
        whole = joined(whole, following)
    rest = view.text[whole.end : view.sentence.end].strip('。;、, \n”"')
    marks = view.text.count("、", view.sentence.start, view.sentence.end) + 1
    if len(rest) > 24 or len(whole.items) * 10 < marks * 6:
        return None
    return whole
