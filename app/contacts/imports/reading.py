"""Open a file of contacts, whatever it is, and find its table."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from app.contacts.imports import header, vcards
from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.columns import Mapping, recognise, shape_key
from app.contacts.imports.delimited import DelimitedGrid
from app.contacts.imports.grid import Block, Grid
from app.contacts.imports.kinds import kind_of

BLOCK_ROWS = 10_000
SAMPLE_ROWS = 200


class Sheet:
    """A table found in a file.

    `headers` has one text per column ("" where there is none); `header_row` is its number as people count it, 0 when
    the file has none; `rows` counts the rows from the first to the last, blank ones included.
    """

    def __init__(
        self, grid: Grid, *, kind: str, filename: str, name: str, names: list[str], header_row: int | None
    ) -> None:
        self.grid = grid
        self.kind = kind
        self.filename = filename
        self.name = name
        self.names = names
        self._head = grid.head()
        self.top = header.find(self._head) if header_row is None else header.Top(header_row - 1, header_row)
        if self.top.row is not None and not 0 <= self.top.row < len(self._head):
            self.top = header.Top(None, 0)

    def with_header(self, header_row: int | None) -> "Sheet":
        """The same table, its titles in another row (or looked for again)."""
        return Sheet(
            self.grid, kind=self.kind, filename=self.filename, name=self.name, names=self.names, header_row=header_row
        )

    @property
    def header_row(self) -> int:
        return 0 if self.top.row is None else self.top.row + 1

    @property
    def headers(self) -> list[str]:
        return list(self._head[self.top.row]) if self.top.row is not None else [""] * self.grid.width

    @property
    def rows(self) -> int:
        return self.grid.height - self.top.start

    @property
    def shape(self) -> str:
        """Fingerprint of the titles; "" for a file without them."""
        return shape_key(self.headers)

    @cached_property
    def sample(self) -> list[list[str]]:
        """Some cells of each column."""
        rows = [row for row in self._head[self.top.start :] if any(row)][:SAMPLE_ROWS]
        return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(self.grid.width)]

    def recognised(self, region: str | None) -> Mapping:
        """What we think each column is. `region` (ISO code) is the country of numbers without +."""
        return recognise(self.headers, self.sample, region)

    def blocks(self, size: int = BLOCK_ROWS) -> Iterator[Block]:
        """The data rows, in order."""
        return self.grid.blocks(self.top.start, size)


def open_sheet(
    path: Path, filename: str, *, sheet: str | None = None, header_row: int | None = None, trusted: bool = False
) -> Sheet:
    """Raises BadFile and nothing else.

    `sheet` picks one of a workbook's sheets, else the first that looks like contacts. `header_row` counts from 1,
    0 says that there is none, None looks for it. `trusted` skips the check against zip bombs for a file opened before.
    """
    kind = kind_of(path)
    if kind in ("xlsx", "xls", "ods"):
        return _in_workbook(path, kind, filename, sheet, header_row, trusted)
    grid: Grid = vcards.grid(path) if kind == "vcf" else DelimitedGrid(path)
    return _found(Sheet(grid, kind=kind, filename=filename, name="", names=[], header_row=header_row))


def _found(sheet: Sheet) -> Sheet:
    if not any(any(column) for column in sheet.sample):
        raise BadFile("empty")
    return sheet


def _in_workbook(
    path: Path, kind: str, filename: str, wanted: str | None, header_row: int | None, trusted: bool
) -> Sheet:
    from app.contacts.imports.workbook import Workbook  # heavy: only where a workbook is opened

    book = Workbook(path, trusted=trusted)
    if wanted is not None and wanted not in book.names:
        raise BadFile("no_sheet", sheet=wanted)
    best: Sheet | None = None
    for name in [wanted] if wanted is not None else book.order():
        found = Sheet(book.grid(name), kind=kind, filename=filename, name=name, names=book.names, header_row=header_row)
        if best is None or interest(found) > interest(best):
            best = found
        if interest(found) > 1:
            break
    if best is None:
        raise BadFile("empty")
    return _found(best)


def interest(sheet: Sheet) -> float:
    """0 for an empty sheet, below 1 for anything, above 1 when it has titles that we know."""
    filled = sum(any(column) for column in sheet.sample)
    known = header.known_titles(tuple(sheet.headers)) if filled else 0
    return known + min(filled * sheet.rows, 10**9) / 10**10
