"""The report of a night: what it tells, that text of the web stays text in it, and that it stays small."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from alerts.report import night_report_html
from alerts.report.page import OPEN_ROWS
from crawler.commands import cli
from crawler.items import Change
from storage.articles import store_article
from storage.database import open_store
from storage.night import night_report
from storage.runs import finish_run, start_run
from tests.inspected import HOSTILE_ENTITY, HOSTILE_WORDS, make_database
from tests.store_samples import NEWS, arrival, article, extraction, result

NIGHT = 7


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "t.db"
    make_database(path)
    return path


@pytest.fixture(scope="module")
def report(database: Path) -> dict[str, Any]:
    with open_store(database, readonly=True) as store:
        return night_report(store, NIGHT)


class Tags(HTMLParser):
    """Every tag and attribute of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_report_tells_what_is_new_by_evaluation_and_group(report: dict[str, Any]) -> None:
    assert (report["run"], report["night"], report["total"], report["left"]) == (7, "2024-11-07", 7, 0)
    assert [(one["series"], [g["group"] for g in one["groups"]]) for one in report["evaluations"]] == [
        ("cstc-digital-gov", ["city"]), ("cstc-website", ["subprovincial", "capital"]), ("other", ["all"]),
    ]  # fmt: skip
    (city,) = report["evaluations"][0]["groups"]
    assert [entity["entity"] for entity in city["entities"]] == ["四川省/成都市", "广东省/广州市"]
    assert [row["kind"] for row in city["entities"][0]["results"]] == ["rank", "score"]


def test_a_report_tells_disputes_with_each_value(report: dict[str, Any]) -> None:
    (disputed,) = report["disputed"]
    assert [mention["rank"] for mention in disputed["mentions"]] == [7, 9]
    page = night_report_html(report)
    assert "<b>第7名</b> <q>武汉市门户网站在省会城市中列第7位</q>" in page
    assert "<b>第9名</b> <q>武汉市门户网站在省会城市中列第九位</q>" in page


def test_a_place_stands_beside_that_of_the_edition_before(database: Path) -> None:
    with open_store(database, readonly=True) as store:
        page = night_report_html(night_report(store, 4))
    assert "2019年第7名" in page, "武汉 in 2020, two nights after its place of 2019"


def test_words_link_to_where_they_stand(report: dict[str, Any]) -> None:
    page = night_report_html(report)
    assert '<q>武漢市政務新媒體在副省級城市中位列第二</q> <a href="http://news1.example/1.html"' in page


