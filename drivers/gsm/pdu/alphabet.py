"""The GSM 7-bit alphabet, its extension and Spanish tables (3GPP TS 23.038, 6.2.1, annex A): a septet an octet."""

import codecs
import re
import unicodedata

ESCAPE = 0x1B
SPANISH = 2  # national language identifier, 23.038 6.2.1.2.4

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}
SPANISH_EXTENSION = EXTENSION | {
    0x09: "ç", 0x41: "Á", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x61: "á", 0x69: "í", 0x6F: "ó", 0x75: "ú",
}
TABLES = {0: EXTENSION, SPANISH: SPANISH_EXTENSION}
PAIR = re.compile("\x1b(.?)", re.DOTALL)
LOOKALIKES = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "`": "'", "´": "'", "–": "-", "—": "-",
    "…": "...", "\u00a0": " ", "\u202f": " ", "\t": " ", "•": "*", "·": "*", "ª": "a", "º": "o", "ç": "c",
})  # fmt: skip


def _encoder(extension: dict[int, str]) -> dict[int, str]:
    """For str.translate: each character to its code; ASCII that the alphabet lacks to something beyond ASCII."""
    table = dict.fromkeys(range(128), "\uffff")
    table |= {ord(char): chr(code) for code, char in enumerate(BASIC) if code != ESCAPE}
    return table | {ord(char): "\x1b" + chr(code) for code, char in extension.items()}


ENCODERS = {language: _encoder(table) for language, table in TABLES.items()}


def to_septets(text: str, language: int = 0) -> bytes | None:
    """The text's septets, escapes as two; None when a character is not in the alphabet."""
    try:
        return text.translate(ENCODERS[language]).encode("ascii")
    except UnicodeEncodeError:
        return None


def from_septets(septets: bytes, language: int = 0) -> str:
    """The text. An escape that leads nowhere shows the basic letter behind it (23.038, note 1 of 6.2.1.1)."""
    text, _length = codecs.charmap_decode(septets, "replace", BASIC)
    if "\x1b" not in text:
        return text
    extension = TABLES.get(language, EXTENSION)
    return PAIR.sub(lambda pair: _escaped(pair[1], extension), text)


def _escaped(basic: str, extension: dict[int, str]) -> str:
    if basic in ("", "\x1b"):
        return " " * len(basic)
    return extension.get(BASIC.index(basic), basic)


def simplify(text: str) -> str:
    """The nearest text that costs 7 bits a letter: á becomes a, “ becomes ". What has no likeness stays."""
    if to_septets(text) is not None:
        return text
    return "".join(_nearest(char) for char in unicodedata.normalize("NFC", text).translate(LOOKALIKES))


def _nearest(char: str) -> str:
    if to_septets(char) is not None:
        return char
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return bare if bare and to_septets(bare) is not None else char
