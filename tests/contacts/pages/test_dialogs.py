"""The dialogs beside the contact's page: no contact, permissions, merging, a person's data."""

import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.contacts.models_consent import Block, Consent
from app.contacts.models_history import Erasure, Merge
from tests.world import World

Plant = Callable[..., Awaitable[int]]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
FOUND = 'hx-target="#contact-facts"'


async def rows(world: World, table: Any) -> list[Any]:
    async with world.office.database.unit(write=False) as db:
        return list(await db.scalars(select(table).order_by(table.id)))


async def test_it_works(world: World, plant: Plant) -> None:
    one = await plant("Marvin", phone="8812 3456", team="Ventas")
    ana, carla = await world.client_as("ana"), await world.client_as("carla")
    dialog = await ana.partial(f"/contactos/{one}/no-contactar")
    assert "Marvin" in dialog.text
    assert "8812 3456" in dialog.text
    data = {"match": "", "channel": "*", "purpose": "*", "source": "Por teléfono", "reason": "no quiere"}
    answer = await ana.post(f"/contactos/{one}/no-contactar", data=data, headers=HTMX)
    assert answer.status_code == 200
    assert FOUND in answer.text
    assert "modal:close" in answer.headers["hx-trigger"]
    [block] = await rows(world, Block)
    assert (block.who, block.reason) == ("Ana Solano", "no quiere")
    assert "Pidió que no se le contacte." in (await ana.get(f"/contactos/{one}")).text
    url = f"/contactos/{one}/no-contactar/{block.id}"
    assert (await ana.get(url)).status_code == 403
    assert (await carla.post(url, data={"why": " "}, headers=HTMX)).status_code == 422
    assert (await carla.post(url, data={"why": "volvió a escribir"}, headers=HTMX)).status_code == 200
    assert (await carla.post(url, data={"why": "otra vez"}, headers=HTMX)).status_code == 404


async def test_a_wrong_channel_keeps_what_was_typed(world: World, plant: Plant) -> None:
    one = await plant("Marvin", phone="8812 3456", team="Ventas")
    ana = await world.client_as("ana")
    data = {"channel": "paloma", "reason": "palabras que no se pierden"}
    answer = await ana.post(f"/contactos/{one}/no-contactar", data=data, headers=HTMX)
    assert answer.status_code == 422
    assert "palabras que no se pierden" in answer.text


async def test_publicity_is_allowed_and_taken_back(world: World, plant: Plant) -> None:
    one = await plant("Marvin", email="m@taller.example", team="Ventas")
    ana = await world.client_as("ana")
    assert "m@taller.example" in (await ana.partial(f"/contactos/{one}/permisos")).text
    data = {"match": "mail:m@taller.example", "channel": "email", "source": "formulario", "words": "Acepto"}
    assert (await ana.post(f"/contactos/{one}/permisos", data=data | {"source": ""}, headers=HTMX)).status_code == 422
    answer = await ana.post(f"/contactos/{one}/permisos", data=data, headers=HTMX)
    assert "«Acepto»" in answer.text
    [given] = await rows(world, Consent)
    back = await ana.post(f"/contactos/{one}/permisos/{given.id}/retiro", headers=HTMX)
    assert back.status_code == 200
    assert "Retirado" in back.text


async def test_two_become_one_and_two_again(world: World, plant: Plant) -> None:
    one = await plant("Marvin Quesada", phone="8812 3456", team="Ventas")
    alike = await plant("marvin quesada", phone="8812 3457", team="Ventas")
    other = await plant("M. Q.", phone="8812 3458", company="Taller", team="Ventas")
    ana = await world.client_as("ana")
    dialog = (await ana.partial(f"/contactos/{one}/union")).text
    assert f"/union/{alike}" in dialog
    assert f"/union/{other}" not in dialog
    found = (await ana.partial(f"/contactos/{one}/union", params={"q": "88123458"})).text
    assert f"/union/{other}" in found
    assert "Nada coincide" in (await ana.partial(f"/contactos/{one}/union", params={"q": "zzz"})).text
    preview = (await ana.partial(f"/contactos/{one}/union/{other}")).text
    assert "Marvin Quesada" in preview
    assert "M. Q." in preview
    answer = await ana.post(f"/contactos/{one}/uniones", data={"gone": other, "name": "gone"}, headers=HTMX)
    assert "M. Q." in answer.text
    [merge] = await rows(world, Merge)
    parted = await ana.post(f"/contactos/uniones/{merge.id}/separacion", headers=HTMX)
    assert "Marvin Quesada" in parted.text
    assert (await ana.get(f"/contactos/{other}")).status_code == 200


