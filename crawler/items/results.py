"""What an article says of evaluations: editions, outcomes, and the identity of a fact."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from crawler.items.article import Span

__all__ = [
    "GROUPS",
    "KINDS_OF_DOCUMENT",
    "KINDS_OF_RESULT",
    "SUBJECTS",
    "DocumentKind",
    "Evaluation",
    "Extraction",
    "Group",
    "PassedOver",
    "Result",
    "ResultKind",
    "Subject",
    "fact_key",
    "region_of",
    "value_words",
]

Group = Literal["ministry", "province", "subprovincial", "capital", "prefecture", "county", "city", "all", "other"]
Subject = Literal[
    "website", "service", "new_media", "open_data", "transparency", "foreign_language", "innovation_case", "smart_city",
    "other",
]  # fmt: skip
ResultKind = Literal["rank", "score", "grade", "award", "improved", "change"]
DocumentKind = Literal["results", "related", "unrelated"]

GROUPS: tuple[Group, ...] = (
    "ministry", "province", "subprovincial", "capital", "prefecture", "county", "city", "all", "other",
)  # fmt: skip
SUBJECTS: tuple[Subject, ...] = (
    "website", "service", "new_media", "open_data", "transparency", "foreign_language", "innovation_case", "smart_city",
    "other",
)  # fmt: skip
KINDS_OF_RESULT: tuple[ResultKind, ...] = ("rank", "score", "grade", "award", "improved", "change")
KINDS_OF_DOCUMENT: tuple[DocumentKind, ...] = ("results", "related", "unrelated")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One edition of a series, as one article tells of it."""

    key: str
    """e1, e2 … in order of appearance within the article."""
    name: str
    """Its name as the text has it."""
    series: str
    """Key from extract/rules/series.toml, or other."""
    year: int | None
    """Evaluation year (评估年度), not the year of publication. None: neither stated nor derivable from the edition."""
    edition: int | None = None
    """N of 第N届. None: not stated."""
    organizers: tuple[str, ...] = ()
    """As printed."""
    released: date | None = None
    """Day on which the results were released, only from a date bound to 发布, 召开 or 举行. None: not stated."""
    sample: Mapping[str, int] = field(default_factory=dict)
    """How many were judged, by group (ministry, province …) and `total`."""
    indicators: Mapping[str, int] = field(default_factory=dict)
    """How many indicators: level1, level2, level3."""


@dataclass(frozen=True, slots=True)
class Result:
    """One outcome of one entity: exactly one kind. Several outcomes told in one clause are several results."""

    evaluation: str
    """Key of the Evaluation it belongs to."""
    entity: str
    """Full official names as of the evaluation year from province down, joined by /; a ministry by its name of that
    year; else the name as printed."""
    subject: Subject
    """What is judged."""
    group: Group
    """Among whom."""
    kind: ResultKind
    """Which of the outcome fields below is set. `rank` covers the exact place and the upper bound."""
    evidence: str
    """The exact words: a substring of Article.text."""
    span: Span
    """Where the evidence stands in Article.text."""
    code: str | None = None
    """GB/T 2260 code as of the evaluation year, 6 digits. None: a ministry, an organisation or an unresolved place."""
    rank: int | None = None
    """Exact place, 1 is best."""
    tied: bool = False
    """True where the place is shared (并列, a slash, one slot of two)."""
    top: int | None = None
    """Upper bound only: 百强 → 100, 前十 → 10. None where the rank is known."""
    score: float | None = None
    """Points as printed; the scale is the evaluation's own."""
    grade: str | None = None
    """优秀, A类, 第一梯队 … as printed."""
    award: str | None = None
    """Title of the award as printed."""
    work: str | None = None
    """The winning case or product. None: the award goes to the entity as such."""
    improved: bool = False
    """Named for 进步."""
    change: int | None = None
    """Places gained since the last edition; negative: lost."""
    indicator: str | None = None
    """Set when the outcome is about a sub-index (信息公开指数), not the overall result."""
    implied: bool = False
    """True when it follows but is not asserted (A 仅次于 B → B one place ahead)."""
    confidence: float = 1.0
    """0 to 1; below 0.5 it goes to the review list instead of an alert."""
    rule: str = ""
    """Rule ids of grammar.md it rests on, joined by spaces, and checks passed or failed behind a colon."""


