"""The header inside a message's text: parts, ports, language (3GPP TS 23.040, 9.2.3.24)."""

import msgspec

CONCAT8, PORTS8, PORTS16, CONCAT16, SINGLE_SHIFT = 0x00, 0x04, 0x05, 0x08, 0x24


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """`total` 0: not one of several. `ports` (to, from): for an application, not for a person."""

    ref: int = 0
    total: int = 0
    seq: int = 0
    wide: bool = False  # 16-bit reference
    ports: tuple[int, int] | None = None
    language: int = 0


def decode_header(octets: bytes) -> Header:
    """Tolerant: elements that are unknown, cut or impossible are passed over (9.2.3.24: "ignored")."""
    header, at = Header(), 0
    while at + 2 <= len(octets):
        kind, length = octets[at], octets[at + 1]
        value = octets[at + 2 : at + 2 + length]
        if len(value) == length:
            header = _with(header, kind, value)
        at += 2 + length
    return header


def _with(header: Header, kind: int, value: bytes) -> Header:
    match kind, len(value):
        case (0x00, 3) | (0x08, 4):
            *ref, total, seq = value
            return _part(header, int.from_bytes(ref), total, seq, kind == CONCAT16)
        case (0x04, 2):
            return msgspec.structs.replace(header, ports=(value[0], value[1]))
        case (0x05, 4):
            return msgspec.structs.replace(header, ports=(int.from_bytes(value[:2]), int.from_bytes(value[2:])))
        case (0x24, 1):
            return msgspec.structs.replace(header, language=value[0])
    return header


def _part(header: Header, ref: int, total: int, seq: int, wide: bool) -> Header:
    if not 1 <= seq <= total:
        return header
    return msgspec.structs.replace(header, ref=ref, total=total, seq=seq, wide=wide)


def encode_header(header: Header) -> bytes:
    """With its length in front; empty when there is nothing to say."""
    octets = b""
    if header.total:
        octets += bytes((CONCAT16, 4)) if header.wide else bytes((CONCAT8, 3))
        octets += header.ref.to_bytes(2 if header.wide else 1) + bytes((header.total, header.seq))
    if header.ports:
        octets += bytes((PORTS16, 4)) + header.ports[0].to_bytes(2) + header.ports[1].to_bytes(2)
    if header.language:
        octets += bytes((SINGLE_SHIFT, 1, header.language))
    return bytes((len(octets),)) + octets if octets else b""
