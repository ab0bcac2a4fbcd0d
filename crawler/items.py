"""All that passes between stages: Page → Article → Extraction, and the entries of a list.

Records are frozen. All datetimes are aware. A span is a pair of character offsets [start, end) into `Article.text`
unless a field says otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

__all__ = [
    "GROUPS",
    "KINDS_OF_DOCUMENT",
    "KINDS_OF_RESULT",
    "SUBJECTS",
    "Alert",
    "Article",
    "Attachment",
    "Cell",
    "Change",
    "ChangeKind",
    "DocumentKind",
    "Entry",
    "Evaluation",
    "Extraction",
    "Group",
    "Image",
    "Look",
    "Notice",
    "NoticeKind",
    "Page",
    "Paragraph",
    "PassedOver",
    "Result",
    "ResultKind",
    "SeenPage",
    "Subject",
    "Symptom",
    "Table",
    "fact_key",
    "value_words",
]

Group = Literal["ministry", "province", "subprovincial", "capital", "prefecture", "county", "city", "all", "other"]
Subject = Literal[
    "website", "service", "new_media", "open_data", "transparency", "foreign_language", "innovation_case", "smart_city",
    "other",
]  # fmt: skip
ResultKind = Literal["rank", "score", "grade", "award", "improved", "change"]
ChangeKind = Literal["new", "corroborated", "refined", "disputed"]
NoticeKind = Literal["broken", "blocked", "overdue"]
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

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Page:
    """What came over the wire for one address."""

    url: str
    """The address that answered, after redirects."""
    status: int
    """HTTP status code."""
    headers: Mapping[str, str]
    """Response headers by lower-case name; of repeated ones the last."""
    body: bytes
    """The entity body with its content coding undone."""
    fetched: datetime
    """When it was fetched (for a replayed page: WARC-Date). UTC."""


@dataclass(frozen=True, slots=True)
class SeenPage:
    """By what a page is known again, so that it need not be sent, or not be read, while it is the same."""

    url: str
    """Its address; of a list the one that was asked for, of an article's page the one that answered."""
    etag: str | None
    """Its header ETag (RFC 9110 §8.8.3). None: none came, or it is not believed."""
    last_modified: str | None
    """Its header Last-Modified (§8.8.2). None: as etag."""
    digest: str
    """Of a list's entries; of the bytes of an article's page."""


@dataclass(frozen=True, slots=True)
class Look:
    """A stored article that is to be looked at again."""

    article: str
    """Its id in the store."""
    url: str
    """Where it stands."""
    title: str
    """Its headline, empty where it has none."""
    published: date | None
    """As in Article.published."""
    pages: tuple[SeenPage, ...]
    """Its pages as they came when its text was stored. Empty: unknown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list, feed, sitemap or search answer."""

    url: str
    """Absolute address of the article."""
    title: str
    """The full title as far as the list gives it; empty for a sitemap without titles."""
    published: date | None = None
    """What the list says of its date: a datetime (+08:00) where it gives a time, else a date. None: nothing usable."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of body text."""

    start: int
    """Offset into Article.text where it begins."""
    end: int
    """Offset into Article.text just behind its last character."""
    kind: Literal["text", "heading", "item", "lead", "caption"] = "text"
    """heading: a title inside the body; item: of a list; lead: 核心提示 or summary that repeats the body; caption: of an
    image or table."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; spanned cells are repeated in every place they cover."""

    text: str
    """Its text, white space folded."""
    start: int
    """Offset into Article.text."""
    end: int
    """Offset into Article.text just behind it."""
    header: bool = False
    """True for th, or for a cell of a row recognised as header row."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the body, in reading order with the paragraphs. Its text stands in Article.text: cells joined by a tab,
    rows by a line feed."""

    start: int
    """Offset into Article.text of its first cell."""
    end: int
    """Offset into Article.text just behind its last cell."""
    rows: tuple[tuple[Cell, ...], ...]
    """Rows from top to bottom, header rows included."""
    caption: str | None = None
    """Its caption, or the line directly above it that names it. None: neither."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image in the body."""

    url: str
    """Absolute address if the page's own is known, else as printed."""
    start: int
    """Offset into Article.text where it stands between paragraphs."""
    caption: str | None = None
    """Its caption, alt or title text. None: none."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that an article links to or shows."""

    url: str
    """Absolute address if the page's own is known, else as printed."""
    title: str
    """What the page calls it, white space folded; the name of the file where it calls it nothing."""
    kind: str
    """Ending of its file name in lower case (pdf, docx, xlsx, doc, zip …); `file` where neither name nor address has one."""
    outcome: str | None = None
    """What came of reading it: `read`, or why it could not be, in short English. None: nobody tried."""


