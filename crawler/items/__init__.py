"""All that passes between stages: Page → Article → Extraction, and the entries of a list.

Records are frozen. All datetimes are aware. A span is a pair of character offsets [start, end) into `Article.text`
unless a field says otherwise.
"""

from crawler.items.article import Article, Attachment, Cell, Image, Paragraph, Span, Table
from crawler.items.background import Background, Past, Said, Standing
from crawler.items.lineage import Lineage
from crawler.items.pages import Entry, Look, Page, SeenPage
from crawler.items.results import (
    GROUPS,
    KINDS_OF_DOCUMENT,
    KINDS_OF_RESULT,
    SUBJECTS,
    DocumentKind,
    Evaluation,
    Extraction,
    Group,
    PassedOver,
    Result,
    ResultKind,
    Subject,
    fact_key,
    region_of,
    value_words,
)
from crawler.items.telling import CHANGE_KINDS, Alert, Change, ChangeKind, Notice, NoticeKind, Symptom

__all__ = [
    "CHANGE_KINDS",
    "GROUPS",
    "KINDS_OF_DOCUMENT",
    "KINDS_OF_RESULT",
    "SUBJECTS",
    "Alert",
    "Article",
    "Attachment",
    "Background",
    "Cell",
    "Change",
    "ChangeKind",
    "DocumentKind",
    "Entry",
    "Evaluation",
    "Extraction",
    "Group",
    "Image",
    "Lineage",
    "Look",
    "Notice",
    "NoticeKind",
    "Page",
    "Paragraph",
    "PassedOver",
    "Past",
    "Result",
    "ResultKind",
    "Said",
    "SeenPage",
    "Span",
    "Standing",
    "Subject",
    "Symptom",
    "Table",
    "fact_key",
    "region_of",
    "value_words",
]
