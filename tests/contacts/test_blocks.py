"""Do not contact: one person or one address, one channel or all; lifting needs a reason and a right."""

import pytest
from sqlalchemy import select

from app.contacts.bin import delete_contact, restore_contact
from app.contacts.blocks import block_address, block_contact, block_list, blocks_of, lift_block
from app.contacts.consent import Verdict, may_contact
from app.contacts.models_consent import Block
from app.contacts.service import AddressIn, change_contact
from app.frame.refused import Forbidden, Refused
from tests.contacts.desk import ANA, Desk, agent, number

LEAD = agent(9, "Carla Méndez", view="all", unblock="team")


async def ask(desk: Desk, phone: str, channel: str = "phone", purpose: str = "service") -> Verdict:
    async with desk.unit(write=False) as db:
        return await may_contact(db, phone, channel, purpose)


async def barred(desk: Desk, phone: str, channel: str = "phone", purpose: str = "service") -> bool:
    return (await ask(desk, phone, channel, purpose)).code == "blocked"


async def test_it_works(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1), number(2))
    async with desk.unit(ANA) as db:
        block = await block_contact(db, one, reason="lo pidió por teléfono")
    verdict = await ask(desk, number(2))
    assert (verdict.allowed, verdict.code) == (False, "blocked")
    assert "lo pidió por teléfono" in verdict.sentence
    assert (await desk.contact(one)).blocked
    async with desk.unit() as db:
        await lift_block(db, block.id, "se equivocó")
    assert not await barred(desk, number(2))
    assert not (await desk.contact(one)).blocked


async def test_a_block_covers_its_channel_and_purpose_alone(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        await block_contact(db, one, channel="whatsapp", purpose="marketing")
    assert await barred(desk, number(1), "whatsapp", "marketing")
    assert not await barred(desk, number(1), "whatsapp", "service")
    assert not await barred(desk, number(1), "phone", "marketing")


async def test_a_blocked_address_stays_blocked_for_whoever_gets_it_next(desk: Desk) -> None:
    async with desk.unit() as db:
        await block_address(db, f"tel:{number(1)}")
    one = await desk.plant("Nidia", number(1))
    assert (await desk.contact(one)).blocked, "the mark of a new contact is right from the start"
    assert await barred(desk, number(1))


async def test_a_person_in_the_bin_is_not_called_under_a_new_name(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        await block_contact(db, one)
        await delete_contact(db, one)
    assert await barred(desk, number(1))
    two = await desk.plant("Marvin otra vez", number(1))
    assert await barred(desk, number(1))
    assert (await desk.contact(two)).blocked
    async with desk.unit(write=False) as db:
        assert [b.contact_id for b in await blocks_of(db, two)] == [one]


async def test_the_mark_is_right_after_the_bin(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        await delete_contact(db, one)
    async with desk.unit() as db:
        await block_list(db, [f"tel:{number(1)}"], reason="", source="lista")
    async with desk.unit() as db:
        await restore_contact(db, one)
    assert (await desk.contact(one)).blocked


async def test_a_number_that_leaves_a_blocked_contact_stays_blocked(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1), number(2))
    async with desk.unit() as db:
        await block_contact(db, one, reason="no llamar")
        await change_contact(db, one, {"addresses": [AddressIn("phone", number(2))]})
    two = await desk.plant("Nidia", number(1))
    assert await barred(desk, number(1))
    assert (await desk.contact(two)).blocked


async def test_lifting_needs_the_right_and_a_reason(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        block = await block_contact(db, one)
        other = await block_address(db, f"tel:{number(1)}")
    async with desk.unit(ANA) as db:
        with pytest.raises(Forbidden):
            await lift_block(db, block.id, "porque sí")
        with pytest.raises(Forbidden):
            await lift_block(db, other.id, "porque sí")
    async with desk.unit(LEAD) as db:
        with pytest.raises(Refused):
            await lift_block(db, block.id, "  ")
        lifted = await lift_block(db, block.id, "volvió a escribir")
        assert lifted.lifted_by == "Carla Méndez: volvió a escribir"
    assert await barred(desk, number(1)), "the other block stands"


async def test_a_lead_does_not_lift_what_belongs_to_another_team(desk: Desk) -> None:
    await desk.plant("Marvin", number(1), team_id=7)
    async with desk.unit() as db:
        block = await block_address(db, f"tel:{number(1)}")
    async with desk.unit(LEAD) as db:
        with pytest.raises(Forbidden):
            await lift_block(db, block.id, "no es mío")


async def test_a_list_counts_what_is_new_and_closes_what_was_half_open(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        await block_address(db, f"tel:{number(1)}", purpose="marketing")
    given = [f"tel:{number(n)}" for n in (1, 2, 3, 2)]
    async with desk.unit() as db:
        assert await block_list(db, given, reason="lista", source="archivo") == 3
    async with desk.unit() as db:
        assert await block_list(db, given, reason="lista", source="archivo") == 0
        assert len(list(await db.scalars(select(Block)))) == 4
    assert await barred(desk, number(1)), "blocked for publicity only before, for everything now"
    assert (await desk.contact(one)).blocked


async def test_an_unknown_channel_or_purpose_is_refused(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        for wrong in ({"channel": "paloma"}, {"purpose": "espionaje"}):
            with pytest.raises(Refused):
                await block_contact(db, one, **wrong)
