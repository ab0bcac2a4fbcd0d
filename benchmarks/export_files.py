"""How fast `evalwatch export` writes a million results, and in how much memory, beside sqlite3 and sqlite-utils.

    python -m benchmarks export

Each way is a process of its own. sqlite3 and sqlite-utils run the very statement of the export and write plain CSV of it: what is
above their time is the cost of cells that are inert in a spreadsheet, of JSON, of Parquet. EVALWATCH_BENCH_DATA names a folder in
which databases stay for the next time (those of `inspect`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inspect_data import generate
from storage.database import open_store
from storage.export import TABLES, What
from storage.export.lines import statement
from storage.wanted import EVERYTHING

__all__ = ["measure"]

SIZES = (10_000, 1_000_000)
_WAYS: tuple[tuple[What, str], ...] = (
    ("results", "csv"),
    ("results", "jsonl"),
    ("results", "parquet"),
    ("mentions", "csv"),
)


@dataclass(frozen=True, slots=True)
class Used:
    """What one way took."""

    wall_s: float
    """By the clock, which depends on what else the machine does."""
    cpu_s: float
    """Of the processor."""
    peak_mb: float
    """Of resident memory."""
    written_mb: float
    """Of the output."""


_EVALWATCH = (sys.executable, "-m", "crawler.commands", "export")


def measure() -> None:
    """Generate, export, print a table per size."""
    kept = os.environ.get("EVALWATCH_BENCH_DATA")
    with tempfile.TemporaryDirectory() as temporary:
        for size in SIZES:
            path = Path(kept or temporary) / f"inspect-{size}.db"
            if not path.is_file():
                generate(path, size)
            open_store(path).close()  # one that was kept may have an older schema
            _print(path, size, Path(temporary))
    print(f"Load: {os.getloadavg()[0]:.1f}.")


def _print(path: Path, size: int, folder: Path) -> None:
    if size < SIZES[-1]:
        path.read_bytes()  # the first way is not the one that reads the disk
    found = {name: _run(command, folder / "out") for name, command in _ways(path).items()}
    base = next(iter(found.values())).cpu_s
    print(
        f"| {size:,} results | s | CPU s | to the first | lines per CPU s | peak MB | MB written |\n|---|---|---|---|---|---|---|"
    )
    for name, one in found.items():
        print(
            f"| {name} | {one.wall_s:.1f} | {one.cpu_s:.1f} | {one.cpu_s / base:.1f} | {size / one.cpu_s:,.0f} | {one.peak_mb:.0f} "
            f"| {one.written_mb:.1f} |",
            flush=True,
        )


def _ways(path: Path) -> Mapping[str, Sequence[str]]:
    sql, values = statement("results", EVERYTHING, TABLES["results"].columns)
    plain = sql.replace("LIMIT ?", f"LIMIT {values[-1]}")
    ways: dict[str, Sequence[str]] = {}
    if shell := shutil.which("sqlite3"):
        ways["sqlite3 -csv"] = (shell, "-readonly", "-header", "-csv", str(path), plain)
    ways["sqlite-utils query --csv"] = (sys.executable, "-m", "sqlite_utils", "query", str(path), plain, "--csv")
    for what, form in _WAYS:
        ways[f"evalwatch {what}, {form}"] = (*_EVALWATCH, "--database", str(path), "--what", what, "--format", form)
    return ways


_STARTER = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss]), file=sys.stderr)
"""
"""A small process that starts the measured one: Linux counts what the starter holds as the peak of what it starts."""


def _run(command: Sequence[str], output: Path) -> Used:
    began = time.perf_counter()
    with output.open("wb") as file:
        ended = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _STARTER, *command], stdout=file, stderr=subprocess.PIPE, check=True
        )
    wall = time.perf_counter() - began
    code, cpu_s, peak_kb = json.loads(ended.stderr)
    if code:
        raise RuntimeError(f"{command[:6]} ended with {code}")
    return Used(wall, cpu_s, peak_kb / 1024, output.stat().st_size / 1e6)
