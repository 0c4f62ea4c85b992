"""From a text to the parts that carry it: alphabet, count, cuts (3GPP TS 23.040, 9.2.3.24.1)."""

from collections.abc import Iterable
from itertools import groupby
from typing import Literal

import msgspec

from drivers.gsm.pdu.alphabet import ESCAPE, SPANISH, from_septets, simplify, to_septets
from drivers.gsm.pdu.coding import Alphabet
from drivers.gsm.pdu.header import Header, encode_header

OCTETS = 140
PARTS = 255
Accents = Literal["keep", "simplify", "spanish"]


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What one part carries. `data`: septets one an octet, UTF-16 big endian, or octets as they are."""

    alphabet: Alphabet
    data: bytes
    header: Header = Header()


class TooLong(ValueError):
    """More than 255 parts."""


class Coded(msgspec.Struct, frozen=True):
    """A whole text in the alphabet that costs least."""

    alphabet: Alphabet
    data: bytes
    language: int = 0


def choose(text: str, accents: Accents = "keep") -> Coded:
    """Seven bits where every letter has them, else UCS-2. `simplify` gives up accents; `spanish` uses its table."""
    if accents == "simplify":
        text = simplify(text)
    if (septets := to_septets(text)) is not None:
        return Coded("gsm7", septets)
    if accents == "spanish" and (septets := to_septets(text, SPANISH)) is not None:
        return Coded("gsm7", septets, SPANISH)
    return Coded("ucs2", text.encode("utf-16-be", "replace"))


def split(text: str, ref: int = 0, *, wide: bool = False, accents: Accents = "keep") -> list[Body]:
    """One part, or several under the reference `ref`. Raises TooLong."""
    coded = choose(text, accents)
    alone = Header(language=coded.language)
    if len(coded.data) <= room(coded.alphabet, alone):
        return [Body(alphabet=coded.alphabet, data=coded.data, header=alone)]
    ref &= 0xFFFF if wide else 0xFF
    several = Header(ref=ref, total=1, seq=1, wide=wide, language=coded.language)
    pieces = _cut(coded, room(coded.alphabet, several))
    if len(pieces) > PARTS:
        raise TooLong(f"{len(pieces)} parts")
    return [
        Body(alphabet=coded.alphabet, data=piece,
             header=msgspec.structs.replace(several, total=len(pieces), seq=seq))
        for seq, piece in enumerate(pieces, 1)
    ]  # fmt: skip


def room(alphabet: Alphabet, header: Header) -> int:
    """Length of `Body.data` that fits beside the header: septets, or octets (UCS-2: an even number)."""
    free = OCTETS - len(encode_header(header))
    return free * 8 // 7 if alphabet == "gsm7" else free // 2 * 2


def _cut(coded: Coded, size: int) -> list[bytes]:
    pieces, at = [], 0
    while at < len(coded.data):
        end = at + size
        if end < len(coded.data) and _splits(coded, end):
            end -= 1 if coded.alphabet == "gsm7" else 2
        pieces.append(coded.data[at:end])
        at = end
    return pieces


def _splits(coded: Coded, end: int) -> bool:
    """Would a cut here part an escape from its letter, or the halves of a surrogate pair?"""
    if coded.alphabet == "gsm7":
        return coded.data[end - 1] == ESCAPE
    return coded.data[end - 2] & 0xFC == 0xD8


def text_of(bodies: Iterable[Body]) -> str:
    """The text of parts in order. Pairs that a sender cut between two parts become whole again."""
    runs = groupby(bodies, key=lambda body: (body.alphabet, body.header.language))
    return "".join(
        decoded(alphabet, b"".join(body.data for body in run), language) for (alphabet, language), run in runs
    )


def decoded(alphabet: Alphabet, data: bytes, language: int = 0) -> str:
    """UCS-2 is read as UTF-16; halves of a pair without the other become U+FFFD, so that it can be stored."""
    if alphabet == "gsm7":
        return from_septets(data, language)
    if alphabet == "ucs2":
        return data.decode("utf-16-be", "replace")
    return data.decode("latin-1")
