"""Which articles are copies of one text: wrapped, cut, retitled, but the same words.

A text is compared by its overlapping runs of characters (shingles). Of these a fixed sample, the marks, stands in a table,
so that the few texts that may be copies are found without reading the others. Containment, not similarity, decides: a
reprint inside an introduction and a disclaimer, or cut in the middle, holds most of the shorter text.
"""

from __future__ import annotations

import re
import zlib

from storage.database import Store
from storage.rows import json_text

__all__ = ["is_copy", "join_cluster", "leave_cluster", "letters_of", "marks_of", "shingles_of", "tell_alike"]

SHINGLE = 5
"""Characters in a run: rarely the same by chance in Chinese, short enough to survive many small changes."""

SAMPLE = 16
"""One shingle in so many is a mark. Each mark is a row somewhere else in its table, so they are what storing costs: at 8 a text
of 1,500 characters takes 1.6 times as long. A text of LEAST_SHINGLES has none in 2 of 100 cases, one of twice that in none."""

LEAST_SHINGLES = 60
"""A shorter text says too little of its own to be called a copy, unless it is the same throughout."""

CONTAINED = 0.7
"""Share of the shorter text that must stand in the longer one."""

SHARE_OF_MARKS = 0.4
"""Share of the marks of the shorter text from which two texts are compared in full."""

MOST_HOLDERS = 64
"""Texts remembered per mark: phrases that stand on every page of a site (disclaimers) do not grow without bound."""

MOST_COMPARED = 24
"""Texts compared in full per new article."""

_NO_LETTER = re.compile(r"[\W_]+")


def letters_of(plain: str) -> str:
    """What of a text is compared: its letters and digits.

    >>> letters_of("湖北，第 5！")
    '湖北第5'
    """
    return _NO_LETTER.sub("", plain).lower()


def marks_of(letters: str) -> frozenset[int]:
    """The marks of a text, by which texts find each other: those of its shingles whose checksum is a multiple of SAMPLE."""
    # UTF-32, so that a shingle is a slice of the bytes and need not be encoded by itself: half the time
    data = letters.encode("utf-32-le")
    starts = range(0, max(1, len(data) - 4 * SHINGLE + 1), 4)
    checksums = (zlib.crc32(data[start : start + 4 * SHINGLE]) for start in starts)
    return frozenset(checksum for checksum in checksums if checksum % SAMPLE == 0)


def shingles_of(letters: str) -> frozenset[str]:
    """All runs of SHINGLE letters and digits of a text."""
    return frozenset(letters[i : i + SHINGLE] for i in range(max(1, len(letters) - SHINGLE + 1)))


def is_copy(one: str, other: str) -> bool:
    """Whether one of two texts, given as their letters, holds (most of) the other.

    >>> is_copy("湖北第5", "湖北第5"), is_copy("湖北第5", "湖北第5湖南第6")
    (True, False)
    """
    if one == other:
        return True
    shorter, longer = sorted((shingles_of(one), shingles_of(other)), key=len)
    return len(shorter) >= LEAST_SHINGLES and len(shorter & longer) >= CONTAINED * len(shorter)


