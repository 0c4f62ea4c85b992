"""Two contacts that are one person become one; and can be parted again."""

from typing import Any

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import events
from app.contacts.held import refuse_locked
from app.contacts.history import note_changes
from app.contacts.models import Address, Contact
from app.contacts.models_consent import Block
from app.contacts.models_history import Change, Event, Merge
from app.contacts.service import get_contact, hold_row, refuse_binned
from app.contacts.standing import follow, give, settle_marks, share_since
from app.contacts.statuses import status_by_code
from app.contacts.tagging import set_tags
from app.contacts.writing import refresh, snapshot
from app.frame import audit, bus, live
from app.frame.actor import actor_of
from app.frame.audit import plain
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Conflict, NotFound, Refused

CHOOSABLE = ("name", "company", "is_company", "owner_id", "team_id", "country", "status")


class Preview(msgspec.Struct):
    """What a merge would give: the result, and the fields where the two differ as (kept, gone)."""

    result: dict[str, Any]
    differ: dict[str, tuple[Any, Any]]


def _blend(kept: dict[str, Any], gone: dict[str, Any], choose: dict[str, str]) -> dict[str, Any]:
    """Chosen fields from the other; blanks filled; notes, tags, custom fields and addresses joined."""
    result = dict(kept)
    for field in CHOOSABLE:
        if choose.get(field) == "gone" or kept[field] in ("", None):
            result[field] = gone[field] if gone[field] not in ("", None) else kept[field]
    result["notes"] = "\n\n".join(dict.fromkeys(n for n in (kept["notes"], gone["notes"]) if n))
    result["tags"] = list(dict.fromkeys([*kept["tags"], *gone["tags"]]))
    result["custom"] = gone["custom"] | kept["custom"]
    result["addresses"] = [*kept["addresses"], *gone["addresses"]]
    return result


async def _pair(db: AsyncSession, kept_id: int, gone_id: int) -> tuple[Contact, Contact]:
    if kept_id == gone_id:
        raise Refused(_("Elija otro contacto: no se une uno consigo mismo."), "gone")
    kept, gone = await get_contact(db, kept_id, "contacts.edit"), await get_contact(db, gone_id, "contacts.edit")
    if kept.deleted_at or gone.deleted_at:
        raise Conflict(_("Uno de los dos está en la papelera. Restáurelo primero."))
    return kept, gone


async def preview_merge(db: AsyncSession, kept_id: int, gone_id: int, choose: dict[str, str] | None = None) -> Preview:
    kept, gone = await _pair(db, kept_id, gone_id)
    one, other = snapshot(kept), snapshot(gone)
    differ = {f: (one[f], other[f]) for f in CHOOSABLE if one[f] != other[f]}
    return Preview(_blend(one, other, choose or {}), differ)


async def merge_contacts(db: AsyncSession, kept_id: int, gone_id: int, choose: dict[str, str] | None = None) -> Merge:
    """`choose` says {field: "gone"} where the other's value wins. Everything of the other moves to the kept one."""
    kept, gone = await _pair(db, kept_id, gone_id)
    for one in sorted((kept, gone), key=lambda contact: contact.id):
        await hold_row(db, one)
        await refuse_locked(db, one.id)
    before, other = snapshot(kept), snapshot(gone)
    result = _blend(before, other, choose or {})
    moved: dict[str, Any] = {"addresses": [a.id for a in gone.addresses], "events": await _events(db, gone_id)}
    moved["own_blocks"] = await _standing(db, kept_id)
    moved["blocks"] = await follow(db, gone_id, kept_id)
    await _move(db, kept, gone, moved)
    await _write(db, kept, result)
    moved |= {"kept": plain(before), "gone": plain(other), "result": plain(snapshot(kept))}
    gone.merged_into, gone.deleted_at, gone.version = kept.id, now_utc(), gone.version + 1
    actor = actor_of(db)
    merge = Merge(kept_id=kept.id, gone_id=gone.id, at=now_utc(), user_id=actor.user_id, who=actor.name, moved=moved)
    db.add(merge)
    await db.flush()
    await settle_marks(db, [kept.id, gone.id])
    await _tell(db, kept, merge, "contacts.merged", before, {"merged": (None, other["name"])})
    await bus.emit(db, events.ContactsMerged(kept_id, gone_id))
    return merge


async def _events(db: AsyncSession, contact_id: int) -> list[int]:
    return list(await db.scalars(select(Event.id).where(Event.contact_id == contact_id)))


