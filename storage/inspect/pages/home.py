"""The first page: last night, what is overdue or in trouble, where to go on."""

from __future__ import annotations

from storage.inspect.pages.facts import RESULT_COLUMNS, reading_order, with_words
from storage.inspect.reader import Reader, Row

__all__ = ["home"]

_SHOWN = 12
_SORTED_AT_MOST = 500
"""So many results of a night are put in order, which is every night but a baseline: that may hold a hundred thousand."""
_PROVINCES = (
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82,
)  # fmt: skip
"""First two digits of the codes of GB/T 2260."""

_SOON_DAYS = 60
"""What is due later is not told on the first page."""


def home(reader: Reader) -> Row:
    """The newest night with its first results, what is expected and overdue, the sources that are not healthy, and ways into the
    rest."""
    run = reader.row("SELECT * FROM runs_readable WHERE status <> 'running' ORDER BY run DESC LIMIT 1")
    return {
        "night": run,
        "running": reader.row(
            "SELECT id AS run, night, started FROM runs WHERE status = 'running' ORDER BY id DESC LIMIT 1"
        ),
        "results": _newest(reader, run["run"]) if run else [],
        "expected": _expected(reader),
        "sources": _sources(reader),
        "disputed": reader.value("SELECT count(*) FROM results WHERE status = 'disputed'"),
        "doubtful": reader.value("SELECT count(*) FROM results WHERE confidence < 0.5 AND status <> 'withdrawn'"),
        "owed": reader.value("SELECT count(*) FROM deliveries WHERE state = 'owed'"),
        "provinces": _provinces(reader),
        "series": _series(reader),
    }


def _newest(reader: Reader, run: int) -> list[Row]:
    """The first results of a run as a person reads them: the newest year first, by evaluation and place."""
    rows = reader.rows(
        f"SELECT {RESULT_COLUMNS} FROM (SELECT * FROM results WHERE run = ? AND status <> 'withdrawn' LIMIT ?) r "  # noqa: S608
        "JOIN evaluations e ON e.id = r.evaluation",
        run, _SORTED_AT_MOST,
    )  # fmt: skip
    return with_words(reader, sorted(rows, key=reading_order)[:_SHOWN])


def _expected(reader: Reader) -> Row | None:
    """What is overdue, and what is usually out soon, as the newest live night saw it. None: there was none."""
    rows = reader.rows("SELECT * FROM expected_readable ORDER BY due, series")
    if not rows:
        return None
    return {
        "night": rows[0]["night"],
        "overdue": [row for row in rows if row["state"] == "overdue"],
        "soon": [row for row in rows if row["state"] == "expected" and -row["days_late"] <= _SOON_DAYS],
    }


def _sources(reader: Reader) -> Row:
    """How many sources are in which state, and those that are not well."""
    rows = reader.rows("SELECT source, state, run, last_success FROM sources_readable ORDER BY source")
    states: dict[str, int] = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + 1
    return {"states": states, "troubled": [row for row in rows if row["state"] not in ("healthy", "quiet", "new")]}


def _provinces(reader: Reader) -> list[Row]:
    """The provinces of which, or of places in which, anything is known."""
    found = []
    for number in _PROVINCES:
        entity = reader.value(
            "SELECT entity FROM results WHERE code >= ? AND code < ? ORDER BY code LIMIT 1",
            f"{number}",
            f"{number + 1}",
        )
        if entity:
            found.append({"code": f"{number}0000", "name": entity.partition("/")[0]})
    return found


def _series(reader: Reader) -> list[Row]:
    """The series with their years, the newest first; what belongs to no series last."""
    series: dict[str, list[int | None]] = {}
    for row in reader.rows(
        "SELECT DISTINCT series, year FROM evaluations ORDER BY series = 'other', series, year DESC"
    ):
        series.setdefault(row["series"], []).append(row["year"])
    return [{"series": key, "years": years} for key, years in series.items()]
