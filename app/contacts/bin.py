"""The bin: thirty days to change one's mind, then it is gone."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import events
from app.contacts.held import refuse_locked
from app.contacts.models import Contact
from app.contacts.scope import sees
from app.contacts.service import get_contact, hold_numbers, refuse_taken
from app.contacts.stored import stored_exact
from app.contacts.wiping import wipe
from app.contacts.writing import snapshot
from app.frame import audit, bus, live
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Forbidden

KEEP_DAYS = 30
BATCH = 500


async def delete_contact(db: AsyncSession, contact_id: int) -> Contact:
    """Put a contact into the bin; its numbers are free again. Raises NotFound, Forbidden, Conflict while it is held."""
    contact = await get_contact(db, contact_id)
    if not sees(actor_of(db), contact, "contacts.delete"):
        raise Forbidden(_("Pida a la persona administradora que lo elimine."), permission="contacts.delete")
    if contact.deleted_at is None:
        await refuse_locked(db, contact_id)
        audit.record(db, "contacts.deleted", "contact", contact.id, before=snapshot(contact))
        await put_in_bin(db, contact)
    return contact


async def put_in_bin(db: AsyncSession, contact: Contact) -> None:
    """The deed itself; who may do it was settled, and the audit is the caller's."""
    contact.deleted_at = now_utc()
    contact.version += 1
    _set_live(contact, False)
    await db.flush()
    await bus.emit(db, events.ContactDeleted(contact.id))
    live.nudge(db, f"contact-{contact.id}", "contacts")


def _set_live(contact: Contact, value: bool) -> None:
    for address in contact.addresses:
        address.live = value


async def restore_contact(db: AsyncSession, contact_id: int) -> Contact:
    """Take a contact out of the bin. Raises Conflict when somebody else has one of its numbers by now."""
    contact = await get_contact(db, contact_id)
    if not sees(actor_of(db), contact, "contacts.delete"):
        raise Forbidden(_("Pida a la persona administradora que lo restaure."), permission="contacts.delete")
    if contact.deleted_at is not None:
        await take_from_bin(db, contact)
        audit.record(db, "contacts.restored", "contact", contact.id)
    return contact


async def take_from_bin(db: AsyncSession, contact: Contact) -> None:
    """The deed itself. Raises Conflict when somebody else has one of its numbers by now."""
    await hold_numbers(db)
    await refuse_taken(db, [stored_exact(a) for a in contact.addresses], contact.id)
    contact.deleted_at, contact.updated_at = None, now_utc()
    contact.version += 1
    _set_live(contact, True)
    await db.flush()
    await bus.emit(db, events.ContactRestored(contact.id))
    live.nudge(db, f"contact-{contact.id}", "contacts")


async def empty_bin(db: AsyncSession) -> int:
    """Erase what has been in the bin for thirty days, some at a time. Returns how many."""
    limit = now_utc() - timedelta(days=KEEP_DAYS)
    old = select(Contact.id).where(Contact.deleted_at < limit, Contact.merged_into.is_(None)).limit(BATCH)
    ids = list(await db.scalars(old))
    for contact_id in ids:
        await wipe(db, contact_id)
        audit.record(db, "contacts.expired", "contact", contact_id)
    return len(ids)
