"""Where pages are read: a second process, so that a page that takes long holds up no other request.

bs4 on 8 MB takes 7 s and 450 MB (reliability.md, trap 10); a page that crashes or hangs the reader costs that page. The
process ends with its parent, however that ends: its end of the pipe is then closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import pickle
import signal
import traceback
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, Protocol, TypeVar

from crawler.errors import DocumentError, EvalwatchError

__all__ = ["Inline", "Runner", "Worker"]

P = ParamSpec("P")
T = TypeVar("T")

TIME_LIMIT_S = 60
"""For one page. The slowest that passes the size limit takes 10 s."""

AHEAD_BYTES = 60_000
"""A job this small is sent while another runs: it fits into the pipe, so sending does not wait for the reader."""


class Runner(Protocol):
    """Runs pure functions that can be pickled, one after another."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns, or raises."""
        ...

    def close(self) -> None: ...


class Inline:
    """Runs them where it stands: for tests, and for `scrapy crawl` with a debugger."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)

    def close(self) -> None:
        """Nothing to close."""


class Worker:
    """Runs them in a process of its own. Its jobs belong to one asyncio loop; making it needs none.

    The process starts at once, and calls `prepare` before its first job: it imports while this one does.
    """

    def __init__(self, prepare: Callable[[], None] | None = None, *, time_limit_s: float = TIME_LIMIT_S) -> None:
        self._prepare = prepare
        self._time_limit_s = time_limit_s
        self._waiting: deque[tuple[bytes, asyncio.Future[Any]]] = deque()
        self._running: deque[tuple[bytes, asyncio.Future[Any]]] = deque()
        self._pipe: Connection[Any, Any] | None = None
        self._process: BaseProcess | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._start()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns, or raises. Raises DocumentError where it crashed the process or took too long."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL), answer))
        self._send()
        return await answer

    def close(self) -> None:
        """End the process; what still runs is given up."""
        if self._pipe is not None and self._process is not None:
            if self._loop is not None and not self._loop.is_closed():
                self._loop.remove_reader(self._pipe.fileno())
            if self._alarm is not None:
                self._alarm.cancel()
            self._pipe.close()
            self._process.kill()
            self._process.join()
        self._pipe = self._process = self._alarm = self._loop = None

    def _send(self) -> None:
        while self._waiting and (
            not self._running or (len(self._running) < 2 and len(self._waiting[0][0]) < AHEAD_BYTES)
        ):
            job = self._waiting.popleft()
            self._running.append(job)
            if len(self._running) == 1:
                self._set_alarm()
            try:
                self._open().send_bytes(job[0])
            except OSError:
                self._lost("ended")
                return

    def _start(self) -> Connection[Any, Any]:
        """Start the process; returns the pipe to it."""
        # spawn, because a fork would copy the reactor's sockets and the database's locks
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._prepare), name="reader", daemon=True)
        self._process.start()
        theirs.close()
        return self._pipe

    def _open(self) -> Connection[Any, Any]:
        """The pipe to the process, which is started where there is none, and watched by the loop."""
        pipe = self._pipe or self._start()
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(pipe.fileno(), self._receive)
        return pipe

    def _receive(self) -> None:
        assert self._pipe is not None
        try:
            succeeded, value = pickle.loads(self._pipe.recv_bytes())  # noqa: S301 - our own process wrote it
        except (EOFError, OSError):
            self._lost("crashed")
            return
        _, answer = self._running.popleft()
        self._set_alarm()
        _settle(answer, value, succeeded=succeeded)
        self._send()

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        loop = asyncio.get_running_loop()
        self._alarm = loop.call_later(self._time_limit_s, self._lost, "took too long") if self._running else None

    def _lost(self, why: str) -> None:
        """The process is gone or must go: give up the page that it was on, and go on in a new one."""
        self.close()
        if self._running:
            _, answer = self._running.popleft()
            _settle(answer, DocumentError(f"reading it {why}"), succeeded=False)
        self._waiting.extendleft(reversed(self._running))
        self._running.clear()
        self._send()


def _settle(answer: asyncio.Future[Any], value: Any, *, succeeded: bool) -> None:
    if answer.cancelled():
        return
    if succeeded:
        answer.set_result(value)
    else:
        answer.set_exception(value)


def _serve(pipe: Connection[Any, Any], prepare: Callable[[], None] | None) -> None:
    """The second process: answers until the pipe is closed."""
    # Ctrl-C reaches both; the parent decides
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if prepare is not None:
        prepare()
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, args, kwargs = pickle.loads(pipe.recv_bytes())  # noqa: S301 - our own process wrote it
            try:
                reply: tuple[bool, Any] = (True, function(*args, **kwargs))
            except Exception as error:  # noqa: BLE001 - it is raised again where it was asked for
                if not isinstance(error, EvalwatchError):
                    # the frames of this process do not travel
                    error.add_note(traceback.format_exc())
                reply = (False, error)
            pipe.send_bytes(pickle.dumps(reply, pickle.HIGHEST_PROTOCOL))
