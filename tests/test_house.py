"""What must hold for every file of the project."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BANNED_NAMES = {"utils", "helpers", "common", "base", "manager"}
MARKS = re.compile(
    "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error", "pragma: no " + "cover"))
)
HOSTS = re.compile("|".join((r"pypi\.o" + "rg", r"pythonhos" + "ted", r"registry\.npm" + "js", r"deb\.deb" + "ian")))
PLACES = re.compile(r"(?<![\w.])(?:/wo" + "rk/|/ro" + "ot/|/ho" + "me/[a-z])")  # a site may have a path /home/
SECRETS = re.compile(r"whsec_[A-Za-z0-9+/]{24,}|-----BEGIN [A-Z ]*PRIVATE KEY")


def tracked() -> list[Path]:
    """Every file git knows or would take, as text files only."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("no git checkout: nothing to look through")
    paths = (ROOT / name for name in listed.stdout.splitlines())
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize(
    ("what", "pattern"), [("registry host", HOSTS), ("path of a machine", PLACES), ("secret", SECRETS)]
)
def test_no_file_holds_a(what: str, pattern: re.Pattern[str]) -> None:
    found = [f"{path.relative_to(ROOT)}: {m[0]}" for path in tracked() for m in pattern.finditer(text_of(path))]
    assert not found, f"{what}: {found}"


def test_no_work_is_left_as_a_mark() -> None:
    found = [path for path in tracked() if path.suffix == ".py" and MARKS.search(text_of(path))]
    assert not found


def test_modules_are_named_for_their_job() -> None:
    assert not [path for path in tracked() if path.suffix == ".py" and path.stem in BANNED_NAMES]


def test_locks_carry_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9][^\s=]*==\S+", text, re.MULTILINE)
        assert len(pins) > 50
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
        assert "--index-url" not in text
