"""May this person be contacted: consent for publicity, hours, generated numbers. Blocks have their own file."""

from datetime import UTC, datetime

import pytest

from app.contacts.bin import delete_contact
from app.contacts.blocks import block_address
from app.contacts.consent import may_contact
from app.contacts.consents import consents_of, give_consent, withdraw_consent
from app.contacts.merging import merge_contacts
from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.refused import Forbidden, NotFound, Refused
from tests.contacts.desk import ANA, Desk, agent, number

OPEN = datetime(2026, 11, 24, 16, tzinfo=UTC)  # Tuesday, ten in the morning in Costa Rica
NIGHT = datetime(2026, 11, 24, 9, tzinfo=UTC)  # three in the morning
MAIL = "marvin@taller.example"


async def code(desk: Desk, address: str, channel: str = "phone", at: datetime = OPEN, **more: object) -> str:
    async with desk.unit(write=False) as db:
        return (await may_contact(db, address, channel, at=at, **more)).code


async def test_it_works(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1), email=MAIL)
    publicity = {"purpose": "marketing", "bulk": True}
    assert await code(desk, MAIL, "email", **publicity) == "no_consent"
    async with desk.unit(ANA) as db:
        given = await give_consent(db, one, f"mail:{MAIL}", words="Deseo recibir ofertas", source="formulario web")
    assert await code(desk, MAIL, "email", **publicity) == "allowed"
    assert await code(desk, number(1), "phone", **publicity) == "no_consent", "of this address alone"
    async with desk.unit(ANA) as db:
        await withdraw_consent(db, one, given.id)
    assert await code(desk, MAIL, "email", **publicity) == "no_consent"


async def test_a_consent_for_one_channel_opens_no_other(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        await give_consent(db, one, f"tel:{number(1)}", channel="whatsapp", source="escribió primero")
    assert await code(desk, number(1), "whatsapp", purpose="marketing", bulk=True) == "allowed"
    assert await code(desk, number(1), "sms", purpose="marketing", bulk=True) == "no_consent"


async def test_no_consent_beats_a_block(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        await give_consent(db, one, f"tel:{number(1)}", source="formulario")
        await block_address(db, f"tel:{number(1)}", purpose="marketing")
    assert await code(desk, number(1), purpose="marketing", bulk=True) == "blocked"
    assert await code(desk, number(1), purpose="service") == "allowed"


async def test_at_night_telephones_are_quiet_and_letters_wait(desk: Desk) -> None:
    await desk.plant("Marvin", number(1), email=MAIL)
    async with desk.unit(write=False) as db:
        verdict = await may_contact(db, number(1), "whatsapp", at=NIGHT)
    assert (verdict.allowed, verdict.code) == (False, "closed_hours")
    assert verdict.next_at == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert await code(desk, MAIL, "email", at=NIGHT) == "allowed"


async def test_a_generated_number_is_for_people_to_call(desk: Desk) -> None:
    async with desk.unit() as db:
        given = ContactIn(addresses=[AddressIn("phone", number(1))])
        await create_contact(db, given, provenance="generated")
    assert await code(desk, number(1), bulk=True) == "generated"
    assert await code(desk, number(1)) == "allowed"


async def test_an_unknown_number_and_an_e_mail_in_capitals_are_judged_as_well(desk: Desk) -> None:
    async with desk.unit() as db:
        await block_address(db, f"mail:{MAIL}")
    assert await code(desk, MAIL.upper(), "email") == "blocked"
    assert await code(desk, number(7)) == "allowed"
    with pytest.raises(ValueError, match="spam"):
        await code(desk, number(7), purpose="spam")


async def test_a_consent_follows_its_address(desk: Desk) -> None:
    one, other = await desk.plant("Marvin", number(1)), await desk.plant("M. Q.", number(2))
    async with desk.unit() as db:
        await give_consent(db, other, f"tel:{number(2)}", source="formulario")
        await merge_contacts(db, one, other)
    assert await code(desk, number(2), purpose="marketing", bulk=True) == "allowed"
    async with desk.unit() as db:
        assert [c.match for c in await consents_of(db, one)] == [f"tel:{number(2)}"]


async def test_a_person_in_the_bin_can_still_be_answered(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit() as db:
        await delete_contact(db, one)
    assert await code(desk, number(1)) == "allowed"


async def test_who_may_not_block_may_not_consent_for_others(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    reader = agent(4, "Lectora", block="own")
    async with desk.unit(reader) as db:
        with pytest.raises(Forbidden):
            await give_consent(db, one, f"tel:{number(1)}", source="formulario")
    async with desk.unit(ANA) as db:
        for wrong in ({"source": " "}, {"source": "x", "channel": "paloma"}, {"source": "x", "purpose": "service"}):
            with pytest.raises(Refused):
                await give_consent(db, one, f"tel:{number(1)}", **wrong)
        with pytest.raises(Refused):
            await give_consent(db, one, f"tel:{number(9)}", source="formulario")


async def test_a_consent_is_taken_back_once_and_by_its_own_contact(desk: Desk) -> None:
    one, other = await desk.plant("Marvin", number(1)), await desk.plant("Nidia", number(2))
    async with desk.unit() as db:
        given = await give_consent(db, one, f"tel:{number(1)}", source="formulario")
        with pytest.raises(NotFound):
            await withdraw_consent(db, other, given.id)
        await withdraw_consent(db, one, given.id)
        with pytest.raises(NotFound):
            await withdraw_consent(db, one, given.id)
