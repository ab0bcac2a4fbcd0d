"""Crawls of tests: settings for local sites, and `python -m crawler` run to its end."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

__all__ = ["Crawled", "command", "crawl", "end_forks", "environment", "rows", "settings_file", "source", "write_warc"]

ROOT = Path(__file__).parents[1]
NIGHT = "2026-01-01"


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl left."""

    code: int
    events: list[dict[str, Any]]
    log: str
    """Standard error."""

    def source(self, source_id: str) -> dict[str, Any]:
        """The last event of that source."""
        return next(e for e in reversed(self.events) if e["event"] == "source" and e["id"] == source_id)

    def articles(self) -> list[str]:
        return [event["url"] for event in self.events if event["event"] == "article"]


def source(source_id: str, entry: str, **more: Any) -> str:
    """A [[sources]] table: a list page with ul.list li, unless told otherwise."""
    keys = {
        "id": source_id, "name": "测试站", "kind": "city", "access": "list", "entry": [entry],
        "list": {"item": "ul.list li", "date": "span"}, "article": {"body": "div.content"}, "local_hosts": ["127.0.0.1"], **more,
    }  # fmt: skip
    if keys["access"] != "list":
        del keys["list"]
    return "[[sources]]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in keys.items())


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def settings_file(folder: Path, sources: Iterable[str], *, fetch: str = "", more: str = "") -> Path:
    """A settings file for a live crawl of local sites, without pauses."""
    path = folder / "settings.toml"
    path.write_text(
        f'{more}\n[fetch]\ncontact = "mailto:test@localhost"\ndelay_s = 0.0\nretries = 0\ntimeout_s = 5.0\n{fetch}\n'
        + "\n".join(sources),
        encoding="utf-8",
    )
    return path


def command(settings: Path, *more: str, database: Path | None = None) -> list[str]:
    path = database or settings.parent / "test.db"
    return [
        sys.executable, "-m", "crawler", "--settings", str(settings), "--database", str(path), "--night", NIGHT, *more
    ]  # fmt: skip


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def crawl(settings: Path, *more: str, database: Path | None = None) -> Crawled:
    """Run a crawl to its end, in a fork of a process that waits for it; see crawl_forks.py."""
    forks = _forks()
    assert forks.stdin is not None
    assert forks.stdout is not None
    forks.stdin.write(json.dumps(command(settings, *more, database=database)[3:]) + "\n")
    forks.stdin.flush()
    code, out, log = json.loads(forks.stdout.readline())
    return Crawled(code, [json.loads(line) for line in out.splitlines()], log)


@cache
def _forks() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crawl_forks"], cwd=ROOT, env=environment(), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


def end_forks() -> None:
    """End the process that crawls are forked from, if there is one: it ends when its standard input does."""
    if _forks.cache_info().currsize:
        _forks().communicate()
        _forks.cache_clear()


def rows(database: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql, values).fetchall()


def write_warc(path: Path, pages: Mapping[str, str | bytes], *, date: str = "2026-01-01T18:00:00Z", gzip: bool = True,
               headers: Sequence[tuple[str, str]] = (("Content-Type", "text/html"),), status: str = "200 OK") -> Path:  # fmt: skip
    """Record some pages: address → body."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gzip)
        for url, body in pages.items():
            data = body.encode() if isinstance(body, str) else body
            answer = StatusAndHeaders(status, [*headers, ("Content-Length", str(len(data)))], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=BytesIO(data),
                    length=len(data),
                    http_headers=answer,
                    warc_headers_dict={"WARC-Date": date},
                )
            )
    return path
