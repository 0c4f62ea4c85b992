"""Who holds a contact now; what every change asks first."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models import Lock
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Conflict
from app.frame.show import time


async def live_lock(db: AsyncSession, contact_id: int) -> Lock | None:
    """The lock that holds now."""
    lock = await db.get(Lock, contact_id)
    return lock if lock and lock.until > now_utc() else None


def taken(lock: Lock) -> Conflict:
    sentence = _("%(who)s lo está editando desde las %(since)s.", who=lock.who, since=time(lock.since))
    return Conflict(sentence, locked_by=lock.who, locked_until=lock.until)


async def refuse_locked(db: AsyncSession, contact_id: int) -> None:
    """Raises Conflict while somebody else edits this contact."""
    held = await live_lock(db, contact_id)
    if held and held.user_id != (actor_of(db).user_id or 0):
        raise taken(held)


async def held_by_others(db: AsyncSession, ids: list[int]) -> set[int]:
    """Which of these somebody else edits now."""
    standing = (Lock.contact_id.in_(ids), Lock.until > now_utc(), Lock.user_id != (actor_of(db).user_id or 0))
    return set(await db.scalars(select(Lock.contact_id).where(*standing)))
