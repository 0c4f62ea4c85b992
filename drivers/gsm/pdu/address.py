"""Addresses of messages: numbers in swapped half octets, names in septets (3GPP TS 23.040, 9.1.2.5)."""

import re

from drivers.gsm.pdu.alphabet import from_septets, to_septets
from drivers.gsm.pdu.octets import Malformed, Reader
from drivers.gsm.pdu.septets import pack, unpack

INTERNATIONAL, NATIONAL, ALPHANUMERIC = 0x91, 0x81, 0xD0
DIGITS = "0123456789*#abc"
NUMBER = re.compile(r"\+?[0-9*#abc]{1,20}")
SWAPPED = bytes(octet >> 4 | octet << 4 & 0xF0 for octet in range(256))
CODES = {char: "0123456789abcde"[at] for at, char in enumerate(DIGITS)}
TO_CODES, FROM_CODES = str.maketrans(CODES), str.maketrans({code: char for char, code in CODES.items()})


def is_number(text: str) -> bool:
    """Can it be dialled: +, digits, * and #, up to 20 places."""
    return NUMBER.fullmatch(text) is not None


def encode_address(address: str) -> bytes:
    """Length, type and value. What is no number goes as a name of up to 11 letters. Raises Malformed."""
    if is_number(address):
        digits = address.removeprefix("+")
        return bytes((len(digits), _type_of(address))) + half_octets(digits)
    septets = to_septets(address)
    if not septets or len(septets) > 11:
        raise Malformed("no number and no name")
    return bytes((-(-len(septets) * 7 // 4), ALPHANUMERIC)) + pack(septets)


def encode_centre(number: str) -> bytes:
    """A service centre's address, which counts octets; "" is the one on the SIM."""
    if not number:
        return b"\0"
    value = half_octets(number.removeprefix("+"))
    return bytes((len(value) + 1, _type_of(number))) + value


def _type_of(number: str) -> int:
    return INTERNATIONAL if number.startswith("+") else NATIONAL


def half_octets(digits: str) -> bytes:
    coded = digits.translate(TO_CODES) + "f" * (len(digits) % 2)
    return bytes.fromhex(coded).translate(SWAPPED)


def read_address(reader: Reader) -> str:
    """A number, with + when it is international, or a name."""
    places, kind = reader.octet(), reader.octet()
    value = reader.take((places + 1) // 2)
    if kind & 0x70 == 0x50:
        return from_septets(unpack(value, places * 4 // 7))
    return _plus(kind) + digits_of(value)[:places]


def read_centre(reader: Reader) -> str:
    """A service centre's number, or ""."""
    length = reader.octet()
    if not length:
        return ""
    kind = reader.octet()
    return _plus(kind) + digits_of(reader.take(length - 1))


def _plus(kind: int) -> str:
    return "+" if kind & 0x70 == 0x10 else ""


def digits_of(value: bytes) -> str:
    return value.translate(SWAPPED).hex().rstrip("f").replace("f", "").translate(FROM_CODES)
