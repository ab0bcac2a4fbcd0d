"""The statements of the first migration. They are never changed, only followed by others."""

from __future__ import annotations

__all__ = ["FIRST"]

_VALUES = """
    rank INTEGER CHECK (rank >= 1),
    tied INTEGER NOT NULL DEFAULT 0 CHECK (tied IN (0, 1)),
    top INTEGER CHECK (top >= 1),
    score REAL,
    grade TEXT,
    award TEXT,
    work TEXT,
    improved INTEGER NOT NULL DEFAULT 0 CHECK (improved IN (0, 1)),
    change INTEGER,
    indicator TEXT,
    implied INTEGER NOT NULL DEFAULT 0 CHECK (implied IN (0, 1)),
    confidence REAL NOT NULL
"""

_NIGHTS = (
    """CREATE TABLE installation (
    id TEXT PRIMARY KEY
) STRICT""",
    """CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    baseline TEXT,
    complete INTEGER NOT NULL DEFAULT 1 CHECK (complete IN (0, 1))
) STRICT""",
    """CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    night TEXT NOT NULL,
    replay INTEGER NOT NULL CHECK (replay IN (0, 1)),
    status TEXT NOT NULL CHECK (status IN ('running', 'ok', 'partial', 'failed', 'killed')),
    started TEXT NOT NULL,
    finished TEXT
) STRICT""",
    """CREATE TABLE run_sources (
    run INTEGER NOT NULL REFERENCES runs (id),
    source TEXT NOT NULL REFERENCES sources (id),
    state TEXT NOT NULL CHECK (state IN ('healthy', 'failed', 'blocked')),
    requested INTEGER NOT NULL DEFAULT 0,
    fetched INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    blocked INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    articles INTEGER NOT NULL DEFAULT 0,
    results INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    corroborated INTEGER NOT NULL DEFAULT 0,
    refined INTEGER NOT NULL DEFAULT 0,
    disputed INTEGER NOT NULL DEFAULT 0,
    finished TEXT NOT NULL,
    PRIMARY KEY (run, source)
) STRICT""",
    """CREATE TABLE list_pages (
    url TEXT PRIMARY KEY,
    etag TEXT,
    last_modified TEXT,
    digest TEXT NOT NULL
) STRICT""",
)

