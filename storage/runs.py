"""Nights and what each source yielded in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from crawler.errors import StorageError
from crawler.items import CHANGE_KINDS, SeenPage
from storage.database import Store
from storage.health import UNJUDGED, run_health, source_states
from storage.rows import time_from_text, time_text

__all__ = [
    "ListPage",
    "RunStatus",
    "SourceCounts",
    "SourceRunState",
    "SourceState",
    "finish_run",
    "finish_source",
    "known_list",
    "last_finished_run",
    "last_run",
    "last_start",
    "list_page",
    "remember_list",
    "run_summary",
    "source_state",
    "source_states",
    "start_run",
]

RunStatus = Literal["ok", "partial", "failed"]
SourceRunState = Literal["healthy", "failed", "blocked"]

READ_AT_LEAST = timedelta(days=7)
"""A list page is asked for without conditions once a week."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What earlier nights left of a source."""

    baseline_done: bool
    """Whether a walk of it has succeeded before: from then on changes are alerted."""
    complete: bool
    """False when the last walk that stored something did not finish: its list must be read to the end again, because a
    page with nothing unknown no longer means that all behind it is known."""
    visited: date | None = None
    """The last night in which its lists were read well. None: never, or by a version that did not note it."""


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """What one source yielded in one night."""

    requested: int = 0
    """Requests sent, list pages and articles."""
    fetched: int = 0
    """Pages that came complete."""
    unchanged: int = 0
    """List pages that were the same as the last time."""
    blocked: int = 0
    """Pages refused by robots.txt or answered by a challenge."""
    failed: int = 0
    """Pages that did not come, or could not be read."""
    articles: int = 0
    """Articles stored."""
    results: int = 0
    """Results that these articles state."""
    new: int = 0
    """Changes of that kind, as also the next five."""
    corroborated: int = 0
    """Another article says the same."""
    refined: int = 0
    """The same more exactly."""
    disputed: int = 0
    """Another value."""
    corrected: int = 0
    """Another value on the page that stated the old one."""
    withdrawn: int = 0
    """Nobody states it any more."""
    looked: int = 0
    """Articles that were looked at again."""
    changed: int = 0
    """Articles of those whose text had changed."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """By what a list page is recognised as unchanged."""

    etag: str | None
    """The header ETag. None: none came."""
    last_modified: str | None
    """The header Last-Modified. None: none came."""
    digest: str
    """Of its entries, as the spider computes it."""
    read: date | None = None
    """The last night in which it was sent, not only said to be unchanged. None: not noted."""
    trusted: bool = True
    """False once the same headers came with other entries: they are not believed any more."""


def start_run(store: Store, *, night: date, now: datetime, replay: bool) -> int:
    """Begin a run and return its number. A run that is still marked as running was killed, and is marked so: only one
    runs at a time, which the lock of the night sees to."""
    with store.writing():
        store.execute("UPDATE runs SET status = 'killed' WHERE status = 'running'")
        return store.insert(
            "runs", {"night": night.isoformat(), "replay": replay, "status": "running", "started": time_text(now)}
        )


def source_state(store: Store, source_id: str) -> SourceState:
    """What earlier nights left of the source; one that was never seen has no baseline and nothing unfinished."""
    row = store.row("SELECT baseline, complete, visited FROM sources WHERE id = ?", source_id)
    if row is None:
        return SourceState(baseline_done=False, complete=True)
    visited = date.fromisoformat(row["visited"]) if row["visited"] else None
    return SourceState(baseline_done=row["baseline"] is not None, complete=bool(row["complete"]), visited=visited)


def finish_source(
    store: Store, run_id: int, source_id: str, counts: SourceCounts, *, now: datetime, state: SourceRunState,
    lists_read: bool = True, complete: bool = True,
) -> None:  # fmt: skip
    """Write down how the walk of a source ended. A healthy one is complete, unless it left articles for the next night, and its
    baseline is done, unless its lists were not due and only articles were looked at again.

    Done twice in one run, the second takes the place of the first.
    """
    with store.writing():
        store.execute("INSERT OR IGNORE INTO sources (id) VALUES (?)", source_id)
        store.execute("DELETE FROM run_sources WHERE run = ? AND source = ?", run_id, source_id)
        store.insert(
            "run_sources",
            {"run": run_id, "source": source_id, "state": state, "finished": time_text(now)} | asdict(counts),
        )
        if state == "healthy" and lists_read:
            store.execute(
                "UPDATE sources SET complete = ?, baseline = coalesce(baseline, ?), "
                "visited = (SELECT night FROM runs WHERE id = ?) WHERE id = ?",
                complete, time_text(now), run_id, source_id,
            )  # fmt: skip


def finish_run(store: Store, run_id: int, status: RunStatus, now: datetime) -> None:
    """Write down how the run ended."""
    with store.writing():
        store.execute("UPDATE runs SET status = ?, finished = ? WHERE id = ?", status, time_text(now), run_id)


def last_run(store: Store) -> int | None:
    """The number of the newest run, or None before the first."""
    number = store.value("SELECT max(id) FROM runs")
    return None if number is None else int(number)


def last_finished_run(store: Store) -> int:
    """The number of the newest run that ended by itself; 0 before the first. What came later belongs to one night's work, even
    where that was killed and taken up again."""
    return int(store.value("SELECT coalesce(max(id), 0) FROM runs WHERE status IN ('ok', 'partial', 'failed')"))


def last_start(store: Store) -> datetime | None:
    """When the newest run began, or None before the first."""
    text = store.value("SELECT started FROM runs ORDER BY id DESC LIMIT 1")
    return time_from_text(text) if text else None


def run_summary(store: Store, run_id: int) -> dict[str, Any]:
    """What `evalwatch run --json` prints: `alerts` counts the messages that the run made, `deliveries` what became of them
    and of older ones on their channels. Raises StorageError for an unknown run."""
    run = store.row("SELECT * FROM runs WHERE id = ?", run_id)
    if run is None:
        raise StorageError(f"has no run {run_id}", where=str(store.path))
    sources = store.rows("SELECT * FROM run_sources WHERE run = ? ORDER BY source", run_id)
    health = run_health(store, run_id)
    for source in sources:
        del source["run"], source["finished"]
        source.update(health.get(source["source"], UNJUDGED))
    return {
        "status": run["status"],
        "run": run_id,
        "night": run["night"],
        "replay": bool(run["replay"]),
        "started": run["started"],
        "finished": run["finished"],
        "requests": sum(source["requested"] for source in sources),
        "articles": sum(source["articles"] for source in sources),
        "looked": sum(source["looked"] for source in sources),
        "changed": sum(source["changed"] for source in sources),
        "results": {name: sum(source[name] for source in sources) for name in CHANGE_KINDS},
        "alerts": store.value(
            "SELECT count(*) FROM alerts_filled WHERE created BETWEEN ? AND coalesce(?, '9999')",
            run["started"],
            run["finished"],
        ),
        "deliveries": _deliveries(store, run_id),
        "sources": [{"id": source.pop("source"), **source} for source in sources],
    }


def _deliveries(store: Store, run_id: int) -> dict[str, int]:
    """owed: messages that wait, whichever run made them; sent and failed: how the run's attempts ended for good."""
    states = {
        row["state"]: row["number"]
        for row in store.rows("SELECT state, count(*) AS number FROM deliveries WHERE run = ? GROUP BY state", run_id)
    }
    waiting = store.value(
        "SELECT (SELECT count(*) FROM deliveries WHERE state = 'owed') + "
        "(SELECT count(*) FROM alerts_filled WHERE state = 'open')"
    )
    return {"owed": waiting, "sent": states.get("sent", 0), "failed": states.get("dead", 0) + states.get("gone", 0)}


