"""Texts of a page as values: whole and decimal numbers, dates. What cannot be read for certain is refused."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "integer", "decimal", "date", "flag"]
Value = str | int | Decimal | date | bool | None
SPACES = re.compile(r"[\s\u00a0\u202f\u2007]+")
# Signs of money and their letters around a number: ₡1 500, US$ 20, 300 MXN, 45 %
AROUND = re.compile(r"^[^\d(+\-−.,]*|[^\d)\-−.,]*$")
MONTHS = {m: n for n, names in enumerate((
    ("ene", "enero", "jan", "january"), ("feb", "febrero", "february"), ("mar", "marzo", "march"),
    ("abr", "abril", "apr", "april"), ("may", "mayo"), ("jun", "junio", "june"), ("jul", "julio", "july"),
    ("ago", "agosto", "aug", "august"), ("sep", "set", "sept", "septiembre", "setiembre", "september"),
    ("oct", "octubre", "october"), ("nov", "noviembre", "november"), ("dic", "diciembre", "dec", "december"),
), 1) for m in names}  # fmt: skip
FLAGS = {"sí": True, "si": True, "yes": True, "true": True, "1": True, "x": True, "✓": True, "✔": True, "activo": True,
         "no": False, "false": False, "0": False, "inactivo": False, "": False}  # fmt: skip


def tidy(text: str) -> str:
    """Spaces of any kind as single ones."""
    return SPACES.sub(" ", text).strip()


def value(text: str, kind: Kind, *, decimal: str = ",", dates: str = "%d/%m/%Y") -> Value:
    """`decimal` is the page's decimal mark. Empty numbers and dates are None. Raises ValueError."""
    bare = tidy(text)
    if kind == "text":
        return bare
    if kind == "flag":
        return _flag(bare)
    if bare in ("", "-", "–", "—"):
        return None
    if kind == "date":
        return day(bare, dates)
    number = amount(bare, decimal)
    if kind == "decimal":
        return number
    if number != number.to_integral_value():
        raise ValueError(bare)
    return int(number)


def _flag(bare: str) -> bool:
    if bare.lower() not in FLAGS:
        raise ValueError(bare)
    return FLAGS[bare.lower()]


def amount(text: str, mark: str = ",") -> Decimal:
    """`₡1.234,50`, `(12,00)`, `7,5-`, `1 234` with `mark` as the decimal mark. Raises ValueError."""
    bare = AROUND.sub("", SPACES.sub("", text))
    sign, digits = _signed(bare)
    other = "." if mark == "," else ","
    whole, found, part = digits.partition(mark)
    for grouping in (other, "'", "’"):
        if grouping in whole:
            whole = _ungrouped(whole, grouping)
            break
    if not (whole or part) or not (whole + part).isascii() or not (whole + part).isdigit() or (found and not part):
        raise ValueError(text)
    return sign * Decimal(f"{whole or 0}.{part or 0}" if found else whole)


def _signed(bare: str) -> tuple[int, str]:
    if bare.startswith("(") and bare.endswith(")"):
        return -1, bare[1:-1]
    bare = bare.replace("−", "-")
    if bare.endswith("-"):
        return -1, bare[:-1]
    return (-1, bare[1:]) if bare.startswith("-") else (1, bare.removeprefix("+"))


def _ungrouped(whole: str, grouping: str) -> str:
    """1.234.567 -> 1234567; 1.23 is no grouping, and guessing would be wrong by a hundred."""
    if not re.fullmatch(rf"\d{{1,3}}({re.escape(grouping)}\d{{3}})+", whole, re.ASCII):
        raise ValueError(whole)
    return whole.replace(grouping, "")


def day(text: str, form: str = "%d/%m/%Y") -> date:
    """By the page's form; also ISO and written months (`3 de marzo de 2026`, `03-mar-2026`). Raises ValueError."""
    for each in (form, "%Y-%m-%d"):
        try:
            return datetime.strptime(text, each).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    found = re.fullmatch(r"(\d{1,2})(?: de |[ /.-])([a-záéíóú]+)\.?(?: del? |[ /.,-]+)(\d{4})", text.lower(), re.ASCII)
    if not found or found[2] not in MONTHS:
        raise ValueError(text)
    return date(int(found[3]), MONTHS[found[2]], int(found[1]))
