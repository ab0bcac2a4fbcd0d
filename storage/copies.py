"""Which articles are copies of one text, and the clusters that they form.

Of every text a sample of its shingles, the marks, stands in a table, so that the few texts that may be copies are found without
reading the others; those are compared in full. A cluster is all that hangs together by copies. What two texts are to each other does
not depend on which came first, therefore clusters do not either.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from storage.database import Store
from storage.likeness import Marks, is_copy, letters_of, marks_of, tell_alike
from storage.rows import digest, json_text

__all__ = ["join_cluster", "leave_cluster", "remember_text"]

SHARE_OF_MARKS = 0.4
"""Share of the marks of the shorter text from which two texts are compared in full."""

MOST_HOLDERS = 64
"""Texts remembered per mark: phrases that stand on every page of a site (disclaimers) do not grow without bound."""

MOST_COMPARED = 8
"""Texts of one cluster that are compared in full with a new one, the likeliest first."""

MOST_CLUSTERS = 64
"""Clusters of which texts are compared in full with a new one."""

YOUNG = 1000
"""Every so many texts their marks move from a small table into the great one. In that a mark is a page of its own to be written."""

LEAST_LETTERS = 30
"""Shorter texts (结果见附件) are the same only below the same headline."""


@dataclass(frozen=True, slots=True)
class _Text:
    """An article's body, as it is compared."""

    article: str
    """Id of the article."""
    letters: str
    """What of it is compared."""
    marks: Marks
    """By which it is found."""
    sameness: str
    """A hash that texts have in common if they are the same throughout."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A stored article that may be a copy."""

    article: str
    cluster: str


def join_cluster(store: Store, article: str, plain: str, facts: frozenset[str]) -> bool:
    """Put an article with this body, that states these facts, into the cluster of its copies, or into a new one.

    A cluster is named after the smallest id of its articles, and clusters that a new article links become one: neither
    depends on the order of arrival. Returns whether it made one of several. To be called inside a transaction, with the
    article's row stored.
    """
    text = _text(store, article, plain)
    clusters = _clusters_of_copies(store, text, facts)
    chosen = min({article, *clusters})
    for old in clusters - {chosen}:
        store.execute("INSERT OR IGNORE INTO clusters (id) VALUES (?)", chosen)
        store.execute("UPDATE articles SET cluster = ? WHERE cluster = ?", chosen, old)
        store.execute("DELETE FROM clusters WHERE id = ?", old)
    store.execute("INSERT OR IGNORE INTO clusters (id) VALUES (?)", chosen)
    store.execute("UPDATE articles SET cluster = ? WHERE id = ?", chosen, article)
    _remember(store, text, chosen)
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


def _text(store: Store, article: str, plain: str) -> _Text:
    letters = letters_of(plain)
    headline = ""
    if len(letters) < LEAST_LETTERS:
        headline = letters_of(store.value("SELECT title FROM articles WHERE id = ?", article) or article)
    return _Text(article, letters, marks_of(letters), digest(letters, headline))


def _clusters_of_copies(store: Store, text: _Text, facts: frozenset[str]) -> set[str]:
    """The clusters that hold a copy of this text. One copy says it of its whole cluster; the others are not compared."""
    found: set[str] = set()
    compared: Counter[str] = Counter()
    for candidate in _same(store, text):
        if candidate.cluster not in found and tell_alike(facts, _facts_of(store, candidate.article)):
            found.add(candidate.cluster)
    for candidate in _similar(store, text):
        if candidate.cluster in found or compared[candidate.cluster] == MOST_COMPARED:
            continue
        if candidate.cluster not in compared and len(compared) == MOST_CLUSTERS:
            break
        compared[candidate.cluster] += 1
        letters = letters_of(_body_text(store, candidate.article))
        # what is the same throughout was found before, or stands below another headline
        alike = tell_alike(facts, _facts_of(store, candidate.article))
        if letters != text.letters and is_copy(text.letters, letters, alike=alike):
            found.add(candidate.cluster)
    return found


def _same(store: Store, text: _Text) -> list[_Candidate]:
    """One article of each cluster that has this very text."""
    rows = store.rows(
        "SELECT min(a.id) AS id, a.cluster FROM copy_texts t JOIN articles a ON a.id = t.article "
        "WHERE t.sameness = ? AND t.article <> ? AND a.cluster IS NOT NULL GROUP BY a.cluster",
        text.sameness, text.article,
    )  # fmt: skip
    return [_Candidate(row["id"], row["cluster"]) for row in rows]


