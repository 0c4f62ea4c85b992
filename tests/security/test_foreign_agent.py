"""Beto answers for support. Ana's contacts of sales are none of his business, through whichever door he comes."""

from typing import Any

import pytest

from app.contacts.models import Contact
from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.actor import SYSTEM
from tests.security.doors import Door, doors
from tests.world import World

SECRET = "Zulema Quesada"
NUMBER = "88880001"
FORM = {"name": "Beto estuvo aquí", "version": "1", "status": "nuevo", "channel": "all", "reason": "x", "value": NUMBER}


@pytest.fixture
async def hers(office: Any, world: World) -> int:
    """A contact of Ana's, of sales."""
    given = ContactIn(name=SECRET, addresses=[AddressIn("phone", NUMBER)], notes="secreto",
                      owner_id=world.ana, team_id=world.teams["Ventas"])  # fmt: skip
    async with office.database.unit(actor=SYSTEM) as db:
        return (await create_contact(db, given)).id


def contact_doors(app: Any) -> list[Door]:
    return [door for door in doors(app) if "{contact_id:int}" in door.path or door.path.startswith("/contacts/{")]


async def stored(office: Any, contact_id: int) -> tuple[Any, ...]:
    async with office.database.unit(write=False) as db:
        contact = await db.get(Contact, contact_id)
        return contact.name, contact.version, contact.notes, contact.owner_id, contact.deleted_at, contact.blocked


async def test_it_works(app, office, world, hers):
    """Every route with a contact in its address: refused, and nothing of hers is shown or changed."""
    before, found = await stored(office, hers), contact_doors(app)
    assert len(found) > 15
    client = await world.client_as("beto")
    client.headers["x-api-key"] = await world.api_key_for("beto")
    for door in found:
        url = door.filled(number=str(hers), text=NUMBER)
        body = {"json": {"name": "Beto"}} if "/api/" in url or url.startswith("/contacts/") else {"data": FORM}
        answer = await client.request(door.method, url, **({} if door.method in ("GET", "DELETE") else body))
        assert answer.status_code in (403, 404, 422), f"{door.method} {door.path} answered {answer.status_code}"
        assert SECRET not in answer.text, f"{door.method} {door.path}"
    assert await stored(office, hers) == before


async def test_she_may_use_the_same_doors(app, world, hers):
    """Else the test above would prove nothing."""
    client = await world.client_as("ana")
    for door in contact_doors(app):
        if door.method == "GET" and not door.path.startswith(("/api/", "/contacts/")):
            answer = await client.get(door.filled(number=str(hers), text="name"))
            assert answer.status_code in (200, 204, 403, 422), f"{door.path} answered {answer.status_code}"
    assert SECRET in (await client.get(f"/contactos/{hers}")).text


async def test_lists_searches_and_numbers_do_not_give_her_away(world, hers):
    client, api = await world.client_as("beto"), await world.api_as("beto")
    for url in (f"/contactos?q={NUMBER}", f"/buscar?q={NUMBER}", "/contactos", f"/contactos?owner={world.ana}", "/"):
        assert SECRET not in (await client.get(url)).text, url
    for url in (f"/api/v1/contacts?q={NUMBER}", "/contacts", f"/api/v1/contacts?team={world.teams['Ventas']}"):
        assert SECRET not in (await api.get(url)).text, url


async def test_a_taken_number_does_not_say_whose_it_is(world, hers):
    api = await world.api_as("beto")
    answer = await api.post("/api/v1/contacts", json={"name": "Otro", "phone": NUMBER})
    assert answer.status_code == 409
    assert SECRET not in answer.text


async def test_bulk_edit_leaves_hers_alone(office, world, hers):
    before, client = await stored(office, hers), await world.client_as("beto")
    await client.post("/contactos/lote", data={"id": str(hers), "what": "edit", "said": "status", "status": "nuevo"})
    assert await stored(office, hers) == before


async def test_he_does_not_hear_of_her_over_live(office, world, hers):
    assert await office.may_hear(await world.actor("ana"), f"contact-{hers}")
    assert not await office.may_hear(await world.actor("beto"), f"contact-{hers}")
    for odd in ("contact-", "contact-x", "contact-²", f"contact-{10**30}", "contact--1", "nothing", ""):
        assert not await office.may_hear(await world.actor("beto"), odd), odd
