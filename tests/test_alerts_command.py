"""`evalwatch alerts` and its sub-commands, as typed."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from crawler.commands.alerting import alerts
from crawler.errors import AlreadyRunning, SettingsError, UsageError
from storage.articles import store_article
from storage.database import open_store
from storage.deliveries import record_delivery
from storage.outbox import list_alerts
from storage.runs import finish_run, start_run
from tests.receivers import Receiver, listening
from tests.store_samples import arrival, article, extraction, result

SECRET = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, or so").decode()


@dataclass
class Shell:
    """Types commands and reads what they print."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def type(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        where = ["--settings", str(self.folder / "settings.toml")]
        code = alerts.main([*where, *words], standalone_mode=False)
        out, err = self.capture.readouterr()
        return code, out, err

    def json(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.type(*words)[1].splitlines()]

    def owe(self, days: int = 0) -> str:
        """An alert of a night so many days ago; its id."""
        now = datetime.now(UTC) - timedelta(days=days, minutes=1)
        night = (now - timedelta(days=1)).date()
        with open_store(self.folder / "t.db") as store:
            run = start_run(store, night=night, now=now, replay=True)
            told = extraction(result(rank=days + 1), name=f"第{days}届评估", series="other")
            page = article(f"第{days}届评估结果公布。" * 40, f"http://a.cn/{days}")
            store_article(
                store, arrival(store, page, told, owed=lambda _change: ["anna"], night=night, now=now, run=run)
            )
            finish_run(store, run, "ok", now)
            return str(list_alerts(store)[-1]["id"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening(Receiver()) as one:
        yield one


@pytest.fixture
def shell(
    tmp_path: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    (tmp_path / "settings.toml").write_text(
        f"""database = "t.db"
[[channels]]
id = "hook"
kind = "webhook"
url = "{receiver.url}"
secret_env = "HOOK_SECRET"
[[channels]]
id = "file"
kind = "jsonl"
path = "alerts.jsonl"
[[subscriptions]]
id = "anna"
channels = ["hook", "file"]
places = ["湖北省"]
[[subscriptions]]
id = "nobody"
channels = []
""",
        encoding="utf-8",
    )
    return Shell(tmp_path, capsys)


def test_send_sends_what_is_due_and_says_how_it_went(shell: Shell, receiver: Receiver) -> None:
    shell.owe()
    receiver.answer = 500
    assert shell.type("send")[:2] == (1, "1 sent, 1 failed: see evalwatch alerts.\n")
    assert shell.type("send")[:2] == (0, "Nothing is due.\n")
    assert shell.json("send", "--json") == [{"sent": 0, "failed": 0, "waiting": 0}]
    states = {row["channel"]: (row["state"], row["attempts"]) for row in shell.json("--json")}
    assert states == {"hook": ("owed", 1), "file": ("sent", 1)}
    assert [row["channel"] for row in shell.json("--state", "owed", "--json")] == ["hook"]


def test_the_objects_of_the_list_keep_their_keys(shell: Shell) -> None:
    alert_id = shell.owe()
    (row,) = shell.json("--json")
    assert {name: row[name] for name in ("id", "subscription", "channel", "state", "attempts")} == {
        "id": alert_id, "subscription": "anna", "channel": None, "state": "owed", "attempts": 0,
    }  # fmt: skip
    assert len(row["results"]) == 1
    assert row["created"].endswith("Z")


def _kill(shell: Shell, alert_id: str, *, gone: bool) -> None:
    with open_store(shell.folder / "t.db") as store:
        late = datetime.now(UTC) + timedelta(days=8)
        record_delivery(store, alert_id, "hook", ok=False, error="no answer", now=late, gone=gone)


@pytest.mark.parametrize("gone", [True, False])
def test_what_was_given_up_is_sent_again_under_the_same_id(shell: Shell, receiver: Receiver, gone: bool) -> None:
    alert_id = shell.owe()
    receiver.answer = 500
    shell.type("send")
    _kill(shell, alert_id, gone=gone)
    code, out, err = shell.type()
    assert code == 0
    assert ("gone" if gone else "dead") in out
    assert ("1 dead. To send again: evalwatch alerts retry ID, or --all-dead" in err) is not gone
    receiver.answer = 204
    assert shell.type("retry", alert_id)[:2] == (0, "1 to send again: 1 sent.\n")
    assert {headers["webhook-id"] for headers, _ in receiver.received} == {alert_id}
    with pytest.raises(UsageError, match=r"nothing of .* is dead or gone"):
        shell.type("retry", alert_id)
    assert shell.type("retry", "--all-dead")[:2] == (0, "0 to send again: nothing is due.\n")


def test_all_that_is_dead_is_sent_again_at_once(shell: Shell, receiver: Receiver) -> None:
    receiver.answer = 500
    for days in (3, 2):
        alert_id = shell.owe(days)
        shell.type("send")
        _kill(shell, alert_id, gone=False)
    receiver.answer = 204
    assert shell.json("retry", "--all-dead", "--json") == [{"again": 2, "sent": 2, "failed": 0, "waiting": 0}]


@pytest.mark.parametrize("words", [(), ("msg_1", "--all-dead")])
def test_retry_wants_one_or_all(shell: Shell, words: tuple[str, ...]) -> None:
    shell.owe()
    with pytest.raises(UsageError, match="Give the ID of an alert, or --all-dead"):
        shell.type("retry", *words)


def test_a_closed_channel_is_told_and_a_test_that_it_takes_opens_it(shell: Shell, receiver: Receiver) -> None:
    shell.owe()
    receiver.answer = 410
    shell.type("send")
    _, _, err = shell.type()
    assert "Channel hook is closed since 20" in err
    assert "evalwatch alerts test hook" in err
    code, out, _ = shell.type("test", "anna")
    assert (code, out.splitlines()[1]) == (1, "file: sent")
    assert "hook: failed: channel hook: the receiver is gone (410)" in out
    assert "is closed" in shell.type()[2]
    receiver.answer = 204
    assert shell.type("test", "hook")[:2] == (0, "hook: sent\n")
    assert "is closed" not in shell.type()[2]
    assert shell.type("retry", "--all-dead")[:2] == (0, "1 to send again: 1 sent.\n")


def test_a_test_message_says_everywhere_that_it_is_one(shell: Shell, receiver: Receiver) -> None:
    (outcome,) = shell.json("test", "hook", "--json")
    ((headers, body),) = receiver.received
    assert headers["webhook-id"] == outcome["id"]
    message = json.loads(body)
    assert message["type"] == "evalwatch.test"
    assert message["data"]["title"].startswith("【测试】")
    assert message["data"]["text"].startswith("【测试】")
    assert "虚构" in message["data"]["text"]
    assert not (shell.folder / "t.db").exists()


@pytest.mark.parametrize(
    ("name", "hint"), [("hok", "Did you mean 'hook'?"), ("zzz", "There are: hook, file, anna, nobody"), ("nobody", "no channel")]
)  # fmt: skip
def test_a_name_that_is_nobodys(shell: Shell, name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        shell.type("test", name)
    assert hint in str(caught.value)


def test_show_prints_the_message_in_each_form_before_and_after_it_is_sent(shell: Shell, receiver: Receiver) -> None:
    alert_id = shell.owe()
    before = [shell.type("show", alert_id[:10], "--form", form)[1] for form in ("text", "markdown", "html")]
    shell.type("send")
    after = [shell.type("show", alert_id, "--form", form)[1] for form in ("text", "markdown", "html")]
    assert before == after
    for text in after:
        assert "湖北省" in text
    assert after[2].lstrip().lower().startswith("<!doctype html>")
    assert json.loads(shell.type("show", alert_id, "--json")[1]) == json.loads(receiver.received[0][1])


@pytest.mark.parametrize(("beginning", "what"), [("msg_", "2 alerts begin with"), ("x", "there is no alert")])
def test_show_wants_one_alert(shell: Shell, beginning: str, what: str) -> None:
    shell.owe(2)
    shell.owe(1)
    with pytest.raises(UsageError, match=what):
        shell.type("show", beginning)


def test_sending_twice_at_once_is_refused(shell: Shell) -> None:
    shell.owe()
    with (
        FileLock(shell.folder / "t.db.sending.lock"),
        pytest.raises(AlreadyRunning, match="another process is sending"),
    ):
        shell.type("send")


def test_a_url_that_names_no_service_is_refused_with_its_line_before_anything_is_sent(shell: Shell) -> None:
    shell.owe()
    path = shell.folder / "settings.toml"
    text = path.read_text(encoding="utf-8")
    more = '[[channels]]\nid = "group"\nkind = "apprise"\nurl = "wxwork://s3cretT0ken"\n'
    path.write_text(f"{text}{more}", encoding="utf-8")
    line = len(text.splitlines()) + 4
    with pytest.raises(
        SettingsError, match=rf"settings\.toml:{line}: channels\[2\]\.url names the unknown service"
    ) as caught:
        shell.type("send")
    assert "s3cret" not in str(caught.value)
