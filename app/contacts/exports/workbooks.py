"""Tables as .xlsx, some rows at a time, in constant memory.

xlsxwriter makes the workbook; the data rows are written straight into its row stream, many times faster than cell by
cell. (polars' write_excel into such a workbook writes an empty sheet without saying so.)
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import xlsxwriter
import xlsxwriter.workbook
from xlsxwriter.worksheet import Worksheet

from app.contacts.exports.cells import escaped, maker, text_cells
from app.contacts.exports.table import Block, Column, Table, blocks_of, nothing_here
from app.frame.i18n import _

__all__ = ["escaped", "write"]

MOST_ROWS = 1_048_575  # what Excel holds under a header
EFFORT = 3  # of packing: a third of the time of the usual 6, for a file that is an eighth longer
xlsxwriter.workbook.ZipFile = partial(xlsxwriter.workbook.ZipFile, compresslevel=EFFORT)  # it has no option for this


class RowStream(Worksheet):  # type: ignore[misc]  # xlsxwriter ships no types
    """A worksheet that takes whole rows of XML."""

    def take(self, first: int, columns: Sequence[Sequence[str]]) -> None:
        """The next rows, from 0: their cells' XML, column by column, "" for none."""
        if self.previous_row < first:
            self._write_single_row(first)  # what was written the ordinary way until now
        rows = map("".join, zip(*columns, strict=True))
        self.row_data_fh.write("".join([f'<row r="{n}">{cells}</row>' for n, cells in enumerate(rows, first + 1)]))
        self.dim_rowmax = first + len(columns[0]) - 1


class Sheet:
    """One sheet: as many rows as it holds."""

    def __init__(self, book: Any, table: Table, number: int) -> None:
        self.stream: RowStream = book.add_worksheet(_sheet_name(table.title, number), worksheet_class=RowStream)
        self.stream.freeze_panes(1, 0)
        _head(book, self.stream, table.columns)
        self.makers = [maker(column, i, table.zone, _style(book, column)) for i, column in enumerate(table.columns)]
        self.written = 0

    @property
    def room(self) -> int:
        return MOST_ROWS - self.written

    def take(self, block: Block) -> None:
        """Rows for which there is room."""
        first = self.written + 1  # under the titles
        self.written += len(block[0])
        ends = [f'{n}"' for n in range(first + 1, self.written + 2)]
        self.stream.take(first, [make(ends, values) for make, values in zip(self.makers, block, strict=True)])

    def end(self) -> None:
        self.stream.autofilter(0, 0, max(self.written, 1), max(len(self.makers) - 1, 0))


def write(path: Path, table: Table) -> int:
    """Write the file and return how many rows it has."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False}) as book:
        book.use_zip64()
        sheets = [Sheet(book, table, 1)]
        for block in blocks_of(table.rows):
            _spread(block, sheets, lambda: Sheet(book, table, len(sheets) + 1))
        if not sheets[0].written:
            sheets[0].stream.take(1, [text_cells('<c r="A')(['2"'], [nothing_here()])])
        sheets[-1].end()
    return sum(sheet.written for sheet in sheets)


def _spread(block: Block, sheets: list[Sheet], another: Callable[[], Sheet]) -> None:
    """What does not fit on the last sheet goes on the next."""
    start, height = 0, len(block[0])
    while start < height:
        if not sheets[-1].room:
            sheets[-1].end()
            sheets.append(another())
        stop = start + sheets[-1].room
        sheets[-1].take([values[start:stop] for values in block] if start or stop < height else block)
        start = stop


def _sheet_name(title: str, number: int) -> str:
    name = re.sub(r"[\[\]:*?/\\']", " ", title or _("Contactos"))[:26].strip()
    return name if number == 1 else f"{name} {number}"


def _head(book: Any, sheet: RowStream, columns: list[Column]) -> None:
    style = book.add_format({"bold": True, "bg_color": "#E8EDF2", "bottom": 1, "valign": "vcenter", "text_wrap": True})
    for i, column in enumerate(columns):
        sheet.set_column(i, i, column.characters)
        sheet.write_string(0, i, column.title, style)


def _style(book: Any, column: Column) -> int:
    """The number of the cell style of a column, as the file counts them."""
    formats = {"phone": "@", "date": "yyyy-mm-dd hh:mm"}
    if column.kind not in formats:
        return 0
    index: int = book.add_format({"num_format": formats[column.kind]})._get_xf_index()
    return index
