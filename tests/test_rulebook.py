"""The rules hold what the engine needs, every example included."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.errors import RulesError
from crawler.extract import rulebook, rulecheck


def test_all_rules_and_examples_hold() -> None:
    assert rulecheck.check_rules() == []


def test_keys_of_series_are_unique() -> None:
    keys = [rule.key for rule in rulebook.load_rulebook().series]
    assert len(keys) == len(set(keys)) >= 28


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[[rule]]\nid = 'A1'\n", "pattern"),
        ("[[rule]]\nid = 'A1'\npattern = '('\npositive = ['a']\nnegative = ['b']\n", "no regular expression"),
        ("[[rule]]\nid = 'A1'\npattern = '(a)'\npositive = ['a']\nnegative = ['b']\n", "capturing group"),
        ("[[rule]]\nid = 'A1'\npattern = 'a'\npositive = []\nnegative = ['b']\n", "positive"),
        ("[[rule]]\nid = 'A1'\npattern = 'a'\npositive = ['a']\nnegative = ['b']\nextra = 1\n", "extra"),
        ("[rule]\n", "rule"),
        ("nonsense", "cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_file(
    text: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "groups.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(rulebook, "files", lambda _: tmp_path)
    with pytest.raises(RulesError, match=re.escape("groups.toml")) as caught:
        rulecheck.checked_rules("groups")
    assert wrong in str(caught.value)


def test_an_example_that_does_not_hold_is_told() -> None:
    rule = rulebook.PatternRule(id="A1", pattern="甲", positive=("乙",), negative=("甲",))
    assert len(list(rulecheck.mistakes_of(rulebook.RuleTable("groups", (rule,))))) == 2


def test_extraction_starts_without_pydantic() -> None:
    code = "import sys, crawler.extract; crawler.extract.is_on_topic('网站'); print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_wrong_key_is_told_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "series.toml").write_text("[[series]]\nkei = 'x'\n", encoding="utf-8")
    monkeypatch.setattr(rulebook, "files", lambda _: tmp_path)
    with pytest.raises(RulesError, match=r"series\.toml: \[\[series\]\] 1: .*kei.*evalwatch rules check"):
        list(rulebook._series())
