"""A blocked address is never allowed, whatever happened in between."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.bin import delete_contact, restore_contact
from app.contacts.blocks import block_address, block_contact, block_list, lift_block
from app.contacts.bulk import start_bulk
from app.contacts.consent import may_contact
from app.contacts.erasing import erase_person
from app.contacts.merging import merge_contacts, unmerge
from app.contacts.models import Address, Contact
from app.contacts.models_consent import Block
from app.contacts.models_history import Merge
from app.contacts.service import AddressIn, ContactIn, change_contact, create_contact
from app.contacts.undoing import undo_batch
from app.frame.refused import Refused
from tests.contacts.desk import Desk, number

pytestmark = pytest.mark.slow
OPEN = datetime(2026, 11, 24, 16, tzinfo=UTC)  # ten in the morning of a Tuesday: no clock stands in the way
NUMBERS = [number(n) for n in range(5)]
DEEDS = (
    "create", "create", "create", "block_one", "block_one", "block_address", "block_list", "lift", "merge", "merge",
    "part", "bin", "restore", "readdress", "erase", "bulk_and_undo",
)  # fmt: skip


@dataclass
class Asked:
    """What people asked and nobody lifted: row of the asking -> the addresses it was about."""

    chance: random.Random
    about: dict[int, set[str]] = field(default_factory=dict)

    @property
    def barred(self) -> set[str]:
        return {match for matches in self.about.values() for match in matches}


async def _one(db: AsyncSession, asked: Asked, *where: object) -> int | None:
    ids = list(await db.scalars(select(Contact.id).where(Contact.merged_into.is_(None), *where)))
    return asked.chance.choice(ids) if ids else None


async def _matches(db: AsyncSession, contact_id: int) -> set[str]:
    return set(await db.scalars(select(Address.match).where(Address.contact_id == contact_id)))


async def create(db: AsyncSession, asked: Asked) -> None:
    given = [AddressIn("phone", n) for n in asked.chance.sample(NUMBERS, asked.chance.randint(1, 2))]
    await create_contact(db, ContactIn(name="Alguien", addresses=given), provenance="import")


async def block_one(db: AsyncSession, asked: Asked) -> None:
    if one := await _one(db, asked, Contact.deleted_at.is_(None)):
        asked.about[(await block_contact(db, one)).id] = await _matches(db, one)


async def block_a_number(db: AsyncSession, asked: Asked) -> None:
    match = f"tel:{asked.chance.choice(NUMBERS)}"
    asked.about[(await block_address(db, match)).id] = {match}


async def block_some(db: AsyncSession, asked: Asked) -> None:
    matches = [f"tel:{n}" for n in asked.chance.sample(NUMBERS, 2)]
    last = await db.scalar(select(func.max(Block.id))) or 0
    await block_list(db, matches, reason="", source="lista")
    for block in await db.scalars(select(Block).where(Block.id > last)):
        asked.about[block.id] = {block.match or ""}


async def lift(db: AsyncSession, asked: Asked) -> None:
    rows = list(await db.scalars(select(Block.id).where(Block.id.in_(asked.about), Block.lifted_at.is_(None))))
    if rows:
        chosen = asked.chance.choice(rows)
        await lift_block(db, chosen, "lo pidió")
        del asked.about[chosen]


async def merge(db: AsyncSession, asked: Asked) -> None:
    ids = list(await db.scalars(select(Contact.id).where(Contact.deleted_at.is_(None))))
    if len(ids) >= 2:
        await merge_contacts(db, *asked.chance.sample(ids, 2))


async def part(db: AsyncSession, asked: Asked) -> None:
    standing = list(await db.scalars(select(Merge.id).where(Merge.undone_at.is_(None))))
    if standing:
        await unmerge(db, asked.chance.choice(standing))


async def put_away(db: AsyncSession, asked: Asked) -> None:
    if one := await _one(db, asked, Contact.deleted_at.is_(None)):
        await delete_contact(db, one)


async def restore(db: AsyncSession, asked: Asked) -> None:
    if one := await _one(db, asked, Contact.deleted_at.is_not(None)):
        await restore_contact(db, one)


async def readdress(db: AsyncSession, asked: Asked) -> None:
    if one := await _one(db, asked, Contact.deleted_at.is_(None)):
        given = [AddressIn("phone", n) for n in asked.chance.sample(NUMBERS, asked.chance.randint(0, 2))]
        await change_contact(db, one, {"addresses": given})


async def erase(db: AsyncSession, asked: Asked) -> None:
    """Rows of the person go; what they forbade is asked of their numbers from then on."""
    if one := await _one(db, asked):
        await erase_person(db, one, "solicitud", keep_block=asked.chance.random() < 0.5)
        left = set(await db.scalars(select(Block.id).where(Block.id.in_(asked.about))))
        gone = {i: asked.about[i] for i in asked.about if i not in left}
        asked.about = {i: m for i, m in asked.about.items() if i in left} | {-i: m for i, m in gone.items()}


async def bulk_and_undo(db: AsyncSession, asked: Asked) -> None:
    ids = list(await db.scalars(select(Contact.id).where(Contact.deleted_at.is_(None))))
    if ids:
        batch = await start_bulk(db, ids, {"status": "INTERESADO"})
        await undo_batch(db, batch.id)


DO = {
    "create": create, "block_one": block_one, "block_address": block_a_number, "block_list": block_some, "lift": lift,
    "merge": merge, "part": part, "bin": put_away, "restore": restore, "readdress": readdress, "erase": erase,
    "bulk_and_undo": bulk_and_undo,
}  # fmt: skip


async def _check(desk: Desk, asked: Asked, deed: str) -> None:
    async with desk.unit(write=False) as db:
        for phone in (match.removeprefix("tel:") for match in asked.barred):
            verdict = await may_contact(db, phone, asked.chance.choice(("phone", "whatsapp")), at=OPEN)
            assert verdict.code == "blocked", f"{phone} is allowed after {deed}"
        await _marks_are_right(db)


async def _marks_are_right(db: AsyncSession) -> None:
    for contact in await db.scalars(select(Contact).where(Contact.merged_into.is_(None))):
        verdicts = [(await may_contact(db, a.external_id, a.channel, at=OPEN)).code for a in contact.addresses]
        assert contact.blocked or "blocked" not in verdicts, "a list shows it"


@settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(seed=st.integers(0, 2**64))
async def test_it_works(desk: Desk, seed: int) -> None:
    await desk.clear()
    asked = Asked(random.Random(seed))
    deeds = [*["create"] * 3, *asked.chance.choices(DEEDS, k=14)]
    done = [deed for deed in deeds if await _tried(desk, asked, deed)]
    assert done.count("create") >= 1


async def _tried(desk: Desk, asked: Asked, deed: str) -> bool:
    """Do it; a refusal changes nothing. Then look."""
    before = dict(asked.about)
    try:
        async with desk.unit() as db:
            await DO[deed](db, asked)
    except Refused:
        asked.about = before
        return False
    await _check(desk, asked, deed)
    return True
