"""A night: what each source yielded, which results are new, whom it told."""

from __future__ import annotations

from storage.inspect.pages.facts import RESULT_COLUMNS, reading_order, with_words
from storage.inspect.reader import Reader, Row

__all__ = ["run"]

_RESULTS = 60
_ARTICLES = 60


def run(reader: Reader, number: int) -> Row | None:
    """The run with that number."""
    own = reader.row("SELECT * FROM runs_readable WHERE run = ?", number)
    if own is None:
        return None
    new = reader.rows(
        f"SELECT {RESULT_COLUMNS} FROM results r JOIN evaluations e ON e.id = r.evaluation WHERE r.run = ? "  # noqa: S608 - constants
        "AND r.status <> 'withdrawn' LIMIT ?",
        number, _RESULTS,
    )  # fmt: skip
    new.sort(key=reading_order)
    return own | {
        "total": reader.value("SELECT count(*) FROM results WHERE run = ? AND status <> 'withdrawn'", number),
        "results": with_words(reader, new, most=1),
        "changed": with_words(reader, _changed(reader, number)),
        "visits": reader.rows("SELECT * FROM run_sources WHERE run = ? ORDER BY state = 'healthy', source", number),
        "articles_stored": reader.rows(
            "SELECT id AS article, title, outlet, published, kind, source FROM articles WHERE run = ? "
            "ORDER BY kind <> 'results', published DESC LIMIT ?",
            number, _ARTICLES,
        ),
        "alerts": reader.rows(
            "SELECT night, subscription, channel, state, attempts, results, created, finished, last_error FROM alerts_readable "
            "WHERE created BETWEEN ? AND coalesce(?, '9999') ORDER BY created, subscription LIMIT 100",
            own["started"], own["finished"],
        ),
        "before": reader.value("SELECT max(id) FROM runs WHERE id < ?", number),
        "after": reader.value("SELECT min(id) FROM runs WHERE id > ?", number),
    }  # fmt: skip


def _changed(reader: Reader, number: int) -> list[Row]:
    """Results known before that articles of this night say more exactly or otherwise."""
    return reader.rows(
        f"SELECT {RESULT_COLUMNS} FROM (SELECT DISTINCT m.result FROM (SELECT id FROM articles WHERE run = ?1 LIMIT 2000) a "  # noqa: S608 - constants
        "JOIN mentions m ON m.article = a.id LIMIT 20000) c JOIN results r ON r.fact_key = c.result "
        "JOIN evaluations e ON e.id = r.evaluation WHERE r.run <> ?1 AND r.status IN ('refined', 'disputed') LIMIT ?2",
        number, _RESULTS,
    )  # fmt: skip
