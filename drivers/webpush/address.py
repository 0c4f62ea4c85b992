"""A subscription as the browser gives it (PushSubscription.toJSON), which is the address of a notification.

Whoever subscribes chooses the address that we will write to: only known push services are written to.
"""

from datetime import datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from drivers.contract import N_, SendError
from drivers.loose import as_object, decode, part, real, text
from drivers.webpush.keys import CURVE, from_b64url

WRONG = N_("La suscripción del navegador no se puede leer. Active los avisos de nuevo en ese navegador.")
STRANGE = N_("El servicio de avisos %(host)s no está entre los permitidos de la conexión.")
GONE = N_("El navegador ya no recibe avisos: se desactivaron o la suscripción venció. Actívelos de nuevo.")
LONGEST = 8192


class Address(Struct, frozen=True):
    """Where to, and with what to seal."""

    origin: str
    target: str  # path and query: a secret, since who knows it may write
    public: bytes
    secret: bytes


def read(to: str, hosts: str, at: datetime) -> Address:
    """Raises SendError, always permanent."""
    given = as_object(decode(to.encode("utf-8", "replace"))) if len(to) <= LONGEST else {}
    ends = real(given, "expirationTime")
    if ends is not None and ends / 1000 < at.timestamp():
        raise SendError(True, "gone", GONE)
    origin, target = _endpoint(text(given, "endpoint"))
    if not allowed(origin, hosts):
        raise SendError(True, "host", STRANGE, host=urlsplit(origin).hostname or "")
    public, secret = _keys(text(part(given, "keys"), "p256dh"), text(part(given, "keys"), "auth"))
    return Address(origin, target, public, secret)


def _endpoint(url: str) -> tuple[str, str]:
    """Origin and target. Nobody's password, no odd letters."""
    try:
        parsed = urlsplit(url)
        port = f":{parsed.port}" if parsed.port else ""
    except ValueError as error:
        raise SendError(True, "address", WRONG) from error
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or not parsed.hostname or "@" in parsed.netloc or parsed.scheme not in ("http", "https"):
        raise SendError(True, "address", WRONG)
    target = (parsed.path or "/") + (f"?{parsed.query}" if parsed.query else "")
    return f"{parsed.scheme}://{parsed.hostname}{port}", target


def allowed(origin: str, hosts: str) -> bool:
    """A line is a host, `.name` for all hosts below a name, or a whole origin (for a relay or a test)."""
    for line in hosts.split():
        name = origin.removeprefix("https://")
        if origin == line or (name != origin and (name == line or (line.startswith(".") and name.endswith(line)))):
            return True
    return False


def _keys(public: str, secret: str) -> tuple[bytes, bytes]:
    """The browser's point on the curve and its 16 bytes (RFC 8291, 3.2)."""
    try:
        point, shared = from_b64url(public), from_b64url(secret)
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError as error:
        raise SendError(True, "address", WRONG) from error
    if len(shared) != 16 or len(point) != 65:
        raise SendError(True, "address", WRONG)
    return point, shared
