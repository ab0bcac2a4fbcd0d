"""All sites of the fixtures on one port: a proxy for http and https that answers by host, as the addresses in settings.toml
stand. Scrapy is told of it by http_proxy and https_proxy and does not know that the sites are not there.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterable, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from cryptography import x509

from samples import SamplePage
from tests.test_guard_tls import certificate

__all__ = ["VirtualWeb"]


class VirtualWeb:
    """`with VirtualWeb(folder, pages) as web: … web.environment()`. What it does not know is 404."""

    def __init__(self, folder: Path, pages: Iterable[SamplePage], same: Mapping[str, str] | None = None) -> None:
        self.pages = {(page.url, page.asks): page for page in pages}
        self.same = dict(same or {})
        """Addresses that answer as another does."""
        self.asked: list[tuple[str, str]] = []
        """Method and address of every request, robots.txt included."""
        hosts = sorted({urlsplit(url).hostname or "" for url, _ in self.pages})
        self._certificate = certificate(folder, *(x509.DNSName(host) for host in hosts))
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*self._certificate)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def environment(self) -> dict[str, str]:
        """What a crawl must have in its environment to find these sites."""
        proxy = f"http://127.0.0.1:{self._server.server_port}"
        return {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": "", "SSL_CERT_FILE": str(self._certificate[0])}

    def answer(self, method: str, url: str, body: bytes) -> SamplePage | None:
        """What is known of a request."""
        self.asked.append((method, url))
        return self.pages.get((self.same.get(url, url), body if method == "POST" else None))


class _Handler(BaseHTTPRequestHandler):
    """One connection: to the proxy, and behind CONNECT to the site itself."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def __init__(self, web: VirtualWeb, *arguments: Any) -> None:
        self._web = web
        super().__init__(*arguments)

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            self.connection = self._web.tls.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def finish(self) -> None:
        super().finish()
        # socketserver closes the socket that was wrapped, not the one that wraps it
        self.connection.close()

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        url = self.path if self.path.startswith("http://") else f"https://{self.headers['Host']}{self.path}"
        page = self._web.answer(self.command, url, body)
        self.send_response(page.status if page else 404)
        for name, value in (page.headers if page else {"Content-Type": "text/html"}).items():
            self.send_header(name, value)
        sent = page.body if page else b"<p>not here</p>"
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: Any) -> None:
        """Quiet."""
