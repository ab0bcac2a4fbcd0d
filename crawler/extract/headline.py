"""What only the headline says: places of those whom the body gives none (grammar.md A5, A6, M6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.extract.claims import Claim
from crawler.extract.context import Context
from crawler.extract.facts import Settled, Settler
from crawler.extract.ranking import rank_claims
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence
from crawler.extract.view import view_of
from crawler.items import Article

__all__ = ["headline_facts"]

_TRUST = 0.7


def headline_facts(
    article: Article, text: str, settler: Settler, settled: Sequence[Settled], book: Rulebook
) -> list[Settled]:
    """Exact places in the headline with their group, of entities that have neither place nor bound in the body.

    Only where the headline stands in Article.text, so that its words can be the evidence.
    """
    placed = {fact.entity.path for fact in settled if fact.claim.kind in ("rank", "grade", "award")}
    ranked = {fact.bound.series for fact in settled if fact.claim.kind == "rank"}
    graded = {fact.bound.series for fact in settled if fact.claim.kind == "grade"} - ranked
    found: list[Settled] = []
    for claim in _claims(article, text, book):
        facts = settler.settle(replace(claim, confidence=_TRUST, rule=f"{claim.rule} A5"))
        if not isinstance(facts, str):
            told = [fact for fact in facts if fact.entity.sure and fact.entity.path not in placed]
            found += [fact for fact in told if fact.bound.series not in graded]  # 榜首 of a list of grades
    return found


def _claims(article: Article, text: str, book: Rulebook) -> Iterator[Claim]:
    title = article.title or ""
    start = article.plain.find(title) if len(title) >= 8 else -1
    if start < 0:
        return
    view = view_of(text, Sentence(start, start + len(title), -1, "title", heads=False), [], book)
    for claim in rank_claims(view, Context(), book).claims:
        if claim.rank is not None and claim.groups.source == "said" and not claim.groups.regional:
            yield claim
