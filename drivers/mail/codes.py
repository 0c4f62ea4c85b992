"""What a reply or status code of mail means to a person (RFC 5321, 4.2; RFC 3463)."""

import re

from drivers.contract import N_

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")

NO_ADDRESS = N_("La dirección no existe. Revísela con la persona.")
NO_DOMAIN = N_("El dominio de la dirección no existe o no recibe correo. Revise lo que sigue a la arroba.")
FULL = N_("El buzón del destinatario está lleno.")
CLOSED = N_("El buzón del destinatario está desactivado.")
TOO_BIG = N_("El mensaje es demasiado grande para el servidor. Quite o reduzca los archivos.")
DENIED = N_("El servidor del destinatario rechazó el mensaje por sus reglas (por ejemplo, contra el spam).")
EXPIRED = N_("No se pudo entregar a tiempo: el servidor del destinatario no respondió.")
LOOP = N_("El mensaje daba vueltas entre servidores y se descartó.")
STILL_TRYING = N_("Todavía no se entrega; el servidor de correo lo sigue intentando.")
REFUSED = N_("El servidor del destinatario no aceptó el mensaje.")
LATER = N_("El servidor pide esperar. Se intentará de nuevo.")

KNOWN = {
    "1.0": NO_ADDRESS, "1.1": NO_ADDRESS, "1.6": NO_ADDRESS, "1.10": NO_ADDRESS, "1.3": NO_ADDRESS, "1.2": NO_DOMAIN,
    "4.4": NO_DOMAIN, "2.1": CLOSED, "2.2": FULL, "3.1": FULL, "2.3": TOO_BIG, "3.4": TOO_BIG, "4.7": EXPIRED,
    "4.1": EXPIRED, "4.6": LOOP,
}  # fmt: skip


def enhanced(text: str) -> str:
    """`5.1.1` out of a server's sentence; empty when it names none."""
    found = ENHANCED.search(text)
    return found[0] if found else ""


def sentence(code: str, otherwise: str) -> str:
    """Of an enhanced code; `otherwise` where it says nothing that we know."""
    _class, _, detail = code.partition(".")
    return DENIED if detail.startswith("7.") else KNOWN.get(detail, otherwise)
