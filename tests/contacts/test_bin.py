"""The bin: thirty days to change one's mind, then nothing is left but what was forbidden."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.contacts.bin import KEEP_DAYS, delete_contact, empty_bin, restore_contact
from app.contacts.blocks import block_contact
from app.contacts.consent import may_contact
from app.contacts.merging import merge_contacts, unmerge
from app.contacts.models import Address, Contact
from app.contacts.models_history import Change
from app.contacts.service import AddressIn, change_contact
from app.frame.db import now_utc
from app.frame.refused import Conflict, Forbidden
from tests.contacts.desk import ANA, Desk, agent, number


async def put_away(desk: Desk, contact_id: int, days_ago: float = 0) -> None:
    async with desk.unit() as db:
        await delete_contact(db, contact_id)
        then = now_utc() - timedelta(days=days_ago)
        await db.execute(update(Contact).where(Contact.id == contact_id).values(deleted_at=then))


async def live_numbers(desk: Desk) -> list[str]:
    async with desk.unit(write=False) as db:
        return list(await db.scalars(select(Address.external_id).where(Address.live).order_by(Address.id)))


async def test_it_works(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    await put_away(desk, one)
    assert await live_numbers(desk) == []
    async with desk.unit() as db:
        await restore_contact(db, one)
    assert await live_numbers(desk) == [number(1)]
    assert (await desk.contact(one)).deleted_at is None


async def test_only_who_may_delete_does(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        with pytest.raises(Forbidden):
            await delete_contact(db, one)
    async with desk.unit(agent(4, "Dora", delete="own")) as db:
        with pytest.raises(Forbidden):
            await delete_contact(db, one)


async def test_a_number_given_to_another_is_not_taken_back(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    await put_away(desk, one)
    two = await desk.plant("Nidia", number(1))
    async with desk.unit() as db:
        with pytest.raises(Conflict) as refused:
            await restore_contact(db, one)
    assert refused.value.extra["contact_id"] == two
    assert await live_numbers(desk) == [number(1)]


async def test_what_is_in_the_bin_is_not_changed(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    await put_away(desk, one)
    async with desk.unit(ANA) as db:
        with pytest.raises(Conflict):
            await change_contact(db, one, {"addresses": [AddressIn("phone", number(2))]})
    assert await live_numbers(desk) == [], "a number in the bin belongs to nobody"


async def test_after_thirty_days_nothing_is_left(desk: Desk) -> None:
    old, young = await desk.plant("Marvin", number(1), tags=["VIP"]), await desk.plant("Nidia", number(2))
    await put_away(desk, old, KEEP_DAYS + 1)
    await put_away(desk, young, KEEP_DAYS - 1)
    async with desk.unit() as db:
        assert await empty_bin(db) == 1
    async with desk.unit() as db:
        assert await empty_bin(db) == 0
        assert list(await db.scalars(select(Contact.id))) == [young]
        assert await db.scalar(select(func.count()).select_from(Change).where(Change.contact_id == old)) == 0


async def test_what_it_forbade_outlives_it(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        await block_contact(db, one, reason="no llamar")
    await put_away(desk, one, KEEP_DAYS + 1)
    async with desk.unit() as db:
        await empty_bin(db)
    async with desk.unit() as db:
        assert (await may_contact(db, number(1), "phone")).code == "blocked"
    assert (await desk.contact(await desk.plant("Otra vez", number(1)))).blocked


async def test_the_other_half_of_a_merge_does_not_expire_alone(desk: Desk) -> None:
    one, other = await desk.plant("Marvin", number(1)), await desk.plant("M. Q.", number(2))
    async with desk.unit() as db:
        merge = await merge_contacts(db, one, other)
        then = now_utc() - timedelta(days=KEEP_DAYS + 5)
        await db.execute(update(Contact).where(Contact.id == other).values(deleted_at=then))
    async with desk.unit() as db:
        assert await empty_bin(db) == 0
        await unmerge(db, merge.id)
    assert sorted(await live_numbers(desk)) == [number(1), number(2)]


async def test_a_merge_is_not_parted_while_it_is_in_the_bin(desk: Desk) -> None:
    one, other = await desk.plant("Marvin", number(1)), await desk.plant("M. Q.", number(2))
    async with desk.unit() as db:
        merge = await merge_contacts(db, one, other)
    await put_away(desk, one)
    async with desk.unit() as db:
        with pytest.raises(Conflict):
            await unmerge(db, merge.id)
