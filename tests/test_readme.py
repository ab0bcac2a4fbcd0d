"""The README keeps its word: its commands exist, its output is true, and both languages say the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from crawler.commands import cli
from tests.nights import evalwatch

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [body for kind, body in FENCE.findall(text) if kind == language]


def commands(name: str) -> list[list[str]]:
    """Every evalwatch command of a README, as words."""
    lines = [
        line
        for block in blocks(name, "console") + blocks(name, "ini") + blocks(name, "cron")
        for line in block.splitlines()
    ]
    found = [re.search(r"(?:^|/|\$ |\| )evalwatch ([a-z]+ ?[^#>`]*)", line) for line in lines]
    return [shlex.split(match[1]) for match in found if match]


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_exists(name: str) -> None:
    shown = commands(name)
    assert len(shown) > 8
    for words in shown:
        command = cli.commands[words[0]]
        if isinstance(command, click.Group) and words[1:2] and words[1] in command.commands:
            command = command.commands[words[1]]
        options = {
            option for parameter in command.params if isinstance(parameter, click.Option) for option in parameter.opts
        }
        assert {word for word in words[1:] if word.startswith("--")} <= options, words


def test_both_languages_show_the_same() -> None:
    english, chinese = READMES
    assert commands(english) == commands(chinese)
    for language in ("ini", "cron", "text"):
        assert blocks(english, language) == blocks(chinese, language)
    headings = [re.findall(r"^#{2,3} ", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE) for name in READMES]
    assert headings[0] == headings[1]


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"])
def test_every_link_into_the_project_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_the_shown_output_of_the_demo_is_true(tmp_path: Path) -> None:
    ended = evalwatch("demo", "--folder", "demo", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    printed = ended.stdout.split("Night 2 of 2")[1].splitlines()
    for name in READMES:
        shown = blocks(name, "text")[0].splitlines()
        assert shown[0] == "Night 2 of 2"
        assert [line for line in shown[1:] if line not in printed] == []


def test_the_shown_output_of_extract_is_true(tmp_path: Path) -> None:
    shown = next(block for block in blocks(READMES[0], "console") if "| evalwatch extract -" in block)
    typed, _, printed = shown.partition("\n")
    text = re.findall('"(.*)"', typed)[0]
    (tmp_path / "stdin.txt").write_text(text + "\n", encoding="utf-8")
    ended = evalwatch("extract", "stdin.txt", cwd=tmp_path)
    assert [line.rstrip() for line in ended.stdout.splitlines()] == printed.splitlines()


@pytest.mark.parametrize("name", READMES)
def test_what_it_is_how_to_run_it_and_true_output_stand_at_the_top(name: str) -> None:
    top = "\n".join((ROOT / name).read_text(encoding="utf-8").splitlines()[:20])
    assert "make run" in top
    assert "make test" in top
    assert "Night 2 of 2" in top
