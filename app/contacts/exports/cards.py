"""Tables as .vcf: vCard 3.0 (RFC 2426), which phones and mail programs all read."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from app.contacts.exports.table import Table, as_text, nothing_here, with_datetimes

FOLD_BYTES = 75
PROPERTIES = {
    "phone": "TEL;TYPE=VOICE",
    "phones": "TEL;TYPE=VOICE",
    "whatsapp": "X-WHATSAPP",
    "email": "EMAIL",
    "emails": "EMAIL",
    "notes": "NOTE",
    "id": "UID",
    "updated_at": "REV",
}


def write(path: Path, table: Table) -> int:
    """Write the file and return how many cards it has. Columns are known by key; a card has no place for some."""
    keys = [column.key for column in table.columns]
    count = 0
    with path.open("w", encoding="utf-8", newline="", buffering=1 << 20) as file:
        for count, row in enumerate(with_datetimes(table), 1):  # noqa: B007 - the count is what stays
            file.writelines(f"{folded(line)}\r\n" for line in card(dict(zip(keys, row, strict=True))))
        if not count:
            file.write(folded(f"X-EMPTY:{escaped(nothing_here())}") + "\r\n")  # outside any card: programs pass over it
    return count


def card(row: dict[str, Any]) -> Iterator[str]:
    """The lines of one card, before folding. Every card has a name, for the format demands it."""
    name, company = as_text(row.get("name")), as_text(row.get("company"))
    full = name or company or next(iter(_several(row, "phone", "phones", "email", "emails")), "?")
    yield from ("BEGIN:VCARD", "VERSION:3.0", f"FN:{escaped(full)}", f"N:{escaped(full)};;;;")
    if company:
        yield f"ORG:{escaped(company)}"
    for key, name in PROPERTIES.items():
        yield from (f"{name}:{escaped(value)}" for value in _several(row, key))
    if tags := _several(row, "tags"):
        yield "CATEGORIES:" + ",".join(map(escaped, tags))
    yield "END:VCARD"


def _several(row: dict[str, Any], *keys: str) -> list[str]:
    """Each value once; `phone` is usually the first of `phones`."""
    found = (value for key in keys for value in _listed(row.get(key)))
    return list(dict.fromkeys(filter(None, map(_text, found))))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else as_text(value)


def escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return text.replace(",", "\\,").replace(";", "\\;").replace("\0", "")


def folded(line: str) -> str:
    """At most 75 bytes a line, never through the middle of a letter; the next begins with a space."""
    if len(line) * 4 <= FOLD_BYTES or len(line.encode()) <= FOLD_BYTES:
        return line
    pieces, size, start = [], 0, 0
    for i, char in enumerate(line):
        width = len(char.encode())
        if size + width > FOLD_BYTES:
            pieces.append(line[start:i])
            start, size = i, 1
        size += width
    return "\r\n ".join([*pieces, line[start:]])
