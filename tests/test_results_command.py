"""`evalwatch results`: names as people type them, tables for terminals and pipes, formats, and what is said when there is nothing."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result
from rich.cells import cell_len

from crawler.commands import cli
from crawler.commands.layout import COLUMNS, fitted, markdown, sectioned
from storage.database import open_store
from tests.inspected import HOSTILE_ENTITY, make_database
from tests.nights import ROOT, command, environment


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("found") / "t.db"
    make_database(path)
    return path


def asked(database: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["results", "--database", str(database), *arguments])


def found(database: Path, *arguments: str) -> list[dict[str, Any]]:
    shown = asked(database, "--json", *arguments)
    assert shown.exit_code == 0, shown.output
    return [json.loads(line) for line in shown.stdout.splitlines()]


@pytest.mark.parametrize(
    ("typed", "entities"),
    [
        ("湖北", {"湖北省", "湖北省/武汉市"}),
        ("武汉", {"湖北省/武汉市"}),
        ("武漢市", {"湖北省/武汉市"}),
        ("湖北省武汉市", {"湖北省/武汉市"}),
        ("湖北 武汉", {"湖北省/武汉市"}),
        ("湖北省/武汉市", {"湖北省/武汉市"}),
        ("420100", {"湖北省/武汉市"}),
        (HOSTILE_ENTITY, {HOSTILE_ENTITY}),
    ],
)
def test_a_place_is_known_by_what_people_call_it(database: Path, typed: str, entities: set[str]) -> None:
    assert {row["entity"] for row in found(database, "--place", typed)} == entities


def test_an_entity_is_itself_alone_and_may_be_named_in_part(database: Path) -> None:
    assert {row["entity"] for row in found(database, "--entity", "湖北")} == {"湖北省"}
    assert {row["entity"] for row in found(database, "--entity", "某单位")} == {HOSTILE_ENTITY}
    both = found(database, "--entity", "湖北", "--place", "武汉")
    assert both == [], "filters of different kinds narrow each other down"
    assert len(found(database, "--place", "成都", "--place", "广州")) == 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--place", "鼓楼区"), r"4 places are called 鼓楼区\. Say which: .*江苏省/南京市/鼓楼区 \(0 results\)"),
        (("--place", "湖百省"), r"no place is called '湖百省'\. Did you mean 湖北省\?"),
        (("--entity", "省"), r"\d names hold '省'\. Say which: .*湖北省"),
        (("--series", "cstc-webside"), r"no series 'cstc-webside'\. Did you mean cstc-website\b"),
        (("--run", "99"), r"no run 99\. The newest is 7"),
        (("--year", "MMXX"), r"'MMXX' is no year"),
        (("--year", "2020-2018"), r"2020 is later than 2018"),
        (("--group", "provinces"), r"'provinces' is not one of .*'province'"),
    ],
)
def test_a_name_that_stands_for_nothing_or_for_several_is_told(
    database: Path, arguments: tuple[str, ...], says: str
) -> None:
    ended = subprocess.run(
        command("results", "--database", database, *arguments), cwd=ROOT, env=environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert re.search(says, ended.stderr), ended.stderr
    assert "Traceback" not in ended.stderr


def test_what_else_a_name_could_stand_for_is_told(database: Path) -> None:
    shown = asked(database, "--place", "吉林")
    assert "吉林 is taken for 吉林省; there is also 吉林省/吉林市" in shown.stderr


def test_nothing_found_says_which_filter_is_the_reason(database: Path, tmp_path: Path) -> None:
    shown = asked(database, "--place", "武汉", "--year", "2011")
    assert shown.stdout == ""
    assert shown.stderr == "None of 19 results is what you ask for.\n  Without --year: 7\n"


def test_filters(database: Path) -> None:
    assert {row["year"] for row in found(database, "--year", "2018-2020")} == {2018, 2019, 2020}
    assert {row["year"] for row in found(database, "--year", "2023-")} == {2023, 2024}
    assert {row["kind"] for row in found(database, "--kind", "score", "--kind", "award")} == {"score", "award"}
    assert {row["subject"] for row in found(database, "--subject", "new_media")} == {"new_media"}
    assert [row["rank"] for row in found(database, "--status", "disputed")] == [9]
    assert len(found(database, "--run", "last")) == len(found(database, "--run", "7")) > 0
    assert {row["series"] for row in found(database, "--series", "中国政府网站绩效评估")} == {"cstc-website"}


def test_a_day_is_one_of_the_schedule(database: Path) -> None:
    # the first night was stored at 22:30 UTC on the 1st: in Shanghai that is the 2nd
    assert len(found(database, "--since", "2024-11-02")) == 19
    assert len(found(database, "--since", "2024-11-03")) == 17


def test_a_ranking_table_begins_with_the_best(database: Path) -> None:
    rows = found(database, "--series", "cstc-digital-gov", "--year", "2024", "--kind", "rank")
    assert [row["rank"] for row in rows] == [1, 2]
    years = [row["year"] for row in found(database, "--sort", "rank")]
    assert years == sorted(years, reverse=True)


def test_a_pipe_gets_whole_lines_without_colours_or_boxes(database: Path) -> None:
    shown = asked(database).stdout
    lines = shown.splitlines()
    assert lines[0].split() == list(COLUMNS)
    assert len(lines) == 20
    assert "…" not in shown
    assert not re.search(r"[\x1b\u2500-\u257f\u202e]", shown)
    (grepped,) = [line for line in lines if "subprovincial" in line]
    assert "湖北省/武汉市" in grepped
    assert "示例財經" in grepped


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_terminal_gets_lines_that_fit_it(database: Path, width: int) -> None:
    own, theirs = pty.openpty()
    env = environment() | {"COLUMNS": str(width)}
    process = subprocess.Popen(
        command("results", "--database", database), cwd=ROOT, env=env, stdout=theirs, stderr=subprocess.PIPE
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(own, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    process.communicate(timeout=20)
    os.close(own)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
    assert len(lines) >= 20
    assert max(map(cell_len, lines)) <= width
    assert any("湖北省" in line for line in lines)


def test_words_stand_below_their_result(database: Path) -> None:
    shown = asked(database, "--subject", "new_media", "--words").stdout
    assert (
        "\n    示例財經  2024-12-01  http://news1.example/1.html\n    “武漢市政務新媒體在副省級城市中位列第二”\n"
        in shown
    )


def test_formats_hold_the_same(database: Path) -> None:
    lines = found(database)
    assert json.loads(asked(database, "--format", "json").stdout) == lines
    assert asked(database, "--format", "jsonl").stdout == asked(database, "--json").stdout
    rows = list(csv.DictReader(asked(database, "--format", "csv").output.splitlines(keepends=True)))
    assert sorted(row["fact_key"] for row in rows) == sorted(row["fact_key"] for row in lines)
    assert asked(database, "--format", "json", "--year", "1999").stdout == "[]\n"
    assert len(asked(database, "--format", "markdown", "--limit", "3").stdout.splitlines()) == 5


def test_markdown_makes_nothing_of_text_of_the_web() -> None:
    hostile = "](javascript:x)|<img onerror=x>`*_\nwww.evil.example @x #1"
    row = {
        "year": 2024, "series": "other", "evaluation": hostile, "group": "all", "subject": "website", "entity": hostile,
        "kind": "rank", "rank": 1, "status": "single",
        "mentions": [{"outlet": hostile, "url": "javascript:alert(1)"}, {"outlet": "a", "url": "http://a.cn/x)(y z|"}],
    }  # fmt: skip
    line = list(markdown([row]))[2]
    assert not re.search(r"(?<!\\)[|](?! |$)|<|[^\\]\]\(j|www\.|(?<!\\)[`*@#]", line)
    assert "[a](http://a.cn/x%29%28y%20z%7C)" in line


def test_what_a_person_decided_stands_beside_the_status(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    path.write_bytes(database.read_bytes())
    with open_store(path) as store, store.writing():
        store.execute("UPDATE results SET decided = 'corrected' WHERE status = 'disputed'")
    assert "disputed, corrected" in asked(path, "--status", "disputed").stdout


def test_alignment_counts_cells_not_characters() -> None:
    lines, widths = fitted([("湖北", "a"), ("x", "b")], None, names=("entity", "says"))
    assert lines == ["湖北  a", "x     b"]
    assert widths == [4, 1]
    row = ("2024", "s", "g", "website", "一" * 60, "第1名", "single", "二" * 60)
    assert max(cell_len(line) for line in sectioned([row], 50)[0].split("\n")) <= 50


def test_of_a_long_path_the_end_stays_of_a_long_name_the_beginning() -> None:
    rows = [
        ("2024", "s", "county", "website", entity, "第1名", "single", "甲网")
        for entity in ("湖北省/武汉市/洪山区", "国家发展和改革委员会")
    ]
    shown = "\n".join(sectioned(rows, 34))
    assert "  …省/武汉市/洪山区  " in shown
    assert "  国家发展和改革委…  " in shown


def completed(word: str, *typed: str) -> list[str]:
    return [item.value for item in ShellComplete(cli, {}, "evalwatch", "_X").get_completions(list(typed), word)]


def test_completion_knows_places_series_and_groups() -> None:
    assert completed("武", "results", "--place")[0] == "武汉市"
    assert "cstc-website" in completed("cstc", "results", "--series")
    assert completed("prov", "results", "--group") == ["province"]
    assert completed("la", "results", "--run") == ["last"]
    assert "markdown" in completed("", "results", "--format")
