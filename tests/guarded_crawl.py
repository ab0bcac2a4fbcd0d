"""A crawl in a process of its own, with what a test must know of it: names that resolve as told, memory, ports.

`python -m tests.guarded_crawl FILE` where FILE is JSON: arguments of `python -m crawler`, names (host → the addresses it has,
one look-up after the other, the last for good), public (loopback addresses that count as public, so that a test can connect
to one that passes the guard). Its last line of standard error is JSON: looked_up, connected and peak_kb.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crawls import Crawled, command, environment

__all__ = ["Guarded", "guarded_crawl", "listening_ports", "started"]

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Guarded:
    """What such a crawl left."""

    crawled: Crawled
    looked_up: Mapping[str, int]
    """Host → how often its name was looked up."""
    connected: Sequence[str]
    """Addresses to which a connection was begun."""
    peak_kb: int
    """Most memory it ever had."""


def started(
    settings: Path,
    *,
    names: Mapping[str, Sequence[str]] | None = None,
    public: Sequence[str] = (),
    more_environment: Mapping[str, str] | None = None,
    more: Sequence[str] = (),
) -> subprocess.Popen[str]:
    """The process, begun."""
    order = settings.parent / "order.json"
    arguments = command(settings, *more)[3:]
    order.write_text(json.dumps({"arguments": arguments, "names": names or {}, "public": public}))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.guarded_crawl", str(order)], cwd=ROOT, stdin=subprocess.DEVNULL,
        env=environment() | dict(more_environment or {}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def guarded_crawl(settings: Path, **how: Any) -> Guarded:
    """Run such a crawl to its end."""
    with started(settings, **how) as process:
        out, err = process.communicate(timeout=100)
    log, _, facts = err.rstrip().rpartition("\n")
    assert facts.startswith("{"), err
    known = json.loads(facts)
    events = [json.loads(line) for line in out.splitlines()]
    return Guarded(Crawled(process.returncode, events, log), **known)


def listening_ports(pid: int) -> list[int]:
    """The TCP ports on which a process listens (Linux)."""
    inodes = {
        link.readlink().name.removeprefix("socket:[").rstrip("]")
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if link.is_symlink()
    }
    lines = [line.split() for kind in ("tcp", "tcp6") for line in _table(pid, kind)]
    return [int(line[1].rpartition(":")[2], 16) for line in lines if line[3] == "0A" and line[9] in inodes]


def _table(pid: int, kind: str) -> list[str]:
    table = Path(f"/proc/{pid}/net/{kind}")
    return table.read_text().splitlines()[1:] if table.exists() else []


def _main(order: dict[str, Any]) -> int:
    from twisted.internet.tcp import Connector

    import crawler.__main__ as program
    from crawler.fetch import addresses
    from crawler.spiders import stages, worker

    looked_up: Counter[str] = Counter()
    names, real = order["names"], socket.gethostbyname

    def gethostbyname(name: str) -> str:
        looked_up[name] += 1
        if answers := names.get(name):
            return str(answers[min(looked_up[name], len(answers)) - 1])
        if name[-1:].isalpha() and not name.startswith("0x") and name != "localhost":
            # a test asks no name server
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return real(name)

    socket.gethostbyname = gethostbyname
    is_public = addresses.is_public
    addresses.is_public = lambda address: address in order["public"] or is_public(address)
    connected: set[str] = set()
    connect = Connector.connect

    def noted(connector: Any) -> Any:
        connected.add(connector.getDestination().host)
        return connect(connector)

    Connector.connect = noted  # type: ignore[assignment,method-assign]  # counts and goes on
    stages.prepare()
    worker.Worker = lambda _prepare: worker.Inline()  # type: ignore[assignment,misc]  # pages are read in this process
    sys.argv = ["crawler", *order["arguments"]]
    try:
        return program.main()
    finally:
        # not ru_maxrss: at exec a process takes over that of its parent
        status = Path("/proc/self/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0])
        print(json.dumps({"looked_up": looked_up, "connected": sorted(connected), "peak_kb": peak}), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(_main(json.loads(Path(sys.argv[1]).read_text())))
