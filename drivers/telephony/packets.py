"""The Asterisk Manager Interface on the wire: lines `Key: value` ended by CRLF, an empty line ends a packet.

Keys are told apart without regard to case; several lines may share one (Variable, Output, ChanVariable); values may
hold ": ". The first line of a connection is a greeting, `Asterisk Call Manager/5.0.2`.
"""

import re
from collections.abc import Iterable, Iterator

END = b"\r\n\r\n"
PACKET_MAX = 1 << 20  # bytes without an end: this is no manager interface
VALUE_MAX = 900  # Asterisk reads lines into 1,025 bytes and silently cuts the rest off
KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,79}\Z")
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")  # what anybody could take for the end of a line
GREETING = re.compile(rb"Asterisk Call Manager/(\d+)[.\d]*\s*\Z")


class Garbled(Exception):
    """What comes is not the manager interface."""


class Packet:
    """One packet: `packet["event"]` is the first value of a key, "" when there is none; `all` gives every one."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: dict[str, list[str]]) -> None:
        self.pairs = pairs

    def __getitem__(self, key: str) -> str:
        values = self.pairs.get(key)
        return values[0] if values else ""

    def __contains__(self, key: str) -> bool:
        return key in self.pairs

    def all(self, key: str) -> list[str]:
        return self.pairs.get(key, [])

    def __repr__(self) -> str:
        return f"<{self['event'] or self['response'] or 'empty'}>"  # no numbers in a log


def parse(block: bytes) -> Packet:
    """One packet without its end. Never raises: a line that is none is left out."""
    pairs: dict[str, list[str]] = {}
    for line in block.decode("utf-8", "replace").split("\r\n"):
        key, colon, value = line.partition(":")
        if colon:
            pairs.setdefault(key.strip().lower(), []).append(value.removeprefix(" "))
    return Packet(pairs)


class Decoder:
    """Bytes in, in pieces of any size; packets out. Raises Garbled when a packet has no end."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Packet]:
        *blocks, self._rest = (self._rest + data).split(END)
        if len(self._rest) > PACKET_MAX:
            raise Garbled
        for block in blocks:
            yield parse(block)


def encode(action: str, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """One action as bytes. Raises ValueError for anything that could become a second line or be cut off."""
    lines = [f"{_key(key)}: {_value(value)}" for key, value in (("Action", action), *headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _key(key: str) -> str:
    if not KEY.match(key):
        raise ValueError("not a header's name")
    return key


def _value(value: str) -> str:
    if BREAKS.search(value):
        raise ValueError("a header's value holds a control character")
    if len(value.encode()) > VALUE_MAX:
        raise ValueError("a header's value is too long")
    return value


def version(greeting: bytes) -> int:
    """The interface's major version: 2 came with Asterisk 12. Raises Garbled when somebody else greets."""
    found = GREETING.match(greeting)
    if not found:
        raise Garbled
    return int(found[1])
