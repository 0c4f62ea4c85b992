"""Where a browser may go: names that are allowed, and addresses that are not in somebody's house.

A name alone proves nothing (it may lead to 127.0.0.1, today or a second later), so both are checked, and the address
that was checked is the one that is connected to (guard.py).
"""

import ipaddress
import re
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
USUAL_PORTS = (80, 443)
NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\Z")


class Rules:
    """`hosts`: `crm.example`, `*.crm.example` (its subdomains), `crm.example:8443`. Without a port: 80 and 443.

    `private` lets named hosts be in private networks or on this machine. Raises ValueError naming a bad entry.
    """

    def __init__(self, hosts: Iterable[str], *, private: bool = False) -> None:
        self.private = private
        self._hosts = [_entry(h) for h in hosts if h.strip()]

    def name(self, host: str, port: int) -> bool:
        """Whether this name may be asked for at all."""
        asked = plain(host)
        return any(_matches(pattern, asked) and port in ports for pattern, ports in self._hosts)

    def address(self, ip: str) -> bool:
        """Whether a name may lead here."""
        found = unwrapped(ipaddress.ip_address(ip.partition("%")[0]))
        if found.is_unspecified or found.is_multicast:
            return False
        return self.private or (found.is_global and not found.is_reserved)

    def cookie(self, domain: str) -> bool:
        """Whether a cookie of this domain belongs to an allowed host."""
        bare = plain(domain.removeprefix("."))
        return any(p.removeprefix("*.") == bare or p.endswith("." + bare) or _matches(p, bare) for p, _ in self._hosts)


def _entry(text: str) -> tuple[str, tuple[int, ...]]:
    """`host[:port]` -> name, ports."""
    host, _, port = text.strip().rpartition(":") if re.search(r"[^:]:\d+\s*\Z", text) else (text.strip(), "", "")
    name = plain(host)
    if not (NAME.match(name) or is_address(name)):
        raise ValueError(text.strip())
    return name, (int(port),) if port else USUAL_PORTS


def plain(host: str) -> str:
    """One way to write a name: lower case, ASCII, no last dot, no brackets."""
    bare = host.strip().strip("[]").rstrip(".").lower()
    if bare.isascii():
        return bare
    try:
        return bare.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _matches(pattern: str, name: str) -> bool:
    if pattern.startswith("*."):
        return name.endswith(pattern[1:]) and len(name) > len(pattern) - 1
    return bool(name) and pattern == name


def is_address(name: str) -> bool:
    """Four numbers or an IPv6 address, as they are usually written; `0x7f.1` is left to the look-up."""
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def unwrapped(ip: Address) -> Address:
    """The IPv4 address that hides in an IPv6 one (mapped, NAT64, 6to4), as far as one does."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
