"""Six kinds of change instead of four, and what is needed to decide on them."""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["prepare_novelty"]

_FILLED = """CREATE VIEW alerts_filled AS
SELECT * FROM alerts a WHERE EXISTS (SELECT 1 FROM alert_items i WHERE i.alert = a.id)
    OR EXISTS (SELECT 1 FROM alert_notices n WHERE n.alert = a.id)"""

_READABLE = """CREATE VIEW alerts_readable AS
SELECT a.night, a.subscription, d.channel, coalesce(d.state, iif(a.state = 'open', 'owed', 'dead')) AS state, coalesce(d.attempts, 0) AS attempts,
    (SELECT count(*) FROM alert_items i WHERE i.alert = a.id) AS results, a.created, d.due, d.finished, d.last_error,
    a.id AS alert, a.about, (SELECT count(*) FROM alert_notices n WHERE n.alert = a.id) AS notices
FROM alerts a LEFT JOIN deliveries d ON d.alert = a.id"""

_ITEMS = (
    "DROP VIEW alerts_readable",
    "DROP VIEW alerts_filled",
    # SQLite changes no CHECK in place
    """CREATE TABLE alert_items_of_six_kinds (
    alert TEXT NOT NULL REFERENCES alerts (id),
    result TEXT NOT NULL REFERENCES results (fact_key),
    article TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('new', 'corroborated', 'refined', 'disputed', 'corrected', 'withdrawn')),
    change TEXT NOT NULL,
    run INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (alert, result, article, kind)
) STRICT, WITHOUT ROWID""",
    """INSERT INTO alert_items_of_six_kinds (alert, result, article, kind, change)
SELECT alert, result, article, kind, change FROM alert_items""",
    "DROP TABLE alert_items",
    "ALTER TABLE alert_items_of_six_kinds RENAME TO alert_items",
    "CREATE INDEX alert_items_by_result ON alert_items (result)",
    _FILLED,
    _READABLE,
)

_SUMS = ", ".join(
    f"(SELECT coalesce(sum(s.{name}), 0) FROM run_sources s WHERE s.run = r.id) AS {name}"  # noqa: S608 - constants
    for name in ("requested", "articles", "new", "corroborated", "refined", "disputed", "corrected", "withdrawn")
)

_COUNTS = (
    "ALTER TABLE run_sources RENAME COLUMN corrected TO changed",
    "ALTER TABLE run_sources ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE run_sources ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0",
    "DROP VIEW runs_readable",
    f"""CREATE VIEW runs_readable AS
SELECT r.id AS run, r.night, r.status, r.replay, r.started, r.finished,
    CAST(strftime('%s', r.finished) AS INTEGER) - CAST(strftime('%s', r.started) AS INTEGER) AS seconds,
    (SELECT count(*) FROM run_sources s WHERE s.run = r.id) AS sources,
    (SELECT count(*) FROM run_sources s WHERE s.run = r.id AND s.state <> 'healthy') AS troubled,
    {_SUMS}
FROM runs r""",  # noqa: S608 - constants
)


def prepare_novelty(database: Database) -> None:
    """Make all of it."""
    for statement in (*_ITEMS, *_COUNTS):
        database.execute(statement)
