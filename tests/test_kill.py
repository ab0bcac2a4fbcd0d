"""kill -9 at any moment of a night, then the night again: the same database as after an undisturbed one."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

import samples
from tests.nights import command, content, environment, run_night, sample_settings

MOMENTS = 20


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return samples.write_recordings(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, recordings: list[Path]) -> tuple[Path, float]:
    """The folder in which both nights ran to their end, and how long the second took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    settings = sample_settings(folder)
    run_night(folder, settings, folder / "night1.db", recordings[0])
    shutil.copy(folder / "night1.db", folder / "both.db")
    before = time.monotonic()
    run_night(folder, settings, folder / "both.db", recordings[1])
    return folder, time.monotonic() - before


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_night_is_made_up_for(
    moment: int, tmp_path: Path, recordings: list[Path], undisturbed: tuple[Path, float]
) -> None:
    """Night 1 is killed for even moments, night 2 for odd ones; the moment is drawn anew in every run of the tests."""
    folder, duration = undisturbed
    settings = sample_settings(tmp_path)
    database = tmp_path / "killed.db"
    second = moment % 2
    if second:
        shutil.copy(folder / "night1.db", database)
    after = random.SystemRandom().uniform(0, duration)
    _kill_a_night(tmp_path, settings, database, recordings[second], after)
    run_night(tmp_path, settings, database, recordings[second])
    expected = content(folder / ("both.db" if second else "night1.db"))
    assert content(database) == expected, f"killed after {after:.3f} s"


def _kill_a_night(folder: Path, settings: Path, database: Path, recording: Path, after_s: float) -> None:
    night = subprocess.Popen(
        command("run", "--settings", settings, "--database", database, "--replay", recording),
        cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        night.wait(after_s)
    except subprocess.TimeoutExpired:
        night.send_signal(signal.SIGKILL)
        night.wait()
