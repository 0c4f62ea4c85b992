"""A mail office for one test: an IMAP and an SMTP peer, and a driver set to them."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from drivers.contract import Outbound
from drivers.mail.driver import MailDriver
from drivers.mail.settings import MailSettings
from tests.drivers.peers.imap import ImapPeer
from tests.drivers.peers.imap_talk import PASSWORD, USER
from tests.drivers.peers.smtp import SmtpPeer

QUICK: dict[str, Any] = {"patience_s": 10.0, "final_patience_s": 10.0, "poll_s": 0.05, "idle_s": 5.0}


@cache
def certificate() -> tuple[bytes, bytes]:
    """(certificate, key) in PEM for localhost, made once."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30)).add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private


@cache
def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_bytes(b"".join(certificate()))
        context.load_cert_chain(file)
    return context


@dataclass
class MailOffice:
    """Both peers and what a driver needs to know of them."""

    imap: ImapPeer = field(default_factory=ImapPeer)
    smtp: SmtpPeer = field(default_factory=SmtpPeer)

    def settings(self, **more: Any) -> MailSettings:
        given: dict[str, Any] = {
            "address": USER, "name": "Ventas", "password": PASSWORD, "imap_host": "127.0.0.1", "smtp_host": "127.0.0.1",
            "imap_port": self.imap.port, "smtp_port": self.smtp.port, "certificate": certificate()[0].decode(),
            "imap_security": "plain", "smtp_security": "plain",
        }  # fmt: skip
        return MailSettings(**(given | QUICK | more))

    def driver(self, **more: Any) -> MailDriver:
        return MailDriver(self.settings(**more))

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["MailOffice"]:
        async with self.imap.serving(), self.smtp.serving():
            yield self
        assert self.imap.nonsense == []
        assert self.smtp.nonsense == []


@pytest.fixture
async def mail() -> AsyncIterator[MailOffice]:
    async with MailOffice().serving() as office:
        yield office


async def until(true: Callable[[], object]) -> None:
    while not true():  # noqa: ASYNC110 (the peer's state has no event of its own)
        await asyncio.sleep(0.005)


def hello(key: str = "k1", **more: Any) -> Outbound:
    given: dict[str, Any] = {"channel": "email", "to": "ana@cliente.example", "subject": "Hola", "text": "Buenos días."}
    return Outbound(key=key, **(given | more))


def mail_from(sender: str = "ana@cliente.example", nth: int = 1, **headers: str) -> bytes:
    """A small honest message."""
    given = {
        "From": f"Ana <{sender}>", "To": USER, "Subject": f"Consulta {nth}", "Message-ID": f"<m{nth}@cliente.example>",
        "Date": "Thu, 26 Nov 2026 10:00:00 -0600",
    } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
    return "".join(f"{name}: {value}\r\n" for name, value in given.items()).encode() + b"\r\nBuenas.\r\n"