@dataclass(frozen=True, slots=True)
class Article:
    """What a reader sees of a document. `text` is as printed; `plain` is what rules are matched on."""

    text: str
    """The document's text, from which every evidence is cut. For an HTML page: the body's paragraphs and tables joined by
    line feeds; for a text file: the file as it is."""
    plain: str
    """`text` in simplified characters, half-width digits and letters, without bracketed readings, `@@` or soft hyphens."""
    offsets: Sequence[int]
    """offsets[i] is where plain[i] stands in text; one more element than plain: offsets[len(plain)] == len(text)."""
    paragraphs: tuple[Paragraph, ...]
    """The body in reading order. What is not covered is no body: menus, bylines, disclaimers, neighbours."""
    tables: tuple[Table, ...] = ()
    """Tables in reading order; they are not covered by paragraphs."""
    images: tuple[Image, ...] = ()
    """Images in reading order; a result list may be one (grammar.md N10)."""
    attachments: tuple[Attachment, ...] = ()
    """Documents it links to, in the order of the page. What a night could read of them stands behind the article's own text,
    among its paragraphs and tables; a single page is read without them."""
    url: str | None = None
    """Address of the first page. None for a file or standard input."""
    title: str | None = None
    """Headline, normalised: simplified characters, readings dropped, the site's name cut off. None: none found."""
    outlet: str | None = None
    """Who published this page (融合网). None: the page does not say."""
    origin: str | None = None
    """Whom it reprints (湖北省人民政府门户网站), if it says so. None: nothing said."""
    author: str | None = None
    """作者, 记者 or 通讯员 as printed. None: none."""
    editor: str | None = None
    """责任编辑 as printed. None: none."""
    published: date | None = None
    """When the page says it was published: a datetime (+08:00) where it states a time, else a date. None: not stated."""
    modified: date | None = None
    """When the page says it was changed; same form as published. None: not stated."""
    fetched: datetime | None = None
    """When its first page was fetched. UTC. None for a file."""
    region: str | None = None
    """Place of the outlet as the source's settings give it (湖北省 or 湖北省/武汉市), for 我省 and 我市. None: unknown."""
    charset: str | None = None
    """The encoding that decoded it (utf-8, gb18030). None for text that came as text."""
    next_url: str | None = None
    """Address of the next page of the same article. None: it is the last or only page."""
    notes: tuple[str, ...] = ()
    """What the reader of the page should know: what was dropped, doubted or looks damaged, in short English."""

    def with_outcome(self, url: str, outcome: str) -> Article:
        """The article with what came of reading the attachment at `url`."""
        attachments = tuple(
            replace(attachment, outcome=outcome) if attachment.url == url else attachment
            for attachment in self.attachments
        )
        return replace(self, attachments=attachments)

    def span(self, start: int, end: int) -> Span:
        """The span in `text` of plain[start:end]; readings inside it belong to it, those behind its end do not.

        >>> a = Article(text="國(guó)家", plain="国家", offsets=(0, 6, 7), paragraphs=())
        >>> a.span(0, 1), a.span(0, 2)
        ((0, 1), (0, 7))
        """
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1

    def words(self, start: int, end: int) -> str:
        """The exact words of `text` under plain[start:end].

        >>> Article(text="國(guó)家", plain="国家", offsets=(0, 6, 7), paragraphs=()).words(0, 2)
        '國(guó)家'
        """
        first, last = self.span(start, end)
        return self.text[first:last]


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


