"""Another reading of a stored article, written down in place of the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from crawler.items import Article, Extraction
from storage.articles import Arrival, store_text
from storage.database import Store
from storage.looks import plan_looks
from storage.novelty.facts import replace_statements, settle_articles
from storage.outbox import take_back
from storage.rows import time_from_text

__all__ = ["rewrite_article"]


def rewrite_article(store: Store, identity: str, article: Article, extraction: Extraction, now: datetime) -> None:
    """Store another reading of the same pages in place of the one before, in one transaction. Raises StorageError.

    Everything that tells when and whence the pages came stays. Nobody is told: a message that is not yet written only loses what
    nobody states any more.
    """
    with store.writing():
        row = store.rows("SELECT * FROM articles WHERE id = ?", identity)[0]
        mentions = store.rows("SELECT first_seen, id FROM mentions WHERE article = ?", identity)
        fetched = time_from_text(row["fetched"]) if row["fetched"] else None
        article = replace(article, url=row["url"], fetched=fetched)
        arrival = Arrival(
            row["source"], row["run"], date.fromisoformat(row["night"]), article, extraction, bool(row["baseline"]), now,
            lambda _change: (),
        )  # fmt: skip
        regrouped = store_text(store, arrival, identity, row["address"], is_new=False)
        _, facts = replace_statements(store, identity, extraction, article, run=arrival.run_id, now=now, is_reread=True)
        settle_articles(store, regrouped)
        if extraction.results:
            plan_looks(store, identity, arrival.night)
        store.execute("UPDATE articles SET changed = ? WHERE id = ?", row["changed"], identity)
        store.execute_many("UPDATE mentions SET first_seen = ? WHERE id = ?", [tuple(m.values()) for m in mentions])
        for fact in sorted(facts):
            if store.value("SELECT status FROM results WHERE fact_key = ?", fact) == "withdrawn":
                take_back(store, fact)