def _similar(store: Store, text: _Text) -> list[_Candidate]:
    """Stored articles that share so many marks that they may be copies; the likeliest first. Of two rates the higher counts: the
    other text has so many fewer marks of it."""
    rows = store.rows(
        "SELECT a.id, a.cluster, s.shared, min(?2 * min(1.0, 1.0 * ?3 / t.rate), t.marks * min(1.0, 1.0 * t.rate / ?3)) AS wanted "
        "FROM (SELECT text, count(*) AS shared FROM (SELECT m.text FROM json_each(?1) j CROSS JOIN copy_marks m ON m.mark = j.value "
        "UNION ALL SELECT m.text FROM json_each(?1) j CROSS JOIN copy_marks_young m ON m.mark = j.value) GROUP BY text) s "
        "JOIN copy_texts t ON t.number = s.text JOIN articles a ON a.id = t.article "
        "WHERE s.shared >= ?4 * wanted AND a.id <> ?5 AND a.cluster IS NOT NULL ORDER BY s.shared / wanted DESC, s.shared DESC, a.id",
        json_text(sorted(text.marks.numbers)), len(text.marks.numbers), text.marks.rate, SHARE_OF_MARKS, text.article,
    )  # fmt: skip
    return [_Candidate(row["id"], row["cluster"]) for row in rows]


def remember_text(store: Store, article: str, cluster: str) -> None:
    """Store how an article is found that is in its cluster already."""
    _remember(store, _text(store, article, _body_text(store, article)), cluster)


def _remember(store: Store, text: _Text, cluster: str) -> None:
    """Store how an article is found. Of each mark only the first MOST_HOLDERS holders are kept; what its cluster has word for word
    already needs no marks of its own."""
    if store.value("SELECT 1 FROM copy_texts WHERE article = ?", text.article):
        return
    is_there = _holder(store, text.sameness, cluster) is not None
    number = store.insert(
        "copy_texts", {"article": text.article, "sameness": text.sameness, "rate": text.marks.rate, "marks": 0}
    )
    if is_there:
        return
    kept = store.execute(
        "INSERT OR IGNORE INTO copy_marks_young (mark, text) SELECT j.value, ?1 FROM json_each(?2) j "
        "WHERE (SELECT count(*) FROM (SELECT 1 FROM copy_marks m WHERE m.mark = j.value UNION ALL "
        "SELECT 1 FROM copy_marks_young m WHERE m.mark = j.value LIMIT ?3)) < ?3",
        number, json_text(sorted(text.marks.numbers)), MOST_HOLDERS,
    )  # fmt: skip
    store.execute("UPDATE copy_texts SET marks = ? WHERE number = ?", kept, number)
    if number % YOUNG == 0:
        _settle(store)


def _settle(store: Store) -> None:
    """Put the young marks among the others, in their order: each page of the great table is then written once for several marks."""
    store.execute("INSERT INTO copy_marks (mark, text) SELECT mark, text FROM copy_marks_young ORDER BY mark, text")
    store.execute("DELETE FROM copy_marks_young")


def _holder(store: Store, sameness: str, cluster: str | None) -> int | None:
    """The number of a text of a cluster, word for word the same; of several the one with the marks."""
    number: int | None = store.value(
        "SELECT t.number FROM copy_texts t JOIN articles a ON a.id = t.article WHERE t.sameness = ? AND a.cluster = ? "
        "ORDER BY t.marks DESC LIMIT 1",
        sameness, cluster,
    )  # fmt: skip
    return number


def _forget(store: Store, article: str) -> None:
    """Delete how an article is found; the marks of a text that its cluster has word for word once more go to that. By mark, because
    an index by text would double what storing them costs."""
    known = store.row(
        "SELECT t.number, t.marks, t.sameness, a.cluster FROM copy_texts t JOIN articles a ON a.id = t.article WHERE a.id = ?", article
    )  # fmt: skip
    if known is None:
        return
    numbers = json_text(sorted(_text(store, article, _body_text(store, article)).marks.numbers))
    store.execute("DELETE FROM copy_texts WHERE number = ?", known["number"])
    heir = _holder(store, known["sameness"], known["cluster"]) if known["marks"] else None
    owned = "text = ? AND mark IN (SELECT j.value FROM json_each(?) j)"
    if heir is not None:
        store.execute("UPDATE copy_texts SET marks = ? WHERE number = ?", known["marks"], heir)
    for table in ("copy_marks", "copy_marks_young"):
        if heir is None:
            store.execute(f"DELETE FROM {table} WHERE {owned}", known["number"], numbers)  # noqa: S608 - constants
        else:
            store.execute(f"UPDATE {table} SET text = ? WHERE {owned}", heir, known["number"], numbers)  # noqa: S608 - constants


def _facts_of(store: Store, article: str) -> frozenset[str]:
    return frozenset(row["result"] for row in store.rows("SELECT result FROM mentions WHERE article = ?", article))


def _body_text(store: Store, article: str) -> str:
    """The body of a stored article in plain text: its paragraphs and tables, nothing around them."""
    rows = store.rows("SELECT plain FROM paragraphs WHERE article = ? ORDER BY number", article)
    return "\n".join(row["plain"] for row in rows)
