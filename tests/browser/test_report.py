"""The report of a night in a real browser: anybody can read it, on any screen and on paper, and it asks nobody for anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alerts.report import night_report_html
from storage.database import open_store
from storage.night import night_report
from tests.browser.conftest import Sight, picture
from tests.browser.test_pages import serious
from tests.inspected import make_database
from tests.test_report import big_night

Look = Callable[..., Sight]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of nights, as files."""
    folder = tmp_path_factory.mktemp("reports")
    make_database(folder / "t.db")
    with open_store(folder / "t.db", readonly=True) as store:
        told: dict[str, dict[str, Any]] = {"hostile": night_report(store, 7), "small": night_report(store, 4)}
    told["great"] = big_night(folder / "great.db", 80)
    told["hostile"]["overdue"] = [{"name": "中国政府网站绩效评估", "year": 2026, "week": 51}]
    pages = {name: night_report_html(report) for name, report in told.items()}
    pages["english"] = night_report_html(told["hostile"], language="en")
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.mark.parametrize("name", ["hostile", "small", "great", "english"])
def test_a_report_is_sound(look: Look, reports: dict[str, Path], name: str) -> None:
    address = reports[name].as_uri()
    sight = look(address)
    page = sight.page
    page.goto(address)
    for width, scheme in ((1280, "light"), (380, "light"), (380, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal
        picture(page, f"report-{name}-{width}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert serious(page) == []
    assert page.evaluate("window.hacked") is None


def test_what_is_folded_opens_without_a_script_and_stands_on_paper(look: Look, reports: dict[str, Path]) -> None:
    address = reports["great"].as_uri()
    page = look(address).page
    page.goto(address)
    last = page.get_by_role("row", name="示例50县")
    assert not last.is_visible()
    page.emulate_media(media="print")
    assert page.locator("details tbody tr").last.evaluate("row => row.getBoundingClientRect().height") > 0
    page.emulate_media(media="screen")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    assert last.is_visible()