def value_words(result: Result) -> str:
    """What a result says, in Chinese, as short as people say it.

    >>> value_words(Result("e1", "湖北省", "website", "province", "rank", "第五", (0, 2), rank=5, tied=True))
    '第5名（并列）'
    """
    if result.rank is not None:
        return f"第{result.rank}名" + ("（并列）" if result.tied else "")
    if result.top is not None:
        return f"前{result.top}"
    if result.score is not None:
        return f"{result.score:g}分"
    if result.award is not None:
        return result.award + (f"：{result.work}" if result.work else "")
    if result.grade is not None:
        return result.grade
    if result.change is not None:
        direction = "上升" if result.change > 0 else "下降"
        return f"{direction}{abs(result.change)}名" if result.change else "名次不变"
    return "进步突出"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What looked like an outcome and was not made one."""

    span: Span
    """Where it stands in Article.text."""
    words: str
    """Its words."""
    reason: str
    """Rule id and a short reason."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one article says of evaluations."""

    kind: DocumentKind
    """results: at least one outcome; related: on the topic without outcome; unrelated."""
    evaluations: tuple[Evaluation, ...] = ()
    """In order of appearance."""
    results: tuple[Result, ...] = ()
    """In order of appearance, one per fact."""
    passed_over: tuple[PassedOver, ...] = ()
    """For `evalwatch extract --explain`."""
    place: str | None = None
    """Place whose government's site the article stands on (湖北省/武汉市). None: no government's, or unknown whose."""

    def evaluation(self, key: str) -> Evaluation:
        """The evaluation of that key; KeyError if there is none."""
        for evaluation in self.evaluations:
            if evaluation.key == key:
                return evaluation
        raise KeyError(key)

    def facts(self) -> Iterator[tuple[str, Evaluation, Result]]:
        """Every result with its evaluation and fact key."""
        for result in self.results:
            evaluation = self.evaluation(result.evaluation)
            yield fact_key(evaluation, result), evaluation, result


_REGION = re.compile(
    "(中部|西部|东部|东北|西北|西南|华北|华东|华中|华南|北方|南方|长江经济带|长三角|珠三角|京津冀|大湾区|成渝|长株潭|环渤海"
    "|[\u4e00-\u9fff]{2}(?:城市群|城市圈|都市圈|经济圈|经济带|流域))"
)


def region_of(result: Result) -> str:
    """The region within which an entity is ranked, where that is no group of its own; empty for its own province, and where no
    region is named. A place in 中部 and one in 长三角 are two facts, not two values of one.

    >>> region_of(Result("e1", "湖北省", "website", "other", "rank", "位列全国第12、中部六省第一", (0, 13), rank=1))
    '中部'
    """
    if result.group != "other" or result.kind != "rank":
        return ""
    named = _REGION.findall(result.evidence)
    return str(named[-1]) if named else ""


_QUOTES = str.maketrans("", "", " \t\n\r\u3000“”\"'‘’「」『』《》〈〉【】")


def fact_key(evaluation: Evaluation, result: Result) -> str:
    """The identity of a result: (series, year, group, subject, entity, kind, award or indicator), as 32 hex digits; within a region
    (中部六省) also that.

    Values are no part of it: a 4th and a 5th place of one entity are two values of one fact. Nor are the quotes and
    spaces in which a text dresses an award.

    >>> e = Evaluation(key="e1", name="评估", series="cstc-website", year=2020)
    >>> r = Result(evaluation="e1", entity="湖北省", subject="website", group="province", kind="rank", rank=5,
    ...            evidence="第五", span=(0, 2))
    >>> fact_key(e, r)
    '082d5c708d8208845751450a673d5faf'
    """
    detail = result.indicator or ""
    if region := region_of(result):
        detail = f"{detail}@{region}"
    if result.kind == "award":
        detail = f"{result.award or ''}/{result.work or ''}"
    series = evaluation.series if evaluation.series != "other" else f"other:{evaluation.name}"
    parts = (
        series, str(evaluation.year or ""), result.group, result.subject, result.entity, result.kind, detail,
    )  # fmt: skip
    text = "\x1f".join(part.translate(_QUOTES) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
