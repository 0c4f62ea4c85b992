"""A push service and the browsers behind it, over a real socket: it judges headers and token, they open what is sealed.

The opening is written from RFC 8291 and 8188 with plain HKDF and AES-GCM, apart from the library that seals.
"""

import base64
import contextlib
import json
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.drivers.peers.wire import Asked, Reply, Wire, serving

UNCOMPRESSED = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def enc(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def dec(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def hkdf(salt: bytes, key: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(key)


@dataclass
class Browser:
    """One subscription. `server` is the applicationServerKey that it was made with; `shown` by tag, as pages do it."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    name: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    server: str = ""
    gone: bool = False
    shown: dict[str, Any] = field(default_factory=dict)
    came: int = 0

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(*UNCOMPRESSED)

    def open(self, body: bytes) -> bytes:
        """RFC 8188, 2: salt (16), record size (4), length of the sender's key (1), the key, one record."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert length == 65
        assert 18 <= len(record) <= size
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.private.exchange(ec.ECDH(), point)
        key = hkdf(self.secret, shared, b"WebPush: info\0" + self.public + theirs, 32)
        cek = hkdf(salt, key, b"Content-Encoding: aes128gcm\0", 16)
        nonce = hkdf(salt, key, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(cek).decrypt(nonce, record, None).rstrip(b"\0")
        assert plain.endswith(b"\2"), "the last record ends with 2"
        return plain[:-1]


class PushService:
    """`refuse` answers the next push instead."""

    def __init__(self) -> None:
        self.browsers: dict[str, Browser] = {}
        self.refuse: Reply | None = None
        self.headers: list[Mapping[str, str]] = []
        self.wire: Wire

    @property
    def url(self) -> str:
        return self.wire.url

    def subscribe(self, server: str = "", **more: Any) -> tuple[Browser, str]:
        """A browser and its subscription, as it would send it to the page."""
        browser = Browser(server=server, **more)
        self.browsers[f"/push/{browser.name}"] = browser
        return browser, self.subscription(browser)

    def subscription(self, browser: Browser) -> str:
        keys = {"p256dh": enc(browser.public), "auth": enc(browser.secret)}
        return json.dumps({"endpoint": f"{self.url}/push/{browser.name}", "expirationTime": None, "keys": keys})

    def handle(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply(404)
        assert asked.method == "POST"
        self._judge(asked.headers)
        browser = self.browsers.get(asked.path)
        if self.refuse is not None:
            refused, self.refuse = self.refuse, None
            return refused
        if browser is None or browser.gone:
            return Reply(410)
        if not self._knows(asked.headers["authorization"], browser):
            return Reply(403)
        if len(asked.body) > 4096:
            return Reply(413)
        shown = json.loads(browser.open(asked.body))
        browser.came += 1
        browser.shown[shown["tag"]] = shown
        return Reply(201, headers={"Location": f"{self.url}/message/{browser.came}"})

    def _judge(self, headers: Mapping[str, str]) -> None:
        """RFC 8030, 5.2 to 5.4."""
        self.headers.append(headers)
        assert headers["content-encoding"] == "aes128gcm"
        assert 0 <= int(headers["ttl"]) <= 2_419_200
        assert headers["urgency"] in ("very-low", "low", "normal", "high")
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers["topic"])

    def _knows(self, authorization: str, browser: Browser) -> bool:
        """RFC 8292, 2 and 3: a fresh token for this origin, signed with the key that the browser knows."""
        found = re.fullmatch(r"vapid t=([^,]+), k=([A-Za-z0-9_-]+)", authorization)
        assert found, authorization
        token, key = found.groups()
        if browser.server and browser.server != key:
            return False
        public: Any = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), dec(key))
        claims = jwt.decode(token, public, algorithms=["ES256"], audience=self.url, options={"require": ["exp", "sub"]})
        assert claims["sub"].startswith(("mailto:", "https:"))
        assert claims["exp"] - datetime.now(UTC).timestamp() <= 86_400
        return True


@contextlib.asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    made = PushService()
    async with serving(made.handle) as wire:
        made.wire = wire
        yield made
