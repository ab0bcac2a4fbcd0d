"""Article → Extraction: the whole way, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.claims import Skipped
from crawler.extract.evaluations import LATE_SERIES, Bound, Evaluations
from crawler.extract.facts import Settled, Settler, settle
from crawler.extract.grids import grids_of
from crawler.extract.headline import headline_facts
from crawler.extract.merging import results_of
from crawler.extract.metadata import indicators_in, organizers_in, sample_in
from crawler.extract.named_awards import award_namings
from crawler.extract.outlets import government_at
from crawler.extract.reading import read_claims
from crawler.extract.release import Edition, released_in
from crawler.extract.rulebook import load_rulebook
from crawler.extract.scopes import namings_of, ranks_courts
from crawler.extract.scored import with_shared_scores
from crawler.extract.sentences import Sentence, canonical, sentences_of
from crawler.extract.tables import case_claims, table_claims
from crawler.items import Article, DocumentKind, Evaluation, Extraction, PassedOver

__all__ = ["extract", "is_on_topic"]

_TOPIC = re.compile(
    r"网站|透明度|数字政府|政务|政府网|数林|数据开放|智慧城市|公开|网上政府|电子服务|互联网服务|网络(?:整体)?形象|数字治理|城市数字|网络理政|网络履职|电子政府|政府(?:行政)?效[率能]"
)
_SPOKEN_OF = re.compile(
    r"政府(?:门户)?网站(?:[^。\n]{0,24}(?:抽查|普查|绩效评估|绩效考[核评]|测评|检查指标|年度考核指标)|外文版(?:国际化|发展水平))"
    r"|政务(?:微博|微信|新媒体|网站|平台|公众号)[^。;\n]{0,12}(?:评选|评比|考评)|门户网站综合影响力评估|数据开放[^。\n]{0,6}(?:水平|指数|评估)"
)
"""What makes an article related even where no evaluation is named by a name."""


def is_on_topic(title: str) -> bool:
    """Whether a link of that title may lead to an article on such evaluations: cheap, and rather yes than no.

    >>> is_on_topic("2020全国政府网站绩效评估结果揭晓"), is_on_topic("网站速度优化技巧")
    (True, False)
    """
    found = {rule.value for rule, _, _ in load_rulebook()["topics"].find(canonical(title))}
    return "yes" in found and "no" not in found


def extract(article: Article) -> Extraction:
    """All that the article says of evaluations. Never raises; looks at nothing but the article."""
    text = canonical(article.plain)
    if not (_TOPIC.search(text) or _TOPIC.search(article.title or "")):
        return Extraction(kind="unrelated")
    book = load_rulebook()
    sentences = sentences_of(article, text)
    namings = namings_of(text, sentences, book)
    evaluations = Evaluations(article, text, namings, book)
    if not evaluations.any and (titled := award_namings(text, book)):
        namings = titled
        evaluations = Evaluations(article, text, namings, book)
    if not evaluations.any:
        named = is_on_topic(article.title or "") or _SPOKEN_OF.search(text) is not None
        related = named and not ranks_courts(text)
        return Extraction(kind="related" if related else "unrelated")
    settler = Settler(article, text, sentences, evaluations, book)
    grids = grids_of(article, text, sentences)
    reading = read_claims(text, sentences, namings, book, [grid.span for grid in grids])
    tabled = [claim for grid in grids for claim in table_claims(grid, evaluations.title, book)]
    cases = [claim.award for claim in reading.claims if claim.subject == "innovation_case"]
    tabled += [claim for grid in grids for claim in case_claims(grid, cases[-1] if cases else None, book)]
    settled, unsettled = settle(settler, [*reading.claims, *tabled])
    settled += headline_facts(article, text, settler, settled, book)
    settled = with_shared_scores(settled, [settler.around(fact.claim.at)[0] for fact in settled])
    told = _evaluations(article, text, sentences, evaluations, settled)
    keys = {(evaluation.series, evaluation.year): evaluation.key for evaluation in told}
    results = results_of(article, settled, keys)
    kind: DocumentKind = "results" if results else "related"
    passed_over = _passed_over(article, [*reading.skipped, *unsettled])
    return Extraction(kind, tuple(told), tuple(results), passed_over, government_at(article.url, article.region))


def _evaluations(
    article: Article, text: str, sentences: Sequence[Sentence], evaluations: Evaluations, settled: Sequence[Settled]
) -> list[Evaluation]:
    """The evaluations that have outcomes, and those that are named with their year."""
    bounds: dict[tuple[str, int | None], Bound] = {}
    for naming in evaluations.namings:
        bound = evaluations.bound_of(naming)
        if naming.year is not None or not bounds:
            bounds.setdefault((bound.series, bound.year), bound)
    for fact in settled:
        bounds.setdefault((fact.bound.series, fact.bound.year), fact.bound)
    main = evaluations.main
    told = []
    ordered = sorted(bounds.values(), key=lambda bound: bound.start)
    sample, indicators = sample_in(text, sentences, evaluations.book), indicators_in(text, sentences)
    leading = evaluations.bound_of(main) if main is not None else None
    body = "\n".join(text[sentence.start : sentence.end] for sentence in sentences)
    for number, bound in enumerate(ordered, 1):
        rule = evaluations.book.series_by_key[bound.series]
        leads = leading is not None and (bound.series, bound.year) == (leading.series, leading.year)
        same = bound.year == (leading.year if leading else None)
        edition = _edition(evaluations, bound)
        released = released_in(text, article, sentences, edition) if same else None
        told.append(
            Evaluation(
                key=f"e{number}",
                name=bound.name,
                series=bound.series,
                year=bound.year,
                edition=bound.edition,
                organizers=organizers_in(body, rule.organisers),
                released=released,
                sample=sample if leads else {},
                indicators=indicators if leads else {},
            )
        )
    return told


def _edition(evaluations: Evaluations, bound: Bound) -> Edition:
    at = [naming.start for naming in evaluations.namings if naming.series == bound.series]
    others = [naming.start for naming in evaluations.namings if naming.series != bound.series]
    return Edition(at, others, bound.year, bound.series in LATE_SERIES)


def _passed_over(article: Article, skipped: Sequence[Skipped]) -> tuple[PassedOver, ...]:
    found = []
    for skip in skipped:
        first, last = article.span(skip.start, skip.end)
        found.append(PassedOver((first, last), article.text[first:last], skip.reason))
    return tuple(found)
