"""Views and indexes for people who look: what Datasette's tables and the pages of storage/inspect stand on.

`words_at` and the like are addresses within `evalwatch inspect`: /article/ID#mN is the N-th mention of that article.
"""

from __future__ import annotations

from sqlite_utils import Database

from storage.search import index_all

__all__ = ["STATED", "disputed_sql", "doubtful_sql", "last_night_sql", "outcome_sql", "prepare_looking", "words_at_sql"]


def outcome_sql(alias: str) -> str:
    """The outcome of a row of results or mentions in words, where `kind` is that of its result `r`."""
    return f"""CASE r.kind
        WHEN 'rank' THEN CASE WHEN {alias}.rank IS NOT NULL THEN '第' || {alias}.rank || '名' || iif({alias}.tied, '（并列）', '')
            ELSE '前' || {alias}.top END
        WHEN 'score' THEN printf('%g分', {alias}.score)
        WHEN 'grade' THEN {alias}.grade
        WHEN 'award' THEN {alias}.award || coalesce('：' || {alias}.work, '')
        WHEN 'improved' THEN '进步突出'
        ELSE CASE WHEN {alias}.change = 0 THEN '名次不变' ELSE iif({alias}.change > 0, '上升', '下降') || abs({alias}.change) || '名' END
        END"""


def words_at_sql(first: str = "m.standing DESC, ") -> str:
    """Where the weightiest words of a result `r` are: of official pages, then those that were published first."""
    return (
        "(SELECT '/article/' || m.article || '#m' || m.number FROM mentions m JOIN articles a ON a.id = m.article "  # noqa: S608 - constants
        f"WHERE m.result = r.fact_key ORDER BY {first}a.published IS NULL, a.published, a.first_seen, a.id, m.number LIMIT 1)"
    )


def _columns(words_at: str) -> str:
    return f"""e.series, e.year, e.name AS evaluation, r."group", r.subject, r.entity, {outcome_sql("r")} AS outcome,
    {words_at} AS words_at, r.code, r.indicator, r.status, r.sources, r.confidence, r.implied, r.first_seen, r.fact_key"""


_FIRST_WORDS = words_at_sql("")
"""As the views of m0004 had it, before there was a standing."""
_FROM = "FROM results r JOIN evaluations e ON e.id = r.evaluation"

STATED = f"""(SELECT group_concat(said, '；') FROM (
        SELECT {outcome_sql("m")} || '（' || group_concat(DISTINCT coalesce(a.outlet, '未署名')) || '）' AS said
        FROM mentions m JOIN articles a ON a.id = m.article WHERE m.result = r.fact_key GROUP BY m.rank, m.top, m.score, m.grade,
            m.change, m.tied ORDER BY count(*) DESC))"""  # noqa: S608 - constants


def disputed_sql(more: str = "", *, words_at: str | None = None) -> str:
    """The view results_disputed, with more columns."""
    return f"""CREATE VIEW results_disputed AS SELECT {STATED} AS stated, {_columns(words_at or words_at_sql())}{more and ", "}{more}
{_FROM}
WHERE r.status = 'disputed'"""


def doubtful_sql(more: str = "", *, words_at: str | None = None) -> str:
    """The view results_doubtful, with more columns."""
    return f"""CREATE VIEW results_doubtful AS SELECT {_columns(words_at or words_at_sql())}{more and ", "}{more}
{_FROM}
WHERE r.confidence < 0.5 AND r.status <> 'withdrawn'"""


def last_night_sql(*, words_at: str | None = None) -> str:
    """The view results_last_night."""
    return f"""CREATE VIEW results_last_night AS SELECT {_columns(words_at or words_at_sql())}
{_FROM}
WHERE r.run = (SELECT max(id) FROM runs WHERE status IN ('ok', 'partial')) AND r.status <> 'withdrawn'"""  # noqa: S608 - constants


_SUMS = ", ".join(
    f"(SELECT coalesce(sum(s.{name}), 0) FROM run_sources s WHERE s.run = r.id) AS {name}"  # noqa: S608 - constants
    for name in ("requested", "articles", "new", "corroborated", "refined", "disputed")
)
"""One by one: counting the runs then reads no source."""

_STATEMENTS = (
    "CREATE INDEX results_by_code ON results (code)",
    "CREATE INDEX results_by_dispute ON results (first_seen) WHERE status = 'disputed'",
    "CREATE INDEX results_by_doubt ON results (first_seen) WHERE confidence < 0.5 AND status <> 'withdrawn'",
    "CREATE INDEX articles_by_run ON articles (run)",
    "CREATE INDEX run_sources_by_source ON run_sources (source, run)",
    """CREATE TABLE text_numbers (
    number INTEGER PRIMARY KEY,
    article TEXT NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
) STRICT""",
    "CREATE VIRTUAL TABLE text_terms USING fts5 (terms, content='', detail=none, tokenize='ascii')",
    last_night_sql(words_at=_FIRST_WORDS),
    disputed_sql(words_at=_FIRST_WORDS),
    doubtful_sql(words_at=_FIRST_WORDS),
    f"""CREATE VIEW runs_readable AS
SELECT r.id AS run, r.night, r.status, r.replay, r.started, r.finished,
    CAST(strftime('%s', r.finished) AS INTEGER) - CAST(strftime('%s', r.started) AS INTEGER) AS seconds,
    (SELECT count(*) FROM run_sources s WHERE s.run = r.id) AS sources,
    (SELECT count(*) FROM run_sources s WHERE s.run = r.id AND s.state <> 'healthy') AS troubled,
    {_SUMS}
FROM runs r""",  # noqa: S608 - constants
    "DROP VIEW sources_readable",
    # as before, but the last success is found from the newest run backwards instead of among all
    """CREATE VIEW sources_readable AS
SELECT s.id AS source, coalesce(h.state, 'new') AS state, h.symptoms, h.run,
    (SELECT w.finished FROM run_sources w LEFT JOIN source_health v ON v.run = w.run AND v.source = w.source
        WHERE w.source = s.id AND coalesce(v.state, w.state) IN ('healthy', 'quiet') ORDER BY w.run DESC LIMIT 1) AS last_success,
    h.items, h.dated, h.articles, h.titles, h.dates, h.outlets, h.bodies, h.letters, h.on_topic, h.without_facts
FROM sources s LEFT JOIN source_health h
    ON h.source = s.id AND h.run = (SELECT max(l.run) FROM source_health l WHERE l.source = s.id)""",
)


def prepare_looking(database: Database) -> None:
    """Make all of it, and enter the articles that are stored already into the index."""
    for statement in _STATEMENTS:
        database.execute(statement)
    index_all(database.conn)
