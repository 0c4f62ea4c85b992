"""Undoing a batch: every change goes back, unless somebody changed that field since."""

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.bulk import INLINE, own_batch
from app.contacts.models import Contact, Status
from app.contacts.models_history import Batch, Change
from app.contacts.restoring import put_back
from app.contacts.statuses import all_statuses
from app.contacts.writing import snapshot, write_change
from app.frame import audit, jobs, live
from app.frame.actor import actor_of
from app.frame.audit import plain
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Conflict, Refused

CHUNK = 200
Statuses = dict[str, Status]
LEFT_SHOWN = 200  # how many of those left alone are remembered by name


class Undone(msgspec.Struct):
    """How many contacts went back, and which were left because people changed them since: (id, name, field).

    `running`: it is too much for one go, a job does it and writes what it found into the batch."""

    restored: int = 0
    left: list[tuple[int, str, str]] = []
    running: bool = False


async def undo_batch(db: AsyncSession, batch_id: int) -> Undone:
    """Undo a bulk edit or a night of ageing. One's own, or anybody's with `contacts.settings`."""
    batch = await own_batch(db, batch_id)
    if batch.undone_at or batch.state == "undoing":
        raise Conflict(_("Ya se deshizo."))
    if batch.state not in ("done", "cancelled"):
        raise Refused(_("Espere a que termine, o cancélelo primero."), status=409)
    if await _is_long(db, batch):
        actor = actor_of(db)
        batch.state, batch.done = "undoing", 0
        batch.detail = batch.detail | {"undone_by": [actor.user_id, actor.name]}
        jobs.enqueue(db, "contacts.undo", str(batch.id))
        live.nudge(db, f"batch-{batch.id}")
        return Undone(running=True)
    undone = await undo_changes(db, batch)
    finish_undo(db, batch, undone)
    return undone


async def _is_long(db: AsyncSession, batch: Batch) -> bool:
    beyond = select(Change.id).where(Change.batch_id == batch.id).order_by(Change.id).offset(INLINE).limit(1)
    return await db.scalar(beyond) is not None


def finish_undo(db: AsyncSession, batch: Batch, undone: Undone) -> None:
    """Everything is back, but for what was left."""
    batch.undone_at, batch.state = now_utc(), "done"
    after = {"restored": undone.restored, "left": len(undone.left)}
    batch.detail = batch.detail | {"undone": after | {"left": undone.left[:LEFT_SHOWN], "left_count": len(undone.left)}}
    audit.record(db, "contacts.undone", "batch", batch.id, after=after)
    live.nudge(db, "contacts", f"batch-{batch.id}")


async def undo_changes(db: AsyncSession, batch: Batch) -> Undone:
    """Put back what a batch changed; the last change of a field decides whether it was touched since."""
    undone = Undone()
    last: int | None = 0
    while last is not None:
        last = await undo_some(db, batch.id, last, undone)
    return undone


async def undo_some(db: AsyncSession, batch_id: int, last: int, undone: Undone, size: int = CHUNK) -> int | None:
    """Put back the next changes after `last`. Returns the last one done; None when there are no more."""
    found = select(Change).where(Change.batch_id == batch_id, Change.id > last).order_by(Change.id).limit(size)
    changes = list(await db.scalars(found))
    if not changes:
        return None
    by_contact: dict[int, list[Change]] = {}
    for change in changes:
        by_contact.setdefault(change.contact_id, []).append(change)
    rows = {c.id: c for c in await db.scalars(select(Contact).where(Contact.id.in_(by_contact)))}
    touched = await _touched_since(db, by_contact)
    statuses = {s.code: s for s in await all_statuses(db)}
    for contact_id, own in by_contact.items():
        if contact := rows.get(contact_id):
            await _undo_contact(db, contact, own, touched[contact_id], undone, statuses)
    await db.flush()
    return changes[-1].id


async def _undo_contact(
    db: AsyncSession, contact: Contact, changes: list[Change], touched: set[str], undone: Undone, statuses: Statuses
) -> None:
    before, version = snapshot(contact), contact.version
    for change in changes:
        if change.field in before and plain(before[change.field]) == change.before:
            continue  # it is back already
        if change.field in touched or not await _went_back(db, contact, change, statuses):
            undone.left.append((contact.id, contact.name, change.field))
    if write_change(db, contact, before) or contact.version != version:
        undone.restored += 1
        live.nudge(db, f"contact-{contact.id}")


async def _went_back(db: AsyncSession, contact: Contact, change: Change, statuses: Statuses) -> bool:
    """Whether the old value could be put back: a number may belong to somebody else by now."""
    if change.field == "status" and change.before in statuses:
        contact.status = statuses[change.before]
        return True
    try:
        await put_back(db, contact, change.field, change.before)
    except Conflict:
        return False
    return True


async def _touched_since(db: AsyncSession, by_contact: dict[int, list[Change]]) -> dict[int, set[str]]:
    """Per contact the fields that changed after these changes."""
    last = {contact_id: max(c.id for c in own) for contact_id, own in by_contact.items()}
    later = select(Change.contact_id, Change.id, Change.field)
    later = later.where(Change.contact_id.in_(last), Change.id > min(last.values()))
    found: dict[int, set[str]] = {contact_id: set() for contact_id in last}
    for contact_id, change_id, field in await db.execute(later):
        if change_id > last[contact_id]:
            found[contact_id].add(field)
    return found
