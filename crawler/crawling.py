"""The child process of a night: started, listened to, told to end in good order."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from crawler.errors import UsageError

__all__ = ["Event", "crawl"]

log = logging.getLogger("evalwatch")

Event = dict[str, Any]
"""One line of the child: {"event": "source" | "article" | "end", …}."""


def crawl(command: Sequence[str], report: Callable[[Event], None], stop: threading.Event, *, most_s: float) -> bool:
    """Run the child and pass its events on; False where it did not reach its end, was told to stop, or took too long."""
    # the child reads its standard input to its end: where this process dies, the child does
    child = subprocess.Popen(list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    threading.Thread(target=_watch, args=(child, stop, most_s), daemon=True).start()
    try:
        assert child.stdout is not None
        for line in child.stdout:
            report(json.loads(line))
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait(timeout=60)
        raise
    if code == 2:
        raise UsageError("the crawl could not start", hint="The message above says why")
    if code:
        log.error("the crawl ended with code %s", code)
    return code == 0 and not stop.is_set()


def _watch(child: subprocess.Popen[str], stop: threading.Event, most_s: float) -> None:
    """Tell the child to end, in good order, when it must stop or has taken too long."""
    deadline = time.monotonic() + most_s
    while child.poll() is None:
        if stop.wait(0.2) or time.monotonic() > deadline:
            child.terminate()
            return
