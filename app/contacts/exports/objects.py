"""Tables as .json: a list with one object per row, one per line."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from app.contacts.exports.table import Row, Table, with_datetimes

_encode = msgspec.json.Encoder().encode


def write(path: Path, table: Table) -> int:
    """Write the file and return how many rows it has; without rows it is the empty list."""
    keys = [column.key for column in table.columns]
    count = 0
    with path.open("wb", buffering=1 << 20) as file:
        file.write(b"[")
        for count, row in enumerate(with_datetimes(table), 1):
            file.write(b"\n" if count == 1 else b",\n")
            file.write(_encode(dict(zip(keys, _local(row, table), strict=True))))
        file.write(b"\n]\n")
    return count


def _local(row: Row, table: Table) -> list[Any]:
    """Times with the office's offset."""
    return [value.astimezone(table.zone) if isinstance(value, datetime) else value for value in row]
