"""What stands before every page: who may look, what a page may do in the browser, and tables that do nothing in a spreadsheet."""

from __future__ import annotations

import base64
import binascii
import csv
import hmac
import io
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from storage.cells import inert

__all__ = ["CellDefuser", "Guard", "is_loopback"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LANGUAGE_COOKIE = "evalwatch_lang"

_OWN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Our pages run our files only. Styles may stand in the page: Plot writes one into every chart."""
_DATASETTE_POLICY = _OWN_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
"""Datasette's pages carry small scripts of their own."""
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_OPEN_INTERNALS = ("/-/static/",)
"""Datasette's other pages under /-/ tell about the machine: paths, versions, threads."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("a.cn")
    (True, True, True, False, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Guard:
    """The ASGI application around the pages."""

    app: App
    """What it guards."""
    password: str | None
    """Asked for with HTTP Basic authentication, whatever the user name. None: only requests that name a loopback host pass."""
    database_path: str
    """The path under which Datasette's own pages lie: /evalwatch."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _answer(send, *refusal)
            return
        await self.app(scope, receive, self._sender(scope, send))

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, str, list[tuple[bytes, bytes]]] | None:
        """Status, text and headers of the answer to a request that may not pass."""
        if scope["method"] not in ("GET", "HEAD"):
            return 405, "These pages can only be read.", [(b"allow", b"GET, HEAD")]
        if self.password is not None:
            if not _knows(headers.get(b"authorization", b""), self.password):
                return (
                    401,
                    "The password is needed.",
                    [(b"www-authenticate", b'Basic realm="evalwatch", charset="UTF-8"')],
                )
        elif not is_loopback(_host_name(headers.get(b"host", b"").decode("latin-1"))):
            # another site whose name points at 127.0.0.1 could read the database through the reader's browser
            return 421, "Open these pages as http://127.0.0.1.", []
        path = scope["path"]
        if path.startswith("/-/") and not path.startswith(_OPEN_INTERNALS):
            return 404, "There is no such page.", []
        return None

    def _sender(self, scope: Scope, send: Send) -> Send:
        own_policy = not (scope["path"] + "/").startswith((self.database_path + "/", self.database_path + "."))
        policy = _OWN_POLICY if own_policy else _DATASETTE_POLICY
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        is_csv = scope["path"].endswith(".csv") or query.get("_format") == ["csv"]
        defuser = CellDefuser() if is_csv else None
        extra = [*_HEADERS, (b"content-security-policy", policy.encode()), *_language(query)]

        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                # ours take the place of Datasette's own; what is defused has another length
                dropped = {name for name, _ in extra} - {b"set-cookie"} | ({b"content-length"} if defuser else set())
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in dropped]
                message = {**message, "headers": [*kept, *extra]}
            elif defuser is not None and message["type"] == "http.response.body":
                more = message.get("more_body", False)
                message = {**message, "body": defuser.feed(message.get("body", b""), last=not more)}
            await send(message)

        return pass_on


def _language(query: dict[str, list[str]]) -> list[tuple[bytes, bytes]]:
    """The cookie that keeps the language the reader has chosen."""
    chosen = query.get("lang", [""])[-1]
    if chosen not in ("zh", "en"):
        return []
    return [(b"set-cookie", f"{LANGUAGE_COOKIE}={chosen}; Path=/; SameSite=Lax; HttpOnly".encode())]


def _host_name(host: str) -> str:
    """The name in a Host header, without the port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _knows(authorization: bytes, password: str) -> bool:
    scheme, _, given = authorization.partition(b" ")
    try:
        _, _, word = base64.b64decode(given, validate=True).partition(b":")
    except binascii.Error:
        return False
    return scheme.lower() == b"basic" and hmac.compare_digest(word, password.encode())


async def _answer(send: Send, status: int, text: str, headers: list[tuple[bytes, bytes]]) -> None:
    plain = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [plain, *_HEADERS, *headers]})
    await send({"type": "http.response.body", "body": text.encode()})


class CellDefuser:
    """CSV that comes in pieces, with an apostrophe before every cell that a spreadsheet would run as a formula (CWE-1236).

    >>> CellDefuser().feed(b'a,"=HYPERLINK(1)",-3,-x', last=True)
    b"a,'=HYPERLINK(1),-3,'-x\\r\\n"
    """

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes, *, last: bool) -> bytes:
        """What of it can be passed on: whole rows, at the end everything."""
        self._rest += data
        whole, self._rest = (self._rest, b"") if last else _whole_rows(self._rest)
        if not whole:
            return b""
        out = io.StringIO()
        writer = csv.writer(out)
        for row in csv.reader(io.StringIO(whole.decode("utf-8", "replace"), newline="")):
            writer.writerow([inert(cell) for cell in row])
        return out.getvalue().encode()


def _whole_rows(data: bytes) -> tuple[bytes, bytes]:
    """Up to the last line break that stands outside quotes, and what comes behind it."""
    end = data.rfind(b"\n") + 1
    while end and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, end - 1) + 1
    return data[:end], data[end:]
