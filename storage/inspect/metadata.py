"""What Datasette is told about the database: metadata.toml and the queries beside it."""

from __future__ import annotations

import sqlite3
import tomllib
from importlib.resources import files
from typing import Any

__all__ = ["datasette_metadata"]

_FOLDER = files("storage.inspect")


def datasette_metadata(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    """Datasette's metadata for the database, which it calls `name`: each column is described wherever it occurs."""
    told = tomllib.loads(_FOLDER.joinpath("metadata.toml").read_text(encoding="utf-8"))
    columns: dict[str, str] = told.pop("columns")
    own_tables: dict[str, dict[str, Any]] = told.pop("tables")
    queries: dict[str, dict[str, Any]] = told.pop("queries")
    tables = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall():
        names = [row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]
        described = {column: columns[column] for column in names if column in columns}
        tables[table] = {"columns": described} | own_tables.get(table, {})
    for query, record in queries.items():
        record["sql"] = _FOLDER.joinpath("queries", f"{query}.sql").read_text(encoding="utf-8").strip()
    return told | {"databases": {name: {"title": told["title"], "tables": tables, "queries": queries}}}
