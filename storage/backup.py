"""Copies of the database: complete, checked, on disk before they get their name."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import StorageError

__all__ = ["BACKUP_FOLDER", "copy_database", "newest_copy", "rotate_copies", "stamp"]

BACKUP_FOLDER = "backups"
"""Beside the database."""


def stamp(now: datetime) -> str:
    """The time as file names have it: sorts by time.

    >>> stamp(datetime(2026, 11, 22, 6, 30, tzinfo=UTC))
    '20261122T063000Z'
    """
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a live database, with what still stands in its WAL, to `target`: checked and synced before it is renamed.

    Raises StorageError where the copy cannot be written or is not sound; `target` is then as it was.
    """
    temporary = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        with closing(sqlite3.connect(temporary)) as copy:
            connection.backup(copy)
            # one file that Datasette and a person can open anywhere, without -wal and -shm beside it
            copy.execute("PRAGMA journal_mode = DELETE")
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise StorageError(f"the copy is not sound ({found})", where=str(target), hint="Look at the disk")
        _sync(temporary)
        temporary.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise StorageError(f"the copy cannot be written ({error.strerror})", where=str(target)) from error
    finally:
        temporary.unlink(missing_ok=True)


def rotate_copies(folder: Path, stem: str, keep: int) -> list[Path]:
    """Delete all but the newest `keep` copies of that database; returns what was deleted. Other files stay."""
    old = _copies(folder, stem)[:-keep]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def newest_copy(folder: Path, stem: str) -> Path | None:
    """The newest copy of that database in the folder, or None."""
    copies = _copies(folder, stem)
    return copies[-1] if copies else None


def _copies(folder: Path, stem: str) -> list[Path]:
    name = re.compile(re.escape(stem) + r"-\d{8}T\d{6}Z\.db")
    return sorted(path for path in folder.glob("*.db") if name.fullmatch(path.name))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
