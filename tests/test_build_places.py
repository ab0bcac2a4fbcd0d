"""The table is what its sources and changes.toml give, and a unit without a line is reported.

The newest source is a package of another registry; its units of 2023 are read back from the table instead.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("gb2260", reason="gb2260 is needed only to build the table")

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "crawler" / "extract" / "data" / "places.tsv"


@pytest.fixture(scope="module", name="builder")
def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_places", ROOT / "tools" / "build_places.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def rows() -> list[tuple[str, ...]]:
    return [tuple(line.split("\t")) for line in TABLE.read_text("utf-8").splitlines()[1:]]


def units_of_2023() -> dict[str, str]:
    return {
        row[0]: row[1]
        for row in rows()
        if row[3] in {"prefecture", "county"} and int(row[5]) <= 2023 and (not row[6] or int(row[6]) >= 2023)
    }


def test_the_units_of_the_table_are_built_anew(builder: ModuleType) -> None:
    history = builder.build_history(units_of_2023())
    assert history.problems == []
    kept = [row for row in rows() if row[3] != "zone" and row[0] != "660000"]
    assert list(builder.unit_rows(history)) == kept


def test_a_unit_without_a_line_is_reported(builder: ModuleType) -> None:
    latest = units_of_2023()
    del latest["510117"]
    latest["510199"] = "火星区"
    history = builder.build_history(latest)
    assert any("510117 郫都区 is not in" in problem for problem in history.problems)
    assert any("510199 火星区" in problem and "has no line" in problem for problem in history.problems)


def test_a_line_for_an_unknown_unit_is_reported(builder: ModuleType) -> None:
    history = builder.read_revisions()
    builder.apply(history, builder.Change(2016, (("999999", "火星县"),), (("510117", "郫都区"),)))
    assert history.problems == ["2016: no unit 999999 火星县 to change"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("合肥高新技术产业开发区", "合肥高新区"),
        ("河北唐山海港经济开发区", "唐山海港经开区"),
        ("秦皇岛市经济技术开发区", "秦皇岛经开区"),
        ("苏州工业园区", ""),
        ("两江新区", ""),
    ],
)
def test_what_people_say_of_a_zone(builder: ModuleType, name: str, short: str) -> None:
    assert builder.zone_short(name) == short
