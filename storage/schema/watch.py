"""What is needed to ask only for what may have changed, and to know how each source is; and the documents of articles."""

from __future__ import annotations

__all__ = ["ATTACHMENTS", "WATCH"]

ATTACHMENTS = """CREATE TABLE attachments (
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT,
    PRIMARY KEY (article, number)
) STRICT, WITHOUT ROWID"""
"""Documents that articles link to."""

_AGAIN = (
    "ALTER TABLE sources ADD COLUMN visited TEXT",
    "ALTER TABLE list_pages ADD COLUMN read TEXT",
    "ALTER TABLE list_pages ADD COLUMN trusted INTEGER NOT NULL DEFAULT 1 CHECK (trusted IN (0, 1))",
    "ALTER TABLE run_sources ADD COLUMN looked INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE run_sources ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE article_pages (
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    digest TEXT NOT NULL,
    PRIMARY KEY (article, number)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE looks (
    article TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    first TEXT NOT NULL,
    due TEXT,
    looked TEXT
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX looks_due ON looks (due) WHERE due IS NOT NULL",
    "INSERT INTO looks (article, first, due) SELECT id, night, date(night, '+1 day') FROM articles WHERE kind = 'results'",
    """CREATE TABLE misses (
    address TEXT PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (id),
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    published TEXT,
    first TEXT NOT NULL,
    due TEXT
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX misses_due ON misses (source, due) WHERE due IS NOT NULL",
)

_HEALTH = (
    """CREATE TABLE source_health (
    source TEXT NOT NULL REFERENCES sources (id),
    run INTEGER NOT NULL REFERENCES runs (id),
    state TEXT NOT NULL CHECK (state IN ('healthy', 'broken', 'blocked', 'quiet')),
    symptoms TEXT NOT NULL,
    items INTEGER,
    dated INTEGER,
    articles INTEGER NOT NULL,
    titles INTEGER NOT NULL,
    dates INTEGER NOT NULL,
    outlets INTEGER NOT NULL,
    bodies INTEGER NOT NULL,
    letters INTEGER,
    on_topic INTEGER NOT NULL,
    without_facts INTEGER NOT NULL,
    PRIMARY KEY (source, run)
) STRICT, WITHOUT ROWID""",
    "ALTER TABLE alerts ADD COLUMN about TEXT NOT NULL DEFAULT 'results' CHECK (about IN ('results', 'health'))",
    """CREATE TABLE alert_notices (
    alert TEXT NOT NULL REFERENCES alerts (id),
    kind TEXT NOT NULL CHECK (kind IN ('broken', 'blocked', 'overdue')),
    subject TEXT NOT NULL,
    year INTEGER NOT NULL DEFAULT 0,
    notice TEXT NOT NULL,
    PRIMARY KEY (alert, kind, subject, year)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX alert_notices_by_subject ON alert_notices (subject, year)",
    """CREATE VIEW alerts_filled AS
SELECT * FROM alerts a WHERE EXISTS (SELECT 1 FROM alert_items i WHERE i.alert = a.id)
    OR EXISTS (SELECT 1 FROM alert_notices n WHERE n.alert = a.id)""",
    """CREATE VIEW sources_readable AS
SELECT s.id AS source, coalesce(h.state, 'new') AS state, h.symptoms, h.run,
    (SELECT max(w.finished) FROM run_sources w LEFT JOIN source_health v ON v.run = w.run AND v.source = w.source
        WHERE w.source = s.id AND coalesce(v.state, w.state) IN ('healthy', 'quiet')) AS last_success,
    h.items, h.dated, h.articles, h.titles, h.dates, h.outlets, h.bodies, h.letters, h.on_topic, h.without_facts
FROM sources s LEFT JOIN source_health h
    ON h.source = s.id AND h.run = (SELECT max(l.run) FROM source_health l WHERE l.source = s.id)""",
    "DROP VIEW alerts_readable",
    """CREATE VIEW alerts_readable AS
SELECT a.night, a.subscription, d.channel, coalesce(d.state, iif(a.state = 'open', 'owed', 'dead')) AS state, coalesce(d.attempts, 0) AS attempts,
    (SELECT count(*) FROM alert_items i WHERE i.alert = a.id) AS results, a.created, d.due, d.finished, d.last_error,
    a.id AS alert, a.about, (SELECT count(*) FROM alert_notices n WHERE n.alert = a.id) AS notices
FROM alerts a LEFT JOIN deliveries d ON d.alert = a.id""",
)

WATCH = (*_AGAIN, *_HEALTH)
"""What is needed to ask only for what may have changed, and to know how each source is."""
