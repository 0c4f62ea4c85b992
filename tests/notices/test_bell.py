"""The bell: what ended while somebody looked elsewhere waits there, in their language, until they have seen it."""

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import select

from app.contacts.exports.jobs import run_export
from app.contacts.exports.service import open_export
from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.actor import SYSTEM
from app.frame.db import now_utc
from app.frame.i18n import N_
from app.frame.jobs import Work
from app.notices.models import Notice
from app.notices.service import KEPT, forget_old, notify
from tests.world import World

READY = N_("La exportación está lista. Contactos: %(n)s")


async def say(world: World, name: str, about: str = "export-1", **more: Any) -> None:
    async with world.office.database.unit(actor=SYSTEM) as db:
        await notify(db, world.ids[name], READY, about=about, **{"n": 5000} | more)


async def waiting(client: Any) -> int:
    found = re.search(r'class="count hot">(\d+)<', (await client.partial("/avisos/campana")).text)
    return int(found[1]) if found else 0


async def test_it_works(world: World) -> None:
    await say(world, "ana", text="contactos.xlsx", url="/contactos/exportaciones")
    ana, beto = await world.client_as("ana"), await world.client_as("beto")
    assert (await waiting(ana), await waiting(beto)) == (1, 0)
    page = (await ana.get("/avisos")).text
    assert "La exportación está lista. Contactos: 5\u00a0000" in page
    assert 'href="/contactos/exportaciones"' in page
    assert "contactos.xlsx" in page
    assert "Nuevo" in page
    assert "lista. Contactos" not in (await beto.get("/avisos")).text


async def test_what_was_seen_does_not_wait_any_more_and_is_still_there(world: World) -> None:
    await say(world, "ana")
    await say(world, "beto")
    ana, beto = await world.client_as("ana"), await world.client_as("beto")
    assert 'hx-post="/avisos/vistos" hx-trigger="load"' in (await ana.get("/avisos")).text
    assert await waiting(ana) == 1, "to look is no change; the page says it by itself"
    for _twice in range(2):
        assert (await ana.post("/avisos/vistos")).status_code == 204
    assert (await waiting(ana), await waiting(beto)) == (0, 1)
    again = (await ana.get("/avisos")).text
    assert "La exportación está lista" in again
    assert "Nuevo" not in again


@pytest.mark.sqlite_only
async def test_it_is_read_in_the_readers_language(world: World) -> None:
    await say(world, "ana")
    ana = await world.client_as("ana")
    await ana.post("/ajustes/idioma", data={"language": "en", "back": "/"})
    assert "The export is ready. Contacts: 5,000" in (await ana.get("/avisos")).text


async def test_a_newer_notice_takes_the_place_of_the_older_about_the_same(world: World) -> None:
    await say(world, "ana")
    await say(world, "ana", n=7)
    await say(world, "ana", about="export-2")
    ana = await world.client_as("ana")
    assert await waiting(ana) == 2


@pytest.mark.sqlite_only
async def test_each_hears_their_own_bell_only(world: World) -> None:
    ana = await world.actor("ana")
    assert await world.office.may_hear(ana, f"notices-{world.ana}")
    assert await world.office.may_hear(ana, f"notices-seen-{world.ana}")
    assert not await world.office.may_hear(ana, f"notices-{world.beto}")


@pytest.mark.sqlite_only
async def test_old_ones_are_forgotten(world: World) -> None:
    await say(world, "ana", about="old")
    await say(world, "ana", about="new")
    async with world.office.database.unit(actor=SYSTEM) as db:
        (await db.scalars(select(Notice).where(Notice.about == "old"))).one().at = now_utc() - KEPT
        await db.flush()
        await forget_old(db)
        assert [n.about for n in await db.scalars(select(Notice))] == ["new"]


@pytest.mark.sqlite_only
async def test_an_export_that_ended_rings_for_who_asked_until_it_is_taken(world: World) -> None:
    async with world.office.database.unit(actor=await world.actor("diego")) as db:
        await create_contact(db, ContactIn(name="Marvin", addresses=[AddressIn("phone", "8812 3456")]))
        export = await open_export(db, "csv")
    await run_export(Work(world.office), str(export.id))
    diego, carla = await world.client_as("diego"), await world.client_as("carla")
    assert (await waiting(diego), await waiting(carla)) == (1, 0)
    assert (await diego.get(f"/contactos/exportaciones/{export.id}/archivo")).status_code == 200
    assert await waiting(diego) == 0


@pytest.mark.sqlite_only
async def test_an_import_that_ended_rings_with_its_counts(world: World) -> None:
    diego = await world.client_as("diego")
    api = await world.api_as("diego")
    file = ("nuevos.csv", b"Nombre;Celular\nMarvin;8812 3456\nNidia;123\n", "text/csv")
    made = await api.post("/api/v1/imports", files={"file": file})
    for _ in range(300):
        if (await api.get(f"/api/v1/imports/{made.json()['id']}")).json()["state"] == "done":
            break
        await asyncio.sleep(0.05)
    page = (await diego.get("/avisos")).text
    assert "La importación terminó. Nuevos: 1, cambiados: 0, rechazados: 1" in page
    assert "nuevos.csv" in page


@pytest.mark.sqlite_only
async def test_who_lost_the_permission_has_no_bell(world: World) -> None:
    irene, ana = await world.client_as("irene"), await world.client_as("ana")
    assert 'id="bell"' in (await ana.get("/")).text
    cell = {"role": "agent", "permission": "notices.view", "scope": ""}
    assert (await irene.post("/personas/permisos", data=cell)).status_code == 200
    assert 'id="bell"' not in (await ana.get("/")).text
    assert (await ana.get("/avisos")).status_code == 403
