"""Plain data of a night (storage.night) → one HTML page."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from alerts.harmless import plain_words, safe_link
from alerts.notices import overdue_words, symptom_words
from alerts.wording import GROUPS, SUBJECTS, Language, outcome_words
from crawler.items import Result, Symptom

__all__ = ["night_report_html"]

Row = Mapping[str, Any]

OPEN_ROWS = 30
"""Rows of a table that stand open; the others are folded."""
_MOST_WORDS = 160
_BEIJING = timezone(timedelta(hours=8))
_OUTCOMES = ("rank", "tied", "top", "score", "grade", "award", "work", "improved", "change", "indicator")
_FLAGS = ("tied", "improved")


def night_report_html(report: Row, *, language: Language = "zh") -> str:
    """The page of the night: a whole document that asks nobody for anything and runs nothing, in which text of the web is text.

    `report` is what `storage.night.night_report` gives.
    """
    told = _Told(language)
    evaluations = [told.evaluation(one) for one in report["evaluations"]]
    in_their_groups = sum(group["left"] for one in evaluations for group in one["groups"])
    changes = {name: number for name, number in report["counts"].items() if number and name != "new"}
    page: str = _template().render(
        lang=language,
        t=told.t,
        report=report,
        counts={"new": report["total"], **changes},
        when=told.duration(report["started"], report["finished"]),
        evaluations=evaluations,
        elsewhere=report["left"] - in_their_groups,
        disputed=[told.line(row, values=True) for row in report["disputed"]],
        refined=[told.line(row) for row in report["refined"]],
        corrected=[told.change(change) for change in report["corrected"]],
        changed=[told.article(row) for row in report["changed"]],
        sources=told.sources(report["sources"]),
        visited=sum(report["sources"]["states"].values()),
        overdue=[
            f"{late['name']} {late['year']}: {overdue_words(late['week'], language)}" for late in report["overdue"]
        ],
        open_rows=OPEN_ROWS,
    )
    return page


@cache
def _strings() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("alerts.report").joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def _template() -> Any:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown
    )
    return environment.from_string(files("alerts.report").joinpath("page.html").read_text(encoding="utf-8"))


def _shown(value: Any) -> Any:
    """What the template writes; of text no character that does not show, or that turns the text around it."""
    return plain_words(value, 2000) if type(value) is str else value


def _without_repeats(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, where one sentence states several of them in a row with that sentence at the first only."""
    before: list[dict[str, Any]] = []
    for row in rows:
        row["same"] = bool(row["says"]) and row["says"] == before
        before = row["says"]
    return rows


