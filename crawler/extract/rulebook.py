"""The rules as data: rules/*.toml, read once, compiled when first used.

A table of pattern rules is one file of `[[rule]]` records; the patterns of a file become one expression, tried in the
order of the file. The series have records of their own. Loading looks at keys only, so that a start takes 0.1 s
less than with pydantic; `evalwatch rules check` and the tests check everything (rulecheck.py).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, ClassVar, Literal

from crawler.errors import RulesError
from crawler.extract.firsts import guarded
from crawler.items import Group, Subject

__all__ = [
    "TABLES",
    "Hit",
    "PatternRule",
    "RuleTable",
    "Rulebook",
    "SeriesRule",
    "load_rulebook",
    "read_records",
    "usual_releases",
]

TABLES = (
    "groups",
    "subjects",
    "ranks",
    "grades",
    "awards",
    "changes",
    "negations",
    "topics",
    "boilerplate",
    "fillers",
    "dimensions",
)
"""The files of pattern rules, without `.toml`."""

_STRICT = {"extra": "forbid", "strict": True}
"""How rulecheck.py has pydantic read a record."""


@dataclass(frozen=True, slots=True)
class PatternRule:
    """One pattern and what it means."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    id: str
    """Rule ids of grammar.md, joined by spaces."""
    pattern: str
    """A regular expression without capturing groups, over text with half-width punctuation."""
    positive: tuple[str, ...]
    """Texts in which it must be found."""
    negative: tuple[str, ...]
    """Texts in which it must not."""
    value: str = ""
    """What it means: the group, the subject, the number … as the table's user reads it."""
    cue: str = ""
    """A plain word that every match holds, for a pattern that can begin with anything: looked for first."""
    note: str = ""
    """Why it is as it is."""


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """An evaluation that recurs."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    key: str
    """Its key in the output."""
    subject: Subject
    """What it judges."""
    name: str
    """Its name today."""
    patterns: tuple[str, ...]
    """Regular expressions for its names, without year and ordinal."""
    cues: tuple[str, ...]
    """Plain words of which every name holds at least one: looked for first, because that is cheap."""
    positive: tuple[str, ...]
    """Texts that name it."""
    negative: tuple[str, ...]
    """Texts that do not."""
    loose_patterns: tuple[str, ...] = ()
    """Names that can begin with any word, which is dear: tried, behind the others, where one of loose_cues stands."""
    loose_cues: tuple[str, ...] = ()
    """Plain words of which each of these names holds one."""
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
    out_by_week: int | None = None
    """ISO week (1 to 52) by whose end its results are usually out. None: it has no usual time, or is over."""
    out_years_later: int = 0
    """In which year after the evaluation year that is."""
    scope: Literal["national", "internal", "world"] = "national"
    """Who takes part."""
    group: Group | None = None
    """The group of its members where a text says none; None: that of the member's own level."""
    after_place: tuple[str, ...] = ()
    """Names that are of the series only directly behind a place: 新疆政府网站发展评估."""
    conferences: tuple[str, ...] = ()
    """Names of the meeting that publishes it: they stand for it where the article names no evaluation."""
    note: str = ""
    """What to know."""


Hit = tuple[PatternRule, int, int]
"""A rule, where what it found begins, and where that ends."""


class RuleTable:
    """The pattern rules of one file."""

    def __init__(self, name: str, rules: tuple[PatternRule, ...]) -> None:
        self.name = name
        self.rules = rules
        self.cues = {rule.cue for rule in rules if rule.cue}

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """All patterns as one, a group for each rule."""
        return _joined(self.rules)

    @cached_property
    def _without_cued(self) -> tuple[tuple[PatternRule, ...], re.Pattern[str]]:
        rules = tuple(rule for rule in self.rules if not rule.cue)
        return rules, _joined(rules)

    def _that_may_apply(self, text: str, start: int, end: int) -> tuple[tuple[PatternRule, ...], re.Pattern[str]]:
        for cue in self.cues:
            if text.find(cue, start, end) >= 0:
                return self.rules, self.expression
        return self._without_cued if self.cues else (self.rules, self.expression)

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """Every place where a rule applies: leftmost first, of those that begin together the first of the file."""
        end = len(text) if end is None else end
        rules, expression = self._that_may_apply(text, start, end)
        return [(rules[(match.lastindex or 1) - 1], *match.span()) for match in expression.finditer(text, start, end)]

    def first(self, text: str) -> PatternRule | None:
        """The rule that applies leftmost, or None."""
        rules, expression = self._that_may_apply(text, 0, len(text))
        match = expression.search(text)
        return rules[(match.lastindex or 1) - 1] if match is not None else None


def _joined(rules: Sequence[PatternRule]) -> re.Pattern[str]:
    return re.compile(guarded("|".join(f"({guarded(rule.pattern)})" for rule in rules)))


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
    def after_place(self) -> dict[str, re.Pattern[str]]:
        """What names a series directly behind a place, of those that have such names."""
        return {rule.key: re.compile(guarded("|".join(rule.after_place))) for rule in self.series if rule.after_place}

    def names_of(self, rule: SeriesRule, stretch: str) -> re.Pattern[str]:
        """The expression for the names of a series that may stand in the stretch."""
        loose = any(cue in stretch for cue in rule.loose_cues)
        return _names(rule.patterns, rule.loose_patterns if loose else ())


@cache
def _names(patterns: tuple[str, ...], loose: tuple[str, ...]) -> re.Pattern[str]:
    """Compiled when first asked for: most series are named in no article of a run. As many as there are series."""
    return re.compile("|".join((guarded("|".join(patterns)), *loose)))


@cache
def load_rulebook() -> Rulebook:
    """The rules that came with the package. Raises RulesError with file and record where one cannot be used at all."""
    tables = {name: RuleTable(name, tuple(_rules(name))) for name in TABLES}
    return Rulebook(tuple(_series()), tables)


def _rules(name: str) -> Iterator[PatternRule]:
    for number, record in enumerate(read_records(name, "rule"), 1):
        try:
            yield PatternRule(**_with_tuples(record))
        except TypeError as error:
            raise _unusable(name, "rule", number, error) from error


def _series() -> Iterator[SeriesRule]:
    for number, record in enumerate(read_records("series", "series"), 1):
        try:
            yield SeriesRule(**_with_tuples(record))
        except TypeError as error:
            raise _unusable("series", "series", number, error) from error


def _unusable(name: str, table: str, number: int, error: TypeError) -> RulesError:
    hint = "Run: evalwatch rules check"
    return RulesError(f"[[{table}]] {number}: {error}", where=f"{name}.toml", hint=hint)


def _with_tuples(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}


def read_records(name: str, table: str) -> list[dict[str, Any]]:
    """The `[[table]]` records of a file as they stand. Raises RulesError if it is no TOML or holds anything else."""
    where = f"{name}.toml"
    try:
        data = tomllib.loads((files("crawler.extract") / "rules" / where).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesError(f"cannot be read ({error})", where=where) from error
    records = data.get(table)
    if set(data) != {table} or not isinstance(records, list):
        raise RulesError(f"must hold [[{table}]] records and nothing else", where=where)
    return records


def usual_releases() -> tuple[tuple[str, str, int, int, tuple[int, int]], ...]:
    """When the results of each series are usually out: key, name, week, years after the evaluation year, first and last
    evaluation year."""
    return tuple(
        (rule.key, rule.name, rule.out_by_week, rule.out_years_later, rule.years)
        for rule in load_rulebook().series
        if rule.out_by_week is not None
    )
