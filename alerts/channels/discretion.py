"""What Apprise says, for our ears only: its log holds addresses with keys. And a text without any part of a URL."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

__all__ = ["hider", "listening"]


def hider(url: str) -> Callable[[str], str]:
    """A function that takes every part of a URL out of a text."""
    parts = urlsplit(url)
    pieces = re.split(r"[/@:?&=,]+", url[len(parts.scheme) :]) + [
        v for vs in parse_qs(parts.query).values() for v in vs
    ]
    secrets = {form for piece in pieces for form in (piece, unquote(piece)) if len(form) > 3}

    def hide(text: str) -> str:
        for secret in sorted(secrets, key=len, reverse=True):
            text = re.sub(re.escape(secret), "…", text, flags=re.IGNORECASE)
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return line if len(line) <= 200 else f"{line[:199]}…"

    return hide


class _Ear(logging.Filter):
    """Keeps what is said in its own thread, and lets nobody else hear it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self._thread = threading.get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.thread != self._thread:
            return True
        self.heard.append(record.getMessage())
        return False


@contextmanager
def listening() -> Iterator[list[str]]:
    """What Apprise warns of meanwhile, in this thread; it is told to nobody else, whatever handlers there are."""
    log = logging.getLogger("apprise")
    log.setLevel(logging.WARNING)
    for noisy in ("urllib3", "requests_oauthlib", "oauthlib"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    ear = _Ear()
    log.addFilter(ear)
    try:
        yield ear.heard
    finally:
        log.removeFilter(ear)
