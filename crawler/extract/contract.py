"""One JSON object per document, with the keys of the output contract."""

from __future__ import annotations

from datetime import date, datetime

from crawler.items import Article, Evaluation, Extraction, Result

__all__ = ["document_as_json"]

_EMPTY: dict[str, object] = {
    "rank": None, "tied": False, "top": None, "score": None, "grade": None, "award": None, "work": None, "improved": False,
    "change": None,
}  # fmt: skip


def document_as_json(ident: str, article: Article, extraction: Extraction) -> dict[str, object]:
    """The document under its id. Results of one fact are one record, each award is one of its own (R1)."""
    return {
        "id": ident,
        "url": article.url,
        "title": article.title,
        "published": _iso(article.published),
        "media": article.outlet,
        "origin": article.origin,
        "kind": extraction.kind,
        "evaluations": [_evaluation(evaluation) for evaluation in extraction.evaluations],
        "results": _records(extraction.results),
    }


def _iso(value: date | None) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat() if value else None


def _evaluation(evaluation: Evaluation) -> dict[str, object]:
    return {
        "key": evaluation.key, "name": evaluation.name, "series": evaluation.series, "year": evaluation.year,
        "edition": evaluation.edition, "organizers": list(evaluation.organizers), "released": _iso(evaluation.released),
        "sample": dict(evaluation.sample), "indicators": dict(evaluation.indicators),
    }  # fmt: skip


def _records(results: tuple[Result, ...]) -> list[dict[str, object]]:
    records: dict[tuple[object, ...], list[Result]] = {}
    for result in results:
        key = (
            result.evaluation, result.entity, result.subject, result.group, result.indicator, result.implied,
            (result.award, result.work) if result.kind == "award" else None,
        )  # fmt: skip
        records.setdefault(key, []).append(result)
    return [_record(merged) for merged in records.values()]


def _record(results: list[Result]) -> dict[str, object]:
    exact = min(results, key=_exactness)
    outcomes = dict(_EMPTY)
    for result in results:
        for name, empty in _EMPTY.items():
            value = getattr(result, name)
            if value not in (None, False) and outcomes[name] == empty:
                outcomes[name] = value
    if outcomes["rank"] is not None:
        outcomes["top"] = None
    return {
        "evaluation": exact.evaluation, "entity": exact.entity, "code": exact.code, "subject": exact.subject,
        "group": exact.group, **outcomes, "indicator": exact.indicator, "implied": exact.implied,
        "evidence": exact.evidence, "span": list(exact.span),
        "confidence": min(result.confidence for result in results), "rule": exact.rule,
    }  # fmt: skip


def _exactness(result: Result) -> int:
    order = {"rank": 0, "score": 1, "grade": 2, "award": 2, "change": 3, "improved": 5}
    return order[result.kind] if result.kind != "rank" or result.rank is not None else 4
