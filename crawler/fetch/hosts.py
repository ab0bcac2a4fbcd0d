"""What is kept of hosts from one night to the next: their robots.txt, and until when they asked to be left alone.

One small JSON file per origin or host, named by its hash, since names come from pages. A file that cannot be read counts as
none: the host is then asked again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

__all__ = ["HOSTS", "HostMemory", "RobotsCopy"]

HOSTS = "EVALWATCH_HOSTS"
"""Scrapy setting: the folder. Missing or None: nothing is kept, as in a replay."""

log = logging.getLogger("evalwatch")


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A robots.txt as it was last had."""

    fetched: datetime
    """When."""
    rules: str
    """Its text; empty where the host has none."""


class HostMemory:
    """Reads and writes the files."""

    def __init__(self, folder: str | None) -> None:
        self._folder = Path(folder) if folder else None

    def robots(self, origin: str) -> RobotsCopy | None:
        """The last copy of an origin's robots.txt, or None."""
        kept = self._read("robots", origin)
        try:
            return RobotsCopy(datetime.fromisoformat(kept["fetched"]), kept["rules"]) if kept else None
        except (KeyError, ValueError):
            return None

    def keep_robots(self, origin: str, copy: RobotsCopy) -> None:
        """Keep a copy in place of the last."""
        self._write("robots", origin, {"fetched": copy.fetched.isoformat(), "rules": copy.rules})

    def wait_until(self, host: str) -> datetime | None:
        """Until when a host asked not to be asked; None where it never did."""
        kept = self._read("wait", host)
        try:
            return datetime.fromisoformat(kept["until"]) if kept else None
        except (KeyError, ValueError):
            return None

    def keep_wait(self, host: str, until: datetime) -> None:
        """Keep until when a host asks not to be asked."""
        self._write("wait", host, {"until": until.isoformat()})

    def _read(self, kind: str, name: str) -> dict[str, str] | None:
        if self._folder is None:
            return None
        try:
            kept = json.loads(self._file(self._folder, kind, name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("what was kept of %s cannot be read: %s", name, error)
            return None
        return kept if isinstance(kept, dict) and all(isinstance(value, str) for value in kept.values()) else None

    def _write(self, kind: str, name: str, content: dict[str, str]) -> None:
        if self._folder is None:
            return
        path = self._file(self._folder, kind, name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps({"of": name} | content, ensure_ascii=False), encoding="utf-8")
            # whole or not at all: a night may be killed here
            fresh.replace(path)
        except OSError as error:
            log.warning("what is to be kept of %s cannot be written: %s", name, error)

    @staticmethod
    def _file(folder: Path, kind: str, name: str) -> Path:
        return folder / f"{kind}-{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"
