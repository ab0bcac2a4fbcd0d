"""The records that settings.toml becomes: frozen, strict, no key unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from crawler.config.channels import Channel
from crawler.config.checks import Address, Cron, Identifier, Timezone, strict
from crawler.config.fetching import Fetch
from crawler.config.sources import Interval, Source
from crawler.items import Group, Subject


@dataclass(frozen=True, slots=True, config=strict)
class Schedule:
    """When `evalwatch serve` starts a night."""

    cron: Cron = "30 6 * * *"
    """minute hour day month weekday; weekdays by name."""
    timezone: Timezone = "Asia/Shanghai"
    """The timezone in which `cron` is meant, and whose date names a night."""
    jitter_s: Annotated[int, Field(ge=0, le=7200)] = 1200
    """A night starts up to this many seconds later or earlier, by chance, to spare the sites."""
    misfire_grace_s: Annotated[int, Field(ge=1)] = 43200
    """A night that could not start in time is made up for within this many seconds; several missed ones become one."""
    season_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = (11, 12, 1)
    """Months in which most results come out. Empty: no season."""
    season_interval: Interval = "nightly"
    """In the season no source waits longer than this, whatever its own interval."""


@dataclass(frozen=True, slots=True, config=strict)
class Search:
    """What keyword searches ask for."""

    keywords: tuple[str, ...] = ("政府网站绩效评估", "数字政府评估", "政务公开评估")
    """Each is asked once a night of every search source that has no keywords of its own."""


@dataclass(frozen=True, slots=True, config=strict)
class Archive:
    """Whether every fetched page is kept as WARC."""

    enabled: bool = True
    """Write var/archive/YYYY-MM-DD….warc.gz on live nights."""
    folder: str = "var/archive"
    """Relative to the settings file."""


Change = Literal["new", "corroborated", "refined", "disputed", "corrected", "withdrawn", "broken", "overdue"]
Digest = Literal["at_once", "night", "week"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass(frozen=True, slots=True, config=strict)
class Inspect:
    """Where the pages of `evalwatch inspect` are found by those who read the messages."""

    address: Address | Literal[""] = "http://127.0.0.1:8321"
    """Messages link to its pages. Empty: they hold no such links."""


@dataclass(frozen=True, slots=True, config=strict)
class Subscription:
    """Who wants to hear of which results, over which channels. An empty filter lets everything pass; a result must pass all of
    them. `places` and `entities` are one filter: whose results."""

    id: Identifier
    """Unique among subscriptions."""
    channels: tuple[Identifier, ...]
    """Ids of channels."""
    places: tuple[str, ...] = ()
    """Official names from the province down (湖北省, 湖北省/武汉市)."""
    below: bool = True
    """Whether what lies below one of the places belongs to it."""
    entities: tuple[str, ...] = ()
    """Ministries and organisations by their official names (国家税务总局)."""
    series: tuple[str, ...] = ()
    """Keys of series (cstc-website)."""
    groups: tuple[Group, ...] = ()
    """province, capital, county …"""
    subjects: tuple[Subject, ...] = ()
    """website, open_data, new_media …"""
    top: Annotated[int, Field(ge=1)] | None = None
    """Only ranks that are N or better, exact or as an upper bound; what is corrected from or to such a rank as well. Scores,
    grades and awards say nothing of a rank and do not pass. None: everything."""
    changes: tuple[Change, ...] = ("new", "refined", "disputed", "corrected", "withdrawn")
    """Which kinds of change. broken: a source that cannot be read any more, or blocks us, whatever the filters; overdue: a series
    whose results are usually out by now and were not seen."""
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Results below are not told."""
    competitors: tuple[str, ...] = ()
    """Places and entities with which one's own are compared in the message, wherever both stand in one group of an evaluation.
    They are no filter: a competitor's own results are told only if places or entities name it too."""
    digest: Digest = "night"
    """at_once: as soon as an article is stored; night: one message when the night ends; week: one on `week_day`."""
    week_day: Weekday = "mon"
    """With digest = "week": the night of this weekday sends what the seven nights up to it found."""
    language: Literal["zh", "en"] = "zh"
    """Of the message."""


@dataclass(frozen=True, slots=True, config=strict)
class Settings:
    """All of settings.toml."""

    database: str = "var/evalwatch.db"
    """The SQLite file, relative to the settings file."""
    backups: Annotated[int, Field(ge=0, le=365)] = 7
    """How many nightly copies of the database are kept beside it."""
    schedule: Schedule = Schedule()
    fetch: Fetch = Fetch()
    search: Search = Search()
    archive: Archive = Archive()
    inspect: Inspect = Inspect()
    enabled_groups: tuple[Identifier, ...] = ()
    """Groups of sources that a live night visits, besides the sources that say enabled = true themselves."""
    sources: tuple[Source, ...] = ()
    channels: tuple[Channel, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    folder: Annotated[str, Field(exclude=True)] = "."
    """Not a key of the file: the folder of the file, to which its paths are relative."""

    def path(self, relative: str) -> Path:
        """A path of the file as seen from the process."""
        return Path(self.folder) / relative

    def source(self, source_id: str) -> Source | None:
        """The source of that id, or None."""
        return next((source for source in self.sources if source.id == source_id), None)
