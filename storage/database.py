"""The SQLite file: opened soundly, written in one transaction at a time, backed up.

Every statement goes through Store, so that what SQLite complains of reaches a person as one StorageError that says what,
which file, and what to do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from crawler.errors import StorageError
from storage.backup import BACKUP_FOLDER, copy_database, newest_copy, rotate_copies, stamp
from storage.schema import migration_names, migrations

__all__ = ["APPLICATION_ID", "Store", "backup", "open_store"]

APPLICATION_ID = 0x65764C57
"""`evLW` in the header of the file: tells our databases from everybody else's."""

LOCK_TIMEOUT_S = 30
"""How long a write waits for another writer."""

_COMPLAINTS = {
    sqlite3.SQLITE_BUSY: ("is locked by another process", "Wait until it has finished, or stop it"),
    sqlite3.SQLITE_LOCKED: ("is locked by another connection", "Wait until it has finished"),
    sqlite3.SQLITE_READONLY: ("is read-only", "Make the file and its folder writable"),
    sqlite3.SQLITE_PERM: ("may not be opened", "Look at the permissions of the file and its folder"),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "Free some space and run again; what was stored is intact"),
    sqlite3.SQLITE_IOERR: ("cannot be read or written", "Look at the disk; what was stored before is kept"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Look at the path and its permissions"),
    sqlite3.SQLITE_CORRUPT: ("is damaged", None),
    sqlite3.SQLITE_NOTADB: ("is not an SQLite database", None),
}
"""What a person can act on, by primary result code. Everything else is a mistake of ours and is raised as it is."""


