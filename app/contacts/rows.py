"""Rows of a list, whole or thin."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, ColumnElement, type_coerce

from app.contacts.models import Contact
from app.frame.instant import InstantType, to_micros


def plain(value: Any) -> Any:
    """An instant as microseconds; anything else as it is."""
    return to_micros(value) if isinstance(value, datetime) else value


class Row(msgspec.Struct):
    """A contact in a list."""

    id: int
    name: str
    company: str
    phone: str
    email: str
    status_id: int
    tags: list[str]
    owner_id: int | None
    team_id: int | None
    country: str
    provenance: str
    blocked: bool
    version: int
    custom: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    last_contacted_at: datetime | None
    is_company: bool


class Page(msgspec.Struct):
    """Rows (Row, or WideRow of a wide list) and the cursor of the next page; None at the end."""

    rows: list[Any]
    next: str | None


Key = tuple[int, int, int | None, bool, int | None]


class Slip(msgspec.Struct):
    """As much of a row as says whether it still looks as it did.

    Equal keys, equal looks: id, version, last change, blocked, last contact; instants in microseconds. The last change
    is in it because SQLite may give an erased contact's id again. `past` is the value that the list is sorted by.
    """

    key: Key
    past: int | str | None

    @property
    def id(self) -> int:
        return self.key[0]


def raw_slip(*row: Any) -> Slip:
    """From SQLite, where instants are microseconds already and a flag equals its number."""
    return Slip(row[:5], row[5])


def slip(*row: Any) -> Slip:
    contact_id, version, updated, blocked, contacted, past = row
    return Slip((contact_id, version, plain(updated), blocked, plain(contacted)), plain(past))


def key_of(contact_id: int, version: int, updated: datetime, blocked: bool, contacted: datetime | None) -> Key:
    """The key of a row that was read whole."""
    return contact_id, version, to_micros(updated), blocked, plain(contacted)


class Slips(msgspec.Struct):
    """One page as slips."""

    rows: list[Slip]
    next: str | None


def slip_columns(sort: Any, dialect: str) -> list[ColumnElement[Any]]:
    """Few columns, and no conversions: half the time of a page goes into values that a kept row does not need."""
    columns: list[Any] = [
        Contact.id,
        Contact.version,
        Contact.updated_at,
        Contact.blocked,
        Contact.last_contacted_at,
        sort,
    ]
    return [_raw(c) for c in columns] if dialect == "sqlite" else columns


def _raw(column: Any) -> ColumnElement[Any]:
    return type_coerce(column, BigInteger) if isinstance(column.type, InstantType | Boolean) else column
