"""The other ways in and out: names that change their address, schemes, redirects and keys, bombs, ports."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from twisted.internet._resolver import SimpleResolverComplexifier
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock

from crawler import settings as scrapy_settings
from crawler.fetch.guard import GuardedResolver
from tests.crawls import crawl, settings_file, source
from tests.guarded_crawl import guarded_crawl, listening_ports, started
from tests.web_server import Answer, Asked, Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"
FRONT = "127.0.0.77"
MIB = 1 << 20


def test_a_name_is_looked_up_once_a_night_and_that_address_is_connected_to(tmp_path: Path) -> None:
    """The second answer of a name that flips is never asked for: it would be the canary's."""
    listed = list_page({f"/a/{n}.html": f"{TITLE}{n}" for n in range(3)})
    routes = {f"/a/{n}.html": article_page(f"{TITLE}{n}") for n in range(3)}
    with Site({"/list": listed, **routes}, address=FRONT) as front, Site(address="127.0.0.1") as canary:
        port = front.netloc.rpartition(":")[2]
        flip = source("s", f"http://flip.example:{port}/list", local_hosts=[])
        night = guarded_crawl(
            settings_file(tmp_path, [flip]), names={"flip.example": [FRONT, "127.0.0.1"]}, public=[FRONT]
        )
        assert len(night.crawled.articles()) == 3, night.crawled.log
        assert night.looked_up["flip.example"] == 1
        assert (night.connected, canary.asked) == ([FRONT], [])


def test_a_name_that_has_flipped_already_is_refused(tmp_path: Path) -> None:
    with Site({"/list": "x"}, address="127.0.0.1") as canary:
        port = canary.netloc.rpartition(":")[2]
        flip = source("s", f"http://flip.example:{port}/list", local_hosts=[])
        night = guarded_crawl(
            settings_file(tmp_path, [flip]), names={"flip.example": ["127.0.0.1", FRONT]}, public=[FRONT]
        )
    assert (night.connected, canary.asked) == ([], [])
    assert "leads into the own network (127.0.0.1)" in night.crawled.log


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twisted's own endpoint and our resolver, with no network below: no second look-up lies between."""
    answers = iter(["117.156.230.1", "127.0.0.1", "127.0.0.1"])
    reactor: Any = MemoryReactorClock()  # type: ignore[no-untyped-call]
    resolver = GuardedResolver(reactor, 0, 1.0)

    def look_up(_self: Any, _name: str, _timeout: Any = ()) -> Deferred[str]:
        found: Deferred[str] = Deferred()
        found.callback(next(answers))
        return found

    monkeypatch.setattr("twisted.internet.base.ThreadedResolver.getHostByName", look_up)
    reactor.nameResolver = SimpleResolverComplexifier(resolver)  # type: ignore[arg-type]  # what zope declares is not seen
    for _ in range(3):
        failed = HostnameEndpoint(reactor, b"flip.example", 80).connect(Factory())  # type: ignore[arg-type]  # Twisted's own factory
        failed.addErrback(lambda _: None)
    assert [client[:2] for client in reactor.tcpClients] == [("117.156.230.1", 80)]
    assert resolver.refused == {"flip.example": "127.0.0.1"}


def test_a_host_is_local_for_the_source_that_names_it_alone(tmp_path: Path) -> None:
    with (
        Site({"/": list_page({"/a/1.html": TITLE}), "/a/1.html": article_page(TITLE)}) as site,
        Site(address=FRONT) as front,
    ):
        front.routes["/"] = Answer("", 302, {"Location": site.url()})
        open_to_all: dict[str, Any] = {"allowed_domains": ["127.0.0.1", FRONT]}
        sources = [source("own", site.url()),
                       source("other", front.url(), local_hosts=[FRONT], **open_to_all)]  # fmt: skip
        night = crawl(settings_file(tmp_path, sources))
    assert (night.source("own")["state"], night.source("other")["state"]) == ("healthy", "failed")
    assert len([path for path in site.paths() if path == "/"]) == 1


SCHEMES = [
    "file:///etc/hostname", "FILE:///etc/hostname", "file:/etc/hostname", "file://localhost/etc/hostname", "data:text/html,x",
    "DATA:text/html;base64,eA==", "ftp://127.0.0.1/x", "s3://bucket/x", "gopher://127.0.0.1/", "javascript:alert(1)",
    "view-source:file:///etc/hostname", "jar:file:///x!/y",
]  # fmt: skip


def test_twelve_spellings_of_other_schemes_are_refused_on_every_way(tmp_path: Path) -> None:
    with Site({"/list": list_page(dict.fromkeys(SCHEMES, TITLE))}) as site:
        sources = [source("links", site.url("/list"), follow="all")]
        for number, scheme in enumerate(SCHEMES):
            site.routes[f"/r{number}"] = Answer("", 302, {"Location": scheme})
            site.routes[f"/m{number}"] = (
                f'<html><head><meta http-equiv="refresh" content="0;url={scheme}"></head></html>'
            )
            sources += [source(f"{way}{number}", site.url(f"/{way}{number}")) for way in "rm"]
        night = crawl(settings_file(tmp_path, sources))
        assert len(site.paths()) == 1 + 2 * len(SCHEMES)
    assert night.articles() == []
    assert {night.source(f"{way}{n}")["state"] for way in "rm" for n in range(len(SCHEMES))} <= {"failed", "blocked"}


