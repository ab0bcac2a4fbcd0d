"""Stored addresses by today's rules of canonical_address: http and https, mobile and desktop are one page.

An article keeps its id whatever its address becomes: links to it, and alerts that were sent, name it by that.
"""

from __future__ import annotations

from sqlite3 import Connection
from typing import Any

from sqlite_utils import Database

from storage.addresses import canonical_address
from storage.search import forget_text

__all__ = ["fold_addresses"]

Row = dict[str, Any]


def fold_addresses(database: Database) -> None:
    """Give every stored address its canonical form.

    Two articles that become one address are one where text, facts and cluster are the same: the older stays, with the addresses and
    the alerts of the other. Where the texts differ both stay, and the address belongs to the one whose text is newer.
    """
    connection = database.conn
    _fold_articles(connection)
    _fold_keys(connection, "entries", "article IS NULL, first_seen, address")
    _fold_keys(connection, "misses", "first, address")
    connection.execute(
        "DELETE FROM entries WHERE article = (SELECT a.id FROM articles a WHERE a.address = entries.address)"
    )
    connection.execute("DELETE FROM misses WHERE address IN (SELECT a.address FROM articles a)")


def _fold_articles(connection: Connection) -> None:
    pages: dict[str, list[Row]] = {}
    columns = "id, url, address, sha256, cluster, coalesce(changed, first_seen) AS written"
    for row in _rows(connection, f"SELECT {columns} FROM articles ORDER BY first_seen, id"):  # noqa: S608 - constants
        pages.setdefault(canonical_address(row["url"]), []).append(row)
    moved: list[tuple[str, str]] = []
    for address, articles in pages.items():
        kept: list[Row] = []
        for article in articles:
            first = next((one for one in kept if _is_the_same(connection, one, article)), None)
            if first is None:
                kept.append(article)
            else:
                _drop_article(connection, article["id"], first["id"])
        moved += _moves(address, kept)
    # in two steps: addresses are unique at every moment
    connection.executemany("UPDATE articles SET address = id WHERE id = ?", [(identity,) for identity, _ in moved])
    connection.executemany("UPDATE articles SET address = ? WHERE id = ?", [(new, identity) for identity, new in moved])


def _moves(address: str, articles: list[Row]) -> list[tuple[str, str]]:
    """Which article gets which address: the newest text the canonical one; an older one that had it gets the newest one's."""
    newest = max(articles, key=lambda row: (row["written"], row["id"]))
    wanted = {row["id"]: address if row is newest else row["address"] for row in articles}
    for row in articles:
        if row is not newest and row["address"] == address:
            wanted[row["id"]] = newest["address"]
    return [(row["id"], wanted[row["id"]]) for row in articles if wanted[row["id"]] != row["address"]]


def _is_the_same(connection: Connection, one: Row, other: Row) -> bool:
    if (one["sha256"], one["cluster"]) != (other["sha256"], other["cluster"]):
        return False
    facts = "SELECT DISTINCT result FROM mentions WHERE article = ? ORDER BY result"
    return _rows(connection, facts, one["id"]) == _rows(connection, facts, other["id"])


def _drop_article(connection: Connection, article: str, kept: str) -> None:
    """Delete an article; what leads to it, and what was told of it, leads to the kept one."""
    forget_text(connection, article)
    connection.execute("UPDATE entries SET article = ? WHERE article = ?", (kept, article))
    connection.execute("UPDATE OR IGNORE alert_items SET article = ? WHERE article = ?", (kept, article))
    connection.execute("DELETE FROM alert_items WHERE article = ?", (article,))
    fellows = "SELECT min(id) FROM articles WHERE cluster = ? AND id <> ?"
    (name,) = connection.execute(fellows, (article, article)).fetchone()
    if name is not None:  # the cluster was named after the dropped one
        connection.execute("INSERT OR IGNORE INTO clusters (id) VALUES (?)", (name,))
        connection.execute("UPDATE articles SET cluster = ? WHERE cluster = ?", (name, article))
        connection.execute("DELETE FROM clusters WHERE id = ?", (article,))
    connection.execute("DELETE FROM articles WHERE id = ?", (article,))


def _fold_keys(connection: Connection, table: str, best: str) -> None:
    """Rewrite the keys of a table of addresses; of several rows that become one, the best stays."""
    rows = _rows(connection, f"SELECT address FROM {table} ORDER BY {best}")  # noqa: S608 - constants
    kept: dict[str, str] = {}
    lost = []
    for row in rows:
        old = row["address"]
        if kept.setdefault(canonical_address(old), old) != old:
            lost.append((old,))
    connection.executemany(f"DELETE FROM {table} WHERE address = ?", lost)  # noqa: S608
    connection.executemany(
        f"UPDATE {table} SET address = ? WHERE address = ?",  # noqa: S608
        [(new, old) for new, old in kept.items() if new != old],
    )


def _rows(connection: Connection, sql: str, *values: object) -> list[Row]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
