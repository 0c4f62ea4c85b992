"""The list of the API keeps contacts that did not change; nobody may notice, and nobody may see more by it."""

import pytest
from sqlalchemy import update

from app.contacts.api import shelf
from app.contacts.models import Contact
from app.contacts.service import AddressIn, ContactIn, change_contact, create_contact
from app.frame.actor import SYSTEM
from app.frame.db import now_utc

URL = "/api/v1/contacts"


@pytest.fixture
async def plant(office, world):
    async def make(name, **more):
        async with office.database.unit(actor=SYSTEM) as db:
            return (await create_contact(db, ContactIn(name=name, **more))).id

    return make


@pytest.fixture
async def change(office):
    async def make(contact_id, **wanted):
        async with office.database.unit(actor=SYSTEM) as db:
            await change_contact(db, contact_id, wanted)

    return make


async def items(api, query=""):
    answer = await api.get(f"{URL}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_it_works(office, world, plant):
    api = await world.api_as("diego")
    made = [await plant(f"Contacto {n}", addresses=[AddressIn("phone", f"8811000{n}")]) for n in range(3)]
    first = await items(api)
    assert [row["id"] for row in first] == made[::-1]
    assert len(shelf.shelf_of(office)) == 3
    assert await items(api) == first
    assert [await one(api, i) for i in made[::-1]] == first


async def one(api, contact_id):
    return (await api.get(f"{URL}/{contact_id}")).json()


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "Otro nombre"},
        {"notes": "Llamar por la tarde"},
        {"tags": ["mayoreo"]},
        {"status": "NC"},
        {"company": "Soda", "is_company": True, "country": "MX"},
        {"addresses": [AddressIn("phone", "88110000", "casa"), AddressIn("email", "a@mora.example")]},
        {"addresses": []},
    ],
    ids=lambda wanted: ",".join(wanted),
)
async def test_what_changed_is_seen_at_once(office, world, plant, change, wanted):
    api = await world.api_as("diego")
    contact_id = await plant("Elena Mora", addresses=[AddressIn("phone", "88110000")])
    before = await items(api)
    await change(contact_id, **wanted)
    after = await items(api)
    assert after != before
    assert after == [await one(api, contact_id)]


async def test_a_call_and_a_block_are_seen_though_they_make_no_version(office, world, plant):
    api = await world.api_as("diego")
    contact_id = await plant("Elena Mora")
    await items(api)
    async with office.database.unit(actor=SYSTEM) as db:
        await db.execute(
            update(Contact).where(Contact.id == contact_id).values(blocked=True, last_contacted_at=now_utc())
        )
    (row,) = await items(api)
    assert row["do_not_contact"] is True
    assert row["last_contacted_at"] is not None


async def test_what_one_person_has_read_is_not_shown_to_another(world, plant, change):
    diego, beto = await world.api_as("diego"), await world.api_as("beto")
    contact_id = await plant("Elena Mora", team_id=world.teams["Ventas"])
    assert [row["id"] for row in await items(diego)] == [contact_id]
    assert await items(beto) == []
    await change(contact_id, team_id=world.teams["Soporte"])
    assert [row["team"] for row in await items(beto)] == [world.teams["Soporte"]]
    await change(contact_id, team_id=world.teams["Ventas"])
    assert await items(beto) == []


async def test_pages_join_without_a_gap_where_many_changed_at_one_moment(office, world, plant):
    api = await world.api_as("diego")
    made = [await plant(f"Contacto {n}") for n in range(9)]
    async with office.database.unit(actor=SYSTEM) as db:
        same = now_utc()
        await db.execute(update(Contact).where(Contact.id.in_(made[2:8])).values(updated_at=same))
    seen, after = [], ""
    while after is not None:
        page = (await api.get(f"{URL}?limit=2&after={after}")).json()
        seen += [row["id"] for row in page["items"]]
        after = page["next"]
    assert sorted(seen) == made
    assert len(seen) == len(made)


async def test_a_full_shelf_is_begun_anew(office, world, plant, monkeypatch):
    monkeypatch.setattr(shelf, "KEPT", 1)
    api = await world.api_as("diego")
    made = [await plant(f"Contacto {n}") for n in range(3)]
    for _ in range(2):
        assert sorted(row["id"] for row in await items(api)) == made
    assert len(shelf.shelf_of(office)) == 0
