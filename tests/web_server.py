"""A local web for tests: sites on 127.0.0.1 with the faults of real ones. Each runs in a thread and stops by itself."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

__all__ = ["Answer", "Asked", "Route", "Site", "article_page", "list_page"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site says to one address."""

    body: bytes | str = b""
    """Text is sent as UTF-8."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Besides Content-Type (text/html unless given) and Content-Length."""
    measured: bool = True
    """False: no Content-Length, the connection is closed behind the body."""
    hangs: bool = False
    """True: nothing is answered until the site stops."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that reached a site."""

    path: str
    headers: Mapping[str, str]
    at: float
    """time.monotonic()"""


Route = Answer | str | bytes | Callable[[Asked], Answer]


class Site:
    """One site: `with Site({"/": "hello"}) as site: … site.url("/")`. What it does not know is 404."""

    def __init__(
        self,
        routes: Mapping[str, Route] | None = None,
        *,
        robots: Route = "User-agent: *\nDisallow:\n",
        address: str = "127.0.0.1",
    ) -> None:
        self.routes: dict[str, Route] = {"/robots.txt": robots, **(routes or {})}
        self.asked: list[Asked] = []
        self._address = address
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer((address, 0), self._handler())
        # closing waits for the last connections, so that none is left open
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def netloc(self) -> str:
        return f"{self._address}:{self._server.server_port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.netloc}{path}"

    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def rest(self, seconds: float) -> None:
        """Take time over an answer, but no longer than the site lives."""
        self._stopped.wait(seconds)

    def wrap(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5

            def do_GET(self) -> None:
                asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, time.monotonic())
                site.asked.append(asked)
                route = site.routes.get(self.path, Answer("<p>not here</p>", 404))
                site._send(self, route(asked) if callable(route) else route)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        return Handler

    def _send(self, handler: BaseHTTPRequestHandler, given: Answer | str | bytes) -> None:
        answer = given if isinstance(given, Answer) else Answer(given)
        if answer.hangs:
            self._stopped.wait(60)
            handler.close_connection = True
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        handler.send_response(answer.status)
        length = {"Content-Length": str(len(body))} if answer.measured else {"Connection": "close"}
        for name, value in {"Content-Type": "text/html", **length, **answer.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        try:
            handler.wfile.write(body)
        except ConnectionError:
            # a client may hang up on what is too long
            handler.close_connection = True


def list_page(entries: Mapping[str, str], *, following: str | None = None) -> str:
    """A list: address → title; `following` is the address of the next list page."""
    rows = "".join(f'<li><a href="{url}">{title}</a><span>2020-12-16</span></li>' for url, title in entries.items())
    more = f'<a href="{following}">下一页</a>' if following else ""
    return f'<html><head><meta charset="utf-8"><title>要闻</title></head><body><ul class="list">{rows}</ul>{more}</body></html>'


def article_page(
    title: str, *, following: str | None = None, rank: str = "五", charset: str = "utf-8", more: str = ""
) -> str:
    """An article of two paragraphs that states one result."""
    text = f"12月15日，中国软件评测中心在北京发布2020年中国政府网站绩效评估结果，湖北省政府门户网站在省级政府网站中排名第{rank}。"
    tail = f"这一成绩来自持续的栏目调整和内容保障，{title}一文对此有详细介绍，并说明了采样的时间和方法。"
    pager = f'<div class="pages"><a href="{following}">下一页</a></div>' if following else ""
    return (
        f'<html><head><meta charset="{charset}"><title>{title}</title></head><body><h1>{title}</h1>'
        f'<div class="info">来源：测试日报 时间：2020-12-16 09:00</div>'
        f'<div class="content"><p>　　{text}</p><p>　　{tail}</p>{more}</div>{pager}</body></html>'
    )