def tell_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts may be copies by the facts they state: at least half of the fewer facts are in both.

    This keeps apart what one template says of two places or two years. A text without facts fits every other.

    >>> tell_alike(frozenset("ab"), frozenset("bc")), tell_alike(frozenset("abc"), frozenset("c")), tell_alike(frozenset(), frozenset("c"))
    (True, True, True)
    """
    return 2 * len(one & other) >= min(len(one), len(other))


def join_cluster(store: Store, article: str, plain: str, facts: frozenset[str]) -> bool:
    """Put an article with this body, that states these facts, into the cluster of its copies, or into a new one.

    A cluster is named after the smallest id of its articles, and clusters that a new article links become one: neither
    depends on the order of arrival. Returns whether it made one of several. To be called inside a transaction, with the
    article's row stored.
    """
    letters = letters_of(plain)
    marks = marks_of(letters)
    clusters = _clusters_of_copies(store, article, letters, marks, facts)
    chosen = min({article, *clusters})
    for old in clusters - {chosen}:
        store.execute("INSERT OR IGNORE INTO clusters (id) VALUES (?)", chosen)
        store.execute("UPDATE articles SET cluster = ? WHERE cluster = ?", chosen, old)
        store.execute("DELETE FROM clusters WHERE id = ?", old)
    store.execute("INSERT OR IGNORE INTO clusters (id) VALUES (?)", chosen)
    store.execute("UPDATE articles SET cluster = ?, marks = ? WHERE id = ?", chosen, len(marks), article)
    _remember(store, article, marks)
    return len(clusters) > 1


def leave_cluster(store: Store, article: str) -> list[str]:
    """Take an article out of its cluster, because its text changes; returns its former fellows. To be called while the
    paragraphs still hold the old text.

    They are put together anew: it may have been what linked them.
    """
    _forget(store, article)
    cluster = store.value("SELECT cluster FROM articles WHERE id = ?", article)
    fellows = [
        row["id"] for row in store.rows("SELECT id FROM articles WHERE cluster = ? AND id <> ?", cluster, article)
    ]
    store.execute("UPDATE articles SET cluster = NULL WHERE cluster = ?", cluster)
    store.execute("DELETE FROM clusters WHERE id = ?", cluster)
    for fellow in fellows:
        join_cluster(store, fellow, _body_text(store, fellow), _facts_of(store, fellow))
    return fellows


def _clusters_of_copies(
    store: Store, article: str, letters: str, marks: frozenset[int], facts: frozenset[str]
) -> set[str]:
    """The clusters that hold a copy of this text. One copy says it of its whole cluster; the others are not compared."""
    found: set[str] = set()
    for other, cluster in _candidates(store, article, marks):
        if cluster in found or not tell_alike(facts, _facts_of(store, other)):
            continue
        if is_copy(letters, letters_of(_body_text(store, other))):
            found.add(cluster)
    return found


def _candidates(store: Store, article: str, marks: frozenset[int]) -> list[tuple[str, str]]:
    """Stored articles, with their clusters, that share so many marks that they may be copies; the likeliest first."""
    likely = store.rows(
        "SELECT s.article AS id, a.cluster FROM (SELECT m.article, count(*) AS shared FROM json_each(?) j "
        "JOIN copy_marks m ON m.mark = j.value WHERE m.article <> ? GROUP BY m.article) s "
        "JOIN articles a ON a.id = s.article WHERE s.shared >= ? * min(?, a.marks) AND a.cluster IS NOT NULL "
        "ORDER BY s.shared DESC, s.article LIMIT ?",
        json_text(sorted(marks)), article, SHARE_OF_MARKS, len(marks), MOST_COMPARED,
    )  # fmt: skip
    same = store.rows(
        "SELECT b.id, b.cluster FROM articles a JOIN articles b ON b.sha256 = a.sha256 AND b.id <> a.id "
        "WHERE a.id = ? AND b.cluster IS NOT NULL LIMIT 1",
        article,
    )
    return [(row["id"], row["cluster"]) for row in (*same, *likely)]


def _remember(store: Store, article: str, marks: frozenset[int]) -> None:
    """Store the marks of an article, but of each only the first MOST_HOLDERS holders."""
    store.execute(
        "INSERT OR IGNORE INTO copy_marks (mark, article) SELECT j.value, ? FROM json_each(?) j "
        "WHERE (SELECT count(*) FROM (SELECT 1 FROM copy_marks m WHERE m.mark = j.value LIMIT ?)) < ?",
        article, json_text(sorted(marks)), MOST_HOLDERS, MOST_HOLDERS,
    )  # fmt: skip


def _forget(store: Store, article: str) -> None:
    """Delete the marks of an article; by mark, because an index by article would double what storing them costs."""
    store.execute(
        "DELETE FROM copy_marks WHERE article = ? AND mark IN (SELECT j.value FROM json_each(?) j)",
        article, json_text(sorted(marks_of(letters_of(_body_text(store, article))))),
    )  # fmt: skip


def _facts_of(store: Store, article: str) -> frozenset[str]:
    return frozenset(row["result"] for row in store.rows("SELECT result FROM mentions WHERE article = ?", article))


def _body_text(store: Store, article: str) -> str:
    """The body of a stored article in plain text: its paragraphs and tables, nothing around them."""
    rows = store.rows("SELECT plain FROM paragraphs WHERE article = ? ORDER BY number", article)
    return "\n".join(row["plain"] for row in rows)
