"""Articles: what needs no fetch, and the one transaction that stores an article with all that follows from it.

"Seen" means stored: an address counts as known only once its article, its results and the alerts they owe are committed.
A night that is killed therefore loses nothing, the next one fetches what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crawler.items import Article, Change, Entry, Extraction, SeenPage
from storage.addresses import canonical_address
from storage.bodies import Body, body_of
from storage.copies import join_cluster, leave_cluster
from storage.database import Store
from storage.looks import keep_pages, plan_looks
from storage.novelty.absence import is_cut, note_found, note_miss_of
from storage.novelty.facts import remember_facts, replace_statements, settle_articles
from storage.novelty.publishers import house_named, house_of_page
from storage.novelty.statements import results_of_article
from storage.novelty.telling import Tonight, tell
from storage.rows import date_text, digest, json_text, time_text
from storage.search import forget_text, index_text
from storage.structure import structure_text

__all__ = [
    "Arrival",
    "article_columns",
    "has_text",
    "known_urls",
    "remember_entries",
    "store_article",
    "store_text",
    "touch_source",
]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that was read and extracted, on its way into the store."""

    source_id: str
    """Source in whose list it stood."""
    run_id: int
    """The run that fetched it."""
    night: date
    """The night that it belongs to, as a date of the schedule's timezone."""
    article: Article
    """What was read; its url must be known."""
    extraction: Extraction
    """What it says."""
    baseline: bool
    """True on the first successful run of its source: stored and counted, nobody is alerted."""
    now: datetime
    """When this happens."""
    owed: Callable[[Change], Sequence[str]]
    """The subscriptions that are told of a change. Called inside the transaction, never for a baseline."""
    addresses: tuple[str, ...] = ()
    """Other addresses that lead to it: as the list had it, before redirects."""
    pages: tuple[SeenPage, ...] = ()
    """How its pages came. Empty: unknown; it is then read whole when it is looked at again."""


def known_urls(store: Store, urls: Iterable[str]) -> set[str]:
    """Those of the addresses that a list need not bring up: an article is stored for them, or they were remembered, or they
    were missing and have nights of their own."""
    given = {url: canonical_address(url) for url in urls}
    known = {
        row["address"]
        for row in store.rows(
            "SELECT j.value AS address FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM entries e WHERE e.address = j.value)"
            " OR EXISTS (SELECT 1 FROM articles a WHERE a.address = j.value)"
            " OR EXISTS (SELECT 1 FROM misses m WHERE m.address = j.value)",
            json_text(sorted(set(given.values()))),
        )
    }
    return {url for url, address in given.items() if address in known}


def remember_entries(store: Store, source_id: str, entries: Iterable[Entry], now: datetime) -> int:
    """Remember entries that no night need look at again: off the topic by their title, or forbidden by robots.txt.

    Never call it with one that is to be fetched: that is remembered when its article is stored. Returns how many were new.
    """
    with store.writing():
        touch_source(store, source_id)
        added = sum(_remember_entry(store, source_id, entry, now) for entry in entries)
        if added:
            store.execute("UPDATE sources SET complete = 0 WHERE id = ?", source_id)
    return added


def _remember_entry(store: Store, source_id: str, entry: Entry, now: datetime) -> int:
    return store.execute(
        "INSERT OR IGNORE INTO entries (address, source, title, published, first_seen) VALUES (?, ?, ?, ?, ?)",
        canonical_address(entry.url), source_id, entry.title, date_text(entry.published), time_text(now),
    )  # fmt: skip


def touch_source(store: Store, source_id: str) -> None:
    """Make sure that the source has its row."""
    store.execute("INSERT OR IGNORE INTO sources (id) VALUES (?)", source_id)


def store_article(store: Store, arrival: Arrival) -> tuple[Change, ...]:
    """Store an article with its paragraphs, cluster, evaluations and results, and the alerts it owes, in one transaction.

    Returns what it changed. The same text at the same address again changes nothing and gives (). A changed text takes the
    place of the old one, and its statements that of the old ones: see replace_statements; one that is only a rest of the old
    waits for confirmation: see storage/novelty/absence.py. Raises StorageError.
    """
    if arrival.article.url is None:
        raise ValueError("an article without address cannot be stored")
    with store.writing():
        touch_source(store, arrival.source_id)
        address = canonical_address(arrival.article.url)
        body = body_of(arrival.article)
        old = store.row("SELECT id, sha256 FROM articles WHERE address = ?", address)
        # what is stored keeps its id, even if it was made from an address of former rules
        identity = digest(address) if old is None else old["id"]
        tonight = Tonight(arrival.run_id, arrival.night, arrival.now, arrival.owed)
        changes: tuple[Change, ...] = ()
        if old is not None and (old["sha256"] == body.sha256 or not _is_held(store, identity, arrival, body)):
            changes = note_found(store, identity, tonight)
            is_other = old["sha256"] != body.sha256
        else:
            is_other = old is None
        if is_other:
            remember_facts(store, identity, arrival.extraction, run=arrival.run_id)
            regrouped = store_text(store, arrival, identity, address, is_new=old is None)
            more, facts = replace_statements(
                store, identity, arrival.extraction, arrival.article, run=arrival.run_id, now=arrival.now
            )
            changes += more
            facts |= settle_articles(store, regrouped)
            keep_pages(store, identity, arrival.pages)
            if arrival.extraction.results:
                plan_looks(store, identity, arrival.night)
            if not arrival.baseline:
                tell(store, more, facts, tonight, article=identity)
        _link_addresses(store, arrival, identity)
        found = [address, *map(canonical_address, arrival.addresses)]
        store.execute("DELETE FROM misses WHERE address IN (SELECT value FROM json_each(?))", json_text(found))
    return changes


