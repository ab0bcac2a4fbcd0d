from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from crawler.errors import StorageError
from crawler.items import Entry, SeenPage
from storage import database as module
from storage import deliveries, health, looks, misses, outbox, runs
from storage.articles import known_urls, remember_entries, store_article
from storage.database import Store, backup, open_store
from storage.results import query_documents, query_results
from storage.schema import migration_names, migrations
from tests.store_samples import NEWS, NIGHT, NOW, arrival, article


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "t.db"


def test_a_new_database_is_made_soundly(path: Path) -> None:
    with open_store(path) as store:
        settings = {
            name: store.value(f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "foreign_keys", "application_id", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "application_id": module.APPLICATION_ID,
        "busy_timeout": 30_000,
    }  # fmt: skip


def test_opening_twice_changes_nothing(path: Path) -> None:
    with open_store(path) as store:
        first = store.rows("SELECT * FROM _sqlite_migrations")
    with open_store(path) as store:
        assert store.rows("SELECT * FROM _sqlite_migrations") == first
    assert [p.name for p in path.parent.iterdir()] == ["t.db"]


def _insert(store: Store, *ids: str) -> None:
    with store.writing():
        for identity in ids:
            store.execute("INSERT INTO sources (id) VALUES (?)", identity)


def _insert_nested(store: Store) -> None:
    with store.writing():
        _insert(store, "a")
        _insert(store, "b", "b")


def test_a_transaction_is_stored_whole_or_not_at_all(path: Path) -> None:
    with open_store(path) as store:
        _insert(store, "a")
        with pytest.raises(sqlite3.IntegrityError):
            _insert(store, "b", "a")
        assert store.rows("SELECT id FROM sources") == [{"id": "a"}]


def test_a_transaction_inside_another_joins_it(path: Path) -> None:
    with open_store(path) as store:
        with pytest.raises(sqlite3.IntegrityError):
            _insert_nested(store)
        assert store.value("SELECT count(*) FROM sources") == 0


def test_a_write_waits_for_another_writer(path: Path) -> None:
    """Trap 6: a deferred BEGIN would fail at once."""
    with open_store(path) as store:
        other = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.1, lambda: other.execute("COMMIT"))
        release.start()
        began = time.monotonic()
        store_article(store, arrival(store))
        assert time.monotonic() - began >= 0.05
        release.join()
        other.close()
        assert store.value("SELECT count(*) FROM articles") == 1


def test_a_lock_that_is_never_released_is_a_storage_error(path: Path) -> None:
    with open_store(path) as store:
        store.execute("PRAGMA busy_timeout = 20")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match=r"t\.db: is locked by another process\. Wait"), store.writing():
            pytest.fail("the block must not be entered")
        other.close()


def test_a_full_disk_leaves_the_database_sound(path: Path) -> None:
    with open_store(path) as store:
        first = arrival(store, article(NEWS * 30))
        store.execute(f"PRAGMA max_page_count = {store.value('PRAGMA page_count')}")
        with pytest.raises(StorageError, match="the disk is full"):
            store_article(store, first)
    with open_store(path) as store:
        assert store.value("PRAGMA integrity_check") == "ok"
        assert store.value("SELECT count(*) FROM articles") == 0


def _garbage(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name says\n" * 100)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def _overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 12] = os.urandom(4096 * 9)
    path.write_bytes(data)


def _header(path: Path) -> None:
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])


@pytest.mark.parametrize("damage", [_garbage, _cut, _overwritten, _header])
@pytest.mark.parametrize("readonly", [False, True])
def test_a_damaged_file_is_refused_and_left_as_it_was(
    path: Path, damage: Callable[[Path], None], *, readonly: bool
) -> None:
    with open_store(path) as store:
        store_article(store, arrival(store))
    damage(path)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"t\.db: is (damaged|not an SQLite database).*Nothing was written"):
        open_store(path, readonly=readonly)
    assert path.read_bytes() == before


def test_the_error_names_the_newest_backup(path: Path) -> None:
    folder = path.parent / "backups"
    with open_store(path) as store:
        backup(store, folder, 3, NOW)
        newest = backup(store, folder, 3, NOW + timedelta(days=1))
    _cut(path)
    with pytest.raises(StorageError, match=f"newest backup in its place: {newest}"):
        open_store(path)


