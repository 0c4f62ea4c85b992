"""The timeline of a contact: what every module wrote and every change of a field, whole; and each value put back."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.contacts.fields import define_field
from app.contacts.history import add_event
from app.contacts.restoring import restore_value
from app.contacts.service import AddressIn, change_contact
from app.contacts.timeline import Line, field_history, timeline
from app.frame.db import now_utc
from tests.contacts.desk import ANA, DIEGO, Desk, number

PAGE = 7


async def lines_of(desk: Desk, contact_id: int) -> list[Line]:
    """Everything, as somebody reads it who scrolls to the end."""
    found: list[Line] = []
    async with desk.unit(write=False) as db:
        while page := await timeline(db, contact_id, found[-1].place if found else "", PAGE):
            found += page
    return found


async def test_it_works(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        await change_contact(db, one, {"company": "Taller Sol"})
        for kind in ("calls.ended", "inbox.received", "tickets.opened"):
            add_event(db, one, kind, f"De {kind}", text="Duró 3 min")
    found = await lines_of(desk, one)
    assert [line.kind for line in found] == ["tickets.opened", "inbox.received", "calls.ended", "contacts.change"]
    assert {line.who for line in found} == {"Ana Solano"}
    assert all(abs((now_utc() - line.at).total_seconds()) < 60 for line in found)
    change = found[-1]
    assert (change.field, change.before, change.after) == ("company", "", "Taller Sol")
    assert (found[0].title, found[0].text) == ("De tickets.opened", "Duró 3 min")


async def test_what_happened_at_one_moment_is_not_torn_apart_by_the_end_of_a_page(desk: Desk) -> None:
    """One save changes many fields at once, and an import writes a thousand lines in one moment."""
    one = await desk.plant("Marvin", number(1))
    at = now_utc()
    async with desk.unit() as db:
        for n in range(3 * PAGE):
            add_event(db, one, "calls.ended", f"Llamada {n}", at=at)
    async with desk.unit() as db:
        wanted = {"name": "Marvin Q.", "company": "Sol", "notes": "x", "tags": ["vip"], "country": "MX", "status": "NC"}
        await change_contact(db, one, wanted)
    found = await lines_of(desk, one)
    assert len(found) == 3 * PAGE + len(wanted)
    assert {line.title for line in found if line.title} == {f"Llamada {n}" for n in range(3 * PAGE)}
    assert {line.field for line in found if line.field} == set(wanted)
    assert [line.at for line in found] == sorted((line.at for line in found), reverse=True)


FIELDS: list[tuple[str, Any, Any]] = [
    ("name", "Marvin Quesada", "Otro"),
    ("company", "Taller Sol", ""),
    ("is_company", True, False),
    ("notes", "Llamar tarde", "Otra nota"),
    ("country", "CR", "MX"),
    ("status", "INTERESADO", "NC"),
    ("tags", ["VIP", "Norte"], []),
    ("owner_id", 1, None),
    ("team_id", 1, None),
    ("custom", {"cedula": "1-1111"}, {}),
]


@pytest.fixture
async def office(desk: Desk) -> Desk:
    """With fields of its own."""
    async with desk.unit() as db:
        await define_field(db, "Cédula", "text")
        await define_field(db, "Desde", "date")
    return desk


@pytest.mark.parametrize(("field", "value", "other"), FIELDS, ids=[f for f, _a, _b in FIELDS])
async def test_every_field_keeps_who_when_before_and_after_and_can_be_put_back(
    office: Desk, field: str, value: Any, other: Any
) -> None:
    one = await office.plant("Marvin", number(1))
    for actor, given in ((ANA, value), (DIEGO, other)):
        async with office.unit(DIEGO if field == "team_id" else actor) as db:
            await change_contact(db, one, {field: given})
    change = (await office.changes(one, field))[-1]
    assert (change.before, change.after, change.who) == (value, other, "Diego Rojas")
    async with office.unit() as db:
        [last, *_earlier] = await field_history(db, one, field)
        assert last.change_id == change.id
        await restore_value(db, change.id)
    contact = await office.contact(one)
    assert (contact.status.code if field == "status" else getattr(contact, field)) == value


async def test_addresses_are_put_back_as_they_were(office: Desk) -> None:
    one = await office.plant("Marvin", number(1), email="m@x.example")
    async with office.unit() as db:
        await change_contact(db, one, {"addresses": [AddressIn("whatsapp", number(2), "trabajo")]})
    [change] = await office.changes(one, "addresses")
    async with office.unit() as db:
        await restore_value(db, change.id)
    contact = await office.contact(one)
    assert [a.external_id for a in contact.addresses] == [number(1), "m@x.example"]
    assert (contact.phone, contact.email) == (number(1), "m@x.example")


async def test_putting_back_one_own_field_leaves_the_others_as_they_are(office: Desk) -> None:
    one = await office.plant("Marvin", number(1), custom={"cedula": "1-1111"})
    for custom in ({"cedula": "2-2222"}, {"cedula": "2-2222", "desde": "2026-11-24"}):
        async with office.unit() as db:
            await change_contact(db, one, {"custom": custom})
    async with office.unit() as db:
        await restore_value(db, (await office.changes(one, "custom"))[0].id)
    assert (await office.contact(one)).custom == {"cedula": "1-1111", "desde": date(2026, 11, 24).isoformat()}


@pytest.mark.sqlite_only
async def test_what_is_not_a_value_is_not_put_back(desk: Desk) -> None:
    from app.contacts.merging import merge_contacts
    from app.contacts.models_history import Change
    from app.frame.refused import NotFound, Refused

    one, other = await desk.plant("Marvin", number(1)), await desk.plant("M. Q.", number(2))
    async with desk.unit() as db:
        await merge_contacts(db, one, other)
    async with desk.unit() as db:
        merged = await db.scalar(select(Change.id).where(Change.field == "merged"))
        assert merged
        with pytest.raises(Refused):
            await restore_value(db, merged)
        with pytest.raises(NotFound):
            await restore_value(db, 999_999)
