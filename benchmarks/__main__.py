"""`python -m benchmarks [NAME …]`: nightly, nights, extract, read, copies, inspect, export; all of them unless some are named. `make bench` runs all."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks import copies, export_files, extract_articles, inspect_pages, nightly, nights

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT.parent / "shared" / "pages" / "html"
"""Real pages; without them reading is measured on the test fixtures."""


def read() -> None:
    """Reading alone, in a process of its own for the sake of its peak memory."""
    # what is printed here comes before what the other process prints
    sys.stdout.flush()
    folder = [str(PAGES)] if PAGES.is_dir() else []
    subprocess.run([sys.executable, "-m", "benchmarks.read_pages", *folder], cwd=ROOT, check=True)


def extract() -> None:
    """Extraction alone."""
    print("\n".join(extract_articles.table_lines(extract_articles.measure())))


MEASURES = {
    "nightly": nightly.measure,
    "nights": nights.measure,
    "extract": extract,
    "read": read,
    "copies": copies.measure,
    "inspect": inspect_pages.measure,
    "export": export_files.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASURES))
    names = parser.parse_args().names or list(MEASURES)
    if unknown := [name for name in names if name not in MEASURES]:
        parser.error(f"no benchmark {unknown[0]!r}; there are {', '.join(MEASURES)}")
    for name in names:
        print(f"== {name}", flush=True)
        MEASURES[name]()


if __name__ == "__main__":
    main()
