"""The older tool's JSON row."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models import Contact, Lock
from app.contacts.models_history import Change
from app.contacts.service import AddressIn
from app.contacts.wide import WideRow
from app.frame.db import now_utc

MONTH_DAYS = 30.44
HISTORY_MAX = 20


class OldContact(msgspec.Struct):
    """What the older clients send; fields that they invent are ignored, as there."""

    phone: str | None = None
    name: str | None = None
    note: str | UnsetType | None = UNSET
    status: str | None = None


class OldChange(msgspec.Struct):
    """One change of the name: who, what it was, what it became, when."""

    user: str
    field: str
    old: str
    new: str
    ts: datetime


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
    editors_history: list[OldChange] = []
    created_at: datetime
    updated_at: datetime
    version: int


def _months(at: datetime) -> int:
    return int((datetime.now(UTC) - at).days / MONTH_DAYS)


class Beside(msgspec.Struct):
    """What the older rows say and the contact itself does not: who holds it, when it was seen, how its name went."""

    locks: dict[int, Lock]
    seen: dict[int, datetime]
    names: dict[int, list[OldChange]]


async def beside(db: AsyncSession, first: int, last: int) -> Beside:
    """Of the contacts with these numbers and those between."""
    held = select(Lock).where(Lock.contact_id.between(first, last), Lock.until > now_utc())
    seen = select(Contact.id, Contact.seen_at).where(Contact.id.between(first, last))
    renamed = select(Change).where(Change.contact_id.between(first, last), Change.field == "name")
    names: dict[int, list[OldChange]] = {}
    for change in await db.scalars(renamed.order_by(Change.id.desc())):
        told = OldChange(change.who, change.field, change.before, change.after, change.at)
        names.setdefault(change.contact_id, []).append(told)
    return Beside(
        locks={lock.contact_id: lock for lock in await db.scalars(held)},
        seen=dict((await db.execute(seen)).tuples().all()),
        names={contact_id: told[:HISTORY_MAX] for contact_id, told in names.items()},
    )


def old_row(row: Contact | WideRow, more: Beside) -> OldRow:
    lock, seen = more.locks.get(row.id), more.seen[row.id]
    return OldRow(
        id=str(row.id),
        phone=row.phone or None,
        name=row.name,
        status=row.status if isinstance(row.status, str) else row.status.code,
        note=row.notes,
        locked_by=lock.who if lock else None,
        locked_until=lock.until if lock else None,
        last_called_time=row.last_contacted_at,
        last_visibility_time=seen,
        visibility_months_ago=_months(seen),
        editors_history=more.names.get(row.id, []),
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
