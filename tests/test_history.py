"""`evalwatch history` over real databases: which results are an entity's own, what gaps mean, and what a person sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.commands import cli
from crawler.commands.chart import chart_lines
from crawler.extract import lineages_of
from crawler.items import Extraction
from storage.articles import store_article
from storage.database import Store, open_store
from storage.history import entities_like, entity_history, history_as_json, is_stored
from tests.store_samples import arrival, article, extraction, result

PIXIAN, PIDU = "四川省/成都市/郫县", "四川省/成都市/郫都区"


def say(store: Store, says: Extraction, outlet: str | None, number: int) -> None:
    """One article of its own text that states this."""
    text = f"第{number}篇：{outlet or '不署名'}的消息说，评估结果已经公布，" + f"编号{number * 7919}的指标有变化。" * 6
    store_article(store, arrival(store, article(text, url=f"http://n{number}.cn/{number}", outlet=outlet), says))


def of_year(year: int, *results: Any, **changes: Any) -> Extraction:
    return extraction(*results, **{"year": year, "edition": None, "name": f"{year}年政府网站绩效评估", **changes})


STATED = (
    (of_year(2014, result(rank=7), result(PIXIAN, group="county", rank=9)), "甲报"),
    (of_year(2015, result(rank=5, tied=True), result("湖南省", rank=5, tied=True)), "乙报"),
    (of_year(2016, result("四川省", rank=1), result(PIDU, group="county", rank=4)), "丙报"),
    (of_year(2018, result(rank=3), result(kind="score", score=91.5), result(rank=2, indicator="信息公开指数")), "丁报"),
    (of_year(2018, result(rank=6)), "戊，报"),
    (of_year(2019, result(top=10)), "己报"),
    (of_year(2020, result("湖北省/武汉市", group="capital", rank=3)), "庚报"),
    (of_year(2021, result(rank=2), result(rank=12, group="all")), "辛报"),
    (of_year(2021, result(rank=2)), None),
    (of_year(2022, result("四川省", rank=20)), "癸报"),
    (of_year(2021, result(rank=3, group="other"), series="other", name="网站评选"), "卯报"),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("history") / "t.db"
    with open_store(path) as store:
        for number, (says, outlet) in enumerate(STATED):
            say(store, says, outlet, number)
    return path


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    with open_store(database, readonly=True) as opened:
        yield opened


def asked(database: Path, *arguments: str, columns: int = 100) -> Result:
    return CliRunner().invoke(
        cli, ["history", "--database", str(database), *arguments], env={"COLUMNS": str(columns)}
    )  # fmt: skip


def first_line(store: Store, *names: str) -> list[tuple[Any, ...]]:
    line = entity_history(store, names)[0]
    return [(s.year, s.what, s.rank or s.top or s.announced, s.change, s.against) for s in line.years]


def test_places_gaps_and_changes_over_the_years(store: Store) -> None:
    assert first_line(store, "湖北省") == [
        (2014, "place", 7, None, None),
        (2015, "place", 5, 2, 2014),
        (2016, "not_named", 1, None, None),
        (2017, "no_results", None, None, None),
        (2018, "place", 3, 2, 2015),
        (2019, "bound", 10, None, None),
        (2020, "other_groups", None, None, None),
        (2021, "place", 2, 1, 2018),
        (2022, "not_named", 20, None, None),
    ]


def test_disputes_ties_and_outlets_are_told(store: Store) -> None:
    by_year = {s.year: s for s in entity_history(store, ["湖北省"])[0].years}
    assert (by_year[2015].tied, by_year[2015].status, by_year[2015].outlets) == (True, "single", 1)
    assert [(value.words, value.outlets) for value in by_year[2018].stated] == [
        ("第3名", ("丁报",)),
        ("第6名", ("戊，报",)),
    ]
    assert (by_year[2018].status, by_year[2018].also, by_year[2018].unsure) == ("disputed", ("91.5分",), True)
    # a page that names no outlet counts as one
    assert (by_year[2021].status, by_year[2021].outlets, by_year[2021].sources) == ("corroborated", 2, 2)


@pytest.mark.parametrize("words", ["郫县", "郫都区", "510124", "510117"])
def test_the_history_goes_through_all_names_of_a_place(store: Store, words: str) -> None:
    (lineage,) = lineages_of(words)
    assert first_line(store, *lineage.names) == [
        (2014, "place", 9, None, None),
        (2015, "other_groups", None, None, None),
        (2016, "place", 4, 5, 2014),
    ]
    # by one name alone the past would be missing
    assert [year for year, *_ in first_line(store, PIDU)] == [2016]


def test_options_narrow_what_is_shown_and_leave_changes_as_they_are(store: Store) -> None:
    (line,) = entity_history(
        store, ["湖北省"], series="cstc-website", group="province", since_year=2021, subject="website"
    )
    assert [(s.year, s.rank, s.change) for s in line.years] == [(2021, 2, 1), (2022, None, None)]
    assert entity_history(store, ["湖北省"], subject="new_media") == ()
    assert entity_history(store, ["湖北省"], since_year=2022) == ()
    assert {line.scope.group for line in entity_history(store, ["湖北省"], group="all")} == {"all"}


def test_a_brief_history_is_the_places_alone(store: Store) -> None:
    found = entity_history(store, ["湖北省"], brief=True)
    assert [(line.scope.series, line.scope.group, line.scope.indicator) for line in found] == [
        ("cstc-website", "province", None), ("cstc-website", "all", None),
    ]  # fmt: skip
    whole = entity_history(store, ["湖北省"])[0]
    assert [(s.year, s.what, s.rank, s.change, s.stated) for s in found[0].years] == [
        (s.year, s.what, s.rank, s.change, s.stated) for s in whole.years
    ]
    assert {s.announced for s in found[0].years} | {s.outlets for s in found[0].years} == {None, 0}


def test_what_nobody_states_any_more_is_no_history(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        store_article(store, arrival(store, article(), of_year(2020, result(rank=5))))
        store_article(
            store, arrival(store, article("此前的名次有误，现予撤回，正确的结果另行公布。" * 9), extraction())
        )
        assert store.value("SELECT status FROM results") == "withdrawn"
        assert entity_history(store, ["湖北省"]) == ()
        assert not is_stored(store, ["湖北省"])
        assert entities_like(store, "湖北") == []


def test_entities_that_no_table_knows_are_found_by_their_words(store: Store) -> None:
    assert entities_like(store, "湖北省") == ["湖北省"]
    assert entities_like(store, "武汉市") == ["湖北省/武汉市"]
    assert entities_like(store, "川省") == ["四川省"]
    assert entities_like(store, "省/") == ["湖北省/武汉市", PIXIAN, PIDU]
    assert entities_like(store, "100%") == entities_like(store, "") == []


def test_the_command_shows_a_chart_and_a_table(database: Path) -> None:
    shown = asked(database, "湖北", columns=80)
    assert shown.exit_code == 0, shown.output
    lines = shown.output.splitlines()
    assert lines[0] == "湖北省  420000"
    assert "\x1b" not in shown.output
    assert max(map(_width, lines)) <= 80
    assert any(
        line.split() == ["2014", "2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022"] for line in lines
    )
    table = [line.split() for line in lines]
    assert ["2021", "2", "+1?", "against", "2018", "corroborated", "2"] in table
    assert ["2015", "5", "shared", "+2", "single", "1"] in table
    assert "第3名（丁报）; 第6名（戊，报）" in asked(database, "湖北", columns=120).output
    assert "1 sub-index more: --indicators" in shown.output
    assert "信息公开指数" in asked(database, "湖北", "--indicators").output
    assert "网站评选" in shown.output


def _width(line: str) -> int:
    return sum(2 if "\u2e80" <= character <= "\uffef" else 1 for character in line)


def test_the_command_gives_all_of_it_to_programs(database: Path, store: Store) -> None:
    told = json.loads(asked(database, "郫縣", "--json").output)
    assert (told["entity"], told["code"], told["names"], told["became"]) == (PIDU, "510117", [PIXIAN, PIDU], [])
    assert told["lines"] == json.loads(json.dumps(history_as_json(entity_history(store, [PIXIAN, PIDU]))))


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("发改委", 0, "No results of 国家发展和改革委员会."),
        ("无此处", 2, "nobody is known as '无此处'"),
        ("朝阳", 2, "no results of any '朝阳'"),
        ("省/", 2, "'省/' may be several. Give one of: 湖北省/武汉市; 四川省/成都市/郫县; 四川省/成都市/郫都区"),
    ],
)
def test_a_name_of_nobody_or_of_several_is_answered_with_what_to_do(
    database: Path, words: str, code: int, says: str
) -> None:
    from tests.nights import evalwatch

    ended = evalwatch("history", words, "--database", str(database), cwd=database.parent)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert says in ended.stderr


def test_of_places_of_one_name_the_only_one_with_results_is_meant(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        say(store, of_year(2020, result("吉林省/吉林市", group="prefecture", rank=3)), "甲报", 1)
    assert asked(tmp_path / "t.db", "吉林").output.startswith("吉林省/吉林市  220200")
    with open_store(tmp_path / "t.db") as store:
        say(store, of_year(2020, result("吉林省", rank=9)), "乙报", 2)
    ambiguous = asked(tmp_path / "t.db", "吉林")
    assert "吉林省 (220000); 吉林省/吉林市 (220200)" in str(ambiguous.exception)


def test_a_name_as_printed_that_was_not_understood_is_found(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        say(
            store,
            of_year(2020, result("朝阳区", group="county", rank=3), result("某某开发区管委会", rank=2)),
            "甲报",
            1,
        )
    assert asked(tmp_path / "t.db", "朝阳区").output.startswith("朝阳区\n")
    assert asked(tmp_path / "t.db", "开发区管委").output.startswith("某某开发区管委会\n")
    with open_store(tmp_path / "t.db") as store:
        say(store, of_year(2020, result("北京市/朝阳区", group="county", rank=9)), "乙报", 2)
    assert "Give one of: 北京市/朝阳区 (110105); 朝阳区" in str(asked(tmp_path / "t.db", "朝阳区").exception)


def test_options_that_leave_nothing_say_so(database: Path) -> None:
    shown = asked(database, "湖北", "--since-year", "2040")
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert "with these options" in shown.stderr


def place(year: int, rank: int, **changes: Any) -> dict[str, Any]:
    return {"year": year, "what": "place", "rank": rank, **changes}


def test_the_chart_keeps_to_the_width_and_to_the_newest_years() -> None:
    years = [place(year, year % 40 + 1) for year in range(1990, 2027)]
    for width in (30, 40, 80, 120, 400):
        lines = chart_lines(years, width)
        assert max(map(len, lines)) <= width
        assert lines[-1].split()[-1] in ("2026", "26")
    assert len(chart_lines(years, 400)[-1].split()) == len(years)
    assert [cell for line in chart_lines(years, 400)[:8] for cell in line[4:].split() if cell.isdigit()].count("1") == 1


def test_the_chart_puts_the_first_place_on_top_and_draws_no_point_in_gaps() -> None:
    drawn = chart_lines([place(2018, 9), {"year": 2019, "what": "no_results"}, place(2020, 1)], 60)
    assert drawn[0].split() == ["1", "┤", "1"]
    assert drawn[7].split() == ["9", "┤", "9"]
    assert sum(any(character.isdigit() for character in line[6:]) for line in drawn[:8]) == 2
    assert drawn[9].strip() == "·"


@pytest.mark.parametrize("years", [[], [place(2020, 1)], [{"year": None, "what": "place", "rank": 3}, place(2020, 1)]])
def test_one_point_is_no_chart(years: list[dict[str, Any]]) -> None:
    assert chart_lines(years, 80) == []
