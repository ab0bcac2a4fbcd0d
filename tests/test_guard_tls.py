"""Certificates are verified, with exceptions per host."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.crawls import settings_file, source
from tests.guarded_crawl import guarded_crawl
from tests.web_server import Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"


def certificate(folder: Path, *names: x509.GeneralName, days: int = 30) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days)).add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": list_page({"/a/1.html": TITLE}), "/a/1.html": article_page(TITLE)}) as site:
        yield site


def secure(site: Site, paths: tuple[Path, Path]) -> str:
    """Let the site speak TLS; its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*paths)
    site.wrap(context)
    return site.url().replace("http:", "https:")


HERE = x509.IPAddress(ip_address("127.0.0.1"))
ELSEWHERE = x509.DNSName("elsewhere.example")


@pytest.mark.parametrize(
    ("name", "days", "is_trusted", "unverified", "articles"),
    [
        (HERE, 30, True, "", 1),
        (HERE, 30, False, "", 0),
        (HERE, -1, True, "", 0),
        (ELSEWHERE, 30, True, "", 0),
        (HERE, 30, False, "127.0.0.1", 1),
        (HERE, -1, False, "127.0.0.1", 1),
        (ELSEWHERE, 30, False, "127.0.0.1", 1),
        (HERE, 30, False, "other.example", 0),
    ],
    ids=["good", "unknown issuer", "expired", "other host", "excepted", "expired, excepted", "other host, excepted", "another excepted"],
)  # fmt: skip
def test_a_certificate_counts_unless_its_host_is_excepted(
    tmp_path: Path, site: Site, *, name: x509.GeneralName, days: int, is_trusted: bool, unverified: str, articles: int
) -> None:
    paths = certificate(tmp_path, name, days=days)
    url = secure(site, paths)
    fetch = f'unverified_hosts = ["{unverified}"]' if unverified else ""
    trusted = {"SSL_CERT_FILE": str(paths[0])} if is_trusted else {}
    night = guarded_crawl(settings_file(tmp_path, [source("s", url)], fetch=fetch), more_environment=trusted)
    assert len(night.crawled.articles()) == articles, night.crawled.log
