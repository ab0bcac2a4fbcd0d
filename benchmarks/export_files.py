"""How fast `evalwatch export` writes a million results, and in how much memory, beside sqlite3 and sqlite-utils.

    python -m benchmarks export

Each way is a process of its own. sqlite3 and sqlite-utils run the very statement of the export and write plain CSV of it: what is
above their time is the cost of cells that are inert in a spreadsheet, of JSON, of Parquet. EVALWATCH_BENCH_DATA names a folder in
which databases stay for the next time (those of `inspect`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
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
    path.read_bytes() if size < SIZES[-1] else None  # the first way is not the one that reads the disk
    ways = _ways(path)
    found = {name: _run(command, folder / "out") for name, command in ways.items()}
    base, _, _ = found[next(iter(found))]
    print(f"| {size:,} results | s | lines/s | to the first | peak MB | MB written |\n|---|---|---|---|---|---|")
    for name, (seconds, peak, written) in found.items():
        print(f"| {name} | {seconds:.1f} | {size / seconds:,.0f} | {seconds / base:.1f} | {peak:.0f} | {written:.0f} |")


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


def _run(command: Sequence[str], output: Path) -> tuple[float, float, float]:
    """Seconds, peak resident memory and size of the output in MB."""
    began = time.perf_counter()
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:6]} ended with {process.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024, output.stat().st_size / 1e6
