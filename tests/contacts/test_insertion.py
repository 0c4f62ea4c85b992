"""A new contact written without a flush is the same as one that is read again, and goes on as one."""

from sqlalchemy import select

from app.contacts.blocks import block_address, block_contact
from app.contacts.models import Contact, ContactTag
from app.contacts.service import AddressIn, ContactIn, change_contact, create_contact
from app.contacts.writing import snapshot
from app.frame.actor import SYSTEM
from app.frame.audit import verify
from tests.contacts.desk import Desk, number

WHOLE = ContactIn(
    name="Ana Mora", company="Mora y Cía.", notes="llama tarde", tags=["vip", "Vip", "nuevo"],
    addresses=[AddressIn("phone", number(1)), AddressIn("email", "ana@correo.example")],
)  # fmt: skip


async def test_it_works(desk: Desk) -> None:
    async with desk.unit(actor=SYSTEM) as db:
        made = await create_contact(db, WHOLE)
        said, stored = snapshot(made), _columns(made)
    async with desk.unit(write=False) as db:
        read = await db.get_one(Contact, made.id)
        assert snapshot(read) == said
        assert _columns(read) == stored
        assert [a.id for a in read.addresses] == [a.id for a in made.addresses]
        assert len(list(await db.scalars(select(ContactTag.tag_id).where(ContactTag.contact_id == made.id)))) == 2


async def test_it_is_changed_in_the_same_unit(desk: Desk) -> None:
    async with desk.unit(actor=SYSTEM) as db:
        made = await create_contact(db, WHOLE)
        await change_contact(db, made.id, {"notes": "otra", "addresses": [AddressIn("phone", number(2))], "tags": []})
    async with desk.unit(write=False) as db:
        read = await db.get_one(Contact, made.id)
        assert (read.notes, [a.external_id for a in read.addresses], read.tags) == ("otra", [made.phone], [])
        assert read.version == 2


async def test_a_unit_that_fails_later_leaves_nothing(desk: Desk) -> None:
    try:
        async with desk.unit(actor=SYSTEM) as db:
            await create_contact(db, WHOLE)
            raise RuntimeError("later")
    except RuntimeError:
        pass
    async with desk.unit(actor=SYSTEM) as db:
        assert await db.scalar(select(Contact.id)) is None
        made = await create_contact(db, WHOLE)
    async with desk.unit(write=False) as db:
        assert await db.scalar(select(Contact.id)) == made.id
        assert await verify(db) is None


async def test_a_blocked_number_marks_who_brings_it(desk: Desk) -> None:
    async with desk.unit(actor=SYSTEM) as db:
        made = await create_contact(db, WHOLE)
        await change_contact(db, made.id, {"addresses": [AddressIn("email", "ana@correo.example")]})
        await block_address(db, f"tel:{made_number(1)}")
        await block_contact(db, made.id)
        other = await create_contact(db, ContactIn(name="Beto", addresses=[AddressIn("phone", number(1))]))
        clean = await create_contact(db, ContactIn(name="Caro", addresses=[AddressIn("phone", number(3))]))
        assert (other.blocked, clean.blocked) == (True, False)


def made_number(n: int) -> str:
    return "".join(number(n).split()) if number(n).startswith("+") else f"+506{''.join(number(n).split())}"


def _columns(contact: Contact) -> dict[str, object]:
    return {column.key: getattr(contact, column.key) for column in Contact.__table__.columns}
