"""An address as an envelope can carry it; anything else is refused before it reaches a server (RFC 5321, 4.1.2)."""

import re

from drivers.contract import N_, SendError

BAD = N_("«%(address)s» no es una dirección de correo. Revísela.")
NOBODY = N_("El mensaje no tiene destinatario.")
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
DOMAIN = re.compile(rf"(?=.{{1,253}}\Z)(?:{LABEL}\.)*{LABEL}")
SHOWN = 60


def envelope(address: str) -> str:
    """The domain in ASCII (IDNA). Raises SendError."""
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        at = ""
    if not at or len(local) > 64 or not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain):
        raise SendError(True, "address", BAD, address=address.strip()[:SHOWN])
    return f"{local}@{domain}"


def several(*addresses: str) -> tuple[str, ...]:
    """Each once, in order; one field may hold several, divided by commas or semicolons."""
    said = [one for field in addresses for one in re.split(r"[,;]", field) if one.strip()]
    return tuple(dict.fromkeys(envelope(one) for one in said))