class _Told:
    """The rows of a report as the template shows them, in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def t(self, key: str, **values: object) -> str:
        text = _strings()[key][self._language]
        return text.format(**values) if values else text

    def time(self, text: str | None) -> str:
        """A moment of ours in Beijing time, to the minute."""
        return datetime.fromisoformat(text).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M") if text else "—"

    def duration(self, started: str, finished: str | None) -> str:
        """From when to when; a report that goes with the messages of a night is made before its end."""
        if finished is None:
            return self.t("from", started=self.time(started))
        return self.t("from_to", started=self.time(started), finished=self.time(finished))

    def evaluation(self, own: Row) -> dict[str, Any]:
        return {
            "name": self._name(own["name"], own["series"], own["year"]),
            "organizers": "、".join(own["organizers"]),
            "groups": [self._group(group) for group in own["groups"]],
        }

    def _name(self, name: str, series: str, year: int | None) -> str:
        called = name or series
        if year is None:
            return f"{called} · {self.t('unknown_year')}"
        return called if str(year) in called else f"{called} · {year}"

    def _group(self, group: Row) -> dict[str, Any]:
        return {
            "name": GROUPS[self._language][group["group"]],
            "total": group["total"],
            "left": group["total"] - group["shown"],
            "rows": _without_repeats([self._entity(entity) for entity in group["entities"]]),
        }

    def _entity(self, entity: Row) -> dict[str, Any]:
        results: Sequence[Row] = entity["results"]
        return {
            "entity": entity["entity"].replace("/", " "),
            "outcomes": [self._outcome(row) for row in results],
            "says": list(self._says(results)),
            "same": False,
            "more": max(row["says"] - len(row["mentions"]) for row in results),
        }

    def line(self, row: Row, *, values: bool = False) -> dict[str, Any]:
        """A single result, with the name of its evaluation; `values`: with what each mention states."""
        return self._entity({"entity": row["entity"], "results": [row]}) | {
            "evaluation": self._name(row["evaluation"], row["series"], row["year"]),
            "group": GROUPS[self._language][row["group"]],
            "says": list(self._says([row], values=values)),
        }

    def _outcome(self, row: Row) -> dict[str, Any]:
        return {
            "words": self._words(row),
            "scope": SUBJECTS[self._language][row["subject"]],
            "past": self._past(row.get("past")),
            "status": row["status"],
            "notes": self._notes(row),
        }

    def _notes(self, row: Row) -> list[str]:
        """What is to be known of a result besides: what a person decided of it, else that one should look."""
        if row["decided"]:
            return [self.t(f"decided_{row['decided']}")]
        return [self.t("implied")] * bool(row["implied"]) + [self.t("doubtful")] * (row["confidence"] < 0.5)

    def _words(self, row: Row, kind: str | None = None) -> str:
        told: dict[str, Any] = {
            name: bool(row[name]) if name in _FLAGS else row[name] for name in _OUTCOMES if row.get(name) is not None
        }
        empty = Result("", "", "other", "other", kind or row["kind"], "", (0, 0), **told)  # type: ignore[arg-type]  # a kind
        return outcome_words(empty, self._language)

    def _past(self, past: Row | None) -> str | None:
        if past is None:
            return None
        return self.t("past", year=past["year"], outcome=self._words({"kind": "rank", **past}))

    def _says(self, results: Iterable[Row], *, values: bool = False) -> Iterator[dict[str, Any]]:
        """Who says it in which words; the same words of one article once."""
        seen = set()
        for row in results:
            for mention in row["mentions"]:
                if (mention["article"], mention["words"]) in seen:
                    continue
                seen.add((mention["article"], mention["words"]))
                yield {
                    "value": self._words(mention, row["kind"]) if values else None,
                    "words": plain_words(mention["words"], _MOST_WORDS),
                    **self._link(mention),
                    "copies": self.t("copies", n=mention["outlets"]) if mention["outlets"] > 1 else None,
                }

    def _link(self, row: Row) -> dict[str, Any]:
        return {
            "outlet": plain_words(row["outlet"] or "", 80) or self.t("unnamed"),
            "url": safe_link(row["url"]),
            "day": (row["published"] or "")[:10],
        }

    def article(self, row: Row) -> dict[str, Any]:
        return {"title": plain_words(row["title"] or "", _MOST_WORDS) or self.t("untitled"), **self._link(row)}

    def change(self, change: Row) -> dict[str, Any]:
        """A change as subscribers were told of it."""
        evaluation, result = change["evaluation"], change["result"]
        return {
            "kind": self.t(f"count_{change['kind']}"),
            "entity": result["entity"].replace("/", " "),
            "evaluation": self._name(evaluation["name"], evaluation["series"], evaluation["year"]),
            "group": GROUPS[self._language][result["group"]],
            "outcome": self._words(result),
            "before": self.t("before", previous=change["previous"]) if change["previous"] else None,
            "words": plain_words(result["evidence"], _MOST_WORDS),
            **self._link(change),
        }

    def sources(self, sources: Row) -> dict[str, Any]:
        states = {self.t(f"health_{state}"): number for state, number in sources["states"].items()}
        between = "；" if self._language == "zh" else "; "
        return {
            "states": states,
            "troubled": [
                {
                    "source": row["source"],
                    "state": row["state"],
                    "words": between.join(symptom_words(Symptom(**s), self._language) for s in row["symptoms"]) or "—",
                    "last": self.time(row["last_success"]) if row["last_success"] else self.t("never"),
                }
                for row in sources["troubled"]
            ],
        }
