"""A file of numbers that must not be contacted, read in the child process."""

from pathlib import Path
from typing import Any, Protocol

import msgspec

from app.contacts.addresses import exact
from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.reading import Sheet, open_sheet
from app.frame.i18n import _
from app.frame.refused import Refused

WORK = "app.contacts.blocked_files:read"
MOST = 200_000
BAD_KEPT = 5_000
REACH = {"phone": "phone", "whatsapp": "phone", "email": "email"}


class Report(Protocol):
    """What the child process offers its functions."""

    def cancelled(self) -> bool: ...


class Task(msgspec.Struct):
    path: str
    filename: str
    region: str


class Found(msgspec.Struct):
    """`matches` once each; `bad` are (row, cell, reason), the first BAD_KEPT of `bad_count`."""

    matches: list[str] = []
    bad: list[tuple[int, str, str]] = []
    bad_count: int = 0
    doubles: int = 0


def read(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """Every number and mailbox of the file. Raises BadFile."""
    task = msgspec.convert(args, Task)
    sheet = open_sheet(Path(task.path), task.filename)
    places = _places(sheet, task.region)
    found, seen = Found(), dict[str, None]()
    for block in sheet.blocks():
        for at, row in enumerate(block.rows()):
            _take([(c, row[i]) for i, c in places if row[i]], block.first + at + 1, task.region, found, seen)
        if report.cancelled() or len(seen) > MOST:
            break
    if len(seen) > MOST:
        raise BadFile("too_many_rows", limit=MOST)
    found.matches = list(seen)
    return msgspec.to_builtins(found)


def _places(sheet: Sheet, region: str) -> list[tuple[int, str]]:
    """(column, channel): those known as numbers or mailboxes, else all of them."""
    mapping = sheet.recognised(region)
    known = [(index, channel) for target, channel in REACH.items() for index in mapping.of(target)]
    return sorted(known) or [(index, "") for index in range(sheet.grid.width)]


def _take(cells: list[tuple[str, str]], row: int, region: str, found: Found, seen: dict[str, None]) -> None:
    """A row counts when one of its cells can be reached; else its first filled cell says why not."""
    matches, why = [], ""
    for channel, cell in cells:
        try:
            matches.append(exact(channel or ("email" if "@" in cell else "phone"), cell, region).match)
        except Refused as refused:
            why = why or refused.sentence
    if not matches and cells:
        found.bad_count += 1
        if len(found.bad) < BAD_KEPT:
            found.bad.append((row, cells[0][1][:200], why or _("No es un número ni un correo.")))
    for match in matches:
        found.doubles += match in seen
        seen[match] = None
