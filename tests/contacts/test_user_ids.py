"""WhatsApp may tell who writes without a number: an id of its own, which is joined to the number once it is known."""

from app.contacts.blocks import block_address
from app.contacts.consent import may_contact
from app.contacts.lookup import contact_by_match
from app.contacts.merging import merge_contacts
from app.contacts.service import AddressIn, ContactIn, change_contact, create_contact
from tests.contacts.desk import Desk, number
from tests.contacts.test_merging import OPEN

WHO = "CR.13491208655302741918"


async def stranger(desk: Desk) -> int:
    async with desk.unit() as db:
        given = ContactIn(name="Nidia, por WhatsApp", addresses=[AddressIn("whatsapp", WHO)])
        return (await create_contact(db, given)).id


async def found(desk: Desk, match: str) -> int | None:
    async with desk.unit(write=False) as db:
        contact = await contact_by_match(db, match)
    return contact.id if contact else None


async def test_it_works(desk: Desk) -> None:
    nidia = await stranger(desk)
    assert (await desk.contact(nidia)).phone == "", "an id is no number"
    assert await found(desk, f"whatsapp:{WHO}") == nidia
    async with desk.unit() as db:
        await change_contact(db, nidia, {"addresses": [AddressIn("whatsapp", WHO), AddressIn("phone", number(1))]})
    assert (await desk.contact(nidia)).phone == number(1)
    assert [await found(desk, m) for m in (f"whatsapp:{WHO}", f"tel:{number(1)}")] == [nidia, nidia]


async def test_the_number_that_another_contact_has_joins_both(desk: Desk) -> None:
    nidia, known = await stranger(desk), await desk.plant("Nidia Arce", number(1))
    async with desk.unit() as db:
        await merge_contacts(db, known, nidia)
    assert [await found(desk, m) for m in (f"whatsapp:{WHO}", f"tel:{number(1)}")] == [known, known]


async def test_an_id_without_a_number_can_be_blocked_too(desk: Desk) -> None:
    await stranger(desk)
    async with desk.unit() as db:
        await block_address(db, f"whatsapp:{WHO}", reason="Lo pidió")
        assert not (await may_contact(db, WHO, "whatsapp", at=OPEN)).allowed
