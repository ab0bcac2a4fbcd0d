"""What subscriptions name: names as people write them, and mistakes with file, key and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import Settings, load_settings
from crawler.errors import SettingsError
from crawler.subscribing import resolved

HEAD = """\
[[channels]]
id = "file"
kind = "jsonl"
path = "alerts.jsonl"

[[subscriptions]]
id = "first"
channels = ["file"]

[[subscriptions]]
id = "own"
channels = ["file"]
"""


def load(tmp_path: Path, lines: str) -> Settings:
    path = tmp_path / "settings.toml"
    path.write_text(HEAD + lines, encoding="utf-8")
    return resolved(load_settings(path), path)


@pytest.mark.parametrize(
    ("line", "key", "names"),
    [
        ('places = ["湖北省"]', "places", ("湖北省",)),
        ('places = ["湖北", "武汉"]', "places", ("湖北省", "湖北省/武汉市")),
        ('places = ["湖北省/武汉市/武昌区"]', "places", ("湖北省/武汉市/武昌区",)),
        ('places = ["吉林省"]', "places", ("吉林省",)),
        ('places = ["四川省/成都市/郫都区"]', "places", ("四川省/成都市/郫县", "四川省/成都市/郫都区")),
        ('entities = ["国家税务总局"]', "entities", ("国家税务总局",)),
        ('entities = ["发改委"]', "entities", ("国家发展计划委员会", "国家发展和改革委员会")),
        ('entities = ["某数字政府研究会"]', "entities", ("某数字政府研究会",)),
        ('places = ["湖北"]\ncompetitors = ["湖南", "国家税务总局"]', "competitors", ("湖南省", "国家税务总局")),
        ('series = ["cstc-website", "other"]', "series", ("cstc-website", "other")),
    ],
)
def test_names_as_people_write_them(tmp_path: Path, line: str, key: str, names: tuple[str, ...]) -> None:
    assert getattr(load(tmp_path, line).subscriptions[1], key) == names


@pytest.mark.parametrize(
    ("lines", "number", "says"),
    [
        ('places = ["湖百省"]', 13, ["subscriptions[1].places names the unknown place '湖百省'", "Did you mean '湖"]),
        ('places = ["湖北省/武含市"]', 13, ["the unknown place '湖北省/武含市'", "Did you mean ", "'湖北省/武汉市'"]),
        ('places = ["湖北省", "朝阳区"]', 13, ["'朝阳区', which 2 places are called", "Say which: 北京市/朝阳区, 吉林省/长春市/朝阳区"]),
        ('places = ["吉林"]', 13, ["2 places are called", "吉林省, 吉林省/吉林市"]),
        ('places = ["税务总局"]', 13, ["'税务总局', which is no place", "Put '国家税务总局' into entities"]),
        ('entities = ["武汉"]', 13, ["which is a place", "Put '湖北省/武汉市' into places"]),
        ('entities = ["湖百省"]', 13, ["which is a place"]),
        ('top = 10\nseries = ["cstc-websit"]', 14, ["subscriptions[1].series names the unknown series 'cstc-websit'", "'cstc-website'"]),
        ('series = ["数字政府服务能力"]', 13, ["unknown series", "Did you mean '"]),
        ('series = ["zzz"]', 13, ["unknown series 'zzz'", "Known: "]),
        ('places = ["湖北"]\ncompetitors = ["湖楠省"]', 14, ["competitors names the unknown place '湖楠省'", "Did you mean"]),
        ('competitors = ["湖南"]', 13, ["competitors has nothing to compare with", "Name your own in places or entities"]),
        ("top = 0", 13, ["subscriptions[1].top cannot be 0"]),
        ('week_day = "monday"', 13, ["week_day cannot be"]),
        ('digest = "hour"', 13, ["digest cannot be"]),
        ('subjects = ["websites"]', 13, ["subjects", "cannot be"]),
        ('changes = ["gone"]', 13, ["changes", "cannot be"]),
    ],
)  # fmt: skip
def test_what_names_nothing_is_a_mistake_with_its_line(
    tmp_path: Path, lines: str, number: int, says: list[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, lines)
    message = str(caught.value)
    assert f"settings.toml:{number}: " in message
    for part in says:
        assert part in message


def test_settings_without_names_are_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(HEAD, encoding="utf-8")
    settings = load_settings(path)
    assert resolved(settings, path) is settings
