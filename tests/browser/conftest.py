"""A real browser, a server as users start it, and an eye on what pages ask for and complain of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.inspected import inspecting, make_database

CHROMIUM = os.environ.get("EVALWATCH_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SCREENSHOTS = os.environ.get("EVALWATCH_SCREENSHOTS")
"""A folder into which the tests put a picture of every page, to be looked at."""


@dataclass
class Sight:
    """A page of the browser and what happened in it."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip(
            "no Chromium here: on Debian install chromium and fonts-noto-cjk, or name one in EVALWATCH_CHROMIUM"
        )
    # ends with this package: while it runs, its event loop is the thread's, and nobody else may start one
    with sync_playwright() as playwright:
        # no-sandbox: the tests run as root in containers; the pages are our own
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the pages over the invented news."""
    folder = tmp_path_factory.mktemp("site")
    make_database(folder / "t.db")
    with inspecting("--database", folder / "t.db", cwd=folder) as address:
        yield address


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[..., Sight]]:
    """Opens pages of the browser; fails at the end if one complained or asked another machine for something."""
    seen: list[Sight] = []

    def opened(site: str, *, width: int = 1280, scheme: str = "light") -> Sight:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN")  # type: ignore[arg-type]  # a literal
        sight = Sight(context.new_page())
        sight.page.on("console", lambda m: sight.complaints.append(m.text) if m.type in ("error", "warning") else None)
        sight.page.on("pageerror", lambda error: sight.complaints.append(str(error)))
        sight.page.on("request", lambda r: None if r.url.startswith((site, "data:")) else sight.strangers.append(r.url))
        sight.page.set_default_timeout(10_000)
        seen.append(sight)
        return sight

    yield opened
    for sight in seen:
        sight.page.context.close()
        assert sight.complaints == []
        assert sight.strangers == []


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, where somebody wants to look."""
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"), full_page=True)
