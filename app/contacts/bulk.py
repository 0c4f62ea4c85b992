"""One change for many contacts: quick for the writer, undone as one."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import belonging
from app.contacts.bin import put_in_bin
from app.contacts.held import held_by_others
from app.contacts.history import note_changes, open_batch
from app.contacts.models import Contact, Status
from app.contacts.models_history import Batch
from app.contacts.scope import visible
from app.contacts.statuses import status_by_code
from app.contacts.tagging import set_tags, tidy, typed_tags
from app.contacts.writing import snapshot, write_change
from app.frame import audit, jobs, live
from app.frame.actor import actor_of
from app.frame.i18n import _
from app.frame.refused import Forbidden, NotFound, Refused, each_awaited

INLINE = 200
CHUNK = 50  # what the one writer of SQLite can do without making the others wait for long
MOST = 100_000
KEYS = ("status", "owner_id", "team_id", "add_tags", "remove_tags", "delete")
UNFINISHED = ("queued", "running", "undoing")


async def start_bulk(db: AsyncSession, ids: list[int], wanted: dict[str, Any]) -> Batch:
    """Change many. `wanted`: status (code), owner_id, team_id (None clears), add_tags, remove_tags; or delete alone.

    Up to 200 are done at once; more become a job with progress. Contacts out of reach or held by others are left.
    """
    wanted = {k: v for k, v in wanted.items() if k in KEYS}
    if not wanted or not ids:
        raise Refused(_("Marque contactos y elija qué cambiar."))
    if "status" in wanted:
        wanted["status"] = (await status_by_code(db, wanted["status"])).code
    await each_awaited(*belonging.checks(db, wanted))
    typed_tags(wanted.get("add_tags", ()))
    mine = await _within_reach(db, ids[:MOST], "contacts.delete" if "delete" in wanted else "contacts.edit")
    if not mine:
        raise Refused(_("Puede ver esos contactos, pero no cambiarlos."), status=403)
    batch = await open_batch(db, "bulk", wanted=wanted, ids=mine, left=sorted(set(ids[:MOST]) - set(mine)))
    batch.total = len(mine)
    if len(mine) <= INLINE:
        await run_chunk(db, batch, batch.detail, INLINE)
        return batch
    batch.state = "queued"
    jobs.enqueue(db, "contacts.bulk", str(batch.id))
    return batch


async def _within_reach(db: AsyncSession, ids: list[int], permission: str) -> list[int]:
    found: list[int] = []
    for start in range(0, len(ids), 500):
        some = Contact.id.in_(ids[start : start + 500])
        reach = select(Contact.id).where(some, visible(actor_of(db), permission), Contact.deleted_at.is_(None))
        found += await db.scalars(reach)
    return found


async def run_chunk(db: AsyncSession, batch: Batch, detail: dict[str, Any], size: int = CHUNK) -> bool:
    """Do the next contacts of a batch. Returns whether there is more to do; safe to repeat after a crash.

    `detail` is the batch's own, read once: it names every contact, and to read it for each chunk would be slow.
    """
    ids = detail["ids"][batch.done : batch.done + size]
    rows = {c.id: c for c in await db.scalars(select(Contact).where(Contact.id.in_(ids)))}
    held = await held_by_others(db, ids)
    left = [i for i in ids if i not in rows or rows[i].deleted_at or i in held]
    await _change_all(db, [rows[i] for i in ids if i not in set(left)], batch, detail["wanted"])
    batch.done += len(ids)
    if left:
        detail["left"] = [*detail["left"], *left]
        batch.detail = dict(detail)
    batch.state = "running" if batch.done < batch.total else "done"
    live.nudge(db, f"batch-{batch.id}", "contacts")
    if batch.state == "done":
        audit.record(db, "contacts.bulk", "batch", batch.id, after={"wanted": detail["wanted"], "n": batch.total})
    await db.flush()
    return batch.state != "done"


async def _change_all(db: AsyncSession, contacts: list[Contact], batch: Batch, wanted: dict[str, Any]) -> None:
    status = await status_by_code(db, wanted["status"]) if "status" in wanted else None
    for contact in contacts:
        if "delete" in wanted:
            note_changes(db, contact.id, {"deleted": (False, True)}, batch)
            await put_in_bin(db, contact)
        else:
            await _change(db, contact, batch, wanted, status)


async def _change(
    db: AsyncSession, contact: Contact, batch: Batch, wanted: dict[str, Any], status: Status | None
) -> None:
    before = snapshot(contact)
    for field in ("owner_id", "team_id"):
        if field in wanted:
            setattr(contact, field, wanted[field])
    if status is not None:
        contact.status = status
    if "add_tags" in wanted or "remove_tags" in wanted:
        gone = {t.casefold() for t in tidy(wanted.get("remove_tags", []))}
        kept = [t for t in contact.tags if t.casefold() not in gone]
        await set_tags(db, contact, [*kept, *wanted.get("add_tags", [])])
    if write_change(db, contact, before, batch):
        live.nudge(db, f"contact-{contact.id}")


async def own_batch(db: AsyncSession, batch_id: int) -> Batch:
    """A batch for who made it, or for who may settle anything. Raises NotFound, Forbidden."""
    batch, actor = await db.get(Batch, batch_id), actor_of(db)
    if batch is None:
        raise NotFound(_("Ese cambio ya no existe."))
    if batch.user_id != actor.user_id and not actor.may("contacts.settings"):
        raise Forbidden(_("Sólo quien hizo el cambio puede deshacerlo."), permission="contacts.settings")
    return batch


async def cancel_bulk(db: AsyncSession, batch_id: int) -> Batch:
    """Stop before the next contacts; what is done stays and can be undone."""
    batch = await own_batch(db, batch_id)
    if batch.state in ("queued", "running"):
        batch.state = "cancelled"
        after = {"done": batch.done, "total": batch.total}
        audit.record(db, "contacts.bulk_cancelled", "batch", batch.id, after=after)
        live.nudge(db, f"batch-{batch.id}")
    return batch


async def running_batches(db: AsyncSession) -> list[Batch]:
    """The actor's own bulk edits that still go on."""
    mine = (Batch.user_id == actor_of(db).user_id, Batch.kind == "bulk", Batch.state.in_(UNFINISHED))
    return list(await db.scalars(select(Batch).where(*mine).order_by(Batch.id)))
