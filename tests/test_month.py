"""10,000 requests of a simulated month: what hosts ask for is heeded every time. See simulated_month.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawls import environment

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_in_10000_requests_of_a_month_every_host_has_its_way(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.simulated_month", str(tmp_path)], cwd=ROOT, env=environment(), capture_output=True,
        text=True, check=False, timeout=280,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    seen = json.loads(ended.stdout)
    assert seen["requests"] >= 10_000
    # the month held all that can go wrong
    assert seen["asked to wait"] > 300
    assert seen["DisallowedByRobots"] > 1000
    assert min(seen["RobotsUnreachable"], seen["RobotsRefused"], seen["AskedToWait"], seen["Spent"]) > 50
    assert seen["robots violations"] == 0
    assert seen["peak"] == 1
    assert seen["undercut"] == 0
    assert seen["too soon"] == 0
    # and the waits end when they may: the next request comes soon after
    assert 0 <= seen["smallest_margin_s"] < 10
