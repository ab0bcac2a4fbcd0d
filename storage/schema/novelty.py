"""Six kinds of change instead of four, and what is needed to decide on them."""

from __future__ import annotations

from sqlite_utils import Database

from storage.novelty.publishers import house_named, house_of_page
from storage.schema.looking import last_night_sql

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


_WORDS = (
    "ALTER TABLE articles ADD COLUMN publisher TEXT",
    "ALTER TABLE articles ADD COLUMN origin_publisher TEXT",
    "ALTER TABLE articles ADD COLUMN place TEXT",
    "ALTER TABLE articles ADD COLUMN gone TEXT",
    "ALTER TABLE results ADD COLUMN region TEXT",
    "ALTER TABLE mentions ADD COLUMN standing INTEGER NOT NULL DEFAULT 0 CHECK (standing BETWEEN 0 AND 3)",
    "ALTER TABLE looks ADD COLUMN missing TEXT",
    "ALTER TABLE looks ADD COLUMN missed TEXT",
    "ALTER TABLE looks ADD COLUMN misses INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE past_mentions (
    result TEXT NOT NULL REFERENCES results (fact_key),
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    outcome TEXT NOT NULL,
    words TEXT NOT NULL,
    ended TEXT NOT NULL,
    PRIMARY KEY (result, article, outcome)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX past_mentions_by_article ON past_mentions (article)",
    """CREATE TABLE facts_before (
    result TEXT PRIMARY KEY REFERENCES results (fact_key),
    run INTEGER NOT NULL,
    statements TEXT NOT NULL,
    past TEXT
) STRICT, WITHOUT ROWID""",
    "DROP VIEW mentions_readable",
    """CREATE VIEW mentions_readable AS
SELECT m.words, a.outlet, a.origin, a.title, a.published, a.url, r.entity, r."group", r.kind, r.status, e.series, e.year,
    m.start, m.end, m.rule, a.cluster, m.article, m.result AS fact_key, m.standing, a.publisher, a.gone
FROM mentions m JOIN articles a ON a.id = m.article JOIN results r ON r.fact_key = m.result
    JOIN evaluations e ON e.id = r.evaluation""",
    # the words of official pages come first
    "DROP VIEW results_last_night",
    last_night_sql(),
)


def prepare_novelty(database: Database) -> None:
    """Make all of it. Stored articles get their houses at once; what results follow from these is weighed when the next article
    states them."""
    for statement in (*_WORDS, *_ITEMS, *_COUNTS):
        database.execute(statement)
    rows = database.conn.execute("SELECT id, outlet, origin, url FROM articles").fetchall()
    database.conn.executemany(
        "UPDATE articles SET publisher = ?, origin_publisher = ? WHERE id = ?",
        [(house_of_page(outlet, url), house_named(origin), identity) for identity, outlet, origin, url in rows],
    )
