"""settings.toml → records: every mistake is one error with file, key, line and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import AppriseChannel, Settings, channel_mistake, environment_value, find_settings, load_settings
from crawler.errors import SettingsError

GOOD = """\
database = "x.db"

[fetch]
delay_s = 1

[[sources]]
id = "hubei"
name = "湖北省人民政府"
kind = "province"
region = "湖北省"
access = "list"
entry = ["https://www.hubei.gov.cn/zwgk/hbyw/hbywqb/index.shtml"]
[sources.list]
item = "ul.news_list li"
pages = "index_{n}.shtml"

[[sources]]
id = "paper"
name = "某报"
kind = "national_media"
access = "json"
entry = ["https://paper.example/list.json"]
[sources.json]
rows = "data.list"
title = "title"
url = "url"

[[channels]]
id = "file"
kind = "jsonl"
path = "alerts.jsonl"

[[subscriptions]]
id = "all"
channels = ["file"]
"""


def load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_a_good_file_becomes_records(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD)
    assert [source.id for source in settings.sources] == ["hubei", "paper"]
    hubei = settings.source("hubei")
    assert hubei is not None
    assert hubei.list is not None
    assert hubei.list.pages == "index_{n}.shtml"
    assert settings.path(settings.database) == tmp_path / "x.db"
    assert settings.source("nobody") is None


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("delay_s = 1", "delay = 1", 4, ["fetch.delay is no key", "Did you mean 'delay_s'?"]),
        ("delay_s = 1", 'delay_s = "1"', 4, ["fetch.delay_s cannot be", "number"]),
        ("delay_s = 1", "delay_s = -1", 4, ["fetch.delay_s cannot be -1"]),
        ('database = "x.db"', 'databse = "x.db"', 1, ["databse is no key", "'database'"]),
        ('id = "paper"', 'id = "hubei"', 18, ["sources[1].id doubles the id 'hubei'"]),
        ('id = "paper"', 'id = "Paper 1"', 18, ["sources[1].id cannot be"]),
        ('item = "ul.news_list li"', 'item = "ul["', 14, ["sources[0].list.item is no CSS selector"]),
        ('item = "ul.news_list li"', 'itm = "ul"', 14, ["sources[0].list.itm is no key", "'item'"]),
        ("index_{n}.shtml", "index.shtml", 15, ["sources[0].list.pages holds {n} not exactly once"]),
        ('kind = "province"', 'kind = "provinz"', 9, ["sources[0].kind cannot be", "'province'"]),
        ('"https://paper.example/list.json"', '"ftp://paper.example"', 22, ["is no http or https address"]),
        ('channels = ["file"]', 'channels = ["fiel"]', 35, ["unknown channel 'fiel'", "Did you mean 'file'?"]),
        ('kind = "jsonl"', 'kind = "carrier-pigeon"', 28, ["channels[0]", "'jsonl', 'webhook', 'apprise', 'atom'"]),
        ('path = "alerts.jsonl"', "", 28, ["channels[0].path is missing"]),
        ('rows = "data.list"\ntitle = "title"\nurl = "url"', "", 23, ["sources[1].json.rows is missing"]),
        ("[fetch]", '[schedule]\ncron = "30 6 * * 1"\n[fetch]', 4, ["schedule.cron numbers weekdays", "mon-fri"]),
        ("[fetch]", '[schedule]\ntimezone = "Asia/Hubei"\n[fetch]', 4, ["schedule.timezone is no timezone"]),
        ('database = "x.db"', 'folder = "/"', 1, ["folder is no key"]),
    ],
)
def test_a_mistake_names_file_key_line_and_what_is_right(
    tmp_path: Path, old: str, new: str, line: int, says: list[str]
) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    message = str(caught.value)
    assert f"settings.toml:{line}: " in message
    for part in says:
        assert part in message
    assert caught.value.exit_code == 2


def test_a_json_source_needs_paths_and_a_source_an_entry(tmp_path: Path) -> None:
    without = GOOD.replace('[sources.json]\nrows = "data.list"\ntitle = "title"\nurl = "url"\n', "")
    with pytest.raises(SettingsError, match=r'sources\[1\]\.access is "json" without paths'):
        load(tmp_path, without)
    with pytest.raises(SettingsError, match=r"sources\[1\]\.entry is empty"):
        load(tmp_path, GOOD.replace('["https://paper.example/list.json"]', "[]"))


def test_a_webhook_takes_its_address_from_one_place(tmp_path: Path) -> None:
    hook = '\n[[channels]]\nid = "hook"\nkind = "webhook"\nsecret_env = "HOOK_SECRET"\n'
    with pytest.raises(SettingsError, match="not exactly one of url and url_env"):
        load(tmp_path, GOOD + hook)
    settings = load(tmp_path, GOOD + hook + 'url_env = "HOOK_URL"\n')
    assert settings.channels[1].id == "hook"


def test_an_apprise_channel_takes_its_url_from_one_place(tmp_path: Path) -> None:
    group = '\n[[channels]]\nid = "group"\nkind = "apprise"\n'
    for more in ("", 'url = "feishu://x"\nurl_env = "GROUP_URL"\n'):
        with pytest.raises(SettingsError, match="not exactly one of url and url_env"):
            load(tmp_path, GOOD + group + more)
    channel = load(tmp_path, GOOD + group + 'url_env = "GROUP_URL"\nkeyword = "监测"\nper_minute = 5\n').channels[1]
    assert channel == AppriseChannel(id="group", kind="apprise", url_env="GROUP_URL", keyword="监测", per_minute=5)


def test_a_fault_that_only_the_service_sees_is_told_with_its_line(tmp_path: Path) -> None:
    load(tmp_path, GOOD + '\n[[channels]]\nid = "feeds"\nkind = "atom"\nfolder = "feeds"\n')
    error = channel_mistake(tmp_path / "settings.toml", "feeds", "folder", "is odd", "Make it even")
    line = (tmp_path / "settings.toml").read_text(encoding="utf-8").splitlines().index('folder = "feeds"') + 1
    assert str(error) == f"{tmp_path}/settings.toml:{line}: channels[1].folder is odd. Make it even"


def test_a_secret_written_into_the_file_is_refused(tmp_path: Path) -> None:
    hook = '\n[[channels]]\nid = "hook"\nkind = "webhook"\nurl = "https://a.example"\nsecret = "whsec_x"\nsecret_env = "S"\n'
    with pytest.raises(SettingsError, match=r"channels\[1\]\.secret is no key"):
        load(tmp_path, GOOD + hook)


def test_what_is_no_toml_or_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"is not TOML: .*line 2"):
        load(tmp_path, "database = 'x'\nsources = = 1\n")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)
    (tmp_path / "gbk.toml").write_bytes("name = '湖北'".encode("gbk"))
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "gbk.toml")
    with pytest.raises(SettingsError, match="no such file"):
        find_settings(str(tmp_path / "none.toml"))


def test_settings_are_looked_for_here_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings.toml").write_text(GOOD, encoding="utf-8")
    assert find_settings() == Path("settings.toml")
    assert find_settings(str(tmp_path / "settings.toml")) == tmp_path / "settings.toml"


def test_the_settings_inside_an_installed_package_mean_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "site-packages" / "crawler"
    package.mkdir(parents=True)
    (package / "settings.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("crawler.config.loading.PACKAGE", package)
    assert find_settings() == package / "settings.toml"
    assert load_settings(find_settings()).path("x.db") == tmp_path / "x.db"


def test_a_secret_comes_from_the_environment_or_is_asked_for() -> None:
    assert environment_value("HOOK", {"HOOK": "x"}) == "x"
    with pytest.raises(SettingsError, match="HOOK is not set"):
        environment_value("HOOK", {"HOOK": ""})


def test_the_shipped_settings_are_good() -> None:
    settings = load_settings(Path(__file__).parents[1] / "settings.toml")
    assert {source.id for source in settings.sources} >= {"dwrh", "hubei", "chinacn", "seoxiehui", "ftgroup", "finews"}
    assert not any(source.verified for source in settings.sources)


def test_a_channel_is_told_the_keys_of_its_own_kind(tmp_path: Path) -> None:
    text = '[[channels]]\nid = "feed"\nkind = "atom"\npath = "feeds"\n'
    with pytest.raises(SettingsError, match=r"channels\[0\].path is no key") as caught:
        load(tmp_path, text)
    assert caught.value.hint == "Known here: entries, folder, id, kind"
