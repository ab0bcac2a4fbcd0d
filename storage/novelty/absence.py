"""Pages that do not come any more, or come as a rest of what they were.

Sites are down, rebuilt, or answer with an empty template; a page that is missing once says nothing. Only one that stays missing
through several looks over a week is gone, and only while its source can be read otherwise. Even then its words are kept: what
only a page that is gone stated is withdrawn, not wrong.
"""

from __future__ import annotations

from datetime import date, timedelta

from crawler.items import Change
from storage.database import Store
from storage.novelty.facts import news_of_loss, settle_result
from storage.novelty.statements import remember_before, results_of_article, statements_of
from storage.novelty.telling import Tonight, tell
from storage.runs import last_finished_run

__all__ = ["LEAST_DAYS", "LEAST_MISSES", "is_cut", "is_missing_for_good", "note_found", "note_lost", "note_miss_of"]

LEAST_MISSES = 3
"""Looks in different nights that must find a page missing."""

LEAST_DAYS = 7
"""Days from the first to the last of them."""

REST = 0.5
"""A text that lost more than this share of its letters is cut."""


def is_cut(letters: int, left: int, *, loses_facts: bool) -> bool:
    """Whether a text is so much shorter than it was that the page may be broken, and what it says no more with it.

    A short correction that leaves no fact out is none.

    >>> is_cut(1200, 90, loses_facts=True), is_cut(1200, 90, loses_facts=False), is_cut(1200, 900, loses_facts=True)
    (True, False, False)
    """
    return loses_facts and left < REST * letters


def is_missing_for_good(misses: int, first: date, night: date) -> bool:
    """Whether a page has been missing so often and so long that it is gone.

    >>> is_missing_for_good(3, date(2026, 1, 1), date(2026, 1, 8)), is_missing_for_good(9, date(2026, 1, 1), date(2026, 1, 5))
    (True, False)
    """
    return misses >= LEAST_MISSES and night - first >= timedelta(days=LEAST_DAYS)


def note_miss_of(store: Store, article: str, night: date) -> bool:
    """Count that a page was missing, or cut, in this night; whether it is for good. To be called inside a transaction."""
    store.execute(
        "INSERT INTO looks (article, first) VALUES (?, ?) ON CONFLICT (article) DO NOTHING", article, night.isoformat()
    )
    store.execute(
        "UPDATE looks SET misses = misses + 1, missing = coalesce(missing, ?1), missed = ?1, due = date(?1, '+1 day') "
        "WHERE article = ?2 AND missed IS NOT ?1",
        night.isoformat(), article,
    )  # fmt: skip
    row = store.rows("SELECT misses, missing FROM looks WHERE article = ?", article)[0]
    return is_missing_for_good(row["misses"], date.fromisoformat(row["missing"]), night)


def note_lost(store: Store, article: str, tonight: Tonight) -> tuple[Change, ...]:
    """There is no such page. Returns what that changes: something only where it is gone for good and its source can be read."""
    with store.writing():
        for_good = note_miss_of(store, article, tonight.night)
        row = store.row(
            "SELECT a.gone, s.visited >= l.missing AS is_read FROM articles a JOIN sources s ON s.id = a.source "
            "JOIN looks l ON l.article = a.id WHERE a.id = ?",
            article,
        )
        if row is None or not for_good or row["gone"] or not row["is_read"]:
            return ()
        return _turn(store, article, tonight, gone=tonight.night)


def note_found(store: Store, article: str, tonight: Tonight) -> tuple[Change, ...]:
    """The page is there. What it states counts again, if it was gone. Returns what that changes."""
    with store.writing():
        store.execute(
            "UPDATE looks SET misses = 0, missing = NULL, missed = NULL WHERE article = ? AND misses > 0", article
        )
        if store.value("SELECT gone FROM articles WHERE id = ?", article) is None:
            return ()
        return _turn(store, article, tonight, gone=None)


def _turn(store: Store, article: str, tonight: Tonight, *, gone: date | None) -> tuple[Change, ...]:
    """Make a page gone, or there again, with all that follows."""
    stated = results_of_article(store, article)
    remember_before(store, stated, run=tonight.run, finished=last_finished_run(store))
    store.execute("UPDATE articles SET gone = ? WHERE id = ?", gone and gone.isoformat(), article)
    changes: list[Change] = []
    for fact in sorted(stated):
        if gone is not None:
            changes += news_of_loss(store, fact, statements_of(store, fact), article, stated[fact])
        settle_result(store, fact)
    tell(store, changes, stated, tonight, article=article)
    return tuple(changes)