def test_sources_in_trouble_say_why_and_since_when(report: dict[str, Any]) -> None:
    assert report["sources"]["states"] == {"healthy": 1, "broken": 1}
    told = Tags(night_report_html(report, language="en"))
    assert re.search(r"slow\s*broken\s*—\s*never", told.text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_of_the_web_is_text(report: dict[str, Any], language: Any) -> None:
    page = night_report_html(report, language=language)
    told = Tags(page)
    assert not {"script", "img", "svg", "iframe", "i", "link", "object", "form"} & set(told.tags)
    assert told.tags.count("style") == 1
    assert not [name for name, _ in told.attributes if name.startswith("on") or name in ("style", "src")]
    links = [value for name, value in told.attributes if name == "href"]
    assert all(link and link.startswith(("http://", "#")) for link in links)
    assert HOSTILE_WORDS in told.text
    assert " ".join(HOSTILE_ENTITY.replace("/", " ").split()) in told.text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", page)


def test_a_page_needs_nothing_besides_itself(report: dict[str, Any]) -> None:
    page = night_report_html(report)
    assert "default-src 'none'" in page
    assert not re.search(r"@import|url\(|<[^>]*\bsrc=", page)


def test_a_night_without_news_says_so(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        run = start_run(store, night=date(2026, 11, 22), now=datetime(2026, 11, 22, 22, 30, tzinfo=UTC), replay=False)
        finish_run(store, run, "ok", datetime(2026, 11, 22, 22, 40, tzinfo=UTC))
        with store.writing():
            store.execute(
                "INSERT INTO expected (series, year, name, week, due, night) VALUES ('x', 2026, '<b>评估', 40, '2026-10-04', '2026-11-22')"
            )
        page = night_report_html(night_report(store, run))
    assert "这一夜没有新结果。" in page
    assert "<li>&lt;b&gt;评估 2026: 往年第40周前公布，至今未见</li>" in page
    assert "2026-11-23 06:30 至 2026-11-23 06:40" in page


def test_corrections_and_withdrawals_are_told_with_both_values(tmp_path: Path) -> None:
    def everybody(_change: Change) -> tuple[str, ...]:
        return ("everybody",)

    told = [(NEWS, (result(), result("湖南省", rank=6))), (NEWS.replace("五", "四"), (result(rank=4),))]
    with open_store(tmp_path / "t.db") as store:
        for text, says in told:
            came = arrival(store, article(text), extraction(*says), owed=everybody)
            store_article(store, came)
            finish_run(store, came.run_id, "ok", came.now)
        report = night_report(store, came.run_id)
    page = Tags(night_report_html(report)).text
    assert {(change["kind"], change["result"]["entity"]) for change in report["corrected"]} == {
        ("corrected", "湖北省"), ("withdrawn", "湖南省"),
    }  # fmt: skip
    assert re.search(r"湖北省.*?第4名.*?第5名", page, re.DOTALL)
    assert re.search(r"湖南省.*?第6名", page, re.DOTALL)


def test_what_a_person_decided_stands_beside_the_result(report: dict[str, Any]) -> None:
    told = json.loads(json.dumps(report))
    doubtful = told["evaluations"][1]["groups"][1]["entities"][0]["results"][0]
    assert "待核" in night_report_html(told)
    doubtful["decided"] = "accepted"
    page = night_report_html(told)
    assert "人工采信" in page
    assert "待核" not in page


def big_night(path: Path, entities: int) -> dict[str, Any]:
    with open_store(path) as store:
        results = [
            result(f"示例{number}县", group="county", rank=number, evidence="各县依次", span=(0, 4))
            for number in range(1, entities + 1)
        ]
        store_article(store, arrival(store, article(), extraction(*results)))
        return night_report(store, 1, most=50)


def test_a_great_night_is_folded_and_bounded(tmp_path: Path) -> None:
    report = big_night(tmp_path / "t.db", 120)
    (group,) = report["evaluations"][0]["groups"]
    assert (group["total"], group["shown"], report["left"]) == (120, 50, 70)
    page = night_report_html(report)
    assert page.count('<th scope="row">示例') == 50
    before, folded = page.split("<details>")
    assert before.count('<th scope="row">示例') == OPEN_ROWS
    assert "另外20个" in folded
    assert "还有70条没有列出: <code>evalwatch results --run 1</code>" in folded
    assert page.count("没有列出") == 1
    assert page.count("同上一句") >= 40, "one sentence that states them all is quoted once per table"


def test_of_groups_that_are_not_listed_it_says_how_many_results_they_have(
    report: dict[str, Any], database: Path
) -> None:
    with open_store(database, readonly=True) as store:
        short = night_report(store, NIGHT, most=4)
    assert (short["total"], short["left"]) == (7, 3)
    page = night_report_html(short)
    assert "其他评估和分组还有3条没有列出" in page
    assert page.count("没有列出") == 1
    assert "没有列出" not in night_report_html(report)


def asked(database: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["report", "--database", str(database), *map(str, arguments)])


def test_the_command_writes_the_last_night(database: Path, tmp_path: Path) -> None:
    shown = asked(database, "-o", tmp_path / "night.html", "--language", "en")
    assert shown.exit_code == 0
    assert shown.output == f"{tmp_path}/night.html: night of 2024-11-07, 7 new results\n"
    assert '<html lang="en">' in (tmp_path / "night.html").read_text(encoding="utf-8")
    assert asked(database, "--run", "2").output.startswith("<!doctype html>")
    told = json.loads(asked(database, "--json").output)
    assert (told["run"], [late["series"] for late in told["overdue"]]) == (NIGHT, ["tsinghua-digital-gov"])


def test_a_run_that_is_not_there_is_told(database: Path, tmp_path: Path) -> None:
    assert "no run 99. The newest is 7" in str(asked(database, "--run", "99").exception)
    open_store(tmp_path / "empty.db").close()
    assert "no run has ended yet" in str(asked(tmp_path / "empty.db").exception)
