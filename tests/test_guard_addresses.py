"""Which addresses are public. The list of forms is the one that test_guard.py puts before a real crawl."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.addresses import is_public

NOT_PUBLIC = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "100.127.255.255", "169.254.169.254", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:117.156.230.1", "::127.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:20::1", "2001:db8::1", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "100::1", "5f00::1", "2400:da00::5efe:7f00:1",
    "2400:da00::200:5efe:a00:1", "", "localhost", "0x7f.1", "2130706433", "127.1", "0177.0.0.1", "1.2.3.4.5", "٨.٨.٨.٨",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_no_public_server_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["117.156.230.1", "1.1.1.1", "223.255.255.254", "172.32.0.1", "100.128.0.1", "198.20.0.1",
                                     "2400:da00::1", "2001:4860:4860::8888", "2606:4700::1111", "240e::1"])  # fmt: skip
def test_an_address_of_a_public_server_passes(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_no_ipv4_address_is_public_here_that_is_private_elsewhere(number: int) -> None:
    address = ipaddress.IPv4Address(number)
    assert not (is_public(str(address)) and (not address.is_global or address.is_multicast))


@given(st.integers(0, 2**128 - 1))
def test_no_ipv6_address_is_public_here_that_is_private_elsewhere(number: int) -> None:
    address = ipaddress.IPv6Address(number)
    assert not (is_public(str(address)) and (not address.is_global or address.ipv4_mapped or address.sixtofour))


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert is_public(text) in (True, False)