def test_a_database_of_somebody_else_is_refused(path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE cookies (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="another program's database"):
        open_store(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with open_store(path) as store:
        assert store.value("SELECT count(*) FROM articles") == 0


def test_a_later_schema_is_refused(path: Path) -> None:
    with open_store(path) as store:
        store.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('evalwatch', 'm9999_x', '')"
        )
    with pytest.raises(StorageError, match=r"later version of evalwatch \(m9999_x\)\. Update evalwatch"):
        open_store(path)


def _later_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that this version has one migration more."""
    later = Migrations("evalwatch")
    for migration in migrations.pending(Database(memory=True)):
        later(name=migration.name)(migration.fn)

    @later()
    def m9999_more(database: Database) -> None:
        database.execute("CREATE TABLE more (id TEXT PRIMARY KEY) STRICT")

    monkeypatch.setattr(module, "migrations", later)
    names = (*migration_names(), "m9999_more")
    monkeypatch.setattr(module, "migration_names", lambda: names)


def test_an_older_schema_is_brought_up_to_date_and_a_copy_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(path) as store:
        store_article(store, arrival(store))
    _later_version(monkeypatch)
    with pytest.raises(StorageError, match="older schema"):
        open_store(path, readonly=True)
    with open_store(path) as store:
        assert store.value("SELECT count(*) FROM articles") == 1
        assert store.value("SELECT count(*) FROM more") == 0
    copy = sqlite3.connect(path.with_name("t-before-m9999_more.db"))
    tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_schema")}
    assert copy.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    assert "more" not in tables
    copy.close()


def test_readonly_opens_nothing_that_is_not_there(path: Path) -> None:
    with pytest.raises(StorageError, match="no such database"):
        open_store(path, readonly=True)
    assert not path.parent.exists()


def test_readonly_cannot_write(path: Path) -> None:
    open_store(path).close()
    with open_store(path, readonly=True) as store, pytest.raises(StorageError, match="is read-only"):
        store.execute("INSERT INTO sources (id) VALUES ('a')")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(StorageError, match=r"(cannot be opened|folder cannot be made)"):
        open_store(folder / "below" / "t.db")


def test_backup_is_one_sound_file_and_the_oldest_go(path: Path) -> None:
    folder = path.parent / "backups"
    folder.mkdir(parents=True)
    (folder / "notes.db").touch()
    with open_store(path) as store:
        store_article(store, arrival(store))
        made = [backup(store, folder, 2, NOW + timedelta(days=day)) for day in range(4)]
    assert sorted(p.name for p in folder.iterdir()) == ["notes.db", "t-20241222T223000Z.db", "t-20241223T223000Z.db"]
    assert made[-1] is not None
    assert made[-1].read_bytes()[18] == 1, "the copy must not need a -wal file beside it"
    with open_store(made[-1], readonly=True) as copy:
        assert copy.value("SELECT count(*) FROM mentions") == 1


def test_no_backup_is_made_where_none_is_kept(path: Path) -> None:
    with open_store(path) as store:
        assert backup(store, path.parent / "backups", 0, NOW) is None
    assert not (path.parent / "backups").exists()


_KILLED = """
import sys
from pathlib import Path
from storage.database import open_store
store = open_store(Path(sys.argv[1]))
with store.writing():
    store.execute("INSERT INTO sources (id) VALUES ('kept')")
store.execute("BEGIN IMMEDIATE")
for n in range(20000):
    store.execute("INSERT INTO sources (id) VALUES (?)", f"{n:0100}")
    if n == 10000:
        print("inside", flush=True)
        sys.stdin.read()
"""


def test_kill_9_inside_a_transaction_leaves_the_database_sound(path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"inside\n"
        child.send_signal(signal.SIGKILL)
    with open_store(path) as store:
        assert store.rows("SELECT id FROM sources") == [{"id": "kept"}]
        assert store.value("PRAGMA integrity_check") == "ok"
        store_article(store, arrival(store))


def test_two_processes_may_create_the_database_at_once(path: Path) -> None:
    errors: list[BaseException] = []

    def open_it() -> None:
        try:
            open_store(path).close()
        except BaseException as error:  # noqa: BLE001 - shown below
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with open_store(path) as store:
        assert store.value("SELECT count(*) FROM _sqlite_migrations") == len(migration_names())


def test_a_mistake_of_ours_is_not_dressed_up(path: Path) -> None:
    with open_store(path) as store, pytest.raises(sqlite3.OperationalError, match="no such table"):
        store.rows("SELECT * FROM nowhere")


def test_a_store_that_was_closed_is_closed(path: Path) -> None:
    with open_store(path) as store:
        kept: Store = store
    with pytest.raises(sqlite3.ProgrammingError):
        kept.value("SELECT 1")


WRITES: dict[str, Callable[[Store], object]] = {
    # every function that writes; extend it with each new one
    "start_run": lambda store: runs.start_run(store, night=NIGHT, now=NOW, replay=True),
    "finish_run": lambda store: runs.finish_run(store, 1, "ok", NOW),
    "finish_source": lambda store: runs.finish_source(store, 1, "s", runs.SourceCounts(), now=NOW, state="healthy"),
    "remember_list": lambda store: runs.remember_list(store, SeenPage("http://e.cn/", None, None, "d"), NIGHT),
    "note_look": lambda store: looks.note_look(store, "a", NIGHT, NOW),
    "note_miss": lambda store: misses.note_miss(store, "s", Entry("http://e.cn/9", "t"), NIGHT),
    "remember_entries": lambda store: remember_entries(store, "s", [Entry("http://e.cn/1", "t")], NOW),
    "store_article": lambda store: store_article(store, arrival(store, run=1)),
    "close_alert": lambda store: outbox.close_alert(store, "msg_1", ["file"], "{}", NOW),
    "record_delivery": lambda store: deliveries.record_delivery(store, "msg_1", "file", ok=True, error=None, now=NOW),
}
READS: dict[str, Callable[[Store], object]] = {
    "known_urls": lambda store: known_urls(store, ["http://e.cn/1"]),
    "query_results": query_results,
    "query_documents": query_documents,
    "source_state": lambda store: runs.source_state(store, "s"),
    "source_states": runs.source_states,
    "run_summary": lambda store: runs.run_summary(store, 1),
    "known_list": lambda store: runs.known_list(store, "http://e.cn/", NIGHT),
    "due_looks": lambda store: looks.due_looks(store, "s", NIGHT),
    "due_misses": lambda store: misses.due_misses(store, "s", NIGHT),
    "good_nights": lambda store: health.good_nights(store, "s", NIGHT, before_run=1),
    "last_state": lambda store: health.last_state(store, "s", before_run=1),
    "seen_years": health.seen_years,
    "pending": lambda store: outbox.pending(store, NOW),
    "due_deliveries": lambda store: deliveries.due_deliveries(store, NOW),
    "list_alerts": outbox.list_alerts,
}


@pytest.fixture
def locked(path: Path) -> Iterator[Store]:
    """A store on whose file another connection holds the lock, and does not let go."""
    with open_store(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        runs.start_run(store, night=NIGHT, now=NOW, replay=True)
        store.execute("PRAGMA busy_timeout = 10")
        other.execute("BEGIN IMMEDIATE")
        yield store


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_every_write_that_finds_the_database_locked_says_so(locked: Store, write: Callable[[Store], object]) -> None:
    with pytest.raises(StorageError, match="is locked by another process"):
        write(locked)


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_every_read_goes_on_while_another_writes(locked: Store, read: Callable[[Store], object]) -> None:
    read(locked)


@pytest.mark.parametrize("call", [*WRITES.values(), *READS.values()], ids=[*WRITES, *READS])
def test_every_call_on_a_file_damaged_meanwhile_is_a_storage_error(path: Path, call: Callable[[Store], object]) -> None:
    with open_store(path) as store:
        runs.start_run(store, night=NIGHT, now=NOW, replay=True)
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
        store.execute("PRAGMA shrink_memory")
        with pytest.raises(StorageError, match=r"is (damaged|not an SQLite database)"):
            call(store)


def test_writers_in_parallel_lose_nothing(path: Path) -> None:
    errors: list[BaseException] = []
    open_store(path).close()

    def write(writer: int) -> None:
        try:
            with open_store(path) as store:
                for number in range(10):
                    url = f"http://{writer}.cn/{number}"
                    store_article(store, arrival(store, article(NEWS, url), run=1))
        except BaseException as error:  # noqa: BLE001 - shown below
            errors.append(error)

    with open_store(path) as store:
        runs.start_run(store, night=NIGHT, now=NOW, replay=True)
        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors
        assert store.value("SELECT count(*) FROM articles") == 60
        assert store.value("SELECT count(*) FROM mentions") == 60
        assert store.value("SELECT count(*) FROM clusters") == 1
