"""The older tool's JSON row."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from app.contacts.models import Contact, Lock
from app.contacts.service import AddressIn
from app.contacts.wide import WideRow

MONTH_DAYS = 30.44


class OldContact(msgspec.Struct):
    """What the older clients send; fields that they invent are ignored, as there."""

    phone: str | None = None
    name: str | None = None
    note: str | UnsetType | None = UNSET
    status: str | None = None


class OldRow(msgspec.Struct, kw_only=True):
    """What they expect back."""

    id: str
    phone: str | None
    name: str
    status: str
    note: str
    coords: str | None = None
    locked_by: str | None = None
    locked_until: datetime | None = None
    reminder_time: datetime | None = None
    last_called_by: str | None = None
    last_called_time: datetime | None = None
    last_visibility_time: datetime | None = None
    visibility_months_ago: int | None = None
    editors_history: list[Any] = []
    created_at: datetime
    updated_at: datetime
    version: int


def _months(at: datetime) -> int:
    return int((datetime.now(UTC) - at).days / MONTH_DAYS)


def old_row(contact: Contact, lock: Lock | None) -> OldRow:
    return OldRow(
        id=str(contact.id),
        phone=contact.phone or None,
        name=contact.name,
        status=contact.status.code,
        note=contact.notes,
        locked_by=lock.who if lock else None,
        locked_until=lock.until if lock else None,
        last_called_time=contact.last_contacted_at,
        last_visibility_time=contact.seen_at,
        visibility_months_ago=_months(contact.seen_at),
        created_at=contact.created_at,
        updated_at=contact.updated_at,
        version=contact.version,
    )


def old_row_of_wide(row: WideRow) -> OldRow:
    return OldRow(
        id=str(row.id),
        phone=row.phone,
        name=row.name,
        status=row.status,
        note=row.notes,
        last_called_time=row.last_contacted_at,
        last_visibility_time=row.updated_at,
        visibility_months_ago=_months(row.updated_at),
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def older_changes(data: OldContact, contact: Contact) -> dict[str, Any]:
    """The fields given, under the service's names; a phone replaces the first one."""
    wanted: dict[str, Any] = {}
    if data.name is not None:
        wanted["name"] = data.name
    if data.status is not None:
        wanted["status"] = data.status
    if data.note is not UNSET:
        wanted["notes"] = data.note or ""
    if data.phone:
        first = next((a for a in contact.addresses if a.external_id == contact.phone), None)
        others = [AddressIn(a.channel, a.external_id, a.label) for a in contact.addresses if a is not first]
        wanted["addresses"] = [AddressIn("phone", data.phone), *others]
    return wanted
