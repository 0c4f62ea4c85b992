"""Septets packed into octets and back (3GPP TS 23.038, 6.1.2.1), all lanes of a big integer at once."""

LANES = 32  # of 8 septets: more than the 255 that a message can announce


def _lanes(low_bits: int, width: int) -> int:
    """A mask of `low_bits` ones at the foot of each lane of `width` bits."""
    return int.from_bytes(((1 << low_bits) - 1).to_bytes(width // 8, "little") * (LANES * 64 // width), "little")


LOW7, LOW14, LOW28 = _lanes(7, 16), _lanes(14, 32), _lanes(28, 64)


def pack(septets: bytes, fill: int = 0) -> bytes:
    """`fill` bits come first: what is missing to a whole septet behind a header."""
    lanes = -(-len(septets) // 8)
    x = int.from_bytes(septets, "little")
    x = (x & LOW7) | (x >> 8 & LOW7) << 7
    x = (x & LOW14) | (x >> 16 & LOW14) << 14
    x = (x & LOW28) | (x >> 32 & LOW28) << 28
    packed = bytearray(x.to_bytes(lanes * 8, "little"))
    del packed[7::8]
    octets = -(-(len(septets) * 7 + fill) // 8)
    if not fill:
        return bytes(packed[:octets])
    return (int.from_bytes(packed, "little") << fill).to_bytes(lanes * 7 + 1, "little")[:octets]


def unpack(octets: bytes, count: int, fill: int = 0) -> bytes:
    """`count` septets, one an octet; fewer when the octets do not reach."""
    count = max(0, min(count, (len(octets) * 8 - fill) // 7))
    lanes = -(-count // 8)
    packed = (int.from_bytes(octets, "little") >> fill & (1 << lanes * 56) - 1).to_bytes(lanes * 7, "little")
    spread = bytearray(lanes * 8)
    for at in range(7):
        spread[at::8] = packed[at::7]
    x = int.from_bytes(spread, "little")
    x = (x & LOW28) | (x >> 28 & LOW28) << 32
    x = (x & LOW14) | (x >> 14 & LOW14) << 16
    x = (x & LOW7) | (x >> 7 & LOW7) << 8
    return x.to_bytes(lanes * 8, "little")[:count]
