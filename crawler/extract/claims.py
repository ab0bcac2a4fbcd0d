"""What a sentence claims, before anybody knows which place, evaluation and year is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crawler.extract.names import Name
from crawler.extract.naming import Naming
from crawler.items import ResultKind, Subject

__all__ = ["Claim", "Found", "GroupWords", "Skipped"]


@dataclass(frozen=True, slots=True)
class GroupWords:
    """What a text says of the group."""

    values: tuple[str, ...]
    """Groups as rules/groups.toml names them; several: one claim for each."""
    source: Literal["said", "carried", "heading", "name", "title", "none"]
    """Where they stand: before the claim, in the sentence before, above, in the evaluation's name, in the headline."""
    regional: bool = False
    """True for 全省第N, 西北第N: a ranking within a region (A10)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One outcome of one name as one sentence claims it."""

    name: Name
    """Whom it is about."""
    kind: ResultKind
    """Which value is set."""
    start: int
    """Where its words begin in the plain text."""
    end: int
    """Just behind them."""
    at: int
    """Where the outcome itself stands: what decides about the evaluation."""
    groups: GroupWords
    """Among whom."""
    rule: str
    """Rule ids."""
    paragraph: int
    """Number of its paragraph; -1 for the title."""
    parent: Name | None = None
    """The name before it in a list: 武汉市武昌区 before 江岸区 (L6)."""
    company: tuple[Name, ...] = ()
    """The names of its list: what they are helps to tell what it is."""
    rank: int | None = None
    tied: bool = False
    top: int | None = None
    score: float | None = None
    grade: str | None = None
    award: str | None = None
    work: str | None = None
    improved: bool = False
    change: int | None = None
    """The outcome fields as in Result."""
    indicator: str | None = None
    """The sub-index it is about."""
    subject: Subject | None = None
    """What is judged, where the words at the name or in the award say it."""
    year: int | None = None
    """The year that the sentence says (M1); None: that of the evaluation."""
    years_back: int = 0
    """1 for 去年, 上届."""
    naming: Naming | None = None
    """The evaluation, where the sentence itself decides."""
    implied: bool = False
    """True where it follows but is not asserted."""
    confidence: float = 1.0
    """How sure the reading is, before the checks of the whole article."""
    checks: str = ""
    """Checks that passed or failed."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An outcome that was not made a claim."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What one reading of a sentence gives."""

    claims: tuple[Claim, ...] = ()
    """Outcomes."""
    skipped: tuple[Skipped, ...] = ()
    """Outcomes passed over, with the reason."""