@dataclass(frozen=True, slots=True)
class Change:
    """What one article's statement did to what was known of one fact."""

    kind: ChangeKind
    """new: nobody said it before; corroborated: another article says the same; refined: the same more exactly (第四 after
    前十); disputed: another value, both are kept."""
    fact_key: str
    """Identity of the result."""
    evaluation: Evaluation
    """As this article tells of it."""
    result: Result
    """As this article states it, with its exact words."""
    outlet: str | None
    """Who published the article. None: the page does not say."""
    url: str | None
    """Where the article stands. None for a file."""
    title: str | None
    """Headline of the article."""
    published: date | None
    """As in Article.published."""
    previous: str | None = None
    """What was known before, as people say it (前十); None where nothing was or nothing differs."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """One sign that a source is not as it was."""

    what: Literal["no_page", "wall", "no_items", "field"]
    """no_page: its list did not come or could not be read; wall: robots.txt or a challenge stands before it; no_items: its list
    is empty; field: a field is missing that used to be there."""
    field: str | None = None
    """Which field: list_date (of the rows of the list), title, date, outlet, body (of articles). None: not about a field."""
    now: int | None = None
    """Of a hundred rows or articles so many have it now; of no_items: how many rows there are. None: not measured."""
    usual: int | None = None
    """The same in the nights before (median). None: unknown."""
    words: str | None = None
    """What went wrong, as the log has it. None: the figures say it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell of a source or of a series, not of a result."""

    kind: NoticeKind
    """broken: a source cannot be read as before; blocked: it keeps us out; overdue: results that are usually out by now were
    not seen."""
    subject: str
    """Id of the source, or key of the series."""
    name: str
    """What people call it."""
    symptoms: tuple[Symptom, ...] = ()
    """How a source shows it."""
    last_success: datetime | None = None
    """When the source was last read well. UTC. None: never, or no source."""
    year: int | None = None
    """The evaluation year that is overdue. None: not about a series."""
    week: int | None = None
    """The ISO week by which its results are usually out. None: not about a series."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One message owed to one subscription."""

    id: str
    """Stable for ever: the webhook-id of every attempt."""
    subscription: str
    """Id of the subscription."""
    night: date
    """The night it tells of, as a date of the schedule's timezone."""
    created: datetime
    """When the first of its changes was stored. UTC."""
    changes: tuple[Change, ...]
    """What it tells of results, in order of storing."""
    notices: tuple[Notice, ...] = ()
    """What it tells of sources and series. One alert holds changes or notices, never both."""


_QUOTES = str.maketrans("", "", " \t\n\r\u3000“”\"'‘’「」『』《》〈〉【】")


def fact_key(evaluation: Evaluation, result: Result) -> str:
    """The identity of a result: (series, year, group, subject, entity, kind, award or indicator), as 32 hex digits.

    Values are no part of it: a 4th and a 5th place of one entity are two values of one fact. Nor are the quotes and
    spaces in which a text dresses an award.

    >>> e = Evaluation(key="e1", name="评估", series="cstc-website", year=2020)
    >>> r = Result(evaluation="e1", entity="湖北省", subject="website", group="province", kind="rank", rank=5,
    ...            evidence="第五", span=(0, 2))
    >>> fact_key(e, r)
    '082d5c708d8208845751450a673d5faf'
    """
    detail = result.indicator or ""
    if result.kind == "award":
        detail = f"{result.award or ''}/{result.work or ''}"
    series = evaluation.series if evaluation.series != "other" else f"other:{evaluation.name}"
    parts = (
        series, str(evaluation.year or ""), result.group, result.subject, result.entity, result.kind, detail,
    )  # fmt: skip
    text = "\x1f".join(part.translate(_QUOTES) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
