from __future__ import annotations

import base64
import fcntl
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from alerts.channels import Refused, deliver
from crawler.config import JsonlChannel, WebhookChannel
from crawler.errors import DeliveryError, SettingsError
from storage.database import open_store
from storage.deliveries import due_deliveries, record_delivery
from storage.outbox import close_alert, pending
from tests.receivers import Receiver, listening
from tests.store_samples import NOW, arrival

from storage.articles import store_article  # isort: skip

SECRET = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, or so").decode()
BODY = '{"type":"evalwatch.results","timestamp":"2024-12-20T22:30:00Z","data":{"text":"湖北省　第5名"}}'.encode()
ENVIRONMENT = {"EVALWATCH_SECRET": SECRET}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening(Receiver()) as one:
        yield one


def hook(url: str | None, **changes: object) -> WebhookChannel:
    values: dict[str, object] = {"id": "hook", "kind": "webhook", "secret_env": "EVALWATCH_SECRET", "url": url}
    return WebhookChannel(**(values | changes))  # type: ignore[arg-type]  # checked by pydantic


def post(
    channel: WebhookChannel,
    *,
    payload: bytes = BODY,
    environment: dict[str, str] = ENVIRONMENT,
    now: datetime | None = None,
) -> None:
    deliver(
        channel,
        alert_id="msg_1",
        payload=payload,
        settings_folder=Path(),
        environment=environment,
        now=now or datetime.now(UTC),
    )


def test_a_receiver_with_the_reference_library_verifies_the_message(receiver: Receiver) -> None:
    post(hook(receiver.url))
    ((headers, body),) = receiver.received
    assert (body, headers["webhook-id"], headers["content-type"]) == (BODY, "msg_1", "application/json")
    assert Webhook(SECRET).verify(body, headers) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook("whsec_" + base64.b64encode(b"another key").decode()).verify(body, headers)
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook(SECRET).verify(body + b" ", headers)


def test_a_message_sent_long_ago_is_refused_by_the_reference_library(receiver: Receiver) -> None:
    post(hook(receiver.url), now=NOW)
    ((headers, body),) = receiver.received
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(SECRET).verify(body, headers)


def test_a_lost_acknowledgement_brings_the_same_id_and_bytes_again(receiver: Receiver, tmp_path: Path) -> None:
    """At least once: the outbox keeps the alert, the receiver drops the repeat by its id."""
    with open_store(tmp_path / "t.db") as store:
        store_article(store, arrival(store, owed=lambda _change: ["anna"]))
        (alert,) = pending(store, NOW)
        close_alert(store, alert.id, ["hook"], BODY, NOW)
        for attempt, now in enumerate((NOW, NOW.replace(minute=31))):
            receiver.drop = attempt == 0
            (due,) = due_deliveries(store, now)
            try:
                deliver(hook(receiver.url), alert_id=due.alert_id, payload=due.payload.encode(), settings_folder=tmp_path,
                        environment=ENVIRONMENT, now=datetime.now(UTC))  # fmt: skip
            except DeliveryError as error:
                record_delivery(store, due.alert_id, due.channel, ok=False, error=str(error), now=now)
            else:
                record_delivery(store, due.alert_id, due.channel, ok=True, error=None, now=now)
        assert due_deliveries(store, NOW.replace(hour=23)) == []
    (first, body), (second, again) = receiver.received
    assert (first["webhook-id"], body) == (second["webhook-id"], again) == (alert.id, BODY)
    for headers in (first, second):
        Webhook(SECRET).verify(BODY, headers)


@pytest.mark.parametrize("answer", [200, 201, 204, 299])
def test_any_2xx_is_an_acknowledgement(receiver: Receiver, answer: int) -> None:
    receiver.answer = answer
    post(hook(receiver.url))


@pytest.mark.parametrize("answer", [301, 302, 307, 308, 400, 401, 404, 413, 429, 500, 503])
def test_everything_else_is_a_failure_and_no_redirect_is_followed(receiver: Receiver, answer: int) -> None:
    with listening(Receiver()) as elsewhere:
        receiver.answer, receiver.location = answer, elsewhere.url
        with pytest.raises(DeliveryError, match=f"channel hook: the receiver answered {answer}") as caught:
            post(hook(receiver.url))
    assert not isinstance(caught.value, Refused)
    assert (len(receiver.received), elsewhere.received) == (1, [])