def list_page(store: Store, url: str) -> ListPage | None:
    """What a list page was recognised by the last time. None: never seen."""
    row = store.row("SELECT etag, last_modified, digest, read, trusted FROM list_pages WHERE url = ?", url)
    if row is None:
        return None
    read = date.fromisoformat(row["read"]) if row["read"] else None
    return ListPage(row["etag"], row["last_modified"], row["digest"], read, bool(row["trusted"]))


def known_list(store: Store, url: str, night: date) -> SeenPage | None:
    """What a list page is known again by. None: never seen.

    Its headers are left out where they have lied, or where the page itself was not sent for READ_AT_LEAST: a site that says
    for ever that nothing changed hides its news no longer than that.
    """
    page = list_page(store, url)
    if page is None:
        return None
    if page.trusted and page.read is not None and night - page.read < READ_AT_LEAST:
        return SeenPage(url, page.etag, page.last_modified, page.digest)
    return SeenPage(url, None, None, page.digest)


def remember_list(store: Store, page: SeenPage, night: date) -> None:
    """Remember what a list page that was sent is known again by. Headers that came before with other entries are not believed
    any more."""
    known = list_page(store, page.url)
    same_headers = known is not None and (page.etag, page.last_modified) == (known.etag, known.last_modified)
    lied = known is not None and same_headers and known.digest != page.digest and bool(page.etag or page.last_modified)
    trusted = (known is None or known.trusted) and not lied
    _write_list(store, page.url, ListPage(page.etag, page.last_modified, page.digest, night, trusted))


def _write_list(store: Store, url: str, page: ListPage) -> None:
    with store.writing():
        store.execute(
            "INSERT INTO list_pages (url, etag, last_modified, digest, read, trusted) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified, "
            "digest = excluded.digest, read = excluded.read, trusted = excluded.trusted",
            url, page.etag, page.last_modified, page.digest, page.read and page.read.isoformat(), page.trusted,
        )  # fmt: skip
