"""Writing down that somebody does not want to be contacted, and lifting it again. Nothing is ever deleted."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models import CHANNELS, Contact
from app.contacts.models_consent import Block
from app.contacts.scope import sees
from app.contacts.service import get_contact
from app.contacts.standing import CHUNK, matches_of, settle_marks, sharers
from app.frame import audit
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Forbidden, NotFound, Refused

PURPOSES = ("*", "service", "marketing")


def _check(channel: str, purpose: str) -> None:
    if channel not in ("*", *CHANNELS):
        raise Refused(_("El canal «%(channel)s» no existe.", channel=channel[:20]), "channel")
    if purpose not in PURPOSES:
        raise Refused(_("Elija para qué no desea contacto."), "purpose")


async def block_contact(
    db: AsyncSession, contact_id: int, *, channel: str = "*", purpose: str = "*", reason: str = "", source: str = ""
) -> Block:
    """This person, on one channel or on all."""
    contact = await get_contact(db, contact_id)
    if not sees(actor_of(db), contact, "contacts.block"):
        raise Forbidden(_("No tiene permiso para anotarlo en este contacto."), permission="contacts.block")
    _check(channel, purpose)
    block = _row(contact_id=contact_id, channel=channel, purpose=purpose, reason=reason, source=source, db=db)
    db.add(block)
    await db.flush()
    await settle_marks(db, await _touched(db, block))
    after = {"channel": channel, "purpose": purpose, "reason": reason}
    audit.record(db, "contacts.blocked", "contact", contact_id, after=after)
    return block


async def block_address_of(
    db: AsyncSession, contact_id: int, match: str, *, channel: str, purpose: str, reason: str, source: str
) -> Block:
    """One of a contact's addresses; the contact decides who may write it down."""
    contact = await get_contact(db, contact_id)
    if not sees(actor_of(db), contact, "contacts.block"):
        raise Forbidden(_("No tiene permiso para anotarlo en este contacto."), permission="contacts.block")
    if match not in {a.match for a in contact.addresses}:
        raise Refused(_("Ese medio ya no es de este contacto."), "match")
    return await block_address(db, match, channel=channel, purpose=purpose, reason=reason, source=source)


async def block_address(
    db: AsyncSession, match: str, *, channel: str = "*", purpose: str = "*", reason: str = "", source: str = ""
) -> Block:
    """This number or mailbox, whoever has it, now or later."""
    _check(channel, purpose)
    block = _row(match=match, channel=channel, purpose=purpose, reason=reason, source=source, db=db)
    db.add(block)
    await db.flush()
    await settle_marks(db, await db.scalars(sharers([match])))
    after = {"match": match, "channel": channel, "purpose": purpose, "reason": reason}
    audit.record(db, "contacts.blocked", "block", block.id, after=after)
    return block


def _row(db: AsyncSession, **values: object) -> Block:
    return Block(since=now_utc(), who=actor_of(db).name, **values)


async def block_list(db: AsyncSession, matches: Iterable[str], *, reason: str, source: str) -> int:
    """A list of numbers at once; those blocked already are left. Returns how many are new."""
    wanted = list(dict.fromkeys(matches))
    new = 0
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        standing = await fully_blocked(db, some)
        rows = [m for m in some if m not in standing]
        new += len(rows)
        if rows:
            base: dict[str, Any] = {"channel": "*", "purpose": "*", "reason": reason, "source": source}
            base |= {"since": now_utc(), "who": actor_of(db).name, "lifted_by": ""}
            await db.execute(insert(Block), [base | {"match": match} for match in rows])
        await settle_marks(db, await db.scalars(sharers(some)))
    audit.record(db, "contacts.block_list", "block", "", after={"new": new, "given": len(wanted), "source": source})
    return new


async def fully_blocked(db: AsyncSession, matches: list[str]) -> set[str]:
    """Those of these addresses that are blocked for everything already."""
    standing = (Block.lifted_at.is_(None), Block.channel == "*", Block.purpose == "*")
    found: set[str] = set()
    for start in range(0, len(matches), CHUNK):
        known = select(Block.match).where(Block.match.in_(matches[start : start + CHUNK]), *standing)
        found |= {match for match in await db.scalars(known) if match}
    return found


async def lift_block(db: AsyncSession, block_id: int, why: str) -> Block:
    """End a block; needs its own right and a reason."""
    block = await standing_block(db, block_id)
    if not why.strip():
        raise Refused(_("Escriba por qué se levanta."), "why")
    await _refuse_strangers(db, block)
    block.lifted_at, block.lifted_by = now_utc(), f"{actor_of(db).name}: {why.strip()}"[:200]
    await db.flush()
    await settle_marks(db, await _touched(db, block))
    audit.record(db, "contacts.unblocked", "block", block_id, {"match": block.match}, {"why": why})
    return block


async def standing_block(db: AsyncSession, block_id: int) -> Block:
    """A block in force. Raises NotFound."""
    block = await db.get(Block, block_id)
    if block is None or block.lifted_at:
        raise NotFound(_("Ese «no contactar» ya no está vigente."))
    return block


async def _touched(db: AsyncSession, block: Block) -> list[int]:
    """The contacts whose mark depends on a block."""
    matches = [block.match] if block.match else await matches_of(db, [block.contact_id or 0])
    return [*([block.contact_id] if block.contact_id else []), *await db.scalars(sharers(matches))]


async def _refuse_strangers(db: AsyncSession, block: Block) -> None:
    actor = actor_of(db)
    if block.contact_id:
        owners = [await get_contact(db, block.contact_id)]
    else:
        owners = list(await db.scalars(select(Contact).where(Contact.id.in_(sharers([block.match or ""])))))
    alone = not owners and actor.may("contacts.unblock")
    if not alone and not any(sees(actor, owner, "contacts.unblock") for owner in owners):
        raise Forbidden(_("Pida a su supervisora que lo levante."), permission="contacts.unblock")


async def blocks_of(db: AsyncSession, contact_id: int) -> list[Block]:
    """Everything written down about a contact and its addresses, newest first; lifted ones too."""
    matches = await matches_of(db, [contact_id])
    holders = [contact_id, *await db.scalars(sharers(matches))]
    found = select(Block).where(or_(Block.contact_id.in_(holders), Block.match.in_(matches)))
    return list(await db.scalars(found.order_by(Block.id.desc())))


async def count_blocks(db: AsyncSession) -> int:
    return await db.scalar(select(func.count()).select_from(Block).where(Block.lifted_at.is_(None))) or 0
