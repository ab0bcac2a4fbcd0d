"""What the pages say, in Chinese or English. The strings stand in words.toml; names of groups and subjects come from whoever
starts the pages, who knows how alerts call them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import quote

from crawler.items import Result, value_words

__all__ = ["LANGUAGES", "NOTHING_OUTSIDE", "Language", "Outside", "Spoken", "strings"]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_BEIJING = timezone(timedelta(hours=8))
_OUTCOMES = ("rank", "tied", "top", "score", "grade", "award", "work", "improved", "change", "implied")
_FLAGS = ("tied", "improved", "implied")


@dataclass(frozen=True, slots=True)
class Outside:
    """What the pages must be told, because it is known in stages that storage does not import."""

    groups: Mapping[Language, Mapping[str, str]]
    """Names of the groups."""
    subjects: Mapping[Language, Mapping[str, str]]
    """Names of the subjects."""
    series: Mapping[str, str]
    """Names of the series by key."""
    outcome: Callable[[Result, Language], str]
    """An outcome in words."""
    simplify: Callable[[str], str]
    """Traditional to simplified characters, for what a reader types into the search box."""
    has_archive: Callable[[str], bool]
    """Whether the pages of that night were kept."""
    archived: Callable[[str, str], str | None]
    """The page with that address as it was kept that night, as text; None where it was not."""
    names_of: Callable[[str], Sequence[str]]
    """All names, the former ones too, of the place or body with that full name or code; empty where that is not known."""


NOTHING_OUTSIDE = Outside(
    {}, {}, {}, lambda result, _language: value_words(result), str, lambda _: False, lambda *_: None, lambda _: ()
)
"""Keys instead of names, outcomes in Chinese, no archive."""


@cache
def strings() -> Mapping[str, Mapping[Language, str]]:
    """The table of strings: key, language, text."""
    return tomllib.loads(files("storage.inspect").joinpath("words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of one language, for templates."""

    lang: Language
    """Which one."""
    outside: Outside
    """Names and functions from outside."""

    def t(self, key: str, **values: object) -> str:
        """The text with that key; KeyError where there is none."""
        text = strings()[key][self.lang]
        return text.format(**values) if values else text

    def state(self, name: str | None) -> str:
        """A state or status in words, as it is where it has none."""
        found = strings().get(f"state_{name}")
        return found[self.lang] if found else name or "—"

    def group(self, key: str) -> str:
        return self.outside.groups[self.lang].get(key, key)

    def subject(self, key: str) -> str:
        return self.outside.subjects[self.lang].get(key, key)

    def series(self, key: str) -> str:
        return self.t("other_series") if key == "other" else self.outside.series.get(key, key)

    def scope(self, row: Mapping[str, Any]) -> str:
        """Among whom, and in what: 省级 · 政务新媒体 · 信息公开指数."""
        parts = (self.group(row["group"]), self.subject(row["subject"]), row.get("indicator"))
        return " · ".join(part for part in parts if part)

    def outcome(self, row: Mapping[str, Any]) -> str:
        """The outcome of a row with the columns of a result or a mention."""
        told: dict[str, Any] = {
            name: bool(row[name]) if name in _FLAGS else row[name] for name in _OUTCOMES if name in row
        }
        empty = Result("", "", "other", "other", row.get("kind") or "rank", "", (0, 0), **told)
        return self.outside.outcome(empty, self.lang)

    def time(self, text: str | None) -> str:
        """A moment in Beijing time, to the minute; a plain date as it is.

        >>> Spoken("zh", NOTHING_OUTSIDE).time("2024-12-20T22:30:00Z")
        '2024-12-21 06:30'
        """
        if not text:
            return "—"
        if len(text) == len("2024-12-20"):
            return text
        return datetime.fromisoformat(text).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")

    def day(self, text: str | None) -> str:
        """The day of a moment in Beijing time."""
        return self.time(text)[:10]

    def line(self, point: Mapping[str, Any]) -> str:
        """The line of a chart that a point belongs to."""
        return self.scope({**point, "indicator": None})

    def chart(self, points: Iterable[Mapping[str, Any]]) -> str:
        """The points of a chart as JSON for chart.js."""
        told = [
            {"year": point["year"], "rank": point["rank"], "line": self.line(point), "status": point["status"]}
            for point in points
        ]
        return json.dumps(told, ensure_ascii=False)

    def years(self, lines: Sequence[Mapping[str, Any]]) -> list[tuple[int, bool, list[tuple[str, str, bool]]]]:
        """The same as a table: each year, whether the series has results of it, and for each line the place or why there is none,
        the change, and whether it is a gap."""
        table: dict[int, list[tuple[str, str, bool]]] = {}
        known = set()
        for column, line in enumerate(lines):
            for year in line["years"]:
                if year["year"] is not None:
                    cells = table.setdefault(year["year"], [("—", "", True)] * len(lines))
                    cells[column] = (self.standing(year), self.moved(year), year["entity"] is None)
                    if year["what"] != "no_results":
                        known.add(year["year"])
        return [(year, year in known, table[year]) for year in sorted(table)]

    @staticmethod
    def announced(row: Mapping[str, Any]) -> str:
        """The places that were announced, of a row of coverage.

        >>> Spoken.announced({"announced": 10}), Spoken.announced({"announced": None})
        ('1–10', '—')
        """
        most = row["announced"]
        return "—" if most is None else "1" if most == 1 else f"1–{most}"

    def standing(self, year: Mapping[str, Any]) -> str:
        """A year of a line in few words: the place, the bound, or why there is none."""
        if year["what"] in ("place", "bound"):
            return f"{year['rank']}{'=' if year['tied'] else ''}" if year["rank"] else f"≤{year['top']}"
        return self.state(year["what"])

    def moved(self, year: Mapping[str, Any]) -> str:
        """The places gained or lost; against which year, where that is not the year before."""
        if year["change"] is None:
            return ""
        sign = "▲" if year["change"] > 0 else "▼" if year["change"] < 0 else "="
        words = f"{sign}{abs(year['change']) or ''}{'?' if year['unsure'] else ''}"
        return words if year["against"] == year["year"] - 1 else f"{words} {self.t('against', year=year['against'])}"

    @staticmethod
    def place_path(row: Mapping[str, Any]) -> str:
        """The page of a row's entity.

        >>> Spoken.place_path({"entity": "湖北省/武汉市", "code": "420100"}), Spoken.place_path({"entity": "a/b?", "code": None})
        ('/place/420100', '/place/a/b%3F')
        """
        return "/place/" + (row.get("code") or quote(row["entity"]))

    @staticmethod
    def evaluation_path(row: Mapping[str, Any]) -> str:
        """The page of a row's evaluation; one of no known series needs its id too."""
        path = f"/evaluation/{quote(row['series'], safe='')}/{row['year'] or 'unknown'}"
        identity = row.get("evaluation_id") or row.get("id")
        return f"{path}?id={identity}" if row["series"] == "other" and identity else path

    @staticmethod
    def short(entity: str) -> str:
        """The last part of an entity's name.

        >>> Spoken.short("湖北省/武汉市")
        '武汉市'
        """
        return entity.rpartition("/")[2]

    @staticmethod
    def link(url: str | None) -> str | None:
        """An address of the web that a page may link to; None for anything that is none (javascript:, data:)."""
        return url if url and re.match(r"https?://[^\s/]", url, re.IGNORECASE) else None
