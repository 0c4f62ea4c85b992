"""Ageing: a contact nobody has seen for months becomes unlikely. A nightly job, never in a read; it can be undone."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.history import note_changes, open_batch
from app.contacts.models import Contact, Status
from app.contacts.models_history import Batch, Change
from app.contacts.statuses import all_statuses, status_by_code
from app.contacts.writing import snapshot, write_change
from app.frame import audit, live
from app.frame.db import now_utc

CHUNK = 1000
STAGES_MAX = 50


def months_before(at: datetime, months: int) -> datetime:
    """The same day so many months earlier; the last day of a shorter month."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    for day in range(at.day, at.day - 4, -1):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


async def age_contacts(db: AsyncSession, now: datetime | None = None) -> Batch | None:
    """Move contacts unseen for n months to the status with the largest n that fits. Protected ones stay as they are.

    An aged contact ages on to the next stage. Returns the batch for undoing, None when nothing aged.
    """
    now = now or now_utc()
    statuses = await all_statuses(db)
    stages = sorted((s for s in statuses if s.after_months and s.active), key=lambda s: -(s.after_months or 0))
    fixed = [s.id for s in statuses if s.protected]
    batch: Batch | None = None
    for stage in stages:
        beyond = [s.id for s in stages if (s.after_months or 0) >= (stage.after_months or 0)]
        old = await _unseen(db, months_before(now, stage.after_months or 0), [*fixed, *beyond])
        if old:
            batch = batch or await open_batch(db, "ageing")
            await _move(db, old, stage, batch)
    if batch:
        audit.record(db, "contacts.aged", "batch", batch.id, after={"contacts": batch.total})
        live.nudge(db, "contacts")
    return batch


async def restore_aged(db: AsyncSession, contact: Contact) -> bool:
    """Somebody or a file brought this contact again: what ageing made of it is taken back.

    Its status becomes what it was before the nights that aged it, unless a person set it since. For importers and
    whatever else sees a contact again; says whether anything changed.
    """
    before = snapshot(contact)
    contact.seen_at = now_utc()
    code = await _before_ageing(db, contact)
    if code is not None:
        contact.status = await status_by_code(db, code)
    return bool(write_change(db, contact, before))


async def _before_ageing(db: AsyncSession, contact: Contact) -> str | None:
    """The status before the last unbroken row of aged ones; None when a person or nobody set the present one."""
    changes = select(Change.before, Change.after, Batch.kind).outerjoin(Batch, Batch.id == Change.batch_id)
    found = changes.where(Change.contact_id == contact.id, Change.field == "status").order_by(Change.id.desc())
    code: str | None = None
    expected = contact.status.code
    for before, after, kind in await db.execute(found.limit(STAGES_MAX)):
        if kind != "ageing" or after != expected:
            break
        code = expected = before
    return code


async def _unseen(db: AsyncSession, since: datetime, not_in: list[int]) -> list[tuple[int, str]]:
    found = (
        select(Contact.id, Status.code)
        .join(Status, Status.id == Contact.status_id)
        .where(Contact.seen_at <= since, Contact.deleted_at.is_(None), Contact.status_id.not_in(not_in))
    )
    return [(row.id, row.code) for row in await db.execute(found)]


async def _move(db: AsyncSession, contacts: list[tuple[int, str]], stage: Status, batch: Batch) -> None:
    for start in range(0, len(contacts), CHUNK):
        some = contacts[start : start + CHUNK]
        values = {"status_id": stage.id, "version": Contact.version + 1}
        await db.execute(update(Contact).where(Contact.id.in_([i for i, _code in some])).values(values))
        for contact_id, code in some:
            note_changes(db, contact_id, {"status": (code, stage.code)}, batch)
        await db.flush()
    batch.total += len(contacts)
    batch.done = batch.total
