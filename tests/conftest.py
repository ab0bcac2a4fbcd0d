"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import crawls


@pytest.fixture(scope="session", autouse=True)
def _end_the_forking_process() -> Iterator[None]:
    """The process that crawls are forked from ends with the tests, before pytest looks for what was left open."""
    yield
    crawls.end_forks()
