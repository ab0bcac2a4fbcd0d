"""Settled facts → results: one per fact, echoes left out (grammar.md R1, R2, M5, M7, F9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from crawler.extract.claims import Claim
from crawler.extract.facts import Settled
from crawler.extract.sentences import canonical
from crawler.items import Article, Result, region_of

__all__ = ["results_of"]

_YEAR = re.compile(r"20\d\d年?度?")
_SIGNS = re.compile(r"[\s“”\"']")


def results_of(article: Article, settled: Sequence[Settled], keys: dict[tuple[str, int | None], str]) -> list[Result]:
    """One result per fact: the most exact value wins, of equals the surest, then the first (R1, R2, M5, M7)."""
    best: dict[tuple[object, ...], Result] = {}
    for fact in settled:
        for result in _atoms(article, fact, keys):
            key = (
                result.evaluation, result.entity, result.subject, result.group, result.kind, result.indicator, region_of(result),
                _squash(result.award), _squash(result.work),
            )  # fmt: skip
            known = best.get(key)
            if known is None or _better(result, known):
                best[key] = result
    return sorted(_without_echoes(list(best.values())), key=lambda result: result.span)


def _without_echoes(results: list[Result]) -> list[Result]:
    """Without awards told once more in a wider group or with a shorter title (F9, M5)."""
    of_entity: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        of_entity.setdefault((result.evaluation, result.entity), []).append(result)
    return [
        result
        for result in results
        if not any(
            _echoes(result, other) or _repeats(result, other)
            for other in of_entity[result.evaluation, result.entity]
            if other is not result
        )
    ]


def _repeats(result: Result, other: Result) -> bool:
    """An award of the words of a grade or of a bound, and a place within a region that the list of its evaluation gives too."""
    if result.kind == "award" and other.kind == "grade" and result.subject == other.subject:
        return (
            _squash(other.grade) in _squash(result.award)
            and len(_squash(result.award)) <= len(_squash(other.grade)) + 2
        )
    if result.kind == "award" and other.kind == "rank" and (result.award or "").endswith("强"):
        return result.span[0] < other.span[1] and other.span[0] < result.span[1]  # 区县网站十强 is no title
    regional = result.kind == other.kind == "rank" and result.group == "other" != other.group
    return regional and result.rank is not None and result.rank == other.rank


def _echoes(result: Result, other: Result) -> bool:
    if result.kind != "award" or other.kind != "award" or result.subject != other.subject:
        return False
    if result.work is None and other.work is not None and _squash(result.award) in _squash(other.award):
        return True  # the same award told once more with the work that won it
    if _squash(result.work) != _squash(other.work):
        return False
    mine, theirs = (_YEAR.sub("", _squash(r.award)) for r in (result, other))
    if result.group == "all" and other.group != "all":
        return mine in theirs or theirs in mine
    if result.group != other.group:
        return False
    return (mine in theirs and mine != theirs) or (mine == theirs and result.span > other.span)


def _squash(words: str | None) -> str:
    return _SIGNS.sub("", words) if words else ""


def _better(result: Result, known: Result) -> bool:
    def order(r: Result) -> tuple[bool, bool, float, int]:
        exact = r.rank is not None or r.kind != "rank"
        return (not r.implied, exact, r.confidence + (0.05 if r.tied else 0.0), -(r.top or 0))

    return order(result) > order(known)


def _atoms(article: Article, fact: Settled, keys: dict[tuple[str, int | None], str]) -> Iterator[Result]:
    claim = fact.claim
    first, last = article.span(claim.start, claim.end)
    result = partial(
        Result,
        evaluation=keys[fact.bound.series, fact.bound.year], entity=fact.entity.path, subject=fact.subject, group=fact.group,
        evidence=article.text[first:last], span=(first, last), code=fact.entity.code, indicator=claim.indicator,
        implied=claim.implied, confidence=round(fact.confidence, 2),
        rule=claim.rule + (f": {claim.checks}" if claim.checks else ""),
    )  # fmt: skip
    if claim.rank is not None or claim.top is not None:
        top = None if claim.rank is not None else claim.top
        yield result(kind="rank", rank=claim.rank, tied=claim.tied, top=top)
    if claim.score is not None:
        yield result(kind="score", score=claim.score)
    if claim.grade is not None:
        yield result(kind="grade", grade=claim.grade)
    if claim.award is not None:
        award, work = (_as_printed(article, claim, words) for words in (claim.award, claim.work))
        yield result(kind="award", award=award, work=work)
    if claim.improved:
        yield result(kind="improved", improved=True)
    if claim.change is not None:
        yield result(kind="change", change=claim.change)


def _as_printed(article: Article, claim: Claim, words: str | None) -> str | None:
    """The words with the signs that the page has for them: ——, full-width brackets."""
    if words is None or article.plain.find(words, claim.start) >= 0:
        return words
    at = canonical(article.plain[claim.start : claim.end]).find(words)
    if at < 0:
        return words.replace("--", "——")
    return article.plain[claim.start + at : claim.start + at + len(words)]