async def _standing(db: AsyncSession, contact_id: int) -> list[int]:
    found = select(Block.id).where(Block.contact_id == contact_id, Block.lifted_at.is_(None))
    return list(await db.scalars(found))


async def _move(db: AsyncSession, to: Contact, away: Contact, moved: dict[str, Any]) -> None:
    """Give rows of one contact to the other."""
    await db.flush()
    for table, ids in ((Address, moved["addresses"]), (Event, moved["events"])):
        if ids:
            await db.execute(update(table).where(table.id.in_(ids)).values(contact_id=to.id))
    await db.refresh(to, ["addresses"])
    await db.refresh(away, ["addresses"])


async def _write(db: AsyncSession, contact: Contact, values: dict[str, Any]) -> None:
    for field in (f for f in CHOOSABLE if f != "status"):
        setattr(contact, field, values[field])
    contact.notes, contact.custom = values["notes"], values["custom"]
    contact.status = await status_by_code(db, values["status"])
    await set_tags(db, contact, values["tags"])
    contact.version, contact.updated_at = contact.version + 1, now_utc()
    refresh(contact)
    await db.flush()


async def _tell(
    db: AsyncSession, contact: Contact, merge: Merge, verb: str, before: dict[str, Any],
    more: dict[str, tuple[Any, Any]],
) -> None:  # fmt: skip
    """History, audit and screens. What was noted is remembered, so that erasing the other person erases it, too."""
    after = snapshot(contact)
    last = await db.scalar(select(func.max(Change.id)).where(Change.contact_id == contact.id)) or 0
    note_changes(db, contact.id, {f: (before[f], after[f]) for f in before if before[f] != after[f]} | more)
    await db.flush()
    noted = await db.scalars(select(Change.id).where(Change.contact_id == contact.id, Change.id > last))
    merge.moved = merge.moved | {"noted": [*merge.moved.get("noted", []), *noted]}
    audit.record(db, verb, "contact", contact.id, after={"merge": merge.id})
    audit.record(db, verb, "merge", merge.id, before, after)
    live.nudge(db, f"contact-{contact.id}", "contacts")
    await db.flush()


async def unmerge(db: AsyncSession, merge_id: int) -> tuple[int, Contact]:
    """Part two again: rows go back; fields of the kept one return unless somebody changed them since.

    Returns the id of the one that was kept and the contact that is back."""
    merge = await db.get(Merge, merge_id)
    if merge is None or merge.undone_at:
        raise NotFound(_("Esa unión ya no se puede deshacer."))
    kept = await get_contact(db, merge.kept_id, "contacts.edit")
    refuse_binned(kept)
    await refuse_locked(db, kept.id)
    gone = await db.get(Contact, merge.gone_id)
    if gone is None:
        raise NotFound(_("El otro contacto ya fue borrado."))
    before = snapshot(kept)
    await _part_rows(db, kept, gone, merge)
    gone.merged_into, gone.deleted_at = None, None
    await _write(db, kept, _back(plain(before), merge))
    await _write(db, gone, merge.moved["gone"])
    merge.undone_at = now_utc()
    await settle_marks(db, [kept.id, gone.id])
    await _tell(db, kept, merge, "contacts.parted", before, {"parted": (merge.moved["gone"]["name"], None)})
    await bus.emit(db, events.ContactsParted(kept.id, gone.id))
    return kept.id, gone


def _back(now: dict[str, Any], merge: Merge) -> dict[str, Any]:
    """The kept one's fields of then, but for those that somebody changed since."""
    then, result = merge.moved["kept"], merge.moved["result"]
    return {f: then[f] if now[f] == result[f] else now[f] for f in now}


async def _part_rows(db: AsyncSession, kept: Contact, gone: Contact, merge: Merge) -> None:
    """Addresses, events and blocks go back to whom they came from; what both forbade as one holds for both."""
    still = set(await db.scalars(select(Address.id).where(Address.contact_id == kept.id)))
    back = [i for i in merge.moved["addresses"] if i in still]
    await share_since(db, kept.id, gone.id, {*merge.moved["own_blocks"], *merge.moved["blocks"]})
    await give(db, merge.moved["blocks"], gone.id)
    await _move(db, gone, kept, {"addresses": back, "events": merge.moved["events"]})


async def merges_of(db: AsyncSession, contact_id: int) -> list[Merge]:
    """Merges into this contact that can still be undone, newest first."""
    found = select(Merge).where(Merge.kept_id == contact_id, Merge.undone_at.is_(None))
    return list(await db.scalars(found.order_by(Merge.id.desc())))