def test_410_means_gone(receiver: Receiver) -> None:
    receiver.answer = 410
    with pytest.raises(Refused, match="gone") as caught:
        post(hook(receiver.url))
    assert caught.value.gone


def test_a_receiver_that_hangs_is_given_up(receiver: Receiver) -> None:
    receiver.stall = threading.Event()
    with pytest.raises(DeliveryError, match=r"channel hook: no answer within 0\.05 s"):
        post(hook(receiver.url, timeout_s=0.05))
    receiver.stall.set()


def test_a_receiver_that_is_not_there(receiver: Receiver) -> None:
    with listening(Receiver()) as other:
        url = other.url
    with pytest.raises(DeliveryError, match="could not be reached") as caught:
        post(hook(url))
    assert "hidden" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_the_address_may_come_from_the_environment(receiver: Receiver) -> None:
    post(hook(None, url_env="EVALWATCH_HOOK"), environment=ENVIRONMENT | {"EVALWATCH_HOOK": receiver.url})
    assert len(receiver.received) == 1


@pytest.mark.parametrize("secret", ["", "a-plain-password", "whsec_", "whsec_?not base64?", "whsec_?YWJj", "whsec_a"])
def test_a_secret_that_is_none_is_named_and_never_shown(receiver: Receiver, secret: str) -> None:
    with pytest.raises(SettingsError, match="EVALWATCH_SECRET") as caught:
        post(hook(receiver.url), environment={"EVALWATCH_SECRET": secret})
    assert len(secret) < 7 or secret not in str(caught.value)
    assert receiver.received == []


def test_no_message_shows_the_secret(receiver: Receiver) -> None:
    receiver.answer = 500
    with pytest.raises(DeliveryError) as caught:
        post(hook(receiver.url))
    told = repr(caught.value) + str(caught.value.__cause__) + str(caught.value.__context__)
    assert SECRET.removeprefix("whsec_") not in told
    assert "hidden" not in told


def append(folder: Path, alert_id: str, payload: bytes = BODY, path: str = "out/alerts.jsonl") -> None:
    deliver(
        JsonlChannel(id="file", kind="jsonl", path=path),
        alert_id=alert_id,
        payload=payload,
        settings_folder=folder,
        environment={},
        now=NOW,
    )


def test_a_line_is_appended_once_per_id(tmp_path: Path) -> None:
    append(tmp_path, "msg_1")
    append(tmp_path, "msg_2")
    append(tmp_path, "msg_1", b"{}")
    lines = (tmp_path / "out" / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["msg_1", "msg_2"]
    assert json.loads(lines[0]) == {"id": "msg_1"} | json.loads(BODY)


def test_a_line_torn_by_a_kill_is_written_anew(tmp_path: Path) -> None:
    append(tmp_path, "msg_1")
    file = tmp_path / "out" / "alerts.jsonl"
    whole = file.read_bytes()
    append(tmp_path, "msg_2")
    file.write_bytes(file.read_bytes()[:-30])
    append(tmp_path, "msg_2")
    lines = file.read_bytes().splitlines(keepends=True)
    assert lines[0] == whole
    assert [json.loads(line)["id"] for line in lines] == ["msg_1", "msg_2"]


def test_lines_of_somebody_else_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("not json\n[1]\n", encoding="utf-8")
    append(tmp_path, "msg_1", path="a.jsonl")
    assert file.read_text(encoding="utf-8").startswith("not json\n[1]\n{")


def test_a_file_that_cannot_be_written_is_a_delivery_error(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(DeliveryError, match=r"channel file: .*alerts\.jsonl: cannot be written"):
        append(tmp_path, "msg_1")


def test_one_writer_waits_for_another(tmp_path: Path) -> None:
    append(tmp_path, "msg_1")
    file = tmp_path / "out" / "alerts.jsonl"
    with file.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        thread = threading.Thread(target=append, args=(tmp_path, "msg_2"))
        thread.start()
        thread.join(0.05)
        assert len(file.read_bytes().splitlines()) == 1
    thread.join()
    assert len(file.read_bytes().splitlines()) == 2


def test_many_writers_append_whole_lines(tmp_path: Path) -> None:
    threads = [threading.Thread(target=append, args=(tmp_path, f"msg_{n % 10}")) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (tmp_path / "out" / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["id"] for line in lines) == [f"msg_{n}" for n in range(10)]
