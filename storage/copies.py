"""Which articles are copies of one text: wrapped, cut, retitled, but the same words.

A text is compared by its overlapping runs of characters (shingles). Of these a fixed sample, the marks, stands in a table,
so that the few texts that may be copies are found without reading the others. Containment, not similarity, decides: a
reprint inside an introduction and a disclaimer, or cut in the middle, holds most of the shorter text.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from storage.database import Store
from storage.rows import json_text

__all__ = ["Fingerprint", "fingerprint", "is_copy", "join_cluster", "leave_cluster", "tell_alike"]

SHINGLE = 5
"""Characters in a run: rarely the same by chance in Chinese, short enough to survive many small changes."""

SAMPLE = 8
"""One shingle in so many is a mark."""

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


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a text is compared by."""

    shingles: frozenset[int]
    """All runs of SHINGLE letters and digits, hashed to 32 bits; white space and punctuation are no part."""
    letters: str
    """The letters and digits themselves."""

    marks: frozenset[int]
    """The sample of them by which texts find each other."""


def fingerprint(plain: str) -> Fingerprint:
    """The fingerprint of a body's plain text.

    >>> fingerprint("湖北，第 5！") == fingerprint("湖北第5")
    True
    """
    letters = "".join(filter(str.isalnum, plain)).lower()
    runs = {letters[i : i + SHINGLE] for i in range(max(1, len(letters) - SHINGLE + 1))}
    shingles = frozenset(zlib.crc32(run.encode()) for run in runs)
    return Fingerprint(shingles, letters, frozenset(shingle for shingle in shingles if shingle % SAMPLE == 0))


def is_copy(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether one of the two texts holds (most of) the other."""
    if one.letters == other.letters:
        return True
    shorter, longer = sorted((one, other), key=lambda text: len(text.shingles))
    if len(shorter.shingles) < LEAST_SHINGLES:
        return False
    return len(shorter.shingles & longer.shingles) >= CONTAINED * len(shorter.shingles)


def tell_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts may be copies by the facts they state: at least half of the fewer facts are in both.

    This keeps apart what one template says of two places or two years. A text without facts fits every other.

    >>> tell_alike(frozenset("ab"), frozenset("bc")), tell_alike(frozenset("abc"), frozenset("c")), tell_alike(frozenset(), frozenset("c"))
    (True, True, True)
    """
    return 2 * len(one & other) >= min(len(one), len(other))


def join_cluster(store: Store, article: str, text: Fingerprint, facts: frozenset[str]) -> bool:
    """Put an article that states these facts into the cluster of its copies, or into a new one.

    A cluster is named after the smallest id of its articles, and clusters that a new article links become one: neither
    depends on the order of arrival. Returns whether it made one of several. To be called inside a transaction, with the
    article's row stored.
    """
    clusters = {
        cluster
        for other, cluster in _candidates(store, article, text)
        if tell_alike(facts, _facts_of(store, other)) and is_copy(text, fingerprint(_body_text(store, other)))
    }
    chosen = min({article, *clusters})
    for old in clusters - {chosen}:
        store.execute("INSERT OR IGNORE INTO clusters (id) VALUES (?)", chosen)
        store.execute("UPDATE articles SET cluster = ? WHERE cluster = ?", chosen, old)
        store.execute("DELETE FROM clusters WHERE id = ?", old)
    store.execute("INSERT OR IGNORE INTO clusters (id) VALUES (?)", chosen)
    store.execute("UPDATE articles SET cluster = ?, marks = ? WHERE id = ?", chosen, len(text.marks), article)
    _remember(store, article, text)
    return len(clusters) > 1


def leave_cluster(store: Store, article: str) -> list[str]:
    """Take an article out of its cluster, because its text changed; returns its former fellows.

    They are put together anew: it may have been what linked them.
    """
    store.execute("DELETE FROM copy_marks WHERE article = ?", article)
    cluster = store.value("SELECT cluster FROM articles WHERE id = ?", article)
    fellows = [
        row["id"] for row in store.rows("SELECT id FROM articles WHERE cluster = ? AND id <> ?", cluster, article)
    ]
    store.execute("UPDATE articles SET cluster = NULL WHERE cluster = ?", cluster)
    store.execute("DELETE FROM clusters WHERE id = ?", cluster)
    for fellow in fellows:
        join_cluster(store, fellow, fingerprint(_body_text(store, fellow)), _facts_of(store, fellow))
    return fellows


def _candidates(store: Store, article: str, text: Fingerprint) -> list[tuple[str, str]]:
    """Stored articles, with their clusters, that share so many marks that they may be copies; the likeliest first."""
    likely = store.rows(
        "SELECT s.article AS id, a.cluster FROM (SELECT m.article, count(*) AS shared FROM json_each(?) j "
        "JOIN copy_marks m ON m.mark = j.value WHERE m.article <> ? GROUP BY m.article) s "
        "JOIN articles a ON a.id = s.article WHERE s.shared >= ? * min(?, a.marks) AND a.cluster IS NOT NULL "
        "ORDER BY s.shared DESC, s.article LIMIT ?",
        json_text(sorted(text.marks)), article, SHARE_OF_MARKS, len(text.marks), MOST_COMPARED,
    )  # fmt: skip
    same = store.rows(
        "SELECT b.id, b.cluster FROM articles a JOIN articles b ON b.sha256 = a.sha256 AND b.id <> a.id "
        "WHERE a.id = ? AND b.cluster IS NOT NULL LIMIT 1",
        article,
    )
    return [(row["id"], row["cluster"]) for row in (*same, *likely)]


def _remember(store: Store, article: str, text: Fingerprint) -> None:
    """Store the marks of an article, but of each only the first MOST_HOLDERS holders."""
    store.execute(
        "INSERT OR IGNORE INTO copy_marks (mark, article) SELECT j.value, ? FROM json_each(?) j "
        "WHERE (SELECT count(*) FROM (SELECT 1 FROM copy_marks m WHERE m.mark = j.value LIMIT ?)) < ?",
        article, json_text(sorted(text.marks)), MOST_HOLDERS, MOST_HOLDERS,
    )  # fmt: skip


def _facts_of(store: Store, article: str) -> frozenset[str]:
    return frozenset(row["result"] for row in store.rows("SELECT result FROM mentions WHERE article = ?", article))


def _body_text(store: Store, article: str) -> str:
    """The body of a stored article in plain text: its paragraphs and tables, nothing around them."""
    rows = store.rows("SELECT plain FROM paragraphs WHERE article = ? ORDER BY number", article)
    return "\n".join(row["plain"] for row in rows)
