"""The rows that an import refused, as a workbook with the file's own cells. Runs in the child process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from app.contacts.exports.writers import write_rejects
from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.reading import Sheet, open_sheet
from app.contacts.imports.store import Store
from app.frame.child_main import Report

Refusal = tuple[int, str, list[str]]
REFUSED = 'SELECT "row", reason, cells FROM contact_import_reject WHERE import_id = ? ORDER BY "row", id'


class Asked(msgspec.Struct, kw_only=True):
    """What the parent hands over; `target` is the file to write."""

    import_id: int
    database: str
    target: str
    path: str
    filename: str
    sheet: str | None = None
    header_row: int | None = None


def write(args: dict[str, Any], _report: Report) -> dict[str, Any]:
    """Write the workbook; returns how many rows it has."""
    asked = msgspec.convert(args, Asked)
    store = Store(asked.database)
    try:
        found = [(row, reason, _cells(cells)) for row, reason, cells in store.rows(REFUSED, (asked.import_id,))]
    finally:
        store.close()
    headers, refusals = _with_cells(asked, found)
    return {"rows": write_rejects(Path(asked.target), headers, refusals)}


def _cells(stored: str | list[str]) -> list[str]:
    return msgspec.json.decode(stored, type=list[str]) if isinstance(stored, str) else stored


def _with_cells(asked: Asked, found: list[Refusal]) -> tuple[list[str], list[Refusal]]:
    """The titles and cells of the file itself while it is there, else what was kept of each row."""
    try:
        path, name = Path(asked.path), asked.filename
        sheet = open_sheet(path, name, sheet=asked.sheet or None, header_row=asked.header_row, trusted=True)
    except BadFile:
        return [""] * max((len(cells) for _row, _reason, cells in found), default=0), found
    cells = dict(_picked(sheet, {row for row, _reason, _cells in found}))
    return sheet.headers, [(row, reason, cells.get(row, kept)) for row, reason, kept in found]


def _picked(sheet: Sheet, wanted: set[int]) -> Iterator[tuple[int, list[str]]]:
    """(row, cells) of the wanted rows, numbered as people count them."""
    for block in sheet.blocks():
        for row in wanted & set(range(block.first + 1, block.first + len(block) + 1)):
            yield row, [column[row - block.first - 1] for column in block.columns]