_ARTICLES = (
    """CREATE TABLE clusters (
    id TEXT PRIMARY KEY
) STRICT""",
    """CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    address TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL REFERENCES sources (id),
    run INTEGER NOT NULL REFERENCES runs (id),
    night TEXT NOT NULL,
    baseline INTEGER NOT NULL CHECK (baseline IN (0, 1)),
    cluster TEXT REFERENCES clusters (id),
    marks INTEGER NOT NULL DEFAULT 0,
    kind TEXT NOT NULL CHECK (kind IN ('results', 'related', 'unrelated')),
    title TEXT,
    outlet TEXT,
    origin TEXT,
    author TEXT,
    editor TEXT,
    published TEXT,
    modified TEXT,
    fetched TEXT,
    region TEXT,
    charset TEXT,
    notes TEXT NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    changed TEXT
) STRICT""",
    "CREATE INDEX articles_by_cluster ON articles (cluster)",
    "CREATE INDEX articles_by_source ON articles (source, published)",
    "CREATE INDEX articles_by_sha256 ON articles (sha256)",
    """CREATE TABLE paragraphs (
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'heading', 'item', 'lead', 'caption', 'table')),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    plain TEXT NOT NULL,
    PRIMARY KEY (article, number)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE entries (
    address TEXT PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (id),
    article TEXT REFERENCES articles (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    published TEXT,
    first_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX entries_by_article ON entries (article)",
    """CREATE TABLE copy_marks (
    mark INTEGER NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (mark, article)
) STRICT, WITHOUT ROWID""",
)

_FACTS = (
    """CREATE TABLE evaluations (
    id TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    year INTEGER,
    name TEXT NOT NULL,
    edition INTEGER,
    organizers TEXT NOT NULL,
    released TEXT,
    sample TEXT NOT NULL,
    indicators TEXT NOT NULL
) STRICT""",
    "CREATE INDEX evaluations_by_series ON evaluations (series, year)",
    """CREATE TABLE article_evaluations (
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    evaluation TEXT NOT NULL REFERENCES evaluations (id),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    edition INTEGER,
    organizers TEXT NOT NULL,
    released TEXT,
    sample TEXT NOT NULL,
    indicators TEXT NOT NULL,
    PRIMARY KEY (article, key)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX article_evaluations_by_evaluation ON article_evaluations (evaluation, article)",
    f"""CREATE TABLE results (
    fact_key TEXT PRIMARY KEY,
    evaluation TEXT NOT NULL REFERENCES evaluations (id),
    entity TEXT NOT NULL,
    code TEXT,
    subject TEXT NOT NULL,
    "group" TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('rank', 'score', 'grade', 'award', 'improved', 'change')),
    {_VALUES.strip()},
    status TEXT NOT NULL CHECK (status IN ('single', 'corroborated', 'refined', 'disputed', 'withdrawn')),
    sources INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (id),
    first_seen TEXT NOT NULL
) STRICT""",
    'CREATE INDEX results_by_evaluation ON results (evaluation, "group")',
    "CREATE INDEX results_by_entity ON results (entity)",
    "CREATE INDEX results_by_first_seen ON results (first_seen)",
    "CREATE INDEX results_by_run ON results (run)",
    f"""CREATE TABLE mentions (
    id TEXT PRIMARY KEY,
    result TEXT NOT NULL REFERENCES results (fact_key),
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    evaluation TEXT NOT NULL,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    words TEXT NOT NULL,
    entity TEXT NOT NULL,
    code TEXT,
    {_VALUES.strip()},
    rule TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    FOREIGN KEY (article, evaluation) REFERENCES article_evaluations (article, key) DEFERRABLE INITIALLY DEFERRED
) STRICT""",
    "CREATE INDEX mentions_by_result ON mentions (result)",
    "CREATE INDEX mentions_by_article ON mentions (article, number)",
)

_ALERTS = (
    """CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    subscription TEXT NOT NULL,
    night TEXT NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    created TEXT NOT NULL,
    closed TEXT,
    payload TEXT,
    UNIQUE (subscription, night, number)
) STRICT""",
    "CREATE INDEX alerts_open ON alerts (created) WHERE state = 'open'",
    """CREATE TABLE alert_items (
    alert TEXT NOT NULL REFERENCES alerts (id),
    result TEXT NOT NULL REFERENCES results (fact_key),
    article TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('new', 'corroborated', 'refined', 'disputed')),
    change TEXT NOT NULL,
    PRIMARY KEY (alert, result, article, kind)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX alert_items_by_result ON alert_items (result)",
    """CREATE TABLE deliveries (
    alert TEXT NOT NULL REFERENCES alerts (id),
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('owed', 'sent', 'dead', 'gone')),
    attempts INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    due TEXT NOT NULL,
    finished TEXT,
    run INTEGER REFERENCES runs (id),
    last_error TEXT,
    PRIMARY KEY (alert, channel)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX deliveries_owed ON deliveries (due) WHERE state = 'owed'",
)

_VIEWS = (
    """CREATE VIEW results_readable AS
SELECT e.series, e.year, e.edition, e.name AS evaluation, r.entity, r.code, r.subject, r."group", r.kind,
    CASE r.kind
        WHEN 'rank' THEN CASE WHEN r.rank IS NOT NULL THEN '第' || r.rank || '名' || iif(r.tied, '（并列）', '')
            ELSE '前' || r.top END
        WHEN 'score' THEN r.score || '分'
        WHEN 'grade' THEN r.grade
        WHEN 'award' THEN r.award || coalesce('：' || r.work, '')
        WHEN 'improved' THEN '进步'
        ELSE printf('%+d', r.change) || '名' END AS outcome,
    r.indicator, r.status, r.sources, r.confidence, r.implied, r.first_seen,
    (SELECT count(*) FROM mentions m WHERE m.result = r.fact_key) AS mentions, r.fact_key
FROM results r JOIN evaluations e ON e.id = r.evaluation""",
    """CREATE VIEW mentions_readable AS
SELECT m.words, a.outlet, a.origin, a.title, a.published, a.url, r.entity, r."group", r.kind, r.status, e.series, e.year,
    m.start, m.end, m.rule, a.cluster, m.article, m.result AS fact_key
FROM mentions m JOIN articles a ON a.id = m.article JOIN results r ON r.fact_key = m.result
    JOIN evaluations e ON e.id = r.evaluation""",
    """CREATE VIEW entities AS
SELECT r.entity, max(r.code) AS code, count(*) AS results, min(e.year) AS first_year, max(e.year) AS last_year,
    max(r.first_seen) AS last_seen
FROM results r JOIN evaluations e ON e.id = r.evaluation GROUP BY r.entity""",
    """CREATE VIEW copies_readable AS
SELECT a.cluster, count(*) OVER (PARTITION BY a.cluster) AS copies, a.outlet, a.origin, a.title, a.published, a.url,
    a.id AS article
FROM articles a WHERE a.cluster IS NOT NULL""",
    """CREATE VIEW alerts_readable AS
SELECT a.night, a.subscription, d.channel, coalesce(d.state, iif(a.state = 'open', 'owed', 'dead')) AS state, coalesce(d.attempts, 0) AS attempts,
    (SELECT count(*) FROM alert_items i WHERE i.alert = a.id) AS results, a.created, d.due, d.finished, d.last_error,
    a.id AS alert
FROM alerts a LEFT JOIN deliveries d ON d.alert = a.id""",
)

FIRST = (*_NIGHTS, *_ARTICLES, *_FACTS, *_ALERTS, *_VIEWS)
