"""What a column holds, by looking at its cells: for files whose headers say nothing, or lie."""

import re
from collections.abc import Callable
from itertools import pairwise

import msgspec

from app.contacts.folding import fold
from app.contacts.imports.emails import EMAIL
from app.contacts.imports.folding import folded
from app.contacts.imports.places import country_code, is_province
from app.contacts.phones import Phone, normalise_many, sift

ENOUGH = 0.6
SURE = 0.85
FEW_PHONES = 0.2  # a column with fewer valid phones than this is not one, whatever its title says

_DATE = re.compile(
    r"(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])\b.*"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)?\d\d\b.*"
    r"|(?:19[3-9]\d|20[0-4]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
_NUMBER = re.compile(r"[-+]?[$₡]?\s?\d[\d .,]*%?")
_WORDS = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?: [^\W\d_][^\W\d_'’.-]*){0,6}\.?")
_LEGAL = re.compile(
    r"\b(?:s\.? ?a\.?(?: de c\.? ?v\.?)?|s\.? ?r\.? ?l\.?|ltda\.?|s de r\.? ?l\.?.*|inc\.?|llc|corp\.?|cia\.?)\s*$"
)
_STATUSES = (
    "nc, cuelga, sin gestionar, interesado, no interesado, servicios activos, no existe, sin red, no contacto",
    "no contactado, pendiente, en progreso, completado, completada, no disponible, no contesta, vendido, venta, activo",
    "activa, inactivo, inactiva, cerrado, cerrada, nuevo, nueva, perdido, perdida",
    "new, open, closed, won, lost, active, inactive, pending, interested, not interested",
)
STATUSES = frozenset(word for line in _STATUSES for word in line.split(", "))


class Seen(msgspec.Struct, frozen=True):
    """What a column seems to be, and the share of its filled cells that agree (0 to 1). "" when nothing fits."""

    target: str
    share: float
    filled: int
    phones: float = 0.0


def look(cells: list[str], region: str | None) -> Seen:
    """Judge a column by a sample of its cells."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return Seen("", 0.0, 0)
    phones, numbers = phone_shares(filled, region)
    for target, share in ((name, test(filled)) for name, test in TESTS):
        if share >= ENOUGH:
            return Seen(target, share, len(filled), phones)
    if numbers >= ENOUGH and not is_count(filled):
        return Seen("phone", numbers, len(filled), phones)
    return Seen(*_by_words(filled), len(filled), phones)


def phone_shares(cells: list[str], region: str | None) -> tuple[float, float]:
    """The share of cells that hold at least one valid phone and not a date; the share of those that hold little else.

    «Llamar al 2260-4418» is a note, whoever may be called there.
    """
    found = zip(cells, normalise_many(cells, region), strict=True)
    holding = [cell for cell, one in found if isinstance(one, Phone) or _holds_phone(cell, region)]
    return len(holding) / len(cells), sum(map(_is_number, holding)) / len(cells)


def _is_number(cell: str) -> bool:
    return sum(map(str.isdecimal, cell)) > sum(map(str.isalpha, cell))


def _holds_phone(cell: str, region: str | None) -> bool:
    return len(cell) > 14 and bool(sift(cell, region).phones)


def is_count(cells: list[str]) -> bool:
    """1, 2, 3 or 20000001, 20000002...: a row number, an account, never a list of phones."""
    numbers = [int(cell) for cell in cells if cell.isdecimal() and len(cell) < 16]
    if len(numbers) < max(3, len(cells) * 0.9):
        return False
    steps = [after - before for before, after in pairwise(numbers)]
    return steps.count(1) >= len(steps) * 0.8


def share_of(pattern: re.Pattern[str]) -> Callable[[list[str]], float]:
    def share(cells: list[str]) -> float:
        return sum(bool(pattern.fullmatch(cell)) for cell in cells) / len(cells)

    return share


def _holding(pattern: re.Pattern[str]) -> Callable[[list[str]], float]:
    """Twice the share: half the cells with such an ending already make the case."""

    def share(cells: list[str]) -> float:
        return min(1.0, 2 * sum(bool(pattern.search(fold(cell))) for cell in cells) / len(cells))

    return share


def _countries(cells: list[str]) -> float:
    return sum(len(cell) > 1 and country_code(cell) is not None for cell in cells) / len(cells)


def _statuses(cells: list[str]) -> float:
    return sum(folded(cell) in STATUSES for cell in cells) / len(cells)


def _provinces(cells: list[str]) -> float:
    return sum(map(is_province, cells)) / len(cells)


TESTS: tuple[tuple[str, Callable[[list[str]], float]], ...] = (
    ("email", share_of(EMAIL)),
    ("custom:fecha", share_of(_DATE)),
    ("custom:provincia", _provinces),
    ("country", _countries),
    ("status", _statuses),
    ("company", _holding(_LEGAL)),
)


def _by_words(cells: list[str]) -> tuple[str, float]:
    """Names are a few words, mostly different; notes are long; anything else stays unnamed."""
    if share_of(_NUMBER)(cells) >= ENOUGH:
        return "", 0.0
    names = share_of(_WORDS)(cells)
    length = sum(map(len, cells)) / len(cells)
    if length > 40:
        return "notes", 0.7
    several_words = sum(" " in cell for cell in cells) / len(cells)
    if names >= ENOUGH and len(set(cells)) > len(cells) * 0.5 and length < 40:
        return "name", round(names * (0.6 + 0.4 * several_words), 2)
    return "", 0.0
