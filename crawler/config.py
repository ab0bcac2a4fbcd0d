"""settings.toml → frozen records.

One file, read once, checked whole: an unknown key, a wrong type, a doubled id, a selector that does not parse or a channel
that nobody defined is one SettingsError that names file, key and line and says what would be right. Secrets are never in
the file: it names the environment variables that hold them.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import parsel
from cssselect import SelectorError
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from crawler.errors import SettingsError
from crawler.items import Group

__all__ = [
    "PLACEHOLDER_CONTACT",
    "Archive",
    "ArticleSelectors",
    "Channel",
    "Fetch",
    "JsonPaths",
    "JsonlChannel",
    "ListSelectors",
    "Schedule",
    "Settings",
    "Source",
    "Subscription",
    "WebhookChannel",
    "find_settings",
    "load_settings",
]

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
Change = Literal["new", "refined", "disputed", "corroborated"]


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
    """Which kinds of change."""
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


def find_settings(given: str | None = None) -> Path:
    """The settings file to use: the given one, else ./settings.toml, else the one that came with evalwatch.

    Raises SettingsError where none is there.
    """
    here = Path(__file__).resolve().parent
    candidates = (
        [Path(given)] if given else [Path("settings.toml"), here.parent / "settings.toml", here / "settings.toml"]
    )
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise SettingsError("no such file", where=str(candidates[0]), hint="Give one with --settings FILE")


def load_settings(path: Path) -> Settings:
    """Read and check a settings file. Raises SettingsError with file, key and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot be read ({error})", where=str(path)) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is not TOML: {error}", where=str(path)) from error
    if "folder" in data:
        raise _mistake(path, text, ("folder",), "is no key", "Paths are always relative to the settings file")
    try:
        # JSON, because pydantic's strict mode takes arrays as tuples there and nothing else as something else
        settings = TypeAdapter(Settings).validate_json(
            json.dumps(data | {"folder": str(path.resolve().parent)}, default=str)
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        loc = tuple(part for part in first["loc"] if part not in ("jsonl", "webhook"))
        raise _mistake(path, text, loc, *_explain(first["type"], first, loc)) from error
    _check_references(settings, path, text)
    return settings


def _check_references(settings: Settings, path: Path, text: str) -> None:
    for table, records in (
        ("sources", settings.sources), ("channels", settings.channels), ("subscriptions", settings.subscriptions),
    ):  # fmt: skip
        seen: set[str] = set()
        for i, record in enumerate(records):
            if record.id in seen:
                raise _mistake(path, text, (table, i, "id"), f"doubles the id {record.id!r}", "Ids are unique")
            seen.add(record.id)
    for i, source in enumerate(settings.sources):
        if source.access == "json" and source.json is None:
            raise _mistake(path, text, ("sources", i, "access"), 'is "json" without paths', "Add [sources.json]")
        if not source.entry:
            raise _mistake(path, text, ("sources", i, "entry"), "is empty", "Give at least one address")
    known = [channel.id for channel in settings.channels]
    for i, subscription in enumerate(settings.subscriptions):
        for name in subscription.channels:
            if name not in known:
                raise _mistake(
                    path, text, ("subscriptions", i, "channels"), f"names the unknown channel {name!r}",
                    _suggestion(name, known) or "Define it under [[channels]]",
                )  # fmt: skip
    for i, channel in enumerate(settings.channels):
        if isinstance(channel, WebhookChannel) and (channel.url is None) == (channel.url_env is None):
            raise _mistake(
                path, text, ("channels", i, "id"), "has not exactly one of url and url_env", "Give one of them"
            )


def _mistake(path: Path, text: str, loc: tuple[Any, ...], what: str, hint: str | None) -> SettingsError:
    key = ".".join(f"[{part}]" if isinstance(part, int) else str(part) for part in loc).replace(".[", "[")
    return SettingsError(f"{key} {what}", where=f"{path}:{_line_of(text, loc)}", hint=hint)


def _explain(kind: str, error: Any, loc: tuple[Any, ...]) -> tuple[str, str | None]:
    """What is wrong and what would be right, of the first mistake that pydantic names."""
    if kind == "unexpected_keyword_argument":
        names = _keys_beside(loc)
        return "is no key", _suggestion(str(loc[-1]), names) or f"Known here: {', '.join(sorted(names))}"
    if kind == "missing":
        return "is missing", "Add it"
    if kind == "value_error":
        return str(error["ctx"]["error"]), None
    given = json.dumps(error.get("input"), ensure_ascii=False, default=str)
    return f"cannot be {given[:80]}", str(error["msg"])


def _suggestion(word: str, known: Iterable[str]) -> str | None:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else None


def _keys_beside(loc: tuple[Any, ...]) -> list[str]:
    """The keys that are known where the last part of loc stands."""
    records: tuple[Any, ...] = (Settings,)
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        types = [f.type for r in records for f in fields(r) if f.name == part]
        records = tuple(dict.fromkeys(record for t in types for record in _records_in(t)))
    return [f.name for r in records for f in fields(r) if f.name != "folder"]


def _records_in(annotation: Any) -> list[Any]:
    if isinstance(annotation, str):
        annotation = eval(annotation, globals())  # noqa: S307 - our own annotations, postponed by __future__
    if is_dataclass(annotation):
        return [annotation]
    return [record for part in get_args(annotation) for record in _records_in(part) if not isinstance(part, str)]


_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w\-]+|\"[^\"]+\")\s*(?:\.|=)")


def _line_of(text: str, loc: tuple[Any, ...]) -> int:
    """The line of the deepest part of loc that is written out, counted from 1.

    >>> _line_of('a = 1\\n[[s]]\\nid = 1\\n[[s]]\\nid = 2\\n[s.list]\\nitem = 3', ("s", 1, "list", "item"))
    7
    """
    counts: dict[tuple[str, ...], int] = {}
    current: tuple[Any, ...] = ()
    best, best_line = 0, 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            names = tuple(part.strip(" \"'") for part in header[2].split("."))
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            current = tuple(
                part
                for depth in range(len(names))
                for part in (names[depth], counts.get(names[: depth + 1]))
                if part is not None
            )
            path = current
        elif key := _KEY.match(line):
            path = (*current, key[1].strip('"'))
        else:
            continue
        if path == loc[: len(path)] and len(path) > best:
            best, best_line = len(path), number
    return best_line


def environment_value(name: str, environment: Mapping[str, str]) -> str:
    """The value of an environment variable that the settings name; SettingsError where it is not set."""
    value = environment.get(name)
    if not value:
        raise SettingsError(f"the environment variable {name} is not set", hint=f"Set it: export {name}=…")
    return value
