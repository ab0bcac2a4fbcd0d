"""A message to try a channel with: made up, and it says so wherever it is read."""

from __future__ import annotations

import json
from datetime import date, datetime

from alerts.digest import payload
from crawler.config import Subscription
from crawler.items import Alert, Background, Change, Evaluation, Result, fact_key

__all__ = ["sample_message"]

MARK = {"zh": "【测试】", "en": "[Test] "}
WORDS = {
    "zh": "这是试发的消息，内容是虚构的，不是评估结果",
    "en": "This message is a test. Its content is made up and no result of an evaluation",
}


def sample_message(
    subscription: Subscription, alert_id: str, *, night: date, now: datetime, address: str = ""
) -> bytes:
    """The bytes of a message of one made-up result, of the type evalwatch.test, written as the subscription wants it."""
    place = next(iter((*subscription.places, *subscription.entities)), "湖北省")
    words = WORDS[subscription.language]
    evaluation = Evaluation("e1", words, "other", night.year)
    result = Result(
        "e1", place, "website", "province", "rank", words, (0, len(words)), rank=1, confidence=1.0, rule="sample"
    )  # fmt: skip
    change = Change(
        "new", fact_key(evaluation, result), evaluation, result, "evalwatch", "https://example.org/evalwatch-test", words, night
    )  # fmt: skip
    message = payload(
        Alert(alert_id, subscription.id, night, now, (change,)), subscription=subscription, background=Background(address=address)
    )  # fmt: skip
    message["type"] = "evalwatch.test"
    data = message["data"]
    data["title"] = MARK[subscription.language] + data["title"]
    data["text"] = MARK[subscription.language] + data["text"]
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
