"""USSD as modems write it: readable, UCS-2 in hexadecimal, or packed septets in hexadecimal (3GPP TS 23.038, 5)."""

import re
from typing import Literal

import msgspec

from drivers.gsm.pdu.alphabet import from_septets, to_septets
from drivers.gsm.pdu.septets import pack, unpack

Way = Literal["text", "gsm", "ucs2", "packed"]
ANSWER = re.compile(r'\+CUSD:\s*(\d)\s*(?:,\s*"?(.*?)"?\s*(?:,\s*(\d+)\s*)?)?$', re.DOTALL)
HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})+")
PADDING = 0x0D  # fills the last septet of seven, which would read as @


class Said(msgspec.Struct, frozen=True):
    """`state`: 0 done, 1 it waits for an answer, 2 ended by the network, 3 another client, 4 not supported, 5 late."""

    state: int
    text: str = ""

    @property
    def more(self) -> bool:
        return self.state == 1


def encode(text: str, way: Way) -> str:
    """What stands between the quotes of AT+CUSD."""
    if way == "ucs2":
        return text.encode("utf-16-be").hex().upper()
    if way == "packed":
        septets = to_septets(text) or b""
        return pack(septets + bytes((PADDING,)) * (len(septets) % 8 == 7)).hex().upper()
    return text


def decode(line: str, way: Way) -> Said:
    """Of a +CUSD line; anything else is an answer without words."""
    found = ANSWER.match(line)
    if not found:
        return Said(4)
    return Said(int(found[1]), _text(found[2] or "", number_of(found[3]), way).strip("\0\r\n "))


def number_of(text: str | None) -> int:
    return int(text[:3]) & 0xFF if text else 0x0F


def _text(said: str, dcs: int, way: Way) -> str:
    if HEXADECIMAL.fullmatch(said):
        octets = bytes.fromhex(said)
        if len(octets) % 2 == 0 and (is_ucs2(dcs) or _looks_ucs2(octets)):
            return octets.decode("utf-16-be", "replace")
        if way == "packed":
            return from_septets(_septets(octets))
    if way == "gsm":
        return from_septets(bytes(ord(char) & 0x7F for char in said))
    return said


def _septets(octets: bytes) -> bytes:
    septets = unpack(octets, len(octets) * 8 // 7)
    return septets.rstrip(b"\r") if len(septets) % 8 == 0 else septets


def is_ucs2(dcs: int) -> bool:
    """Data coding of the broadcast kind, which USSD uses (23.038, 5)."""
    group = dcs >> 4
    return dcs == 0x11 or (4 <= group <= 7 and dcs & 0x0C == 0x08)


def _looks_ucs2(octets: bytes) -> bool:
    """Modems that write UCS-2 also say another coding. Readable text has a zero in most high octets."""
    high = octets[::2]
    return high.count(0) * 2 > len(high) and all(code in (0, 1, 2, 0x20, 0x21, 0x22, 0xD8, 0xDC) for code in high)
