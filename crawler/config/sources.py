"""The record of a watched list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from crawler.config.checks import Address, Css, EnvironmentName, Host, Identifier, PagePattern, Pattern, strict


@dataclass(frozen=True, slots=True, config=strict)
class ListSelectors:
    """How the items of a list page are found. All are CSS selectors, in the dialect of Scrapy (::text, ::attr(name))."""

    item: Css | None = None
    """One element per entry. None: the group of links that looks most like a list, see `address`."""
    address: Pattern | None = None
    """Without `item`: only links whose absolute address matches this regular expression are entries. None: any link."""
    link: Css = "a"
    """The link inside the item; its href is the article."""
    title: Css | None = None
    """The title inside the item. None: title attribute of the link, else its text."""
    date: Css | None = None
    """The date inside the item. None: the first date in the item's text."""
    drop: Css | None = None
    """What is taken out of an item before it is read, such as a box that opens over it. None: nothing."""
    next: Css | None = None
    """Link to the next list page. None: found by `pages`, by createPageHTML, or by its text 下一页."""
    pages: PagePattern | None = None
    """Address of list page n, relative to the entry: index_{n}.shtml. None: see `next`."""
    first: int = 1
    """The n of the second page in `pages`: TRS counts index_1 (1), DedeCMS list_87_2 (2)."""


@dataclass(frozen=True, slots=True, config=strict)
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


@dataclass(frozen=True, slots=True, config=strict)
class JsonPaths:
    """How entries are found in a JSON answer: JMESPath expressions (as in Scrapy's response.jmespath)."""

    rows: str
    """The array of entries, e.g. result.data.middle.list. With `list` selectors beside it: strings of HTML that they read."""
    title: str | None = None
    """Inside one row: its title; markup in it is removed. None: the rows are HTML."""
    url: str | None = None
    """Inside one row: its address, absolute or relative to the entry. None: the rows are HTML."""
    date: str | None = None
    """Inside one row: its date, as text, or as seconds or milliseconds since 1970. None: no date."""


@dataclass(frozen=True, slots=True, config=strict)
class Asking:
    """How a list is asked for where a plain GET of the entry is not enough. In its values, as in `entry`, {word} stands for
    a keyword, {date:%Y/%m%d} for the day of the night, and a text that is {ms:-30} as a whole for the milliseconds since
    1970 of the day that many days from it. With `form` or `json` it is a POST."""

    form: Mapping[str, str] | None = None
    """Fields of a form, as application/x-www-form-urlencoded. None: no form."""
    json: Mapping[str, Any] | None = None
    """A JSON object. None: no JSON."""
    headers: Mapping[str, str] = Field(default_factory=dict)
    """Headers beside those that every request has."""
    headers_env: Mapping[str, EnvironmentName] = Field(default_factory=dict)
    """Headers whose value stands in an environment variable: what a site's own page sends and this file should not hold."""


SourceKind = Literal[
    "organiser", "central", "province", "municipality", "city", "county", "national_media", "industry_media", "finance",
    "mirror", "company", "search",
]  # fmt: skip
Access = Literal["list", "feed", "sitemap", "json", "search"]
Interval = Literal["nightly", "weekly", "monthly"]
"""monthly: every 30 days."""
Answer = Literal["list", "feed", "sitemap", "json"]


@dataclass(frozen=True, slots=True, config=strict)
class Source:
    """One watched list."""

    id: Identifier
    """Short, stable, unique; it stands in the database."""
    name: str
    """What people call the outlet, in Chinese."""
    kind: SourceKind
    """What sort of outlet it is."""
    entry: tuple[Address, ...]
    """Address(es) of the newest page of the list. {word} and {date:…} are filled in as [sources.request] says."""
    access: Access
    """How its entries are listed: an HTML list, a feed (RSS 2.0, Atom), a sitemap, JSON, or the answer to a keyword search,
    which is JSON, HTML or a feed. A family may say it."""
    family: str | None = None
    """Id of the family whose presets stand behind this record (crawler/config/families.toml). None: none."""
    group: Identifier | None = None
    """What it is switched on with: see enabled_groups. None: by itself."""
    region: str | None = None
    """Place of the outlet, for 我省 and 我市: 湖北省 or 湖北省/武汉市. None: none or nationwide."""
    enabled: bool = True
    """Whether a live night visits it. Not given: yes, unless it has a group that enabled_groups does not name. A replay
    visits every source that the recording holds."""
    verified: bool = False
    """True once somebody ran it on the live web and looked at what came."""
    follow: Literal["relevant", "all"] = "relevant"
    """relevant: only entries whose title passes the relevance test are fetched; all: every entry."""
    keywords: tuple[str, ...] = ()
    """Of a search: what is searched for; empty: [search] keywords. Of a list: words that make a title relevant too."""
    max_pages: Annotated[int, Field(ge=1, le=1000)] = 3
    """List pages per night at most."""
    interval: Interval = "nightly"
    """How often its lists are read at least. `schedule.season_interval` may shorten it."""
    timezone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    """The zone of dates that name none. Only Beijing time can be read so far."""
    list: ListSelectors | None = None
    """For access = "list" and HTML answers of a search. None: entries are found without selectors."""
    json: JsonPaths | None = None
    """For access = "json", required there, and JSON answers of a search."""
    request: Asking | None = None
    """How the list is asked for. None: a plain GET of `entry`."""
    unwrap: str | None = None
    """Parameter of an entry's address that holds the real one (link.do?url=…). None: addresses are what they are."""
    article: ArticleSelectors = ArticleSelectors()
    """Where article pages have their fields."""
    allowed_domains: tuple[str, ...] = ()
    """Hosts (and what lies below them) that article links may lead to. Empty: the hosts of `entry`."""
    local_hosts: tuple[Host, ...] = ()
    """Hosts of this source that may stand in your own network (127.0.0.1, 10.…, fd…). Empty: public addresses only."""
    cookies: bool = False
    """Whether cookies that the site sets are sent back to it within a night. Only where it shows nothing without them."""
    evidence: str | None = None
    """Where these facts come from, for the next person who mends them."""

    @property
    def answer(self) -> Answer:
        """What its list is read as.

        >>> Source(id="a", name="甲", kind="search", access="search", entry=("http://a.cn/rss?q={word}",)).answer
        'feed'
        """
        if self.access != "search":
            return self.access
        return "json" if self.json is not None else "list" if self.list is not None else "feed"
