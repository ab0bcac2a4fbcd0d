"""The reports that go with messages: the whole night as one page, for channels that ask for it."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from alerts.channels import Attached
from alerts.wording import Language
from crawler.config import AppriseChannel, Channel, Settings
from crawler.errors import StorageError
from storage.database import Store
from storage.deliveries import Delivery

__all__ = ["reports_of"]

log = logging.getLogger("evalwatch")

_MOST = 300
"""New results that an attached report tells in full: some 300 kB."""


def reports_of(
    store: Store, settings: Settings, work: Sequence[tuple[Channel, Sequence[Delivery]]]
) -> dict[tuple[str, str], Attached]:
    """By channel and alert: the report of the night that the message tells of, in the language of its subscription, where the channel
    wants it. A message whose report cannot be made goes without it."""
    languages: dict[str, Language] = {one.id: one.language for one in settings.subscriptions}
    pages: dict[tuple[str, Language], Attached | None] = {}
    found = {}
    for channel, messages in work:
        if not isinstance(channel, AppriseChannel) or not channel.attach_report:
            continue
        for message in messages:
            told = json.loads(message.payload)
            if told["type"] != "evalwatch.results":
                continue
            wanted = (told["data"]["night"], languages.get(message.subscription, "zh"))
            if wanted not in pages:
                pages[wanted] = _report(store, *wanted)
            if page := pages[wanted]:
                found[channel.id, message.alert_id] = page
    return found


def _report(store: Store, night: str, language: Language) -> Attached | None:
    from alerts.report import night_report_html
    from storage.night import night_report

    run = store.value("SELECT max(id) FROM runs WHERE night = ?", night)
    if run is None:
        return None
    try:
        page = night_report_html(night_report(store, run, most=_MOST), language=language)
    except StorageError as error:
        log.warning("the report of %s could not be attached: %s", night, error)
        return None
    return Attached(f"evalwatch-{night}.html", page.encode())