def _is_held(store: Store, article: str, arrival: Arrival, body: Body) -> bool:
    """Whether a changed text is so cut that it is looked at again before it is believed; the stored one stays until then."""
    letters = store.value("SELECT coalesce(sum(length(plain)), 0) FROM paragraphs WHERE article = ?", article)
    left = sum(len(plain) for *_, plain in body.parts)
    kept = {fact for fact, _, _ in arrival.extraction.facts()}
    lost = results_of_article(store, article).keys() - kept
    return is_cut(letters, left, loses_facts=bool(lost)) and not note_miss_of(store, article, arrival.night)


def has_text(store: Store, article: Article) -> bool:
    """Whether this very text is stored for the article's address. One that was stored with the text of documents is another."""
    known = store.value("SELECT sha256 FROM articles WHERE address = ?", canonical_address(article.url or ""))
    return known is not None and known == body_of(article).sha256


def store_text(store: Store, arrival: Arrival, identity: str, address: str, *, is_new: bool) -> list[str]:
    """Write the article's row, its paragraphs, its attachments and its cluster; returns the articles whose clusters changed thereby."""
    body = body_of(arrival.article)
    columns = _columns(arrival, body)
    regrouped: list[str] = []
    if is_new:
        store.insert("articles", {"id": identity, "address": address, "first_seen": time_text(arrival.now)} | columns)
        store.execute("UPDATE sources SET complete = 0 WHERE id = ?", arrival.source_id)
    else:
        forget_text(store.database.conn, identity)
        regrouped = leave_cluster(store, identity)
        columns |= {"changed": time_text(arrival.now)}
        assignments = ", ".join(f"{name} = ?" for name in columns)
        store.execute(f"UPDATE articles SET {assignments} WHERE id = ?", *columns.values(), identity)  # noqa: S608 - constants
        store.execute("DELETE FROM paragraphs WHERE article = ?", identity)
        store.execute("DELETE FROM attachments WHERE article = ?", identity)
    store.execute_many(
        "INSERT INTO paragraphs (article, number, kind, start, end, plain) VALUES (?, ?, ?, ?, ?, ?)",
        [(identity, number, *part) for number, part in enumerate(body.parts)],
    )
    index_text(store.database.conn, identity, columns["published"], [columns["title"], columns["outlet"], body.plain])
    store.execute_many(
        "INSERT INTO attachments (article, number, url, title, kind, outcome) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (identity, number, file.url, file.title, file.kind, file.outcome)
            for number, file in enumerate(arrival.article.attachments)
        ],
    )
    facts = frozenset(fact for fact, _, _ in arrival.extraction.facts())
    if join_cluster(store, identity, body.plain, facts):
        regrouped += [
            row["id"]
            for row in store.rows(
                "SELECT b.id FROM articles a JOIN articles b ON b.cluster = a.cluster WHERE a.id = ?", identity
            )
        ]
    return regrouped


def _columns(arrival: Arrival, body: Body) -> dict[str, Any]:
    article = arrival.article
    return {
        "url": article.url,
        "source": arrival.source_id,
        "run": arrival.run_id,
        "night": arrival.night.isoformat(),
        "baseline": arrival.baseline,
        "fetched": time_text(article.fetched) if article.fetched else None,
    } | _read_columns(article, arrival.extraction, body)


def article_columns(article: Article, extraction: Extraction) -> dict[str, Any]:
    """The columns of an article's row that depend on how it is read, not on when and where from it came."""
    return _read_columns(article, extraction, body_of(article))


def _read_columns(article: Article, extraction: Extraction, body: Body) -> dict[str, Any]:
    return {
        "kind": extraction.kind,
        "title": article.title,
        "outlet": article.outlet,
        "origin": article.origin,
        "author": article.author,
        "editor": article.editor,
        "published": date_text(article.published),
        "modified": date_text(article.modified),
        "region": article.region,
        "publisher": house_of_page(article.outlet, article.url),
        "origin_publisher": house_named(article.origin),
        "place": extraction.place,
        "charset": article.charset,
        "notes": json_text(article.notes),
        "text": article.text,
        "sha256": body.sha256,
        "structure": structure_text(article),
    }


def _link_addresses(store: Store, arrival: Arrival, identity: str) -> None:
    """Remember the other addresses that lead to a stored article, so that they are not fetched again."""
    own = canonical_address(arrival.article.url or "")
    for address in dict.fromkeys(map(canonical_address, arrival.addresses)):
        if address == own:
            continue
        store.execute(
            "INSERT INTO entries (address, source, article, title, published, first_seen) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (address) DO UPDATE SET article = excluded.article WHERE article IS NOT excluded.article",
            address, arrival.source_id, identity, arrival.article.title or "",
            date_text(arrival.article.published), time_text(arrival.now),
        )  # fmt: skip