def test_scrapy_has_handlers_for_http_alone() -> None:
    handlers = scrapy_settings.DOWNLOAD_HANDLERS
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    # and none that a later Scrapy brings along unseen
    from scrapy.settings.default_settings import DOWNLOAD_HANDLERS_BASE

    assert set(DOWNLOAD_HANDLERS_BASE) <= set(handlers)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_key_in_a_header_and_cookies_stay_with_their_origin(tmp_path: Path, status: int) -> None:
    seen: list[Asked] = []

    def other(asked: Asked) -> Answer:
        seen.append(asked)
        return Answer('{"rows": []}', headers={"Content-Type": "application/json"})

    with Site({"/s": other}, address="127.0.0.2") as there, Site({"/t": other}) as port:
        to_host = Answer("", status, {"Location": there.url("/s"), "Set-Cookie": "a=1"})
        with Site({"/1": to_host, "/2": Answer("", status, {"Location": port.url("/t"), "Set-Cookie": "a=1"})}) as site:
            more: dict[str, Any] = {
                "access": "search", "json": {"rows": "rows", "title": "t", "url": "u"}, "keywords": ["评估"],
                "request": {"headers": {"appKey": "secret-1", "Authorization": "secret-2"}}, "cookies": True,
                "local_hosts": ["127.0.0.1", "127.0.0.2"], "allowed_domains": ["127.0.0.1", "127.0.0.2"],
            }  # fmt: skip
            sources = [source(f"s{n}", site.url(f"/{n}") + "?q={word}", **more) for n in (1, 2)]
            site.routes |= {f"/{n}?q=%E8%AF%84%E4%BC%B0": site.routes[f"/{n}"] for n in (1, 2)}
            night = crawl(settings_file(tmp_path, sources))
            assert [asked.headers["appkey"] for asked in site.asked if asked.path != "/robots.txt"] == [
                "secret-1"
            ] * 2, night.log
    assert len(seen) == 2
    assert not any("secret" in value for asked in seen for value in asked.headers.values())
    assert "cookie" not in next(asked for asked in seen if asked.path == "/s").headers


def gzip_bomb(megabytes: int) -> bytes:
    return gzip.compress(b"\0" * MIB) * megabytes


def deflate_bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj()
    head = packer.compress(b"\0" * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"\0" * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    # a block after a full flush stands by itself; the sum at the end is never reached
    return head + block * (megabytes - 1)


def brotli_bomb(megabytes: int) -> bytes:
    return bytes(brotli.compress(b"\0" * MIB * megabytes, quality=1))


def zstd_bomb(megabytes: int) -> bytes:
    return zstd.compress(b"\0" * MIB) * megabytes


BOMBS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "gzip": (gzip_bomb, 1024), "deflate": (deflate_bomb, 1024), "br": (brotli_bomb, 256), "zstd": (zstd_bomb, 1024),
}  # fmt: skip
"""Megabytes that each becomes. Brotli's has to be made in one piece."""


def test_four_bombs_cost_no_memory_and_no_article(tmp_path: Path) -> None:
    plain = {"/": list_page({"/a/1.html": TITLE}), "/a/1.html": article_page(TITLE)}
    (tmp_path / "plain").mkdir()
    with Site(plain) as site:
        usual = guarded_crawl(settings_file(tmp_path / "plain", [source("s", site.url())]))
    with Site({"/": list_page({f"/{coding}.html": TITLE + coding for coding in BOMBS})}) as site:
        for coding, (made, megabytes) in BOMBS.items():
            body = made(megabytes)
            assert len(body) < 8 * MIB
            site.routes[f"/{coding}.html"] = Answer(body, headers={"Content-Encoding": coding})
        night = guarded_crawl(settings_file(tmp_path, [source("s", site.url())]))
    assert (night.crawled.articles(), night.crawled.source("s")["failed"]) == ([], 4), night.crawled.log
    assert (night.peak_kb - usual.peak_kb) / 1024 < 64


def test_a_crawl_listens_on_no_port(tmp_path: Path) -> None:
    found: list[list[int]] = []
    with Site({"/": list_page({"/a/1.html": TITLE})}) as site:

        def look(_: Asked) -> Answer:
            found.append(listening_ports(process.pid))
            return Answer(article_page(TITLE))

        site.routes["/a/1.html"] = look
        with started(settings_file(tmp_path, [source("s", site.url())])) as process:
            process.communicate(timeout=60)
        import os

        # the look itself works: this process has the site's port
        assert int(site.netloc.rpartition(":")[2]) in listening_ports(os.getpid())
    assert found == [[]]


def test_telnet_and_remote_control_are_off() -> None:
    assert scrapy_settings.TELNETCONSOLE_ENABLED is False
    assert scrapy_settings.REMOTE_CONTROL_ENABLED is False


def test_behind_a_proxy_written_out_addresses_are_refused_and_the_proxy_itself_is_reached(tmp_path: Path) -> None:
    with Site({}, address=FRONT) as proxy:
        # a proxy is asked for whole addresses
        proxy.routes |= {
            "http://news.example/robots.txt": "",
            "http://news.example/": list_page({"http://10.0.0.1/x": TITLE}),
        }
        sources = [source("s", "http://news.example/", local_hosts=[], allowed_domains=["news.example", "10.0.0.1"])]
        night = guarded_crawl(
            settings_file(tmp_path, sources), more_environment={"http_proxy": f"http://{proxy.netloc}", "no_proxy": ""}
        )
        assert [asked.path for asked in proxy.asked] == ["http://news.example/robots.txt", "http://news.example/"]
    assert night.connected == [FRONT]
    assert "http://10.0.0.1/x leads into the own network" in night.crawled.log
