"""Serves watched lists on loopback addresses: `nights_server.py HOSTS ARTICLES_PER_HOST LATENCY_MS` prints its port.

Each host has two list pages, the newest articles first, and answers every request after the latency. Every second host knows
ETags and answers conditional requests; the others send their pages every time. `/-/count` gives what was asked and sent since it
was last asked; `/-/new` puts one more article on each of the first ten hosts.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections import Counter

from benchmarks.pages_server import OFF_TOPIC, article, charset, hosts, title

PER_PAGE = 5
"""Articles on each list page; three times as many rows beside them are off the topic."""

NEW = 10
"""Hosts that get one more article."""


class Web:
    """What the hosts show, and what was asked of them."""

    def __init__(self, number: int, articles: int, latency_s: float) -> None:
        self.newest = dict.fromkeys(hosts(number), articles)
        self.sent: Counter[str] = Counter()
        self._latency_s = latency_s
        self._articles: dict[tuple[str, str], bytes] = {}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                named = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
                path = lines[0].split()[1]
                if path.startswith("/-/"):
                    writer.write(_answer(self._control(path).encode(), "application/json", None))
                    continue
                await asyncio.sleep(self._latency_s)
                sent = self._page(named["host"].partition(":")[0], path, named.get("if-none-match"))
                self.sent["robots" if path == "/robots.txt" else "lists" if path.startswith("/l") else "articles"] += 1
                self.sent["bytes"] += len(sent)
                self.sent["unchanged"] += sent.startswith(b"HTTP/1.1 304")
                writer.write(sent)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _control(self, path: str) -> str:
        if path == "/-/new":
            for host in list(self.newest)[:NEW]:
                self.newest[host] += 1
        counted, self.sent = self.sent, Counter()
        return json.dumps(counted)

    def _page(self, host: str, path: str, known: str | None) -> bytes:
        if path == "/robots.txt":
            return _answer(b"User-agent: *\nDisallow: /admin/\n", "text/plain", None)
        if path.startswith("/a/"):
            if (host, path) not in self._articles:
                self._articles[host, path] = article(host, int(path[3:-5])).encode(_codec(host))
            body = self._articles[host, path]
        else:
            body = self._list(host, int(path[2:-5])).encode(_codec(host))
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if int(host.rpartition(".")[2]) % 2 else None
        if tag is not None and known == tag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        return _answer(body, "text/html", tag)

    def _list(self, host: str, page: int) -> str:
        last = self.newest[host] - (page - 1) * PER_PAGE
        rows = ""
        for n in range(last - 1, max(last - PER_PAGE, 0) - 1, -1):
            rows += f'<li><a href="/a/{n}.html">{title(host, n)}</a><span>2020-12-20</span></li>\n'
            rows += "".join(
                f'<li><a href="/o/{n}_{k}.html">{OFF_TOPIC[(n + k) % 8]}之{n}</a><span>2020-12-20</span></li>\n'
                for k in range(3)
            )
        menu = "".join(f'<li><a href="/c{n}/index.html" title="栏目名称{n}">栏目名称{n}</a></li>\n' for n in range(90))
        following = f'<a href="/l{page + 1}.html">下一页</a>' if page == 1 else ""
        return (
            f'<!DOCTYPE html>\n<html><head><meta charset="{charset(host)}"><title>要闻_测试站</title></head><body>\n'
            f'<ul class="menu">{menu}</ul><ul class="list">{rows}</ul><div class="pages">{following}</div></body></html>\n'
        )


def _codec(host: str) -> str:
    return "gb18030" if charset(host) == "gb2312" else "utf-8"


def _answer(body: bytes, kind: str, tag: str | None) -> bytes:
    named = f"ETag: {tag}\r\n" if tag else ""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{named}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def serve(number: int, articles: int, latency_s: float) -> None:
    """Answer until terminated."""
    web = Web(number, articles, latency_s)
    first, *others = hosts(number)
    server = await asyncio.start_server(web.answer, first)
    port = server.sockets[0].getsockname()[1]
    await asyncio.start_server(web.answer, others, port)
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000))
