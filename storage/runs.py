"""Nights and what each source yielded in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from crawler.errors import StorageError
from storage.database import Store
from storage.rows import time_from_text, time_text

__all__ = [
    "ListPage",
    "RunStatus",
    "SourceCounts",
    "SourceRunState",
    "SourceState",
    "finish_run",
    "finish_source",
    "last_finished_run",
    "last_run",
    "last_start",
    "list_digest",
    "list_page",
    "remember_list",
    "run_summary",
    "source_state",
    "source_states",
    "start_run",
]

RunStatus = Literal["ok", "partial", "failed"]
SourceRunState = Literal["healthy", "failed", "blocked"]


@dataclass(frozen=True, slots=True)
class SourceState:
    """What earlier nights left of a source."""

    baseline_done: bool
    """Whether a walk of it has succeeded before: from then on changes are alerted."""
    complete: bool
    """False when the last walk that stored something did not finish: its list must be read to the end again, because a
    page with nothing unknown no longer means that all behind it is known."""


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
    """Changes of that kind, as also the next three."""
    corroborated: int = 0
    """Another article says the same."""
    refined: int = 0
    """The same more exactly."""
    disputed: int = 0
    """Another value."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """By what a list page is recognised as unchanged."""

    etag: str | None
    """The header ETag. None: none came."""
    last_modified: str | None
    """The header Last-Modified. None: none came."""
    digest: str
    """Of its entries, or of its bytes, as the spider computes it."""


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
    row = store.row("SELECT baseline, complete FROM sources WHERE id = ?", source_id)
    if row is None:
        return SourceState(baseline_done=False, complete=True)
    return SourceState(baseline_done=row["baseline"] is not None, complete=bool(row["complete"]))


def finish_source(
    store: Store, run_id: int, source_id: str, counts: SourceCounts, *, now: datetime, state: SourceRunState
) -> None:
    """Write down how the walk of a source ended. A healthy one is complete, and its baseline is done.

    Done twice in one run, the second takes the place of the first.
    """
    with store.writing():
        store.execute("INSERT OR IGNORE INTO sources (id) VALUES (?)", source_id)
        store.execute("DELETE FROM run_sources WHERE run = ? AND source = ?", run_id, source_id)
        store.insert(
            "run_sources",
            {"run": run_id, "source": source_id, "state": state, "finished": time_text(now)} | asdict(counts),
        )
        if state == "healthy":
            store.execute(
                "UPDATE sources SET complete = 1, baseline = coalesce(baseline, ?) WHERE id = ?",
                time_text(now), source_id,
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


def source_states(store: Store) -> dict[str, dict[str, Any]]:
    """By source id: how it did the last time (state) and when it last did well (last_success; None: never)."""
    rows = store.rows(
        "SELECT source, state, max(run), (SELECT max(w.finished) FROM run_sources w WHERE w.source = r.source "
        "AND w.state = 'healthy') AS last_success FROM run_sources r GROUP BY source"
    )
    return {row["source"]: {"state": row["state"], "last_success": row["last_success"]} for row in rows}


def run_summary(store: Store, run_id: int) -> dict[str, Any]:
    """What `evalwatch run --json` prints: `alerts` counts the messages that the run made, `deliveries` what became of them
    and of older ones on their channels. Raises StorageError for an unknown run."""
    run = store.row("SELECT * FROM runs WHERE id = ?", run_id)
    if run is None:
        raise StorageError(f"has no run {run_id}", where=str(store.path))
    names = ("new", "corroborated", "refined", "disputed")
    sources = store.rows("SELECT * FROM run_sources WHERE run = ? ORDER BY source", run_id)
    for source in sources:
        del source["run"], source["finished"]
    return {
        "status": run["status"],
        "run": run_id,
        "night": run["night"],
        "replay": bool(run["replay"]),
        "started": run["started"],
        "finished": run["finished"],
        "requests": sum(source["requested"] for source in sources),
        "articles": sum(source["articles"] for source in sources),
        "results": {name: sum(source[name] for source in sources) for name in names},
        "alerts": store.value(
            "SELECT count(*) FROM alerts a WHERE a.created BETWEEN ? AND coalesce(?, '9999') "
            "AND EXISTS (SELECT 1 FROM alert_items i WHERE i.alert = a.id)",
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
        "SELECT (SELECT count(*) FROM deliveries WHERE state = 'owed') + (SELECT count(*) FROM alerts a "
        "WHERE state = 'open' AND EXISTS (SELECT 1 FROM alert_items i WHERE i.alert = a.id))"
    )
    return {"owed": waiting, "sent": states.get("sent", 0), "failed": states.get("dead", 0) + states.get("gone", 0)}


def list_page(store: Store, url: str) -> ListPage | None:
    """What a list page was recognised by the last time. None: never seen."""
    row = store.row("SELECT etag, last_modified, digest FROM list_pages WHERE url = ?", url)
    return ListPage(**row) if row else None


def list_digest(store: Store, url: str) -> str | None:
    """The digest that a list page had the last time. None: never seen."""
    page = list_page(store, url)
    return page.digest if page else None


def remember_list(store: Store, url: str, etag: str | None, last_modified: str | None, digest: str) -> None:
    """Remember what a list page is recognised by."""
    with store.writing():
        store.execute(
            "INSERT INTO list_pages (url, etag, last_modified, digest) VALUES (?, ?, ?, ?) ON CONFLICT (url) DO UPDATE "
            "SET etag = excluded.etag, last_modified = excluded.last_modified, digest = excluded.digest",
            url, etag, last_modified, digest,
        )  # fmt: skip
