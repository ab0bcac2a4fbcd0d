"""Which addresses of the internet may be connected to. Pure; what is not known to be public is not public.

Python's ipaddress.is_global passes multicast, 64:ff9b::/96 and 2002::/16 (measured, 3.11), and what it says changes between
releases; so the registries stand here: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890).
"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

__all__ = ["is_public"]

_NOT_PUBLIC = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network, RFC 1122
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private, RFC 1918
        "100.64.0.0/10",  # carriers' translators, RFC 6598
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, the metadata services of clouds among them
        "192.0.0.0/24", "192.88.99.0/24",  # protocol assignments, 6to4 relays
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # documentation
        "198.18.0.0/15",  # benchmarking
        "224.0.0.0/4", "240.0.0.0/4",  # multicast; reserved, broadcast among them
    )
)  # fmt: skip

_UNICAST = IPv6Network("2000::/3")
"""All that IANA has given out of IPv6. Outside lie loopback, mapped (::ffff:0:0/96) and compatible forms, NAT64
(64:ff9b::/96, 64:ff9b:1::/48), local (fc00::/7, fe80::/10, fec0::/10) and multicast addresses."""

_NOT_PUBLIC_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo (2001::/32) and ORCHID among them
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4: an IPv4 address stands inside
    )
)  # fmt: skip

_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""The upper half of the interface part of a tunnel address, RFC 5214 §6.1: an IPv4 address is its lower half."""


def is_public(address: str) -> bool:
    """Is this the text of an IP address at which a public web server may stand? False for what is no address.

    >>> is_public("117.156.230.1"), is_public("10.0.0.1"), is_public("::ffff:117.156.230.1"), is_public("0x7f.1")
    (True, False, False, False)
    """
    try:
        if ":" not in address:
            four = IPv4Address(address)
            return not any(four in block for block in _NOT_PUBLIC)
        six = IPv6Address(address)
    except AddressValueError:
        return False
    if six.scope_id is not None or six not in _UNICAST or any(six in block for block in _NOT_PUBLIC_6):
        return False
    return (int(six) >> 32) & 0xFFFFFFFF not in _ISATAP
