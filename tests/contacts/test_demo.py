"""The demonstration's contacts: believable, valid, and quickly there."""

import phonenumbers
from sqlalchemy import func, select

from app.contacts.blocks import count_blocks
from app.contacts.demo import plant
from app.contacts.filters import Filters
from app.contacts.listing import Lister
from app.contacts.models import Address, Contact
from app.contacts.models_history import Change, Event
from app.frame.actor import SYSTEM
from tests.world import make_world

SOME = 600


async def test_it_works(office, app):
    await make_world(office, app)
    async with office.database.unit(actor=SYSTEM) as db:
        await plant(db, SOME)
    async with office.database.unit(write=False) as db:
        contacts = list(await db.scalars(select(Contact)))
        numbers = list(await db.scalars(select(Address.external_id).where(Address.channel == "phone")))
        lines = [await db.scalar(select(func.count()).select_from(kind)) for kind in (Change, Event)]
        blocks = await count_blocks(db)
    assert len(contacts) == SOME
    assert len(set(numbers)) == SOME
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(n)) for n in numbers)
    assert len({c.status.code for c in contacts}) >= 7
    assert {c.owner_id for c in contacts} > {None}
    assert min(lines) > SOME / 3
    assert blocks > 3
    assert any(c.deleted_at for c in contacts)


async def test_it_can_be_searched_at_once(office, app):
    async with office.database.unit(actor=SYSTEM) as db:
        await plant(db, 50)
        one = (await db.scalars(select(Contact).limit(1))).one()
    for typed in (one.name, one.phone[-6:]):
        found = await Lister(office.database, SYSTEM, Filters(q=typed), "UTC").page()
        assert one.id in [r.id for r in found.rows]


async def test_an_office_that_has_contacts_is_left_as_it_is(office, app):
    async with office.database.unit(actor=SYSTEM) as db:
        await plant(db, 5)
    async with office.database.unit(actor=SYSTEM) as db:
        await plant(db, 50)
        assert await db.scalar(select(func.count()).select_from(Contact)) == 5
