"""What one visit says of a source: how many items, what its newest article gave, and whether it works. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from crawler.config import Source
from crawler.items import Article, Entry

__all__ = ["FIELDS", "Checked", "as_json", "checked_article", "checked_list", "without_page"]

State = Literal["healthy", "broken", "blocked", "quiet"]
FIELDS = ("title", "date", "outlet", "text")
"""The fields of an article that are looked for. Without an outlet an article is still one."""
ENOUGH = 40
"""Characters from which on an article has a text."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What one visit found."""

    source: str
    """Id of the source."""
    state: State
    """healthy; quiet: a list that may be empty was; blocked: robots.txt or a wall; broken: anything else that is wrong."""
    why: str | None = None
    """What is wrong. None: nothing."""
    items: int = 0
    """Entries of the list page."""
    dated: int = 0
    """Those of them with a date."""
    newest: str | None = None
    """The newest date among them, ISO 8601."""
    article: str | None = None
    """Address of the article that was read. None: none."""
    fields: tuple[str, ...] = ()
    """Which of FIELDS it has."""


def checked_list(source: Source, entries: Sequence[Entry]) -> Checked:
    """What a list page says. A page without entries has been told as broken by its reader, unless it may be empty."""
    dates = [_day(entry.published) for entry in entries if entry.published is not None]
    found = Checked(
        source.id, "healthy" if entries else "quiet", items=len(entries), dated=len(dates), newest=max(dates, default=None)
    )  # fmt: skip
    if entries and not dates and _promises_dates(source):
        return replace(found, state="broken", why="no item has a date")
    return found


def _promises_dates(source: Source) -> bool:
    """Should its list have dates?"""
    if source.answer == "json" and source.json is not None and source.json.url:
        return source.json.date is not None
    return source.answer in ("feed", "sitemap") or (source.list is not None and source.list.date is not None)


def _day(value: date) -> str:
    return value.isoformat()[:10]


def checked_article(source: Source, listed: Checked, article: Article) -> Checked:
    """What the list page and an article say together."""
    has = {
        "title": article.title, "date": article.published, "outlet": article.outlet, "text": len(article.text) >= ENOUGH,
    }  # fmt: skip
    found = replace(listed, article=article.url, fields=tuple(name for name in FIELDS if has[name]))
    if found.state == "broken":
        return found
    if missing := [name for name in FIELDS if not has[name] and name != "outlet"]:
        return replace(found, state="broken", why=f"the article has no {' and no '.join(missing)}")
    if source.article.body is not None and "text found by selector" not in article.notes:
        return replace(found, state="broken", why=f"the article has nothing at {source.article.body}")
    return found


def without_page(checked: Checked, why: str, *, blocked: bool) -> Checked:
    """What is known where a page did not come or could not be read."""
    return replace(checked, state="blocked" if blocked else "broken", why=why)


def as_json(checked: Checked) -> dict[str, Any]:
    """For programs."""
    return {name: getattr(checked, name) for name in Checked.__dataclass_fields__} | {"fields": list(checked.fields)}
