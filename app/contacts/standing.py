"""Which blocks stand: for an address, for the contacts that share it, and the mark that lists show."""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, bindparam, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.contacts.models import Address, Contact
from app.contacts.models_consent import Block
from app.frame import live
from app.frame.actor import actor_of
from app.frame.db import now_utc

CHUNK = 500


Matches = Iterable[str] | BindParameter[list[str]]


def sharers(matches: Matches) -> CompoundSelect[tuple[int]]:
    """Ids of the contacts that have one of these addresses, those in the bin too; each half has its own index."""
    these = matches if isinstance(matches, BindParameter) else list(matches)
    living = select(Address.contact_id).where(Address.match.in_(these), Address.live)
    return union_all(living, select(Address.contact_id).where(Address.match.in_(these), ~Address.live))


def standing_on(matches: Matches) -> ColumnElement[bool]:
    """Blocks in force of these addresses: their own, and those of everybody who has or had one of them."""
    these = matches if isinstance(matches, BindParameter) else list(matches)
    return Block.lifted_at.is_(None) & or_(Block.match.in_(these), Block.contact_id.in_(sharers(these)))


async def matches_of(db: AsyncSession, contact_ids: Iterable[int]) -> list[str]:
    """The addresses of some contacts as keys."""
    found = select(Address.match).where(Address.contact_id.in_(list(contact_ids))).distinct()
    return list(await db.scalars(found))


async def settle_marks(db: AsyncSession, contact_ids: Iterable[int]) -> None:
    """Bring `Contact.blocked` up to date for some contacts, and tell their screens."""
    await db.flush()
    wanted = list(dict.fromkeys(contact_ids))
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        blocked = set(await db.scalars(_blocked_among(), {"ids": some}))
        marked = set(await db.scalars(select(Contact.id).where(Contact.id.in_(some), Contact.blocked)))
        await _mark(db, blocked - marked, True)
        await _mark(db, marked - blocked, False)
        live.nudge(db, *(f"contact-{i}" for i in some[:50]), "contacts")


async def _mark(db: AsyncSession, contact_ids: set[int], blocked: bool) -> None:
    if contact_ids:
        marking = update(Contact).where(Contact.id.in_(contact_ids)).values(blocked=blocked)
        await db.execute(marking.execution_options(synchronize_session="fetch"))


@cache
def _blocked_among() -> CompoundSelect[tuple[int]]:
    """Those of some contacts (`ids`) that a block in force touches: their own, one of an address of theirs, or one of
    somebody who has the same address. Asked at once, as it is asked with every contact that is written."""
    own, other, in_force = aliased(Address), aliased(Address), Block.lifted_at.is_(None)
    ids: BindParameter[list[int]] = bindparam("ids", expanding=True)
    theirs = own.contact_id.in_(ids)
    shared = select(own.contact_id).join(other, other.match == own.match)
    shared = shared.join(Block, Block.contact_id == other.contact_id).where(theirs, in_force)
    return union_all(
        select(Block.contact_id).where(Block.contact_id.in_(ids), in_force),
        select(own.contact_id).join(Block, Block.match == own.match).where(theirs, in_force),
        shared.where(other.live),  # each half has its own index
        shared.where(~other.live),
    )


async def keep_on_addresses(db: AsyncSession, contact_ids: Iterable[int], matches: Iterable[str]) -> None:
    """What a contact forbade stays with an address that leaves it: nobody is called again by losing a row."""
    these = list(matches)
    held = select(Block).where(Block.contact_id.in_(list(contact_ids)), Block.lifted_at.is_(None))
    for block in list(await db.scalars(held)) if these else []:
        db.add_all(_for_address(db, block, match) for match in these)
    await db.flush()


def _for_address(db: AsyncSession, block: Block, match: str) -> Block:
    return Block(
        match=match, channel=block.channel, purpose=block.purpose, reason=block.reason, source=block.source,
        since=block.since, who=block.who or actor_of(db).name,
    )  # fmt: skip


async def follow(db: AsyncSession, from_id: int, to_id: int) -> list[int]:
    """Give the standing blocks of one contact to another. Returns the ids that moved."""
    found = select(Block.id).where(Block.contact_id == from_id, Block.lifted_at.is_(None))
    ids = list(await db.scalars(found))
    await give(db, ids, to_id)
    return ids


async def give(db: AsyncSession, block_ids: list[int], to_id: int) -> None:
    """Make a contact the owner of these blocks."""
    if block_ids:
        moved = update(Block).where(Block.id.in_(block_ids)).values(contact_id=to_id)
        await db.execute(moved.execution_options(synchronize_session="fetch"))


async def share_since(db: AsyncSession, from_id: int, to_id: int, known: set[int]) -> None:
    """Two that were one are parted: what they forbade as one holds for both."""
    found = select(Block).where(Block.contact_id == from_id, Block.lifted_at.is_(None), Block.id.not_in(known))
    for block in list(await db.scalars(found)):
        db.add(
            Block(
                contact_id=to_id, channel=block.channel, purpose=block.purpose, reason=block.reason,
                source=block.source, since=now_utc(), who=block.who,
            )
        )  # fmt: skip
    await db.flush()
