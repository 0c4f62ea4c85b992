"""Which encoding a text file has: by its mark, by being valid UTF-8, or by which reading gives Spanish."""

import codecs
from pathlib import Path

from app.contacts.imports.bad_file import BadFile

STEP_BYTES = 1 << 20
SAMPLE_BYTES = 1 << 16
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ONE_BYTE = ("cp1252", "mac_roman", "cp850")
SPANISH = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡ºª°")
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0c\x1a\x1b"))


def encoding_of(path: Path) -> str:
    """A codec name that decodes the whole file (with errors="replace"). Raises BadFile when it is not text."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return _wide(sample)
    if len(sample.translate(None, CONTROLS)) < len(sample) * 0.99:
        raise BadFile("not_text")
    return "utf-8" if _is_utf8(path) else _one_byte(path)


def _wide(sample: bytes) -> str:
    """UTF-16 without its mark: in western text every other byte is zero."""
    pairs = len(sample) // 2
    if sample[1::2].count(0) > pairs * 0.7:
        return "utf-16-le"
    if sample[::2].count(0) > pairs * 0.7:
        return "utf-16-be"
    raise BadFile("not_text")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while step := file.read(STEP_BYTES):
                decoder.decode(step)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _one_byte(path: Path) -> str:
    """Windows, an old Mac or DOS: the letters beyond ASCII tell, wherever in the file the first of them stands."""
    found = bytearray()
    with path.open("rb") as file:
        while len(found) < SAMPLE_BYTES and (step := file.read(STEP_BYTES)):
            found += step.translate(None, bytes(range(128)))
    return max(ONE_BYTE, key=lambda name: _spanish(bytes(found), name))


def _spanish(beyond_ascii: bytes, encoding: str) -> int:
    return sum(char in SPANISH for char in beyond_ascii.decode(encoding, "replace"))
