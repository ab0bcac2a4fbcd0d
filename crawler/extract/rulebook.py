"""The rules as data: rules/*.toml, read once, checked, compiled.

A table of pattern rules is one file of `[[rule]]` records; the patterns of a file become one expression, tried in the
order of the file. The series have records of their own.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from crawler.errors import RulesError
from crawler.items import Subject

__all__ = ["TABLES", "PatternRule", "RuleTable", "Rulebook", "SeriesRule", "check_rules", "load_rulebook"]

TABLES = ("groups", "subjects", "ranks", "grades", "awards", "changes", "negations", "topics", "boilerplate", "fillers")
"""The files of pattern rules, without `.toml`."""

_strict = ConfigDict(extra="forbid", strict=True)
_T = TypeVar("_T")
_Examples = Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, config=_strict)
class PatternRule:
    """One pattern and what it means."""

    id: str
    """Rule ids of grammar.md, joined by spaces."""
    pattern: str
    """A regular expression without capturing groups, over text with half-width punctuation."""
    positive: _Examples
    """Texts in which it must be found."""
    negative: _Examples
    """Texts in which it must not."""
    value: str = ""
    """What it means: the group, the subject, the number … as the table's user reads it."""
    note: str = ""
    """Why it is as it is."""


@dataclass(frozen=True, slots=True, config=_strict)
class SeriesRule:
    """An evaluation that recurs."""

    key: str
    """Its key in the output."""
    subject: Subject
    """What it judges."""
    name: str
    """Its name today."""
    patterns: _Examples
    """Regular expressions for its names, without year and ordinal."""
    cues: _Examples
    """Plain words of which every name holds at least one: looked for first, because that is cheap."""
    positive: _Examples
    """Texts that name it."""
    negative: _Examples
    """Texts that do not."""
    contract: str = "other"
    """The key of the output contract that it is an instance of."""
    organisers: tuple[str, ...] = ()
    """Names and variants of those who make it; near a claim they decide between series of one name."""
    edition_offset: int | None = None
    """Evaluation year minus N of 第N届; None where it has no ordinal."""
    years: tuple[int, int] = (2002, 2040)
    """First and last evaluation year."""
    title_year_shift: int = 0
    """What to add to a year in the report's title to get the evaluation year."""
    list_order: Literal["ranked", "unordered", "implied"] = "ranked"
    """Whether a list of members under 前N名 stands in the order of ranks."""
    scope: Literal["national", "internal", "world"] = "national"
    """Who takes part."""
    after_place: tuple[str, ...] = ()
    """Names that are of the series only directly behind a place: 新疆政府网站发展评估."""
    note: str = ""
    """What to know."""


class RuleTable:
    """The pattern rules of one file."""

    def __init__(self, name: str, rules: tuple[PatternRule, ...]) -> None:
        self.name = name
        self.rules = rules

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """All patterns as one, the rule's place as the name of its group."""
        return re.compile("|".join(f"(?P<r{i}>{rule.pattern})" for i, rule in enumerate(self.rules)))

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[PatternRule, int, int]]:
        """Every place where a rule applies: leftmost first, of those that begin together the first of the file."""
        for match in self.expression.finditer(text, start, len(text) if end is None else end):
            yield self.rules[int((match.lastgroup or "r0")[1:])], match.start(), match.end()

    def first(self, text: str, start: int = 0, end: int | None = None) -> PatternRule | None:
        """The rule that applies leftmost, or None."""
        return next((rule for rule, _, _ in self.find(text, start, end)), None)


class Rulebook:
    """All rules."""

    def __init__(self, series: tuple[SeriesRule, ...], tables: dict[str, RuleTable]) -> None:
        self.series = series
        self.tables = tables

    def __getitem__(self, table: str) -> RuleTable:
        return self.tables[table]

    @cached_property
    def series_by_key(self) -> dict[str, SeriesRule]:
        """The series by their keys."""
        return {rule.key: rule for rule in self.series}

    @cached_property
    def series_patterns(self) -> dict[str, re.Pattern[str]]:
        """The names of each series as one expression."""
        return {rule.key: re.compile("|".join(rule.patterns)) for rule in self.series}


@cache
def load_rulebook() -> Rulebook:
    """The rules that came with the package. Raises RulesError with file, table and what is wrong."""
    tables = {name: RuleTable(name, _load_rules(name)) for name in TABLES}
    return Rulebook(_load_series(), tables)


def _load_rules(name: str) -> tuple[PatternRule, ...]:
    rules: tuple[PatternRule, ...] = _validated(name, "rule", TypeAdapter(tuple[PatternRule, ...]))
    for number, rule in enumerate(rules, 1):
        _check_pattern(f"{name}.toml", f"rule {number} ({rule.id})", rule.pattern)
    return rules


def _load_series() -> tuple[SeriesRule, ...]:
    rules: tuple[SeriesRule, ...] = _validated("series", "series", TypeAdapter(tuple[SeriesRule, ...]))
    for rule in rules:
        for pattern in rule.patterns:
            _check_pattern("series.toml", f"series {rule.key}", pattern)
    return rules


def _validated(name: str, table: str, adapter: TypeAdapter[_T]) -> _T:
    where = f"{name}.toml"
    try:
        data = tomllib.loads((files("crawler.extract") / "rules" / where).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesError(f"cannot be read ({error})", where=where) from error
    if set(data) != {table}:
        raise RulesError(f"must hold [[{table}]] records and nothing else", where=where)
    try:
        # strict JSON takes arrays as tuples and nothing else as something else
        return adapter.validate_json(json.dumps(data[table], ensure_ascii=False))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
        raise RulesError(f"[[{table}]] {place}: {first['msg']}", where=where) from error


def _check_pattern(where: str, table: str, pattern: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise RulesError(f"{table}: the pattern {pattern!r} is no regular expression ({error})", where=where) from error
    if groups:
        raise RulesError(f"{table}: the pattern {pattern!r} has a capturing group", where=where, hint="Write (?:…)")


def check_rules() -> list[str]:
    """What is wrong with the rules, one line per mistake: empty where schema, patterns and all examples hold."""
    try:
        book = load_rulebook()
    except RulesError as error:
        return [str(error)]
    mistakes = [mistake for table in book.tables.values() for mistake in _mistakes_of(table)]
    for rule in book.series:
        expression = book.series_patterns[rule.key]
        mistakes += [
            f"series.toml: {rule.key} misses {text!r}" for text in rule.positive if not expression.search(text)
        ]
        mistakes += [f"series.toml: {rule.key} takes {text!r}" for text in rule.negative if expression.search(text)]
        mistakes += [
            f"series.toml: {rule.key}: no cue stands in {text!r}"
            for text in rule.positive
            if not any(cue in text for cue in rule.cues)
        ]
    return mistakes


def _mistakes_of(table: RuleTable) -> Iterator[str]:
    for rule in table.rules:
        for text in rule.positive:
            if not any((found.id, found.value) == (rule.id, rule.value) for found, _, _ in table.find(text)):
                yield f"{table.name}.toml: {rule.id} {rule.value} does not win in {text!r}"
        for text in rule.negative:
            if any(found is rule for found, _, _ in table.find(text)):
                yield f"{table.name}.toml: {rule.id} {rule.value} takes {text!r}"
