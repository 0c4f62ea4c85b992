"""The network's side of messages: what a centre writes and reads, kept apart from the driver's codec.

Septets go through text of zeros and ones here, as the standard draws them, not through the driver's arithmetic.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from drivers.gsm.pdu.address import encode_address
from drivers.gsm.pdu.coding import coding
from drivers.gsm.pdu.header import encode_header
from drivers.gsm.pdu.split import Body

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
MORE = dict(zip("\n\x14()/<=>¡e", "\f^{}\\[~]|€", strict=True))


class Sent(NamedTuple):
    """What a phone asked the centre to carry."""

    to: str
    text: str
    report: bool
    ref: int
    total: int
    seq: int
    validity: int | None
    dcs: int


def _bits(octets: bytes) -> str:
    return "".join(f"{octet:08b}"[::-1] for octet in octets)


def _septets(octets: bytes, skip_bits: int, count: int) -> list[int]:
    bits = _bits(octets)
    starts = range(skip_bits, skip_bits + 7 * count, 7)
    assert skip_bits + 7 * count <= len(bits), "the length announces more than there is"
    return [int(bits[at : at + 7][::-1], 2) for at in starts]


def read_gsm7(septets: list[int]) -> str:
    said, it = "", iter(septets)
    for code in it:
        said += MORE.get(BASIC[next(it)], "?") if code == 0x1B else BASIC[code]
    return said


def read_submit(line: str, length: int) -> Sent:
    """Strict: anything that a centre would not take is an AssertionError."""
    octets = bytes.fromhex(line)
    tpdu = octets[1 + octets[0] :]
    assert len(tpdu) == length, f"AT+CMGS announced {length} octets, {len(tpdu)} came"
    first, places, kind = tpdu[0], tpdu[2], tpdu[3]
    assert first & 3 == 1, "it is no SMS-SUBMIT"
    assert kind in (0x91, 0x81), "type of number"
    assert 1 <= places <= 20, "digits of the number"
    digits = "".join(f"{octet & 15:x}{octet >> 4:x}" for octet in tpdu[4 : 4 + (places + 1) // 2])
    assert len(digits) == places or digits[-1] == "f", "filler of an odd number"
    number = digits[:places].replace("a", "*").replace("b", "#")
    at = 4 + (places + 1) // 2
    dcs, validity = tpdu[at + 1], tpdu[at + 2] if first & 0x18 == 0x10 else None
    body = tpdu[at + 2 + (validity is not None) :]
    ref, total, seq, text = _content(body[0], body[1:], dcs, bool(first & 0x40))
    to = ("+" if kind == 0x91 else "") + number
    return Sent(to, text, bool(first & 0x20), ref, total, seq, validity, dcs)


def _content(length: int, data: bytes, dcs: int, has_header: bool) -> tuple[int, int, int, str]:
    assert len(data) <= 140, "more than 140 octets"
    head = data[0] + 1 if has_header else 0
    ref, total, seq = _concat(data[1:head])
    if dcs & 0x0C == 0x08:
        assert len(data) == length, "length of UCS-2 in octets"
        return ref, total, seq, data[head:].decode("utf-16-be")
    skip = -(-head * 8 // 7)
    assert len(data) == -(-length * 7 // 8), "length of septets"
    septets = _septets(data, skip * 7, length - skip)
    assert not septets or septets[-1] != 0x1B, "an escape was cut from its letter"
    return ref, total, seq, read_gsm7(septets)


def _concat(header: bytes) -> tuple[int, int, int]:
    if not header:
        return 0, 0, 0
    assert header[:2] in (b"\0\3", b"\x08\x04"), "parts are told first"
    size = header[1]
    return int.from_bytes(header[2 : size], "big"), header[size], header[size + 1]


def encode_stamp(at: datetime) -> bytes:
    """Seven octets; the zone is the one that `at` carries."""
    quarters = round((at.utcoffset() or timedelta()) / timedelta(minutes=15))
    fields = (at.year % 100, at.month, at.day, at.hour, at.minute, at.second, abs(quarters))
    octets = bytearray(value % 10 << 4 | value // 10 for value in fields)
    octets[6] |= 0x08 if quarters < 0 else 0
    return bytes(octets)


def deliver(sender: str, body: Body, at: datetime, kind: int | None = None, centre: str = "") -> str:
    """The line with which a modem hands over a part."""
    header = encode_header(body.header)
    first = 0x04 | (0x40 if header else 0)
    length = len(header) + len(body.data)
    octets = header + body.data
    if body.alphabet == "gsm7":
        skip = -(-len(header) * 8 // 7)
        bits = _bits(header).ljust(skip * 7, "0") + "".join(f"{septet:07b}"[::-1] for septet in body.data)
        bits += "0" * (-len(bits) % 8)
        octets = bytes(int(bits[at_ : at_ + 8][::-1], 2) for at_ in range(0, len(bits), 8))
        length = skip + len(body.data)
    whole = bytes((first,)) + encode_address(sender) + bytes((0, coding(body.alphabet, kind)))
    return (centre or "00") + (whole + encode_stamp(at) + bytes((length,)) + octets).hex().upper()


def report(ref: int, to: str, status: int, at: datetime) -> str:
    """A status report without a centre's address in front."""
    stamp = encode_stamp(at)
    return (bytes((0x06, ref)) + encode_address(to) + stamp + stamp + bytes((status,))).hex().upper()
