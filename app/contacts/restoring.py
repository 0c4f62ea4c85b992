"""Putting an old value of a field back."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.addresses import Exact, match_of
from app.contacts.bin import take_from_bin
from app.contacts.models import Contact
from app.contacts.models_history import Change
from app.contacts.service import AddressIn, change_contact, get_contact, give_addresses
from app.contacts.statuses import status_by_code
from app.contacts.tagging import set_tags
from app.contacts.writing import FIELDS
from app.frame.i18n import _
from app.frame.refused import NotFound, Refused


async def put_back(db: AsyncSession, contact: Contact, field: str, value: Any) -> None:
    """Set one field as history kept it. Raises Conflict when a number belongs to somebody else by now."""
    if field == "status":
        contact.status = await status_by_code(db, value)
    elif field == "tags":
        await set_tags(db, contact, value)
    elif field == "addresses":
        exact = [Exact(a["channel"], a["value"], match_of(a["channel"], a["value"]), "", a["label"]) for a in value]
        await give_addresses(db, contact, exact)
    elif field == "deleted":
        await _undelete(db, contact)
    elif field in FIELDS:
        setattr(contact, field, value)
    else:
        raise Refused(_("Ese cambio no se restaura desde aquí."), "field")


async def _undelete(db: AsyncSession, contact: Contact) -> None:
    if contact.deleted_at is not None and contact.merged_into is None:
        await take_from_bin(db, contact)


def _only_changed(change: Change, now: dict[str, Any]) -> dict[str, Any]:
    """The own fields of today, but those that the change touched as they were before it."""
    before, after = change.before, change.after
    touched = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    return {k: v for k, v in now.items() if k not in touched} | {k: v for k, v in before.items() if k in touched}


async def restore_value(db: AsyncSession, change_id: int) -> Contact:
    """«Restore this value» of the history page: what stood before the change."""
    change = await db.get(Change, change_id)
    if change is None:
        raise NotFound(_("Ese cambio ya no existe."))
    value = change.before
    if change.field == "addresses":
        value = [AddressIn(a["channel"], a["value"], a["label"]) for a in value]
    elif change.field == "custom":
        value = _only_changed(change, (await get_contact(db, change.contact_id)).custom)
    elif change.field not in (*FIELDS, "tags", "status"):
        raise Refused(_("Ese cambio no se restaura desde aquí."), "field")
    return await change_contact(db, change.contact_id, {change.field: value})
