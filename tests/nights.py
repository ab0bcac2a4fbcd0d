"""Whole nights as a user starts them, and what they leave in the database. For test_night.py and test_kill.py."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

Rows = list[tuple[Any, ...]]


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "crawler.commands", *map(str, arguments)]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def evalwatch(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(
        command(*arguments), cwd=cwd, env=environment(), capture_output=True, text=True, check=False, timeout=110
    )


def run_night(folder: Path, settings: Path, database: Path, *recordings: Path) -> dict[str, Any]:
    """One replayed night that must end well: its summary."""
    replays = [part for path in recordings for part in ("--replay", path)]
    ended = evalwatch("run", "--json", "--settings", settings, "--database", database, *replays, cwd=folder)
    assert ended.returncode == 0, ended.stderr
    summary: dict[str, Any] = json.loads(ended.stdout)
    return summary


def listed(folder: Path, what: str, settings: Path, database: Path) -> list[dict[str, Any]]:
    """What `evalwatch results --json` (or alerts, sources) prints, as objects."""
    ended = evalwatch(what, "--json", "--settings", settings, "--database", database, cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def sample_settings(folder: Path) -> Path:
    """The settings of the bundled sample web, copied so that their paths lie in the folder."""
    import samples

    return Path(shutil.copy(samples.settings_path(), folder / "settings.toml"))


CONTENT: dict[str, str] = {
    "articles": "SELECT url, title, outlet, published, kind, sha256, baseline FROM articles",
    "entries": "SELECT address, source, title FROM entries",
    "copies": "SELECT (SELECT min(b.url) FROM articles b WHERE b.cluster = a.cluster), a.url FROM articles a",
    "results": 'SELECT fact_key, entity, "group", kind, rank, tied, top, score, grade, award, work, status, sources FROM results',
    "mentions": "SELECT m.result, a.url, m.start, m.end, m.words FROM mentions m JOIN articles a ON a.id = m.article",
    "owed": "SELECT a.subscription, a.night, a.number, i.result, i.kind, c.url FROM alerts a JOIN alert_items i ON i.alert = a.id "
    "JOIN articles c ON c.id = i.article",
    "sent": "SELECT a.subscription, a.night, a.number, d.channel, d.state FROM deliveries d JOIN alerts a ON a.id = d.alert",
    "sources": "SELECT id, baseline IS NOT NULL, complete FROM sources",
    "lists": "SELECT url, digest FROM list_pages",
}
"""What a night leaves, without the times at which it did so and the numbers of the runs."""


def content(database: Path, parts: Sequence[str] = tuple(CONTENT)) -> dict[str, Rows]:
    """The database's content in a form that two databases can be compared in."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {part: sorted(connection.execute(CONTENT[part]), key=repr) for part in parts}
