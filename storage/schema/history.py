"""How much of each evaluation is known, how entities moved, and which results are still to come."""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["prepare_history"]

_RANKS = """SELECT r."group", r.subject, r.indicator, r.rank, max(r.top) AS top, count(*) AS holders, max(r.tied) AS tied,
                sum(r.kind = 'rank' AND r.rank IS NULL) AS bounded, sum(r.status = 'disputed') AS disputed
            FROM results r WHERE r.evaluation = e.id AND r.status <> 'withdrawn'
            GROUP BY r."group", r.subject, r.indicator, r.rank"""
"""Each place of the evaluation `e` with how many hold it; what has no place in one row per scope."""

_RANKS_WITH_FIRST = f"""SELECT q.*, coalesce(max(q.rank + q.holders) OVER (PARTITION BY q."group", q.subject, q.indicator
            ORDER BY q.rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 1) AS first
        FROM ({_RANKS}) q"""  # noqa: S608 - constants
"""With the place that would come next after those before it: of n who share a place the n - 1 behind it are taken too."""

_SCOPES = f"""SELECT p."group", p.subject, p.indicator, max(coalesce(p.rank, p.top)) AS announced,
        coalesce(max(p.rank + p.holders), 1) AS next, sum(iif(p.rank IS NULL, 0, p.holders)) AS captured,
        sum(p.bounded) AS bounded, sum(p.holders) AS results, sum(p.disputed) AS disputed,
        group_concat(iif(p.rank - 1 > p.first, p.first || '–' || (p.rank - 1), iif(p.rank - 1 = p.first, p.first, NULL)), ', ') AS gaps,
        sum(iif(p.rank > p.first, p.rank - p.first, 0)) AS lost,
        group_concat(iif(p.holders > 1 AND NOT p.tied AND p.rank IS NOT NULL, p.rank, NULL), ', ') AS clashing
    FROM ({_RANKS_WITH_FIRST}) p GROUP BY p."group", p.subject, p.indicator"""  # noqa: S608 - constants

_COVERAGE = f"""CREATE VIEW coverage_readable AS
SELECT e.series, e.year, e.name AS evaluation, json_extract(j.value, '$.group') AS "group",
    json_extract(j.value, '$.subject') AS subject, json_extract(j.value, '$.indicator') AS indicator,
    json_extract(j.value, '$.announced') AS announced, json_extract(j.value, '$.captured') AS captured,
    json_extract(j.value, '$.missing') AS missing, json_extract(j.value, '$.lost') AS missing_number,
    json_extract(j.value, '$.bounded') AS bounded, json_extract(e.sample, '$.' || json_extract(j.value, '$.group')) AS judged,
    json_extract(j.value, '$.clashing') AS clashing, json_extract(j.value, '$.results') AS results,
    json_extract(j.value, '$.disputed') AS disputed, e.id AS evaluation_id
FROM evaluations e JOIN json_each((
    SELECT json_group_array(json_object('group', c."group", 'subject', c.subject, 'indicator', c.indicator,
        'announced', c.announced, 'captured', c.captured, 'bounded', c.bounded, 'clashing', c.clashing, 'results', c.results,
        'disputed', c.disputed, 'lost', c.lost + max(coalesce(c.announced, 0) - c.next + 1, 0), 'missing',
        CASE WHEN coalesce(c.announced, 0) < c.next THEN c.gaps
            ELSE coalesce(c.gaps || ', ', '') || c.next || iif(c.announced > c.next, '–' || c.announced, '') END))
    FROM ({_SCOPES}) c)) j"""  # noqa: S608 - constants
"""One evaluation after the other, by its index, so that the first lines of a million results come at once: grouping all results
takes seconds."""

_BEFORE = """(SELECT p.fact_key FROM evaluations f CROSS JOIN results p ON p.entity = r.entity AND p.evaluation = f.id
        WHERE f.series = e.series AND f.year < e.year AND p."group" = r."group" AND p.subject = r.subject
            AND p.indicator IS r.indicator AND p.rank IS NOT NULL AND p.status <> 'withdrawn'
        ORDER BY f.year DESC LIMIT 1)"""
"""Year by year backwards: CROSS JOIN keeps SQLite from looking at all results of the entity instead."""

_HISTORY = f"""CREATE VIEW history_readable AS
SELECT e.series, e.year, e.name AS evaluation, r."group", r.subject, r.indicator, r.entity, r.code, r.rank, r.tied, r.status,
    r.sources, f.year AS before_year, b.rank AS before_rank, b.rank - r.rank AS gained,
    iif(b.rank IS NULL, NULL, r.status = 'disputed' OR b.status = 'disputed') AS unsure, r.fact_key
FROM results r JOIN evaluations e ON e.id = r.evaluation
    LEFT JOIN results b ON e.series <> 'other' AND b.fact_key = {_BEFORE}
    LEFT JOIN evaluations f ON f.id = b.evaluation
WHERE r.rank IS NOT NULL AND r.status <> 'withdrawn'"""  # noqa: S608 - constants

_EXPECTED = """CREATE TABLE expected (
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    name TEXT NOT NULL,
    week INTEGER NOT NULL CHECK (week BETWEEN 1 AND 53),
    due TEXT NOT NULL,
    night TEXT NOT NULL,
    PRIMARY KEY (series, year)
) STRICT, WITHOUT ROWID"""

_EXPECTED_READABLE = """CREATE VIEW expected_readable AS
SELECT y.series, y.name, y.year, iif(y.is_seen, 'seen', iif(y.night > y.due, 'overdue', 'expected')) AS state, y.week, y.due,
    iif(y.is_seen, NULL, CAST(julianday(y.night) - julianday(y.due) AS INTEGER)) AS days_late, y.night
FROM (SELECT x.*, EXISTS (SELECT 1 FROM evaluations e JOIN results r ON r.evaluation = e.id
    WHERE e.series = x.series AND e.year = x.year AND r.status <> 'withdrawn') AS is_seen FROM expected x) y"""

_INDEX = ("DROP INDEX results_by_entity", "CREATE INDEX results_by_entity ON results (entity, evaluation)")
"""What an entity has in one evaluation is then found at once."""


def prepare_history(database: Database) -> None:
    """Make all of it."""
    for statement in (*_INDEX, _COVERAGE, _HISTORY, _EXPECTED, _EXPECTED_READABLE):
        database.execute(statement)
