"""Services by Apprise URL: over real receivers where Apprise lets one name the host, robots with their address replaced."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest

from alerts.channels import Busy, Refused, address_mark, deliver, faults, most_per_minute
from alerts.channels.services import BadUrl, _form_for, scheme_of, service_of
from alerts.channels.writing import write
from alerts.digest import payload_bytes
from alerts.render import Form
from crawler.config import AppriseChannel
from crawler.errors import DeliveryError, SettingsError
from crawler.items import Alert
from tests.receivers import Mailbox, Receiver, listening, receiving_mail
from tests.store_samples import NIGHT, NOW, change, result

TOKEN = "s3cretT0kenOfTheRobot"
SECRET = "SECsignedWithThis99"
TEXT = "12月21日 政府网站评估：1条新消息\n\n■ 第二十三届政府网站绩效评估\n省级\n· 湖北省　第5名\n来源：湖北省人民政府"
PAYLOAD = json.dumps(
    {
        "type": "evalwatch.results", "timestamp": "2024-12-20T22:30:00Z",
        "data": {"alert": "msg_1", "subscription": "anna", "night": "2024-12-21", "text": TEXT, "evaluations": []},
    },
    ensure_ascii=False,
).encode()  # fmt: skip


FORMS: tuple[Literal["text", "markdown"], ...] = ("text", "markdown")


def message_of_many() -> bytes:
    """A message of forty results, cut between any two of which it is short."""
    places = (f"湖北省/{number}市" for number in range(40))
    told = tuple(change("new", result(place, rank=rank)) for rank, place in enumerate(places, 1))
    return payload_bytes(Alert("msg_1", "anna", NIGHT, NOW, told))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening(Receiver()) as one:
        yield one


@pytest.fixture
def robot(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """A receiver that stands where the robots of 钉钉, 企业微信, 飞书 and Lark stand."""
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.feishu import NotifyFeishu
    from apprise.plugins.lark import NotifyLark
    from apprise.plugins.wecombot import NotifyWeComBot

    host = receiver.url.split("/hook")[0]
    monkeypatch.setattr(NotifyDingTalk, "notify_url", host + "/robot/send?access_token={token}")
    monkeypatch.setattr(NotifyWeComBot, "notify_url", host + "/cgi-bin/webhook/send?key={key}")
    monkeypatch.setattr(NotifyFeishu, "notify_url", host + "/open-apis/bot/v2/hook/{token}/")
    monkeypatch.setattr(NotifyLark, "notify_url", host + "/lark/")
    receiver.answer, receiver.says = 200, b'{"errcode":0,"errmsg":"ok"}'
    return receiver


def channel(url: str | None, **changes: object) -> AppriseChannel:
    values: dict[str, object] = {"id": "group", "kind": "apprise", "url": url}
    return AppriseChannel(**(values | changes))  # type: ignore[arg-type]  # checked by pydantic


def send(
    url: str | None, environment: dict[str, str] | None = None, payload: bytes = PAYLOAD, **changes: object
) -> None:
    deliver(
        channel(url, **changes), alert_id="msg_1", payload=payload, settings_folder=Path(), environment=environment or {},
        now=NOW,
    )  # fmt: skip


def posted(receiver: Receiver) -> dict[str, object]:
    ((_, body),) = receiver.received
    found: dict[str, object] = json.loads(body)
    return found


def test_dingtalk_gets_signed_markdown(robot: Receiver) -> None:
    send(f"dingtalk://{SECRET}@{TOKEN}/13800001111")
    body = posted(robot)
    assert body["msgtype"] == "markdown"
    assert body["at"] == {"atMobiles": ["13800001111"], "isAtAll": False}
    assert "湖北省" in str(body["markdown"])
    asked = parse_qs(urlsplit(robot.paths[0]).query)
    assert asked["access_token"] == [TOKEN]
    (timestamp,) = asked["timestamp"]
    signed = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [base64.b64encode(signed).decode()]


def test_wecom_gets_markdown_of_4096_bytes_at_most(robot: Receiver) -> None:
    send(f"wecombot://{TOKEN}", payload=PAYLOAD.replace("省级".encode(), ("省级" * 30 + r"\n").encode() * 100))
    body = posted(robot)
    assert body["msgtype"] == "markdown"
    content = body["markdown"]["content"]  # type: ignore[index]  # an object
    assert 3000 < len(content.encode()) <= 4096
    assert robot.paths == [f"/cgi-bin/webhook/send?key={TOKEN}"]


def test_wecom_gets_text_of_2048_bytes_at_most_where_text_is_wanted(robot: Receiver) -> None:
    send(
        f"wecombot://{TOKEN}",
        payload=PAYLOAD.replace("省级".encode(), ("省级" * 30 + r"\n").encode() * 100),
        form="text",
    )
    content = posted(robot)["text"]["content"]  # type: ignore[index]  # an object
    assert 1500 < len(content.encode()) <= 2048


def test_feishu_gets_text_or_a_card(robot: Receiver) -> None:
    robot.says = b'{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}'
    send(f"feishu://{TOKEN}")
    assert posted(robot)["msg_type"] == "text"
    robot.received.clear()
    send(f"feishu://{SECRET}@{TOKEN}", form="markdown")
    body = posted(robot)
    assert body["msg_type"] == "interactive"
    key = f"{body['timestamp']}\n{SECRET}".encode()
    assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    robot.received.clear()
    send(f"lark://{TOKEN}")
    assert robot.paths[-1] == f"/lark/{TOKEN}"


@pytest.mark.parametrize(
    ("url", "answer", "reason"),
    [
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "lacks the robot's keyword"),
        ("wecombot", {"errcode": 93000, "errmsg": f"invalid webhook url {TOKEN}"}, "no robot of this key"),
        ("wecombot", {"errcode": 40058, "errmsg": f"exceed max length of {TOKEN}"}, "exceed max length of …"),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "lacks the robot's keyword"),
        ("feishu", {"msg": "what?"}, "no code"),
        ("feishu", ["odd"], "its answer is no object"),
    ],
)
def test_a_refusal_with_status_200_is_a_failure(robot: Receiver, url: str, answer: object, reason: str) -> None:
    robot.says = json.dumps(answer).encode()
    with pytest.raises(DeliveryError, match=reason) as caught:
        send(f"{url}://{TOKEN}")
    assert TOKEN not in str(caught.value)
    assert not isinstance(caught.value, Busy | Refused)


def test_a_robot_that_answers_no_json_has_not_taken_it(robot: Receiver) -> None:
    robot.says = b"<html>a proxy</html>"
    with pytest.raises(DeliveryError, match="no JSON"):
        send(f"dingtalk://{TOKEN}")


@pytest.mark.parametrize(
    ("url", "code", "wait_s"), [("dingtalk", 130101, 600), ("wecombot", 45009, 60), ("feishu", 11232, 60)]
)
def test_too_many_messages_ask_to_wait(robot: Receiver, url: str, code: int, wait_s: int) -> None:
    robot.says = json.dumps({"errcode" if url != "feishu" else "code": code, "errmsg": "send too fast"}).encode()
    with pytest.raises(Busy) as caught:
        send(f"{url}://{TOKEN}")
    assert caught.value.wait_s == wait_s


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_missing_keyword_is_added_and_counts_in_the_length(robot: Receiver, form: str) -> None:
    long = PAYLOAD.replace("省级".encode(), ("省级" * 30 + r"\n").encode() * 100)
    send(f"wecombot://{TOKEN}", payload=long, keyword="监测", form=form)
    content = posted(robot)[form]["content"]  # type: ignore[index]  # an object
    assert content.endswith("\n\n监测")
    assert len(content.encode()) <= (2048 if form == "text" else 4096)
    robot.received.clear()
    send(f"wecombot://{TOKEN}", keyword="评估", form=form)
    assert not posted(robot)[form]["content"].endswith("评估")  # type: ignore[index]  # an object


@pytest.mark.parametrize("most", range(150, 260, 7))
def test_a_message_with_its_keyword_is_never_longer_than_it_may_be(most: int) -> None:
    payload = json.loads(message_of_many())
    for form in FORMS:
        assert len(write(payload, form, most_chars=most, keyword="监测" * 20).body) <= most
        assert (
            len(write(payload, form, most_chars=9999, most_bytes=3 * most, keyword="监测" * 20).body.encode())
            <= 3 * most
        )


@pytest.mark.parametrize(
    ("native", "scheme"),
    [
        (f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}", "dingtalk"),
        (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}", "wecombot"),
        (f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}", "feishu"),
        (f"https://open.larksuite.com/open-apis/bot/v2/hook/{TOKEN}", "lark"),
    ],
)
def test_an_address_as_the_service_shows_it_is_understood(native: str, scheme: str, robot: Receiver) -> None:
    assert scheme_of(native) == scheme
    send(native)
    assert len(robot.received) == 1


def test_a_mail_arrives_as_html_and_text() -> None:
    with receiving_mail(Mailbox()) as mailbox:
        send(f"mailto://127.0.0.1:{mailbox.port}?from=watch@example.org&to=anna@example.org")
    (mail,) = mailbox.mails
    assert mailbox.envelopes == [("watch@example.org", ["anna@example.org"])]
    assert mail["subject"] == TEXT.splitlines()[0]
    html = mail.get_body(("html",))
    plain = mail.get_body(("plain",))
    assert html is not None
    assert plain is not None
    for part in (html, plain):
        assert "第5名" in part.get_content()


def test_a_format_in_the_url_is_what_is_written() -> None:
    with receiving_mail(Mailbox()) as mailbox:
        send(f"mailto://127.0.0.1:{mailbox.port}?from=watch@example.org&to=anna@example.org&format=text", form="html")
    (mail,) = mailbox.mails
    assert mail.get_body(("html",)) is None
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "■ 第二十三届" in plain.get_content() or "湖北省" in plain.get_content()
    assert "<" not in plain.get_content()


def test_a_mail_that_is_refused_says_so() -> None:
    with receiving_mail(Mailbox(answer="554 no spam here")) as mailbox, pytest.raises(DeliveryError) as caught:
        send(f"mailto://127.0.0.1:{mailbox.port}?from=watch@example.org&to=anna@example.org")
    assert "channel group: the service did not take it" in str(caught.value)
    assert "anna" not in str(caught.value)


def test_a_mail_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        before = time.monotonic()
        with pytest.raises(DeliveryError, match="did not take it"):
            send(f"mailto://127.0.0.1:{silent.getsockname()[1]}?from=a@example.org&to=b@example.org", timeout_s=0.1)
        assert time.monotonic() - before < 5


def test_apprise_json_target(receiver: Receiver) -> None:
    receiver.answer = 200
    send(receiver.url.replace("http", "json"), form="markdown")
    body = posted(receiver)
    assert body["title"] == TEXT.splitlines()[0]
    assert "湖北省" in str(body["message"])


@pytest.mark.parametrize("scheme", ["bark", "ntfy"])
def test_pushes_are_short_enough(receiver: Receiver, scheme: str) -> None:
    receiver.answer = 200
    host = receiver.url.split("//")[1].split("/")[0]
    send(f"{scheme}://{host}/{TOKEN}", payload=PAYLOAD.replace("省级".encode(), ("省级" * 30 + r"\n").encode() * 100))
    body = posted(receiver)
    text = str(body.get("body") or body.get("message"))
    ((headers, _),) = receiver.received
    assert "caronc" not in json.dumps(body) + str(headers)  # no picture of Apprise's that a phone would load
    assert 300 < len(text.encode()) <= 3600
    assert "湖北" in json.dumps(body, ensure_ascii=False) or "政府网站" in text


def test_telegram_gets_text_in_which_no_word_of_the_web_is_markup(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins.telegram import NotifyTelegram

    monkeypatch.setattr(NotifyTelegram, "notify_url", receiver.url.split("/hook")[0] + "/bot")
    receiver.answer, receiver.says = 200, b'{"ok":true,"result":{}}'
    told = change("new", result("<b>湖北<script>_*[x](y)&amp;", rank=1))
    send("tgram://123456789:AABOTTOKENbottokenBOTTOKENbottoken/-1001234567890",
         payload=payload_bytes(Alert("msg_1", "anna", NIGHT, NOW, (told,))))  # fmt: skip
    body = posted(receiver)
    assert body["chat_id"] == -1001234567890
    assert body["parse_mode"] == "HTML"
    text = str(body["text"])
    assert "· &lt;b&gt;湖北&lt;script&gt;_*[x](y)&amp;amp;　第1名" in text.splitlines()
    assert "<" not in text


@pytest.mark.parametrize(
    ("url", "wanted", "written"),
    [
        (f"tgram://123456789:{'A' * 35}/-100", None, "html"),
        (f"tgram://123456789:{'A' * 35}/-100", "text", "text"),
        ("mailto://u:p@example.org?to=a@example.org", "markdown", "html"),
        ("mailto://u:p@example.org?to=a@example.org", "text", "text"),
        ("slack://T1/B2/C3", "html", "text"),
        ("gotify://gotify.example.org/TOKEN", "markdown", "markdown"),
    ],
)
def test_a_form_that_a_service_lacks_is_written_as_the_next(url: str, wanted: Form | None, written: Form) -> None:
    assert _form_for(service_of(url), wanted) == written


def test_no_redirect_is_followed(receiver: Receiver) -> None:
    with listening(Receiver()) as elsewhere:
        receiver.answer, receiver.location = 307, elsewhere.url
        with pytest.raises(DeliveryError, match=r"error=307"):
            send(receiver.url.replace("http", "json") + "&redirect=yes")
    assert elsewhere.received == []


def test_410_means_gone(receiver: Receiver) -> None:
    receiver.answer = 410
    with pytest.raises(Refused):
        send(receiver.url.replace("http", "json"))


def test_a_service_that_hangs_is_given_up(receiver: Receiver) -> None:
    receiver.stall = threading.Event()
    before = time.monotonic()
    with pytest.raises(DeliveryError, match="did not take it"):
        send(receiver.url.replace("http", "json"), timeout_s=0.05)
    assert time.monotonic() - before < 3  # Apprise's own patience is 4 s
    receiver.stall.set()


@pytest.mark.parametrize(
    ("url", "what", "hint"),
    [
        ("nonsense", "is no Apprise URL", "dingtalk://"),
        (f"wxwork://{TOKEN}", "unknown service 'wxwork'", "wecombot://"),
        (f"dingtalkk://{TOKEN}", "unknown service 'dingtalkk'", "dingtalk://"),
        (f"dingtalk://{TOKEN}!!", "no valid URL of dingtalk", "docs/alerts.md"),
        (f"bark://{TOKEN}", "nobody to send to over bark", "docs/alerts.md"),
        (f"https://example.org/{TOKEN}", "unknown service 'https'", ""),
    ],
)
def test_a_url_that_names_no_service_is_told_without_its_secret(url: str, what: str, hint: str) -> None:
    with pytest.raises(BadUrl) as caught:
        service_of(url)
    assert what in caught.value.what
    assert hint in caught.value.hint
    assert TOKEN not in caught.value.what + caught.value.hint
    ((name, key, said, _),) = faults([channel(None, url_env="GROUP_URL")], {"GROUP_URL": url})
    assert (name, key) == ("group", "url_env")
    assert "GROUP_URL" in said
    assert TOKEN not in said
    with pytest.raises(DeliveryError) as late:
        send(url)
    assert TOKEN not in str(late.value)


def test_a_variable_that_is_not_set_is_no_fault_but_no_delivery_either() -> None:
    assert list(faults([channel(None, url_env="GROUP_URL")], {})) == []
    with pytest.raises(SettingsError, match="GROUP_URL is not set"):
        send(None, url_env="GROUP_URL")


def test_no_log_holds_a_secret(robot: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for url in (
        f"dingtalk://{SECRET}@{TOKEN}",
        f"wecombot://{TOKEN}",
        robot.url.replace("http", "json") + f"&key={TOKEN}",
    ):
        send(url)
    robot.answer = 500
    for url in (
        f"dingtalk://{SECRET}@{TOKEN}",
        robot.url.replace("http", "json") + f"&key={TOKEN}",
        f"dingtalk://{TOKEN}!!",
    ):
        with pytest.raises(DeliveryError) as caught:
            send(url)
        assert TOKEN not in str(caught.value)
    assert len(robot.received) == 5
    assert TOKEN not in caplog.text
    assert SECRET not in caplog.text
    assert "hidden" not in caplog.text


def test_what_a_service_takes_in_a_minute_can_be_said_otherwise() -> None:
    assert most_per_minute(channel(f"dingtalk://{TOKEN}"), {}) == 20
    assert most_per_minute(channel(f"dingtalk://{TOKEN}", per_minute=3), {}) == 3
    assert most_per_minute(channel(None, url_env="U"), {"U": f"feishu://{TOKEN}"}) == 100
    assert most_per_minute(channel("json://127.0.0.1"), {}) is None


def test_the_mark_of_a_place_changes_with_the_address_and_tells_nothing() -> None:
    one = address_mark(channel(None, url_env="U"), {"U": f"feishu://{TOKEN}"})
    assert one != address_mark(channel(None, url_env="U"), {"U": f"feishu://{TOKEN}x"})
    assert TOKEN not in one


def test_apprise_is_imported_only_for_a_channel_that_needs_it() -> None:
    code = (
        "import sys, scheduler, crawler.commands; from alerts.channels import faults; list(faults([], {})); "
        "sys.exit('apprise' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0


def test_every_url_of_the_documentation_is_one() -> None:
    text = (Path(__file__).parents[1] / "docs" / "alerts.md").read_text(encoding="utf-8")
    recipes = text.partition("### Recipes")[2].partition("\n## ")[0]
    urls = [url for url in re.findall(r"`([a-z]+://[^`…]+)`", recipes) if "host:port" not in url]
    assert len(urls) >= 12
    schemes = {service_of(url).schema if url else "" for url in urls}
    assert schemes >= {"wecombot", "dingtalk", "feishu", "mailtos", "barks", "ntfys", "tgram"}
