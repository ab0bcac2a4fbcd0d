"""What one crawl is asked to do, and which sources that means."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.asking import entries_of
from crawler.config import PLACEHOLDER_CONTACT, Access, Settings, Source, find_settings, load_settings
from crawler.errors import SettingsError, UsageError
from crawler.fetch.recording import open_recording
from crawler.subscribing import resolved

__all__ = ["Job", "day_of", "environment_of", "job_from_environment", "require_contact", "sources_of"]


@dataclass(frozen=True, slots=True)
class Job:
    """What one crawl is asked to do."""

    settings: Settings
    """All of settings.toml."""
    database: Path
    """The SQLite file."""
    night: date
    """The night it belongs to, as a date of the schedule's timezone."""
    run_id: int | None = None
    """The run it belongs to. None: it begins and ends one of its own."""
    recordings: tuple[Path, ...] = ()
    """WARC files that answer instead of the network. Empty: a live night."""
    only: tuple[str, ...] = ()
    """Ids of the sources to visit. Empty: all enabled ones, in a replay all that the recording holds."""
    deep: int | None = None
    """Read so many pages of every list, whatever is known of them, for rows that were added with an old date. None: as far as
    there is news."""


def job_from_environment(now: datetime) -> Job:
    """The job of `scrapy crawl`: EVALWATCH_SETTINGS and EVALWATCH_DATABASE, else what the settings say. Raises
    SettingsError."""
    path = find_settings(os.environ.get("EVALWATCH_SETTINGS"))
    settings = resolved(load_settings(path), path)
    database = os.environ.get("EVALWATCH_DATABASE")
    return Job(
        settings=settings,
        database=Path(database) if database else settings.path(settings.database),
        night=now.astimezone(ZoneInfo(settings.schedule.timezone)).date(),
    )


def sources_of(job: Job, accesses: Collection[Access]) -> tuple[Source, ...]:
    """The sources to visit that are listed in one of these ways.

    Raises UsageError for an unknown id, RecordingError for a recording that cannot be read.
    """
    for source_id in job.only:
        if job.settings.source(source_id) is None:
            known = ", ".join(source.id for source in job.settings.sources)
            raise UsageError(f"no source {source_id!r} in the settings", hint=f"There are: {known}")
    chosen = (source for source in job.settings.sources if source.access in accesses and _is_wanted(job, source))
    return tuple(chosen)


def _is_wanted(job: Job, source: Source) -> bool:
    if job.only and source.id not in job.only:
        return False
    if job.recordings:
        recording = open_recording(job.recordings)
        return any(recording.holds(entry) for entry in entries_of(source, job.settings.search, day_of(job)))
    return source.enabled or bool(job.only)


def day_of(job: Job) -> date:
    """The day that stands in addresses which name one: that of the night, in a replay that of the recording."""
    latest = open_recording(job.recordings).latest if job.recordings else None
    return latest.astimezone(ZoneInfo(job.settings.schedule.timezone)).date() if latest is not None else job.night


def environment_of(job: Job) -> Mapping[str, str]:
    """The environment variables for requests. A recording does not ask for the keys that a site does: in a replay those that
    sources name count as set."""
    requests = [source.request for source in job.settings.sources if source.request is not None]
    named = [name for request in requests for name in request.headers_env.values()] if job.recordings else []
    return dict.fromkeys(named, "-") | dict(os.environ)


def require_contact(settings: Settings, where: Path | None = None) -> None:
    """Raises SettingsError while the contact is the one that evalwatch came with: webmasters must be able to reach who
    runs it."""
    contact = settings.fetch.contact
    if contact == PLACEHOLDER_CONTACT or not contact.strip() or not contact.isascii() or not contact.isprintable():
        raise SettingsError(
            "fetch.contact does not say who runs this",
            where=str(where) if where else None,
            hint='A live night needs yours, in plain ASCII: contact = "https://your.site/bot; mailto:you@your.site"',
        )
