"""The rows that an import refused, as a workbook to mend and import again."""

import itertools
from collections.abc import Iterable
from pathlib import Path

from xlsxwriter.utility import xl_col_to_name

from app.contacts.exports import workbooks
from app.contacts.exports.table import Column, Table
from app.frame.i18n import _

Refusal = tuple[int, str, list[str]]


def write(path: Path, headers: list[str], refusals: Iterable[Refusal]) -> int:
    """`refusals` are (row, reason, cells). First the original columns as they were, then the reason and the row."""
    columns = [Column(f"c{i}", header or _nameless(i), width=20) for i, header in enumerate(headers)]
    columns += [Column("reason", _("Motivo"), width=50), Column("row", _("Fila"), "number", 8)]
    rows = ((*_exactly(cells, len(headers)), reason, row) for row, reason, cells in refusals)
    return workbooks.write(path, Table(columns, rows, title=_("Rechazados")))


def _nameless(index: int) -> str:
    return _("Columna %(letter)s", letter=xl_col_to_name(index))


def _exactly(cells: list[str], width: int) -> list[str]:
    return list(itertools.islice(itertools.chain(cells, itertools.repeat("")), width))
