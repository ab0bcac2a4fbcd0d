"""The guard in real crawls: whatever way an address of the own network comes in, nothing connects to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.crawls import settings_file, source
from tests.guarded_crawl import Guarded, guarded_crawl
from tests.web_server import Answer, Asked, Site, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"

SPELLINGS = [
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1",
    "017700000001", "127.0.0.01", "127.000.000.001", "0x7f.0x0.0x0.0x1", "0", "0.0.0.0", "00000177.1", "127.0.0.1.",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[fe80::1]",
    "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[fec0::1]", "[::ffff:0:127.0.0.1]",
    "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1",
    "255.255.255.255", "240.0.0.1", "１２７.０.０.１", "①②⑦.0.0.1", "127。0。0。1",
]  # fmt: skip
"""Addresses as a link may spell them."""

NAMES = {
    "localhost": ["127.0.0.1"], "localhost.": ["127.0.0.1"], "LOCALHOST": ["127.0.0.1"], "me.example": ["127.0.0.1"],
    "ten.example": ["10.0.0.1"], "cgnat.example": ["100.64.0.9"], "meta.example": ["169.254.169.254"],
    "zero.example": ["0.0.0.0"], "cast.example": ["224.0.0.1"], "127.0.0.1.nip.example": ["127.0.0.1"],
    "user@me.example": ["127.0.0.1"], "127.0.0.1@me.example": ["127.0.0.1"],
}  # fmt: skip
"""Names that point into the own network."""

FORMS = SPELLINGS + list(NAMES)


def resolving() -> dict[str, list[str]]:
    names = {name.rpartition("@")[2]: addresses for name, addresses in NAMES.items()}
    return names | {name.lower().rstrip("."): addresses for name, addresses in names.items()}


def host(form: str) -> str:
    return form.rpartition("@")[2].strip("[]").replace("%25", "%").lower().rstrip(".")


def test_there_are_sixty_forms() -> None:
    assert len(set(FORMS)) >= 60


FRONT = "127.0.0.77"
"""Counts as public in these crawls: the address of the sites that lead astray."""


@pytest.fixture(scope="module")
def canary() -> Iterator[Site]:
    """Must never be asked. It has all that is looked for, robots.txt included."""
    page = list_page({"/a/1.html": TITLE})
    with Site(dict.fromkeys(("/direct", "/redirect", "/meta"), page)) as site:
        yield site


@pytest.fixture(scope="module")
def night(canary: Site, tmp_path_factory: pytest.TempPathFactory) -> Guarded:
    """One crawl: for every form a source that goes there itself, one that is redirected, one that is sent by meta refresh,
    one whose robots.txt is redirected there."""
    port = canary.netloc.rpartition(":")[2]
    names = resolving() | {"public.example": [FRONT]}
    sources = []
    with Site(robots=lambda asked: _robots(asked, port), address=FRONT) as front:
        front_port = front.netloc.rpartition(":")[2]
        for number, form in enumerate(FORMS):
            names[f"r{number}.example"] = [FRONT]
            # the domains allow all of it, so that the guard alone is asked
            domains: dict[str, Any] = {"allowed_domains": ["example", host(form)], "local_hosts": []}
            front.routes[f"/redirect{number}"] = Answer("", 302, {"Location": f"http://{form}:{port}/redirect".encode()
                                                                  .decode("latin-1")})  # fmt: skip
            front.routes[f"/meta{number}"] = (
                '<html><head><meta charset="utf-8"><meta http-equiv="refresh" '
                f'content="0; url=http://{form}:{port}/meta"></head><body>x</body></html>'
            )
            ways = {"direct": f"http://{form}:{port}/direct", "redirect": f"http://public.example:{front_port}/redirect{number}",
                    "meta": f"http://public.example:{front_port}/meta{number}",
                    "robots": f"http://r{number}.example:{front_port}/list"}  # fmt: skip
            sources += [source(f"{way}{number}", entry, **domains) for way, entry in ways.items()]
        folder = tmp_path_factory.mktemp("guard")
        return guarded_crawl(settings_file(folder, sources), names=names, public=[FRONT])


def _robots(asked: Asked, port: str) -> Answer:
    """Of public.example nothing is forbidden; that of r<number>.example stands at the form of that number."""
    name = asked.headers["host"].partition(":")[0]
    if name == "public.example":
        return Answer("")
    form = FORMS[int(name[1:].partition(".")[0])]
    return Answer("", 302, {"Location": f"http://{form}:{port}/robots.txt".encode().decode("latin-1")})


def test_no_form_reaches_the_canary_on_any_way(night: Guarded, canary: Site) -> None:
    assert night.crawled.code == 0, night.crawled.log
    assert canary.asked == []
    assert set(night.connected) == {FRONT}


def test_every_source_that_leads_astray_is_told(night: Guarded) -> None:
    ended = {event["id"]: event for event in night.crawled.events if event["event"] == "source"}
    assert len(ended) == 4 * len(FORMS)
    assert {event["state"] for event in ended.values()} == {"failed"}
    assert sum("leads into the own network" in line for line in night.crawled.log.splitlines()) >= 3 * len(FORMS)
