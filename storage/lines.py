"""One entity over the years: pure decisions, no database.

A line is what is known of an entity in one series, one group, one subject and one indicator (or overall). Changes are computed
within a line only: a place among provinces says nothing of one among cities, nor a sub-index of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from crawler.items import GROUPS, SUBJECTS, Result, value_words

__all__ = ["Known", "Line", "Scope", "Stated", "What", "Year", "lines_of"]

What = Literal["place", "bound", "other", "not_named", "other_groups", "no_results"]
"""place: an exact one; bound: among the first N only; other: an award, a grade, a score and no place. The others are gaps.
not_named: results of this group are known, none is of the entity; other_groups: results of the series are known, none of this
group; no_results: no result of the series is known, perhaps there was no evaluation."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Within what places can be compared."""

    series: str
    """Key of the series, or other."""
    evaluation: str | None
    """Name of the evaluation where the series is other: those of one name are shown together, never compared. Else None."""
    group: str
    """Among whom."""
    subject: str
    """What is judged."""
    indicator: str | None
    """Sub-index. None: the overall result."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value of a disputed place, and who states it."""

    words: str
    """The value as people say it."""
    outlets: tuple[str, ...]
    """Who published it."""


@dataclass(frozen=True, slots=True)
class Year:
    """How an entity stood in one year, or why we cannot say."""

    year: int | None
    """Evaluation year. None: unknown."""
    what: What
    """What is known."""
    entity: str | None = None
    """Its name in that year. None: a gap, as are all that follow but `announced`."""
    rank: int | None = None
    """Exact place. None: not known."""
    tied: bool = False
    """Whether the place is shared."""
    top: int | None = None
    """Upper bound where the place is not known."""
    status: str | None = None
    """As in `results`."""
    outlets: int = 0
    """How many outlets tell of it, with this value or another."""
    sources: int = 0
    """How many independent ones."""
    stated: tuple[Stated, ...] = ()
    """All values that are stated, where they differ."""
    also: tuple[str, ...] = ()
    """Its other outcomes in the same year and scope: 91.5分, 优秀."""
    change: int | None = None
    """Places gained since the last exact place before; negative: lost. None: there is none, or this is none."""
    against: int | None = None
    """The year of that place, which need not be the year before."""
    unsure: bool = False
    """Whether one of the two places is disputed, so that the change may be another."""
    announced: int | None = None
    """Of not_named: the greatest place that is known of the group in that year. None: no place is."""
    fact_keys: tuple[str, ...] = ()
    """The results behind it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of an entity in one scope."""

    scope: Scope
    """Within what."""
    years: tuple[Year, ...]
    """One per year without a hole, ascending, up to the last year known of the group; those of unknown year behind."""

    @property
    def places(self) -> int:
        """How many years have an exact place."""
        return sum(standing.what == "place" for standing in self.years)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of a series besides the entity: by which gaps are told apart."""

    years: frozenset[int]
    """Years of which it has any result."""
    announced: Mapping[tuple[str, str, str | None], Mapping[int, int | None]]
    """By group, subject and indicator: the years of which it has results, each with the greatest place (None: no place)."""


def lines_of(
    rows: Iterable[Row], stated: Mapping[str, Sequence[Stated]], known: Mapping[str, Known]
) -> tuple[Line, ...]:
    """The lines of one entity: series with the most places first, within a series by group, overall before sub-indices.

    `rows` are its results under all its names (columns of `results` with series, year, evaluation and outlets), `stated` the values
    of disputed ones by fact key, `known` by series what the gaps mean.
    """
    by_scope: dict[Scope, list[Row]] = {}
    for row in rows:
        by_scope.setdefault(_scope(row), []).append(row)
    lines = [Line(scope, _standings(scope, own, stated, known.get(scope.series))) for scope, own in by_scope.items()]
    weight: dict[tuple[str, str | None], int] = {}
    for line in lines:
        one = (line.scope.series, line.scope.evaluation)
        weight[one] = weight.get(one, 0) + line.places
    return tuple(sorted(lines, key=lambda line: _order(line, weight)))


def _scope(row: Row) -> Scope:
    name = row["evaluation"] if row["series"] == "other" else None
    return Scope(row["series"], name, row["group"], row["subject"], row["indicator"])


def _order(line: Line, weight: Mapping[tuple[str, str | None], int]) -> tuple[object, ...]:
    scope = line.scope
    return (
        scope.series == "other", -weight[scope.series, scope.evaluation], scope.series, scope.evaluation or "",
        scope.indicator is not None, _index(GROUPS, scope.group), _index(SUBJECTS, scope.subject), scope.indicator or "",
    )  # fmt: skip


def _index(words: Sequence[str], word: str) -> int:
    return words.index(word) if word in words else len(words)


def _standings(
    scope: Scope, rows: Sequence[Row], stated: Mapping[str, Sequence[Stated]], known: Known | None
) -> tuple[Year, ...]:
    dated = sorted((row for row in rows if row["year"] is not None), key=lambda row: (row["year"], row["fact_key"]))
    found = {year: _standing(list(own), stated) for year, own in groupby(dated, key=lambda row: int(row["year"]))}
    if scope.series == "other":
        # editions of one name need not be of one series: no gap, no change
        years = [found[year] for year in sorted(found)]
    else:
        years = _with_changes(_with_gaps(scope, found, known))
    undated = [row for row in rows if row["year"] is None]
    return (*years, *([_standing(undated, stated)] if undated else ()))


def _standing(rows: Sequence[Row], stated: Mapping[str, Sequence[Stated]]) -> Year:
    """What the results of one year say together: usually one place; two where the entity is named by an old and a new name."""
    ranked = sorted((row for row in rows if row["kind"] == "rank"), key=_best)
    also = tuple(dict.fromkeys(_words(row) for row in rows if row["kind"] != "rank"))
    keys = tuple(row["fact_key"] for row in (*ranked, *(row for row in rows if row["kind"] != "rank")))
    if not ranked:
        row = min(rows, key=_best)
        return Year(row["year"], "other", row["entity"], status=row["status"], outlets=_most(rows, "outlets"),
                        sources=_most(rows, "sources"), also=also, fact_keys=keys)  # fmt: skip
    best = ranked[0]
    one_value = len({(row["rank"], row["top"]) for row in ranked}) == 1
    values = [value for row in ranked for value in stated.get(row["fact_key"], ())]
    if not one_value:
        told = {key for row in ranked if (key := row["fact_key"]) in stated}
        values += [Stated(_words(row), ()) for row in ranked if row["fact_key"] not in told]
    return Year(
        best["year"], "place" if best["rank"] is not None else "bound", best["entity"], best["rank"],
        any(row["tied"] for row in ranked if row["rank"] == best["rank"]), best["top"],
        best["status"] if one_value else "disputed", sum(row["outlets"] for row in ranked),
        sum(row["sources"] for row in ranked), tuple(values), also, fact_keys=keys,
    )  # fmt: skip


def _best(row: Row) -> tuple[object, ...]:
    """The exact before the bound, what more sources state before what fewer do."""
    return row["rank"] is None, -row["sources"], row["rank"] or row["top"] or 0, row["fact_key"]


def _most(rows: Sequence[Row], column: str) -> int:
    return max(int(row[column]) for row in rows)


def _words(row: Row) -> str:
    names = ("rank", "tied", "top", "score", "grade", "award", "work", "improved", "change")
    told = {name: row[name] for name in names if row[name] is not None}
    return value_words(Result("", "", "other", "other", row["kind"], "", (0, 0), **told))


def _with_gaps(scope: Scope, found: Mapping[int, Year], known: Known | None) -> list[Year]:
    """Every year from the first to the last that is known of the entity or, after that, of its group."""
    if not found:
        return []
    own = (known.announced.get((scope.group, scope.subject, scope.indicator)) if known else None) or {}
    last = max((*found, *own))
    return [found.get(year) or _gap(year, own, known) for year in range(min(found), last + 1)]


def _gap(year: int, own: Mapping[int, int | None], known: Known | None) -> Year:
    if year in own:
        return Year(year, "not_named", announced=own[year])
    return Year(year, "other_groups" if known and year in known.years else "no_results")


def _with_changes(years: Sequence[Year]) -> list[Year]:
    """The same with the places gained since the last exact place. A bound is no place: it neither has a change nor makes one."""
    told = []
    before: Year | None = None
    for standing in years:
        if standing.rank is None:
            told.append(standing)
            continue
        if before is not None and before.rank is not None:
            unsure = "disputed" in (standing.status, before.status)
            told.append(
                replace(standing, change=before.rank - standing.rank, against=before.year, unsure=unsure)
            )  # fmt: skip
        else:
            told.append(standing)
        before = standing
    return told
