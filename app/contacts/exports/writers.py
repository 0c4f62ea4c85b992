"""Write a table in the format that somebody asked for. Only the child process imports this: xlsxwriter is heavy."""

from collections.abc import Callable, Iterable
from datetime import UTC, tzinfo
from pathlib import Path

from app.contacts.exports import cards, delimited, objects, rejects, workbooks
from app.contacts.exports.formats import FORMATS
from app.contacts.exports.table import Column, Row, Table

__all__ = ["FORMATS", "Column", "write", "write_rejects"]

_WRITERS: dict[str, Callable[[Path, Table], int]] = {
    "xlsx": workbooks.write,
    "csv": delimited.write,
    "json": objects.write,
    "vcf": cards.write,
}

write_rejects = rejects.write


def write(
    path: Path, format: str, columns: list[Column], rows: Iterable[Row], *, zone: tzinfo = UTC, title: str = ""
) -> int:
    """Write the rows as they come, in constant memory, and return how many there were.

    `zone` is the office's time zone; `title` names the sheet. A file without rows says that it has none.
    Raises KeyError for an unknown format.
    """
    return _WRITERS[format](path, Table(columns, rows, zone, title))
