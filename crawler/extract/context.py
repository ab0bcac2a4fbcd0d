"""What a sentence inherits from those before it (grammar.md §L)."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extract.claims import Claim, GroupWords
from crawler.extract.lists import NameList
from crawler.extract.naming import Naming
from crawler.extract.numbering import Tie
from crawler.extract.ordinals import Ordinal
from crawler.extract.view import View

__all__ = ["Context", "Pending"]


@dataclass(frozen=True, slots=True)
class Pending:
    """What a heading or the end of a sentence announces for the list that follows."""

    start: int
    """Where its words begin."""
    end: int
    """Just behind them."""
    ordinal: Ordinal | None = None
    """A bound such as 前10名."""
    award: str | None = None
    """The title of an award."""
    grade: str | None = None
    """A grade."""
    counted: bool = False
    """True where a count stood before the list: the next sentence may go on with another group's."""


@dataclass(slots=True)
class Context:
    """Changes from sentence to sentence; limits are those of L1, L2, L4 and B11."""

    paragraph: int = -2
    """Number of the paragraph that is being read."""
    subject: NameList | None = None
    """The last subject of this paragraph, if it was one name (L1)."""
    groups: GroupWords | None = None
    """The last group said in this paragraph (L2)."""
    heading: GroupWords | None = None
    """The group of the heading above (B11)."""
    pending: Pending | None = None
    """What waits for a list."""
    lines: list[NameList] = field(default_factory=list)
    """Lists of one name each that stand in lines of their own below a heading 前N名 (Q6)."""
    naming: Naming | None = None
    """The last evaluation named."""
    topic: str | None = None
    """The sub-index that the headings above speak of (A12)."""
    depth: int = 0
    """How deep the heading stands that named it."""
    medium: bool = False
    """Whether the heading above speaks of apps or accounts instead of websites."""
    honour: Claim | None = None
    """The one award that the last sentence with awards told, in this paragraph (F3)."""
    ties: list[Tie] = field(default_factory=list)
    """What this paragraph says of ties anywhere (T2)."""

    def enter(self, view: View, ties: list[Tie]) -> None:
        """Step to a sentence; a new paragraph forgets subject and group, not the heading (R4)."""
        if view.sentence.paragraph != self.paragraph:
            self.paragraph = view.sentence.paragraph
            self.subject = None
            self.groups = None
            self.honour = None
            self.ties = ties

    def head(self, depth: int, topic: str | None) -> None:
        """Step below a heading: one of the same depth or above ends what the last one spoke of."""
        if topic is not None or depth <= self.depth:
            self.topic, self.depth = topic, depth
