"""The second process: answers in order, survives what kills it, ends with its parent."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import DocumentError
from crawler.spiders.worker import Inline, Worker
from tests.crawls import environment


def with_worker(work: Any, **arguments: Any) -> Any:
    async def run() -> Any:
        worker = Worker(**arguments)
        try:
            return await work(worker)
        finally:
            worker.close()

    return asyncio.run(run())


def test_it_runs_elsewhere_and_answers_each_as_asked() -> None:
    async def work(worker: Worker) -> list[Any]:
        jobs: list[Coroutine[Any, Any, Any]] = [worker.run(len, "x" * n) for n in (5, 200_000, 0, 7)]
        return [await worker.run(os.getpid), *await asyncio.gather(*jobs)]

    other, *lengths = with_worker(work)
    assert other != os.getpid()
    assert lengths == [5, 200_000, 0, 7]


def test_an_error_is_raised_where_it_was_asked_for_with_all_it_says() -> None:
    async def work(worker: Worker) -> None:
        with pytest.raises(DocumentError, match="is empty") as caught:
            await worker.run(_refuse)
        assert (caught.value.where, caught.value.hint) == ("http://a.example/", "Fetch it again")
        assert await worker.run(len, "ab") == 2

    with_worker(work)


def _refuse() -> None:
    raise DocumentError("is empty", where="http://a.example/", hint="Fetch it again")


def test_a_page_that_kills_the_process_costs_that_page_only() -> None:
    async def work(worker: Worker) -> list[Any]:
        jobs: list[Any] = [worker.run(os._exit, 9), worker.run(len, "abc"), worker.run(len, "abcd")]
        return await asyncio.gather(*jobs, return_exceptions=True)

    died, *others = with_worker(work)
    assert isinstance(died, DocumentError)
    assert others == [3, 4]


def test_a_page_that_hangs_is_given_up() -> None:
    async def work(worker: Worker) -> list[Any]:
        # the process is started, so that the limit is for the page alone
        await worker.run(len, "")
        jobs: list[Any] = [worker.run(time.sleep, 60.0), worker.run(len, "abc")]
        return await asyncio.gather(*jobs, return_exceptions=True)

    hung, other = with_worker(work, time_limit_s=3.0)
    assert "took too long" in str(hung)
    assert other == 3


def test_inline_does_the_same_here() -> None:
    assert asyncio.run(Inline().run(os.getpid)) == os.getpid()


def test_it_ends_when_its_parent_is_killed() -> None:
    program = textwrap.dedent(
        """
        import asyncio, os, signal
        from crawler.spiders.worker import Worker

        async def main():
            worker = Worker()
            print(await worker.run(os.getpid), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

        if __name__ == "__main__":
            asyncio.run(main())
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment(), check=False, timeout=60
    )
    pid = int(done.stdout)
    deadline = time.monotonic() + 10
    while _is_alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # an orphan that has ended may wait for its new parent to look
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
