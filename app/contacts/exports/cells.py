"""Columns of values as cells of an .xlsx: what a column's values have in common is looked for once, not in each.

A cell is `<c r="B` and what ends its start, `7"`; then comes its tail, which says what it holds.
"""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from types import NoneType
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from app.contacts.exports.alike import MARK, are_nothing, kinds, repeat_themselves, together
from app.contacts.exports.clock import DAY_S, Clock
from app.contacts.exports.table import Column, as_text

LONGEST_CELL = 32_767
DAY_ZERO = date(1899, 12, 30).toordinal()  # Excel's
EPOCH_DAY = date(1970, 1, 1).toordinal() - DAY_ZERO
INSTANTS = {int, NoneType}

Tail = Callable[[Any], str]
Cells = Callable[[list[str], Sequence[Any]], list[str]]

_UNFIT_CODES = r"\ud800-\udfff\ufffe\uffff"
_SPECIAL = re.compile(rf"[&<>\x00-\x08\x0b-\x1f{_UNFIT_CODES}]|_x[0-9A-Fa-f]{{4}}_|^\s|\s\Z|\n")
_SOME_SPECIAL = re.compile(
    rf"[&<>\x01-\x08\x0b-\x1f{_UNFIT_CODES}\n]|_x[0-9A-Fa-f]{{4}}_|{MARK}\s|\s(?:{MARK}|\Z)"
)  # in any of a column's, brought together
_UNFIT = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{_UNFIT_CODES}]")
_ESCAPED_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def maker(column: Column, index: int, zone: tzinfo, style: int) -> Cells:
    """The function that turns this column's values into cells; what is nothing has none."""
    start = f'<c r="{xl_col_to_name(index)}'
    if column.kind == "number":
        return number_cells(start)
    if column.kind == "date":
        return date_cells(start, zone, style)
    return text_cells(start, style)


def text_cells(start: str, style: int = 0) -> Cells:
    before, after = text_around(style)
    tail = text_tail(style)

    def cells(ends: list[str], values: Sequence[Any]) -> list[str]:
        found = kinds(values)
        if are_nothing(values, found):
            return [""] * len(values)
        if repeat_themselves(values, found):
            return by_value(start, ends, values, tail)
        if are_plain(values):
            return [f"{start}{n}{before}{v}{after}" if v else "" for n, v in zip(ends, values, strict=True)]
        return one_by_one(start, ends, values, tail)

    return cells


def number_cells(start: str) -> Cells:
    text = text_tail()

    def tail(value: Any) -> str:
        if isinstance(value, str) or (isinstance(value, float) and not math.isfinite(value)):
            return text(value)
        return f"><v>{value + 0}</v></c>"

    def cells(ends: list[str], values: Sequence[Any]) -> list[str]:
        if kinds(values) == {int}:
            return [f"{start}{n}><v>{v}</v></c>" for n, v in zip(ends, values, strict=True)]
        return one_by_one(start, ends, values, tail)

    return cells


def date_cells(start: str, zone: tzinfo, style: int) -> Cells:
    """Days since Excel's day zero, in the office's time."""
    before, text, clock = f' s="{style}"><v>', text_tail(style), Clock(zone)

    def tail(value: Any) -> str:
        if isinstance(value, datetime | int):
            day, second = clock.local(value)
            return f"{before}{day + EPOCH_DAY + second / DAY_S:.8f}</v></c>"
        if isinstance(value, date):
            return f"{before}{value.toordinal() - DAY_ZERO}</v></c>"
        return text(value)

    def cells(ends: list[str], values: Sequence[Any]) -> list[str]:
        if kinds(values) <= INSTANTS:
            return by_value(start, ends, values, tail)
        return one_by_one(start, ends, values, tail)

    return cells


def by_value(start: str, ends: list[str], values: Sequence[Any], tail: Tail) -> list[str]:
    """Equal values have equal tails."""
    tails = {value: tail(value) if is_something(value) else "" for value in set(values)}
    return [f"{start}{n}{end}" if (end := tails[v]) else "" for n, v in zip(ends, values, strict=True)]


def one_by_one(start: str, ends: list[str], values: Sequence[Any], tail: Tail) -> list[str]:
    return [f"{start}{n}{tail(v)}" if is_something(v) else "" for n, v in zip(ends, values, strict=True)]


def is_something(value: Any) -> bool:
    return bool(value or value == 0)


def are_plain(values: Sequence[Any]) -> bool:
    """Texts that can be written as they are."""
    whole = together(values)
    return whole is not None and not _SOME_SPECIAL.search(whole) and max(map(len, values)) <= LONGEST_CELL


def text_around(style: int, space: str = "") -> tuple[str, str]:
    styled = f' s="{style}"' if style else ""
    return f'{styled} t="inlineStr"><is><t{space}>', "</t></is></c>"


def text_tail(style: int = 0) -> Tail:
    before, after = text_around(style)
    kept, _after = text_around(style, ' xml:space="preserve"')

    def tail(value: Any) -> str:
        text = value if type(value) is str else as_text(value)
        if len(text) > LONGEST_CELL:
            text = text[: LONGEST_CELL - 1] + "…"
        return f"{kept}{escaped(text)}{after}" if _SPECIAL.search(text) else f"{before}{text}{after}"

    return tail


def escaped(text: str) -> str:
    """Safe in XML; what no XML can hold becomes a question mark; a literal _x0041_ stays literal."""
    text = _ESCAPED_CODE.sub("_x005F_", _UNFIT.sub("?", text).replace("\r", ""))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
