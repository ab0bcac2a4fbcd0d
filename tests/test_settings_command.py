"""`evalwatch settings check`: what the settings mean, mistakes with their line, and what is no mistake but tells nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.commands import cli
from crawler.errors import SettingsError

GOOD = """\
[[channels]]
id = "file"
kind = "jsonl"
path = "a.jsonl"

[[channels]]
id = "hook"
kind = "webhook"
url = "https://example.org/x"
secret_env = "EVALWATCH_TEST_SECRET"

[[subscriptions]]
id = "hubei"
channels = ["hook"]
places = ["湖北"]
entities = ["某研究会"]
competitors = ["湖南"]
groups = ["province"]
subjects = ["website"]
series = ["cstc-website"]
top = 10
digest = "week"
week_day = "sun"
"""


def check(tmp_path: Path, text: str, *options: str) -> Result:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(cli, ["settings", "check", "--settings", str(path), *options])


def test_it_says_in_words_who_is_told_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVALWATCH_TEST_SECRET", raising=False)
    shown = check(tmp_path, GOOD)
    assert shown.exit_code == 0, shown.output
    assert [line.strip() for line in shown.output.splitlines()[1:]] == [
        "",
        "hubei is told over hook",
        "whose:    湖北省 and below, 某研究会",
        "series:   cstc-website",
        "groups:   provinces",
        "subjects: website",
        "ranks:    10 or better",
        "changes:  new, more exact, disputed, corrected, withdrawn; confidence 0.5 or more",
        "compared: with 湖南省",
        "when:     once a week, in the night of Sunday, in Chinese",
        "",
        "Note: nobody is told over the channel file",
        "Note: the channel hook needs the environment variable EVALWATCH_TEST_SECRET, which is not set here",
        "Note: the subscription hubei names 某研究会, which is no ministry or place known here: it is taken as printed",
    ]


def test_json_for_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVALWATCH_TEST_SECRET", "whsec_x")
    told = json.loads(check(tmp_path, GOOD, "--json").output)
    assert [one["id"] for one in told["subscriptions"]] == ["hubei"]
    assert told["channels"] == [{"id": "file", "kind": "jsonl"}, {"id": "hook", "kind": "webhook"}]
    assert not any("EVALWATCH_TEST_SECRET" in doubt for doubt in told["doubts"])


def test_a_mistake_names_its_line(tmp_path: Path) -> None:
    shown = check(tmp_path, GOOD.replace('["湖北"]', '["胡北省"]'))
    assert isinstance(shown.exception, SettingsError)
    assert "settings.toml:15: subscriptions[0].places names the unknown place '胡北省'" in str(shown.exception)


def test_a_subscription_that_tells_nobody_is_named(tmp_path: Path) -> None:
    text = GOOD.replace('channels = ["hook"]', "channels = []\nchanges = []")
    shown = check(tmp_path, text)
    assert "hubei is told over no channel" in shown.output
    assert "the subscription hubei has no channel: nobody hears of it" in shown.output
    assert "names no kind of change" in shown.output
