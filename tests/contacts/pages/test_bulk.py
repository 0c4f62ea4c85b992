"""Changing many at once, and taking it back."""

import asyncio
import json
import re

import pytest
from sqlalchemy import select

from app.contacts import demo
from app.contacts.filters import Filters
from app.contacts.listing import Lister
from app.contacts.locks import lock_contact
from app.contacts.models import Contact
from app.contacts.service import change_contact
from app.frame.actor import SYSTEM
from tests.contacts.pages.conftest import shown


def aviso(answer):
    return json.loads(answer.headers["hx-trigger"])["aviso"]


async def stored(world, ids):
    async with world.office.database.unit(write=False) as db:
        rows = {c.id: c for c in await db.scalars(select(Contact).where(Contact.id.in_(ids)))}
        return [rows[i] for i in ids]


async def test_it_works(world, plant):
    ids = [await plant(f"Persona {i}", owner="ana") for i in range(3)]
    client = await world.client_as("diego")
    answer = await client.post("/contactos/lote", data={"id": ids, "status": "NC", "add_tags": "vip, norte"})
    assert aviso(answer)["title"] == "3 contactos cambiaron"
    assert [(c.status.code, c.tags) for c in await stored(world, ids)] == [("NC", ["vip", "norte"])] * 3
    undo = await client.post(aviso(answer)["undo"]["url"])
    assert aviso(undo)["title"] == "Se deshizo en 3 contactos"
    assert [(c.status.code, c.tags) for c in await stored(world, ids)] == [("SIN_GESTIONAR", [])] * 3


async def test_owner_and_team_can_be_given_and_cleared(world, plant):
    one = await plant("Marta", owner="ana", team="Ventas")
    client = await world.client_as("diego")
    await client.post("/contactos/lote", data={"id": [one], "owner": str(world.beto), "team": "-"})
    (contact,) = await stored(world, [one])
    assert (contact.owner_id, contact.team_id) == (world.beto, None)


async def test_all_of_the_filter_means_all_of_the_filter(world, plant):
    wanted = [await plant(f"Marta {i}", status="NC") for i in range(4)]
    other = await plant("Pedro")
    client = await world.client_as("diego")
    await client.post(
        "/contactos/lote", data={"id": wanted[:1], "all": "1", "filter": "status=NC", "add_tags": "norte"}
    )
    assert [c.tags for c in await stored(world, [*wanted, other])] == [["norte"]] * 4 + [[]]


async def test_deleting_goes_to_the_bin_and_undo_brings_back(world, plant):
    ids = [await plant("Marta", phone="8812 3456"), await plant("Pedro")]
    client = await world.client_as("diego")
    answer = await client.post("/contactos/lote", data={"id": ids, "delete": "1"})
    assert aviso(answer)["title"] == "2 contactos pasaron a la papelera"
    assert shown((await client.get("/contactos")).text) == []
    await client.post(aviso(answer)["undo"]["url"])
    assert sorted(shown((await client.get("/contactos")).text)) == sorted(ids)


async def test_undo_leaves_what_somebody_changed_since_and_says_so(world, plant):
    ids = [await plant("Marta"), await plant("Pedro")]
    client = await world.client_as("diego")
    answer = await client.post("/contactos/lote", data={"id": ids, "status": "NC"})
    async with world.office.database.unit(actor=SYSTEM) as db:
        await change_contact(db, ids[0], {"status": "INTERESADO"})
    undone = await client.post(aviso(answer)["undo"]["url"])
    assert [c.status.code for c in await stored(world, ids)] == ["INTERESADO", "SIN_GESTIONAR"]
    assert "Marta</a> · Estado" in undone.text
    assert "Pedro" not in undone.text


