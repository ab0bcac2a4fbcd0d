"""All claims of an article, sentence by sentence (grammar.md §A-§H, §L)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from crawler.extract.antecedents import antecedent
from crawler.extract.awards import award_claims, heading_award
from crawler.extract.claims import Claim, Found, GroupWords, Skipped
from crawler.extract.context import Context
from crawler.extract.dimensions import topic_of_heading
from crawler.extract.enumerated import enumerated
from crawler.extract.firsts import guarded
from crawler.extract.grading import changes_claimed, grade_claims
from crawler.extract.grouping import said_groups
from crawler.extract.media import heads_medium
from crawler.extract.naming import Naming
from crawler.extract.ranking import rank_claims
from crawler.extract.rulebook import Rulebook
from crawler.extract.same_award import same_award
from crawler.extract.scored import SCORED, score_claims
from crawler.extract.sentences import Sentence
from crawler.extract.streaks import implied_earlier
from crawler.extract.ties import ties_said
from crawler.extract.view import View, view_of
from crawler.extract.waiting import awaited
from crawler.extract.years import year_said

__all__ = ["Reading", "read_claims"]

_CUE = re.compile(
    guarded(
        r"第\s*[一二三四五六七八九十百\d]|前\s*[一二三四五六七八九十百两\d]|[一二三四五六七八九十百\d]强|[至到\-]\s*[一二三四五六七八九十\d]+\s*[名位]"
        r"|[冠亚季]军|前列|前茅|靠前|榜首|首位|居首|之首|三甲|桂冠|[头首]名|折桂|问鼎|连冠|把交椅|夺冠|登顶|头筹|鳌头|[摘居]冠|状元|次席|榜眼|居次|探花|奖|案例|十佳|十大|百佳|优秀|良好|卓越|合格|[A-E]\+?[类级]|梯[队次]|方阵|等级|[领质展赶色]型"
        r"|非常高|为“(?:较?[高低]|中)|指数为?[高中低]|进步|上升|提升|下降|下滑|后退|前进|并列|入选|No|NO|TOP|(?:排名|[位名]列|位居)\s*\d|先进|示范单位|通报表|称号|最具|分列|\d\s*分(?![之钟公别级厂])|EGDI|指数值?(?:\([A-Za-z]+\))?[为达是]|依次|其次|然后是|夺魁|[一二三四五六七八九十\d][名位]|[\d一二三四五六七八九十两][个家][,:]|2\s*[.、)](?!\d)|②"
    )
)
_LEADS = re.compile(
    guarded(
        rf"[获得](?:同一|同样|[此该]|这一)|前列|靠前|依次|2\s*[.、)](?!\d)|②|[\d一二三四五六七八九十两][个家][,:]|{SCORED}"
    )
)
"""What stands beside names without being an outcome itself."""
_POINTS = re.compile(guarded(SCORED))
_TWO_YEARS = re.compile(r"(20\d\d)年?(?:度)?(?:和|与|及|、)(20\d\d)年")
_FROM_TO = re.compile(r"(?:由|从)[^,。;]{0,4}(20\d\d)年[^。;]{2,24}(?:到|至|升|跃|降|退)[^,。;]{0,6}(20\d\d)年(?!以来)")
_RUN_OF_YEARS = re.compile(
    r"(20\d\d)年?(?:-|至|到)(20\d\d)年(?=(,?[^,。;\d]{0,20}?(?:连续[^,。;]{1,4}年|均|都(?!市)|每年)))"
)
_ROW_OF_YEARS = re.compile(r"20\d\d(?:年(?:度)?)?(?:、20\d\d(?:年(?:度)?)?)+(?:、|和|与|及)20\d\d年")
_YEAR = re.compile(r"20\d\d")
_EVERY = re.compile(r"[^,。;]{0,2}(?:连续|均|都|每年|蝉联)")
_LONGEST = 10
_THEN = re.compile(r"20\d\d年[^。;]{0,60}?(?:之后|后),?(?:又|再)[^。;今此本]{0,12}$")
_COUNTIES = re.compile(
    r"(?:\d{1,3}|[一二三四五六七八九十])个?(?:区县|县区|县市|市县|县)|区县|县区|县市|市县|县\([市区]|县级(?!市)"
)
_CENTRAL = re.compile(r"部委|国务院(?:各)?(?:组成|其他)?部门|中央国家机关")


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
        lines = list(paragraph)
        views = list(_views(text, lines, namings, book, waiting=waiting, central=central))
        ties = ties_said(views)
        for view in views:
            context.enter(view, ties)
            context.subject = context.subject or antecedent(view, lines, namings, book)
            for found in _found(view, context, book):
                told = [claim for claim in found.claims if not _is_of_some_year(view, claim)]
                claims += [dated for claim in told for dated in _years_of(view, _dated(view, claim))]
                skipped += found.skipped
    return Reading(tuple(claims), tuple(skipped))


def _views(
    text: str, sentences: list[Sentence], namings: list[Naming], book: Rulebook, *, waiting: bool, central: bool
) -> Iterator[View]:
    first, last = (sentences[0].start, sentences[-1].end) if sentences else (0, 0)
    ministries = central or _CENTRAL.search(text, first, last) is not None
    counties = _COUNTIES.search(text, first, last) is not None
    for sentence in sentences:
        if waiting or sentence.heads or _CUE.search(text, sentence.start, sentence.end):
            leads = _LEADS.search(text, sentence.start, sentence.end) is not None
            view = view_of(
                text, sentence, namings, book, ministries=ministries, counties=counties, always=waiting or leads
            )
            waiting = _may_wait(view)
            yield view


def _may_wait(view: View) -> bool:
    return view.sentence.heads or view.text[view.sentence.start : view.sentence.end].rstrip().endswith((":", ")"))


def _found(view: View, context: Context, book: Rulebook) -> Iterator[Found]:
    if context.pending is not None:
        waited = list(awaited(view, context, book))
        if waited:
            yield Found(tuple(waited))
            return
    if view.sentence.heads:
        context.medium = heads_medium(view)
        context.head(*topic_of_heading(view))
        said = said_groups(view, view.sentence.start, view.sentence.end)
        if said.values:
            context.heading = GroupWords(said.values[-1:], "heading")
            context.groups = context.heading
        before = context.pending
        heading_award(view, context)
        if context.pending is not before and not said.values:
            context.heading = None  # another award: the group of the list before does not hold
    numbered = tuple(enumerated(view, context))
    ranks = rank_claims(view, context, book)
    yield Found(numbered + tuple(c for c in ranks.claims if not numbered or c.top is None), ranks.skipped)
    grades = grade_claims(view, context, book)
    awards = award_claims(view, context, book)
    told = tuple(grade for grade in grades.claims if not _in_a_title(grade, awards.claims))
    yield Found(told, grades.skipped)
    yield awards
    yield Found(tuple(same_award(view, context, list(awards.claims), book)))
    yield changes_claimed(view, context, book)
    if _POINTS.search(view.text, view.sentence.start, view.sentence.end):
        yield Found(tuple(score_claims(view, context)))
    values = {word.value for word in view.groups}
    if len(values) == 1 and not (values == {"other"} and len(view.ordinals) > 1):
        context.groups = said_groups(view, view.sentence.start, view.sentence.end)


def _in_a_title(grade: Claim, awards: Sequence[Claim]) -> bool:
    """优秀政府网站 inside 2018年度全省优秀政府网站 is part of that title."""
    return any(
        award.at <= grade.at < award.end and grade.grade is not None and len(award.award or "") > len(grade.grade) + 2
        for award in awards
    )


def _years_of(view: View, claim: Claim) -> Iterator[Claim]:
    """The claim, and once more for 2010年 in 2010年和2011年被评为C类."""
    if claim.kind == "change" and (moved := _FROM_TO.search(view.text, view.sentence.start, view.sentence.end)):
        first, last = int(moved[1]), int(moved[2])
        if last - first == 1:  # a rise over more years is none since the last edition
            yield replace(claim, year=last, years_back=0)
        return
    if run := _run_of(view, claim):
        yield from (replace(claim, year=year) for year in run)
        return
    yield claim
    yield from implied_earlier(view, claim)
    if claim.year is not None and not claim.rule.endswith("M1"):
        for match in _TWO_YEARS.finditer(view.text, view.sentence.start, claim.at):
            if int(match[2]) == claim.year:
                yield replace(claim, year=int(match[1]))
        for row in _ROW_OF_YEARS.finditer(view.text, view.sentence.start, claim.at):
            years = [int(year) for year in _YEAR.findall(row[0])]
            later = _YEAR.search(view.text, row.end(), claim.at)
            each = _EVERY.match(view.text, row.end(), claim.at) is not None
            if years[-1] == claim.year and later is None and (each or claim.kind in ("award", "grade")):
                for year in years[:-1]:
                    yield replace(claim, year=year)


def _run_of(view: View, claim: Claim) -> range:
    """Every year of 2012年至2014年 in 2012年至2014年均列第三; empty where no such run is said of the claim."""
    if claim.kind not in ("rank", "award", "grade") or claim.years_back or claim.rule.endswith("M1"):
        return range(0)
    for match in _RUN_OF_YEARS.finditer(view.text, view.sentence.start, view.sentence.end):
        first, last = int(match[1]), int(match[2])
        before = match.end() <= claim.at and match.end(3) <= max(claim.at, claim.end) and (claim.year or last) <= last
        if before and _YEAR.search(view.text, match.end(), claim.at) is None:
            return range(max(first, last - _LONGEST), last + 1)
    return range(0)


def _is_of_some_year(view: View, claim: Claim) -> bool:
    """Whether an award was won in a year that is not said: 2013年获…之后,再一次获得 (M4)."""
    if claim.kind != "award":
        return False
    behind = _THEN.search(view.text, view.sentence.start, claim.at + 4)
    return behind is not None and not any(
        behind.start() < naming.start < claim.end and naming.year for naming in view.namings
    )


def _dated(view: View, claim: Claim) -> Claim:
    """The claim with the year that its sentence says of it (M1, M11)."""
    if claim.year or claim.years_back:
        return claim
    year, back = year_said(view, claim.at)
    if claim.kind == "change" and year is not None and any((n.year or 0) > year for n in view.namings):
        return claim  # how far it rose is told of the newer year
    return replace(claim, year=year, years_back=back) if year or back else claim
