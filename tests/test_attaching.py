"""The report of the night that goes with a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from alerts.channels import Attached, deliver
from crawler.attaching import reports_of
from crawler.config import AppriseChannel, Settings, Subscription
from storage.database import open_store
from storage.deliveries import Delivery
from tests.inspected import make_database
from tests.receivers import Mailbox, Receiver, listening, receiving_mail
from tests.store_samples import NOW

PAGE = Attached("evalwatch-2024-11-07.html", "<!doctype html><title>夜报</title>".encode())


def payload(night: str = "2024-11-07", kind: str = "results") -> str:
    data = {"alert": "msg_1", "subscription": "anna", "night": night, "text": "标题\n\n正文", "evaluations": []}
    return json.dumps({"type": f"evalwatch.{kind}", "timestamp": "2024-11-07T22:30:00Z", "data": data})


def sent(url: str, report: Attached | None) -> None:
    channel = AppriseChannel(id="mail", kind="apprise", url=url)
    deliver(
        channel, alert_id="msg_1", payload=payload().encode(), settings_folder=Path(), environment={}, now=NOW, report=report
    )  # fmt: skip


def test_a_mail_carries_the_report() -> None:
    with receiving_mail(Mailbox()) as mailbox:
        for report in (PAGE, None):
            sent(f"mailto://127.0.0.1:{mailbox.port}?from=watch@example.org&to=anna@example.org", report)
    with_report, without = mailbox.mails
    (attached,) = with_report.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (PAGE.name, "text/html")
    content: Any = attached.get_payload(decode=True)
    assert content == PAGE.page
    body = with_report.get_body(("plain",))
    assert body is not None
    assert "正文" in body.get_content()
    assert list(without.iter_attachments()) == []


def test_a_service_that_takes_no_files_gets_the_message() -> None:
    with listening(Receiver()) as receiver:
        receiver.answer = 200
        sent(receiver.url.replace("http", "gotify").replace("/hook", "/token"), PAGE)
        ((_, body),) = receiver.received
    assert "正文" in json.loads(body)["message"]
    assert "<title>" not in body.decode()


def test_a_service_that_opens_files_by_their_path_gets_it() -> None:
    with listening(Receiver()) as receiver:
        receiver.answer = 200
        sent(receiver.url.replace("http", "form"), PAGE)
        ((_, body),) = receiver.received
    assert PAGE.page in body


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("attached") / "t.db"
    make_database(path)
    return path


def attached(database: Path, *messages: Delivery, wanted: bool = True) -> dict[tuple[str, str], Attached]:
    channel = AppriseChannel(id="mail", kind="apprise", url="mailto://example.org", attach_report=wanted)
    anna = Subscription(id="anna", channels=("mail",), language="en")
    with open_store(database, readonly=True) as store:
        return reports_of(store, Settings(channels=(channel,), subscriptions=(anna,)), [(channel, messages)])


def test_the_report_is_that_of_the_night_in_the_language_of_the_reader(database: Path) -> None:
    messages = [
        Delivery("msg_1", "anna", "mail", payload(), 0),
        Delivery("msg_2", "bob", "mail", payload("2024-11-04"), 0),
        Delivery("msg_3", "anna", "mail", payload(kind="health"), 0),
        Delivery("msg_4", "anna", "mail", payload("1999-01-01"), 0),
    ]
    found = attached(database, *messages)
    assert {key: one.name for key, one in found.items()} == {
        ("mail", "msg_1"): "evalwatch-2024-11-07.html", ("mail", "msg_2"): "evalwatch-2024-11-04.html",
    }  # fmt: skip
    assert '<html lang="en">' in found["mail", "msg_1"].page.decode()
    assert '<html lang="zh-CN">' in found["mail", "msg_2"].page.decode()
    assert attached(database, *messages, wanted=False) == {}


def test_a_night_that_is_not_over_says_so(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    path.write_bytes(database.read_bytes())
    with open_store(path) as store, store.writing():
        store.execute("UPDATE runs SET status = 'running', finished = NULL WHERE id = 7")
    page = attached(path, Delivery("msg_1", "anna", "mail", payload(), 0))["mail", "msg_1"].page.decode()
    assert "from 2024-11-08 06:30 (Beijing time)" in page
    assert "still running" not in page