@pytest.mark.parametrize("gone", ["", "x", "-1", "9" * 30])
async def test_a_merge_with_nobody_is_a_sentence(world: World, plant: Plant, gone: str) -> None:
    one = await plant("Marvin", phone="8812 3456", team="Ventas")
    ana = await world.client_as("ana")
    assert (await ana.post(f"/contactos/{one}/uniones", data={"gone": gone}, headers=HTMX)).status_code == 422


async def test_what_is_out_of_reach_is_not_merged_nor_blocked(world: World, plant: Plant) -> None:
    one = await plant("Marvin", phone="8812 3456", team="Ventas")
    foreign = await plant("Ajena", phone="8812 3457", team="Soporte")
    ana = await world.client_as("ana")
    assert (await ana.post(f"/contactos/{one}/uniones", data={"gone": foreign}, headers=HTMX)).status_code == 404
    for url in ("no-contactar", "permisos", "union", "union/1"):
        assert (await ana.partial(f"/contactos/{foreign}/{url}")).status_code == 404
    assert (await ana.get(f"/contactos/{one}/datos")).status_code == 403


async def test_a_person_gets_everything_in_one_file(world: World, plant: Plant) -> None:
    one = await plant("Marvin Quesada", phone="8812 3456", notes="<b>alergia</b>")
    diego = await world.client_as("diego")
    assert (await diego.partial(f"/contactos/{one}/datos")).status_code == 200
    answer = await diego.post(f"/contactos/{one}/datos/entrega", data={"basis": "Carta"})
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(archive.namelist()) == ["certificado.html", "datos.html", "datos.json"]
    assert json.loads(archive.read("datos.json"))["contact"]["name"] == "Marvin Quesada"
    page = archive.read("datos.html").decode()
    assert "&lt;b&gt;alergia" in page
    [certificate] = await rows(world, Erasure)
    assert certificate.code in archive.read("certificado.html").decode()
    assert (await diego.post(f"/contactos/{one}/datos/entrega", data={"basis": ""})).status_code == 422


async def test_a_person_is_erased_once_the_name_is_typed(world: World, plant: Plant) -> None:
    one = await plant("Marvin Núñez", phone="8812 3456")
    diego = await world.client_as("diego")
    url = f"/contactos/{one}/datos/borrado"
    assert "Marvin Núñez" in (await diego.partial(url)).text
    data = {"basis": "Carta", "name": "Marvin", "keep_block": "true"}
    refused = await diego.post(url, data=data, headers=HTMX)
    assert refused.status_code == 422
    assert (await diego.get(f"/contactos/{one}")).status_code == 200
    done = await diego.post(url, data=data | {"name": "marvin  nunez"}, headers=HTMX)
    assert done.headers["hx-redirect"].startswith("/contactos/certificados/")
    assert (await diego.get(f"/contactos/{one}")).status_code == 404
    page = await diego.get(done.headers["hx-redirect"])
    assert "Certificado de borrado de datos" in page.text
    assert "Núñez" not in page.text
    assert (await diego.get("/contactos/certificados/no-hay")).status_code == 404
    assert [b.match for b in await rows(world, Block)] == ["tel:+50688123456"]


async def test_a_retired_field_keeps_its_value_when_the_form_is_saved(world: World, plant: Plant) -> None:
    from app.contacts.fields import change_field, define_field

    diego = await world.actor("diego")
    async with world.office.database.unit(actor=diego) as db:
        field = await define_field(db, "Cédula", "text")
        plan = await define_field(db, "Plan", "choice", ["Cable", "Fibra"])
    one = await plant("Marvin", phone="8812 3456", team="Ventas", custom={"cedula": "4-0187", "plan": "Cable"})
    async with world.office.database.unit(actor=diego) as db:
        await change_field(db, field.id, title="Cédula", active=False)
        await change_field(db, plan.id, title="Plan", choices=["Fibra", "Satélite"])
    ana = await world.client_as("ana")
    data = {"name": "Marvin", "status": "NC", "version": 1, "custom.plan": "Cable"}
    data |= {"address_channel": "phone", "address_value": "8812 3456"}
    answer = await ana.post(f"/contactos/{one}", data=data, headers=HTMX)
    assert answer.status_code == 200, answer.text
    page = (await ana.get(f"/contactos/{one}")).text
    assert "Cable" in page
    assert "Cédula" not in page
    async with world.office.database.unit(actor=diego) as db:
        await change_field(db, field.id, title="Cédula", active=True)
    assert "4-0187" in (await ana.get(f"/contactos/{one}")).text
