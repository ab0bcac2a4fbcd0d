"""The records that settings.toml becomes: frozen, strict, no key unknown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import parsel
from cssselect import SelectorError
from pydantic import AfterValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass

from crawler.items import Group

PLACEHOLDER_CONTACT = "https://example.org/evalwatch; mailto:you@example.org"
"""What the shipped settings.toml has as contact: a live run with it is refused."""

_strict = ConfigDict(extra="forbid", strict=True)


def _selector(value: str) -> str:
    try:
        parsel.css2xpath(value)
    except SelectorError as error:
        raise ValueError(f"is no CSS selector: {error}") from error
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("is no timezone of the IANA list, e.g. Asia/Shanghai") from error
    return value


def _address(value: str) -> str:
    if not re.match(r"https?://[^\s/]+", value):
        raise ValueError("is no http or https address")
    return value


def _cron(value: str) -> str:
    parts = value.split()
    if len(parts) != 5:
        raise ValueError("has not five fields: minute hour day month weekday, e.g. 30 6 * * *")
    if re.search(r"\d", parts[4]):
        raise ValueError("numbers weekdays, which schedulers count differently; use names: mon-fri, sat,sun")
    return value


def _page_pattern(value: str) -> str:
    if value.count("{n}") != 1:
        raise ValueError("holds {n} not exactly once, e.g. index_{n}.shtml")
    return value


Css = Annotated[str, AfterValidator(_selector)]
Address = Annotated[str, AfterValidator(_address)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Cron = Annotated[str, AfterValidator(_cron)]
PagePattern = Annotated[str, AfterValidator(_page_pattern)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
EnvironmentName = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$")]
Seconds = Annotated[float, Field(ge=0)]


@dataclass(frozen=True, slots=True, config=_strict)
class ListSelectors:
    """How the items of a list page are found. All are CSS selectors, in the dialect of Scrapy (::text, ::attr(name))."""

    item: Css
    """One element per entry."""
    link: Css = "a"
    """The link inside the item; its href is the article."""
    title: Css | None = None
    """The title inside the item. None: title attribute of the link, else its text."""
    date: Css | None = None
    """The date inside the item. None: the first date in the item's text."""
    next: Css | None = None
    """Link to the next list page. None: found by `pages`, by createPageHTML, or by its text 下一页."""
    pages: PagePattern | None = None
    """Address of list page n, relative to the entry: index_{n}.shtml. None: see `next`."""
    first: int = 1
    """The n of the second page in `pages`: TRS counts index_1 (1), DedeCMS list_87_2 (2)."""


@dataclass(frozen=True, slots=True, config=_strict)
class ArticleSelectors:
    """Where an article page of this source has its fields; each is tried after the standard meta tags and before the
    general rules. CSS selectors; None: no need."""

    body: Css | None = None
    """The element that holds the text."""
    title: Css | None = None
    """The headline."""
    date: Css | None = None
    """The element in which the date of publication stands."""
    outlet: Css | None = None
    """The element in which 来源 stands."""
    author: Css | None = None
    """The element in which 作者 stands."""


@dataclass(frozen=True, slots=True, config=_strict)
class JsonPaths:
    """How entries are found in a JSON answer: JMESPath expressions (as in Scrapy's response.jmespath)."""

    rows: str
    """The array of entries, e.g. result.data.middle.list."""
    title: str
    """Inside one row: its title; markup in it is removed."""
    url: str
    """Inside one row: its address, absolute or relative to the entry."""
    date: str | None = None
    """Inside one row: its date, as text, or as seconds or milliseconds since 1970. None: no date."""


SourceKind = Literal[
    "organiser", "central", "province", "municipality", "city", "county", "national_media", "industry_media", "finance",
    "mirror", "company", "search",
]  # fmt: skip
Access = Literal["list", "feed", "sitemap", "json"]
Interval = Literal["nightly", "weekly", "monthly"]
"""monthly: every 30 days."""


