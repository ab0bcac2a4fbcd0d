"""Every package that the program imports is one that pyproject.toml declares."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = {"alerts", "crawler", "samples", "scheduler", "storage"}
PART_OF_SCRAPY = {"twisted"}
"""Scrapy's interface is made of it; it says which version."""


def imported() -> Iterator[tuple[str, str]]:
    """Every name imported from another distribution: its first part, or the first two of a namespace; and where."""
    files = [
        ROOT / "scheduler.py",
        *(path for folder in OURS - {"scheduler"} for path in (ROOT / folder).rglob("*.py")),
    ]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{name}" for name in names if not node.level]
            for name in names:
                if name.partition(".")[0] not in OURS | PART_OF_SCRAPY | set(sys.stdlib_module_names):
                    yield name, f"{path.relative_to(ROOT)}:{node.lineno}"


def distributions_of(name: str, known: Mapping[str, list[str]]) -> set[str]:
    first, second = (*name.split("."), "")[:2]
    found = set(known.get(first, ()))
    # several distributions share a namespace: backports.zstd
    return {one for one in found if len(found) == 1 or _plain(one) == _plain(f"{first}.{second}")}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_import_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    names = {_plain(re.split(r"[<>=;\[ ]", line)[0]) for line in declared}
    # newer versions of Python bring it
    found = [(name, where) for name, where in imported() if not name.startswith("compression.")]
    assert found
    known = packages_distributions()
    missing = [
        f"{where} imports {name}" for name, where in found if not {*map(_plain, distributions_of(name, known))} & names
    ]
    assert missing == []
