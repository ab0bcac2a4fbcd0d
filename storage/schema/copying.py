"""How copies are found: smaller tables, whose cost does not grow with the length of a text."""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["prepare_copying"]

_STATEMENTS = (
    "DROP TABLE copy_marks",
    "ALTER TABLE articles DROP COLUMN marks",
    """CREATE TABLE copy_texts (
    number INTEGER PRIMARY KEY,
    article TEXT NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE,
    sameness TEXT NOT NULL,
    rate INTEGER NOT NULL,
    marks INTEGER NOT NULL
) STRICT""",
    "CREATE INDEX copy_texts_by_sameness ON copy_texts (sameness)",
    """CREATE TABLE copy_marks (
    mark INTEGER NOT NULL,
    text INTEGER NOT NULL,
    PRIMARY KEY (mark, text)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE copy_marks_young (
    mark INTEGER NOT NULL,
    text INTEGER NOT NULL,
    PRIMARY KEY (mark, text)
) STRICT, WITHOUT ROWID""",
)


def prepare_copying(database: Database) -> None:
    """Make the tables and enter what is stored. Clusters stay as they are: their articles are grouped anew when one changes."""
    from pathlib import Path

    from storage.copies import remember_text
    from storage.database import Store

    for statement in _STATEMENTS:
        database.execute(statement)
    store = Store(Path(), database, readonly=False)
    for row in store.rows("SELECT id, cluster FROM articles ORDER BY first_seen, id"):
        remember_text(store, row["id"], row["cluster"])