@dataclass(frozen=True, slots=True, config=_strict)
class Source:
    """One watched list."""

    id: Identifier
    """Short, stable, unique; it stands in the database."""
    name: str
    """What people call the outlet, in Chinese."""
    kind: SourceKind
    """What sort of outlet it is."""
    access: Access
    """How its entries are listed: an HTML list, a feed (RSS 2.0, Atom), a sitemap, or JSON."""
    entry: tuple[Address, ...]
    """Address(es) of the newest page of the list."""
    region: str | None = None
    """Place of the outlet, for 我省 and 我市: 湖北省 or 湖北省/武汉市. None: none or nationwide."""
    enabled: bool = True
    """Whether a live night visits it. A replay visits every source that the recording holds."""
    verified: bool = False
    """True once somebody ran it on the live web and looked at what came."""
    follow: Literal["relevant", "all"] = "relevant"
    """relevant: only entries whose title passes the relevance test are fetched; all: every entry."""
    max_pages: Annotated[int, Field(ge=1, le=1000)] = 3
    """List pages per night at most."""
    interval: Interval = "nightly"
    """How often its lists are read at least. `schedule.season_interval` may shorten it."""
    list: ListSelectors | None = None
    """For access = "list". None: entries are found without selectors."""
    json: JsonPaths | None = None
    """For access = "json": required there."""
    article: ArticleSelectors = ArticleSelectors()
    """Where article pages have their fields."""
    allowed_domains: tuple[str, ...] = ()
    """Hosts (and what lies below them) that article links may lead to. Empty: the hosts of `entry`."""
    evidence: str | None = None
    """Where these facts come from, for the next person who mends them."""


@dataclass(frozen=True, slots=True, config=_strict)
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


@dataclass(frozen=True, slots=True, config=_strict)
class Fetch:
    """How politely and how much."""

    contact: str = PLACEHOLDER_CONTACT
    """Who runs this: an address or mailbox that stands in the User-Agent. A live run needs your own."""
    delay_s: Seconds = 2.0
    """Pause between two requests to one host; it varies by half of itself either way."""
    timeout_s: Annotated[float, Field(gt=0)] = 30.0
    """For one page, from connecting to the last byte."""
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """How often a failed page is tried again within a night."""
    max_page_bytes: Annotated[int, Field(ge=1024)] = 8 * 1024 * 1024
    """A longer page is dropped, counted after its content coding is undone."""
    max_articles_per_source: Annotated[int, Field(ge=1)] = 200
    """Articles fetched from one source in a night at most."""
    max_article_pages: Annotated[int, Field(ge=1, le=100)] = 20
    """Pages of one article at most."""
    max_night_s: Annotated[int, Field(ge=1)] = 4 * 3600
    """A night that takes longer is stopped; what it stored stays."""


@dataclass(frozen=True, slots=True, config=_strict)
class Archive:
    """Whether every fetched page is kept as WARC."""

    enabled: bool = True
    """Write var/archive/YYYY-MM-DD….warc.gz on live nights."""
    folder: str = "var/archive"
    """Relative to the settings file."""


@dataclass(frozen=True, slots=True, config=_strict)
class JsonlChannel:
    """Alerts are appended to a file, one JSON object per line."""

    id: Identifier
    """Unique among channels."""
    kind: Literal["jsonl"]
    """jsonl"""
    path: str
    """The file, relative to the settings file."""


@dataclass(frozen=True, slots=True, config=_strict)
class WebhookChannel:
    """Alerts are posted, signed as Standard Webhooks says."""

    id: Identifier
    """Unique among channels."""
    kind: Literal["webhook"]
    """webhook"""
    secret_env: EnvironmentName
    """Environment variable that holds the secret (whsec_…)."""
    url: Address | None = None
    """Where to post. None: see url_env."""
    url_env: EnvironmentName | None = None
    """Environment variable that holds the address, where the address itself is a secret. None: see url."""
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 20.0
    """For one attempt."""


Channel = Annotated[JsonlChannel | WebhookChannel, Field(discriminator="kind")]
Change = Literal["new", "refined", "disputed", "corroborated", "broken", "overdue"]


@dataclass(frozen=True, slots=True, config=_strict)
class Subscription:
    """Who wants to hear of which results, over which channels. An empty filter lets everything pass."""

    id: Identifier
    """Unique among subscriptions."""
    channels: tuple[Identifier, ...]
    """Ids of channels."""
    places: tuple[str, ...] = ()
    """Official names from the province down (湖北省, 湖北省/武汉市); what lies below a place belongs to it."""
    series: tuple[str, ...] = ()
    """Keys of series (cstc-website)."""
    groups: tuple[Group, ...] = ()
    """province, capital, county …"""
    changes: tuple[Change, ...] = ("new", "refined", "disputed")
    """Which kinds of change. broken: a source that cannot be read any more, or blocks us, whatever the filters; overdue: a series
    whose results are usually out by now and were not seen."""
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Results below are not told."""
    language: Literal["zh", "en"] = "zh"
    """Of the message."""


@dataclass(frozen=True, slots=True, config=_strict)
class Settings:
    """All of settings.toml."""

    database: str = "var/evalwatch.db"
    """The SQLite file, relative to the settings file."""
    backups: Annotated[int, Field(ge=0, le=365)] = 7
    """How many nightly copies of the database are kept beside it."""
    schedule: Schedule = Schedule()
    fetch: Fetch = Fetch()
    archive: Archive = Archive()
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
