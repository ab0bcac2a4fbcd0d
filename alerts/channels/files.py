"""Channels that are files: JSON Lines, and one Atom feed for each subscription."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from alerts.feed import entry_of, feed_of, with_entry
from crawler.config import AtomChannel, JsonlChannel
from crawler.errors import DeliveryError

__all__ = ["add_to_feed", "append_line"]


def append_line(channel: JsonlChannel, folder: Path, alert_id: str, payload: bytes) -> None:
    """Append one line, synced to disk. An id that stands in the file already is not written again."""
    path = folder / channel.path
    with _complaints(channel.id, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the kernel frees it with the handle
            _drop_torn_line(file.fileno())
            file.seek(0)
            if any(_line_id(line) == alert_id for line in file):
                return
            record = {"id": alert_id} | json.loads(payload)
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _drop_torn_line(handle: int) -> None:
    """Cut off a last line without line feed: a write that was killed. Its message is still owed."""
    size = os.fstat(handle).st_size
    keep = size
    while keep and os.pread(handle, 1, keep - 1) != b"\n":
        keep -= 1
    if keep < size:
        os.ftruncate(handle, keep)


def _line_id(line: bytes) -> str | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None  # a line of somebody else's
    return record.get("id") if isinstance(record, dict) else None


def add_to_feed(
    channel: AtomChannel, folder: Path, alert_id: str, payload: dict[str, Any], now: datetime, subscription: str
) -> None:
    """Put the message in front of the subscription's feed; the file is replaced at once, no reader sees half of it.

    A message that is in the feed already is not put there again.
    """
    path = folder / channel.folder / f"{subscription}.xml"
    with _complaints(channel.id, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with (path.parent / f".{subscription}.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                feed = feed_of(path.read_bytes())
            except FileNotFoundError:
                feed = None
            except ValueError as error:
                raise DeliveryError(
                    f"is no feed of evalwatch ({error})", where=f"channel {channel.id}: {path}", hint="Move it away"
                ) from error
            written = with_entry(feed, entry_of(alert_id, payload, now), subscription, most=channel.entries)
            if written is not None:
                _replace(path, written)


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@contextmanager
def _complaints(channel_id: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DeliveryError(f"cannot be written ({error.strerror})", where=f"channel {channel_id}: {path}") from error
