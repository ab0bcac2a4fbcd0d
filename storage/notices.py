"""What is owed besides results: sources that are broken or blocked, results that are overdue. One alert of its own kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from crawler.items import Notice
from storage.database import Store
from storage.outbox import open_alert
from storage.rows import notice_to_json

__all__ = ["owe_notice"]


def owe_notice(store: Store, notice: Notice, subscriptions: Sequence[str], *, night: date, now: datetime) -> None:
    """Add a notice to the open alert of each subscription for that night. To be called inside a transaction.

    What is overdue is told to a subscription once. Of a source each change of state is told; that it is one, the caller knows.
    """
    for subscription in dict.fromkeys(subscriptions):
        if notice.year is not None and _was_told(store, notice, subscription):
            continue
        alert = open_alert(store, subscription, night, now, about="health")
        store.execute(
            "INSERT INTO alert_notices (alert, kind, subject, year, notice) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET notice = excluded.notice",
            alert, notice.kind, notice.subject, notice.year or 0, notice_to_json(notice),
        )  # fmt: skip


def _was_told(store: Store, notice: Notice, subscription: str) -> bool:
    return bool(
        store.value(
            "SELECT 1 FROM alert_notices n JOIN alerts a ON a.id = n.alert WHERE n.subject = ? AND n.year = ? "
            "AND n.kind = ? AND a.subscription = ?",
            notice.subject, notice.year, notice.kind, subscription,
        )
    )  # fmt: skip
