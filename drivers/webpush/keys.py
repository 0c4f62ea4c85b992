"""The pair of keys that tells push services who we are, and the token made with it (VAPID, RFC 8292)."""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

CURVE = ec.SECP256R1()
VALID = timedelta(hours=12)  # at most 24 h (RFC 8292, 2)
RENEW = timedelta(hours=6)


def b64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_b64url(value: str) -> bytes:
    """Raises ValueError. Padding may be there or not; the other alphabet is read too."""
    value = value.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


class Keys:
    """A P-256 pair. `public` is what a browser takes as applicationServerKey."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.private = private
        self.public = b64url(private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint))  # fmt: skip
        self._tokens: dict[str, tuple[datetime, str]] = {}

    @classmethod
    def new(cls) -> "Keys":
        return cls(ec.generate_private_key(CURVE))

    @classmethod
    def read(cls, text: str) -> "Keys":
        """PEM, or the 32 bytes of the number in base64url, as tools print it. Raises ValueError."""
        if "-----BEGIN" not in text:
            return cls(_of_number(from_b64url(text)))
        try:
            found: Any = serialization.load_pem_private_key(text.strip().encode(), None)
        except (TypeError, UnsupportedAlgorithm) as error:
            raise ValueError("a locked or strange key") from error
        if not isinstance(found, ec.EllipticCurvePrivateKey) or found.curve.name != CURVE.name:
            raise ValueError("not a key of the curve P-256")
        return cls(found)

    def write(self) -> str:
        return b64url(self.private.private_numbers().private_value.to_bytes(32, "big"))

    def authorization(self, origin: str, subject: str, at: datetime) -> str:
        """The header for one push service; a token serves for hours."""
        made, token = self._tokens.get(origin, (at - VALID, ""))
        if not token or not timedelta(0) <= at - made < RENEW:
            claims = {"aud": origin, "exp": int((at + VALID).timestamp()), "sub": subject}
            token = jwt.encode(claims, self.private, algorithm="ES256")
            self._tokens[origin] = at, token
        return f"vapid t={token}, k={self.public}"


def _of_number(value: bytes) -> ec.EllipticCurvePrivateKey:
    if len(value) != 32:
        raise ValueError("a private key has 32 bytes")
    return ec.derive_private_key(int.from_bytes(value, "big"), CURVE)
