"""The two recorded nights of ../shared, told over real receivers: one message each, with just the facts that were asked for."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
import pytest
from standardwebhooks import Webhook

import samples
from tests.nights import ROOT, SHARED, command, environment, listed
from tests.receivers import Mailbox, Receiver, listening, receiving_mail

pytestmark = pytest.mark.timeout(300)  # whole nights, on a machine that may be busy
needs_recordings = pytest.mark.skipif(
    not (SHARED / "web").is_dir(), reason="needs the recorded web in ../shared: nights 1 and 2"
)

SECRET = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, or so").decode()
HUBEI = "https://www.hubei.gov.cn/zwgk/hbyw/hbywqb/202012/t20201216_3089000.shtml"
HUBEI_REPRINT = "http://dwrh.net/a/dxw/gxgl/2021/0105/215085.html"
GUANGXI = "https://finews.withounder.com/xinhuacaijing/2021/12/17/NW202112172217951027.html"
SUBSCRIPTIONS = {"all": [], "hubei": ["湖北省"], "guangxi": ["广西壮族自治区"]}


def channels_and_subscriptions(receivers: dict[str, Receiver], mailbox: Mailbox) -> str:
    parts = []
    for name, places in SUBSCRIPTIONS.items():
        parts.append(
            f'[[channels]]\nid = "hook-{name}"\nkind = "webhook"\nurl = "{receivers[name].url}"\nsecret_env = "HOOK_SECRET"\n'
            f'[[subscriptions]]\nid = "{name}"\nchannels = ["hook-{name}", "feeds", "mail"]\n'
            f"places = {json.dumps(places, ensure_ascii=False)}\n"
        )
    parts.append('[[channels]]\nid = "feeds"\nkind = "atom"\nfolder = "feeds"\n')
    parts.append('[[channels]]\nid = "mail"\nkind = "apprise"\nurl_env = "MAIL_URL"\n')
    return "\n" + "\n".join(parts)


def run_night(folder: Path, database: Path, recording: Path, mailbox: Mailbox, *more: str) -> dict[str, Any]:
    """One replayed night, as typed: its summary."""
    mail = f"mailto://127.0.0.1:{mailbox.port}?from=watch@example.org&to=anna@example.org"
    ended = subprocess.run(
        command("run", "--json", "--settings", folder / "settings.toml", "--database", database, "--replay", recording, *more),
        cwd=folder, env=environment() | {"HOOK_SECRET": SECRET, "MAIL_URL": mail}, capture_output=True, text=True, check=False,
        timeout=110,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    summary: dict[str, Any] = json.loads(ended.stdout)
    return summary


@dataclass
class Told:
    """What the receivers got after both nights, the second run twice."""

    folder: Path
    results: list[dict[str, Any]]
    known: set[str]
    receivers: dict[str, Receiver]
    mailbox: Mailbox
    summaries: list[dict[str, Any]]

    def message(self, name: str) -> dict[str, Any]:
        """The one message of a subscription, verified with the reference library as it came in."""
        ((_, body),) = self.receivers[name].received
        message: dict[str, Any] = json.loads(body)
        return message

    def new(self, *beginnings: str) -> set[str]:
        """The facts that the second night brought, of entities that begin so."""
        return {
            result["fact_key"] for result in self.results
            if result["fact_key"] not in self.known and result["entity"].startswith(beginnings)
        }  # fmt: skip


def facts_of(message: dict[str, Any]) -> list[str]:
    return [
        item["fact_key"]
        for evaluation in message["data"]["evaluations"]
        for group in evaluation["groups"]
        for entity in group["entities"]
        for item in entity["results"]
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("told")
    database, settings = folder / "t.db", folder / "settings.toml"
    with ExitStack() as stack:
        receivers = {name: stack.enter_context(listening(Receiver())) for name in SUBSCRIPTIONS}
        mailbox = stack.enter_context(receiving_mail(Mailbox()))
        shipped = (ROOT / "settings.toml").read_text(encoding="utf-8")
        settings.write_text(shipped + channels_and_subscriptions(receivers, mailbox), encoding="utf-8")
        summaries, known = [], set[str]()
        for number in (1, 2, 2):
            summaries.append(run_night(folder, database, SHARED / "web" / f"night{number}.warc.gz", mailbox))
            if number == 1:
                known = {result["fact_key"] for result in listed(folder, "results", settings, database)}
        yield Told(folder, listed(folder, "results", settings, database), known, receivers, mailbox, summaries)


@needs_recordings
def test_a_subscription_to_everything_gets_one_message_with_all_results_of_both_articles(told: Told) -> None:
    message = told.message("all")
    stated = {
        result["fact_key"] for result in told.results
        if {mention["url"] for mention in result["mentions"]} & {HUBEI, HUBEI_REPRINT, GUANGXI}
    }  # fmt: skip
    facts = facts_of(message)
    assert set(facts) == stated == told.new("")
    assert len(facts) == len(set(facts))
    assert message["data"]["results"] == len(stated)


@needs_recordings
def test_the_hubei_facts_have_two_mentions_and_are_told_by_the_governments_own_page(told: Told) -> None:
    hubei = [result for result in told.results if result["fact_key"] in told.new("湖北省")]
    assert hubei
    for result in hubei:
        assert {mention["url"] for mention in result["mentions"]} == {HUBEI, HUBEI_REPRINT}
    links = [
        item["url"]
        for evaluation in told.message("hubei")["data"]["evaluations"]
        for group in evaluation["groups"]
        for entity in group["entities"]
        for item in entity["results"]
    ]
    assert set(links) == {HUBEI}


@needs_recordings
@pytest.mark.parametrize(("name", "place"), [("hubei", "湖北省"), ("guangxi", "广西壮族自治区")])
def test_a_subscription_to_a_place_gets_one_message_with_just_its_facts(told: Told, name: str, place: str) -> None:
    message = told.message(name)
    assert set(facts_of(message)) == told.new(place)
    assert told.new(place)
    assert message["data"]["subscription"] == name


@needs_recordings
def test_every_webhook_verifies_and_every_night_again_is_silent(told: Told) -> None:
    assert [summary["deliveries"]["sent"] for summary in told.summaries] == [0, 10, 0]
    for receiver in told.receivers.values():
        ((headers, body),) = receiver.received
        signed = Webhook(SECRET).sign(headers["webhook-id"], _moment(headers), body.decode())
        assert headers["webhook-signature"] == signed


def _moment(headers: dict[str, str]) -> Any:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)


@needs_recordings
def test_the_same_reaches_feeds_and_mail(told: Told) -> None:
    for name in SUBSCRIPTIONS:
        (entry,) = feedparser.parse((told.folder / "feeds" / f"{name}.xml").read_bytes()).entries
        assert entry.link in {HUBEI, GUANGXI}
        ((headers, _),) = told.receivers[name].received
        assert headers["webhook-id"] == told.message(name)["data"]["alert"]
    subjects = [str(mail["subject"]) for mail in told.mailbox.mails]
    assert sorted(subjects) == sorted(told.message(name)["data"]["title"] for name in SUBSCRIPTIONS)


AT_ONCE = """
[[channels]]
id = "hook"
kind = "webhook"
url = "{url}"
secret_env = "HOOK_SECRET"
[[subscriptions]]
id = "at-once"
channels = ["hook"]
digest = "at_once"
"""


def test_what_is_told_at_once_is_told_once(tmp_path: Path) -> None:
    """Over the bundled sample web: the facts of all messages together are those of the night's one message, none twice."""
    shutil.copy(samples.settings_path(), tmp_path / "settings.toml")
    settings = tmp_path / "settings.toml"
    recordings = samples.write_recordings(tmp_path)
    with listening(Receiver()) as receiver, receiving_mail(Mailbox()) as mailbox:
        settings.write_text(settings.read_text(encoding="utf-8") + AT_ONCE.format(url=receiver.url), encoding="utf-8")
        for recording in (*recordings, recordings[-1]):
            run_night(tmp_path, tmp_path / "demo.db", recording, mailbox)
    lines = (tmp_path / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    (nightly,) = [json.loads(line) for line in lines]
    told = [fact for _, body in receiver.received for fact in facts_of(json.loads(body))]
    ids = [headers["webhook-id"] for headers, _ in receiver.received]
    assert sorted(told) == sorted(facts_of(nightly))
    assert len(ids) == len(set(ids)) >= 1
