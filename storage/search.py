"""The index for searching articles in Chinese, kept by the writer in the transaction that stores the article.

SQLite's own tokenizers find no word of two characters (reliability.md (c)), so the terms are pairs of neighbouring
characters: 绩效评估 is 绩效 效评 评估. The index holds which article has which term and nothing else (no text, no positions):
what it finds is looked up in the text before it is shown, see storage/inspect/searching.py.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

__all__ = ["forget_text", "index_all", "index_text", "match_expression", "terms"]

_RUN = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
_PER_DAY = 1 << 14
"""Numbers per day of publication: the newest come first without sorting, because FTS5 walks its lists backwards."""
_NO_DAY = date(1990, 1, 1)
_MOST_TERMS = 60


def terms(text: str) -> set[str]:
    """The terms of a simplified text: each pair of neighbouring characters, the last character of each run, and every word or
    number of ASCII.

    >>> sorted(terms("武汉市第19届CSTC"))
    ['19', 'cstc', '届', '市第', '武汉', '汉市', '第']
    """
    found: set[str] = set()
    for run in _RUN.findall(text.lower()):
        if run[0].isascii():
            found.add(run)
            continue
        found.update(map("".join, pairwise(run)))
        found.add(run[-1])
    return found


def match_expression(text: str) -> str | None:
    """The MATCH expression for articles that may hold every word of this simplified text; None where it holds no word.

    A single character is looked for as the beginning of a pair. Words of ASCII are beginnings too.

    >>> match_expression("武汉 绩效")
    '"武汉" AND "绩效"'
    >>> match_expression("第19届"), match_expression("汉"), match_expression("?!")
    ('"19" *', '"汉" *', None)
    """
    pairs: dict[str, None] = {}
    singles: dict[str, None] = {}
    for run in _RUN.findall(text.lower()):
        if run[0].isascii():
            pairs[f'"{run}" *'] = None
        elif len(run) == 1:
            singles[f'"{run}" *'] = None
        else:
            pairs.update((f'"{run[i : i + 2]}"', None) for i in range(len(run) - 1))
    wanted = list(pairs or singles)[:_MOST_TERMS]
    return " AND ".join(wanted) or None


def index_text(
    connection: sqlite3.Connection, article: str, published: str | None, texts: Iterable[str | None]
) -> None:
    """Enter an article that is not in the index. To be called inside the transaction that stores it."""
    number = _free_number(connection, published)
    connection.execute("INSERT INTO text_numbers (number, article) VALUES (?, ?)", (number, article))
    connection.execute("INSERT INTO text_terms (rowid, terms) VALUES (?, ?)", (number, _joined(texts)))


def forget_text(connection: sqlite3.Connection, article: str) -> None:
    """Take an article out, to be called before its text changes: FTS5 must be told the terms that it was entered with."""
    row = connection.execute("SELECT number FROM text_numbers WHERE article = ?", (article,)).fetchone()
    if row is None:
        return
    connection.execute(
        "INSERT INTO text_terms (text_terms, rowid, terms) VALUES ('delete', ?, ?)",
        (row[0], _joined(_texts(connection, article))),
    )
    connection.execute("DELETE FROM text_numbers WHERE number = ?", row)


def index_all(connection: sqlite3.Connection) -> None:
    """Enter every stored article: for a database that is older than the index."""
    for article, published in connection.execute("SELECT id, published FROM articles ORDER BY published").fetchall():
        index_text(connection, article, published, _texts(connection, article))


def _texts(connection: sqlite3.Connection, article: str) -> list[str | None]:
    """Headline, outlet and body as they are stored."""
    head = connection.execute("SELECT title, outlet FROM articles WHERE id = ?", (article,)).fetchone()
    body = connection.execute("SELECT plain FROM paragraphs WHERE article = ? ORDER BY number", (article,))
    return [*(head or ()), *(row[0] for row in body)]


def _joined(texts: Iterable[str | None]) -> str:
    # in one order, so that equal texts give equal rows
    return " ".join(sorted(terms("\n".join(text or "" for text in texts))))


def _free_number(connection: sqlite3.Connection, published: str | None) -> int:
    """The next number of the day of publication; of the day after, where a day has had all of its own."""
    day = (date.fromisoformat(published[:10]) - _NO_DAY).days if published else 0
    while True:
        first = max(day, 0) * _PER_DAY + 1
        row = connection.execute(
            "SELECT max(number) FROM text_numbers WHERE number BETWEEN ? AND ?", (first, first + _PER_DAY - 2)
        ).fetchone()
        number: int = first if row[0] is None else row[0] + 1
        if number < first + _PER_DAY - 1:
            return number
        day += 1
