"""Links that open the softphone of whoever clicks: tel: (RFC 3966), sip: (RFC 3261 19.1), callto:.

The number is all that varies, and it can hold nothing but a number: no script, no parameter, no second address.
"""

import re
from ipaddress import AddressValueError, IPv6Address
from typing import Literal

Scheme = Literal["tel", "sip", "callto"]
SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015\u202a-\u202e\u2066-\u2069]")  # also the invisible ones of copied text
DIALLED = re.compile(r"\+?[0-9*#]{1,40}\Z")
HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*(:[1-9]\d{0,4})?\Z")
BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](:[1-9]\d{0,4})?\Z")


def dialled(number: str) -> str:
    """What a telephone dials: digits, *, # and a leading +. Raises ValueError for anything else."""
    bare = SEPARATORS.sub("", number)
    if not DIALLED.match(bare) or not any(c.isdigit() for c in bare):
        raise ValueError("not a telephone number")
    return bare


def prefixed(prefix: str, number: str) -> str:
    """With the exchange's prefix for outside lines; an international + gives way to it as 00 does."""
    return prefix + (number.replace("+", "00", 1) if prefix and number.startswith("+") else number)


def link(number: str, scheme: Scheme = "tel", domain: str = "") -> str:
    """`tel:+50680000001` or `sip:+50680000001@pbx.example;user=phone`. Raises ValueError."""
    bare = dialled(number).replace("#", "%23")  # RFC 3986: a bare # would end the address
    if scheme != "sip":
        return f"{scheme}:{bare}"
    if not is_host(domain):
        raise ValueError("not a domain")
    return f"sip:{bare}@{domain};user=phone"


def is_host(domain: str) -> bool:
    """A name or an address, with or without a port."""
    if domain.startswith("["):
        return _is_ipv6(domain)
    return len(domain) <= 253 and bool(HOST.match(domain))


def _is_ipv6(domain: str) -> bool:
    found = BRACKETED.match(domain)
    try:
        return bool(found and IPv6Address(found[1]))
    except AddressValueError:
        return False
