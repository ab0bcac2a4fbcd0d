"""What is wrong with the rules: schema, patterns, and every example that a rule carries.

Only `evalwatch rules check` and the tests come here; a start of the engine does without pydantic.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from crawler.errors import RulesError
from crawler.extract.rulebook import TABLES, PatternRule, Rulebook, RuleTable, SeriesRule, read_records

__all__ = ["check_rules"]

_T = TypeVar("_T", PatternRule, SeriesRule)


def check_rules() -> list[str]:
    """What is wrong with the rules, one line per mistake: empty where schema, patterns and all examples hold."""
    try:
        tables = {name: RuleTable(name, checked_rules(name)) for name in TABLES}
        book = Rulebook(checked_series(), tables)
    except RulesError as error:
        return [str(error)]
    mistakes = [mistake for table in tables.values() for mistake in mistakes_of(table)]
    return mistakes + [mistake for rule in book.series for mistake in _mistakes_of_series(rule, book)]


def checked_rules(name: str) -> tuple[PatternRule, ...]:
    """The rules of one file. Raises RulesError with file, record and key of the first mistake."""
    rules = _validated(name, "rule", TypeAdapter(tuple[PatternRule, ...]))
    for number, rule in enumerate(rules, 1):
        _check_pattern(f"{name}.toml", f"rule {number} ({rule.id})", rule.pattern)
    return rules


def checked_series() -> tuple[SeriesRule, ...]:
    """The series. Raises RulesError as `checked_rules` does."""
    rules = _validated("series", "series", TypeAdapter(tuple[SeriesRule, ...]))
    for rule in rules:
        for pattern in (*rule.patterns, *rule.loose_patterns, *rule.after_place, *rule.conferences):
            _check_pattern("series.toml", f"series {rule.key}", pattern)
        if not (rule.patterns and rule.cues):
            raise RulesError(f"series {rule.key}: patterns and cues must not be empty", where="series.toml")
        if bool(rule.loose_patterns) != bool(rule.loose_cues):
            raise RulesError(f"series {rule.key}: loose_patterns need loose_cues", where="series.toml")
    return rules


def _validated(name: str, table: str, adapter: TypeAdapter[tuple[_T, ...]]) -> tuple[_T, ...]:
    where = f"{name}.toml"
    try:
        # strict JSON takes arrays as tuples and nothing else as something else
        rules = adapter.validate_json(json.dumps(read_records(name, table), ensure_ascii=False))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
        raise RulesError(f"[[{table}]] {place}: {first['msg']}", where=where) from error
    for number, rule in enumerate(rules, 1):
        if not (rule.positive and rule.negative):
            raise RulesError(f"[[{table}]] {number}: needs a positive and a negative example", where=where)
    return rules


def _check_pattern(where: str, table: str, pattern: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise RulesError(f"{table}: the pattern {pattern!r} is no regular expression ({error})", where=where) from error
    if groups:
        raise RulesError(f"{table}: the pattern {pattern!r} has a capturing group", where=where, hint="Write (?:…)")


def mistakes_of(table: RuleTable) -> Iterator[str]:
    """Examples of a table that do not hold, one line for each."""
    for rule in table.rules:
        for text in rule.positive:
            if not any((found.id, found.value) == (rule.id, rule.value) for found, _, _ in table.find(text)):
                yield f"{table.name}.toml: {rule.id} {rule.value} does not win in {text!r}"
        for text in rule.negative:
            if any(found is rule for found, _, _ in table.find(text)):
                yield f"{table.name}.toml: {rule.id} {rule.value} takes {text!r}"


def _mistakes_of_series(rule: SeriesRule, book: Rulebook) -> Iterator[str]:
    for text in rule.positive:
        if not book.names_of(rule, text).search(text):
            yield f"series.toml: {rule.key} misses {text!r}"
        if not any(cue in text for cue in rule.cues):
            yield f"series.toml: {rule.key}: no cue stands in {text!r}"
    for text in rule.negative:
        if book.names_of(rule, text).search(text):
            yield f"series.toml: {rule.key} takes {text!r}"
