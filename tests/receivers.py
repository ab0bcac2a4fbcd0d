"""Receivers of alerts on 127.0.0.1: of webhooks, robots and mail. Each runs in a thread and stops by itself."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP

__all__ = ["Mailbox", "Receiver", "listening", "receiving_mail"]


@dataclass
class Receiver:
    """What came in, and what to answer."""

    url: str = ""
    answer: int = 204
    drop: bool = False
    location: str | None = None
    says: bytes = b""
    wait: str | None = None
    stall: threading.Event | None = None
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def listening(receiver: Receiver) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.received.append(({k.lower(): v for k, v in self.headers.items()}, body))
            receiver.paths.append(self.path)
            if receiver.stall:
                receiver.stall.wait(5)
                self.close_connection = True
                return  # whoever asked has hung up
            if receiver.drop:  # the message arrived, its acknowledgement does not: a reset, no answer
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            self.send_response(receiver.answer)
            if receiver.location:
                self.send_header("location", receiver.location)
            if receiver.wait:
                self.send_header("retry-after", receiver.wait)
            self.send_header("content-length", str(len(receiver.says)))
            self.end_headers()
            self.wfile.write(receiver.says)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

        def finish(self) -> None:
            if not receiver.drop:
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook?token=hidden"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Mailbox:
    """What mail came in, and what to answer."""

    port: int = 0
    answer: str = "250 OK"
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd looks for this name
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        if self.answer.startswith("250"):
            read = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
            assert isinstance(read, EmailMessage)
            self.mails.append(read)
        return self.answer


@contextmanager
def receiving_mail(mailbox: Mailbox) -> Iterator[Mailbox]:
    """An SMTP server that puts what comes into the mailbox."""
    ready, stop = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        loops.append(loop)
        server = await loop.create_server(lambda: SMTP(mailbox, hostname="127.0.0.1", loop=loop), "127.0.0.1", 0)
        mailbox.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()

    # asyncio.run ends what is still open
    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(5)
        yield mailbox
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join()
