"""What people decided about results, and what a stored article needs so that it can be rebuilt exactly."""

from __future__ import annotations

from sqlite_utils import Database

from storage.schema.looking import disputed_sql, doubtful_sql

__all__ = ["prepare_review"]

_DECIDED = """r.decided, (SELECT d.reason FROM decisions d WHERE d.fact_key = r.fact_key AND d.undone IS NULL
        ORDER BY d.number DESC LIMIT 1) AS reason"""
"""More columns of the views for review: what a person decided last, and why."""

_STATEMENTS = (
    """CREATE TABLE decisions (
    number INTEGER PRIMARY KEY,
    fact_key TEXT NOT NULL REFERENCES results (fact_key),
    kind TEXT NOT NULL CHECK (kind IN ('accepted', 'rejected', 'corrected')),
    outcome TEXT NOT NULL,
    value TEXT NOT NULL CHECK (json_valid(value)),
    instead TEXT NOT NULL CHECK (json_valid(instead)),
    reason TEXT,
    by TEXT NOT NULL,
    decided TEXT NOT NULL,
    undone TEXT,
    CHECK (kind = 'accepted' OR length(reason) > 0)
) STRICT""",
    "CREATE INDEX decisions_by_fact ON decisions (fact_key, number)",
    "ALTER TABLE results ADD COLUMN decided TEXT CHECK (decided IN ('accepted', 'rejected', 'corrected'))",
    "ALTER TABLE articles ADD COLUMN structure TEXT",
    """CREATE VIEW decisions_readable AS
SELECT d.decided, d.kind, d.outcome, d.reason, d.by, e.series, e.year, e.name AS evaluation, r."group", r.entity, r.code, r.status,
    d.undone, d.fact_key, d.number
FROM decisions d JOIN results r ON r.fact_key = d.fact_key JOIN evaluations e ON e.id = r.evaluation""",
    "DROP VIEW results_disputed",
    disputed_sql(_DECIDED),
    "DROP VIEW results_doubtful",
    doubtful_sql(_DECIDED),
)


def prepare_review(database: Database) -> None:
    """Make all of it. Decisions stand beside what pages say and are never deleted: undoing one writes down when."""
    for statement in _STATEMENTS:
        database.execute(statement)
