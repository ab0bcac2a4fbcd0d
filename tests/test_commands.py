"""The command line, typed as a user types it: output, messages, exit codes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

import samples
from crawler.commands import cli
from crawler.commands.screen import outcome_words, printable
from tests.nights import evalwatch, listed, run_night, sample_settings

TEXT = """\
我市网站获全国第三名
来源:示例日报 2019-12-10

2019年12月6日,第十八届政府网站绩效评估结果发布,贵阳市政府门户网站在省会城市政府网站评估中位列第四。
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the first sample night was run: settings.toml, demo.db."""
    folder = tmp_path_factory.mktemp("demo")
    run_night(folder, sample_settings(folder), folder / "demo.db", samples.write_recordings(folder)[0])
    return folder


def test_every_command_explains_itself_with_an_example() -> None:
    assert set(cli.commands) >= {"run", "serve", "demo", "extract", "results", "sources", "alerts"}
    for name, command in cli.commands.items():
        assert command.help, name
        assert "Example:" in (command.epilog or ""), name
        shown = CliRunner().invoke(cli, [name, "--help"])
        assert shown.exit_code == 0
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name}"


def test_version(tmp_path: Path) -> None:
    shown = evalwatch("--version", cwd=tmp_path)
    assert re.fullmatch(r"evalwatch, version \d+\.\d+\.\d+\n", shown.stdout)


def test_extract_prints_one_object_per_document(tmp_path: Path) -> None:
    for name in ("one.txt", "two.md"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    ended = evalwatch("extract", "--json", "one.txt", "two.md", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    documents = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [document["id"] for document in documents] == ["one", "two"]
    result = documents[0]["results"][0]
    assert (result["entity"], result["group"], result["rank"]) == ("贵州省/贵阳市", "capital", 4)
    start, end = result["span"]
    assert TEXT[start:end] == result["evidence"]


def test_extract_reads_standard_input_and_tells_people(tmp_path: Path) -> None:
    import subprocess

    from tests.nights import command, environment

    ended = subprocess.run(
        command("extract", "-"), input=TEXT.encode(), cwd=tmp_path, env=environment(), capture_output=True, check=True
    )
    shown = ended.stdout.decode()
    assert "stdin: results" in shown
    assert "贵州省/贵阳市  第4名" in shown
    assert "贵阳市政府门户网站在省会城市政府网站评估中位列第四" in shown


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "empty"),
        ("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "picture.html"),
        ("blank.html", b"<html><head><title></title></head><body><script>var a</script></body></html>", "blank.html"),
    ],
)
def test_a_document_that_cannot_be_read_is_told_and_the_others_are_read(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    ended = evalwatch("extract", "--json", name, "missing.txt", "good.txt", cwd=tmp_path)
    assert ended.returncode == 1
    assert [json.loads(line)["id"] for line in ended.stdout.splitlines()] == ["good"]
    lines = ended.stderr.splitlines()
    assert len(lines) == 2, ended.stderr
    assert says in lines[0]
    assert "missing.txt" in lines[1]
    assert "No such file" in lines[1]


def test_results_can_be_narrowed_down(demo: Path) -> None:
    settings, database = demo / "settings.toml", demo / "demo.db"
    everything = listed(demo, "results", settings, database)
    assert everything

    def narrowed(*filters: str) -> list[dict[str, Any]]:
        ended = evalwatch("results", "--json", "--settings", settings, "--database", database, *filters, cwd=demo)
        assert ended.returncode == 0, ended.stderr
        return [json.loads(line) for line in ended.stdout.splitlines()]

    hubei = narrowed("--place", "湖北省")
    assert 0 < len(hubei) < len(everything)
    assert all(row["entity"].split("/")[0] == "湖北省" for row in hubei)
    assert {row["year"] for row in narrowed("--year", "2018")} == {2018}
    assert {row["group"] for row in narrowed("--group", "capital")} == {"capital"}
    assert {row["series"] for row in narrowed("--series", "cstc-website")} == {"cstc-website"}
    assert narrowed("--since", "2999-01-01") == []
    assert len(narrowed("--limit", "3")) == 3


def test_a_result_for_programs_has_all_its_keys(demo: Path) -> None:
    row = listed(demo, "results", demo / "settings.toml", demo / "demo.db")[0]
    assert set(row) >= {
        "series", "year", "edition", "entity", "code", "subject", "group", "rank", "tied", "top", "score", "grade",
        "award", "work", "improved", "change", "status", "first_seen", "mentions",
    }  # fmt: skip
    assert set(row["mentions"][0]) >= {"url", "outlet", "published", "words"}


def test_results_for_people_are_a_table(demo: Path) -> None:
    ended = evalwatch(
        "results", "--settings", demo / "settings.toml", "--database", demo / "demo.db", "--year", "2018", cwd=demo
    )
    lines = ended.stdout.splitlines()
    assert lines[0].split() == ["year", "series", "group", "subject", "entity", "outcome", "status", "says"]
    assert any("四川省/成都市" in line and "第1名" in line for line in lines)


def test_sources_say_how_they_did(demo: Path) -> None:
    rows = listed(demo, "sources", demo / "settings.toml", demo / "demo.db")
    assert {row["id"] for row in rows} >= {"hubei", "egov", "pingce"}
    for row in rows:
        assert set(row) >= {"id", "name", "kind", "region", "access", "enabled", "verified", "last_success", "state"}
        assert row["state"] == "healthy"
        assert row["last_success"].endswith("Z")


def test_sources_are_listed_before_the_first_night(tmp_path: Path) -> None:
    rows = listed(tmp_path, "sources", sample_settings(tmp_path), tmp_path / "none.db")
    assert {row["state"] for row in rows} == {"new"}
    assert not (tmp_path / "none.db").exists()


def test_no_alerts_is_said_on_standard_error(demo: Path) -> None:
    ended = evalwatch("alerts", "--settings", demo / "settings.toml", "--database", demo / "demo.db", cwd=demo)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "No alerts.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["run", "--replay", "none.warc.gz"], 2, "none.warc.gz: no such file"),
        (["run", "--source", "nobody"], 2, "no source 'nobody'"),
        (["run", "--settings", "none.toml"], 2, "none.toml: no such file"),
        (["run", "--frobnicate"], 2, "No such option"),
        (["results", "--database", "none.db"], 2, "none.db: no such database"),
        (["results", "--since", "yesterday"], 2, "yesterday"),
        (["alerts", "--database", "text.db"], 3, "text.db"),
        (["results", "--database", "text.db"], 3, "text.db"),
        (["run", "--replay", "cut.warc.gz"], 2, "cut.warc.gz"),
        (["run", "--replay", "text.db"], 2, "text.db"),
    ],
)
def test_mistakes_are_one_line_that_says_what_and_where(
    tmp_path: Path, arguments: list[str], code: int, says: str
) -> None:
    sample_settings(tmp_path)
    (tmp_path / "text.db").write_text("this is no database, and no recording either\n" * 200)
    recording = samples.write_recordings(tmp_path)[0].read_bytes()
    (tmp_path / "cut.warc.gz").write_bytes(recording[: len(recording) * 2 // 3])
    ended = evalwatch(*arguments, cwd=tmp_path)
    assert ended.returncode == code, ended.stderr
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_a_damaged_database_stays_as_it_is(demo: Path, tmp_path: Path) -> None:
    shutil.copy(demo / "demo.db", tmp_path / "demo.db")
    damaged = bytearray((tmp_path / "demo.db").read_bytes())
    damaged[4096:40960] = b"\xff" * (40960 - 4096)
    (tmp_path / "demo.db").write_bytes(damaged)
    settings = sample_settings(tmp_path)
    recording = samples.write_recordings(tmp_path)[1]
    ended = evalwatch("run", "--settings", settings, "--database", "demo.db", "--replay", recording, cwd=tmp_path)
    assert ended.returncode == 3, ended.stderr
    assert "demo.db" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_environment_variables_stand_in_for_options(
    demo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EVALWATCH_SETTINGS", str(demo / "settings.toml"))
    monkeypatch.setenv("EVALWATCH_DATABASE", str(demo / "demo.db"))
    ended = evalwatch("results", "--json", cwd=tmp_path)
    assert ended.returncode == 0
    assert ended.stdout.count("\n") == len(listed(demo, "results", demo / "settings.toml", demo / "demo.db"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_program(shell: str) -> None:
    shown = CliRunner().invoke(cli, ["completion", shell])
    assert shown.exit_code == 0
    assert "_EVALWATCH_COMPLETE" in shown.output


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"rank": 3, "tied": False}, "第3名"),
        ({"rank": 3, "tied": True}, "第3名（并列）"),
        ({"rank": None, "top": 100}, "前100"),
        ({"score": 91.5}, "91.5分"),
        ({"grade": "优秀"}, "优秀"),
        ({"award": "十佳优秀创新案例", "work": "一业一证"}, "十佳优秀创新案例：一业一证"),
        ({"improved": True}, "进步突出"),
        ({"change": 3}, "上升3名"),
        ({"change": -2}, "下降2名"),
    ],
)
def test_outcomes_in_words(row: dict[str, Any], words: str) -> None:
    assert outcome_words(row) == words


def test_text_of_the_web_cannot_steer_the_terminal() -> None:
    assert printable("湖北\x1b]0;owned\x07\u202e第五\n") == "湖北]0;owned第五\n"


def test_explain_marks_the_text_and_gives_rule_and_words(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(TEXT + "\n力争明年进入前三名。\n", encoding="utf-8")
    ended = evalwatch("extract", "--explain", "one.txt", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "[贵阳市|name place]" in ended.stdout
    assert "[第四|rank 4]" in ended.stdout
    assert "贵州省/贵阳市 · website · capital · 第4" in ended.stdout
    facts, passed_over = ended.stdout.split("Facts: ")[1].split("Seen and passed over: ")
    assert "A1" in facts
    assert "前三名" in passed_over
    assert "J1" in passed_over


def test_rules_check_tells_how_many_hold(tmp_path: Path) -> None:
    ended = evalwatch("rules", "check", cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout
    assert re.fullmatch(r"\d+ series and \d+ rules in \d+ tables: all examples hold\n", ended.stdout)
