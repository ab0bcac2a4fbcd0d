"""Records to rows and back, without loss."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import Any

from crawler.items import Change, Evaluation, Notice, Result, Symptom

__all__ = [
    "VALUE_COLUMNS",
    "change_from_json",
    "change_to_json",
    "date_from_text",
    "date_text",
    "digest",
    "evaluation_columns",
    "evaluation_from_row",
    "evaluation_id",
    "json_text",
    "notice_from_json",
    "notice_to_json",
    "result_columns",
    "result_from_row",
    "time_from_text",
    "time_text",
]

VALUE_COLUMNS = (
    "rank", "tied", "top", "score", "grade", "award", "work", "improved", "change", "indicator", "implied", "confidence",
)  # fmt: skip
"""What results and mentions have in common: the outcome."""

_FLAGS = ("tied", "improved", "implied")


def time_text(moment: datetime) -> str:
    """A moment of ours, in UTC with Z, to the second.

    >>> time_text(datetime(2026, 11, 22, 6, 30, tzinfo=UTC))
    '2026-11-22T06:30:00Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def time_from_text(text: str) -> datetime:
    return datetime.fromisoformat(text)


def date_text(value: date | None) -> str | None:
    """What a page states, in its own offset: a date, or a datetime to the precision that it has.

    >>> date_text(date(2021, 1, 5)), date_text(None)
    ('2021-01-05', None)
    """
    return value.isoformat() if value else None


def date_from_text(text: str | None) -> date | None:
    """What date_text wrote: a datetime where it has a time, else a date."""
    if text is None:
        return None
    return date.fromisoformat(text) if len(text) == len("2021-01-05") else datetime.fromisoformat(text)


def json_text(value: object) -> str:
    """Compact JSON with sorted keys: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(*parts: object) -> str:
    """A stable id of 16 hex digits for these parts."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


def evaluation_id(evaluation: Evaluation) -> str:
    """One id per (series, year); evaluations of no known series are told apart by name, as in fact_key."""
    name = evaluation.name if evaluation.series == "other" else ""
    return digest(evaluation.series, name, evaluation.year or "")


def evaluation_columns(evaluation: Evaluation) -> dict[str, Any]:
    """The columns that evaluations and article_evaluations have in common."""
    return {
        "name": evaluation.name,
        "edition": evaluation.edition,
        "organizers": json_text(evaluation.organizers),
        "released": date_text(evaluation.released),
        "sample": json_text(dict(evaluation.sample)),
        "indicators": json_text(dict(evaluation.indicators)),
    }


def evaluation_from_row(row: Mapping[str, Any], *, key: str = "") -> Evaluation:
    """The evaluation of a row with series and year beside evaluation_columns."""
    return Evaluation(
        key=key or row.get("key", ""),
        name=row["name"],
        series=row["series"],
        year=row["year"],
        edition=row["edition"],
        organizers=tuple(json.loads(row["organizers"])),
        released=date_from_text(row["released"]),
        sample=json.loads(row["sample"]),
        indicators=json.loads(row["indicators"]),
    )


def result_columns(result: Result) -> dict[str, Any]:
    """The outcome of a result as columns."""
    return {name: getattr(result, name) for name in VALUE_COLUMNS}


def result_from_row(row: Mapping[str, Any]) -> Result:
    """The result of a mention's row with subject, group and kind of its fact beside it."""
    values: dict[str, Any] = {name: bool(row[name]) if name in _FLAGS else row[name] for name in VALUE_COLUMNS}
    return Result(
        evaluation=row["evaluation"],
        entity=row["entity"],
        code=row["code"],
        subject=row["subject"],
        group=row["group"],
        kind=row["kind"],
        evidence=row["words"],
        span=(row["start"], row["end"]),
        rule=row["rule"],
        **values,
    )


def change_to_json(change: Change) -> str:
    """A change as it was when it was stored: what an alert tells does not move with later nights."""
    evaluation = _fields(change.evaluation) | {"released": date_text(change.evaluation.released)}
    evaluation |= {name: dict(evaluation[name]) for name in ("sample", "indicators")}
    data = {"evaluation": evaluation, "result": _fields(change.result), "published": date_text(change.published)}
    return json_text(_fields(change) | data)


def _fields(record: Change | Evaluation | Result) -> dict[str, Any]:
    """A record as a dict, its values as they are (dataclasses.asdict copies every one of them: 0.3 ms a change)."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def change_from_json(text: str) -> Change:
    """The change that change_to_json wrote."""
    data = json.loads(text)
    evaluation, result = data.pop("evaluation"), data.pop("result")
    evaluation["organizers"] = tuple(evaluation["organizers"])
    evaluation["released"] = date_from_text(evaluation["released"])
    result["span"] = tuple(result["span"])
    data["published"] = date_from_text(data["published"])
    return Change(evaluation=Evaluation(**evaluation), result=Result(**result), **data)


def notice_to_json(notice: Notice) -> str:
    """A notice as it was when it was stored."""
    last = notice.last_success
    return json_text(asdict(notice) | {"last_success": time_text(last) if last else None})


def notice_from_json(text: str) -> Notice:
    """The notice that notice_to_json wrote."""
    data = json.loads(text)
    data["symptoms"] = tuple(Symptom(**symptom) for symptom in data["symptoms"])
    data["last_success"] = time_from_text(data["last_success"]) if data["last_success"] else None
    return Notice(**data)
