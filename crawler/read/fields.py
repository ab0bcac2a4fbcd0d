"""The fields of an article from what its page says in several places: the candidates in the order in which they are
believed, and the first that says something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from crawler.items import Article
from crawler.read.byline import Byline, clean_name, is_office, own_name
from crawler.read.dateline import outlet_in_dateline
from crawler.read.dates import BEIJING, dates_in, from_address, from_list, in_range, latest_by_address
from crawler.read.metadata import PageMeta

__all__ = ["Candidate", "Said", "candidates_of", "with_fields"]

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
_LAST = 4
"""Lines at the end of a body in which it may be signed."""
_SHORT = 40
_BESIDE = 8
"""Characters that may stand beside the date on such a line: the day of the week."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one place of a page says of one field."""

    field: str
    """Name of the field of Article."""
    where: str
    """In which place, in short English."""
    value: str | date
    """What it says."""


@dataclass(frozen=True, slots=True)
class Said:
    """All places that a page's fields are taken from."""

    chosen: Byline
    """By the selectors of the source."""
    beside: Byline
    """Beside the headline, then at the ends of the body."""
    below: Byline
    """In lines of the body that were dropped."""
    meta: PageMeta
    """In the head of the page."""
    opening: str
    """The first sentence of the body, normalised."""
    text: str
    """The body, normalised."""
    listed: date | None
    """What the list says of its date. None: nothing, or no list is known."""
    url: str | None
    """The page's address."""
    fetched: datetime | None
    """When it was fetched."""


def candidates_of(said: Said) -> tuple[Candidate, ...]:
    """What each place says of each field; of one field those first that are believed first."""
    places = (*_names(said), *_dates(said))
    return tuple(Candidate(field, where, value) for field, where, value in places if value is not None)


def with_fields(article: Article, candidates: Sequence[Candidate]) -> Article:
    """The article with the first candidate of each field."""
    first: dict[str, str | date] = {}
    for candidate in candidates:
        first.setdefault(candidate.field, candidate.value)
    outlet, origin = _text(first.get("outlet")), _text(first.get("origin"))
    return replace(
        article,
        outlet=outlet,
        origin=origin if origin != outlet else None,
        author=_text(first.get("author")),
        editor=_text(first.get("editor")),
        published=_day(first.get("published")),
        modified=_day(first.get("modified")),
    )


def _text(value: str | date | None) -> str | None:
    return value if isinstance(value, str) else None


def _day(value: str | date | None) -> date | None:
    return value if isinstance(value, date) else None


def _names(said: Said) -> Iterator[tuple[str, str, str | None]]:
    """来源 beside the headline; else ContentSource, 发布机构, 来源 below the text, the site's name, which is also what 本站
    means; else whom the first sentence names."""
    chosen, beside, below, meta = said.chosen, said.beside, said.below, said.meta
    publisher = own_name(beside.publisher)
    yield "outlet", "selector", own_name(chosen.source)
    yield "outlet", "beside the headline", own_name(beside.source)
    yield "outlet", "meta tags", meta.source
    yield "outlet", "named as publisher", publisher if is_office(publisher) else None
    yield "outlet", "below the text", own_name(below.source)
    yield "outlet", "name of the site", meta.site
    yield "outlet", "first sentence", outlet_in_dateline(said.opening)
    yield "outlet", "beside the headline, of itself", clean_name(chosen.source or beside.source)
    yield "origin", "below the text", own_name(below.source)
    for where, byline in (("selector", chosen), ("beside the headline", beside), ("below the text", below)):
        yield "author", where, byline.author
        yield "editor", where, byline.editor
    yield "author", "meta tags", meta.author


def _dates(said: Said) -> Iterator[tuple[str, str, date | None]]:
    """The visible date beats PubDate, which may be the time the page was made; the same day with a time is more exact. The
    address is asked last."""
    tagged = said.meta.published
    places = (("selector", said.chosen), ("beside the headline", said.beside), ("below the text", said.below))
    shown = next((byline.published for _, byline in places if byline.published is not None), None)
    if shown is not None and _is_same_day(shown, tagged) and not isinstance(shown, datetime):
        yield "published", "meta tags, the same day with its time", tagged if isinstance(tagged, datetime) else None
    for where, byline in places:
        yield "published", where, byline.published
    yield "published", "meta tags", tagged
    yield "published", "beside the headline, without its year", _short(said)
    yield "published", "day of writing", said.beside.written
    yield "published", "address", from_address(said.url, fetched=said.fetched) if said.url else None
    yield "published", "end of the text", _signed(said)
    yield "modified", "beside the headline", said.chosen.modified or said.beside.modified
    yield "modified", "meta tags", said.meta.modified


def _is_same_day(one: date, other: date | None) -> bool:
    return other is not None and one.isoformat()[:10] == other.isoformat()[:10]


def _short(said: Said) -> date | None:
    """A date without its year: the last such day up to what the list, the address, or else the day of fetching says. None
    where the text tells of no year later than the one before last: an old page fetched today."""
    short = said.chosen.short_date or said.beside.short_date
    if not short or not said.fetched:
        return None
    known = said.listed or (latest_by_address(said.url) if said.url else None)
    if known is not None and in_range(known, fetched=said.fetched):
        return from_list(short, fetched=_noon(known))
    value = from_list(short, fetched=said.fetched)
    years = [int(year) for year in _YEAR.findall(said.text)]
    return None if value is None or (years and max(years) < value.year - 1) else value


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=BEIJING)


def _signed(said: Said) -> date | None:
    """The day on a line of its own among the last of the body, as press releases and notices are signed."""
    for line in reversed(said.text.rsplit("\n", _LAST)[-_LAST:]):
        for found in dates_in(line, fetched=said.fetched) if len(line) <= _SHORT else ():
            if len(line.strip()) - (found.end - found.start) <= _BESIDE:
                return found.value
    return None
