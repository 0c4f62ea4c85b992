"""The office's tags: renamed, made one, taken away; every contact that carries one follows, and it can be undone."""

from typing import Any

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.defining import require_settings
from app.contacts.folding import fold
from app.contacts.history import open_batch
from app.contacts.models import Contact, ContactTag, Tag
from app.contacts.models_history import Batch
from app.contacts.tagging import set_tags, typed_tags
from app.contacts.writing import snapshot, write_change
from app.frame import audit, jobs, live
from app.frame.i18n import _
from app.frame.refused import NotFound, Refused

INLINE, CHUNK = 200, 50
STATE = "retagging"


class TagUse(msgspec.Struct, frozen=True):
    """A tag and how many contacts outside the bin carry it."""

    id: int
    name: str
    n: int


async def tag_uses(db: AsyncSession) -> list[TagUse]:
    """All tags by name."""
    living = select(ContactTag.tag_id, func.count().label("n")).join(Contact, Contact.id == ContactTag.contact_id)
    counted = living.where(Contact.deleted_at.is_(None)).group_by(ContactTag.tag_id).subquery()
    found = select(Tag.id, Tag.name, func.coalesce(counted.c.n, 0)).outerjoin(counted, counted.c.tag_id == Tag.id)
    return [TagUse(*row) for row in (await db.execute(found.order_by(Tag.key))).tuples()]


async def get_tag(db: AsyncSession, tag_id: int) -> Tag:
    tag = await db.get(Tag, tag_id)
    if tag is None:
        raise NotFound(_("Esa etiqueta ya no existe."))
    return tag


async def rename_tag(db: AsyncSession, tag_id: int, name: str) -> Batch:
    """A new name for a tag. Raises Refused when another has it: those two are made one with `merge_tags`."""
    require_settings(db)
    tag, wanted = await get_tag(db, tag_id), typed_tags([name])
    if not wanted:
        raise Refused(_("Escriba el nombre de la etiqueta."), "name")
    other = await db.scalar(select(Tag).where(Tag.key == fold(wanted[0]), Tag.id != tag_id))
    if other is not None:
        raise Refused(_("Ya hay una etiqueta «%(name)s». Únalas.", name=other.name), "name")
    before, tag.name, tag.key = tag.name, wanted[0], fold(wanted[0])
    await db.flush()
    return await _replace(db, tag, before, wanted[0], "contacts.tag_renamed")


async def merge_tags(db: AsyncSession, tag_id: int, into_id: int) -> Batch:
    """Whoever carries the one carries the other from now on."""
    require_settings(db)
    if tag_id == into_id:
        raise Refused(_("Elija otra etiqueta: no se une una consigo misma."), "into")
    tag, into = await get_tag(db, tag_id), await get_tag(db, into_id)
    return await _replace(db, tag, tag.name, into.name, "contacts.tag_merged")


async def delete_tag(db: AsyncSession, tag_id: int) -> Batch:
    """Nobody carries it any more."""
    require_settings(db)
    tag = await get_tag(db, tag_id)
    return await _replace(db, tag, tag.name, None, "contacts.tag_deleted")


async def _replace(db: AsyncSession, tag: Tag, before: str, after: str | None, verb: str) -> Batch:
    ids = list(await db.scalars(select(ContactTag.contact_id).where(ContactTag.tag_id == tag.id)))
    batch = await open_batch(db, "retag", ids=ids, tag=tag.id, before=before, after=after)
    batch.total = len(ids)
    audit.record(db, verb, "tag", tag.id, {"name": before}, {"name": after, "contacts": len(ids)})
    if len(ids) <= INLINE:
        await retag_chunk(db, batch, batch.detail, INLINE)
    else:
        batch.state = STATE
        jobs.enqueue(db, "contacts.retag", str(batch.id))
    return batch


async def retag_chunk(db: AsyncSession, batch: Batch, detail: dict[str, Any], size: int = CHUNK) -> bool:
    """The next contacts; returns whether there are more. Safe to repeat after a crash."""
    ids = detail["ids"][batch.done : batch.done + size]
    old, new = fold(detail["before"]), detail["after"]
    for contact in list(await db.scalars(select(Contact).where(Contact.id.in_(ids)))):
        before = snapshot(contact)
        swapped = [new if fold(name) == old else name for name in contact.tags]
        await set_tags(db, contact, [name for name in swapped if name])
        if write_change(db, contact, before, batch):
            live.nudge(db, f"contact-{contact.id}")
    batch.done += len(ids)
    live.nudge(db, "contacts")
    if batch.done < batch.total:
        return True
    batch.state = "done"
    await _drop(db, detail)
    return False


async def _drop(db: AsyncSession, detail: dict[str, Any]) -> None:
    """The tag itself goes when nobody carries it and its name is not the one that stays."""
    if detail["after"] is not None and await _is_kept(db, detail):
        return
    carried = select(ContactTag.tag_id).where(ContactTag.tag_id == detail["tag"]).exists()
    await db.execute(delete(Tag).where(Tag.id == detail["tag"], ~carried))


async def _is_kept(db: AsyncSession, detail: dict[str, Any]) -> bool:
    key = await db.scalar(select(Tag.key).where(Tag.id == detail["tag"]))
    return key == fold(detail["after"])
