"""Tables as .csv: UTF-8 with a mark, so that Excel reads the accents; no cell can become a formula.

Written as the csv module would write it, which a test compares; a column at a time, which is four times sooner.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.contacts.exports.alike import MARK, are_nothing, each, kinds, repeat_themselves, together
from app.contacts.exports.clock import Clock
from app.contacts.exports.table import Column, Table, as_text, blocks_of, nothing_here

# Cells that a spreadsheet would run. https://owasp.org/www-community/attacks/CSV_Injection
DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")
SUSPICIOUS = DANGEROUS | set(" \xa0\u3000\x0b\x0c")
BUFFER_BYTES = 1 << 20
BYTE_ORDER_MARK = "\ufeff"
LINE_END = "\r\n"
NUMBERS = (int, float, Decimal)
PLAIN_INSTANTS = {int, type(None)}

Texts = Sequence[str]
Convert = Callable[[Sequence[Any]], Texts]

_PLAIN_PHONE = re.compile(r"\+[\d ]{6,20}(?:;? \+[\d ]{6,20})*")
_SUSPICIOUS_CELL = re.compile(f"{MARK}[{re.escape(''.join(SUSPICIOUS))}]")
_ODD_PHONE = re.compile(rf"{MARK}(?!(?:\+\d+)?(?:{MARK}|\Z))")


def write(path: Path, table: Table, *, separator: str = ",") -> int:
    """Write the file and return how many rows it has."""
    quoted, count = quoting(separator), 0
    cells = [written(converter(column, table), quoted) for column in table.columns]
    with path.open("w", encoding="utf-8", newline="", buffering=BUFFER_BYTES) as file:
        titles = [quoted([harmless(column.title)])[0] for column in table.columns]
        file.write(BYTE_ORDER_MARK + lines([[title] for title in titles], separator))
        for block in blocks_of(table.rows):
            count += len(block[0])
            file.write(lines([made(values) for made, values in zip(cells, block, strict=True)], separator))
        if not count:
            file.write(lines([quoted([nothing_here()])], separator))
    return count


def written(convert: Convert, quoted: Callable[[Texts], Texts]) -> Convert:
    """From values to the cells of the file."""

    def one(value: Any) -> str:
        return quoted(convert([value]))[0]

    def cells(values: Sequence[Any]) -> Texts:
        found = kinds(values)
        if repeat_themselves(values, found):
            return each(values, one)
        return [""] * len(values) if are_nothing(values, found) else quoted(convert(values))

    return cells


def lines(columns: Sequence[Texts], separator: str) -> str:
    """Columns of cells as lines. A line of one empty cell says so, else it would be no line."""
    if len(columns) == 1:
        columns = [[text or '""' for text in columns[0]]]
    return LINE_END.join(map(separator.join, zip(*columns, strict=True))) + LINE_END


def quoting(separator: str) -> Callable[[Texts], Texts]:
    """RFC 4180: what holds a separator, a quote or a line's end goes between quotes."""
    marks = (separator, '"', "\r", "\n")
    special = re.compile(f"[{re.escape(''.join(marks))}]").search

    def quoted(texts: Texts) -> Texts:
        whole = MARK.join(texts)
        if not any(mark in whole for mark in marks):
            return texts
        return ['"' + text.replace('"', '""') + '"' if special(text) else text for text in texts]

    return quoted


def converter(column: Column, table: Table) -> Convert:
    """How the values of this column are written."""
    if column.kind == "date":
        return date_texts(Clock(table.zone).text)
    if column.kind == "phone":
        return phone_texts
    if column.kind == "number":
        return lambda values: [str(v) if isinstance(v, NUMBERS) else harmless(v) for v in values]
    return harmless_texts


def date_texts(text: Callable[[datetime | int], str]) -> Convert:
    """Each instant is written once: what was brought together has the same, and most were never contacted."""

    def written(value: Any) -> str:
        return text(value) if isinstance(value, datetime | int) else "" if value is None else harmless(value)

    def texts(values: Sequence[Any]) -> Texts:
        if not set(map(type, values)) <= PLAIN_INSTANTS:
            return [written(value) for value in values]
        return each(values, written)

    return texts


def harmless_texts(values: Sequence[Any]) -> Texts:
    """`harmless` of each. Most columns are plain texts, which one look at all of them together tells."""
    whole = together(values)
    if whole is not None and not _SUSPICIOUS_CELL.search(whole):
        return values
    return [
        v if type(v) is str and v[:1] not in SUSPICIOUS else "" if v is None or v == () else harmless(v) for v in values
    ]


def phone_texts(values: Sequence[Any]) -> Texts:
    """`phone_text` of each."""
    whole = together(values)
    if whole is not None and not _ODD_PHONE.search(whole):
        return values
    return ["" if v is None or v == () else phone_text(v) for v in values]


def harmless(value: Any) -> str:
    """An apostrophe before what a spreadsheet would take for a formula."""
    text = value if type(value) is str else as_text(value)
    if text[:1] in SUSPICIOUS and (text[0] in DANGEROUS or text.lstrip()[:1] in DANGEROUS):
        return f"'{text}"
    return text


def phone_text(value: Any) -> str:
    """Pluses and digits alone compute nothing, so phones stay as they are; anything else in their column does not."""
    text = as_text(value)
    return text if _PLAIN_PHONE.fullmatch(text) else harmless(text)
