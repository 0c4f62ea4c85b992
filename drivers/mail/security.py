"""TLS as a mailbox needs it, and the rule that a password never travels in the clear beyond this machine."""

import ipaddress
import ssl
from functools import lru_cache

from drivers.contract import N_, NeedsHuman
from drivers.mail.settings import MailSettings, Security

IN_THE_CLEAR = N_("La contraseña viajaría sin cifrar por la red.")
CIPHER_STEPS = N_(
    "Elija TLS o STARTTLS en el cifrado.\n«Sin cifrar» sirve solo para un servidor en esta misma máquina."
)
BAD_CERTIFICATE = N_("El certificado propio que se pegó no se entiende.")
CERTIFICATE_STEPS = N_("Pegue el certificado completo, desde -----BEGIN CERTIFICATE----- hasta el final.")


def context(settings: MailSettings) -> ssl.SSLContext:
    """Verifies names and certificates. Raises NeedsHuman when the pasted one is no certificate."""
    return _context(settings.certificate.strip())


@lru_cache(maxsize=8)
def _context(certificate: str) -> ssl.SSLContext:
    """Kept: reading the system's certificates takes longer than sending a letter."""
    made = ssl.create_default_context()
    try:
        if certificate:
            made.load_verify_locations(cadata=certificate)
    except (ssl.SSLError, ValueError) as error:
        raise NeedsHuman(BAD_CERTIFICATE, CERTIFICATE_STEPS) from error
    return made


def guard(host: str, security: Security) -> None:
    """Raises NeedsHuman where the settings would send secrets in the clear."""
    if security == "plain" and not is_loopback(host):
        raise NeedsHuman(IN_THE_CLEAR, CIPHER_STEPS)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
