"""The crawling child process of a command: Twisted's reactor neither restarts nor stops well in a process of another's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.config import load_settings
from crawler.errors import EvalwatchError, UsageError

__all__ = ["run_child"]


def run_child(settings: Path, database: Path, arguments: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The events of `python -m crawler` with these arguments, as they come. Raises UsageError where it could not start, and
    EvalwatchError where it broke."""
    today = datetime.now(UTC).astimezone(ZoneInfo(load_settings(settings).schedule.timezone)).date()
    command = [
        sys.executable, "-m", "crawler", "--settings", str(settings.resolve()), "--database", str(database.resolve()),
        "--night", today.isoformat(), *arguments,
    ]  # fmt: skip
    # it reads its standard input to its end: where this process dies, the child does
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert child.stdout is not None
        for line in child.stdout:
            yield json.loads(line)
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait(timeout=60)
        raise
    finally:
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
    if code == 2:
        raise UsageError("it could not start", hint="The message above says why")
    if code:
        raise EvalwatchError(f"the child process ended with code {code}", hint="The message above says why")
