"""Zipped workbooks before a parser touches them: bombs, lies about size, passwords, corners far away."""

import re
import zipfile
import zlib
from pathlib import Path

from app.contacts.imports.bad_file import BadFile

LIMIT_EXPANDED_BYTES = 2 * 2**30
LIMIT_ENTRIES = 10_000
LIMIT_CELLS = 20_000_000
SUSPICIOUS_BYTES = 64 * 2**20
SUSPICIOUS_RATIO = 250  # a sheet of a million equal rows packs about a hundredfold
STEP_BYTES = 1 << 18

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_LAST_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"')


def check(path: Path) -> None:
    """Raises BadFile. Reads every part once: a size declared too small shows as a wrong checksum, within the limit."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_promises(parts)
            for part in parts:
                _check_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise BadFile("broken") from error


def _check_promises(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile("encrypted")
    expanded = sum(part.file_size for part in parts)
    if expanded > LIMIT_EXPANDED_BYTES or len(parts) > LIMIT_ENTRIES or any(map(_is_suspicious, parts)):
        raise BadFile("bomb")


def _is_suspicious(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SUSPICIOUS_BYTES and part.file_size > SUSPICIOUS_RATIO * max(part.compress_size, 1)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as stream:
        head = tail = stream.read(STEP_BYTES)
        while step := stream.read(STEP_BYTES):
            tail = tail[-1024:] + step
    if _SHEET.fullmatch(part.filename):
        _check_corner(part.filename, head, tail)
    if part.filename == "META-INF/manifest.xml" and b"encryption-data" in head:
        raise BadFile("encrypted")


def _check_corner(name: str, head: bytes, tail: bytes) -> None:
    """A parser keeps the whole rectangle, so one stray cell at the far corner costs gigabytes."""
    corners = [*_DIMENSION.findall(head[:4096]), *_LAST_CELL.findall(tail)[-1:]]
    for letters, row in corners:
        columns = _column_number(letters)
        if columns * int(row) > LIMIT_CELLS:
            sheet = Path(name).stem
            raise BadFile("too_wide", sheet=sheet, rows=int(row), columns=columns)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
