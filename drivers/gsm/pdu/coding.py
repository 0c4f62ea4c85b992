"""What a message's data coding octet says (3GPP TS 23.038, 4)."""

from typing import Literal

Alphabet = Literal["gsm7", "data", "ucs2"]
GENERAL: tuple[Alphabet, ...] = ("gsm7", "data", "ucs2", "gsm7")  # the fourth is reserved: read as the default
CODES = {"gsm7": 0x00, "data": 0x04, "ucs2": 0x08}
FLASH = 0  # class: shown at once, not kept


def alphabet_of(dcs: int) -> Alphabet:
    group = dcs >> 4
    if group < 0x8:
        return GENERAL[dcs >> 2 & 3]
    if group == 0xE:
        return "ucs2"
    return "data" if group == 0xF and dcs & 4 else "gsm7"


def class_of(dcs: int) -> int | None:
    """0 flash, 1 phone, 2 SIM, 3 further equipment; None when it says none."""
    group = dcs >> 4
    if group == 0xF or (group < 0x8 and dcs & 0x10):
        return dcs & 3
    return None


def coding(alphabet: Alphabet, kind: int | None = None) -> int:
    return CODES[alphabet] if kind is None else CODES[alphabet] | 0x10 | kind
