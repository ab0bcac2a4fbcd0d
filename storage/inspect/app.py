"""The application of `evalwatch inspect`: Datasette over the live file, read-only, with our pages and behind the guard."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from crawler.errors import StorageError, UsageError
from storage.database import APPLICATION_ID
from storage.inspect import plugin
from storage.inspect.guard import Guard, is_loopback
from storage.inspect.metadata import datasette_metadata
from storage.inspect.plugin import DATABASE
from storage.inspect.words import Outside
from storage.schema import migration_names

__all__ = ["application", "inspect", "refuse_unguarded"]

SETTINGS = {
    "sql_time_limit_ms": 1000,  # of a query that a reader writes
    "max_returned_rows": 1000,
    "default_page_size": 30,
    "facet_time_limit_ms": 25,  # a facet over a million rows is left out instead of waited for
    "suggest_facets": False,  # the useful ones are named in metadata.toml; looking for others costs 50 ms a column
    "allow_download": False,  # the file is at hand, and copying it while a night writes gives a broken copy
    "num_sql_threads": 3,
    "truncate_cells_html": 400,
    "max_csv_mb": 100,
    "default_cache_ttl": 0,  # the file changes every night
}
"""Where they differ from Datasette's own, or matter for safety."""

LEAST_PASSWORD = 12


def refuse_unguarded(host: str, password: str | None) -> None:
    """Raise UsageError where others could reach the pages without a password worth its name."""
    if password is not None and len(password) < LEAST_PASSWORD:
        raise UsageError(f"the password is shorter than {LEAST_PASSWORD} characters", hint="Take a longer one")
    if password is None and not is_loopback(host):
        raise UsageError(
            f"{host} can be reached by others, and there is no password",
            hint="Set EVALWATCH_INSPECT_PASSWORD, or leave --host away and come through an SSH tunnel",
        )


def application(path: Path, outside: Outside, *, password: str | None = None) -> Any:
    """The ASGI application over the database. Raises StorageError where it is none of ours, or older or later than this version."""
    metadata = _checked_metadata(path)
    if not pm.is_registered(plugin):
        pm.register(plugin)
        # Datasette asks every handler of errors, and its own prints a trace with the values of all variables
        pm.unregister(name="datasette.handle_exception")
    folder = files("storage.inspect")
    datasette = Datasette(
        [], metadata=metadata, settings=SETTINGS, template_dir=str(folder / "templates"),
        static_mounts=[("static", str(folder / "static"))],
    )  # fmt: skip
    plugin.attach(datasette, outside)
    datasette.remove_database("_memory")
    # mutable: a night may be writing; opened immutable, SQLite would not look at the log and miss what was stored last
    database = datasette.add_database(Database(datasette, path=str(path), is_mutable=True), name=DATABASE)

    async def table_counts(limit: int = 10) -> dict[str, None]:  # noqa: ARG001 - Datasette's own signature
        """No counts: of every table they would take 10 ms or be given up."""
        return dict.fromkeys(await database.table_names())

    database.table_counts = table_counts
    _prepare_templates(datasette)
    return Guard(datasette.app(), password, f"/{DATABASE}")


def _checked_metadata(path: Path) -> dict[str, Any]:
    """Look that the file is ours and of this version: quickly, not page by page as a night does."""
    if not path.is_file():
        raise StorageError(
            "no such database", where=str(path), hint="Run a night first: evalwatch run, or evalwatch demo"
        )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise StorageError(
                    "is another program's database", where=str(path), hint="Give --database FILE another name"
                )
            applied = [row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
            _refuse_other_versions(path, applied)
            return datasette_metadata(connection, DATABASE)
    except sqlite3.DatabaseError as error:
        raise StorageError(f"cannot be read ({error})", where=str(path)) from error


def _refuse_other_versions(path: Path, applied: list[str]) -> None:
    known = migration_names()
    if later := [name for name in applied if name not in known]:
        raise StorageError(
            f"was written by a later version of evalwatch ({later[-1]})", where=str(path), hint="Update evalwatch"
        )
    if set(known) - set(applied):
        raise StorageError(
            "has an older schema", where=str(path), hint="Run `evalwatch run` once, it brings it up to date"
        )


def _prepare_templates(datasette: Any) -> None:
    environment = datasette.jinja_env
    environment.filters["shortened"] = shortened
    environment.filters["merged"] = merged
    environment.finalize = without_direction_marks


_DIRECTION_MARKS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def without_direction_marks(value: Any) -> Any:
    """What a template writes, without characters that would turn the text around it (CVE-2021-42574).

    >>> without_direction_marks("a\u202eb"), without_direction_marks(3)
    ('ab', 3)
    """
    return value.translate(_DIRECTION_MARKS) if isinstance(value, str) else value


def shortened(text: str, most: int = 90) -> str:
    """Words on one line, cut where they are long: the article has them all.

    >>> shortened("武汉市\\n第三"), shortened("一二三", 2)
    ('武汉市 第三', '一二…')
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most] + "…"


def merged(mention: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """A mention with what its result knows besides: the kind."""
    return {"kind": row["kind"], **mention}


def inspect(
    path: Path, outside: Outside, *, host: str, port: int, password: str | None, ready: Callable[[str], None]
) -> None:
    """Serve the pages until interrupted. `ready` is told the address once requests are answered. Port 0 takes a free one."""
    refuse_unguarded(host, password)
    app = application(path, outside, password=password)
    server = uvicorn.Server(
        uvicorn.Config(
            app, host=host, port=port, log_level="warning", access_log=False, server_header=False, lifespan="on"
        )
    )
    started = server.startup

    async def startup(sockets: Any = None) -> None:
        await started(sockets)
        if server.started:
            own = server.servers[0].sockets[0].getsockname()
            ready(f"http://{f'[{own[0]}]' if ':' in own[0] else own[0]}:{own[1]}/")

    server.startup = startup  # type: ignore[method-assign]  # uvicorn has no hook for it
    server.run()
