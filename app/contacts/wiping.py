"""Removing every row about a person: the end of thirty days in the bin, or a request to be forgotten."""

from collections.abc import Iterable

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import events
from app.contacts.models import Address, Contact, ContactTag, Lock
from app.contacts.models_consent import Block, Consent
from app.contacts.models_history import Change, Event, Merge
from app.contacts.standing import keep_on_addresses, matches_of
from app.frame import audit, bus, live
from app.frame.counting import touched
from app.frame.i18n import _
from app.frame.refused import NotFound

Counts = dict[str, int]


async def merged_into(db: AsyncSession, contact_id: int) -> list[int]:
    """The contact and everybody who became part of it, however many steps ago."""
    found, newest = [contact_id], [contact_id]
    while newest:
        newest = list(await db.scalars(select(Contact.id).where(Contact.merged_into.in_(newest))))
        found += newest
    return found


async def wipe(db: AsyncSession, contact_id: int) -> Counts:
    """Remove every row about a contact, here and (by event) in other modules. Returns counts per kind.

    What it forbade stays on its addresses, without a name.
    """
    if await db.get(Contact, contact_id) is None:
        raise NotFound(_("Este contacto ya no existe."))
    await bus.emit(db, events.ContactErased(contact_id))
    everyone = await merged_into(db, contact_id)
    matches = await matches_of(db, everyone)
    await keep_on_addresses(db, everyone, matches)
    counts: Counts = {"audit": 0}
    await _wipe_consent(db, everyone, matches, counts)
    await _wipe_merges(db, everyone, counts)
    for one in everyone:
        await _wipe_one(db, one, counts)
    live.nudge(db, f"contact-{contact_id}", "contacts")
    db.expire_all()
    return counts | {"contact": len(everyone)}


async def _wipe_one(db: AsyncSession, contact_id: int, counts: Counts) -> None:
    for table in (Change, Event, ContactTag, Lock, Address):
        _add(counts, table.__tablename__, await touched(db, delete(table).where(table.contact_id == contact_id)))
    await db.execute(update(Contact).where(Contact.id == contact_id).values(search=""))
    await db.execute(delete(Contact).where(Contact.id == contact_id))
    counts["audit"] += await audit.erase_details(db, "contact", contact_id)


async def _wipe_consent(db: AsyncSession, ids: list[int], matches: list[str], counts: Counts) -> None:
    """The contact's own blocks and consents; those of an address stay while somebody else has it."""
    blocks = list(await db.scalars(select(Block.id).where(Block.contact_id.in_(ids))))
    await db.execute(delete(Block).where(Block.id.in_(blocks)))
    shared = select(Address.match).where(Address.match.in_(matches), Address.contact_id.not_in(ids))
    alone = set(matches) - set(await db.scalars(shared))
    mine = or_(Consent.contact_id.in_(ids), Consent.match.in_(alone))
    gone = await touched(db, delete(Consent).where(mine))
    _add(counts, Block.__tablename__, len(blocks))
    _add(counts, Consent.__tablename__, gone)
    counts["audit"] += await _erase_details(db, "block", blocks)


async def _wipe_merges(db: AsyncSession, ids: list[int], counts: Counts) -> None:
    """Merges keep both people's data: forget it, also where it stands in the other one's history."""
    found = select(Merge).where(or_(Merge.kept_id.in_(ids), Merge.gone_id.in_(ids)))
    merges = list(await db.scalars(found))
    noted = [i for merge in merges for i in merge.moved.get("noted", [])]
    await db.execute(delete(Change).where(Change.id.in_(noted)))
    await db.execute(delete(Merge).where(Merge.id.in_([merge.id for merge in merges])))
    _add(counts, Merge.__tablename__, len(merges))
    counts["audit"] += await _erase_details(db, "merge", [merge.id for merge in merges])


async def _erase_details(db: AsyncSession, noun: str, ids: Iterable[int]) -> int:
    return sum([await audit.erase_details(db, noun, one) for one in ids])


def _add(counts: Counts, name: str, n: int) -> None:
    counts[name] = counts.get(name, 0) + n
