"""What is told at once, sent while the night goes on: in a thread beside it, which neither slows the crawl nor ends it."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.delivery import Sender, deliver
from crawler.errors import EvalwatchError
from storage.database import Store, open_store

__all__ = ["Courier"]

log = logging.getLogger("evalwatch")

TICK_S = 30.0
"""What a channel did not take is looked at again after so long, even without news."""

LAST_S = 30.0
"""The end of a night waits so long for a message that is under way; after that it goes its own way."""


class Courier:
    """`with Courier(database, sender) as courier: … courier.wake()` after each article. Does nothing where no subscription has
    digest = "at_once"."""

    def __init__(self, database: Path, sender: Sender) -> None:
        self._database = database
        self._sender = sender
        self._news = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if any(one.digest == "at_once" for one in self._sender.settings.subscriptions):
            self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(LAST_S)

    def wake(self) -> None:
        """An article was stored."""
        self._news.set()

    def _run(self) -> None:
        try:
            with open_store(self._database) as store:
                while not self._stopped.is_set():
                    self._news.wait(TICK_S)
                    self._news.clear()
                    if not self._stopped.is_set():
                        self._deliver(store)
        except EvalwatchError as error:
            log.error("nothing is told at once in this night: %s", error)
        except Exception:
            log.exception("nothing is told at once in this night any more")

    def _deliver(self, store: Store) -> None:
        try:
            deliver(store, self._sender, "article")
        except EvalwatchError as error:  # the database may have been locked for too long; the next round may do
            log.warning("what is told at once waits: %s", error)
