"""Workbooks (.xlsx .xls .ods) as a grid of texts. The only place that imports fastexcel and polars."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastexcel
import polars

from app.contacts.imports import archives, taste
from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.grid import LIMIT_ROWS, Block, Grid

# How a date, a time and a whole number look once they are text: midnight and day zero are Excel's, not the person's.
_MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00$"
_TIME_ONLY = r"^(?:1899-12-3[01]|1904-01-01) (\d\d:\d\d)(:\d\d)?$"
MOST_SHEETS = 12


class WorkbookGrid(Grid):
    """One sheet in memory, column by column."""

    def __init__(self, frame: polars.DataFrame) -> None:
        self.frame = frame
        self.width = frame.width
        self.height = frame.height
        self.size_bytes = int(frame.estimated_size())

    def blocks(self, start: int, size: int) -> Iterator[Block]:
        for first in range(start, self.height, size):
            columns = [column.to_list() for column in self.frame.slice(first, size)]
            yield Block(first, columns)


class Workbook:
    """An opened file: its sheets' names and their grids."""

    def __init__(self, path: Path, *, trusted: bool) -> None:
        """`trusted`: this very file was checked before."""
        data = path.read_bytes()
        if not trusted:
            (archives if data.startswith(b"PK") else taste).check(path)
        self._reader: Any = guarded(fastexcel.read_excel, data)
        self.names: list[str] = self._reader.sheet_names

    def visible(self, name: str) -> bool:
        sheet = guarded(self._reader.load_sheet, name, header_row=None, n_rows=0, dtypes="string")
        return bool(sheet.visible == "visible")

    def order(self) -> Iterator[str]:
        """The sheets worth a look: visible ones as they come; hidden ones only in a book that hides them all."""
        seen = [name for name in self.names[:MOST_SHEETS] if self.visible(name)] if len(self.names) > 1 else []
        yield from seen or self.names[:MOST_SHEETS]

    def grid(self, name: str) -> WorkbookGrid:
        sheet = guarded(self._reader.load_sheet, name, header_row=None, skip_rows=0, dtypes="string")
        if sheet.height > LIMIT_ROWS + 1:  # one may be the header
            raise BadFile("too_many_rows", limit=LIMIT_ROWS)
        if sheet.height * sheet.width > archives.LIMIT_CELLS:
            raise BadFile("too_wide", sheet=name, rows=sheet.height, columns=sheet.width)
        return WorkbookGrid(tidy(guarded(sheet.to_polars)))


def guarded(function: Any, *args: Any, **options: Any) -> Any:
    """Call the parser. A panic of its Rust side is no Exception, yet to us it is one more broken file."""
    try:
        return function(*args, **options)
    except (fastexcel.FastExcelError, OSError, ValueError, MemoryError) as error:
        raise _refusal(error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise BadFile("broken") from error


def _refusal(error: BaseException) -> BadFile:
    said = str(error).lower()
    return BadFile("encrypted" if "password" in said or "encrypt" in said else "broken")


def tidy(frame: polars.DataFrame) -> polars.DataFrame:
    """Stripped texts, "" for nothing, dates as ISO, times alone; only columns that hold a date pay for it."""
    texts = frame.select(polars.all().cast(polars.String).fill_null("").str.strip_chars())
    with_dates = [column.name for column in texts if column.str.contains(r"^\d{4}-\d\d-\d\d ").any()]
    return texts.with_columns(
        polars.col(with_dates).str.replace(_MIDNIGHT, "$1").str.replace(_TIME_ONLY, "$1")
    ) if with_dates else texts  # fmt: skip
