"""What an exported table is made of, and how its values look as text."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from itertools import islice
from typing import Any, Literal

import msgspec

from app.frame.i18n import _
from app.frame.instant import from_micros

Kind = Literal["text", "phone", "date", "number"]
Row = tuple[Any, ...]
Block = Sequence[Sequence[Any]]  # some rows, column by column
BLOCK_ROWS = 2_000
WIDTHS = {"text": 24, "phone": 18, "date": 17, "number": 12}  # in characters


class Column(msgspec.Struct, frozen=True):
    """`key` names it in .json and .vcf, `title` heads it elsewhere. `width` in characters, 0 for the kind's own."""

    key: str
    title: str
    kind: Kind = "text"
    width: int = 0

    @property
    def characters(self) -> int:
        return self.width or WIDTHS[self.kind]


class Blocks:
    """Rows that come some at a time, column by column; to be read once, either way."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.blocks = blocks

    def __iter__(self) -> Iterator[Row]:
        for block in self.blocks:
            yield from zip(*block, strict=True)


def blocks_of(rows: Iterable[Row]) -> Iterator[Block]:
    """Whatever rows, column by column."""
    if isinstance(rows, Blocks):
        yield from rows.blocks
        return
    one_by_one = iter(rows)
    while some := list(islice(one_by_one, BLOCK_ROWS)):
        yield list(zip(*some, strict=True))


class Table(msgspec.Struct):
    """Rows hold a value per column: text, number, date, None, or a list of texts. An instant is an aware datetime, or
    microseconds since the epoch in a column of dates, as SQLite keeps it: making a million objects takes its time."""

    columns: list[Column]
    rows: Iterable[Row]
    zone: tzinfo = UTC
    title: str = ""


def with_datetimes(table: Table) -> Iterator[Row]:
    """The rows, with every instant as a datetime."""
    dates = [column.kind == "date" for column in table.columns]
    for row in table.rows:
        pairs = zip(row, dates, strict=True)
        yield tuple([from_micros(v) if is_date and isinstance(v, int) else v for v, is_date in pairs])


def nothing_here() -> str:
    """What a file says when it has no rows."""
    return _("No hay datos que exportar con este filtro.")


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return str(value)