class Store:
    """One connection to one database file. Closes it at the end of its `with` block, without committing anything."""

    __slots__ = ("database", "path", "readonly")

    def __init__(self, path: Path, database: Database, *, readonly: bool) -> None:
        self.path = path
        self.database = database
        self.readonly = readonly

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.database.close()

    @contextmanager
    def writing(self) -> Iterator[Self]:
        """One transaction: all of it is stored at the end of the block, or nothing. Inside another one it joins that.

        BEGIN IMMEDIATE, because a deferred BEGIN fails at once with SQLITE_BUSY where it should wait (reliability.md,
        trap 6). Never talk to the network inside.
        """
        if self.database.conn.in_transaction:
            yield self
            return
        with _complaints(self.path):
            self.database.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self
                self.database.conn.execute("COMMIT")
            except BaseException:
                self.database.rollback()
                raise

    def execute(self, sql: str, *values: object) -> int:
        """Run one statement; returns how many rows it changed."""
        with _complaints(self.path):
            return self.database.conn.execute(sql, values).rowcount

    def execute_many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Run one statement once per row."""
        with _complaints(self.path):
            self.database.conn.executemany(sql, rows)

    def insert(self, table: str, row: dict[str, Any], *, conflict: str = "") -> int:
        """Insert one row; `conflict` is an ON CONFLICT clause. Returns its rowid."""
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        with _complaints(self.path):
            # names are our own constants; what came from the web is bound
            cursor = self.database.conn.execute(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks}) {conflict}', tuple(row.values())  # noqa: S608
            )  # fmt: skip
            return cursor.lastrowid or 0

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """All rows of a query, by column name."""
        with _complaints(self.path):
            cursor = self.database.conn.execute(sql, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def batches(self, sql: str, *values: object, size: int) -> Iterator[list[dict[str, Any]]]:
        """The rows of a query by column name, `size` at a time, so that a million of them need no memory. One statement sees one
        state of the database, whatever a night writes meanwhile."""
        with _complaints(self.path):
            cursor = self.database.conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        for rows in self._fetched(cursor, size):
            yield [dict(zip(names, row, strict=True)) for row in rows]

    def tuples(self, sql: str, *values: object, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """As batches, without the names."""
        with _complaints(self.path):
            cursor = self.database.conn.execute(sql, values)
        yield from self._fetched(cursor, size)

    def _fetched(self, cursor: sqlite3.Cursor, size: int) -> Iterator[list[tuple[Any, ...]]]:
        while True:
            with _complaints(self.path):
                rows = cursor.fetchmany(size)
            if not rows:
                return
            yield rows

    def row(self, sql: str, *values: object) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        with _complaints(self.path):
            row = self.database.conn.execute(sql, values).fetchone()
        return row[0] if row else None


def open_store(path: Path, *, readonly: bool = False, checked: bool = True) -> Store:
    """Open the database, create it where there is none, bring an older schema up to date (a copy is kept first).

    `checked=False`, for readers only: not every page is looked at first, which takes 12 s of a million results; damage is then
    told when it is come upon. Raises StorageError where the file is missing (readonly), locked, damaged, not ours, of a later version, or cannot be
    written. A file that is refused is left as it was.
    """
    if readonly and not path.is_file():
        raise StorageError(
            "no such database", where=str(path), hint="Run `evalwatch run` once, or give --database FILE"
        )
    try:
        if not readonly:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"its folder cannot be made ({error.strerror})", where=str(path)) from error
    with _complaints(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if readonly else 'rwc'}",
            uri=True, timeout=LOCK_TIMEOUT_S, isolation_level=None,
        )  # fmt: skip
        try:
            _refuse_strangers(connection, path, checked=checked or not readonly)
            return _prepare(Store(path, Database(connection, strict=True), readonly=readonly))
        except BaseException:
            connection.close()
            raise


def _refuse_strangers(connection: sqlite3.Connection, path: Path, *, checked: bool) -> None:
    """Raise StorageError unless the file is new or ours and, where it is checked, sound. Writes nothing."""
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID and (tables or owner):
        raise StorageError("is another program's database", where=str(path), hint="Give --database FILE another name")
    damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if checked else "ok"
    if damage != "ok":
        raise _damaged(path, f"is damaged ({' '.join(str(damage).split())[:120]})")


def _prepare(store: Store) -> Store:
    """Set the connection up and bring the schema up to date."""
    database = store.database
    store.execute("PRAGMA foreign_keys = ON")
    store.execute("PRAGMA synchronous = FULL")
    # 32 MB of pages in memory and a log of 16 MB: a quarter less time per article than with 2 and 4 MB
    store.execute("PRAGMA cache_size = -32000")
    store.execute("PRAGMA wal_autocheckpoint = 4000")
    # in this order: what another process migrates in between is then no older schema to be copied
    applied = [migration.name for migration in migrations.applied(database)]
    pending = [migration.name for migration in migrations.pending(database)]
    later = [name for name in applied if name not in migration_names()]
    if later:
        raise StorageError(
            f"was written by a later version of evalwatch ({later[-1]})", where=str(store.path), hint="Update evalwatch"
        )
    if store.readonly:
        if pending:
            raise StorageError(
                "has an older schema", where=str(store.path), hint="Run `evalwatch run` once, it brings it up to date"
            )
        return store
    if pending:
        if applied:
            copy_database(database.conn, store.path.with_name(f"{store.path.stem}-before-{pending[0]}.db"))
        _migrate(store)
    if store.value("PRAGMA journal_mode") != "wal":
        database.enable_wal()
    return store


def _migrate(store: Store) -> None:
    with store.writing():
        # inside one BEGIN IMMEDIATE, so that two processes that start together do not both migrate
        store.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.apply(store.database)


def backup(store: Store, folder: Path, keep: int, now: datetime) -> Path | None:
    """Write a checked copy of the database into the folder and delete all but the newest `keep` copies there.

    Returns the copy; None where keep is 0, which makes none. Raises StorageError where the copy is not sound.
    """
    if keep < 1:
        return None
    target = folder / f"{store.path.stem}-{stamp(now)}.db"
    with _complaints(store.path):
        copy_database(store.database.conn, target)
    rotate_copies(folder, store.path.stem, keep)
    return target


@contextmanager
def _complaints(path: Path) -> Iterator[None]:
    """Turn what SQLite complains of, and a person can act on, into a StorageError."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        complaint = _COMPLAINTS.get(code & 0xFF) if isinstance(code, int) else None
        if complaint is None:
            raise
        what, hint = complaint
        if hint is None:
            raise _damaged(path, what) from error
        raise StorageError(what, where=str(path), hint=hint) from error


def _damaged(path: Path, what: str) -> StorageError:
    copy = newest_copy(path.parent / BACKUP_FOLDER, path.stem) or newest_copy(path.parent, path.stem)
    restore = f"Put the newest backup in its place: {copy}" if copy else "Restore a backup, or move the file away"
    return StorageError(what, where=str(path), hint=f"Nothing was written. {restore}")
