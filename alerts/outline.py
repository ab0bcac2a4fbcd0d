"""What stands in a message line by line: the one structure behind plain text, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from alerts.wording import Language

__all__ = ["Block", "Line", "Outline", "Section", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """An article that says so."""

    words: str
    """Outlet and day: 湖北省人民政府门户网站 2020-12-16."""
    url: str | None
    """Its address as the web gave it. None: unknown."""
    official: bool
    """Whether the government or the organiser published it itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """One or several facts that are told in one line. All texts are as the web has them."""

    who: str
    """Names of entities."""
    outcome: str
    """What they achieved; of a notice: what is the matter."""
    facts: frozenset[str]
    """Keys of the facts it tells."""
    past: str = ""
    """Last year's place; empty: unknown."""
    note: str = ""
    """What kind of change it is; empty: it is simply new."""
    others: tuple[tuple[str, Source], ...] = ()
    """What other articles say of the same fact, and which."""
    quote: str | None = None
    """The exact words. None: they stand above already, or there are none."""
    source: Source | None = None
    """Who says so."""
    is_own: bool = False
    """True for a place or entity that the subscription names."""
    is_doubtful: bool = False
    """True for what is disputed or corrected."""
    is_withdrawn: bool = False
    """True for what nobody says any more."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """All articles that it rests on, its own first."""
        return tuple(dict.fromkeys([*([self.source] if self.source else []), *(source for _, source in self.others)]))


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one group."""

    name: str
    """What the group is called; empty: it needs no name."""
    lines: tuple[Line, ...]
    """From the best down, one's own first."""
    facts: int
    """How many facts there are of it."""
    url: str | None = None
    """Where all of them can be looked at. None: nowhere known."""

    @property
    def folded(self) -> int:
        """How many of its facts no line tells."""
        return self.facts - len(frozenset[str]().union(*(line.facts for line in self.lines)))


@dataclass(frozen=True, slots=True)
class Section:
    """One evaluation."""

    title: str
    """Its name; empty: it needs none."""
    url: str | None
    """Its page in `evalwatch inspect`. None: unknown."""
    blocks: tuple[Block, ...]
    """Its groups."""
    tables: tuple[Mapping[str, Any], ...] = ()
    """One's own beside the competitors, as in data.evaluations[].comparisons."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Who says what its lines tell: the official first, else in the order of the lines."""
        found = dict.fromkeys(source for block in self.blocks for line in block.lines for source in line.sources)
        return tuple(sorted(found, key=lambda source: not source.official))


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole message."""

    language: Language
    """In which it speaks."""
    title: str
    """First line: what matters most."""
    summary: str
    """Second line: which night, how many."""
    sections: tuple[Section, ...]
    """What it tells."""
    facts: int
    """How many facts there are in all."""
    page: str | None = None
    """Where all of them can be looked at. None: nowhere known."""
    about: Literal["results", "health"] = "results"
    """results: of evaluations; health: of sources and of what is overdue."""

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return sum(len(block.lines) for section in self.sections for block in section.blocks)

    @property
    def left(self) -> int:
        """How many facts belong to groups of which nothing is told."""
        return self.facts - sum(block.facts for section in self.sections for block in section.blocks)

    def brief(self, most: int = 0) -> Outline:
        """The message with the exact words of one's own places, and of the first so many other lines only."""
        sections = []
        for section in self.sections:
            blocks = []
            for block in section.blocks:
                lines = []
                for line in block.lines:
                    most -= not line.is_own
                    lines.append(line if line.is_own or most >= 0 else replace(line, quote=None))
                blocks.append(replace(block, lines=tuple(lines)))
            sections.append(replace(section, blocks=tuple(blocks)))
        return replace(self, sections=tuple(sections))

    def first(self, most: int, *, with_tables: bool = True) -> Outline:
        """The message with at most so many of its lines, the first."""
        sections = []
        for section in self.sections:
            blocks = []
            for block in section.blocks:
                lines = block.lines[: max(most, 0)]
                most -= len(lines)
                if lines:
                    blocks.append(replace(block, lines=lines))
            if blocks:
                sections.append(replace(section, blocks=tuple(blocks), tables=section.tables if with_tables else ()))
        return replace(self, sections=tuple(sections))
