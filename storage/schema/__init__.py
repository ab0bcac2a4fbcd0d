"""The tables and views, as migrations. docs/schema.md says what each column means; a test compares the two.

The schema is an interface: people write SQL against it. A migration that has been released is never changed, only
followed by another one. Times are ISO 8601: Z for what we did, +08:00 for what a page states.
"""

from __future__ import annotations

from contextlib import closing
from uuid import uuid4

from sqlite_utils import Database, Migrations

from storage.schema.copying import prepare_copying
from storage.schema.deliveries import prepare_deliveries
from storage.schema.first import FIRST
from storage.schema.history import prepare_history
from storage.schema.looking import prepare_looking
from storage.schema.novelty import prepare_novelty
from storage.schema.onepage import fold_addresses
from storage.schema.review import prepare_review
from storage.schema.watch import ATTACHMENTS, WATCH

__all__ = ["migration_names", "migrations"]

migrations = Migrations("evalwatch")


@migrations()
def m0001_first(database: Database) -> None:
    for statement in FIRST:
        database.execute(statement)
    database.execute("INSERT INTO installation (id) VALUES (?)", [uuid4().hex])


@migrations()
def m0002_attachments(database: Database) -> None:
    database.execute(ATTACHMENTS)


@migrations()
def m0003_watch(database: Database) -> None:
    for statement in WATCH:
        database.execute(statement)


migrations(name="m0004_looking")(prepare_looking)
migrations(name="m0005_novelty")(prepare_novelty)
migrations(name="m0005b_addresses")(fold_addresses)
migrations(name="m0005c_copies")(prepare_copying)
migrations(name="m0006_deliveries")(prepare_deliveries)
migrations(name="m0007_review")(prepare_review)
migrations(name="m0008_history")(prepare_history)


def migration_names() -> tuple[str, ...]:
    """The names of all migrations of this version, in order."""
    with closing(Database(memory=True)) as empty:
        return tuple(migration.name for migration in migrations.pending(empty))
