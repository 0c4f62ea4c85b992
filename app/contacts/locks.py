"""Locks: one person edits a contact at a time; others see who, and since when."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.held import live_lock, taken
from app.contacts.models import Lock
from app.contacts.scope import sees
from app.contacts.service import get_contact, hold_row, refuse_binned
from app.frame import audit, live
from app.frame.actor import actor_of
from app.frame.counting import touched
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Forbidden

MINUTES_MAX = 60


async def lock_contact(db: AsyncSession, contact_id: int, minutes: int) -> Lock:
    """Take or extend the lock. Raises Conflict (extra `locked_by`, `locked_until`) when somebody else holds it."""
    contact = await get_contact(db, contact_id, "contacts.edit")
    await hold_row(db, contact)
    refuse_binned(contact)
    actor, now = actor_of(db), now_utc()
    held = await live_lock(db, contact_id)
    if held and held.user_id != actor.user_id:
        raise taken(held)
    if held:
        held.until = now + timedelta(minutes=min(minutes, MINUTES_MAX))
        return held
    return await _write(db, contact_id, minutes)


async def _write(db: AsyncSession, contact_id: int, minutes: int) -> Lock:
    actor, now = actor_of(db), now_utc()
    await db.execute(delete(Lock).where(Lock.contact_id == contact_id))
    until = now + timedelta(minutes=min(minutes, MINUTES_MAX))
    lock = Lock(contact_id=contact_id, user_id=actor.user_id or 0, who=actor.name, since=now, until=until)
    db.add(lock)
    await db.flush()
    live.nudge(db, f"contact-{contact_id}")
    return lock


async def take_over(db: AsyncSession, contact_id: int, minutes: int) -> Lock:
    """Take the lock from whoever holds it. Raises Forbidden without the right."""
    contact = await get_contact(db, contact_id, "contacts.edit")
    refuse_binned(contact)
    if not sees(actor_of(db), contact, "contacts.takeover"):
        raise Forbidden(_("Pida a su supervisora que lo tome."), permission="contacts.takeover")
    held = await live_lock(db, contact_id)
    lock = await _write(db, contact_id, minutes)
    if held and held.user_id != lock.user_id:
        audit.record(db, "contacts.taken_over", "contact", contact_id, {"locked_by": held.who})
    return lock


async def unlock_contact(db: AsyncSession, contact_id: int) -> None:
    """Give the lock back; only one's own. What one does not hold is no error, what one may not see is NotFound."""
    gone = delete(Lock).where(Lock.contact_id == contact_id, Lock.user_id == (actor_of(db).user_id or 0))
    if await touched(db, gone):
        live.nudge(db, f"contact-{contact_id}")
    else:
        await get_contact(db, contact_id)


async def sweep_locks(db: AsyncSession) -> int:
    """Remove expired locks and tell the screens. Returns how many."""
    expired = list(await db.scalars(select(Lock.contact_id).where(Lock.until <= now_utc())))
    if expired:
        await db.execute(delete(Lock).where(Lock.contact_id.in_(expired)))
        live.nudge(db, *(f"contact-{i}" for i in expired))
    return len(expired)