async def test_a_number_that_was_given_away_meanwhile_stays_away(world, plant):
    one = await plant("Marta", phone="8812 3456")
    client = await world.client_as("diego")
    answer = await client.post("/contactos/lote", data={"id": [one], "delete": "1"})
    await plant("Otra Marta", phone="8812 3456")
    undone = await client.post(aviso(answer)["undo"]["url"])
    assert undone.status_code == 200
    assert "En la papelera" in undone.text
    assert (await stored(world, [one]))[0].deleted_at is not None


async def test_nothing_marked_is_refused_in_the_form(world):
    client = await world.client_as("diego")
    answer = await client.post("/contactos/lote", data={"what": "estado", "status": "NC"})
    assert answer.status_code == 422
    assert "Marque contactos y elija qué cambiar." in answer.text
    assert 'hx-post="/contactos/lote"' in answer.text


@pytest.mark.parametrize("what", ["estado", "persona", "etiquetas"])
async def test_each_form_opens_for_the_marks_and_for_one(world, plant, what):
    one = await plant("Marta", tags=["vip"])
    client = await world.client_as("diego")
    marked, single = await client.get(f"/contactos/lote/{what}"), await client.get(f"/contactos/lote/{what}?id={one}")
    assert 'hx-include="#marks"' in marked.text
    assert f'name="id" value="{one}"' in single.text


async def test_an_agent_cannot_delete(world, plant):
    one = await plant("Marta", owner="ana")
    answer = await (await world.client_as("ana")).post("/contactos/lote", data={"id": [one], "delete": "1"})
    assert answer.status_code == 403
    assert (await stored(world, [one]))[0].deleted_at is None


async def test_what_another_person_edits_is_left(world, plant):
    ids = [await plant("Marta", owner="ana"), await plant("Pedro", owner="ana")]
    async with world.office.database.unit(actor=await world.actor("ana")) as db:
        await lock_contact(db, ids[0], 10)
    answer = await (await world.client_as("diego")).post("/contactos/lote", data={"id": ids, "status": "NC"})
    assert aviso(answer)["title"] == "1 contacto cambió"
    assert aviso(answer)["text"] == "1 quedó como estaba."
    assert [c.status.code for c in await stored(world, ids)] == ["SIN_GESTIONAR", "NC"]


async def test_marks_can_be_exported_alone(world, plant):
    ids = [await plant(name) for name in ("Ana", "Beto", "Carla")]
    client = await world.client_as("diego")
    form = (await client.get(f"/contactos/exportaciones/nueva?id={ids[0]}&id={ids[2]}&filter=sort%3Dname")).text
    assert f'value="ids={ids[0]}%2C{ids[2]}&amp;sort=name"' in form
    whole = (await client.get(f"/contactos/exportaciones/nueva?id={ids[0]}&all=1&filter=sort%3Dname")).text
    assert 'value="sort=name"' in whole


async def test_many_become_a_job_that_can_be_undone(world, office):
    """More than fit in one go: the queue does them in chunks, and takes them back in chunks."""
    async with office.database.unit(actor=SYSTEM) as db:
        await demo.plant(db, 260)
    client = await world.client_as("diego")
    begun = await client.post("/contactos/lote", data={"all": "1", "filter": "", "add_tags": "todos"})
    assert 'id="job-batch-1"' in begun.text
    assert "undo" not in aviso(begun)
    assert re.search(r"(\d{3}) de \1", await ended(client, "Cambio terminado"))
    tagged = await Lister(office.database, SYSTEM, Filters(tag=("todos",)), "UTC").count()
    assert tagged == await Lister(office.database, SYSTEM, Filters(), "UTC").count()
    assert aviso(await client.post("/contactos/deshacer/1"))["title"] == "Deshaciendo"
    assert "contactos volvieron" in await ended(client, "Se deshizo el cambio")
    assert await Lister(office.database, SYSTEM, Filters(tag=("todos",)), "UTC").count() == 0


async def ended(client, words):
    for _ in range(200):
        text = (await client.get("/contactos/lotes/1")).text
        if words in text:
            return text
        await asyncio.sleep(0.1)
    raise AssertionError(text)
