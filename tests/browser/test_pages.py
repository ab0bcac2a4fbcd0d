"""Every page in a real browser: it loads without a complaint, asks no other machine, runs nothing of the web, and anybody can use it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Sight, picture
from tests.inspected import HOSTILE_ENTITY, HOSTILE_TITLE, YEARS, inspecting
from tests.nights import evalwatch

Look = Callable[..., Sight]

PAGES = {
    "home": "/",
    "home-en": "/?lang=en",
    "place": "/place/420100",
    "province": "/place/420000",
    "hostile-place": f"/place/{quote(HOSTILE_ENTITY)}",
    "evaluation": "/evaluation/cstc-website/2024",
    "hostile-evaluation": "/evaluation/other/2024",
    "article": "@示例財經",
    "table-article": "@表格网",
    "hostile-article": "@=HYPERLINK",
    "run": "/run/7",
    "search": "/search?q=绩效",
    "search-nothing": "/search?q=<script>window.hacked=1</script>",
    "missing": "/place/nowhere",
    "data": "/evalwatch",
    "last-night": "/evalwatch/results_last_night",
    "disputed": "/evalwatch/results_disputed",
    "mentions": "/evalwatch/mentions_readable",
    "articles": "/evalwatch/articles",
    "history": "/evalwatch/history?place=420100",
    "coverage": "/evalwatch/coverage_readable",
    "expected": "/evalwatch/expected_readable",
    "moves": "/evalwatch/moves?place=420100",
    "row": "/evalwatch/runs/7",
    "sql": "/evalwatch?sql=select+*+from+articles",
}
"""An @ stands for the article of that outlet."""


def fetched(address: str) -> object:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.load(answer)


def path_of(site: str, name: str) -> str:
    path = PAGES[name]
    if not path.startswith("@"):
        return path
    found = fetched(f"{site}/run/7.json")
    assert isinstance(found, dict)
    return "/article/" + next(str(a["article"]) for a in found["articles_stored"] if a["outlet"].startswith(path[1:]))


def serious(page: Page, *rules: str) -> list[str]:
    """What axe-core calls serious or critical, by all its rules or by these, with the elements."""
    found = Axe().run(page, options={"runOnly": list(rules)} if rules else None).response["violations"]
    return [
        f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']][:3]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(look: Look, site: str, name: str) -> None:
    sight = look(site)
    page = sight.page
    answer = page.goto(site + path_of(site, name))
    assert answer is not None
    assert answer.status == (404 if name == "missing" else 200)
    for width, scheme in ((1280, "light"), (380, "light"), (380, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal
        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
        assert page.locator("iframe, object, embed, img[src=x], svg[onload], [onmouseover], [onerror]").count() == 0
        assert page.locator('a[href^="javascript:" i]').count() == 0
        assert not set("\u202e\u202d\u2067") & set(page.locator("body").inner_text())
        picture(page, f"{name}-{width}-{scheme}")
        if width > 380 or scheme == "dark":
            # what differs in the dark are the colours
            assert serious(page, *(["color-contrast"] if scheme == "dark" else [])) == []
    if name == "missing":
        # the browser itself writes a line for every 404
        sight.complaints = [line for line in sight.complaints if "404" not in line]


def test_the_chart_has_a_point_for_every_year_and_so_has_the_table(look: Look, site: str) -> None:
    page = look(site).page
    page.goto(f"{site}/place/420100")
    figure = page.locator("figure", has_text="中国政府网站绩效评估")
    # one place among the sub-provincial cities besides, in 2024
    assert figure.locator("svg .points path, svg .points circle").count() == len(YEARS) + 1
    years = [str(year) for year in range(YEARS[0], YEARS[-1] + 1)]
    assert [text[:4] for text in figure.locator("tbody th").all_inner_texts()] == years
    rows = dict(zip(years, figure.locator("tbody tr").all_inner_texts(), strict=True))
    assert "未见评估结果" in rows["2017"]
    assert [a.inner_text() for a in figure.locator("tbody th a").all()] == [str(year) for year in YEARS]
    assert "▼2 较 2016 年" in rows["2018"]
    # one line from each year to the next, none over a year without a place
    paths = [
        path.get_attribute("d") or ""
        for path in figure.locator("svg path[stroke-width='2'], svg g[stroke-width='2'] path").all()
    ]
    assert sum(d.count("M") for d in paths) == 4
    assert (
        figure.locator("svg[role=img]").get_attribute("aria-label") == "中国政府网站绩效评估：历年名次，数值越小越靠前"
    )
    assert figure.locator(".legend li").count() == 2


@pytest.mark.parametrize("words", ["绩效", "武汉市", "武漢"])
def test_search_finds(look: Look, site: str, words: str) -> None:
    page = look(site).page
    page.goto(site)
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator(".hits > li").count() > 0
    if words != "绩效":
        assert page.get_by_role("link", name="湖北省 武汉市").is_visible()


def test_the_keyboard_reaches_everything(look: Look, site: str) -> None:
    page = look(site).page
    for path in ("/", "/place/420100", path_of(site, "article")):
        page.goto(site + path)
        wanted = page.locator("a[href]:visible, button:visible, input:visible:not([type=hidden])").count()
        reached = set()
        for _ in range(wanted + 5):
            page.keyboard.press("Tab")
            reached.add(page.evaluate(
                "[...document.querySelectorAll('a[href], button, input:not([type=hidden])')].indexOf(document.activeElement)"
            ))  # fmt: skip
            if page.evaluate("document.activeElement !== document.body"):
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        assert len(reached - {-1}) >= wanted


def test_from_home_to_the_words_in_three_clicks(look: Look, tmp_path: Path) -> None:
    """What a new user does who ran `make run`: how did 武汉 do, in which year, who says so, in which words?"""
    assert evalwatch("demo", cwd=tmp_path).returncode == 0
    with inspecting(cwd=tmp_path) as site:
        page = look(site).page
        page.goto(site)
        page.get_by_role("searchbox").fill("武汉")
        page.get_by_role("button", name="搜索").click()
        page.get_by_role("link", name="湖北省 武汉市", exact=True).click()
        row = page.locator("table.rows tr", has_text="第3名").first
        assert "2020" in row.inner_text()
        assert "“武汉市门户网站" in row.inner_text() or "武汉市政府门户网站" in row.inner_text()
        assert "示例" in row.locator(".outlet").first.inner_text()
        picture(page, "demo-wuhan")
        row.locator(".says a").first.click()
        marked = page.locator("mark:target, mark:has(:target)")
        assert "武汉市" in marked.first.inner_text()
        assert marked.first.is_visible()
        picture(page, "demo-words")


def test_language_stays_as_chosen(look: Look, site: str) -> None:
    page = look(site).page
    page.goto(f"{site}/run/7")
    page.get_by_role("link", name="English").click()
    assert "Results" in page.inner_text("h2 >> nth=1") or "results" in page.inner_text("main")
    page.goto(f"{site}/place/420100")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", name="Ranks over the years").is_visible()
    page.get_by_role("link", name="中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_print_leaves_the_words_and_drops_the_controls(look: Look, site: str) -> None:
    page = look(site).page
    page.goto(f"{site}/place/420100")
    page.emulate_media(media="print")
    assert page.locator("figure svg").first.is_visible()
    assert not page.get_by_role("searchbox").is_visible()
    picture(page, "place-print")


def test_the_hostile_title_is_shown_as_text(look: Look, site: str) -> None:
    page = look(site).page
    page.goto(site + path_of(site, "hostile-article"))
    assert page.inner_text("h1") == HOSTILE_TITLE
    assert page.get_by_text("javascript:window.hacked=1", exact=False).first.is_visible()
